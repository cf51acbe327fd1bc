//! Holds `attributes.md`, the documentation of the derive, to the keyword
//! table.

use std::path::Path;

use crate::keys::{self, CODECS, FIELDS, Keyword, Mode, OPTIONS, STRUCT};

const REFERENCE: &str = include_str!("attributes.md");

fn table(head: &str, rows: impl Iterator<Item = Vec<String>>) -> String {
    let columns = head.matches('|').count() - 1;
    let rows: Vec<String> = rows.map(|row| format!("| {} |\n", row.join(" | "))).collect();
    format!("{head}\n|{}\n{}", "---|".repeat(columns), rows.concat())
}

fn row<K>(keyword: &Keyword<K>) -> Vec<String> {
    vec![format!("`{}`", keyword.form), keyword.does.to_owned(), keyword.without.to_owned()]
}

#[track_caller]
fn assert_documented(table: &str) {
    assert!(REFERENCE.contains(table), "`attributes.md` should have this table:\n\n{table}");
}

#[test]
fn struct_words_are_documented() {
    assert_documented(&table(
        "| `#[session(..)]` | what it does | without it |",
        STRUCT.iter().map(row),
    ));
}

#[test]
fn mode_options_are_documented() {
    let rows = OPTIONS.iter().map(|option| {
        let modes = [Mode::Blob, Mode::KeyValue, Mode::Rows]
            .into_iter()
            .filter(|mode| option.key.valid_in(*mode));
        let mut row = row(option);
        row.insert(1, crate::message::list(modes.map(Mode::word)));
        row
    });
    assert_documented(&table("| option | in | what it does | without it |", rows));
}

#[test]
fn field_words_are_documented() {
    assert_documented(&table(
        "| `#[session(..)]` | what it does | without it |",
        FIELDS.iter().map(row),
    ));
}

#[test]
fn codecs_are_documented() {
    let rows = CODECS.iter().map(|codec| {
        vec![format!("`{}`", codec.word), codec.does.to_owned(), codec.without.to_owned()]
    });
    let path = ["a path", "a type of yours that implements `Codec`", "`native`"];
    let path = path.map(str::to_owned).to_vec();
    assert_documented(&table("| `codec = ..` | what it is | without it |", rows.chain([path])));
}

/// The library has words of the table in the texts of its traits.
#[test]
fn notes_of_the_library_have_these_words() {
    let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ferogram-session/src");
    let notes = |file: &str| -> String {
        let source = std::fs::read_to_string(library.join(file)).unwrap();
        source.lines().filter(|line| line.trim_start().starts_with("note = ")).collect()
    };
    let codecs: Vec<_> = keys::words(CODECS).map(|word| format!("`{word}`")).collect();
    let (last, others) = codecs.split_last().unwrap();
    let codecs = format!("write {} or {last}\"", others.join(", "));
    assert!(notes("codec/mod.rs").contains(&codecs), "`on_unimplemented` of `Codec`: {codecs}");

    for mode in [Mode::Blob, Mode::KeyValue, Mode::Rows] {
        let notes = notes(&format!("mode/{}.rs", mode.word()));
        for other in keys::modes().filter(|other| *other != mode.word()) {
            assert!(notes.contains(&format!("? use `{other}`")), "{notes}: {other}");
        }
    }
    let backend = notes("backend.rs");
    let named = backend.split("#[session(").nth(1).and_then(|rest| rest.split(')').next());
    assert!(named.is_some_and(|word| keys::mode(word).is_some()), "{backend}");
}

/// The examples are compiled where the library is at hand, in `tests/ui`.
#[test]
fn every_word_is_in_an_example() {
    let examples: String =
        REFERENCE.split("```").skip(1).step_by(2).flat_map(|example| [example, "\n"]).collect();
    let attributes: Vec<&str> =
        examples.lines().filter_map(|line| line.trim().strip_prefix("#[session(")).collect();
    let words = keys::words(STRUCT)
        .chain(keys::words(OPTIONS))
        .chain(keys::words(FIELDS))
        .chain(keys::words(CODECS));
    for word in words {
        let used = |attribute: &&str| {
            attribute.split(|c: char| !c.is_alphanumeric() && c != '_').any(|part| part == word)
        };
        assert!(attributes.iter().any(used), "`{word}` is in no example");
    }
}

#[test]
fn the_store_of_a_mode_is_documented() {
    for mode in [Mode::Blob, Mode::KeyValue, Mode::Rows] {
        let row = keys::find(STRUCT, mode.word()).unwrap();
        assert!(row.does.contains(&format!("`{}`", mode.store())), "{}", row.does);
    }
}

#[test]
fn words_are_unique_in_their_place() {
    fn assert_unique<K>(table: &'static [Keyword<K>]) {
        for keyword in table {
            assert_eq!(
                keys::words(table).filter(|word| *word == keyword.word).count(),
                1,
                "{}",
                keyword.word
            );
            assert!(keyword.form.contains(keyword.word), "{}", keyword.form);
        }
    }
    assert_unique(STRUCT);
    assert_unique(OPTIONS);
    assert_unique(FIELDS);
    assert_unique(CODECS);
}

#[test]
fn spellings_are_no_words_and_mean_a_mode() {
    for word in ["kv", "row", "string", "key_vlaue", "rowz"] {
        assert!(keys::mode(word).is_none(), "{word}");
        assert!(keys::mode_meant(word).is_some(), "{word}");
    }
    assert!(keys::mode_meant("redis").is_none());
}
