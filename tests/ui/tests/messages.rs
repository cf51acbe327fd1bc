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

/// A help line that does not compile is worse than none: every attribute that
/// one says to write stands in a case that has to pass.
#[test]
fn attributes_of_help_lines_are_in_a_case_that_passes() -> io::Result<()> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let passing: String =
        files(&cases.join("pass"), "rs")?.iter().map(|(_, text)| without_spaces(text)).collect();
    let mut missing = Vec::new();
    let mut seen = 0;
    for (name, text) in files(&cases, "stderr")? {
        // What is written beside another mistake does not compile yet.
        if text.matches("error").count() > 1 {
            continue;
        }
        let help = text.lines().filter_map(|line| line.trim().strip_prefix("help: "));
        let code = help.flat_map(|line| line.split('`').skip(1).step_by(2));
        for attribute in code.filter(|code| code.starts_with("#[session(")) {
            seen += 1;
            if !passing.contains(&without_spaces(attribute)) {
                missing.push(format!("{name}: {attribute}"));
            }
        }
    }
    assert!(seen > 20, "found {seen} only");
    assert!(missing.is_empty(), "in no case that passes:\n{}", missing.join("\n"));
    Ok(())
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
