//! What stands between a word and its value.

use proc_macro2::{Ident, Punct, Spacing, TokenStream, TokenTree};
use syn::Lit;

use super::{Rest, plain};
use crate::diag::Diagnostics;
use crate::keys::Site;
use crate::message;
use crate::source::text;

/// Whether a word has a value.
pub(super) fn is_needed(word: &Ident, site: Site) -> bool {
    site.example(&plain(word)).is_some_and(|example| example.contains('='))
}

/// The value behind `=`, or behind `:`, `=>`, `==`, which is a mistake. `None`
/// if there should be one and is none.
pub(super) fn behind(
    word: &Ident,
    punct: Punct,
    tokens: impl Iterator<Item = TokenTree>,
    site: Site,
    diag: &mut Diagnostics,
) -> Option<Rest> {
    let mut tokens = tokens.peekable();
    let second = (punct.spacing() == Spacing::Joint)
        .then(|| tokens.next_if(|next| matches!(next.to_string().as_str(), ">" | "=")))
        .flatten();
    let value: TokenStream = tokens.collect();
    if value.is_empty() {
        // An unknown word is one mistake, whatever follows it.
        let Some(example) = site.example(&plain(word)) else { return Some(Rest::Nothing) };
        diag.at(&punct, message::missing_value(&plain(word), example));
        return None;
    }
    // A word that has no value is a mistake of another kind.
    if (second.is_some() || punct.as_char() == ':') && is_needed(word, site) {
        let second = second.map(|second| second.to_string()).unwrap_or_default();
        let found = format!("{}{second}", punct.as_char());
        let written = format!("{} = {}", plain(word), text(&value));
        diag.at(&punct, message::expected_equals(&found, &written));
    }
    Some(Rest::Value(punct, value))
}

/// `key "main"`: the value, whose first token is `first`.
pub(super) fn missing(
    word: &Ident,
    first: TokenTree,
    behind: impl Iterator<Item = TokenTree>,
    diag: &mut Diagnostics,
) -> Rest {
    let value: TokenStream = [first.clone()].into_iter().chain(behind).collect();
    // What is no value either is reported as that, with the `=` in the help.
    let is_value = match plain(word).as_str() {
        "key" | "name" => matches!(syn::parse2(value.clone()), Ok(Lit::Str(_))),
        "crate" => matches!(&first, TokenTree::Ident(path) if path == "crate"),
        _ => true,
    };
    if is_value {
        let written = format!("{} = {}", plain(word), text(&value));
        diag.at(&first, message::expected_equals(&first.to_string(), &written));
    }
    Rest::Value(Punct::new('=', Spacing::Alone), value)
}
