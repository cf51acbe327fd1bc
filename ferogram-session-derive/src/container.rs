//! Reads the `#[session(..)]` attributes of the struct.

use proc_macro2::{Delimiter, Ident, TokenStream};
use syn::{Attribute, LitStr};

use crate::attr::{self, Item, Rest};
use crate::diag::Diagnostics;
use crate::keys::{self, Mode, OptionKey, Place, Site, StructKey};
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
            None => format!("#[session({item})]"),
        }
    }

    /// The attribute of the struct with an option, which stands at `from` now,
    /// in the parentheses of its mode; or with several.
    pub(crate) fn with_option(&self, option: &str, from: &[Listed]) -> String {
        self.mode_text.as_ref().map_or_else(
            || format!("#[session({}({option}))]", Mode::KeyValue.word()),
            |mode| mode.with_option(option, from),
        )
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
    // The mode is looked up first: messages about other words show it.
    reader.container.mode_text =
        items.iter().find_map(|item| Some(mode_text(item, mode_of(item)?)));
    reader.beside = beside(&items, reader.container.mode_text.as_ref());
    reader.modeless = !items.iter().any(may_be_mode);
    for item in items {
        reader.item(item, diag);
    }
    reader.container
}

/// Whether an item is the mode, or a word that may be meant as it.
fn may_be_mode(item: &Item) -> bool {
    let name = item.name();
    let is_option =
        matches!(keys::find(keys::STRUCT, &name), Some(word) if keys::mode(word.word).is_none());
    !is_option && !keys::names_tables(&name) && !keys::is_async(&name)
}

/// The options that stand beside a mode without any, as they are written.
/// Where a mode has some, each is looked at by itself.
fn beside(items: &[Item], mode: Option<&ModeText>) -> Vec<(String, String, Listed)> {
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
            let written = match item.string() {
                // In quotes, which is said too.
                Some(word) if name == "codec" => format!("codec = {word}"),
                _ => item.written(keys::example(&name)).to_string(),
            };
            all.push((name.to_string(), written, item.listed.clone()));
        }
    }
    all
}

/// The mode that an item is, or is meant to be in another way than by a
/// misspelt word.
fn mode_of(item: &Item) -> Option<Mode> {
    let name = item.name();
    keys::mode(&name).or_else(|| named_mode(&name, &item.rest)?)
}

