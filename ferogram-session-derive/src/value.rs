//! The values behind `=`: string literals here, what else there is in modules.

mod codec;
mod expression;
mod library;

pub(crate) use codec::{Codec, codec, codec_text};
pub(crate) use expression::{bare_with_arguments, field, key_text, template, with_arguments};
pub(crate) use library::{CratePath, crate_path, crate_text};

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use syn::{Lit, LitStr};

use crate::attr::plain;
use crate::diag::Diagnostics;
use crate::message;

use expression::{field_of, made_of_literal};

/// The value without the invisible group that a `macro_rules!` fragment comes
/// in.
fn open(tokens: TokenStream) -> TokenStream {
    let mut iter = tokens.clone().into_iter();
    match (iter.next(), iter.next()) {
        (Some(TokenTree::Group(group)), None) if group.delimiter() == Delimiter::None => {
            open(group.stream())
        }
        _ => tokens,
    }
}

/// A plain string literal: no bytes, no suffix, no `concat!`. `fields` are
/// those that may stand in a key.
pub(crate) fn string(
    word: &str,
    tokens: &TokenStream,
    fields: &[String],
    diag: &mut Diagnostics,
) -> Option<LitStr> {
    match syn::parse2::<Lit>(open(tokens.clone())) {
        Ok(Lit::Str(literal)) if literal.suffix().is_empty() => return Some(literal),
        Ok(Lit::Int(number)) => {
            diag.at(tokens, message::expected_string(word, Some(number.base10_digits())));
        }
        Ok(Lit::ByteStr(literal)) => {
            let text = String::from_utf8(literal.value()).ok();
            diag.at(tokens, message::expected_string(word, text.as_deref()));
        }
        Ok(Lit::Char(literal)) => {
            let text = literal.value().to_string();
            diag.at(tokens, message::expected_string(word, Some(&text)));
        }
        _ => {
            let expression: Vec<TokenTree> = open(tokens.clone()).into_iter().collect();
            let field = field_of(&expression).filter(|field| fields.contains(field));
            if let Some(field) = field.filter(|_| word == "name") {
                diag.at(tokens, message::name_is_field(&field));
                return None;
            }
            let instead = match word {
                "key" => key_text(tokens, fields),
                _ => match expression.as_slice() {
                    [TokenTree::Ident(word)] => as_text(word),
                    expression => made_of_literal(expression),
                },
            };
            diag.at(tokens, message::expected_string(word, instead.as_deref()));
        }
    }
    None
}

/// The text of a string literal.
pub(crate) fn literal(value: &TokenStream) -> Option<String> {
    Some(syn::parse2::<LitStr>(open(value.clone())).ok()?.value())
}

/// A word that is meant as it is: in capitals it is a constant, which an
/// attribute cannot read, `true` only says that something is so, and `None`
/// that there is nothing.
fn as_text(word: &Ident) -> Option<String> {
    let word = plain(word);
    let is_text =
        word.chars().any(char::is_lowercase) && !["true", "false", "None"].contains(&word.as_str());
    is_text.then_some(word)
}

fn is_punct(token: &TokenTree, punct: char) -> bool {
    matches!(token, TokenTree::Punct(found) if found.as_char() == punct)
}
