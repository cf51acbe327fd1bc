//! The keyword table.
//!
//! What may stand in a `#[session(..)]` attribute is decided here and nowhere
//! else. The table drives the parsing, the "did you mean" suggestions, the
//! "valid here" lists in the messages, and the attribute reference in the
//! documentation (`attributes.md`, compared with this table by a test), so none
//! of them can drift from the others. A message about one word has that word in
//! its text; the cases in `tests/ui` hold it to what compiles.

mod place;
mod spelling;

pub(crate) use place::*;
pub(crate) use spelling::*;

/// A storage mode: how a session is laid out in a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Blob,
    KeyValue,
    Rows,
}

/// A word on the struct.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StructKey {
    Mode(Mode),
    Name,
    Crate,
}

/// A word in the parentheses of a mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OptionKey {
    Key,
    Codec,
}

/// A word on a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldKey {
    Store,
    Cache,
    Name,
}

/// A codec that is known by a word instead of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CodecKey {
    Native,
    Bincode,
    Json,
}

/// One row of the table.
#[cfg_attr(not(test), allow(dead_code, reason = "a test reads the columns for the documentation"))]
pub(crate) struct Keyword<K> {
    pub(crate) key: K,
    pub(crate) word: &'static str,
    /// How it is written, for messages and for the documentation.
    pub(crate) form: &'static str,
    /// One that compiles, for help lines.
    pub(crate) example: &'static str,
    /// What it does, for the documentation.
    pub(crate) does: &'static str,
    /// What happens without it, for the documentation.
    pub(crate) without: &'static str,
}

const ONE_MODE: &str = "exactly one of `blob`, `key_value` and `rows` is required";

pub(crate) const STRUCT: &[Keyword<StructKey>] = &[
    Keyword {
        key: StructKey::Mode(Mode::Blob),
        word: "blob",
        form: "blob",
        example: "blob",
        does: "the store holds one value, the whole session; the store field implements `BlobStore`",
        without: ONE_MODE,
    },
    Keyword {
        key: StructKey::Mode(Mode::KeyValue),
        word: "key_value",
        form: "key_value",
        example: "key_value",
        does: "the store holds one field per record; the store field implements `KeyValueStore`",
        without: ONE_MODE,
    },
    Keyword {
        key: StructKey::Mode(Mode::Rows),
        word: "rows",
        form: "rows",
        example: "rows",
        does: "the store holds one row per record; the store field implements `RowStore`",
        without: ONE_MODE,
    },
    Keyword {
        key: StructKey::Name,
        word: "name",
        form: "name = \"..\"",
        example: "name = \"main\"",
        does: "what `name()` returns; it tells backends apart in logs and errors",
        without: "the type's name in kebab case without `Backend`: `RedisBackend` is `redis`",
    },
    Keyword {
        key: StructKey::Crate,
        word: "crate",
        form: "crate = ::path",
        example: "crate = ::ferogram_session",
        does: "where the library is: `::path` in a dependency, `crate` in this crate",
        without: "`::ferogram_session`",
    },
];

pub(crate) const OPTIONS: &[Keyword<OptionKey>] = &[
    Keyword {
        key: OptionKey::Key,
        word: "key",
        form: "key = \"..\"",
        example: "key = \"main\"",
        does: "which session in the store; `{field}` is the value of a field, `{{` and `}}` are braces",
        without: "the key is `default`",
    },
    Keyword {
        key: OptionKey::Codec,
        word: "codec",
        form: "codec = ..",
        example: "codec = native",
        does: "how values become bytes: `native`, `bincode`, `json`, or a path to a type that implements `Codec`",
        without: "`native`",
    },
];

pub(crate) const FIELDS: &[Keyword<FieldKey>] = &[
    Keyword {
        key: FieldKey::Store,
        word: "store",
        form: "store",
        example: "store",
        does: "the field that holds the store; its type implements the trait of the mode",
        without: "required on exactly one field",
    },
    Keyword {
        key: FieldKey::Cache,
        word: "cache",
        form: "cache",
        example: "cache",
        does: "the field that holds a `SessionCache`: saves the read, and lets `save` write only what changed",
        without: "each call asks the store",
    },
    Keyword {
        key: FieldKey::Name,
        word: "name",
        form: "name",
        example: "name",
        does: "the `String` field that `name()` returns",
        without: "`name = \"..\"` of the struct, or the type's name",
    },
];

pub(crate) const CODECS: &[Keyword<CodecKey>] = &[
    Keyword {
        key: CodecKey::Native,
        word: "native",
        form: "codec = native",
        example: "codec = native",
        does: "the library's own format: smallest, and readable by every later version",
        without: "it is what you get",
    },
    Keyword {
        key: CodecKey::Bincode,
        word: "bincode",
        form: "codec = bincode",
        example: "codec = bincode",
        does: "bincode 2; needs the feature `bincode` of `ferogram-session`",
        without: "`native`",
    },
    Keyword {
        key: CodecKey::Json,
        word: "json",
        form: "codec = json",
        example: "codec = json",
        does: "JSON, for stores that people read; needs the feature `json` of `ferogram-session`",
        without: "`native`",
    },
];

impl Mode {
    pub(crate) fn word(self) -> &'static str {
        word(STRUCT, StructKey::Mode(self))
    }

    /// The trait of its stores.
    pub(crate) fn store(self) -> &'static str {
        match self {
            Mode::Blob => "BlobStore",
            Mode::KeyValue => "KeyValueStore",
            Mode::Rows => "RowStore",
        }
    }

    /// The words that are valid in this mode's parentheses.
    pub(crate) fn options(self) -> impl Iterator<Item = &'static Keyword<OptionKey>> {
        OPTIONS.iter().filter(move |option| option.key.valid_in(self))
    }
}

impl CodecKey {
    pub(crate) fn word(self) -> &'static str {
        word(CODECS, self)
    }
}

impl OptionKey {
    /// A codec makes values, and rows have columns instead.
    pub(crate) fn valid_in(self, mode: Mode) -> bool {
        match self {
            OptionKey::Key => true,
            OptionKey::Codec => mode != Mode::Rows,
        }
    }
}

/// The row of `word` in one section of the table.
pub(crate) fn find<'t, K>(table: &'t [Keyword<K>], word: &str) -> Option<&'t Keyword<K>> {
    table.iter().find(|keyword| keyword.word == word)
}

/// The word of a key in one section of the table.
fn word<K: PartialEq>(table: &'static [Keyword<K>], key: K) -> &'static str {
    table.iter().find(|keyword| keyword.key == key).map_or("", |keyword| keyword.word)
}

/// The words of one section of the table.
pub(crate) fn words<K>(table: &'static [Keyword<K>]) -> impl Iterator<Item = &'static str> {
    table.iter().map(|keyword| keyword.word)
}

pub(crate) fn field_word(key: FieldKey) -> &'static str {
    word(FIELDS, key)
}

pub(crate) fn modes() -> impl Iterator<Item = &'static str> {
    STRUCT
        .iter()
        .filter(|keyword| matches!(keyword.key, StructKey::Mode(_)))
        .map(|keyword| keyword.word)
}

/// The mode of this name.
pub(crate) fn mode(word: &str) -> Option<Mode> {
    match find(STRUCT, word)?.key {
        StructKey::Mode(mode) => Some(mode),
        StructKey::Name | StructKey::Crate => None,
    }
}