/// `mode = "blob"`, `mode(blob)`: the mode, if it is known. `None` if the item
/// names no mode.
fn named_mode(name: &str, rest: &Rest) -> Option<Option<Mode>> {
    if !keys::names_mode(name) {
        return None;
    }
    let said = match rest {
        Rest::Nothing => return None,
        Rest::Value(_, tokens) => text(tokens),
        Rest::List(group) => text(&group.stream()),
    };
    // `Mode::KeyValue` is a mode too.
    let said = said.trim_matches('"').rsplit(':').next().unwrap_or_default();
    Some(keys::mode(said).or_else(|| keys::mode_meant(said)))
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
        let written = item.written(keyword.example);
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

    /// A word that the table does not have for the struct.
    fn unknown(&mut self, item: Item, name: &str, diag: &mut Diagnostics) {
        // Such a word is there in place of the mode.
        let instead = self.modeless;
        let needs = |mode: Mode| instead.then(|| item.listed.attribute_with(mode.word()));
        if keys::names_tables(name) {
            self.container.mode_attempted |= instead;
            let mode = needs(Mode::Rows);
            let message = message::tables(name, item.string().as_deref(), mode.as_deref());
            return diag.at(&item.word, message);
        }
        if let Some(place) = keys::elsewhere(name, Place::Struct) {
            return self.misplaced(&item, name, place, diag);
        }
        let near = crate::suggest::nearest(name, keys::words(keys::STRUCT));
        let near_mode = near.is_some_and(|near| keys::modes().any(|mode| mode == near));
        let has_mode =
            self.container.mode_text.as_ref().is_some_and(|text| !text.listed.is(&item.listed));
        if keys::is_async(name) {
            self.container.mode_attempted |= instead;
            let mode = needs(Mode::KeyValue);
            return diag.at(&item.word, message::async_store(name, mode.as_deref()));
        }
        if !has_mode && let Some(meant) = named_mode(name, &item.rest) {
            self.container.mode_attempted = true;
            let mode = meant.unwrap_or(Mode::KeyValue).word();
            let attribute = item.listed.attribute_with(mode);
            return diag.at(&item.word, message::mode_is_a_word(name, meant, &attribute));
        }
        match &item.rest {
            Rest::Value(_, value) if near_mode => {
                self.container.mode_attempted = true;
                let meant = keys::mode_meant(name);
                let key = value::template(value.clone(), self.fields);
                let attribute = meant.map(|mode| {
                    let key = key.map(|key| format!("(key = {key:?})")).unwrap_or_default();
                    item.listed.attribute_with(&format!("{}{key}", mode.word()))
                });
                diag.at(&item.word, message::unknown_mode(name, meant, attribute.as_deref()));
            }
            Rest::Value(..) => diag.at(&item.word, message::unknown_struct_option(name)),
            Rest::Nothing | Rest::List(_)
                if near.is_some() && !near_mode || has_mode && keys::mode_meant(name).is_none() =>
            {
                diag.at(&item.word, message::unknown_struct_option(name));
            }
            rest => {
                let meant = keys::mode_meant(name);
                let attribute = meant.map(|mode| match rest {
                    Rest::List(group) if !group.stream().is_empty() => {
                        let options = text(&group.stream());
                        item.listed.attribute_with(&format!("{}({options})", mode.word()))
                    }
                    _ => item.listed.attribute_with(mode.word()),
                });
                diag.at(&item.word, message::unknown_mode(name, meant, attribute.as_deref()));
                self.container.mode_attempted = true;
                // With a good guess at the mode, the mistakes in its options
                // can be found in the same build.
                if let Some(mode) = meant
                    && self.container.mode.is_none()
                {
                    self.container.mode_text = Some(ModeText {
                        options: match &item.rest {
                            Rest::List(group) => text(&group.stream()),
                            Rest::Nothing | Rest::Value(..) => String::new(),
                        },
                        ..mode_text(&item, mode)
                    });
                    self.mode(mode, item.word, item.rest, diag);
                }
            }
        }
    }

    /// A word of another place.
    fn misplaced(&mut self, item: &Item, name: &str, place: Place, diag: &mut Diagnostics) {
        let mode = self.container.mode_text.as_ref().map(|text| text.mode);
        if place == Place::Option && keys::has_no_effect(name, mode) {
            return diag.at(&item.word, message::codec_in_rows());
        }
        self.container.store_attempted |= name == "store";
        // Whoever writes the option of a mode may not know of modes: that is
        // one mistake.
        self.container.mode_attempted |= place == Place::Option;
        if place == Place::Option && self.container.has(name) {
            return diag.at(&item.word, message::not_on_struct_either(name));
        }
        // What is wrong with its value is found in the same build.
        if let (Place::Option, Rest::Value(_, tokens)) = (place, &item.rest) {
            match name {
                "codec" => drop(value::codec(tokens, diag)),
                _ => {
                    let value = value::string(name, tokens, self.fields, diag);
                    if !self.beside.is_empty() {
                        self.container.key = Some(Given { at: tokens.clone(), value });
                    }
                }
            }
        }
        if place == Place::Option && self.beside.len() > 1 {
            // They go there together: one message shows all.
            if !std::mem::replace(&mut self.moved, true) {
                let written: Vec<_> =
                    self.beside.iter().map(|(_, text, _)| text.as_str()).collect();
                let listed: Vec<_> = self.beside.iter().map(|(.., item)| item.clone()).collect();
                let attribute = self.container.with_option(&written.join(", "), &listed);
                let names: Vec<_> = self.beside.iter().map(|(name, ..)| name.as_str()).collect();
                diag.at(&item.word, message::options_on_struct(&names, &attribute));
            }
            return;
        }
        let written = item.written(keys::example(name));
        let listed = std::slice::from_ref(&item.listed);
        let attribute = self.container.with_option(&written, listed);
        let alone = item.listed.without().is_empty() && self.container.mode_text.is_some();
        diag.at(&item.word, message::not_on_struct(name, place, &attribute, alone));
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
