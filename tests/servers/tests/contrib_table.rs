//! The table of `backends-contrib/README.md` says how many lines each backend
//! has: here they are counted.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Without blank lines, comments, imports and tests.
fn lines_of_code(folder: &Path) -> usize {
    let mut lines = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let comment = match path.extension().and_then(|extension| extension.to_str()) {
            _ if path.is_dir() => {
                lines += lines_of_code(&path);
                continue;
            }
            Some("rs") => ["//", "#!["],
            Some("lua" | "sql") => ["--", "--"],
            _ => continue,
        };
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
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

#[test]
fn the_table_says_how_many_lines_each_backend_has() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../backends-contrib");
    let table = fs::read_to_string(folder.join("README.md")).unwrap();
    let packages: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("Cargo.toml").exists())
        .collect();
    assert!(packages.len() >= 2);
    let mut wrong = BTreeMap::new();
    for package in packages {
        let name = package.file_name().unwrap().to_string_lossy().into_owned();
        let row = table.lines().find(|line| line.contains(&format!("]({name}/docs.md)")));
        let cell = row.and_then(|row| row.trim_end_matches('|').rsplit('|').next());
        let said: usize = cell.and_then(|cell| cell.trim().parse().ok()).unwrap_or(0);
        let is = lines_of_code(&package.join("src"));
        // A line more or less is not worth an edit.
        if said.abs_diff(is) * 10 > is {
            wrong.insert(name, format!("{is}, and the table says {said}"));
        }
    }
    assert!(wrong.is_empty(), "lines of code in backends-contrib/README.md: {wrong:#?}");
}

/// A promise of the template.
#[test]
fn the_small_one_has_less_than_sixty_lines() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../backends-contrib/redb/src");
    let lines = lines_of_code(&folder);
    assert!((1..60).contains(&lines), "{lines}");
}
