//! The keyword table.
//!
//! Every word that may stand in a `#[session(..)]` attribute is written here
//! and nowhere else. The table drives the parsing, the "did you mean"
//! suggestions, the "valid here" lists in the messages, and the attribute
//! reference in the documentation (`attributes.md`, compared with this table by
//! a test), so none of them can drift from the others.

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

pub(crate) const STRUCT: &[Keyword<StructKey>] = &[
    Keyword {
        key: StructKey::Mode(Mode::Blob),
        word: "blob",
        form: "blob",
        example: "blob",
        does: "the store holds one value, the whole session; the store field implements `BlobStore`",
        without: "exactly one of `blob`, `key_value` and `rows` is required",
    },
    Keyword {
        key: StructKey::Mode(Mode::KeyValue),
        word: "key_value",
        form: "key_value",
        example: "key_value",
        does: "the store holds one field per record; the store field implements `KeyValueStore`",
        without: "exactly one of `blob`, `key_value` and `rows` is required",
    },
    Keyword {
        key: StructKey::Mode(Mode::Rows),
        word: "rows",
        form: "rows",
        example: "rows",
        does: "the store holds one row per record; the store field implements `RowStore`",
        without: "exactly one of `blob`, `key_value` and `rows` is required",
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

/// Words that people try for a mode, and the mode that they mean.
const MODE_SPELLINGS: &[(&str, Mode)] = &[
    ("kv", Mode::KeyValue),
    ("hash", Mode::KeyValue),
    ("map", Mode::KeyValue),
    ("fields", Mode::KeyValue),
    ("row", Mode::Rows),
    ("sql", Mode::Rows),
    ("records", Mode::Rows),
    ("string", Mode::Blob),
    ("bytes", Mode::Blob),
    ("binary", Mode::Blob),
    ("file", Mode::Blob),
    ("object", Mode::Blob),
];

/// Words that people try for an option of a mode, and the option that they mean.
const OPTION_SPELLINGS: &[(&str, &str)] = &[
    ("prefix", "key"),
    ("namespace", "key"),
    ("path", "key"),
    ("id", "key"),
    ("session", "key"),
    ("template", "key"),
    ("format", "codec"),
    ("encoding", "codec"),
    ("serializer", "codec"),
    ("serialize", "codec"),
    ("serde", "codec"),
    ("with", "codec"),
];

/// Words that people try for `store` on a field.
const STORE_SPELLINGS: &[&str] = &[
    "client",
    "conn",
    "connection",
    "db",
    "inner",
    "pool",
    "storage",
    "backend",
    "source",
    "from",
];

/// Words that people try on a field that is part of the key.
const KEY_FIELD_SPELLINGS: &[&str] = &[
    "id",
    "account",
    "account_id",
    "user",
    "user_id",
    "session",
    "session_id",
    "primary_key",
    "pk",
    "key_part",
    "key_field",
];

/// Words that people try on a field that has nothing to do with sessions.
const OTHER_FIELD_SPELLINGS: &[&str] = &[
    "skip",
    "ignore",
    "default",
    "other",
    "rename",
    "flatten",
    "transient",
    "column",
    "arg",
    "long",
    "short",
];

/// Words that people put before `=` to name a mode.
const MODE_WORDS: &[&str] =
    &["mode", "kind", "layout", "storage", "type", "backend", "driver", "tag"];

/// Words that would name tables, which is done where the store is made.
const TABLE_WORDS: &[&str] =
    &["table", "tables", "table_prefix", "table_name", "tablename", "schema"];

/// Where a word is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Struct,
    /// In the parentheses of a mode.
    Option,
    Field,
}

/// A list that is being read: what is valid in it, for messages about what is
/// no word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Site {
    Struct,
    /// The parentheses of a mode.
    Options(Mode),
    Field,
}

impl Site {
    /// An attribute that is valid here.
    pub(crate) fn attribute(self) -> String {
        let word = match self {
            Site::Struct | Site::Options(_) => Mode::KeyValue.word(),
            Site::Field => word(FIELDS, FieldKey::Store),
        };
        format!("#[session({word})]")
    }

    /// How a word is written that is valid here.
    pub(crate) fn example(self, word: &str) -> Option<&'static str> {
        match self {
            Site::Struct => find(STRUCT, word).map(|keyword| keyword.example),
            Site::Options(mode) => {
                mode.options().find(|option| option.word == word).map(|option| option.example)
            }
            Site::Field => find(FIELDS, word).map(|keyword| keyword.example),
        }
    }

    /// The word that is meant by one that is not valid here.
    pub(crate) fn meant(self, word: &str) -> Option<&'static str> {
        match self {
            Site::Struct => mode_meant(word)
                .map(Mode::word)
                .or_else(|| crate::suggest::nearest(word, words(STRUCT))),
            Site::Options(mode) => option_meant(word, mode),
            Site::Field if means_store(word) => Some(self::word(FIELDS, FieldKey::Store)),
            Site::Field => crate::suggest::nearest(word, words(FIELDS)),
        }
    }
}

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

