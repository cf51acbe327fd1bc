//! A mode with its options.

use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, TokenStream, TokenTree};

use super::{Container, Given, Reader, once, written};
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
        match as_options(rest) {
            Rest::Nothing => {}
            Rest::Value(eq, value) => {
                let option = value_as_option(mode, &value, self.fields);
                let option = option.as_deref().unwrap_or(keys::example("key"));
                diag.at(&eq, message::mode_with_value(mode.word(), option));
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
                let mut options = if dots { TokenStream::new() } else { group.stream() };
                if let Some((at, key)) = value::bare_with_arguments(&options, self.fields) {
                    diag.at(&at, message::arguments_of_key(&key));
                    options = TokenStream::new();
                }
                let mut items = attr::items(&options, Site::Options(mode), diag).items;
                if let Some((at, key)) = self.key_with_arguments(&mut items) {
                    diag.at(&at, message::arguments_of_key(&key));
                }
                self.prefix_of_key(&mut items, mode, diag);
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
        let argument = |item: &Item| match &item.rest {
            Rest::Nothing => Some((None, item.name())),
            Rest::Value(_, value) if keys::find(keys::OPTIONS, &item.name()).is_none() => {
                Some((Some(item.name()), value::field(value)?))
            }
            _ => None,
        };
        let is_field = |(_, field): &(_, String)| self.fields.contains(field);
        let arguments: Vec<_> =
            items[at + 1..].iter().map_while(|item| argument(item).filter(is_field)).collect();
        let key = value::with_arguments(literal, &arguments, self.fields)?;
        let literal = literal.clone();
        items.drain(at..=at + arguments.len());
        Some((literal, key))
    }

    /// `prefix = "tg:"` beside a key, which leaves the items.
    fn prefix_of_key(&self, items: &mut Vec<Item>, mode: Mode, diag: &mut Diagnostics) {
        let value = |item: &Item| match &item.rest {
            Rest::Value(_, value) => value::key_text(value, self.fields),
            _ => None,
        };
        let Some(key) = items.iter().find(|item| item.name() == "key").and_then(value) else {
            return;
        };
        items.retain(|item| {
            let Some(prefix) = value(item).filter(|_| keys::means_prefix(&item.name())) else {
                return true;
            };
            let whole = format!("{prefix}{key}");
            diag.at(&item.word, message::prefix_of_key(&item.name(), mode, &whole));
            false
        });
    }
}

/// The option that is meant by the value of a mode: `key_value = json`, `blob =
/// "main"`.
pub(super) fn value_as_option(
    mode: Mode,
    value: &TokenStream,
    fields: &[String],
) -> Option<String> {
    let mut tokens = value.clone().into_iter();
    if let (Some(TokenTree::Group(group)), None) = (tokens.next(), tokens.next()) {
        // `key_value: { key = "a" }`
        let options: TokenStream = group.stream().into_iter().map(with_equals).collect();
        let first = options.clone().into_iter().next()?;
        Site::Options(mode).example(&first.to_string())?;
        return Some(text(&options));
    }
    let word = value::literal(value).unwrap_or_else(|| text(value));
    if keys::find(keys::CODECS, &word).is_some() && OptionKey::Codec.valid_in(mode) {
        return Some(format!("codec = {word}"));
    }
    let key = value::template(value.clone(), fields)?;
    Some(format!("key = {key:?}"))
}

/// The options in `key_value { key: "a" }` as they should be, and in curly
/// braces still: that it looks like a struct is one mistake.
pub(super) fn as_options(rest: Rest) -> Rest {
    let Rest::List(group) = rest else { return rest };
    if group.delimiter() != Delimiter::Brace {
        return Rest::List(group);
    }
    let mut options =
        Group::new(Delimiter::Brace, group.stream().into_iter().map(with_equals).collect());
    options.set_span(group.span());
    Rest::List(options)
}

/// `=` for the `:` of a struct.
fn with_equals(token: TokenTree) -> TokenTree {
    match token {
        TokenTree::Punct(colon) if colon.as_char() == ':' && colon.spacing() == Spacing::Alone => {
            let mut equals = Punct::new('=', Spacing::Alone);
            equals.set_span(colon.span());
            TokenTree::Punct(equals)
        }
        token => token,
    }
}

/// The same as they should be. For the options of a mode that is misspelt too.
pub(super) fn in_parentheses(rest: Rest) -> Rest {
    match rest {
        Rest::List(group) if group.delimiter() == Delimiter::Brace => {
            let mut options = Group::new(Delimiter::Parenthesis, group.stream());
            options.set_span(group.span());
            Rest::List(options)
        }
        rest => rest,
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
            None if keys::find(keys::CODECS, &name).is_some()
                && matches!(item.rest, Rest::Nothing)
                && OptionKey::Codec.valid_in(mode) =>
            {
                diag.at(&item.word, message::codec_alone(&name));
            }
            None if keys::is_async(&name) => {
                diag.at(&item.word, message::async_store(&name, None));
            }
            None => diag.at(&item.word, message::unknown_mode_option(&name, mode)),
        };
    };
    if !keyword.key.valid_in(mode) {
        return diag.at(&item.word, message::codec_in_rows());
    }
    match (keyword.key, item.rest) {
        (OptionKey::Key, Rest::Value(_, tokens)) => {
            let value = value::string(&name, &tokens, fields, diag);
            once(&mut options.key, &item.word, Given { at: tokens, value }, diag);
        }
        (OptionKey::Codec, Rest::Value(_, tokens)) => {
            let value = value::codec(&tokens, diag);
            once(&mut options.codec, &item.word, Given { at: tokens, value }, diag);
        }
        (_, Rest::Nothing) => {
            diag.at(&item.word, message::expects_value(keyword.example, &name));
        }
        (_, Rest::List(group)) => {
            let written = written(&name, &group.stream(), fields);
            diag.at(&item.word, message::value_in_parentheses(&written, &name));
        }
    }
}
