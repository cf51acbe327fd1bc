//! Words that are none, and what they are meant to be: often tried spellings,
//! and slips of the fingers.

use super::{CODECS, Mode, mode, modes, words};

/// Words that people try for a mode, and the mode that they mean.
const MODE_SPELLINGS: &[(&str, Mode)] = &[
    ("kv", Mode::KeyValue),
    ("hash", Mode::KeyValue),
    ("hashmap", Mode::KeyValue),
    ("map", Mode::KeyValue),
    ("fields", Mode::KeyValue),
    ("row", Mode::Rows),
    ("sql", Mode::Rows),
    ("records", Mode::Rows),
    ("table", Mode::Rows),
    ("tables", Mode::Rows),
    ("sqlite", Mode::Rows),
    ("postgres", Mode::Rows),
    ("postgresql", Mode::Rows),
    ("mysql", Mode::Rows),
    ("libsql", Mode::Rows),
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
    ("key_prefix", "key"),
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

/// The option that people write as this word, in any mode.
pub(crate) fn option_spelt(word: &str) -> Option<&'static str> {
    let spelt = OPTION_SPELLINGS.iter().find(|(spelling, _)| *spelling == word);
    spelt.map(|&(_, option)| option).or_else(|| means_key_field(word).then_some("key"))
}

/// Whether a word would be the beginning of the key.
pub(crate) fn means_prefix(word: &str) -> bool {
    ["prefix", "namespace", "key_prefix"].contains(&word)
}

/// The option that a word means that is none, in a mode.
pub(crate) fn option_meant(word: &str, mode: Mode) -> Option<&'static str> {
    let valid = |option: &str| mode.options().any(|keyword| keyword.word == option);
    option_spelt(word)
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
