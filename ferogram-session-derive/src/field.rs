//! Reads the `#[session(..)]` attributes of the fields.

use proc_macro2::{Ident, TokenTree};
use syn::{Field, FieldsNamed, Meta, Type};

use crate::attr::{self, Item, Rest};
use crate::container::Container;
use crate::diag::Diagnostics;
use crate::keys::{self, FieldKey, Place, Site};
use crate::message::{self, shape, template};

/// A field that has a name.
#[derive(Clone, Copy)]
pub(crate) struct Named<'a> {
    pub(crate) ident: &'a Ident,
    field: &'a Field,
}

impl<'a> Named<'a> {
    pub(crate) fn ty(self) -> &'a Type {
        &self.field.ty
    }

    /// What the field is marked as, if that keeps it from being part of a key,
    /// also by a word that only means it.
    pub(crate) fn used_for(self) -> Option<FieldKey> {
        let marked = |key| {
            let word = keys::field_word(key);
            self.has(|found| found == word || Site::Field.meant(found) == Some(word))
        };
        [FieldKey::Store, FieldKey::Cache].into_iter().find(|key| marked(*key))
    }

    /// Whether the field is marked with such a word.
    pub(crate) fn has(self, is_meant: impl Fn(&str) -> bool) -> bool {
        let mut attrs = self.field.attrs.iter().filter(|attr| attr.path().is_ident("session"));
        attrs.any(|attr| {
            let Meta::List(list) = &attr.meta else { return false };
            let mut begins = true;
            list.tokens.clone().into_iter().any(|token| {
                let is_first = std::mem::replace(
                    &mut begins,
                    matches!(&token, TokenTree::Punct(comma) if comma.as_char() == ','),
                );
                matches!(token, TokenTree::Ident(word) if is_first && is_meant(&attr::plain(&word)))
            })
        })
    }
}

/// Which field is what.
#[derive(Default)]
pub(crate) struct Roles<'a> {
    pub(crate) store: Option<Named<'a>>,
    pub(crate) cache: Option<Named<'a>>,
    pub(crate) name: Option<(Named<'a>, Ident)>,
    /// Something was meant to be the store, so that "no store" would be a
    /// second error for one mistake.
    pub(crate) store_attempted: bool,
}

pub(crate) fn named(fields: &FieldsNamed) -> impl Iterator<Item = Named<'_>> {
    fields.named.iter().filter_map(|field| Some(Named { ident: field.ident.as_ref()?, field }))
}

/// The names of the fields that may stand in a key: all but the store and the
/// cache.
pub(crate) fn for_keys(fields: &FieldsNamed) -> Vec<String> {
    named(fields)
        .filter(|field| field.used_for().is_none())
        .map(|field| attr::plain(field.ident))
        .collect()
}

pub(crate) fn read<'a>(
    fields: &'a FieldsNamed,
    container: &mut Container,
    diag: &mut Diagnostics,
) -> Roles<'a> {
    let keyed: Vec<String> = named(fields)
        .filter(|field| field.used_for().is_none() && field.has(means_key))
        .map(|field| format!("{{{}}}", attr::plain(field.ident)))
        .collect();
    let mut reader = Reader {
        roles: Roles::default(),
        words: Vec::new(),
        key: format!("key = \"{}\"", keyed.join(":")),
        has_store: named(fields).any(|field| field.has(|word| word == "store")),
        container,
    };
    reader.roles.store_attempted = reader.container.store_attempted;
    for field in named(fields) {
        reader.field(field, diag);
    }
    reader.roles
}

/// Whether a word marks a field as part of the key.
fn means_key(word: &str) -> bool {
    word == "key" || keys::means_key_field(word)
}

struct Reader<'a, 'c> {
    roles: Roles<'a>,
    /// The first use of each word.
    words: Vec<(FieldKey, Ident)>,
    /// The key that is meant by those fields that are marked as part of it.
    key: String,
    /// Some field is marked as the store.
    has_store: bool,
    container: &'c mut Container,
}

