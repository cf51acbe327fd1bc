//! The public API of the library and of the contributed backends, an item a line,
//! compared with the files beside this package. Users build on each of these
//! lines: one that goes or changes breaks them, and one that comes is there to stay.
//!
//! To take a change over, after reading it:
//!
//!     UPDATE_API=1 cargo test -p ferogram-session-tests-public-api

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The library, and every contributed backend: a folder each.
fn packages() -> Vec<String> {
    let folders = fs::read_dir(root().join("backends-contrib")).unwrap();
    let folders = folders.map(|folder| folder.unwrap());
    let mut names: Vec<String> = folders
        .filter(|folder| folder.path().join("Cargo.toml").exists())
        .map(|folder| format!("ferogram-session-{}", folder.file_name().to_string_lossy()))
        .collect();
    assert!(!names.is_empty());
    names.push("ferogram-session".to_owned());
    names.sort();
    names
}

/// The folder with the JSON that rustdoc writes of all packages with all of their
/// features, made once for all tests here.
fn json() -> &'static Path {
    static JSON: OnceLock<PathBuf> = OnceLock::new();
    JSON.get_or_init(|| {
        let root = root();
        let target = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| root.join("target"), |target| root.join(target));
        let done = Command::new(env!("CARGO"))
            .current_dir(&root)
            .env("RUSTDOC", root.join("scripts/rustdoc"))
            .env("RUSTDOCFLAGS", "-Z unstable-options --output-format json")
            .args(["doc", "--quiet", "--no-deps", "--all-features", "--lib", "--target-dir"])
            .arg(&target)
            .args(packages().iter().flat_map(|package| ["-p", package]))
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        target.join("doc")
    })
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The public API of a package, without what every type has.
fn api(package: &str, auto_traits: bool) -> String {
    let file = format!("{}.json", package.replace('-', "_"));
    public_api::Builder::from_rustdoc_json(json().join(file))
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(!auto_traits)
        .build()
        .unwrap()
        .to_string()
}

/// A backend is shared by threads, and so is everything that one may hold; and
/// it stands in structs that derive `Debug`.
#[test]
fn every_type_is_send_and_sync_and_has_debug() {
    let mut wrong = Vec::new();
    for package in packages() {
        let api = api(&package, true);
        let not = |line: &&str| {
            line.starts_with("impl")
                && (line.contains(" !core::marker::Send") || line.contains(" !core::marker::Sync"))
        };
        wrong.extend(api.lines().filter(not).map(str::to_owned));
        // By the last part of the path: what is re-exported has several.
        let last = |path: &str| {
            let path = path.split(['<', '(', ' ']).next().unwrap_or_default();
            path.rsplit("::").next().unwrap_or_default().to_owned()
        };
        let debug: HashSet<String> = api
            .lines()
            .filter_map(|line| line.split_once("core::fmt::Debug for ").map(|(_, of)| last(of)))
            .collect();
        let types: Vec<&str> = api
            .lines()
            // An attribute may stand before it.
            .map(|line| line.split_once("] pub ").map_or(line, |(_, item)| item))
            .map(|line| line.strip_prefix("pub ").unwrap_or(line))
            .filter_map(|line| line.strip_prefix("struct ").or(line.strip_prefix("enum ")))
            .collect();
        wrong.extend(
            types
                .iter()
                .filter(|path| !debug.contains(&last(path)))
                .map(|path| format!("no Debug: {path}")),
        );
        assert!(!types.is_empty(), "{package}: none listed");
        assert!(
            api.lines().any(|line| line.starts_with("impl core::marker::Send for ")),
            "{package}: none listed"
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_public_api_is_what_it_was() {
    let mut changed = String::new();
    for package in packages() {
        let api = api(&package, false);
        let snapshot = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("{package}.txt"));
        if std::env::var_os("UPDATE_API").is_some() {
            fs::write(&snapshot, &api).unwrap();
            continue;
        }
        let was = fs::read_to_string(&snapshot).unwrap_or_default();
        let (was, is): (Vec<_>, Vec<_>) = (was.lines().collect(), api.lines().collect());
        if was != is {
            let gone: Vec<_> = was.iter().filter(|line| !is.contains(line)).collect();
            let new: Vec<_> = is.iter().filter(|line| !was.contains(line)).collect();
            changed += &format!("{package}: gone: {gone:#?}\nnew: {new:#?}\n");
        }
    }
    assert!(
        changed.is_empty(),
        "the public API has changed\n{changed}\
         help: if that is meant, UPDATE_API=1 cargo test -p ferogram-session-tests-public-api, \
         and say it in CHANGELOG.md"
    );
}
