//! What the compiler says to someone who uses the derive wrongly, and that it
//! says nothing to those who use it right. `TRYBUILD=overwrite` writes the
//! snapshots anew.

use std::io;
use std::path::Path;

/// Apart from those that must compile: trybuild then checks all cases in one
/// run of cargo, instead of building them one after the other.
///
/// What is found only once types are known, `error[E..]`, is in `bound` where it
/// is about the type of a field, and else in the folder of what was written.
#[test]
fn messages() {
    let cases = trybuild::TestCases::new();
    for topic in [
        "attribute",
        "bound",
        "codec",
        "conformance",
        "crate_path",
        "field",
        "key",
        "mode",
        "name",
        "newcomer",
        "option",
        "shape",
        "table_prefix",
    ] {
        cases.compile_fail(format!("cases/{topic}/*.rs"));
    }
}

#[test]
fn no_messages() {
    trybuild::TestCases::new().pass("cases/pass/*.rs");
}

/// A help that does not compile is worse than none: every piece of code that one
/// says to write, be it in a help line, a label or a note, stands in a case that
/// has to pass. A single word is no piece of code.
#[test]
fn code_of_helps_is_in_a_case_that_passes() -> io::Result<()> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let passing: String =
        files(&cases.join("pass"), "rs")?.iter().map(|(_, text)| code_of(text)).collect();
    let mut helps = Vec::new();
    for (name, text) in files(&cases, "stderr")? {
        // rustc's own help lines stand further to the left.
        let of_ours: Vec<&str> =
            text.lines().filter(|line| line.starts_with("       help: ")).collect();
        // What is written beside another mistake does not compile yet.
        if of_ours.len() < 2 {
            helps.extend(of_ours.iter().map(|help| (name.clone(), (*help).to_owned())));
        }
        let labels = text.lines().filter_map(|line| line.split_once("^ write "));
        helps.extend(labels.map(|(_, label)| (name.clone(), label.to_owned())));
    }
    let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ferogram-session/src");
    for (name, text) in files(&library, "rs")? {
        let notes = text.lines().filter_map(|line| line.trim().strip_prefix("note = \""));
        helps.extend(notes.map(|note| (name.clone(), note.replace("\\\"", "\""))));
    }

    let mut missing = Vec::new();
    let mut seen = 0;
    for (name, help) in &helps {
        for code in to_write(help).filter(|code| is_code(code)) {
            seen += 1;
            if !passing.contains(&without_spaces(code)) {
                missing.push(format!("{name}: {code}"));
            }
        }
    }
    assert!(seen > 100, "found {seen} only");
    assert!(missing.is_empty(), "in no case that passes:\n{}", missing.join("\n"));
    Ok(())
}

/// The pieces of code in a help, without those to be removed.
fn to_write(help: &str) -> impl Iterator<Item = &str> {
    let pieces: Vec<&str> = help.split('`').collect();
    let code = pieces.chunks(2).filter_map(|piece| match piece {
        [before, code] if !before.ends_with("remove ") => Some(*code),
        _ => None,
    });
    code.collect::<Vec<_>>().into_iter()
}

/// What is said where nothing leads, so that a stub is never without an error.
const NEVER_SHOWN: [&str; 2] = [
    "`SessionBackend` cannot be derived for this struct",
    "implement the trait by hand, and report this as a mistake of the derive",
];

/// Every text of the derive is in a case: a message without one would not be held
/// to anything here.
#[test]
fn every_text_of_the_derive_is_in_a_case() -> io::Result<()> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shown: String = files(&here.join("cases"), "stderr")?
        .iter()
        .map(|(_, text)| without_spaces(text))
        .collect();
    let derive = here.join("../../ferogram-session-derive/src");
    let mut sources = files(&derive.join("message"), "rs")?;
    sources.push(("message.rs".to_owned(), std::fs::read_to_string(derive.join("message.rs"))?));

    let mut missing = Vec::new();
    let mut seen = 0;
    for (name, source) in &sources {
        for literal in literals(source) {
            let fixed = fixed_parts(&literal).max_by_key(String::len).unwrap_or_default();
            if fixed.len() < 8 || NEVER_SHOWN.contains(&literal.as_str()) {
                continue;
            }
            seen += 1;
            // Not every text is a format string.
            if !shown.contains(&fixed) && !shown.contains(&without_spaces(&literal)) {
                missing.push(format!("{name}: {literal}"));
            }
        }
    }
    assert!(seen > 80, "found {seen} only");
    assert!(missing.is_empty(), "in no case:\n{}", missing.join("\n"));
    Ok(())
}

