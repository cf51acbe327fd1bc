//! Messages about what is behind `=`.

use super::{help, list, unknown};
use crate::keys;

// `written` is the word as it should stand there, with its value.

pub(crate) fn expects_value(written: &str, word: &str) -> String {
    help(format_args!("`{word}` needs a value"), format_args!("write `{written}`"))
}

pub(crate) fn value_in_parentheses(written: &str, word: &str) -> String {
    help(format_args!("the value of `{word}` stands behind `=`"), format_args!("write `{written}`"))
}

/// `option` is what the value could be.
pub(crate) fn mode_with_value(word: &str, option: &str) -> String {
    help(
        format_args!(
            "expected options in parentheses, because `{word}` is a storage mode and has no value"
        ),
        format_args!("write `{word}`, or `{word}({option})`"),
    )
}

pub(crate) fn no_value(word: &str, written: &str) -> String {
    match word {
        "name" => help(
            "`name` on a field takes no value, because the field holds the name",
            format_args!("write `#[session(name)]`, or move `{written}` to the struct"),
        ),
        _ => help(
            format_args!("`{word}` on a field takes no value"),
            format_args!("write `#[session({word})]`"),
        ),
    }
}

/// `instead` is the literal that was meant.
pub(crate) fn expected_string(word: &str, instead: Option<&str>) -> String {
    let message = "expected a string literal";
    match (instead, word) {
        (Some(literal), _) => help(message, format_args!("write `{word} = {literal:?}`")),
        (None, "key") => help(
            message,
            "write one; a value from elsewhere goes in a field, as in `key = \"{account}\"`",
        ),
        (None, _) => {
            help(message, "write one; a value from elsewhere goes in a field, `#[session(name)]`")
        }
    }
}

/// `name = account`
pub(crate) fn name_is_field(field: &str) -> String {
    help(
        format_args!("expected a string literal, found the field `{field}`"),
        "mark the field `#[session(name)]`",
    )
}

/// `key = "tg:{}", account`
pub(crate) fn arguments_of_key(key: &str) -> String {
    help(
        "a key template takes fields by name, and no arguments",
        format_args!("write `key = {key:?}`"),
    )
}

pub(crate) fn empty_name(name: &str, default: &str) -> String {
    let is = if name.is_empty() { "empty" } else { "blank" };
    help(
        format_args!("backend name is {is}"),
        format_args!("names tell backends apart in logs; remove it to use `{default}`"),
    )
}

pub(crate) fn field_in_name(field: &str) -> String {
    help(
        format_args!("`{{{field}}}` is not the value of `{field}`, because a name is no template"),
        "mark a field that holds the name `#[session(name)]`",
    )
}

pub(crate) fn control_character(what: &str, found: char) -> String {
    help(
        format_args!("{what} contains control character U+{:04X}", u32::from(found)),
        "remove it, it would not be seen in logs and errors",
    )
}

pub(crate) fn unknown_codec(word: &str) -> String {
    help(unknown("codec", word, keys::codec_meant(word)), codecs_are())
}

pub(crate) fn quoted_codec(word: &str) -> String {
    help("a codec is a word or a path, not a string", format_args!("write `codec = {word}`"))
}

/// `word()`
pub(crate) fn called_codec(word: &str) -> String {
    help("a codec is a word or a path, not a call", format_args!("write `codec = {word}`"))
}

/// `&My`, `My::new()`
pub(crate) fn codec_is_value(ty: &str) -> String {
    help(
        "a codec is a word or the path of a type, not a value",
        format_args!("write `codec = {ty}`"),
    )
}

pub(crate) fn expected_codec() -> String {
    help("expected a codec", codecs_are())
}

fn codecs_are() -> String {
    format!(
        "a codec is {}, or a path to a type that implements `Codec`",
        list(keys::words(keys::CODECS)),
    )
}

// `path` is absolute.

pub(crate) fn relative_crate(path: &str, in_module: bool) -> String {
    let message = "the path of `crate` must be absolute, because it is used in generated code";
    if in_module {
        return help(
            message,
            format_args!("write it from the root of this crate, as in `crate = {path}`"),
        );
    }
    help(
        message,
        format_args!("write `crate = {path}` for a dependency, `crate = crate` for this crate"),
    )
}

pub(crate) fn quoted_crate(path: &str) -> String {
    help("the value of `crate` is a path, not a string", format_args!("write `crate = {path}`"))
}

pub(crate) fn expected_crate(path: &str) -> String {
    help(
        "expected a path",
        format_args!("write `crate = {path}` for a dependency, `crate = crate` for this crate"),
    )
}
