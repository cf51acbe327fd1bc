//! One item of a list: a word, and what follows it.

use proc_macro2::{Group, Ident, Punct, TokenStream, TokenTree};

use super::{equals, plain, spelling};
use crate::diag::Diagnostics;
use crate::keys::{self, Mode, Site};
use crate::listed::Listed;
use crate::message;
use crate::source::text;

pub(crate) struct Item {
    pub(crate) word: Ident,
    pub(crate) rest: Rest,
    /// The list that it stands in.
    pub(crate) listed: Listed,
    /// The word is a mode in quotes, these: what is wrong with it depends on the
    /// other items.
    pub(crate) quoted: Option<TokenTree>,
}

pub(crate) enum Rest {
    /// `word`
    Nothing,
    /// `word = value`
    Value(Punct, TokenStream),
    /// `word(..)`, or with other brackets
    List(Group),
}

impl Item {
    fn new(word: Ident, rest: Rest, listed: Listed) -> Self {
        Item { word, rest, listed, quoted: None }
    }

    /// The word without `r#`, as the keyword table has it.
    pub(crate) fn name(&self) -> String {
        plain(&self.word)
    }

    /// The text behind `=`, with or without quotes.
    pub(crate) fn string(&self) -> Option<String> {
        let Rest::Value(_, value) = &self.rest else { return None };
        match syn::parse2::<syn::Lit>(value.clone()) {
            Ok(syn::Lit::Str(literal)) => Some(literal.value()),
            _ => Some(text(value)),
        }
    }

    /// What stands behind `=` or in the parentheses, if that is a word: without
    /// quotes and without the path before it.
    pub(crate) fn said(&self) -> Option<String> {
        let said = match &self.rest {
            Rest::Nothing => return None,
            Rest::Value(_, tokens) => text(tokens),
            Rest::List(group) => text(&group.stream()),
        };
        // `Mode::KeyValue` is a mode too.
        said.trim_matches('"').rsplit(':').next().map(str::to_owned)
    }

    /// The mode that stands there.
    pub(crate) fn mode_as_value(&self) -> Option<Mode> {
        let said = self.said()?;
        keys::mode(&said).or_else(|| keys::mode_meant(&said))
    }

    /// The item as it should be written, with the value that the user gave, or
    /// else as the `example` is.
    pub(crate) fn written(&self, example: &str) -> String {
        match &self.rest {
            Rest::Value(_, value) => format!("{} = {}", self.name(), text(value)),
            Rest::List(group) if !group.stream().is_empty() => {
                if keys::mode(&self.name()).is_some() {
                    format!("{}({})", self.name(), text(&group.stream()))
                } else {
                    format!("{} = {}", self.name(), text(&group.stream()))
                }
            }
            Rest::Nothing | Rest::List(_) => example.to_owned(),
        }
    }
}

