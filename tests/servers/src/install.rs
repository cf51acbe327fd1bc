//! The programs of the servers, installed when they are first needed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A folder for what is installed, beside what cargo builds.
pub fn folder(name: &str) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target"), PathBuf::from);
    let folder = target.join("servers").join(name);
    fs::create_dir_all(&folder).unwrap();
    folder.canonicalize().unwrap()
}

/// Installs, unless it is there: one process at a time, because several test
/// programs may need it at once.
///
/// # Panics
///
/// If it is not there afterwards.
pub fn once(name: &str, is_there: impl Fn() -> bool, install: impl FnOnce()) {
    let lock = fs::File::create(folder("").join(format!("{name}.lock"))).unwrap();
    lock.lock().unwrap();
    if !is_there() {
        install();
        assert!(is_there(), "{name} was installed and is still not what it should be");
    }
}

/// Runs a command that installs something.
///
/// # Panics
///
/// With what it printed, if it fails.
pub fn run(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output();
    let output = output.unwrap_or_else(|error| panic!("{command:?} is needed: {error}"));
    assert!(
        output.status.success(),
        "{command:?} failed: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Debian's packages, if `program` is not there. Only root may install them;
/// for anybody else the test stops and names them.
///
/// # Panics
///
/// If they cannot be installed.
pub fn debian(program: &Path, packages: &[&str]) {
    // One at a time, whatever it is: the package manager has one list of packages.
    once(
        "debian",
        || program.exists(),
        || {
            let asked = Command::new("id").arg("-u").output().unwrap();
            assert!(
                asked.stdout.starts_with(b"0\n"),
                "{} is needed; as root: apt-get install {}",
                program.display(),
                packages.join(" ")
            );
            // Installing a server must not start one of its own.
            let policy = Path::new("/usr/sbin/policy-rc.d");
            let ours = !policy.exists();
            if ours {
                fs::write(policy, "#!/bin/sh\nexit 101\n").unwrap();
                run(Command::new("chmod").arg("755").arg(policy));
            }
            let apt = |arguments: &[&str]| {
                run(Command::new("apt-get")
                    .env("DEBIAN_FRONTEND", "noninteractive")
                    .args(["-q", "-o", "DPkg::Lock::Timeout=300"])
                    .args(arguments))
            };
            apt(&["update"]);
            apt(&[&["install", "-y", "--no-install-recommends"], packages].concat());
            if ours {
                fs::remove_file(policy).unwrap();
            }
        },
    );
}

/// A virtual environment with these Python packages, and the path of `program` in it.
pub fn python(name: &str, program: &str, packages: &[&str]) -> PathBuf {
    let environment = folder(name);
    // Python itself is there before what it is to run.
    let whole = environment.join("whole");
    once(
        name,
        || whole.exists(),
        || {
            run(Command::new("python3").args(["-m", "venv"]).arg(&environment));
            run(Command::new(environment.join("bin/pip"))
                // Most of it is never used, and Python compiles what is.
                .args(["install", "--quiet", "--disable-pip-version-check", "--no-compile"])
                .args(packages));
            fs::write(&whole, "").unwrap();
        },
    );
    environment.join("bin").join(program)
}
