//! The public API of the library, an item a line, compared with the file beside
//! this package. Users build on each of these lines: one that goes or changes
//! breaks them, and one that comes is there to stay.
//!
//! To take a change over, after reading it:
//!
//!     UPDATE_API=1 cargo test -p ferogram-session-tests-public-api

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The JSON that rustdoc writes of the library with all of its features. The
/// stable compiler writes it too, when asked as the standard library's build asks.
fn rustdoc(root: &Path) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root.join("target"), |target| root.join(target));
    let done = Command::new(env!("CARGO"))
        .current_dir(root.join("ferogram-session"))
        .env("RUSTC_BOOTSTRAP", "1")
        .env_remove("RUSTDOCFLAGS")
        .args(["rustdoc", "--quiet", "--all-features", "--lib", "--target-dir"])
        .arg(&target)
        .args(["--", "-Z", "unstable-options", "--output-format", "json"])
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    target.join("doc/ferogram_session.json")
}

/// The JSON, made once for all tests here.
fn json() -> &'static Path {
    static JSON: OnceLock<PathBuf> = OnceLock::new();
    JSON.get_or_init(|| rustdoc(&root()))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A backend is shared by threads, and so is everything that one may hold.
#[test]
fn every_type_is_send_and_sync() {
    let api = public_api::Builder::from_rustdoc_json(json())
        .omit_blanket_impls(true)
        .build()
        .unwrap()
        .to_string();
    let not = |line: &&str| {
        line.starts_with("impl")
            && (line.contains(" !core::marker::Send") || line.contains(" !core::marker::Sync"))
    };
    let not: Vec<_> = api.lines().filter(not).collect();
    assert!(
        api.lines().any(|line| line.starts_with("impl core::marker::Send for ")),
        "none listed"
    );
    assert!(not.is_empty(), "{not:#?}");
}

#[test]
fn the_public_api_is_what_it_was() {
    let api = public_api::Builder::from_rustdoc_json(json())
        // Those that every type has, or that say nothing of ours.
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .build()
        .unwrap()
        .to_string();
    let snapshot = Path::new(env!("CARGO_MANIFEST_DIR")).join("ferogram-session.txt");
    if std::env::var_os("UPDATE_API").is_some() {
        fs::write(&snapshot, &api).unwrap();
        return;
    }
    let was = fs::read_to_string(&snapshot).unwrap_or_default();
    let (was, is): (Vec<_>, Vec<_>) = (was.lines().collect(), api.lines().collect());
    let gone: Vec<_> = was.iter().filter(|line| !is.contains(line)).collect();
    let new: Vec<_> = is.iter().filter(|line| !was.contains(line)).collect();
    assert!(
        was == is,
        "the public API has changed\ngone: {gone:#?}\nnew: {new:#?}\n\
         help: if that is meant, UPDATE_API=1 cargo test -p ferogram-session-tests-public-api, \
         and say it in CHANGELOG.md"
    );
}