/// Reads an item. What is not one is reported.
pub(super) fn read(
    tokens: Vec<TokenTree>,
    listed: Listed,
    site: Site,
    diag: &mut Diagnostics,
) -> Option<Item> {
    if let Some((path, word)) = spelling::unfinished_path(&tokens) {
        diag.at(&path, message::unfinished_path(&text(&path), &word, site));
        return None;
    }
    let mut tokens = spelling::without_path(tokens, site, diag).into_iter().peekable();
    // `&self.account`, `&account`.
    if tokens.len() <= 4 {
        tokens.next_if(|first| matches!(first, TokenTree::Punct(and) if and.as_char() == '&'));
    }
    let word = match tokens.next()? {
        TokenTree::Ident(word) => word,
        other => {
            let Some(mode) = site.mode_meant(other.to_string().trim_matches('"')) else {
                diag.at(&other, message::expected_word(&other, site));
                return None;
            };
            let word = Ident::new(mode.word(), other.span());
            return Some(Item { quoted: Some(other), ..Item::new(word, Rest::Nothing, listed) });
        }
    };
    // `self.account` is meant to be the field.
    let next = tokens.next();
    if word == "self"
        && matches!(&next, Some(TokenTree::Punct(dot)) if dot.as_char() == '.')
        && let Some(TokenTree::Ident(field)) = tokens.next()
    {
        return Some(Item::new(field, Rest::Nothing, listed));
    }
    let (rest, behind) = match next {
        None => (Rest::Nothing, None),
        Some(TokenTree::Group(group)) => (Rest::List(group), tokens.next()),
        Some(TokenTree::Punct(punct)) if matches!(punct.as_char(), '=' | ':') => {
            let rest = equals::behind(&word, punct, tokens, site, diag)?;
            return Some(Item::new(word, rest, listed));
        }
        Some(TokenTree::Ident(second))
            if site.example(&joined(&word, &second).to_string()).is_some() =>
        {
            let joined = joined(&word, &second);
            diag.at(&second, message::word_in_two(&plain(&second), &joined.to_string()));
            return read(with_first(joined, tokens), listed, site, diag);
        }
        Some(TokenTree::Punct(dash)) if dash.as_char() == '-' => {
            return with_dash(word, dash, tokens, listed, site, diag);
        }
        Some(TokenTree::Punct(open))
            if open.as_char() == '<'
                && site == Site::Struct
                && let Some(mode) = keys::mode(&plain(&word)) =>
        {
            let form = spelling::angle_brackets(mode, &tokens.collect::<Vec<_>>());
            diag.at(&open, message::angle_brackets(&form));
            return Some(Item::new(word, Rest::Nothing, listed));
        }
        Some(first) if !matches!(first, TokenTree::Punct(_)) && equals::is_needed(&word, site) => {
            let rest = equals::missing(&word, first, tokens, diag);
            return Some(Item::new(word, rest, listed));
        }
        Some(TokenTree::Punct(dot)) if dot.as_char() == '.' && site == Site::Struct => {
            let rest: Vec<TokenTree> = tokens.collect();
            if let Some((mode, written)) = spelling::method_calls(&plain(&word), &rest) {
                diag.at(&dot, message::options_by_methods(&written));
                let word = Ident::new(mode.word(), word.span());
                return Some(Item::new(word, Rest::Nothing, listed));
            }
            let rest: TokenStream = rest.into_iter().collect();
            diag.at(&dot, message::unexpected(".", &format!(".{}", text(&rest))));
            return Some(Item::new(word, Rest::Nothing, listed));
        }
        Some(other) => (Rest::Nothing, Some(other)),
    };
    // The item itself is still good, and reading it keeps "no mode is given"
    // from being reported on top. An unknown word is one mistake, whatever
    // follows it.
    if let Some(behind) = behind.filter(|_| site.example(&plain(&word)).is_some()) {
        let rest: Vec<TokenTree> = std::iter::once(behind).chain(tokens).collect();
        report_rest(&word, &rest, site, diag);
    }
    Some(Item::new(word, rest, listed))
}

/// `rest` stands behind a whole item. A comma helps if there is another in it.
fn report_rest(word: &Ident, rest: &[TokenTree], site: Site, diag: &mut Diagnostics) {
    let Some(found) = rest.first() else { return };
    let words = rest.iter().find_map(|token| match token {
        TokenTree::Ident(second) => Some([plain(word), plain(second)]),
        _ => None,
    });
    if words.is_some_and(|words| site.may_stand_together(&words)) {
        diag.at(found, message::expected_comma(found));
    } else {
        let rest: TokenStream = rest.iter().cloned().collect();
        diag.at(found, message::unexpected(&found.to_string(), &text(&rest)));
    }
}

/// `key-value`: read as if it were `key_value`, so that this is one mistake.
fn with_dash(
    word: Ident,
    dash: Punct,
    mut tokens: impl Iterator<Item = TokenTree>,
    listed: Listed,
    site: Site,
    diag: &mut Diagnostics,
) -> Option<Item> {
    let Some(TokenTree::Ident(second)) = tokens.next() else {
        diag.at(&dash, message::unexpected("-", "-"));
        return Some(Item::new(word, Rest::Nothing, listed));
    };
    let joined = joined(&word, &second);
    // A word that is unknown either way is reported as that.
    if site.example(&joined.to_string()).is_some() {
        diag.at(&dash, message::word_in_two("-", &joined.to_string()));
    }
    read(with_first(joined, tokens), listed, site, diag)
}

fn joined(first: &Ident, second: &Ident) -> Ident {
    Ident::new(&format!("{}_{}", plain(first), plain(second)), first.span())
}

fn with_first(word: Ident, behind: impl Iterator<Item = TokenTree>) -> Vec<TokenTree> {
    [TokenTree::Ident(word)].into_iter().chain(behind).collect()
}
