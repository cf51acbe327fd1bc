//! A mode with its options.

use proc_macro2::{Delimiter, Ident, TokenStream};

use super::{Container, Given, Reader, once};
use crate::attr::{self, Item, Rest};
use crate::diag::Diagnostics;
use crate::keys::{self, Mode, OptionKey, Place, Site};
use crate::message;
use crate::source::text;
use crate::value;

impl Reader<'_> {
    pub(super) fn mode(&mut self, mode: Mode, word: Ident, rest: Rest, diag: &mut Diagnostics) {
        self.container.mode_attempted = true;
        match &self.container.mode {
            Some((first, at)) if *first == mode => diag
                .pair((&word, message::repeated_mode(mode.word())), (at, message::first("mode"))),
            Some((first, at)) => diag.pair(
                (&word, message::conflicting_modes(mode, *first)),
                (at, message::first("mode")),
            ),
            None => {}
        }
        let extra = self.container.mode.is_some();
        match rest {
            Rest::Nothing => {}
            Rest::Value(eq, value) => {
                let key = value::template(value, self.fields);
                diag.at(&eq, message::mode_with_value(mode.word(), key.as_deref()));
            }
            Rest::List(group) => {
                let given = text(&group.stream());
                // As in documentation that shows the form of a mode.
                let dots = matches!(given.as_str(), ".." | "...");
                if group.delimiter() != Delimiter::Parenthesis {
                    let form = if given.is_empty() || dots {
                        mode.word().to_owned()
                    } else {
                        format!("{}({given})", mode.word())
                    };
                    diag.span(group.span(), message::wrong_brackets(&form, group.delimiter()));
                } else if dots {
                    diag.span(group.span(), message::dots(mode.word()));
                }
                // The options of a mode too many are read for their own
                // mistakes, and then thrown away.
                let mut thrown_away = Container::default();
                let options = if dots { TokenStream::new() } else { group.stream() };
                let mut items = attr::items(&options, Site::Options(mode), diag).items;
                if let Some((at, key)) = self.key_with_arguments(&mut items) {
                    diag.at(&at, message::arguments_of_key(&key));
                }
                for item in items {
                    let options = if extra { &mut thrown_away } else { &mut self.container };
                    option(options, item, mode, self.fields, diag);
                }
            }
        }
        if !extra {
            self.container.mode = Some((mode, word));
        }
    }

    /// `key = "tg:{}", account`, with the field as an argument of `format!`: the
    /// value, and the key that is meant. They leave the items, as they are one
    /// mistake.
    fn key_with_arguments(&self, items: &mut Vec<Item>) -> Option<(TokenStream, String)> {
        let at = items.iter().position(|item| item.name() == "key")?;
        let Rest::Value(_, literal) = &items[at].rest else { return None };
        let is_argument =
            |item: &&Item| self.fields.contains(&item.name()) && matches!(item.rest, Rest::Nothing);
        let arguments: Vec<String> =
            items[at + 1..].iter().take_while(is_argument).map(Item::name).collect();
        let key = value::with_arguments(literal, &arguments, self.fields)?;
        let literal = literal.clone();
        items.drain(at..=at + arguments.len());
        Some((literal, key))
    }
}

/// An option in the parentheses of a mode.
fn option(
    options: &mut Container,
    item: Item,
    mode: Mode,
    fields: &[String],
    diag: &mut Diagnostics,
) {
    let name = item.name();
    let Some(keyword) = keys::find(keys::OPTIONS, &name) else {
        return match keys::elsewhere(&name, Place::Option) {
            _ if keys::names_tables(&name) => {
                diag.at(&item.word, message::tables(&name, item.string().as_deref(), None));
            }
            Some(place) => {
                options.store_attempted |= name == "store";
                let written = item.written(keys::example(&name));
                let attribute = options.mode_text.as_ref().map_or_else(
                    || format!("#[session({}, {written})]", mode.word()),
                    |text| text.with_item(&written, &item.listed.without()),
                );
                diag.at(&item.word, message::not_in_mode(&name, place, mode, &attribute));
            }
            None if fields.contains(&name) && matches!(item.rest, Rest::Nothing) => {
                diag.at(&item.word, message::field_of_key(&name, mode));
            }
            None => diag.at(&item.word, message::unknown_mode_option(&name, mode)),
        };
    };
    if !keyword.key.valid_in(mode) {
        return diag.at(&item.word, message::codec_in_rows());
    }
    let written = item.written(keyword.example);
    match (keyword.key, item.rest) {
        (OptionKey::Key, Rest::Value(_, tokens)) => {
            let value = value::string(&name, &tokens, fields, diag);
            once(&mut options.key, &item.word, Given { at: tokens, value }, diag);
        }
        (OptionKey::Codec, Rest::Value(_, tokens)) => {
            let value = value::codec(&tokens, diag);
            once(&mut options.codec, &item.word, Given { at: tokens, value }, diag);
        }
        (_, Rest::Nothing) => diag.at(&item.word, message::expects_value(&written, &name)),
        (_, Rest::List(_)) => {
            diag.at(&item.word, message::value_in_parentheses(&written, &name));
        }
    }
}
