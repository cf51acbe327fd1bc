//! Key templates: `"tg:{account}"`.

mod foreign;
mod pieces;
mod scope;

pub(crate) use pieces::Brace;
pub(crate) use scope::{Meant, Scope};

use syn::LitStr;

use crate::diag::Diagnostics;
use crate::field::Named;
use crate::message::{self, template as text};

use pieces::{Piece, field_name, not_separated, pieces};

/// What a key is made of.
pub(crate) enum Part<'a> {
    Text(String),
    Field(Named<'a>),
}

/// The parts of a key. Every mistake in it is reported, except those that
/// follow from another.
pub(crate) fn parse<'a>(
    literal: &LitStr,
    scope: &Scope<'a>,
    diag: &mut Diagnostics,
) -> Vec<Part<'a>> {
    let key = literal.value();
    if key.trim().is_empty() {
        diag.at(literal, text::empty(&key));
    } else if let Some(found) = key.chars().find(|c| c.is_control()) {
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
    for (at, piece) in pieces.iter().enumerate() {
        let Piece::Text(written) = piece else { continue };
        if let Some((found, name)) = scope.in_text(at, &pieces) {
            diag.at(literal, text::field_is_text(&found, &name));
        } else if let Some(found) = foreign::positional(written, at > 0) {
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
    !key.trim().is_empty()
        && !key.contains(char::is_control)
        && pieces(key)
            .is_ok_and(|pieces| pieces.iter().all(known) && not_separated(&pieces).next().is_none())
}

fn is_of_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

#[cfg(test)]
mod tests;