/// The attempts of newcomers are written down with what they get.
#[test]
fn newcomers_get_what_the_table_says() -> io::Result<()> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let table = std::fs::read_to_string(cases.join("newcomer/README.md"))?;
    let mut wrong = Vec::new();
    let mut seen = 0;
    for row in table.lines().filter(|line| line.starts_with("| ")).skip(1) {
        let columns: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [_, typed, gets, case] = columns.as_slice() else {
            wrong.push(format!("not four columns: {row}"));
            continue;
        };
        seen += 1;
        let case = case.trim_matches('`');
        let typed = without_spaces(typed.trim_matches('`'));
        let read = |extension| std::fs::read_to_string(cases.join(format!("{case}.{extension}")));
        if !read("rs").is_ok_and(|source| code_of(&source).contains(&typed)) {
            wrong.push(format!("is not typed there: {row}"));
        }
        let said = read("stderr").map(|text| without_spaces(&text));
        let holds = match *gets {
            "works" => case.starts_with("pass/"),
            gets => said.is_ok_and(|said| said.contains(&without_spaces(gets))),
        };
        if !holds {
            wrong.push(format!("is not said there: {row}"));
        }
    }
    assert!(seen > 25, "found {seen} only");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

/// A source text without comments, which compile whatever they say, and without
/// spaces.
fn code_of(source: &str) -> String {
    without_spaces(&without_comments(source))
}

fn without_comments(source: &str) -> String {
    let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.collect::<Vec<_>>().join("\n")
}

/// The string literals of a source text, without escapes.
fn literals(source: &str) -> Vec<String> {
    let code = without_comments(source).replace("\\\n", "");
    let code = code.replace("\\\"", "\u{1}").replace("'\"'", "").replace("\\n", "\n");
    code.split('"').skip(1).step_by(2).map(|literal| literal.replace('\u{1}', "\"")).collect()
}

/// What stands between the placeholders of a format string.
fn fixed_parts(literal: &str) -> impl Iterator<Item = String> {
    let text = literal.replace("{{", "\u{1}").replace("}}", "\u{2}");
    let parts: Vec<String> = text
        .split(['{', '}'])
        .step_by(2)
        .map(|part| without_spaces(&part.replace('\u{1}', "{").replace('\u{2}', "}")))
        .collect();
    parts.into_iter()
}

/// Lower case, no full stop, both ends of each piece of code.
#[test]
fn messages_have_one_voice() -> io::Result<()> {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (name, text) in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("cases"), "stderr")? {
        for line in text.lines() {
            let Some(message) =
                line.strip_prefix("error: ").or_else(|| line.strip_prefix("       help: "))
            else {
                continue;
            };
            seen += 1;
            let starts_low =
                message.starts_with(|first: char| first == '`' || first.is_lowercase());
            let is_whole = message.matches('`').count() % 2 == 0 && !message.ends_with('.');
            if !starts_low || !is_whole {
                wrong.push(format!("{name}: {message}"));
            }
        }
    }
    assert!(seen > 200, "found {seen} only");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

/// Not a word, and not a sign such as `,` or `{{`.
fn is_code(text: &str) -> bool {
    let is_word = text.chars().all(|c| c == '_' || c.is_alphanumeric());
    !is_word && text.chars().any(char::is_alphanumeric)
}

fn without_spaces(text: &str) -> String {
    text.split_whitespace().collect()
}

/// The files below a folder, by name.
fn files(folder: &Path, extension: &str) -> io::Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path, extension)?);
        } else if path.extension().is_some_and(|found| found == extension) {
            found.push((path.display().to_string(), std::fs::read_to_string(&path)?));
        }
    }
    Ok(found)
}
