//! The fields that a template may name.

use syn::LitStr;

use super::is_of_word;
use super::pieces::{Brace, field_name};
use crate::attr::plain;
use crate::diag::Diagnostics;
use crate::field::Named;
use crate::message::template as text;

/// The fields of the struct, as far as a key is concerned.
pub(crate) struct Scope<'a> {
    /// Whether the fields are known: those of a struct that has none yet are
    /// not.
    pub(crate) known: bool,
    /// All fields but the store and the cache.
    pub(crate) fields: Vec<Named<'a>>,
    pub(crate) store: Option<Named<'a>>,
    pub(crate) cache: Option<Named<'a>>,
}

/// What a brace without its other half is.
pub(crate) enum Meant {
    Field(String),
    /// A field that cannot be part of the key, and what it is.
    Taken(String, &'static str),
    Text,
}

impl<'a> Scope<'a> {
    pub(super) fn misplaced(&self, brace: Brace, key: &str) -> String {
        // `{{account}:{tenant}}`
        let single = key.replace("{{", "{").replace("}}", "}");
        if single != key && super::is_valid(&single, &self.names().collect::<Vec<_>>()) {
            return text::double_brace(&brace, &single);
        }
        match brace {
            Brace::Close(byte) => {
                let before = key[..byte].trim_end();
                let word = before.rsplit(|c| !is_of_word(c)).next().unwrap_or_default();
                text::unmatched(&brace, &self.meant(word))
            }
            Brace::Open(byte) => {
                let behind = key[byte + 1..].trim_start();
                let word = behind.split(|c| !is_of_word(c)).next().unwrap_or_default();
                text::unclosed(&brace, &self.meant(word))
            }
        }
    }

    /// What the word at a brace without its other half is meant to be.
    fn meant(&self, word: &str) -> Meant {
        if let Some(field) = self.near(word) {
            return Meant::Field(field);
        }
        if is(self.store, word) {
            return Meant::Taken(word.to_owned(), "store");
        }
        if is(self.cache, word) {
            return Meant::Taken(word.to_owned(), "cache");
        }
        Meant::Text
    }

    /// The field of this name, or of nearly this name.
    fn near(&self, word: &str) -> Option<String> {
        crate::suggest::nearest(word, self.names())
    }

    pub(super) fn names(&self) -> impl Iterator<Item = String> {
        self.fields.iter().map(|field| plain(field.ident))
    }

    /// The field that a hole names.
    pub(super) fn field(
        &self,
        literal: &LitStr,
        inside: &str,
        diag: &mut Diagnostics,
    ) -> Option<Named<'a>> {
        let name = field_name(inside);
        let found = self.fields.iter().find(|field| plain(field.ident) == name).copied();
        if !is_identifier(name) {
            diag.at(literal, self.not_a_name(&format!("{{{inside}}}")));
            return None;
        }
        if is(self.store, name) {
            diag.at(literal, text::is_store(name));
            return None;
        }
        if is(self.cache, name) {
            diag.at(literal, text::is_cache(name));
            return None;
        }
        let mut near = None;
        if found.is_none() && self.known {
            let names: Vec<String> = self.names().collect();
            near = self.near(name);
            diag.at(literal, text::unknown_field(name, near.as_deref(), &names));
        }
        if inside.contains(':') {
            diag.at(literal, text::format_options(near.as_deref().unwrap_or(name)));
            return None;
        }
        if inside != name {
            diag.at(literal, text::not_a_name(&format!("{{{inside}}}"), name));
            return None;
        }
        found
    }

    /// `{}`, `{0}`, `{self.account.id}`, `%s`: one of the words in it may be a
    /// field.
    pub(super) fn not_a_name(&self, found: &str) -> String {
        let names: Vec<String> = self.names().collect();
        let mut words = found.split(|c: char| !is_of_word(c));
        let meant = words.find(|word| names.iter().any(|name| name == word));
        match (meant, names.first()) {
            (Some(meant), _) => text::not_a_name(found, meant),
            (None, Some(first)) => text::not_a_name(found, first),
            (None, None) => text::not_a_name_and_no_field(found, "account"),
        }
    }
}

fn is(field: Option<Named<'_>>, name: &str) -> bool {
    field.is_some_and(|field| plain(field.ident) == name)
}

fn is_identifier(text: &str) -> bool {
    text != "_"
        && text.starts_with(|c: char| c == '_' || c.is_alphabetic())
        && text.chars().all(is_of_word)
}
