//! Writes the two crates: the same structs and stores, with the derive and
//! without.

use crate::DERIVES;
use std::fmt::Write;
use std::io;
use std::path::{Path, PathBuf};

pub(crate) struct Crates {
    pub(crate) with: PathBuf,
    pub(crate) without: PathBuf,
}

pub(crate) fn write(target: &Path, repository: &Path) -> io::Result<Crates> {
    let crates = Crates { with: target.join("with"), without: target.join("without") };
    for (folder, derived) in [(&crates.with, true), (&crates.without, false)] {
        std::fs::create_dir_all(folder.join("src"))?;
        let name = if derived { "with" } else { "without" };
        let library = repository.join("ferogram-session");
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
             [dependencies]\nferogram-session = {{ path = {library:?} }}\n\n[workspace]\n"
        );
        std::fs::write(folder.join("Cargo.toml"), manifest)?;
        std::fs::copy(repository.join("Cargo.lock"), folder.join("Cargo.lock"))?;
        std::fs::write(folder.join("src/main.rs"), program(derived))?;
    }
    Ok(crates)
}

/// A third of the structs is of each mode; some have a cache, a key and a name.
fn program(derived: bool) -> String {
    let mut program = include_str!("stores.rs.txt").to_owned();
    let mut uses = String::new();
    for number in 0..DERIVES {
        let (mode, store) =
            [("blob", "Blobs"), ("key_value", "Values"), ("rows", "MemoryStore")][number % 3];
        let cached = number % 2 == 0;
        let keyed = number % 4 == 0;
        if derived {
            let key = if keyed { "(key = \"tg:{account}\")" } else { "" };
            let _ = write!(
                program,
                "\n#[derive(SessionBackend)]\n#[session({mode}{key})]\npub struct Backend{number} {{\n    #[session(store)]\n",
            );
        } else {
            let _ = write!(program, "\npub struct Backend{number} {{\n");
        }
        let _ = writeln!(program, "    pub store: {store},");
        if cached {
            let mark = if derived { "    #[session(cache)]\n" } else { "" };
            let _ = writeln!(program, "{mark}    pub cache: SessionCache,");
        }
        let _ = writeln!(program, "    pub account: String,\n}}");

        let cache = if cached { "cache: SessionCache::new(), " } else { "" };
        let value = format!(
            "Backend{number} {{ store: {store}::default(), {cache}account: account.clone() }}"
        );
        // Behind `dyn` every method is built.
        let cast = if derived { " as &dyn SessionBackend" } else { "" };
        let _ = writeln!(uses, "    black_box(&{value}{cast});");
    }
    let _ =
        write!(program, "\nfn main() {{\n    let account = String::from(\"main\");\n{uses}}}\n");
    program
}
