//! The values behind `=`: string literals, codecs, and the path of the library.

mod codec;

pub(crate) use codec::{Codec, codec, codec_text};

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Lit, LitStr, Path};

use crate::attr::plain;
use crate::diag::Diagnostics;
use crate::message;
use crate::source::text;

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
                _ => {
                    syn::parse2::<Ident>(open(tokens.clone())).ok().and_then(|word| as_text(&word))
                }
            };
            diag.at(tokens, message::expected_string(word, instead.as_deref()));
        }
    }
    None
}

/// A word that is meant as it is: in capitals it is a constant, which an
/// attribute cannot read, and `true` only says that something is so.
fn as_text(word: &Ident) -> Option<String> {
    let word = plain(word);
    let is_text = word.chars().any(char::is_lowercase) && word != "true" && word != "false";
    is_text.then_some(word)
}

/// The key that an expression stands for, if it is one: `account`,
/// `self.account`, `"tg:" + &self.account.id()`, `format!("tg:{account}")`.
pub(crate) fn template(tokens: TokenStream, fields: &[String]) -> Option<String> {
    let tokens: Vec<TokenTree> = open(tokens).into_iter().collect();
    let key = match tokens.as_slice() {
        // A word that is no field is meant as it is.
        [TokenTree::Ident(word)] if !fields.contains(&plain(word)) => as_text(word)?,
        [TokenTree::Ident(format), TokenTree::Punct(_), TokenTree::Group(arguments)]
            if format == "format" =>
        {
            formatted(arguments.stream())?
        }
        terms => {
            let terms = terms.split(|token| is_punct(token, '+')).map(term);
            terms.collect::<Option<String>>()?
        }
    };
    crate::template::is_valid(&key, fields).then_some(key)
}

/// A literal, or a field in braces.
fn term(term: &[TokenTree]) -> Option<String> {
    match term {
        [TokenTree::Literal(literal)] => self::literal(&TokenTree::from(literal.clone()).into()),
        term => Some(format!("{{{}}}", field_of(term)?)),
    }
}

fn is_punct(token: &TokenTree, punct: char) -> bool {
    matches!(token, TokenTree::Punct(found) if found.as_char() == punct)
}

/// The field in `self.field`, `&field`, `self.field.method()`.
fn field_of(expression: &[TokenTree]) -> Option<String> {
    let mut words = expression.iter().filter_map(|token| match token {
        TokenTree::Ident(ident) if ident != "self" => Some(plain(ident)),
        _ => None,
    });
    let is_path = expression.iter().all(|token| match token {
        TokenTree::Ident(_) => true,
        TokenTree::Punct(punct) => "&.".contains(punct.as_char()),
        TokenTree::Group(arguments) => arguments.stream().is_empty(),
        TokenTree::Literal(_) => false,
    });
    words.next().filter(|_| is_path)
}

/// The field in `self.field`, `&field`, `self.field.method()`.
pub(crate) fn field(expression: &TokenStream) -> Option<String> {
    field_of(&open(expression.clone()).into_iter().collect::<Vec<_>>())
}

/// The text of a string literal.
pub(crate) fn literal(value: &TokenStream) -> Option<String> {
    Some(syn::parse2::<LitStr>(open(value.clone())).ok()?.value())
}

/// The key that is meant by a value of any form: also `"tg", account`, with or
/// without brackets, and the arguments of `format!`.
pub(crate) fn key_text(value: &TokenStream, fields: &[String]) -> Option<String> {
    if let Some(literal) = literal(value) {
        return Some(literal);
    }
    let tokens: Vec<TokenTree> = open(value.clone()).into_iter().collect();
    if let [TokenTree::Group(list)] = tokens.as_slice() {
        return key_text(&list.stream(), fields);
    }
    let key = template(value.clone(), fields).or_else(|| formatted(value.clone())).or_else(|| {
        let parts = tokens.split(|token| is_punct(token, ',')).filter(|part| !part.is_empty());
        let parts = parts.map(term);
        Some(parts.collect::<Option<Vec<_>>>()?.join(":"))
    });
    key.filter(|key| crate::template::is_valid(key, fields))
}

/// The template that a literal is with fields as the arguments of `format!`, if
/// there are any.
pub(crate) fn with_arguments(
    literal: &TokenStream,
    arguments: &[(Option<String>, String)],
    fields: &[String],
) -> Option<String> {
    let template = self::literal(literal)?;
    if arguments.is_empty() {
        return None;
    }
    let key = filled(template, arguments.iter().cloned().map(Some))?;
    crate::template::is_valid(&key, fields).then_some(key)
}

/// `"tg:{}", account`, with no `key =` before it: the literal, and the key that
/// is meant.
pub(crate) fn bare_with_arguments(
    list: &TokenStream,
    fields: &[String],
) -> Option<(TokenTree, String)> {
    let mut tokens = list.clone().into_iter();
    let literal = tokens.next()?;
    tokens.nth(1)?;
    let key = formatted(list.clone())?;
    crate::template::is_valid(&key, fields).then_some((literal, key))
}

/// The template that the arguments of `format!` stand for.
fn formatted(arguments: TokenStream) -> Option<String> {
    let arguments: Vec<TokenTree> = arguments.into_iter().collect();
    let mut arguments = arguments.split(|token| is_punct(token, ','));
    let [TokenTree::Literal(text)] = arguments.next()? else { return None };
    let template = syn::parse2::<LitStr>(TokenTree::from(text.clone()).into()).ok()?.value();
    let argument = |argument: &[TokenTree]| match argument {
        [TokenTree::Ident(name), equals, field @ ..] if is_punct(equals, '=') => {
            Some((Some(plain(name)), field_of(field)?))
        }
        field => Some((None, field_of(field)?)),
    };
    filled(template, arguments.filter(|argument| !argument.is_empty()).map(argument))
}

/// The template with a field in each `{}`, or in `{0}` and so on, or in the
/// place of its name.
fn filled(
    mut template: String,
    fields: impl Iterator<Item = Option<(Option<String>, String)>>,
) -> Option<String> {
    for (at, field) in fields.enumerate() {
        let (name, field) = field?;
        let field = format!("{{{field}}}");
        let position = name.map_or_else(|| format!("{{{at}}}"), |name| format!("{{{name}}}"));
        if template.contains(&position) {
            template = template.replace(&position, &field);
        } else if template.contains("{}") {
            template = template.replacen("{}", &field, 1);
        } else {
            return None;
        }
    }
    Some(template)
}

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
