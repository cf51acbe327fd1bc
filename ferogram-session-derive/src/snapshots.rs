//! What the derive writes, as files: `snapshots/<mode>/<case>.rs` is a struct,
//! `<case>.expanded.rs` beside it the code that it becomes.
//!
//! `SNAPSHOTS=overwrite cargo test -p ferogram-session-derive` writes them anew.

use std::path::{Path, PathBuf};

#[test]
fn expansions_are_as_in_the_files() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots");
    let overwrite = std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite");
    let mut differ = Vec::new();
    let cases = cases(&root);
    for topic in ["blob", "key_value", "rows", "mistake"] {
        let folder = root.join(topic);
        assert!(cases.iter().any(|case| case.starts_with(&folder)), "no case in {folder:?}");
    }
    for case in cases {
        let expanded = expand(&std::fs::read_to_string(&case).unwrap());
        let file = case.with_extension("expanded.rs");
        if overwrite {
            std::fs::write(&file, &expanded).unwrap();
        } else if std::fs::read_to_string(&file).unwrap_or_default() != expanded {
            differ.push(format!("{}\n{expanded}", file.display()));
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

fn cases(folder: &Path) -> Vec<PathBuf> {
    let mut cases = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            cases.extend(self::cases(&path));
        } else if !path.to_string_lossy().ends_with(".expanded.rs") {
            cases.push(path);
        }
    }
    cases.sort();
    cases
}

fn expand(source: &str) -> String {
    let tokens = crate::derive(source.parse().unwrap());
    prettyplease::unparse(&syn::parse2(tokens).unwrap())
}
