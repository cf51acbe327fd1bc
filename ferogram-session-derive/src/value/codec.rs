//! The value of `codec`.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use syn::{Lit, Type, TypePath};

use super::{is_punct, open};
use crate::attr::plain;
use crate::diag::Diagnostics;
use crate::keys::{self, CodecKey};
use crate::message;
use crate::source::text;

/// What `codec = ..` names.
pub(crate) enum Codec {
    Known(CodecKey, Ident),
    Path(Box<TypePath>),
}

pub(crate) fn codec(tokens: &TokenStream, diag: &mut Diagnostics) -> Option<Codec> {
    if let Ok(Lit::Str(literal)) = syn::parse2::<Lit>(open(tokens.clone())) {
        let word = literal.value();
        // What is in the quotes is held to the same rules.
        let mut unquoted = Diagnostics::default();
        let meant = match word.parse() {
            Ok(tokens) => codec(&tokens, &mut unquoted).map(|_| word.as_str()),
            Err(_) => None,
        };
        let meant = meant.or_else(|| keys::codec_meant(&word));
        match meant {
            Some(meant) => diag.at(tokens, message::quoted_codec(meant)),
            None if is_lower_case(&word) => diag.at(tokens, message::unknown_codec(&word)),
            None => diag.at(tokens, message::expected_codec()),
        }
        return None;
    }
    if let [TokenTree::Ident(word), TokenTree::Group(arguments)] =
        open(tokens.clone()).into_iter().collect::<Vec<_>>().as_slice()
        && arguments.stream().is_empty()
        && let Some(meant) = keys::codec_meant(&plain(word))
    {
        diag.at(tokens, message::called_codec(meant));
        return None;
    }
    if let Some(meant) = type_of_value(tokens) {
        diag.at(tokens, message::codec_is_value(&meant));
        return None;
    }
    let Ok(Type::Path(path)) = syn::parse2::<Type>(open(tokens.clone())) else {
        diag.at(tokens, message::expected_codec());
        return None;
    };
    if path.path.is_ident("None") || is_trait(&path) {
        diag.at(tokens, message::expected_codec());
        return None;
    }
    let Some(word) = path.path.get_ident().filter(|_| path.qself.is_none()) else {
        return Some(Codec::Path(Box::new(path)));
    };
    let name = plain(word);
    if let Some(keyword) = keys::find(keys::CODECS, &name) {
        return Some(Codec::Known(keyword.key, word.clone()));
    }
    // A type starts with a capital letter. A lone lower-case word is a misspelt
    // codec, and saying so is more help than "cannot find type".
    if is_lower_case(&name) {
        diag.at(word, message::unknown_codec(&name));
        return None;
    }
    Some(Codec::Path(Box::new(path)))
}

/// `ferogram_session::Codec`, which codecs implement.
fn is_trait(path: &TypePath) -> bool {
    let mut segments = path.path.segments.iter().map(|segment| plain(&segment.ident));
    segments.next().is_some_and(|krate| krate == "ferogram_session")
        && segments.next().is_some_and(|name| name == "Codec")
        && segments.next().is_none()
}

/// A codec as it should be written, if it is one.
pub(crate) fn codec_text(value: &TokenStream) -> Option<String> {
    let word = super::literal(value).unwrap_or_else(|| text(value));
    let mut found = Diagnostics::default();
    codec(&word.parse().ok()?, &mut found);
    if found.count() == 0 { Some(word) } else { keys::codec_meant(&word).map(str::to_owned) }
}

/// The type in `&My`, `My {}`, `My::new()`.
fn type_of_value(tokens: &TokenStream) -> Option<String> {
    let all: Vec<TokenTree> = open(tokens.clone()).into_iter().collect();
    let mut path = all.as_slice();
    while let [first, behind @ ..] = path
        && (is_punct(first, '&') || first.to_string() == "mut")
    {
        path = behind;
    }
    if let [before @ .., TokenTree::Group(group)] = path
        && group.delimiter() != Delimiter::None
    {
        path = before;
        // The function that makes it.
        if let [before @ .., colon, _, TokenTree::Ident(function)] = path
            && is_punct(colon, ':')
            && is_lower_case(&plain(function))
        {
            path = before;
        }
    }
    if path.len() == all.len() {
        return None;
    }
    let path: TokenStream = path.iter().cloned().collect();
    let parsed = syn::parse2::<TypePath>(path.clone()).ok()?;
    let name = plain(&parsed.path.segments.last()?.ident);
    // A pointer is made of the codec.
    let is_type = !is_lower_case(&name) && !["Box", "Arc", "Rc"].contains(&name.as_str());
    (is_type || keys::find(keys::CODECS, &name).is_some()).then(|| text(&path))
}

fn is_lower_case(name: &str) -> bool {
    name.starts_with(char::is_lowercase) && name.chars().all(|c| c == '_' || c.is_alphanumeric())
}
