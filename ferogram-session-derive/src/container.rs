//! Reads the `#[session(..)]` attributes of the struct.

use proc_macro2::{Delimiter, Ident, TokenStream};
use syn::{Attribute, LitStr};

use crate::attr::{self, Item, Rest};
use crate::diag::Diagnostics;
use crate::keys::{self, Mode, OptionKey, Place, StructKey};
use crate::message;
use crate::source::text;
use crate::value::{self, Codec, CratePath};

/// A word of the attribute with its value.
pub(crate) struct Given<T> {
    /// Where a message about this value points.
    pub(crate) at: TokenStream,
    /// `None` if it could not be read, which is reported already.
    pub(crate) value: Option<T>,
}

#[derive(Default)]
pub(crate) struct Container {
    /// The first mode given.
    pub(crate) mode: Option<(Mode, Ident)>,
    pub(crate) key: Option<Given<LitStr>>,
    pub(crate) codec: Option<Given<Codec>>,
    pub(crate) name: Option<Given<LitStr>>,
    pub(crate) krate: Option<Given<CratePath>>,
    /// Something was meant to be the mode, so that "no mode" would be a second
    /// error for one mistake.
    pub(crate) mode_attempted: bool,
}

pub(crate) fn read(attrs: &[Attribute], diag: &mut Diagnostics) -> Container {
    let mut reader = Reader::default();
    let before = diag.count();
    for attr in attrs {
        reader.items.extend(attr::read(attr, "#[session(key_value)]", diag));
    }
    // What could not be read may have been the mode.
    let in_capitals = attrs.iter().any(attr::in_capitals);
    reader.container.mode_attempted = in_capitals || diag.count() > before;
    diag.reported_by_compiler |= in_capitals;
    // The mode is looked up first: messages about other words show it.
    reader.known_mode = reader.items.iter().find_map(|item| keys::mode(&item.name()));
    for item in std::mem::take(&mut reader.items) {
        reader.item(item, diag);
    }
    reader.container
}

#[derive(Default)]
struct Reader {
    container: Container,
    items: Vec<Item>,
    known_mode: Option<Mode>,
}

impl Reader {
    fn item(&mut self, item: Item, diag: &mut Diagnostics) {
        let name = item.name();
        let Some(keyword) = keys::find(keys::STRUCT, &name) else {
            return self.unknown(item, &name, diag);
        };
        let written = item.written(keyword.example);
        match (keyword.key, item.rest) {
            (StructKey::Mode(mode), rest) => self.mode(mode, item.word, rest, diag),
            (StructKey::Name, Rest::Value(_, tokens)) => {
                let value = value::string(&name, &tokens, diag);
                once(&mut self.container.name, &item.word, Given { at: tokens, value }, diag);
            }
            (StructKey::Crate, Rest::Value(_, tokens)) => {
                let path = value::crate_path(&tokens, diag);
                once(
                    &mut self.container.krate,
                    &item.word,
                    Given { at: tokens, value: Some(path) },
                    diag,
                );
            }
            (StructKey::Name | StructKey::Crate, Rest::Nothing) => {
                diag.at(&item.word, message::expects_value(&written, &name));
            }
            (StructKey::Name | StructKey::Crate, Rest::List(_)) => {
                diag.at(&item.word, message::value_in_parentheses(&written, &name));
            }
        }
    }

    fn mode(&mut self, mode: Mode, word: Ident, rest: Rest, diag: &mut Diagnostics) {
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
            Rest::Value(eq, _) => diag.at(&eq, message::mode_with_value(mode.word())),
            Rest::List(group) if group.delimiter() == Delimiter::Parenthesis => {
                // The options of a mode too many are read for their own
                // mistakes, and then thrown away.
                let mut thrown_away = Container::default();
                let options = if extra { &mut thrown_away } else { &mut self.container };
                for item in attr::items(group.stream(), diag) {
                    option(options, item, mode, diag);
                }
            }
            Rest::List(group) => {
                let form = format!("{}({})", mode.word(), text(&group.stream()));
                diag.span(group.span(), message::wrong_brackets(&form, group.delimiter()));
            }
        }
        if !extra {
            self.container.mode = Some((mode, word));
        }
    }

    /// A word that the table does not have for the struct.
    fn unknown(&mut self, item: Item, name: &str, diag: &mut Diagnostics) {
        if keys::names_tables(name) {
            return diag.at(&item.word, message::tables(name));
        }
        if let Some(place) = keys::elsewhere(name, Place::Struct) {
            let written = item.written(keys::example(name));
            return diag
                .at(&item.word, message::not_on_struct(name, place, self.known_mode, &written));
        }
        let near = crate::suggest::nearest(name, keys::words(keys::STRUCT));
        let near_mode = near.is_some_and(|near| keys::modes().any(|mode| mode == near));
        match item.rest {
            Rest::Value(_, tokens) if keys::names_mode(name) => {
                let said = tokens.to_string();
                let said = said.trim_matches('"');
                let meant = keys::mode(said).or_else(|| keys::mode_meant(said));
                self.container.mode_attempted = true;
                diag.at(&item.word, message::mode_is_a_word(name, meant));
            }
            Rest::Value(..) => diag.at(&item.word, message::unknown_struct_option(name)),
            Rest::Nothing | Rest::List(_) if near.is_some() && !near_mode => {
                diag.at(&item.word, message::unknown_struct_option(name));
            }
            rest => {
                let options = match &rest {
                    Rest::List(group) if !group.stream().is_empty() => {
                        format!("({})", text(&group.stream()))
                    }
                    _ => String::new(),
                };
                diag.at(&item.word, message::unknown_mode(name, &options));
                self.container.mode_attempted = true;
                // With a good guess at the mode, the mistakes in its options
                // can be found in the same build.
                if let Some(mode) = keys::mode_meant(name)
                    && self.container.mode.is_none()
                {
                    self.mode(mode, item.word, rest, diag);
                }
            }
        }
    }
}

/// An option in the parentheses of a mode.
fn option(options: &mut Container, item: Item, mode: Mode, diag: &mut Diagnostics) {
    let name = item.name();
    let Some(keyword) = keys::find(keys::OPTIONS, &name) else {
        return match keys::elsewhere(&name, Place::Option) {
            _ if keys::names_tables(&name) => diag.at(&item.word, message::tables(&name)),
            Some(place) => {
                let written = item.written(keys::example(&name));
                diag.at(&item.word, message::not_in_mode(&name, place, mode, &written));
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
            let value = value::string(&name, &tokens, diag);
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

/// Fills `slot`, or reports that it is filled already.
fn once<T>(slot: &mut Option<Given<T>>, word: &Ident, given: Given<T>, diag: &mut Diagnostics) {
    match slot {
        Some(first) => diag.pair(
            (word, message::repeated(&attr::plain(word))),
            (&first.at, message::first("value")),
        ),
        None => *slot = Some(given),
    }
}
