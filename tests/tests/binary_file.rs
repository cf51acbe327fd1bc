//! How a session gets into a file: whole, private, in the right place, and
//! with a way back.
#![cfg(unix)]

mod binary_file {
    mod errors;
    mod journal;
    mod leftovers;
    mod names;
    mod recover;
    mod rights;
    mod writers;

    use ferogram_session_tests::in_files::names;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::path::{Path, PathBuf};

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().unwrap()
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    fn beside(path: &Path, suffix: &str) -> PathBuf {
        PathBuf::from(format!("{}{suffix}", path.display()))
    }
}
