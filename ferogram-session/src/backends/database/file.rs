//! The files of a database: made by us before SQLite opens them, so that they
//! are private from the first byte on. SQLite gives `-wal` and `-shm` the
//! rights of the database.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// Creates the file if it is not there, and takes the rights of others away.
pub(super) fn make_private(path: &Path) -> io::Result<()> {
    open_private(path)?;
    tighten_all(path, &["", "-wal", "-shm"])
}

/// Opens a file, and creates it, readable by its owner only, if it is not
/// there.
pub(super) fn open_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

/// Takes the rights of others away from the files that are there.
pub(in crate::backends) fn tighten_all(path: &Path, suffixes: &[&str]) -> io::Result<()> {
    suffixes.iter().try_for_each(|suffix| tighten(&beside(path, suffix)))
}

/// Removes a file, if it is there.
#[cfg(feature = "libsql-remote-session")]
pub(in crate::backends) fn remove(path: &Path, suffix: &str) -> io::Result<()> {
    match fs::remove_file(beside(path, suffix)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The file whose name is that of `path` with something behind it.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(unix)]
fn tighten(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    match fs::metadata(path) {
        Ok(metadata) if metadata.permissions().mode() & 0o077 != 0 => {
            let mode = metadata.permissions().mode() & 0o7700;
            fs::set_permissions(path, fs::Permissions::from_mode(mode))
        }
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// On Windows a file has the rights of its folder.
#[cfg(not(unix))]
fn tighten(_: &Path) -> io::Result<()> {
    Ok(())
}
