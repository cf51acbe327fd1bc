//! The key that is meant by an expression: an attribute takes a literal, and not
//! what would make one.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::LitStr;

use super::{as_text, is_punct, open};
use crate::attr::plain;

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
    made_of_literal(term).or_else(|| Some(format!("{{{}}}", field_of(term)?)))
}

/// A literal with what makes another type of it: `&"a"`, `"a".to_owned()`,
/// `String::from("a")`, `Some("a")`, `concat!("a", "b")`.
pub(super) fn made_of_literal(expression: &[TokenTree]) -> Option<String> {
    let inner = |group: &Group| {
        let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
        made_of_literal(&tokens)
    };
    match expression {
        [TokenTree::Literal(literal)] => super::literal(&TokenTree::from(literal.clone()).into()),
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::None => inner(group),
        [and, value @ ..] if is_punct(and, '&') => made_of_literal(value),
        [value @ .., dot, TokenTree::Ident(method), TokenTree::Group(arguments)]
            if is_punct(dot, '.')
                && arguments.stream().is_empty()
                && ["into", "to_owned", "to_string"].iter().any(|known| method == known) =>
        {
            made_of_literal(value)
        }
        [TokenTree::Ident(concat), not, TokenTree::Group(parts)]
            if concat == "concat" && is_punct(not, '!') =>
        {
            let parts: Vec<TokenTree> = parts.stream().into_iter().collect();
            let parts = parts.split(|token| is_punct(token, ',')).filter(|part| !part.is_empty());
            parts.map(made_of_literal).collect()
        }
        [.., TokenTree::Ident(function), TokenTree::Group(argument)]
            if ["from", "Some", "Borrowed"].iter().any(|known| function == known) =>
        {
            inner(argument)
        }
        _ => None,
    }
}

/// The field in `self.field`, `&field`, `self.field.method()`.
pub(crate) fn field(expression: &TokenStream) -> Option<String> {
    field_of(&open(expression.clone()).into_iter().collect::<Vec<_>>())
}

/// The field in `self.field`, `&field`, `self.field.method()`.
pub(super) fn field_of(expression: &[TokenTree]) -> Option<String> {
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

/// The key that is meant by a value of any form: also `"tg", account`, with or
/// without brackets, and the arguments of `format!`.
pub(crate) fn key_text(value: &TokenStream, fields: &[String]) -> Option<String> {
    if let Some(literal) = super::literal(value) {
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
    let template = super::literal(literal)?;
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
