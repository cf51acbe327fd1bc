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
        Err(brace) => {
            diag.at(literal, scope.misplaced(brace, &key));
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
            && let Some((found, name)) = scope.in_text(written, &pieces)
        {
            diag.at(literal, text::field_is_text(&found, &name));
        } else if let Piece::Text(written) = piece
            && let Some(found) = PRINTF.into_iter().find(|found| stands_in(written, found))
        {
            diag.at(literal, scope.not_a_name(found));
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

/// What a brace without its other half is.
pub(crate) enum Meant {
    Field(String),
    /// A field that cannot be part of the key, and what it is.
    Taken(String, &'static str),
    Text,
}

/// A brace without its other half, at this byte.
enum Brace {
    Open(usize),
    Close(usize),
}

/// Takes a template apart. Only the first misplaced brace is reported, as it
/// decides how to read all others.
fn pieces(key: &str) -> Result<Vec<Piece<'_>>, Brace> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut chars = key.char_indices().peekable();
    while let Some((byte, c)) = chars.next() {
        match c {
            '{' | '}' if chars.next_if(|&(_, next)| next == c).is_some() => literal.push(c),
            '}' => return Err(Brace::Close(byte)),
            '{' => {
                let rest = &key[byte + 1..];
                let Some(length) =
                    rest.find(['{', '}']).filter(|&end| rest[end..].starts_with('}'))
                else {
                    return Err(Brace::Open(byte));
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
    fn misplaced(&self, brace: Brace, key: &str) -> String {
        match brace {
            Brace::Close(byte) => {
                let before = key[..byte].trim_end();
                let word = before.rsplit(|c| !is_of_word(c)).next().unwrap_or_default();
                text::unmatched(byte, &self.meant(word))
            }
            Brace::Open(byte) => {
                let behind = key[byte + 1..].trim_start();
                let word = behind.split(|c| !is_of_word(c)).next().unwrap_or_default();
                text::unclosed(byte, &self.meant(word))
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

    fn names(&self) -> impl Iterator<Item = String> {
        self.fields.iter().map(|field| plain(field.ident))
    }

    /// The field that a hole names.
    fn field(&self, literal: &LitStr, inside: &str, diag: &mut Diagnostics) -> Option<Named<'a>> {
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

    /// A field that is no more than text, so that all sessions would share one
    /// key: `account` alone, `$account`, `{account}` from `{{account}}`, and as
    /// other languages write it. `pieces` are the whole key.
    fn in_text(&self, written: &str, pieces: &[Piece<'_>]) -> Option<(String, String)> {
        self.names().find_map(|name| {
            if let Some(found) = between(written, "{", &name, "}") {
                return Some((format!("{{{found}}}"), name));
            }
            let variable = format!("${name}");
            if stands_in(written, &variable) {
                return Some((variable, name));
            }
            // Where the key has the value too, a word in it may be just that.
            if pieces.iter().any(|piece| matches!(piece, Piece::Hole(hole) if *hole == name)) {
                return None;
            }
            if pieces.len() == 1 && written == name {
                return Some((name.clone(), name));
            }
            let other = [":", "@"].map(|sign| format!("{sign}{name}"));
            // `tg:account` is a word behind a separator.
            let found = other
                .into_iter()
                .find(|found| begins_in(written, found) && stands_in(written, found));
            let found = found.or_else(|| {
                let find = |(open, close)| between(written, open, &name, close);
                BRACKETS.into_iter().find_map(find).map(str::to_owned)
            });
            Some((found?, name))
        })
    }

    /// `{}`, `{0}`, `{self.account.id}`, `%s`: one of the words in it may be a
    /// field.
    fn not_a_name(&self, found: &str) -> String {
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

/// What stands for a value in the templates of `printf`.
const PRINTF: [&str; 5] = ["%s", "%d", "%i", "%u", "%v"];

/// What stands around a value in the templates of other languages.
const BRACKETS: [(&str, &str); 6] =
    [("<", ">"), ("[", "]"), ("%(", ")s"), ("$(", ")"), ("%", "%"), ("<%=", "%>")];

/// The name with what is around it, where it stands in the text so.
fn between<'t>(text: &'t str, open: &str, name: &str, close: &str) -> Option<&'t str> {
    text.match_indices(open).find_map(|(at, _)| {
        let behind = text[at + open.len()..].trim_start().strip_prefix(name)?;
        let behind = behind.trim_start().strip_prefix(close)?;
        Some(&text[at..text.len() - behind.len()])
    })
}

/// Whether `found` is in the text, and no longer word begins with it.
fn stands_in(text: &str, found: &str) -> bool {
    text.split(found).skip(1).any(|behind| !behind.starts_with(is_of_word))
}

/// Whether `found` is in the text, and not behind a word.
fn begins_in(text: &str, found: &str) -> bool {
    text.match_indices(found).any(|(at, _)| !text[..at].ends_with(is_of_word))
}

fn is_of_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

fn is(field: Option<Named<'_>>, name: &str) -> bool {
    field.is_some_and(|field| plain(field.ident) == name)
}

fn is_identifier(text: &str) -> bool {
    text != "_"
        && text.starts_with(|c: char| c == '_' || c.is_alphabetic())
        && text.chars().all(is_of_word)
}

#[cfg(test)]
mod tests;
