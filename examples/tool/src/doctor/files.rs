//! The files of a session or a database: who may read them, who writes them,
//! and what was kept.

use super::report::Report;
use ferogram_session::PersistedSession;
use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

/// Rights and lock of `path` and what stands beside it.
pub(super) fn look(path: &Path, suffixes: &[&str], report: &mut Report) {
    let all = suffixes.iter().map(|suffix| beside(path, suffix));
    let all: Vec<PathBuf> =
        [path.to_owned()].into_iter().chain(all).filter(|p| p.exists()).collect();
    let open: Vec<&PathBuf> = all.iter().filter(|path| readable_by_others(path)).collect();
    for path in &open {
        report.wrong(
            format!("others on this machine may read {}", path.display()),
            format!("chmod 600 {}", path.display()),
        );
    }
    if open.is_empty() && !all.is_empty() && cfg!(unix) {
        report.good("only its owner may read it");
    }
    holder(&beside(path, ".lock"), report);
}

/// Who holds the lock, which is held while somebody writes; else who wrote
/// last, if that process is still there.
fn holder(lock: &Path, report: &mut Report) {
    let Ok(file) = File::open(lock) else { return };
    let process = fs::read_to_string(lock).unwrap_or_default();
    let process = process.trim();
    if let Err(TryLockError::WouldBlock) = file.try_lock() {
        report.note(format!("process {process} is writing it"), "wait for it, or end that process");
    } else if process == std::process::id().to_string() {
        // This very program, which has just mended the file.
        report.good("nobody holds it");
    } else if cfg!(target_os = "linux") && Path::new("/proc").join(process).join("comm").exists() {
        report.note(
            format!("process {process} wrote it last, and a process of that number is running"),
            "stop that client before you use the session elsewhere",
        );
    } else {
        report.good("nobody holds it");
    }
}

/// A file that an older release wrote. (Ours have a footer, see "A file" in
/// ARCHITECTURE.md.)
pub(super) fn old_format(path: &Path, report: &mut Report) {
    const FOOTER: &[u8] = b"\xFF\xFEferog";
    let Ok(bytes) = fs::read(path) else { return };
    let ours = bytes.windows(FOOTER.len()).any(|window| window == FOOTER);
    if !ours && PersistedSession::load(path).is_ok() {
        report.note(
            "written by ferogram-session 0.6.6 or older, without a checksum",
            "the next login change writes it anew; nothing has to be done",
        );
    }
}

/// The generation before, and what a recovery put aside.
pub(super) fn kept(path: &Path, report: &mut Report) {
    let previous = beside(path, ".prev");
    match PersistedSession::load(&previous) {
        Ok(_) => report.good(format!("an older state is kept in {}", previous.display())),
        Err(_) if !previous.exists() => {}
        Err(error) => report.note(
            format!("what is kept of it cannot be read: {error}"),
            "the next login change replaces it",
        ),
    }
    let damaged = beside(path, ".damaged");
    if damaged.exists() {
        report.note(
            format!("a recovery put {} aside, which may hold keys", damaged.display()),
            "remove it when the client works",
        );
    }
}

#[cfg(unix)]
fn readable_by_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
}

/// On Windows a file has the rights of its folder.
#[cfg(not(unix))]
fn readable_by_others(_: &Path) -> bool {
    false
}

pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}
