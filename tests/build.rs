//! Makes of the quickstart what a newcomer makes of it: one line, another backend;
//! and takes the backend of README.md out of it, with the line that proves it.

use std::path::Path;
use std::{env, fs};

const QUICKSTART: &str = "../examples/quickstart.rs";
const README: &str = "../README.md";

/// What to change, and what the program is called then.
const NAMES: [(&str, &str); 4] = [
    ("BinaryFileBackend::new", "file"),
    ("SqliteBackend::new", "sqlite"),
    ("LibSqlBackend::new", "libsql"),
    ("LibSqlBackend::remote", "remote"),
];

fn main() {
    println!("cargo::rerun-if-changed={QUICKSTART}");
    println!("cargo::rerun-if-changed={README}");
    println!("cargo::rerun-if-changed=build.rs");
    readme();
    let source = fs::read_to_string(QUICKSTART).unwrap();
    let out = env::var("OUT_DIR").unwrap();
    let choice = |line: &str| line.trim().trim_start_matches("// ").starts_with("let built_in = ");
    let choices: Vec<&str> = source.lines().filter(|line| choice(line)).collect();
    assert_eq!(choices.len(), NAMES.len(), "{QUICKSTART}: one line for each backend");
    for (call, name) in NAMES {
        let chosen = choices.iter().find(|line| line.contains(call)).unwrap();
        let chosen = chosen
            .replace("// ", "")
            // The test knows the server's address when it runs.
            .replace(
                "\"libsql://your-db.turso.io\"",
                "std::env::var(\"SESSION_TEST_URL\").unwrap()",
            );
        let plain = choices.iter().find(|line| line.trim().starts_with("let")).unwrap();
        let program: Vec<&str> = source
            .lines()
            // A module that is included cannot have documentation of its own.
            .filter(|line| !line.starts_with("//!"))
            .map(|line| if line == *plain { chosen.as_str() } else { line })
            .collect();
        fs::write(Path::new(&out).join(format!("{name}.rs")), program.join("\n")).unwrap();
    }
}

/// The blocks of code in README.md that make a backend, and prove it.
fn readme() {
    let readme = fs::read_to_string(README).unwrap();
    let block = |fence: &str, holds: &str| {
        let mut blocks = readme.split(fence).skip(1).filter_map(|block| block.split("```").next());
        let found = blocks.find(|block| block.contains(holds));
        found.unwrap_or_else(|| panic!("{README} has no {holds:?}")).to_owned()
    };
    let backend = block("```rust\n", "struct FolderBackend");
    let proof = block("```rust\n", "ferogram_session::conformance!");
    let conditions = block("```rust,ignore\n", "If-None-Match");
    let out = env::var("OUT_DIR").unwrap();
    fs::write(Path::new(&out).join("readme.rs"), backend + &proof).unwrap();
    fs::write(Path::new(&out).join("readme_conditions.rs"), format!("{{ {conditions} request }}"))
        .unwrap();
}
