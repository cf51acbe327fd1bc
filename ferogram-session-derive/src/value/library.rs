//! The path of the library, the value of `crate`.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Lit, Path};

use super::open;
use crate::diag::Diagnostics;
use crate::message;
use crate::source::text;

/// The library's path, ready to stand in a `use`.
#[derive(Clone)]
pub(crate) struct CratePath(TokenStream);

impl CratePath {
    /// The last segment of a path that the user wrote.
    pub(crate) fn last(&self) -> Option<TokenTree> {
        self.0.clone().into_iter().last()
    }
}

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
        let path = literal.parse_with(Path::parse_mod_style).ok();
        let meant = path.as_ref().map_or_else(|| dependency(&literal.value()), absolute);
        diag.at(tokens, message::quoted_crate(&meant));
        return path.map_or_else(CratePath::default, |path| CratePath(path.into_token_stream()));
    }
    let Ok(path) = syn::parse::Parser::parse2(Path::parse_mod_style, open(tokens.clone())) else {
        diag.at(tokens, message::expected_crate(&dependency(&text(tokens))));
        return CratePath::default();
    };
    if !is_absolute(&path) {
        diag.at(&path, message::relative_crate(&absolute(&path), begins_in_module(&path)));
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

fn begins_in_module(path: &Path) -> bool {
    path.segments.first().is_some_and(|first| first.ident == "self" || first.ident == "super")
}

/// The path as it could be: from the root of this crate, if it begins in the
/// module of the struct, or else in a dependency.
fn absolute(path: &Path) -> String {
    let segments = path.segments.iter().map(|segment| segment.ident.to_string());
    let named: Vec<_> = segments.filter(|name| name != "self" && name != "super").collect();
    let named = named.join("::");
    match named.as_str() {
        "" => "crate".to_owned(),
        _ if begins_in_module(path) => format!("crate::{named}"),
        _ if named == "crate" || named.starts_with("crate::") => named,
        _ => format!("::{named}"),
    }
}

/// The path as it should be written, if it is one.
pub(crate) fn crate_text(value: &TokenStream) -> Option<String> {
    let path = syn::parse::Parser::parse2(Path::parse_mod_style, open(value.clone())).ok()?;
    Some(absolute(&path))
}

/// The library by the name that somebody wrote for it: `ferogram-session` is
/// the name of the package.
fn dependency(name: &str) -> String {
    let name: String = name.chars().filter(|c| !c.is_whitespace()).collect();
    match syn::parse_str::<Ident>(&name.replace('-', "_")) {
        Ok(name) => format!("::{name}"),
        Err(_) => "::ferogram_session".to_owned(),
    }
}
