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
    /// Whether the fields are known: those of a struct that has none yet are
    /// not.
    pub(crate) known: bool,
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
    for (first, second, between) in not_separated(&pieces) {
        let (first, second) = (field_name(first), field_name(second));
        diag.at(
            literal,
            match between {
                Some(between) => text::weak_separator(first, second, between),
                None => text::no_separator(first, second),
            },
        );
    }
    for piece in &pieces {
        if let Piece::Text(written) = piece
            && let Some((found, name)) = scope.in_text(written)
        {
            diag.at(literal, text::field_is_text(&found, &name));
        }
    }
    let resolve = |piece| match piece {
        Piece::Text(text) => Some(Part::Text(text)),
        Piece::Hole(inside) => scope.field(literal, inside, diag).map(Part::Field),
    };
    pieces.into_iter().filter_map(resolve).collect()
}

/// Whether a key has no mistake, for help lines.
pub(crate) fn is_valid(key: &str, fields: &[String]) -> bool {
    let known = |piece: &Piece<'_>| match piece {
        Piece::Text(_) => true,
        Piece::Hole(name) => fields.iter().any(|field| field == name),
    };
    !key.is_empty()
        && !key.contains(char::is_control)
        && pieces(key)
            .is_ok_and(|pieces| pieces.iter().all(known) && not_separated(&pieces).next().is_none())
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
fn not_separated<'p>(
    pieces: &'p [Piece<'_>],
) -> impl Iterator<Item = (&'p str, &'p str, Option<&'p str>)> {
    let weak = pieces.windows(3).filter_map(|three| match three {
        [Piece::Hole(first), Piece::Text(between), Piece::Hole(second)]
            if between.chars().all(|c| c.is_ascii_alphanumeric() || "_.@+-%".contains(c)) =>
        {
            Some((*first, *second, Some(between.as_str())))
        }
        _ => None,
    });
    let none = pieces.windows(2).filter_map(|two| match two {
        [Piece::Hole(first), Piece::Hole(second)] => Some((*first, *second, None)),
        _ => None,
    });
    weak.chain(none)
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
        let found = self.fields.iter().find(|field| plain(field.ident) == name).copied();
        if !is_identifier(name) {
            diag.at(literal, self.not_a_name(inside));
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
            let names: Vec<String> = self.fields.iter().map(|field| plain(field.ident)).collect();
            near = crate::suggest::nearest(name, names.iter().cloned());
            diag.at(literal, text::unknown_field(name, near.as_deref(), &names));
        }
        if inside.contains(':') {
            diag.at(literal, text::format_options(near.as_deref().unwrap_or(name)));
            return None;
        }
        if inside != name {
            diag.at(literal, text::not_a_name(inside, name));
            return None;
        }
        found
    }

    /// `$account`, and `{account}` from `{{account}}`: a field that is no more
    /// than text, so that all sessions would share one key.
    fn in_text(&self, written: &str) -> Option<(String, String)> {
        self.fields.iter().map(|field| plain(field.ident)).find_map(|name| {
            if written.contains(&format!("{{{name}}}")) {
                return Some((format!("{{{{{name}}}}}"), name));
            }
            let variable = format!("${name}");
            let (_, behind) = written.split_once(&variable)?;
            let ends = !behind.starts_with(|c: char| c == '_' || c.is_alphanumeric());
            ends.then_some((variable, name))
        })
    }

    /// `{}`, `{0}`, `{self.account.id}`: one of the words in it may be a field.
    fn not_a_name(&self, inside: &str) -> String {
        let names: Vec<String> = self.fields.iter().map(|field| plain(field.ident)).collect();
        let mut words = inside.split(|c: char| c != '_' && !c.is_alphanumeric());
        let meant = words.find(|word| names.iter().any(|name| name == word));
        match (meant, names.first()) {
            (Some(meant), _) => text::not_a_name(inside, meant),
            (None, Some(first)) => text::not_a_name(inside, first),
            (None, None) => text::not_a_name_and_no_field(inside, "account"),
        }
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
