//! Messages about words: unknown ones, those in the wrong place, those given
//! twice.

use super::{help, list, modes_are, unknown};
use crate::keys::{self, Mode, Place, StructKey};
use crate::suggest::nearest;

/// `options` are those given to it, with their parentheses.
pub(crate) fn unknown_mode(word: &str, options: &str) -> String {
    let meant = keys::mode_meant(word).map(Mode::word);
    let message = unknown("storage mode", word, meant);
    match meant {
        Some(mode) => {
            help(message, format_args!("write `#[session({mode}{options})]`; {}", modes_are()))
        }
        None => help(
            message,
            format_args!(
                "a mode says how a session is laid out ({}); the client goes in the field marked `#[session(store)]`",
                list(keys::modes()),
            ),
        ),
    }
}

/// `mode = "blob"` and its relatives.
pub(crate) fn mode_is_a_word(word: &str, meant: Option<Mode>) -> String {
    let way_out = match meant {
        Some(mode) => format!("write `#[session({})]`", mode.word()),
        None => format!("write `#[session(key_value)]`; {}", modes_are()),
    };
    help(format_args!("a storage mode is a word of its own, not a value of `{word}`"), way_out)
}

pub(crate) fn unknown_struct_option(word: &str) -> String {
    let near = nearest(word, keys::words(keys::STRUCT));
    let options = keys::STRUCT.iter().filter(|keyword| !matches!(keyword.key, StructKey::Mode(_)));
    help(
        unknown("option", word, near),
        format_args!(
            "on the struct go one mode of {}, and {}",
            list(keys::modes()),
            list(options.map(|keyword| keyword.form)),
        ),
    )
}

pub(crate) fn unknown_mode_option(word: &str, mode: Mode) -> String {
    let near = keys::option_meant(word, mode);
    let mode_word = mode.word();
    let message = match near {
        Some(near) => format!("unknown option `{word}` in `{mode_word}`, did you mean `{near}`?"),
        None => format!("unknown option `{word}` in `{mode_word}`"),
    };
    help(
        message,
        format_args!(
            "options of `{mode_word}` are {}",
            list(mode.options().map(|option| option.word))
        ),
    )
}

pub(crate) fn unknown_field_option(word: &str) -> String {
    if keys::means_store(word) {
        return help(
            format_args!("unknown field option `{word}`, did you mean `store`?"),
            "mark the field that holds the client `#[session(store)]`",
        );
    }
    let near = nearest(word, keys::words(keys::FIELDS));
    help(
        unknown("field option", word, near),
        format_args!("field options are {}", list(keys::words(keys::FIELDS))),
    )
}

/// `field` was meant to be part of the key.
pub(crate) fn key_field(word: &str, mode: Option<Mode>, field: &str) -> String {
    help(
        format_args!("unknown field option `{word}`, because the key is an option of the mode"),
        format_args!(
            "write `#[session({}(key = \"{{{field}}}\"))]` above the struct",
            mode_for("key", mode).word()
        ),
    )
}

/// The field was meant to be left alone.
pub(crate) fn other_field(word: &str) -> String {
    help(
        format_args!("unknown field option `{word}`, because fields without a mark are left alone"),
        "remove the attribute",
    )
}

pub(crate) fn tables(word: &str) -> String {
    help(
        format_args!("unknown option `{word}`, because tables are named where the store is made"),
        "use `SqlStore::with_prefix(..)`",
    )
}

// Words in the wrong place. `mode` is the mode of the struct, as far as it is
// known, `written` the word with its value.

pub(crate) fn not_on_struct(
    word: &str,
    belongs: Place,
    mode: Option<Mode>,
    written: &str,
) -> String {
    match belongs {
        Place::Field => {
            help(format_args!("`{word}` belongs on a field, not on the struct"), mark_field(word))
        }
        Place::Option | Place::Struct => help(
            format_args!("`{word}` is an option of a storage mode and belongs in its parentheses"),
            format_args!("write `#[session({}({written}))]`", mode_for(word, mode).word()),
        ),
    }
}

pub(crate) fn not_in_mode(word: &str, belongs: Place, mode: Mode, written: &str) -> String {
    let mode = mode.word();
    match belongs {
        Place::Field => {
            help(format_args!("`{word}` belongs on a field, not in `{mode}`"), mark_field(word))
        }
        _ if keys::modes().any(|other| other == word) => help(
            format_args!("`{word}` is a storage mode, not an option of `{mode}`"),
            "a struct has one mode, keep one of the two",
        ),
        _ => help(
            format_args!("`{word}` belongs beside `{mode}`, not in its parentheses"),
            format_args!("write `#[session({mode}, {written})]`"),
        ),
    }
}

pub(crate) fn not_on_field(
    word: &str,
    belongs: Place,
    mode: Option<Mode>,
    written: &str,
) -> String {
    let attribute = match belongs {
        Place::Option => format!("#[session({}({written}))]", mode_for(word, mode).word()),
        Place::Struct | Place::Field => format!("#[session({written})]"),
    };
    help(
        format_args!("`{word}` belongs on the struct, not on a field"),
        format_args!("write `{attribute}` above the struct"),
    )
}

fn mark_field(word: &str) -> String {
    let holds = match word {
        "store" => "that holds the client",
        "cache" => "of type `SessionCache`",
        _ => "that it is about",
    };
    format!("put `#[session({word})]` above the field {holds}")
}

/// The mode to show an option in: the struct's own if it takes the option.
fn mode_for(word: &str, mode: Option<Mode>) -> Mode {
    match (mode, keys::find(keys::OPTIONS, word)) {
        (Some(mode), Some(option)) if option.key.valid_in(mode) => mode,
        _ => Mode::Blob,
    }
}

pub(crate) fn codec_in_rows() -> String {
    help(
        "`codec` has no effect in `rows`, because each record has its own columns",
        "remove it, or use `blob`",
    )
}

// Words given twice.

pub(crate) fn repeated(word: &str) -> String {
    help(format_args!("`{word}` specified more than once"), "keep one")
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

/// The label of the first of two places.
pub(crate) fn first(what: &str) -> String {
    format!("first {what} here")
}
