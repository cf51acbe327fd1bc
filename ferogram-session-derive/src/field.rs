//! Reads the `#[session(..)]` attributes of the fields.

use proc_macro2::Ident;
use syn::{Field, FieldsNamed, Type};

use crate::attr::{self, Item, Rest};
use crate::diag::Diagnostics;
use crate::keys::{self, FieldKey, Mode, Place};
use crate::message::{self, shape};

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

pub(crate) fn read<'a>(
    fields: &'a FieldsNamed,
    mode: Option<Mode>,
    diag: &mut Diagnostics,
) -> Roles<'a> {
    let mut reader = Reader { roles: Roles::default(), words: Vec::new(), mode };
    for field in named(fields) {
        reader.field(field, diag);
    }
    reader.roles
}

struct Reader<'a> {
    roles: Roles<'a>,
    /// The first use of each word.
    words: Vec<(FieldKey, Ident)>,
    mode: Option<Mode>,
}

impl<'a> Reader<'a> {
    fn field(&mut self, field: Named<'a>, diag: &mut Diagnostics) {
        let mut here: Option<(FieldKey, Ident)> = None;
        for attr in &field.field.attrs {
            let before = diag.count();
            let items = attr::read(attr, "#[session(store)]", diag);
            // What could not be read may have been the store.
            let in_capitals = attr::in_capitals(attr);
            self.roles.store_attempted |= in_capitals || diag.count() > before;
            diag.reported_by_compiler |= in_capitals;
            for item in items {
                self.item(field, item, &mut here, diag);
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
        if keys::names_tables(name) {
            return diag.at(&item.word, message::tables(name));
        }
        if let Some(place) = keys::elsewhere(name, Place::Field) {
            // Someone who marks a field as the key wants the key to be the
            // value of that field.
            let written = match (name, &item.rest) {
                ("key", Rest::Nothing) => format!("key = \"{{{}}}\"", attr::plain(field.ident)),
                _ => item.written(keys::example(name)),
            };
            return diag.at(&item.word, message::not_on_field(name, place, self.mode, &written));
        }
        if keys::means_key_field(name) {
            let field = attr::plain(field.ident);
            return diag.at(&item.word, message::key_field(name, self.mode, &field));
        }
        if keys::means_other_field(name) {
            return diag.at(&item.word, message::other_field(name));
        }
        self.roles.store_attempted = true;
        diag.at(&item.word, message::unknown_field_option(name));
    }
}
