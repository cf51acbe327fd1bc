//! Reads the `#[session(..)]` attributes of the struct.

mod mode;
mod unknown;

use proc_macro2::{Ident, TokenStream};
use syn::{Attribute, LitStr};

use crate::attr::{self, Item, Rest};
use crate::diag::Diagnostics;
use crate::keys::{self, Mode, Place, Site, StructKey};
use crate::listed::{Listed, ModeText};
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
    /// `store` stands on the struct, so that "no store" would be a second error
    /// for one mistake.
    pub(crate) store_attempted: bool,
    /// How the mode is written.
    pub(crate) mode_text: Option<ModeText>,
    /// The list that the mode would stand in, where there is none.
    pub(crate) others: Option<Listed>,
}

impl Container {
    /// Whether the struct has an option, or a word beside its mode.
    pub(crate) fn has(&self, word: &str) -> bool {
        match word {
            "key" => self.key.is_some(),
            "codec" => self.codec.is_some(),
            "name" => self.name.is_some(),
            "crate" => self.krate.is_some(),
            _ => false,
        }
    }

    /// The attribute of the struct with an item beside its mode.
    pub(crate) fn with_item(&self, item: &str) -> String {
        match &self.mode_text {
            Some(mode) => mode.with_item(item, &mode.options),
            // The item is the mode.
            None => self.with_mode(item, &[]),
        }
    }

    /// The attribute of the struct with an option, which stands at `from` now,
    /// in the parentheses of its mode; or with several.
    pub(crate) fn with_option(&self, option: &str, from: &[Listed]) -> String {
        match &self.mode_text {
            Some(mode) => mode.with_option(option, from),
            None => self.with_mode(&format!("{}({option})", Mode::KeyValue.word()), from),
        }
    }

    /// The attribute of the struct, which has no mode, with one; and with what
    /// else it has but for the items of `from`.
    fn with_mode(&self, mode: &str, from: &[Listed]) -> String {
        match (from, &self.others) {
            ([place, ..], _) => place.attribute_with_one_for(mode, from),
            ([], Some(first)) => first.attribute_with_before(mode),
            ([], None) => format!("#[session({mode})]"),
        }
    }
}

/// `fields` are those that may stand in a key.
pub(crate) fn read(attrs: &[Attribute], fields: &[String], diag: &mut Diagnostics) -> Container {
    let mut reader = Reader {
        container: Container::default(),
        fields,
        beside: Vec::new(),
        moved: false,
        modeless: false,
    };
    let mut items = Vec::new();
    for attr in attrs {
        let read = attr::read(attr, Site::Struct, diag);
        // What could not be read may have been the mode.
        reader.container.mode_attempted |= read.unread;
        items.extend(read.items);
        if attr::is_misspelt(attr) {
            reader.container.mode_attempted = true;
            diag.misspelt.push(attr.clone());
        }
    }
    read_quoted(&mut items, diag);
    // The mode is looked up first: messages about other words show it.
    let mode = |is_meant: fn(&Item) -> Option<Mode>| {
        items.iter().find_map(|item| Some(mode_text(item, is_meant(item)?)))
    };
    reader.container.mode_text = mode(|item| keys::mode(&item.name()))
        .or_else(|| mode(mode_of))
        .or_else(|| mode(mode_meant));
    reader.container.others = items.first().map(|item| item.listed.clone());
    reader.beside = beside(&items, reader.container.mode_text.as_ref(), fields);
    reader.modeless = !items.iter().any(may_be_mode);
    for item in items {
        reader.item(item, diag);
    }
    reader.container
}

/// A mode in quotes is read as the mode, unless there is another.
fn read_quoted(items: &mut Vec<Item>, diag: &mut Diagnostics) {
    let plain = items.iter().filter(|item| item.quoted.is_none());
    let mut other = plain.filter_map(|item| keys::mode(&item.name())).next();
    items.retain(|item| match (&item.quoted, other) {
        (Some(literal), Some(other)) => {
            diag.at(literal, message::mode_too_many(item.listed.written(), other));
            false
        }
        (Some(literal), None) => {
            diag.at(literal, message::expected_word(literal, Site::Struct));
            other = keys::mode(&item.name());
            true
        }
        (None, _) => true,
    });
}

/// Whether an item is the mode, or a word that may be meant as it.
fn may_be_mode(item: &Item) -> bool {
    let name = item.name();
    let is_option =
        matches!(keys::find(keys::STRUCT, &name), Some(word) if keys::mode(word.word).is_none());
    let is_of_field = keys::elsewhere(&name, Place::Struct) == Some(Place::Field);
    !is_option && !is_of_field && !keys::names_tables(&name) && !keys::is_async(&name)
}

