//! Messages about storage modes: one that is unknown, one in the wrong place, one
//! too many.

use super::{help, list, modes_are, unknown};
use crate::keys::{self, Mode};

/// `attribute` is the whole attribute with the mode that was `meant`.
pub(crate) fn unknown_mode(word: &str, meant: Option<Mode>, attribute: Option<&str>) -> String {
    let message = unknown("storage mode", word, meant.map(Mode::word));
    match attribute {
        Some(attribute) => help(message, format_args!("write `{attribute}`; {}", modes_are())),
        None => help(
            message,
            format_args!(
                "a mode says how a session is laid out ({}); the client goes in the field marked `#[session(store)]`",
                list(keys::modes()),
            ),
        ),
    }
}

/// `mode = "blob"` and its relatives. `attribute` is the whole attribute as it
/// could be.
pub(crate) fn mode_is_a_word(word: &str, meant: Option<Mode>, attribute: &str) -> String {
    let way_out = match meant {
        Some(_) => format!("write `{attribute}`"),
        None => format!("write `{attribute}`; {}", modes_are()),
    };
    help(format_args!("a storage mode is a word of its own, not a value of `{word}`"), way_out)
}

/// A mode on the field that is meant as the store. `attribute` is that of the
/// struct, if it has no mode.
pub(crate) fn mode_for_store(word: &str, attribute: Option<&str>) -> String {
    let message = format!("`{word}` belongs on the struct, not on a field");
    match attribute {
        Some(attribute) => help(
            message,
            format_args!("write `#[session(store)]` here, and `{attribute}` above the struct"),
        ),
        None => help(message, "write `#[session(store)]` here, the struct has a mode"),
    }
}

/// `store = key_value`
pub(crate) fn mode_of_store(attribute: &str) -> String {
    help(
        "`store` on a field takes no value, and a storage mode belongs on the struct",
        format_args!("write `#[session(store)]` here, and `{attribute}` above the struct"),
    )
}

pub(crate) fn repeated_mode(word: &str) -> String {
    help(format_args!("`{word}` specified more than once"), "merge the options into one list")
}

pub(crate) fn conflicting_modes(second: Mode, first: Mode) -> String {
    help(
        format_args!(
            "only one storage mode is allowed, `{}` conflicts with `{}`",
            second.word(),
            first.word()
        ),
        "keep one of the two",
    )
}

/// An item that means a mode, beside the mode `first`.
pub(crate) fn mode_too_many(item: &str, first: Mode) -> String {
    help(
        "only one storage mode is allowed",
        format_args!("remove `{item}`, the struct has `{}`", first.word()),
    )
}
