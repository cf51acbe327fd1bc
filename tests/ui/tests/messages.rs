//! What the compiler says to someone who uses the derive wrongly, and that it
//! says nothing to those who use it right. `TRYBUILD=overwrite` writes the
//! snapshots anew.

use std::io;
use std::path::Path;

/// Apart from those that must compile: trybuild then checks all cases in one
/// run of cargo, instead of building them one after the other.
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
        files(&cases.join("pass"), "rs")?.iter().map(|(_, text)| without_spaces(text)).collect();
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
        for code in help.split('`').skip(1).step_by(2).filter(|code| is_code(code)) {
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
