//! The tables of `backends-contrib/README.md` and of `README.md` say how many
//! lines each backend has: here they are counted. And what `README.md` says was
//! measured is what `benches/run` wrote last.

use std::fs;
use std::path::{Path, PathBuf};

/// Without blank lines, comments, imports and tests, of which some are files.
fn lines_of_code(folder: &Path) -> usize {
    let mut lines = 0;
    let root = fs::read_to_string(folder.join("mod.rs")).unwrap_or_default();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let comment = match path.extension().and_then(|extension| extension.to_str()) {
            _ if root.contains(&format!("#[cfg(test)]\nmod {name};")) => continue,
            _ if path.is_dir() => {
                lines += lines_of_code(&path);
                continue;
            }
            Some("rs") => ["//", "#!["],
            Some("lua" | "sql") => ["--", "--"],
            _ => continue,
        };
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        let mut importing = false;
        for line in code.lines().map(str::trim) {
            importing |= line.starts_with("use ") || line.starts_with("pub use ");
            let counts = !importing && !line.is_empty();
            lines += usize::from(counts && !comment.iter().any(|mark| line.starts_with(mark)));
            importing &= !line.ends_with(';');
        }
    }
    lines
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What the row of `table` with `mark` says, if it is not about so many lines.
fn wrong(table: &str, mark: &str, lines: usize) -> Option<String> {
    let row = table.lines().find(|line| line.starts_with('|') && line.contains(mark));
    let cell = row.and_then(|row| row.trim_end_matches('|').rsplit('|').next());
    let said: usize = cell.and_then(|cell| cell.trim().parse().ok()).unwrap_or(0);
    // A line more or less is not worth an edit.
    (said.abs_diff(lines) * 10 > lines)
        .then(|| format!("{mark} has {lines} lines, and the table says {said}"))
}

#[test]
fn the_tables_say_how_many_lines_each_backend_has() {
    let read = |name: &str| fs::read_to_string(root().join(name)).unwrap();
    let (table, short) = (read("README.md"), read("backends-contrib/README.md"));
    let folder = root().join("backends-contrib");
    let packages: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("Cargo.toml").exists())
        .collect();
    assert!(packages.len() >= 2);
    let mut found = Vec::new();
    for package in packages {
        let name = package.file_name().unwrap().to_string_lossy().into_owned();
        let is = lines_of_code(&package.join("src"));
        found.extend(wrong(&short, &format!("]({name}/docs.md)"), is));
        found.extend(wrong(&table, &format!("(`ferogram-session-{name}`)"), is));
    }
    let built_in: [(&str, &[&str]); 5] = [
        ("`BinaryFileBackend`", &["binary_file"]),
        ("`InMemoryBackend`", &["memory"]),
        ("`StringSessionBackend`", &["string"]),
        ("`SqliteBackend`", &["database", "sqlite"]),
        ("`LibSqlBackend`", &["database", "libsql"]),
    ];
    for (name, folders) in built_in {
        let folder = root().join("ferogram-session/src/backends");
        let is = folders.iter().map(|name| lines_of_code(&folder.join(name))).sum();
        found.extend(wrong(&table, name, is));
    }
    assert!(found.is_empty(), "lines of code in the tables: {found:#?}");
}

/// A promise of the template.
#[test]
fn the_small_one_has_less_than_sixty_lines() {
    let lines = lines_of_code(&root().join("backends-contrib/redb/src"));
    assert!((1..60).contains(&lines), "{lines}");
}

/// The table that a run of the benches puts between two marks.
fn measured(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("<!-- measured: ")?;
    let (table, _) = rest.split_once("<!-- measured until here -->")?;
    Some(table)
}

#[test]
fn what_the_readme_says_was_measured_is_what_the_last_run_wrote() {
    let read = |name: &str| fs::read_to_string(root().join(name)).unwrap();
    let (said, results) = (read("README.md"), read("benches/results.md"));
    let (said, results) = (measured(&said), measured(&results));
    assert!(
        results
            .is_some_and(|table| table.lines().filter(|line| line.starts_with('|')).count() > 10)
    );
    assert_eq!(said, results, "`benches/run` writes both: commit both");
}
