//! Items that are spelt as Rust spells paths and calls.

use proc_macro2::{Spacing, TokenStream, TokenTree};

use super::plain;
use crate::diag::Diagnostics;
use crate::keys::{self, Mode, Site};
use crate::message;
use crate::source::text;

/// `Mode::`, with nothing behind it yet: the path, and its last word.
pub(super) fn unfinished_path(tokens: &[TokenTree]) -> Option<(TokenStream, String)> {
    let [.., TokenTree::Ident(word), TokenTree::Punct(first), TokenTree::Punct(second)] = tokens
    else {
        return None;
    };
    let is_path = (first.as_char(), first.spacing(), second.as_char())
        == (':', Spacing::Joint, ':')
        && !tokens.iter().any(|token| token.to_string() == "=");
    is_path.then(|| (tokens.iter().cloned().collect(), plain(word)))
}

/// `Mode::KeyValue`, `ferogram_session::rows`: read as their last word, and
/// `KeyValue::new("a")` as the type, so that this is one mistake.
pub(super) fn without_path(
    tokens: Vec<TokenTree>,
    site: Site,
    diag: &mut Diagnostics,
) -> Vec<TokenTree> {
    let mut begin = 0;
    while let [
        TokenTree::Ident(_),
        TokenTree::Punct(first),
        TokenTree::Punct(second),
        TokenTree::Ident(_),
        ..,
    ] = &tokens[begin..]
        && (first.as_char(), first.spacing(), second.as_char()) == (':', Spacing::Joint, ':')
    {
        begin += 3;
    }
    let Some(TokenTree::Ident(last)) = tokens.get(begin).filter(|_| begin > 0) else {
        return without_turbofish(tokens);
    };
    let last = plain(last);
    if ["new", "default"].contains(&last.as_str()) {
        return tokens[begin - 3..begin - 2].to_vec();
    }
    // Any other word is reported as what it is.
    if site.example(&last).is_some() {
        let path: TokenStream = tokens[..=begin].iter().cloned().collect();
        let item: TokenStream = tokens[begin..].iter().cloned().collect();
        diag.at(&path, message::path_for_word(&text(&path), &text(&item)));
    }
    tokens[begin..].to_vec()
}

/// `blob::<json>`: read as `blob<json>`.
fn without_turbofish(mut tokens: Vec<TokenTree>) -> Vec<TokenTree> {
    let signs = tokens.get(1..4).map(|signs| signs.iter().map(ToString::to_string).collect());
    if signs.is_some_and(|signs: String| signs == "::<") {
        tokens.drain(1..3);
    }
    tokens
}

/// `rows.key("a")`, as a builder has it: the mode with its options. `calls` is
/// what stands behind the first dot.
pub(super) fn method_calls(word: &str, calls: &[TokenTree]) -> Option<(Mode, String)> {
    let mode = keys::mode(word).or_else(|| keys::mode_meant(word))?;
    let options = calls.chunks(3).map(|call| match call {
        [TokenTree::Ident(option), TokenTree::Group(value), ..] => {
            let option = plain(option);
            mode.options().find(|valid| valid.word == option)?;
            Some(format!("{option} = {}", text(&value.stream())))
        }
        _ => None,
    });
    let options = options.collect::<Option<Vec<_>>>()?.join(", ");
    if options.is_empty() {
        return Some((mode, mode.word().to_owned()));
    }
    Some((mode, format!("{}({options})", mode.word())))
}

/// `blob<json>`, as a type has its codec: the mode with what stands behind `<`.
pub(super) fn angle_brackets(mode: Mode, behind: &[TokenTree]) -> String {
    let first = behind.first().map(ToString::to_string).unwrap_or_default();
    let is_codec = keys::find(keys::CODECS, &first).is_some();
    let site = Site::Options(mode);
    if is_codec && site.example("codec").is_some() {
        return format!("{}(codec = {first})", mode.word());
    }
    if let [options @ .., _] = behind
        && site.example(&first).is_some()
    {
        let options: TokenStream = options.iter().cloned().collect();
        return format!("{}({})", mode.word(), text(&options));
    }
    mode.word().to_owned()
}
