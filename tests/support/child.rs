//! A test that runs in a process of its own, for which something is scarce.

use std::process::{Command, Stdio};

const CHILD: &str = "SESSION_TEST_CHILD";

/// Runs one test of this program in a process of its own, behind some lines
/// for the shell.
///
/// # Panics
///
/// With what it printed if it fails, or the shell cannot do that.
pub fn child(test: &str, before: &str, setup: impl FnOnce(&mut Command)) {
    run(Command::new("bash"), test, before, setup);
}

/// The same, with a file system of `size` bytes in memory at `folder`, which
/// nobody else sees.
///
/// # Panics
///
/// As [`child`].
pub fn child_on_a_small_disk(test: &str, folder: &std::path::Path, size: usize) {
    let mut command = Command::new("unshare");
    // Another user than root needs a namespace in which to be root.
    if !Command::new("unshare").args(["--mount", "true"]).status().is_ok_and(|ran| ran.success()) {
        command.arg("--map-root-user");
    }
    command.args(["--mount", "bash"]).env(DISK, folder);
    let mount = format!("mount -t tmpfs -o size={size} tmpfs \"${DISK}\"");
    run(command, test, &mount, |_| {});
}

const DISK: &str = "SESSION_TEST_DISK";

/// Where the small disk is, in the child.
///
/// # Panics
///
/// Outside of it.
#[must_use]
pub fn small_disk() -> std::path::PathBuf {
    std::env::var_os(DISK).unwrap().into()
}

/// Whether this is the process of its own.
#[must_use]
pub fn is_child() -> bool {
    std::env::var_os(CHILD).is_some()
}

fn run(mut command: Command, test: &str, before: &str, setup: impl FnOnce(&mut Command)) {
    command
        .args(["-ec", &format!("{before}\nexec \"$0\" \"$@\"")])
        .arg(std::env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture", "--test-threads=1"])
        .env(CHILD, "1")
        .stdin(Stdio::null());
    setup(&mut command);
    let output = command.output().unwrap();
    let (said, complained) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}{complained}");
    assert!(said.contains("1 passed"), "no test of this name ran: {said}");
}