/// The options that stand beside a mode without any, as they are written.
/// Where a mode has some, each is looked at by itself.
fn beside(
    items: &[Item],
    mode: Option<&ModeText>,
    fields: &[String],
) -> Vec<(String, String, Listed)> {
    let mut all: Vec<(String, String, Listed)> = Vec::new();
    if mode.is_some_and(|mode| !mode.options.is_empty()) {
        return all;
    }
    for item in items {
        let name = item.name();
        let misplaced = keys::find(keys::STRUCT, &name).is_none()
            && keys::elsewhere(&name, Place::Struct) == Some(Place::Option)
            && !keys::has_no_effect(&name, mode.map(|mode| mode.mode));
        if misplaced && all.iter().all(|(other, ..)| *other != name) {
            let written = in_mode(item, &name, fields);
            all.push((name, written, item.listed.clone()));
        }
    }
    all
}

/// An item that belongs in the parentheses of a mode, as it is to be written
/// there.
fn in_mode(item: &Item, name: &str, fields: &[String]) -> String {
    match (item.string(), &item.rest) {
        // In quotes, which is said too.
        (Some(word), _) if name == "codec" => format!("codec = {word}"),
        (_, Rest::List(group)) => written(name, &group.stream(), fields),
        _ => item.written(keys::example(name)),
    }
}

/// The mode that an item is meant to be in another way than by a misspelt word.
fn mode_of(item: &Item) -> Option<Mode> {
    named_mode(&item.name(), item)?
}

/// The mode that an item is meant to be by a misspelt word, or by another.
fn mode_meant(item: &Item) -> Option<Mode> {
    let name = item.name();
    let is_other = !may_be_mode(item)
        || keys::elsewhere(&name, Place::Struct).is_some()
        || keys::option_spelt(&name).is_some();
    if is_other { None } else { keys::mode_meant(&name) }
}

/// `mode = "blob"`, `mode(blob)`, or another word with a mode as its value: the
/// mode, if it is known. `None` if the item names no mode.
fn named_mode(name: &str, item: &Item) -> Option<Option<Mode>> {
    if keys::find(keys::STRUCT, name).is_some() || keys::find(keys::OPTIONS, name).is_some() {
        return None;
    }
    let said = item.said()?;
    if keys::names_mode(name) { Some(item.mode_as_value()) } else { keys::mode(&said).map(Some) }
}

fn mode_text(item: &Item, mode: Mode) -> ModeText {
    let options = match &item.rest {
        Rest::List(group) if keys::mode(&item.name()) == Some(mode) => text(&group.stream()),
        _ => String::new(),
    };
    ModeText { mode, options, listed: item.listed.clone() }
}

struct Reader<'a> {
    container: Container,
    fields: &'a [String],
    /// The options that stand beside the mode.
    beside: Vec<(String, String, Listed)>,
    /// That they do is said.
    moved: bool,
    /// No word is the mode, or may be meant as it.
    modeless: bool,
}

impl Reader<'_> {
    fn item(&mut self, item: Item, diag: &mut Diagnostics) {
        let name = item.name();
        let Some(keyword) = keys::find(keys::STRUCT, &name) else {
            return self.unknown(item, &name, diag);
        };
        match (keyword.key, item.rest) {
            (StructKey::Mode(mode), rest) => self.mode(mode, item.word, rest, diag),
            (StructKey::Name, Rest::Value(_, tokens)) => {
                let value = value::string(&name, &tokens, self.fields, diag);
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
                diag.at(&item.word, message::expects_value(keyword.example, &name));
            }
            (StructKey::Name | StructKey::Crate, Rest::List(group)) => {
                let written = written(&name, &group.stream(), self.fields);
                diag.at(&item.word, message::value_in_parentheses(&written, &name));
            }
        }
    }
}

/// A word with a value that stands elsewhere, as it should be written.
fn written(word: &str, value: &TokenStream, fields: &[String]) -> String {
    let value = match word {
        "key" => value::key_text(value, fields).map(|key| format!("{key:?}")),
        "name" => value::literal(value).map(|name| format!("{name:?}")),
        "codec" => value::codec_text(value),
        "crate" => value::crate_text(value),
        _ => None,
    };
    value.map_or_else(|| keys::example(word).to_owned(), |value| format!("{word} = {value}"))
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
