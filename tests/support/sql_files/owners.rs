//! Files of somebody else.

use super::{FileBackend, folder};
use crate::sessions::{full, normal};
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

/// Only the owner may change the rights to a file, which is for a write. This
/// takes another user, and so it takes root.
pub fn a_reader_need_not_own_the_file<B: FileBackend>() {
    const NAME: &str = "a_reader_need_not_own_the_file";
    if let Some(folder) = std::env::var_os("SESSION_TEST_PATH") {
        return as_another_user::<B>(Path::new(&folder));
    }
    let root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
    assert!(root, "as root: another user is needed, who does not own a file");
    let folder = folder();
    let grant = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let (shared, closed) = (folder.path().join("shared"), folder.path().join("closed"));
    for inner in [&shared, &closed] {
        fs::create_dir(inner).unwrap();
        B::at(&inner.join("sessions.db")).save(&full(2)).unwrap();
    }
    grant(folder.path(), 0o755);
    grant(&shared, 0o777);
    grant(&shared.join("sessions.db"), 0o666);
    grant(&closed, 0o755);
    grant(&closed.join("sessions.db"), 0o644);
    // Where cargo builds may be closed to others.
    let program = folder.path().join("program");
    fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    let output = Command::new("setpriv")
        .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
        .arg(&program)
        .args(["--exact", NAME, "--nocapture"])
        .env("SESSION_TEST_PATH", folder.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(mode(&shared.join("sessions.db")), 0o666, "left as it was");
    // A read by the owner, and a write.
    let backend = B::at(&shared.join("sessions.db"));
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(full(2))));
    assert_eq!(mode(&shared.join("sessions.db")), 0o666);
    backend.set_home_dc(5).unwrap();
    for file in fs::read_dir(&shared).unwrap().map(|entry| entry.unwrap().path()) {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

fn as_another_user<B: FileBackend>(folder: &Path) {
    let backend = B::at(&folder.join("shared/sessions.db"));
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(full(2))));
    let error = backend.set_home_dc(5).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::PermissionDenied, "{error}");
    assert!(error.to_string().contains("owner"), "{error}");
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(full(2))));
    // SQLite reads a log by way of an index that it has to write.
    let error = B::at(&folder.join("closed/sessions.db")).load().unwrap_err();
    assert!(error.to_string().contains("the right to write"), "{error}");
}