pub(crate) fn modes() -> impl Iterator<Item = &'static str> {
    STRUCT
        .iter()
        .filter(|keyword| matches!(keyword.key, StructKey::Mode(_)))
        .map(|keyword| keyword.word)
}

/// The first place where `word` is valid, `except` one where it was found not
/// to be.
pub(crate) fn elsewhere(word: &str, except: Place) -> Option<Place> {
    let places = [
        (Place::Struct, find(STRUCT, word).is_some()),
        (Place::Option, find(OPTIONS, word).is_some()),
        (Place::Field, find(FIELDS, word).is_some()),
    ];
    places.into_iter().find(|&(place, valid)| valid && place != except).map(|(place, _)| place)
}

/// Whether an option is one that a mode does not have.
pub(crate) fn has_no_effect(word: &str, mode: Option<Mode>) -> bool {
    mode.zip(find(OPTIONS, word)).is_some_and(|(mode, option)| !option.key.valid_in(mode))
}

/// How a word is written, wherever it is valid.
pub(crate) fn example(word: &str) -> &'static str {
    find(STRUCT, word)
        .map(|keyword| keyword.example)
        .or_else(|| find(OPTIONS, word).map(|keyword| keyword.example))
        .or_else(|| find(FIELDS, word).map(|keyword| keyword.example))
        .unwrap_or_default()
}

/// The mode of this name.
pub(crate) fn mode(word: &str) -> Option<Mode> {
    match find(STRUCT, word)?.key {
        StructKey::Mode(mode) => Some(mode),
        StructKey::Name | StructKey::Crate => None,
    }
}

/// The mode that a word means that is none: an often tried spelling, or a
/// misspelt mode.
///
/// `KeyValue` and `Rows` are how an enum would spell them.
pub(crate) fn mode_meant(word: &str) -> Option<Mode> {
    let bare = bare(word);
    // The trait of its stores stands for a mode.
    let bare = bare.strip_suffix("store").filter(|bare| !bare.is_empty()).unwrap_or(&bare);
    if let Some(mode) = modes().find(|mode| self::bare(mode) == bare) {
        return self::mode(mode);
    }
    let spelt = MODE_SPELLINGS.iter().find(|(spelling, _)| *spelling == bare);
    spelt.map(|&(_, mode)| mode).or_else(|| mode(crate::suggest::nearest(word, modes())?))
}

/// A word without what naming styles differ in.
fn bare(word: &str) -> String {
    word.replace(['_', '-'], "").to_lowercase()
}

/// The option that a word means that is none, in a mode.
pub(crate) fn option_meant(word: &str, mode: Mode) -> Option<&'static str> {
    let spelt = OPTION_SPELLINGS.iter().find(|(spelling, _)| *spelling == word);
    let meant = spelt.map(|&(_, option)| option);
    let valid = |option: &str| mode.options().any(|keyword| keyword.word == option);
    meant
        .filter(|option| valid(option))
        .or_else(|| crate::suggest::nearest(word, mode.options().map(|keyword| keyword.word)))
}

pub(crate) fn names_mode(word: &str) -> bool {
    MODE_WORDS.contains(&word)
}

pub(crate) fn means_store(word: &str) -> bool {
    STORE_SPELLINGS.contains(&word)
}

pub(crate) fn means_key_field(word: &str) -> bool {
    KEY_FIELD_SPELLINGS.contains(&word)
}

pub(crate) fn means_other_field(word: &str) -> bool {
    OTHER_FIELD_SPELLINGS.contains(&word)
}

/// Words that people try because their client is async.
pub(crate) fn is_async(word: &str) -> bool {
    ["async", "tokio", "async_trait", "blocking"].contains(&word)
}

/// The codec that a word means that is none: a misspelt one, or a word around
/// it, such as `serde_json`.
pub(crate) fn codec_meant(word: &str) -> Option<&'static str> {
    crate::suggest::nearest(word, words(CODECS))
        .or_else(|| words(CODECS).find(|codec| bare(word).contains(codec)))
}

pub(crate) fn names_tables(word: &str) -> bool {
    TABLE_WORDS.contains(&word)
}
