//! Key templates: `"tg:{account}"`.

use syn::LitStr;

use crate::attr::plain;
use crate::diag::Diagnostics;
use crate::field::Named;
use crate::message::{self, template as text};

/// What a key is made of.
pub(crate) enum Part<'a> {
    Text(String),
    Field(Named<'a>),
}

/// The fields of the struct, as far as a key is concerned.
pub(crate) struct Scope<'a> {
    /// All fields but the store and the cache.
    pub(crate) fields: Vec<Named<'a>>,
    pub(crate) store: Option<Named<'a>>,
    pub(crate) cache: Option<Named<'a>>,
}

/// The parts of a key. Every mistake in it is reported, except those that
/// follow from another.
pub(crate) fn parse<'a>(
    literal: &LitStr,
    scope: &Scope<'a>,
    diag: &mut Diagnostics,
) -> Vec<Part<'a>> {
    let key = literal.value();
    if key.is_empty() {
        diag.at(literal, text::empty());
    }
    if let Some(found) = key.chars().find(|c| c.is_control()) {
        diag.at(literal, message::control_character("key", found));
    }
    let pieces = match pieces(&key) {
        Ok(pieces) => pieces,
        Err(message) => {
            diag.at(literal, message);
            return Vec::new();
        }
    };
    check_separators(literal, &pieces, diag);
    let resolve = |piece| match piece {
        Piece::Text(text) => Some(Part::Text(text)),
        Piece::Hole(inside) => scope.field(literal, inside, diag).map(Part::Field),
    };
    pieces.into_iter().filter_map(resolve).collect()
}

/// A template, taken apart at its braces.
#[derive(Debug, PartialEq, Eq)]
enum Piece<'k> {
    Text(String),
    /// What stands between `{` and `}`.
    Hole(&'k str),
}

/// Takes a template apart. Only the first misplaced brace is reported, as it
/// decides how to read all others.
fn pieces(key: &str) -> Result<Vec<Piece<'_>>, String> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut chars = key.char_indices().peekable();
    while let Some((byte, c)) = chars.next() {
        match c {
            '{' | '}' if chars.next_if(|&(_, next)| next == c).is_some() => literal.push(c),
            '}' => return Err(text::unmatched(byte)),
            '{' => {
                let rest = &key[byte + 1..];
                let Some(length) =
                    rest.find(['{', '}']).filter(|&end| rest[end..].starts_with('}'))
                else {
                    return Err(text::unclosed(byte));
                };
                if !literal.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut literal)));
                }
                pieces.push(Piece::Hole(&rest[..length]));
                while chars.next_if(|&(at, _)| at <= byte + 1 + length).is_some() {}
            }
            c => literal.push(c),
        }
    }
    if !literal.is_empty() {
        pieces.push(Piece::Text(literal));
    }
    Ok(pieces)
}

/// Two fields must be told apart in the key, whatever their values are.
///
/// A value keeps its ASCII letters, digits and `_.@+-`, and everything else in
/// it is escaped with `%`. So a separator is only one if it has a character
/// that is none of these; otherwise `"{a}-{b}"` is `1-2-3` for `1-2` and `3`,
/// and for `1` and `2-3`.
fn check_separators(literal: &LitStr, pieces: &[Piece<'_>], diag: &mut Diagnostics) {
    for three in pieces.windows(3) {
        if let [Piece::Hole(first), Piece::Text(between), Piece::Hole(second)] = three
            && between.chars().all(|c| c.is_ascii_alphanumeric() || "_.@+-%".contains(c))
        {
            diag.at(literal, text::weak_separator(field_name(first), field_name(second), between));
        }
    }
    for two in pieces.windows(2) {
        if let [Piece::Hole(first), Piece::Hole(second)] = two {
            diag.at(literal, text::no_separator(field_name(first), field_name(second)));
        }
    }
}

/// The part of a hole that is meant to be the field's name.
fn field_name(inside: &str) -> &str {
    let name = inside.split_once(':').map_or(inside, |(name, _)| name).trim();
    name.strip_prefix("r#").unwrap_or(name)
}

impl<'a> Scope<'a> {
    /// The field that a hole names.
    fn field(&self, literal: &LitStr, inside: &str, diag: &mut Diagnostics) -> Option<Named<'a>> {
        let name = field_name(inside);
        if !is_identifier(name) {
            diag.at(literal, text::not_a_name(inside, &self.example()));
            return None;
        }
        if inside.contains(':') {
            diag.at(literal, text::format_options(name));
            return None;
        }
        if inside != name {
            diag.at(literal, text::not_a_name(inside, name));
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
        let found = self.fields.iter().find(|field| plain(field.ident) == name);
        if found.is_none() {
            let names: Vec<String> = self.fields.iter().map(|field| plain(field.ident)).collect();
            let near = crate::suggest::nearest(name, names.iter().map(String::as_str));
            diag.at(literal, text::unknown_field(name, near, &names));
        }
        found.copied()
    }

    /// A field for the help line.
    fn example(&self) -> String {
        self.fields.first().map_or_else(|| "account".to_owned(), |field| plain(field.ident))
    }
}

fn is(field: Option<Named<'_>>, name: &str) -> bool {
    field.is_some_and(|field| plain(field.ident) == name)
}

fn is_identifier(text: &str) -> bool {
    text != "_"
        && text.starts_with(|c: char| c == '_' || c.is_alphabetic())
        && text.chars().all(|c| c == '_' || c.is_alphanumeric())
}

#[cfg(test)]
mod tests;