impl<'a> Reader<'a, '_> {
    fn field(&mut self, field: Named<'a>, diag: &mut Diagnostics) {
        let mut here: Option<(FieldKey, Ident)> = None;
        for attr in &field.field.attrs {
            let read = attr::read(attr, Site::Field, diag);
            // What could not be read may have been the store.
            self.roles.store_attempted |= read.unread;
            for item in read.items {
                self.item(field, item, &mut here, diag);
            }
            if attr::is_misspelt(attr) {
                self.roles.store_attempted = true;
                diag.misspelt.push(attr.clone());
            }
        }
    }

    /// `here` is what the field is marked as already.
    fn item(
        &mut self,
        field: Named<'a>,
        item: Item,
        here: &mut Option<(FieldKey, Ident)>,
        diag: &mut Diagnostics,
    ) {
        let name = item.name();
        let Some(keyword) = keys::find(keys::FIELDS, &name) else {
            return self.unknown(field, &item, &name, diag);
        };
        self.roles.store_attempted |= keyword.key == FieldKey::Store;
        if let Some(mode) = item.mode_as_value()
            && keyword.key == FieldKey::Store
            && self.container.mode_text.is_none()
        {
            self.container.mode_attempted = true;
            let attribute = self.container.with_item(mode.word());
            return diag.at(&item.word, message::mode_of_store(&attribute));
        }
        if !matches!(item.rest, Rest::Nothing) {
            let written = item.written(keyword.example);
            return diag.at(&item.word, message::no_value(&name, &written));
        }
        match here {
            Some((key, at)) if *key == keyword.key => {
                diag.pair((&item.word, message::repeated(&name)), (at, message::first(&name)));
            }
            Some((_, at)) => diag.at(&item.word, shape::cannot_be_both(&attr::plain(at), &name)),
            None => {
                *here = Some((keyword.key, item.word.clone()));
                self.assign(field, keyword.key, item.word, diag);
            }
        }
    }

    fn assign(&mut self, field: Named<'a>, key: FieldKey, word: Ident, diag: &mut Diagnostics) {
        if let Some((_, first)) = self.words.iter().find(|(used, _)| *used == key) {
            let name = attr::plain(&word);
            return diag.pair((&word, shape::only_one(&name)), (first, message::first(&name)));
        }
        match key {
            FieldKey::Store => self.roles.store = Some(field),
            FieldKey::Cache => self.roles.cache = Some(field),
            FieldKey::Name => self.roles.name = Some((field, word.clone())),
        }
        self.words.push((key, word));
    }

    /// A word that the table does not have for fields.
    fn unknown(&mut self, field: Named<'a>, item: &Item, name: &str, diag: &mut Diagnostics) {
        if means_key(name)
            && matches!(item.rest, Rest::Nothing)
            && !self.container.has("key")
            && let Some(used) = field.used_for()
        {
            let field = attr::plain(field.ident);
            let message = match used {
                FieldKey::Cache => template::is_cache(&field),
                FieldKey::Store | FieldKey::Name => template::is_store(&field),
            };
            return diag.at(&item.word, message);
        }
        if keys::names_tables(name) {
            return diag.at(&item.word, message::tables(name, item.string().as_deref(), None));
        }
        if let Some(place) = keys::elsewhere(name, Place::Field) {
            // Someone who marks a field as the key wants the key to be the
            // value of that field.
            let written = match (name, &item.rest) {
                ("key", Rest::Nothing) => self.key.clone(),
                _ => item.written(keys::example(name)),
            };
            return self.misplaced(item, name, place, &written, diag);
        }
        if let Some(meant) = item.said().and_then(|said| keys::find(keys::FIELDS, &said)) {
            self.roles.store_attempted |= meant.key == FieldKey::Store;
            return diag.at(&item.word, message::field_option_is_a_word(name, meant.word));
        }
        if keys::means_key_field(name) {
            // The mode is in the help line.
            self.container.mode_attempted = true;
            let message = if self.container.has("key") {
                message::not_on_field_either("key")
            } else {
                message::key_field(name, &self.container.with_option(&self.key, &[]))
            };
            return diag.at(&item.word, message);
        }
        if keys::is_async(name) {
            return diag.at(&item.word, message::async_store(name, None));
        }
        if keys::means_other_field(name) {
            return diag.at(&item.word, message::other_field(name));
        }
        self.roles.store_attempted = true;
        diag.at(&item.word, message::unknown_field_option(name));
    }

    /// A word of the struct, or of its mode.
    fn misplaced(
        &mut self,
        item: &Item,
        name: &str,
        place: Place,
        written: &str,
        diag: &mut Diagnostics,
    ) {
        let mode = self.container.mode_text.as_ref().map(|text| text.mode);
        let is_mode = keys::mode(name).is_some();
        if is_mode && !self.has_store {
            // The field is the store, in that mode.
            self.roles.store_attempted = true;
            self.container.mode_attempted = true;
            let attribute = mode.is_none().then(|| self.container.with_item(written));
            return diag.at(&item.word, message::mode_for_store(name, attribute.as_deref()));
        }
        let message = match place {
            Place::Option if keys::has_no_effect(name, mode) => message::codec_in_rows(),
            _ if self.container.has(name) || (is_mode && mode.is_some()) => {
                message::not_on_field_either(name)
            }
            Place::Option => message::not_on_field(name, &self.container.with_option(written, &[])),
            Place::Struct | Place::Field => {
                message::not_on_field(name, &self.container.with_item(written))
            }
        };
        // The mode is in the help line.
        self.container.mode_attempted = true;
        diag.at(&item.word, message);
    }
}
