//! What each example prints is what its first lines say.
#![allow(clippy::expect_used, reason = "a test stops at the first thing that is wrong")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// A command from the header of an example, and what it is said to print.
struct Claim {
    variables: Vec<(String, String)>,
    output: String,
}

/// The blocks ```` ```text ```` of a header: lines with `$` are commands.
fn claims(name: &str, source: &str) -> Vec<Claim> {
    let header = source.lines().map_while(|line| line.strip_prefix("//!"));
    let header = header.map(|line| line.strip_prefix(' ').unwrap_or(line));
    let block = header.skip_while(|line| *line != "```text").skip(1);
    let mut claims: Vec<Claim> = Vec::new();
    for line in block.take_while(|line| *line != "```") {
        let Some(command) = line.strip_prefix("$ ") else {
            let claim = claims.last_mut().expect("a command before what it prints");
            claim.output.push_str(line);
            claim.output.push('\n');
            continue;
        };
        let (variables, cargo) = command.split_at(command.find("cargo").expect("cargo"));
        let run = format!("cargo run --example {name}");
        assert!(cargo == run || cargo.starts_with(&format!("{run} --features ")), "{command}");
        let variables = variables.split_whitespace().map(|pair| {
            let (variable, value) = pair.split_once('=').expect("a variable and its value");
            (variable.to_owned(), value.to_owned())
        });
        claims.push(Claim { variables: variables.collect(), output: String::new() });
    }
    claims
}

/// The program, which `cargo test -p ferogram-session-examples` builds; with
/// `--test outputs` it does not.
fn program(name: &str, source: &Path) -> PathBuf {
    let test = env::current_exe().expect("a path of this test");
    let built = test.ancestors().nth(2).expect("the folder of the profile").join("examples");
    let built = built.join(name).with_extension(env::consts::EXE_EXTENSION);
    let time = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    assert!(
        time(&built) >= time(source),
        "{name} is not built as it stands: cargo test -p ferogram-session-examples --all-features"
    );
    built
}

#[test]
fn every_example_prints_what_its_header_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut wrong = Vec::new();
    let mut seen = 0;
    for entry in fs::read_dir(folder).expect("the examples") {
        let path = entry.expect("an example").path();
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let name = path.file_stem().expect("a name").to_str().expect("a plain name");
        let source = fs::read_to_string(&path).expect("an example");
        let lines = source.lines().filter(|line| !line.starts_with("//!")).count();
        assert!(lines < 60, "{name} is longer than an example may be: {lines} lines");
        let claims = claims(name, &source);
        assert!(!claims.is_empty(), "{name} does not say what it prints");
        seen += 1;
        for claim in claims {
            let output = Command::new(program(name, &path))
                .envs(claim.variables)
                .output()
                .expect("a program that starts");
            let (printed, errors) = (output.stdout, String::from_utf8_lossy(&output.stderr));
            let printed = String::from_utf8(printed).expect("text");
            if printed != claim.output || !output.status.success() {
                wrong.push(format!("{name} printed\n{printed}{errors}and says\n{}", claim.output));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // A folder that was looked for in the wrong place proves nothing.
    assert!(seen >= 10, "{seen} examples");
}

/// What the guide says of executors: lines of code, without comments.
#[test]
fn an_executor_is_as_long_as_the_guide_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let modes = folder.join("../ferogram-session/src/guide/modes.md");
    let modes = fs::read_to_string(modes).expect("the guide");
    let examples = [
        ("own_database/main.rs", "struct Database", "#[derive(SessionBackend)]", 60, "sixty lines"),
        ("stores/sql_over_http.rs", "// The executor", "// What a team has", 70, "seventy\n"),
    ];
    for (name, from, to, limit, words) in examples {
        let source = fs::read_to_string(folder.join(name)).expect("an example");
        let (_, executor) = source.split_once(from).expect("where it begins");
        let (executor, _) = executor.split_once(to).expect("where it ends");
        let lines = executor.lines().map(str::trim);
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with("//")).count();
        assert!(lines <= limit && lines > limit - 10, "{name}: {lines} lines");
        assert!(modes.contains(words), "{words}");
    }
}

/// cargo asks every package that it begins with for a feature, and takes the name
/// of an optional dependency of the library's for one.
#[test]
fn cargo_knows_the_features_that_readers_are_told() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = folder.parent().expect("the repository");
    let mut shown = fs::read_to_string(root.join("README.md")).expect("README.md");
    for entry in fs::read_dir(folder).expect("the examples") {
        let path = entry.expect("an example").path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            shown.push_str(&fs::read_to_string(path).expect("an example"));
        }
    }
    let ends = |letter: char| !(letter.is_ascii_alphanumeric() || "-_,".contains(letter));
    let told = shown.split("--features ").skip(1).filter_map(|rest| rest.split(ends).next());
    let told: BTreeSet<&str> = told.collect();
    assert!(told.contains("libsql-session"), "{told:?}");
    for features in told {
        let output = Command::new(env!("CARGO"))
            .args(["tree", "--quiet", "--locked", "--depth", "0", "--features", features])
            .current_dir(root)
            .output()
            .expect("cargo starts");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "--features {features}: {errors}");
    }
}
