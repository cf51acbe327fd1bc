//! The values behind `=`: string literals, codecs, and the path of the library.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Lit, LitStr, Path, Type, TypePath};

use crate::attr::plain;
use crate::diag::Diagnostics;
use crate::keys::{self, CodecKey};
use crate::message;

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

/// A plain string literal: no bytes, no suffix, no `concat!`.
pub(crate) fn string(word: &str, tokens: &TokenStream, diag: &mut Diagnostics) -> Option<LitStr> {
    match syn::parse2::<Lit>(open(tokens.clone())) {
        Ok(Lit::Str(literal)) if literal.suffix().is_empty() => Some(literal),
        _ => {
            let key = if word == "key" { template_of(open(tokens.clone())) } else { None };
            diag.at(tokens, message::expected_string(word, key.as_deref()));
            None
        }
    }
}

/// The key template that an expression stands for: `account`, `self.account`,
/// `"tg:" + &self.account`, `format!("tg:{account}")`.
fn template_of(tokens: TokenStream) -> Option<String> {
    let mut template = String::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(ident) if ident == "self" => {}
            TokenTree::Ident(ident) if ident == "format" => {
                let (Some(TokenTree::Punct(_)), Some(TokenTree::Group(arguments)), None) =
                    (tokens.next(), tokens.next(), tokens.next())
                else {
                    return None;
                };
                return syn::parse2::<LitStr>(arguments.stream()).ok().map(|text| text.value());
            }
            TokenTree::Ident(field) => template.push_str(&format!("{{{}}}", plain(&field))),
            TokenTree::Punct(punct) if "+&.".contains(punct.as_char()) => {}
            TokenTree::Literal(literal) => {
                let literal = syn::parse2::<LitStr>(TokenTree::from(literal).into()).ok()?;
                template.push_str(&literal.value());
            }
            TokenTree::Punct(_) | TokenTree::Group(_) => return None,
        }
    }
    Some(template)
}

/// What `codec = ..` names.
pub(crate) enum Codec {
    Known(CodecKey, Ident),
    Path(Box<TypePath>),
}

pub(crate) fn codec(tokens: &TokenStream, diag: &mut Diagnostics) -> Option<Codec> {
    if let Ok(Lit::Str(literal)) = syn::parse2::<Lit>(open(tokens.clone())) {
        let word = literal.value();
        match syn::parse_str::<Type>(&word) {
            Ok(_) => diag.at(tokens, message::quoted_codec(&word)),
            Err(_) => diag.at(tokens, message::expected_codec()),
        }
        return None;
    }
    let Ok(Type::Path(path)) = syn::parse2::<Type>(open(tokens.clone())) else {
        diag.at(tokens, message::expected_codec());
        return None;
    };
    let Some(word) = path.path.get_ident().filter(|_| path.qself.is_none()) else {
        return Some(Codec::Path(Box::new(path)));
    };
    let name = plain(word);
    if let Some(keyword) = keys::find(keys::CODECS, &name) {
        return Some(Codec::Known(keyword.key, word.clone()));
    }
    // A type starts with a capital letter. A lone lower-case word is a misspelt
    // codec, and saying so is more help than "cannot find type".
    if name.starts_with(|first: char| first.is_lowercase()) {
        diag.at(word, message::unknown_codec(&name));
        return None;
    }
    Some(Codec::Path(Box::new(path)))
}

/// The library's path, ready to stand in a `use`.
#[derive(Clone)]
pub(crate) struct CratePath(TokenStream);

impl Default for CratePath {
    fn default() -> Self {
        CratePath(quote!(::ferogram_session))
    }
}

impl ToTokens for CratePath {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.0.to_tokens(tokens);
    }
}

/// The path of `crate = ..`.
///
/// After a mistake it is still the best guess, because the stub implementation
/// needs a path as well, and one that does not resolve would add an error of
/// its own.
pub(crate) fn crate_path(tokens: &TokenStream, diag: &mut Diagnostics) -> CratePath {
    if let Ok(Lit::Str(literal)) = syn::parse2::<Lit>(open(tokens.clone())) {
        diag.at(tokens, message::quoted_crate(&literal.value()));
        return match literal.parse_with(Path::parse_mod_style) {
            Ok(path) => CratePath(path.into_token_stream()),
            Err(_) => CratePath::default(),
        };
    }
    let Ok(path) = syn::parse::Parser::parse2(Path::parse_mod_style, open(tokens.clone())) else {
        diag.at(tokens, message::expected_crate());
        return CratePath::default();
    };
    if !is_absolute(&path) {
        let in_module = path
            .segments
            .first()
            .is_some_and(|first| first.ident == "self" || first.ident == "super");
        diag.at(&path, message::relative_crate(&path_text(&path), in_module));
    }
    CratePath(path.into_token_stream())
}

/// `::a`, `crate`, `crate::a`, and the `$crate` of a `macro_rules!` macro.
fn is_absolute(path: &Path) -> bool {
    path.leading_colon.is_some()
        || path
            .segments
            .first()
            .is_some_and(|first| first.ident == "crate" || first.ident == "$crate")
}

/// `a::b`, without the spaces of token streams, and without a leading `self` or
/// `super` that `::` cannot precede.
fn path_text(path: &Path) -> String {
    let segments = path.segments.iter().map(|segment| segment.ident.to_string());
    let named: Vec<_> = segments.filter(|name| name != "self" && name != "super").collect();
    if named.is_empty() { "ferogram_session".to_owned() } else { named.join("::") }
}
