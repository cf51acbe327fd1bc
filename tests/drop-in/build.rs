//! Takes the program of README.md that keeps a bot in Postgres out of it, for
//! `src/bin/readme.rs`.

use std::path::Path;
use std::{env, fs};

const README: &str = "../../README.md";

fn main() {
    println!("cargo::rerun-if-changed={README}");
    println!("cargo::rerun-if-changed=build.rs");
    let readme = fs::read_to_string(README).unwrap();
    let blocks = readme.split("```rust,ignore\n").skip(1);
    let mut blocks = blocks.filter_map(|block| block.split("```").next());
    let program = blocks.find(|block| block.contains("fn main(")).expect("a program in README.md");
    let place = Path::new(&env::var_os("OUT_DIR").unwrap()).join("readme.rs");
    fs::write(place, program).unwrap();
}
