//! Writes golden files with the release of `ferogram-session` it is built against.
//!
//! ```text
//! golden-generator files    OUT RELEASE VERSION   binary, native strings, compact strings, JSON
//! golden-generator database OUT RELEASE           the databases of SqliteBackend or LibSqlBackend
//! golden-generator migrate  DB                    opens a database of an older release and saves it again
//! golden-generator check    FILE...               reads binary files and compares with what stands beside
//! ```
//!
//! Every file written gets a neighbour `NAME.expected.json`: what it must load as.

mod content;
mod expected;

use std::path::Path;

use ferogram_session::PersistedSession;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args[1..] {
        ["files", out, release, version] => files(Path::new(out), release, version),
        #[cfg(any(feature = "sqlite", feature = "libsql"))]
        ["database", out, release] => database::write_all(Path::new(out), release),
        #[cfg(feature = "sqlite")]
        ["migrate", db] => database::migrate(Path::new(db)),
        ["check", ref files @ ..] => files.iter().for_each(|file| check(Path::new(file))),
        _ => panic!("unknown arguments, see the top of main.rs"),
    }
}

fn check(file: &Path) {
    let read = PersistedSession::load(file).unwrap();
    let beside = std::fs::read_to_string(file.with_extension("expected.json")).unwrap();
    assert_eq!(expected::session(&read), beside, "{file:?}");
}

/// Puts `text` beside `file`, as `NAME.expected.json`.
fn beside(file: &Path, kind: &str, text: &str) {
    std::fs::write(file.with_extension(format!("{kind}.json")), text).unwrap();
}

fn files(out: &Path, release: &str, version: &str) {
    let name = |case: &str| format!("v{version}-{release}-{case}");
    for dir in ["binary", "strings", "json"] {
        std::fs::create_dir_all(out.join(dir)).unwrap();
    }
    for (case, session) in content::sessions() {
        let expected = expected::session(&session);

        let file = out.join("binary").join(name(case) + ".session");
        session.save(&file).unwrap();
        let bytes = std::fs::read(&file).unwrap();
        assert_eq!(bytes, session.to_bytes(), "save and to_bytes differ");
        assert_eq!(bytes[0].to_string(), version, "another format version");
        beside(&file, "expected", &expected);
        // The release must read its own file back, or the expectation is wrong.
        let read = PersistedSession::load(&file).unwrap();
        assert_eq!(expected::session(&read), expected, "{case} does not read back");

        let file = out.join("strings").join(name(case) + ".txt");
        std::fs::write(&file, session.to_string()).unwrap();
        beside(&file, "expected", &expected);

        #[cfg(feature = "json")]
        std::fs::write(
            out.join("json").join(format!("{release}-{case}.json")),
            serde_json::to_string(&session).unwrap(),
        )
        .unwrap();
    }
    #[cfg(feature = "string-session")]
    for (case, text, fields, session) in content::compact() {
        let file = out.join("strings").join(format!("compact-{release}-{case}.txt"));
        std::fs::write(&file, text).unwrap();
        beside(&file, "fields", &fields);
        beside(&file, "expected", &expected::session(&session));
    }
}

#[cfg(any(feature = "sqlite", feature = "libsql"))]
mod database {
    use super::*;
    #[cfg(feature = "libsql")]
    use ferogram_session::LibSqlBackend;
    use ferogram_session::SessionBackend;
    #[cfg(feature = "sqlite")]
    use ferogram_session::SqliteBackend;

    #[cfg(feature = "sqlite")]
    const KIND: &str = "sqlite";
    #[cfg(feature = "libsql")]
    const KIND: &str = "libsql";

    /// Opens `file`, runs `work`, and closes the last connection, which brings
    /// the write-ahead log into the file and removes it.
    fn with<T>(file: &Path, work: impl FnOnce(&dyn SessionBackend) -> T) -> T {
        #[cfg(feature = "sqlite")]
        let result = work(&SqliteBackend::open(file).unwrap());
        #[cfg(feature = "libsql")]
        let result = {
            // LibSqlBackend blocks on the runtime whose context it is in, and so
            // works only where a runtime is entered but no future is running.
            let runtime = tokio::runtime::Runtime::new().unwrap();
            let _entered = runtime.enter();
            work(&LibSqlBackend::open_local(file).unwrap())
        };
        for suffix in ["-wal", "-shm", "-journal"] {
            let mut beside = file.as_os_str().to_owned();
            beside.push(suffix);
            assert!(!Path::new(&beside).exists(), "{beside:?} was left behind");
        }
        result
    }

    /// What the release itself loads, in a fresh connection. It is not always
    /// what was saved: the tables of the oldest releases know no chats and no
    /// min-peers.
    fn loaded(file: &Path) -> String {
        with(file, |b| match b.load().unwrap() {
            Some(s) => expected::session(&s),
            None => "null\n".into(),
        })
    }

    pub fn write_all(out: &Path, release: &str) {
        let dir = out.join("sqlite");
        std::fs::create_dir_all(&dir).unwrap();
        let middle = if KIND == "sqlite" { "" } else { "libsql-" };
        let file = |case: &str| dir.join(format!("{release}-{middle}{case}.db"));

        let full = file("full");
        with(&full, |b| b.save(&content::full_for_sql()).unwrap());
        beside(&full, "expected", &loaded(&full));

        // The remaining ones show states, not schemas; one release will do.
        if KIND != "sqlite" || !cfg!(feature = "community") {
            return;
        }

        let never_saved = file("never-saved");
        with(&never_saved, |_| ());
        beside(&never_saved, "expected", &loaded(&never_saved));

        let deleted = file("deleted");
        with(&deleted, |b| {
            b.save(&content::full_for_sql()).unwrap();
            b.delete().unwrap();
        });
        beside(&deleted, "expected", &loaded(&deleted));

        // Rows are keyed by (dc_id, flags), so a DC whose attribute bits change
        // between two granular updates leaves its old row behind.
        let (before, updates, after) = content::stale_dcs();
        let stale = file("stale-dc-rows");
        with(&stale, |b| {
            b.save(&before).unwrap();
            for entry in &updates {
                b.update_dc(entry).unwrap();
            }
        });
        beside(&stale, "expected", &expected::session(&after));
    }

    #[cfg(feature = "sqlite")]
    pub fn migrate(db: &Path) {
        with(db, |b| {
            let mut s = b.load().unwrap().unwrap();
            s.updates_state.pts += 1;
            b.save(&s).unwrap();
        });
        beside(db, "expected", &loaded(db));
    }
}
