//! What the derive takes to build from nothing, and whether each of its syn
//! features is needed.

use crate::measure::{cargo, spent, succeed};
use std::io;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

pub(crate) struct Clean {
    pub(crate) time: Duration,
    pub(crate) crates: usize,
    pub(crate) features: Vec<Feature>,
}

pub(crate) struct Feature {
    pub(crate) name: String,
    pub(crate) needed: bool,
}

const DERIVE: &str = "ferogram-session-derive";

pub(crate) fn measure(repository: &Path, target: &Path, rounds: usize) -> io::Result<Clean> {
    let empty = target.join("empty");
    let mut time = Duration::MAX;
    for _ in 0..rounds.max(1) {
        if empty.exists() {
            std::fs::remove_dir_all(&empty)?;
        }
        let mut build = cargo("build", target);
        build.args(["--package", DERIVE]).env("CARGO_TARGET_DIR", &empty).current_dir(repository);
        let start = spent()?;
        succeed(&mut build)?;
        time = (spent()? - start).min(time);
    }
    std::fs::remove_dir_all(&empty)?;

    let mut tree = cargo("tree", target);
    tree.args(["--package", DERIVE, "--edges", "normal", "--prefix", "none"]);
    let listed = tree.current_dir(repository).output()?;
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let crates: std::collections::BTreeSet<&str> =
        listed.lines().filter_map(|line| line.split(' ').next()).collect();
    Ok(Clean { time, crates: crates.len(), features: features(repository, target)? })
}

/// Checks a copy of the derive without each of the features in turn.
fn features(repository: &Path, target: &Path) -> io::Result<Vec<Feature>> {
    let source = repository.join(DERIVE);
    let copy = target.join("features");
    let manifest = std::fs::read_to_string(source.join("Cargo.toml"))?;
    let line = manifest
        .lines()
        .find(|line| line.starts_with("syn = "))
        .ok_or_else(|| io::Error::other("no line `syn = ..` in the manifest of the derive"))?;
    let names: Vec<&str> = line
        .split_once("features = [")
        .and_then(|(_, list)| list.split_once(']'))
        .map(|(list, _)| list.split(',').map(|name| name.trim().trim_matches('"')).collect())
        .unwrap_or_default();

    let mut checked = Vec::new();
    for without in names.iter().map(Some).chain([None]) {
        let kept: Vec<String> = names
            .iter()
            .filter(|name| Some(*name) != without)
            .map(|name| format!("{name:?}"))
            .collect();
        let syn = format!(
            "syn = {{ version = \"3\", default-features = false, features = [{}] }}",
            kept.join(", ")
        );
        let whole = manifest.replace(line, &syn).replace("[lints]\nworkspace = true", "");
        let whole = whole.split("[dev-dependencies]").next().unwrap_or_default();
        std::fs::create_dir_all(&copy)?;
        std::fs::write(copy.join("Cargo.toml"), format!("{whole}\n[workspace]\n"))?;
        std::fs::copy(repository.join("Cargo.lock"), copy.join("Cargo.lock"))?;
        mirror(&source.join("src"), &copy.join("src"))?;
        let mut check = cargo("check", target);
        let compiles = check.current_dir(&copy).stderr(Stdio::null()).status()?.success();
        match without {
            Some(name) => {
                checked.push(Feature { name: (*name).to_owned(), needed: !compiles });
            }
            None if !compiles => {
                return Err(io::Error::other("the copy of the derive does not compile as it is"));
            }
            None => {}
        }
    }
    Ok(checked)
}

fn mirror(from: &Path, to: &Path) -> io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            mirror(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
