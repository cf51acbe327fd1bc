//! Tokens as a user would have written them, for the help lines: the text of a
//! token stream has a space between any two tokens.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use quote::ToTokens;

pub(crate) fn text(tokens: &impl ToTokens) -> String {
    let mut out = String::new();
    write(tokens.to_token_stream(), &mut out);
    out
}

fn write(tokens: TokenStream, out: &mut String) {
    let mut before = None;
    for token in tokens {
        let this = Kind::of(&token, before);
        if before.is_some_and(|before| space(before, this)) {
            out.push(' ');
        }
        before = Some(this);
        let TokenTree::Group(group) = &token else {
            out.push_str(&token.to_string());
            continue;
        };
        let (open, close) = match group.delimiter() {
            Delimiter::Parenthesis => ("(", ")"),
            Delimiter::Bracket => ("[", "]"),
            Delimiter::Brace => ("{ ", " }"),
            Delimiter::None => ("", ""),
        };
        out.push_str(open);
        write(group.stream(), out);
        out.push_str(close);
    }
}

/// What decides about the space beside a token.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A name or a literal.
    Word,
    /// `(` or `[`.
    Open,
    Brace,
    /// `,` or `;`.
    Stop,
    /// `=`, `+`, `|`, and the first of `->`.
    Operator,
    /// `>`, which closes generics.
    Angle,
    /// The `>` of `->`.
    Arrow,
    /// The first of `::`.
    Path,
    /// `:` before a type or a bound.
    Colon,
    Other,
}

impl Kind {
    fn of(token: &TokenTree, before: Option<Kind>) -> Self {
        match token {
            TokenTree::Ident(_) | TokenTree::Literal(_) => Kind::Word,
            TokenTree::Group(group) => match group.delimiter() {
                Delimiter::Parenthesis | Delimiter::Bracket => Kind::Open,
                Delimiter::Brace => Kind::Brace,
                Delimiter::None => Kind::Word,
            },
            TokenTree::Punct(punct) => match punct.as_char() {
                ',' | ';' => Kind::Stop,
                '=' | '+' | '|' | '-' => Kind::Operator,
                '>' if before == Some(Kind::Operator) => Kind::Arrow,
                ':' if punct.spacing() == Spacing::Joint => Kind::Path,
                ':' if before != Some(Kind::Path) => Kind::Colon,
                '>' => Kind::Angle,
                _ => Kind::Other,
            },
        }
    }
}

fn space(before: Kind, this: Kind) -> bool {
    match (before, this) {
        (_, Kind::Stop | Kind::Arrow | Kind::Angle | Kind::Colon) => false,
        (Kind::Stop | Kind::Operator | Kind::Arrow | Kind::Brace | Kind::Colon, _) => true,
        (_, Kind::Operator | Kind::Brace) => true,
        (Kind::Word | Kind::Angle | Kind::Open, Kind::Word) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_as_by_hand() {
        for source in [
            "Arc<Box<dyn KeyValueStore + Send>>",
            "&'a mut std::sync::Mutex<T>",
            "key = \"a :: {b} , c\", codec = Sealed<Json, 3>",
            "[u8; 4]",
            "Box<dyn for<'a> Fn(&'a str, T) -> io::Result<()>>",
            "<T as Pool>::Connection",
            "key_value(key = \"x\"), name = \"y\"",
            "pub struct B<T: Clone> where T: io::Write { #[session(store)] store: Box<dyn X>, n: u8 }",
        ] {
            let tokens: TokenStream = source.parse().unwrap();
            assert_eq!(text(&tokens), source);
        }
    }
}
