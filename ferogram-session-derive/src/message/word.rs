//! Messages about words: unknown ones, those in the wrong place, those given
//! twice.

use super::{help, unknown, words_are};
use crate::keys::{self, Mode, Place, Site};
use crate::suggest::nearest;

pub(crate) fn unknown_struct_option(word: &str) -> String {
    let near = nearest(word, keys::words(keys::STRUCT));
    help(unknown("option", word, near), words_are(Site::Struct))
}

pub(crate) fn unknown_mode_option(word: &str, mode: Mode) -> String {
    let near = keys::option_meant(word, mode);
    let mode_word = mode.word();
    let message = match near {
        Some(near) => format!("unknown option `{word}` in `{mode_word}`, did you mean `{near}`?"),
        None => format!("unknown option `{word}` in `{mode_word}`"),
    };
    help(message, words_are(Site::Options(mode)))
}

/// A word that means an option of the mode, or is a codec. `attribute` is the
/// whole attribute as it should be, if the mode does not have that option yet.
pub(crate) fn option_of_mode(word: &str, meant: &str, attribute: Option<&str>) -> String {
    let message = if keys::find(keys::CODECS, word).is_some() {
        format!("`{word}` is a codec, and `codec` is an option of a storage mode")
    } else {
        format!("unknown option `{word}`, did you mean `{meant}` of the storage mode?")
    };
    match attribute {
        Some(attribute) => help(message, format_args!("write `{attribute}`")),
        None => help(message, "remove it here, the mode has one"),
    }
}

/// `json`, in the parentheses of a mode.
pub(crate) fn codec_alone(word: &str) -> String {
    help(
        format_args!("`{word}` is a codec, and not an option"),
        format_args!("write `codec = {word}`"),
    )
}

/// `prefix = "tg:", key = "{account}"`: `key` is both.
pub(crate) fn prefix_of_key(word: &str, mode: Mode, key: &str) -> String {
    help(
        format_args!(
            "unknown option `{word}` in `{}`, because a key is written as a whole",
            mode.word()
        ),
        format_args!("write `key = {key:?}`"),
    )
}

/// A field of the struct, as an argument of the key.
pub(crate) fn field_of_key(word: &str, mode: Mode) -> String {
    help(
        format_args!(
            "unknown option `{word}` in `{}`, because a field of the key stands in it",
            mode.word()
        ),
        format_args!("write `key = \"{{{word}}}\"`"),
    )
}

/// `async`, beside the mode, or in its place: then `mode` is an attribute with
/// one.
pub(crate) fn async_store(word: &str, mode: Option<&str>) -> String {
    let word_is =
        format!("unknown option `{word}`, because the store says whether its client is async");
    match mode {
        Some(mode) => help(
            word_is,
            format_args!("make the field a `Blocking<Client>`, and name its mode, e.g. `{mode}`"),
        ),
        None => help(word_is, "make the field a `Blocking<Client>`, and remove the word"),
    }
}

/// `session(store)`, `kind = "cache"`
pub(crate) fn field_option_is_a_word(word: &str, meant: &str) -> String {
    help(
        format_args!("a field option is a word of its own, not a value of `{word}`"),
        format_args!("write `#[session({meant})]`"),
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
    help(unknown("field option", word, near), words_are(Site::Field))
}

/// The field was meant to be part of the key.
pub(crate) fn key_field(word: &str, attribute: &str) -> String {
    help(
        format_args!("unknown field option `{word}`, because the key is an option of the mode"),
        format_args!("write `{attribute}` above the struct"),
    )
}

/// The field was meant to be left alone.
pub(crate) fn other_field(word: &str) -> String {
    help(
        format_args!("unknown field option `{word}`, because fields without a mark are left alone"),
        "remove the attribute",
    )
}

/// `name` is the one that was given. `mode` is an attribute with a mode, where
/// there is none.
pub(crate) fn tables(word: &str, name: Option<&str>, mode: Option<&str>) -> String {
    let name = name.filter(|name| is_identifier(name)).unwrap_or("bot_");
    let store = match word {
        "schema" => format!("SqlStore::in_schema(client, {name:?}, TablePrefix::default())"),
        _ => format!("SqlStore::with_prefix(client, TablePrefix::new({name:?}))"),
    };
    help(
        format_args!("unknown option `{word}`, because tables are named where the store is made"),
        match mode {
            Some(mode) => format!("write `{mode}`, and make the store by `{store}`"),
            None => format!("make the store by `{store}`"),
        },
    )
}

/// Whether a table prefix can be this.
fn is_identifier(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.len() <= 40
        && name.chars().all(|c| c == '_' || c.is_ascii_alphanumeric())
}

// Words in the wrong place. `attribute` is the whole attribute of the struct as
// it should be.

/// `alone` says that nothing else stands in the attribute with the word.
pub(crate) fn not_on_struct(word: &str, attribute: &str, alone: bool) -> String {
    help(
        format_args!("`{word}` is an option of a storage mode and belongs in its parentheses"),
        format_args!("write `{attribute}`{}", if alone { " in place of both" } else { "" }),
    )
}

/// `mode` is an attribute with a mode, where there is none.
pub(crate) fn field_option_on_struct(word: &str, mode: Option<&str>) -> String {
    let mode = mode.map(|mode| format!(", and name a mode here, e.g. `{mode}`"));
    help(
        format_args!("`{word}` belongs on a field, not on the struct"),
        format_args!("{}{}", mark_field(word), mode.unwrap_or_default()),
    )
}

/// Several of them, whose names these are.
pub(crate) fn options_on_struct(names: &[&str], attribute: &str) -> String {
    help(
        format_args!(
            "`{}` are options of a storage mode and belong in its parentheses",
            names.join("` and `")
        ),
        format_args!("write `{attribute}`"),
    )
}

/// The mode has it too.
pub(crate) fn not_on_struct_either(word: &str) -> String {
    help(
        format_args!("`{word}` is an option of a storage mode and belongs in its parentheses"),
        "remove it here, the mode has one",
    )
}

pub(crate) fn not_in_mode(word: &str, belongs: Place, mode: Mode, attribute: &str) -> String {
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
            format_args!("write `{attribute}`"),
        ),
    }
}

pub(crate) fn not_on_field(word: &str, attribute: &str) -> String {
    help(
        format_args!("`{word}` belongs on the struct, not on a field"),
        format_args!("write `{attribute}` above the struct"),
    )
}

/// The struct has it too.
pub(crate) fn not_on_field_either(word: &str) -> String {
    help(
        format_args!("`{word}` belongs on the struct, not on a field"),
        "remove it here, the struct has it",
    )
}

fn mark_field(word: &str) -> String {
    let holds = match word {
        "cache" => "of type `SessionCache`",
        _ => "that holds the client",
    };
    format!("put `#[session({word})]` above the field {holds}")
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

/// The label of the first of two places.
pub(crate) fn first(what: &str) -> String {
    format!("first {what} here")
}
