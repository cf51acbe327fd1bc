//! Every message, in one place and one voice: lower case, no full stop, code in
//! backticks, the reason with
//! *because* where there is one, and the way out on a `help:` line.
//!
//! Here are those about an attribute as such. Those about its words are in
//! [`word`] and [`mode`], about what is behind `=` in [`value`], about key templates in
//! [`template`], about a struct and its fields together in [`shape`].

mod mode;
pub(crate) mod shape;
pub(crate) mod template;
mod value;
mod word;

pub(crate) use mode::*;
pub(crate) use value::*;
pub(crate) use word::*;

use std::fmt::Display;

use proc_macro2::{Delimiter, TokenTree};

use crate::keys::{self, Mode, Site, StructKey};

/// A message with its way out.
pub(crate) fn help(message: impl Display, way_out: impl Display) -> String {
    format!("{message}\nhelp: {way_out}")
}

/// `` `a`, `b`, `c` ``
pub(crate) fn list<S: Display>(words: impl IntoIterator<Item = S>) -> String {
    words.into_iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// "the option of `rows` is `key`", "the fields for a key are `a`, `b`". `what`
/// is one of them.
fn are<S: Display>(what: &str, words: impl IntoIterator<Item = S>) -> String {
    let words: Vec<S> = words.into_iter().collect();
    let (noun, rest) = what.split_once(' ').unwrap_or((what, ""));
    match words.as_slice() {
        [word] => format!("the {noun} {rest} is `{word}`"),
        _ => format!("the {noun}s {rest} are {}", list(words)),
    }
}

/// "unknown x `word`", with the nearest of the words that would have been
/// right.
fn unknown(what: &str, word: &str, near: Option<impl Display>) -> String {
    match near {
        Some(near) => format!("unknown {what} `{word}`, did you mean `{near}`?"),
        None => format!("unknown {what} `{word}`"),
    }
}

fn modes_are() -> String {
    format!("modes are {}", list(keys::modes()))
}

pub(crate) fn expected_options(example: &str) -> String {
    help("expected options in parentheses", format_args!("write `{example}`"))
}

pub(crate) fn attribute_is_value(example: &str) -> String {
    help("expected `#[session(..)]`, found `=`", format_args!("write `{example}`"))
}

pub(crate) fn empty_attribute(example: &str) -> String {
    help("empty `#[session()]` has no effect", format_args!("write `{example}`, or remove it"))
}

/// `form` is what was written, with the right brackets.
pub(crate) fn wrong_brackets(form: &str, found: Delimiter) -> String {
    let found = if found == Delimiter::Bracket { "square brackets" } else { "curly braces" };
    help(format_args!("expected parentheses, found {found}"), format_args!("write `{form}`"))
}

/// `blob<json>`
pub(crate) fn angle_brackets(form: &str) -> String {
    help("expected parentheses, found angle brackets", format_args!("write `{form}`"))
}

/// The words that are valid in a list.
pub(super) fn words_are(site: Site) -> String {
    match site {
        Site::Struct => {
            let options =
                keys::STRUCT.iter().filter(|keyword| !matches!(keyword.key, StructKey::Mode(_)));
            format!(
                "on the struct go one mode of {}, and {}",
                list(keys::modes()),
                list(options.map(|keyword| keyword.form)),
            )
        }
        Site::Options(mode) => {
            are(&format!("option of `{}`", mode.word()), mode.options().map(|option| option.word))
        }
        Site::Field => format!("field options are {}", list(keys::words(keys::FIELDS))),
    }
}

pub(crate) fn expected_word(found: &TokenTree, site: Site) -> String {
    let text = found.to_string();
    let word = text.trim_matches('"');
    let way_out = match (site.example_meant(word), site) {
        (Some(meant), _) => format!("write `{meant}`"),
        // As `thiserror` has its formats.
        (None, Site::Struct) if text.starts_with('"') && text.contains('{') => {
            format!("write `{}(key = {text})`", Mode::KeyValue.word())
        }
        // The only value that a mode might have by itself.
        (None, Site::Options(_)) if text.starts_with('"') => format!("write `key = {text}`"),
        (None, _) => words_are(site),
    };
    help(format_args!("expected a word, found `{text}`"), way_out)
}

/// `rows.key("a")`
pub(crate) fn options_by_methods(written: &str) -> String {
    help("expected options in parentheses, found `.`", format_args!("write `{written}`"))
}

/// `ferogram_session::rows`. `item` is the word with what follows it.
pub(crate) fn path_for_word(path: &str, item: &str) -> String {
    help(format_args!("expected a word, found the path `{path}`"), format_args!("write `{item}`"))
}

/// `Mode::`
pub(crate) fn unfinished_path(path: &str, word: &str, site: Site) -> String {
    let way_out = match site.example_meant(word) {
        Some(meant) => format!("write `{meant}`"),
        None => words_are(site),
    };
    help(format_args!("expected a word, found the path `{path}`"), way_out)
}

/// `key-value`, as on a command line, or `key value`.
pub(crate) fn word_in_two(found: &str, word: &str) -> String {
    help(
        format_args!("expected `,`, found `{found}`"),
        format_args!("words are joined by `_`: `{word}`"),
    )
}

/// `key_value(..)`
pub(crate) fn dots(mode: &str) -> String {
    help(
        "expected options, found `..`",
        format_args!("write `{mode}`, or `{mode}(key = \"main\")`"),
    )
}

pub(crate) fn expected_equals(found: &str, written: &str) -> String {
    help(format_args!("expected `=`, found `{found}`"), format_args!("write `{written}`"))
}

pub(crate) fn expected_comma(found: &TokenTree) -> String {
    help(format_args!("expected `,`, found `{found}`"), "separate options with commas")
}

/// `rest` is what begins with it.
pub(crate) fn unexpected(found: &str, rest: &str) -> String {
    help(format_args!("expected `,`, found `{found}`"), format_args!("remove `{rest}`"))
}

pub(crate) fn stray_comma() -> String {
    help("expected a word, found `,`", "remove the comma")
}

pub(crate) fn missing_value(word: &str, example: &str) -> String {
    if example.contains('=') {
        return help(
            format_args!("expected a value after `{word} =`"),
            format_args!("write `{example}`"),
        );
    }
    help(format_args!("`{word}` has no value"), "remove the `=`")
}
