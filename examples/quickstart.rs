//! A session backend of one's own, which is all of `FolderBackend`: saved to,
//! changed, loaded after a restart; and the same login in a built-in one.
//!
//! ```text
//! $ cargo run --example quickstart
//! folder: no session before the first login
//! saved as my-bot.session, 19338 bytes
//! one more peer, and a restart: home dc 2, 1 auth key, pts 4711, 1001 peers
//! binary-file: copied: home dc 2, 1 auth key (1 address), 1001 peers, 0 min-peers, 0 channels, no token; about 19357 bytes
//! one more peer wrote 23 bytes; the rest was left alone
//! deleted, and the keys with them: no session
//! ```

use example_stores::Directory;
use example_stores::sample::{channel, in_short, login};
use ferogram_session::{SessionBackend, copy};
use std::path::Path;
use std::{fs, io};

/// Keeps each account in a file of a folder.
#[derive(SessionBackend)]
#[session(blob(key = "{account}.session"))]
struct FolderBackend {
    #[session(store)]
    folder: Directory,
    account: String,
}

fn main() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let open = || FolderBackend {
        folder: Directory(folder.path().to_owned()),
        account: "my-bot".to_owned(),
    };
    let len = |path: &Path| fs::metadata(path).map(|metadata| metadata.len());
    let size = |folder: &Path| -> io::Result<u64> {
        fs::read_dir(folder)?.map(|entry| len(&entry?.path())).sum()
    };

    println!("{}: {} before the first login", open().name(), in_short(open().load()?.as_ref()));
    open().save(&login(1_000))?;
    let stored = folder.path().join("my-bot.session");
    println!("saved as my-bot.session, {} bytes", len(&stored)?);

    // Every `open()` is a restart: a new backend that knows nothing.
    open().cache_peer(&channel(1_234_567))?;
    println!("one more peer, and a restart: {}", in_short(open().load()?.as_ref()));

    let place = folder.path().join("built-in");
    fs::create_dir(&place)?;
    // Where a built-in backend keeps the session is one line. The others need
    // `--features sqlite-session` or `--features libsql-session` behind the command.
    // let built_in = ferogram_session::SqliteBackend::new(place.join("bot.db"));
    // let built_in = ferogram_session::LibSqlBackend::new(place.join("bot.db"));
    // let built_in = ferogram_session::LibSqlBackend::remote("libsql://your-db.turso.io", "your-token");
    let built_in = ferogram_session::BinaryFileBackend::new(place.join("bot.session"));
    println!("{}: {}", built_in.name(), copy(&open(), &built_in)?);
    let before = size(&place)?;
    built_in.cache_peer(&channel(7_654_321))?;
    println!("one more peer wrote {} bytes; the rest was left alone", size(&place)? - before);

    open().delete()?;
    built_in.delete()?;
    println!("deleted, and the keys with them: {}", in_short(built_in.load()?.as_ref()));
    Ok(())
}
