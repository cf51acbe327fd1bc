//! The golden files: every format in which a session can have been stored.

use ferogram_session::PersistedSession;
use std::fs;
use std::path::{Path, PathBuf};

/// A golden file and the session that it must load as.
#[derive(Debug)]
pub struct Golden {
    /// The file.
    pub path: PathBuf,
    /// What it holds; `None` where `load` must give none.
    pub expected: Option<PersistedSession>,
}

impl Golden {
    /// Its file name, for messages.
    #[must_use]
    pub fn name(&self) -> String {
        self.path.file_name().unwrap().to_string_lossy().into_owned()
    }
}

/// All golden files of a folder with this extension.
///
/// # Panics
///
/// If there are none, or one has no expectation beside it.
#[must_use]
pub fn files(folder: &str, extension: &str) -> Vec<Golden> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden").join(folder);
    let mut paths: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "no golden files in {}", folder.display());
    let golden = |path: PathBuf| {
        let expected = fs::read(path.with_extension("expected.json"))
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Golden { path, expected: serde_json::from_slice(&expected).unwrap() }
    };
    paths.into_iter().map(golden).collect()
}
