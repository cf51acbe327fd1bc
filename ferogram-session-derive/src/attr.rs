//! The surface of a `#[session(..)]` attribute: a list of items separated by
//! commas.
//!
//! The list is taken apart by hand instead of by a parser that stops at the
//! first mistake: a broken item costs its own error, and reading goes on behind
//! the next comma.

mod equals;
mod item;
mod list;
mod spelling;

pub(crate) use item::{Item, Rest};

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use syn::{Attribute, MacroDelimiter, Meta};

use crate::diag::Diagnostics;
use crate::keys::Site;
use crate::listed::Listed;
use crate::message;
use crate::source::text;

use list::{Part, divide, flat, split};

/// What an attribute, or a list in it, says.
#[derive(Default)]
pub(crate) struct Items {
    pub(crate) items: Vec<Item>,
    /// Something in it was no item, and is reported: what it was meant to be is
    /// not to be reported as missing.
    pub(crate) unread: bool,
}

/// The items of an attribute, none if it is not a `#[session]` attribute.
pub(crate) fn read(attr: &Attribute, site: Site, diag: &mut Diagnostics) -> Items {
    if !attr.path().is_ident("session") {
        return Items::default();
    }
    let example = &site.attribute();
    match &attr.meta {
        Meta::Path(path) => diag.at(path, message::expected_options(example)),
        Meta::NameValue(meta) => {
            diag.span(meta.eq_token.span, message::attribute_is_value(example));
        }
        Meta::List(list) => {
            let (span, found) = match &list.delimiter {
                MacroDelimiter::Paren(paren) => (paren.span, Delimiter::Parenthesis),
                MacroDelimiter::Brace(brace) => (brace.span, Delimiter::Brace),
                MacroDelimiter::Bracket(bracket) => (bracket.span, Delimiter::Bracket),
            };
            if found != Delimiter::Parenthesis {
                let form = format!("#[session({})]", text(&list.tokens));
                diag.span(span.join(), message::wrong_brackets(&form, found));
            } else if list.tokens.is_empty() {
                diag.span(span.join(), message::empty_attribute(example));
            }
            let mut items = items(&list.tokens, site, diag);
            items.unread |= list.tokens.is_empty();
            return items;
        }
    }
    Items { items: Vec::new(), unread: true }
}

/// `#[Session(..)]`, `#[sesion(..)]`, which the compiler reports with the right
/// spelling.
pub(crate) fn is_misspelt(attr: &Attribute) -> bool {
    attr.path().get_ident().is_some_and(|ident| {
        let name = ident.to_string().to_lowercase();
        ident != "session" && crate::suggest::is_slip(&name, "session")
    })
}

/// The items of a list. What is not an item is reported and left out.
pub(crate) fn items(tokens: &TokenStream, site: Site, diag: &mut Diagnostics) -> Items {
    let tokens = flat(tokens.clone());
    for token in &tokens {
        if matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';') {
            diag.at(token, message::expected_comma(token));
        }
    }
    let mut parts = Vec::new();
    for part in split(tokens) {
        match part {
            Part::Item(tokens) => {
                let items = divide(tokens);
                report_missing_commas(&items, site, diag);
                parts.extend(items.into_iter().map(Part::Item));
            }
            Part::Empty(_) => parts.push(part),
        }
    }
    let texts = parts.iter().map(|part| match part {
        Part::Item(tokens) => text(&tokens.iter().cloned().collect::<TokenStream>()),
        Part::Empty(_) => String::new(),
    });
    let listed = Listed::all(texts.collect());
    let mut read = Items::default();
    let mut stray = false;
    for (part, listed) in parts.into_iter().zip(listed) {
        match part {
            Part::Item(tokens) => match item::read(tokens, listed, site, diag) {
                Some(item) => read.items.push(item),
                None => read.unread = true,
            },
            Part::Empty(comma) => {
                diag.at(&comma, message::stray_comma());
                stray = true;
            }
        }
    }
    // Nothing else is there that could be missed.
    read.unread |= stray && read.items.is_empty();
    read
}

/// `items` stand between two commas. One that is wrong here anyway is reported as
/// that, and so are two that exclude each other.
fn report_missing_commas(items: &[Vec<TokenTree>], site: Site, diag: &mut Diagnostics) {
    for pair in items.windows(2) {
        let (Some(before), Some(begin)) = (pair[0].first(), pair[1].first()) else { continue };
        if site.may_stand_together(&[before, begin].map(ToString::to_string)) {
            diag.at(begin, message::expected_comma(begin));
        }
    }
}

/// An identifier without `r#`.
pub(crate) fn plain(ident: &Ident) -> String {
    let text = ident.to_string();
    match text.strip_prefix("r#") {
        Some(text) => text.to_owned(),
        None => text,
    }
}
