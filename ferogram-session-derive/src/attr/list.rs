//! A list, taken apart at its commas.

use proc_macro2::{Delimiter, Punct, Spacing, TokenStream, TokenTree};

use super::plain;
use crate::keys;

/// The tokens without invisible groups.
///
/// A fragment of `macro_rules!` such as `$mode:meta` arrives in one, and hides
/// its words from a reader that does not open it. Values keep theirs, because
/// there a group may hold a type.
pub(super) fn flat(tokens: TokenStream) -> Vec<TokenTree> {
    let mut flat_tokens = Vec::new();
    let mut in_value = false;
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None && !in_value => {
                flat_tokens.extend(flat(group.stream()));
            }
            token => {
                match &token {
                    TokenTree::Punct(punct) if punct.as_char() == '=' => in_value = true,
                    TokenTree::Punct(punct) if punct.as_char() == ',' => in_value = false,
                    _ => {}
                }
                flat_tokens.push(token);
            }
        }
    }
    flat_tokens
}

pub(super) enum Part {
    Item(Vec<TokenTree>),
    /// A comma with no item before it.
    Empty(Punct),
}

/// Splits at commas, but not at those between angle brackets: `codec =
/// Sealed<Json, 3>` is one item.
pub(super) fn split(tokens: Vec<TokenTree>) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut part = Vec::new();
    let mut angles = 0_usize;
    let mut arrow = false;
    for token in tokens {
        if let TokenTree::Punct(punct) = &token {
            match punct.as_char() {
                '<' => angles += 1,
                '>' if !arrow => angles = angles.saturating_sub(1),
                // No value has a `;` but in brackets of its own.
                ',' | ';' if angles == 0 => {
                    let item = std::mem::take(&mut part);
                    parts.push(if item.is_empty() {
                        Part::Empty(punct.clone())
                    } else {
                        Part::Item(item)
                    });
                    continue;
                }
                _ => {}
            }
            arrow = punct.spacing() == Spacing::Joint && matches!(punct.as_char(), '-' | '=');
        } else {
            arrow = false;
        }
        part.push(token);
    }
    if !part.is_empty() {
        parts.push(Part::Item(part));
    }
    parts
}

/// Divides an item where a comma is missing: before one of our words, behind
/// what an item can end with. Otherwise the second item would be a part of the
/// first one's value.
pub(super) fn divide(tokens: Vec<TokenTree>) -> Vec<Vec<TokenTree>> {
    let mut items: Vec<Vec<TokenTree>> = Vec::new();
    let mut ended = true;
    for token in tokens {
        let begins = matches!(&token, TokenTree::Ident(word) if keys::is_word(&plain(word)));
        let ends = !matches!(&token, TokenTree::Punct(punct) if punct.as_char() != '>');
        match items.last_mut() {
            Some(item) if !(ended && begins) => item.push(token),
            _ => items.push(vec![token]),
        }
        ended = ends;
    }
    items
}
