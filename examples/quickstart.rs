//! A session backend of one's own: declared, saved to, changed, loaded after a
//! restart.
//!
//! `cargo run --example quickstart` prints what was stored, where, how large,
//! and what a granular update wrote.

use example_stores::Directory;
use ferogram_session::{
    BinaryFileBackend, CachedPeer, DcEntry, DcFlags, PersistedSession, SessionBackend,
};
use std::path::Path;
use std::{env, fs, io};

/// A backend that keeps each account in a file of a folder. This is all of it.
#[derive(SessionBackend)]
#[session(blob(key = "{account}.session"))]
struct FolderBackend {
    #[session(store)]
    folder: Directory,
    account: String,
}

fn main() -> io::Result<()> {
    let folder = env::temp_dir().join(format!("ferogram-quickstart-{}", std::process::id()));
    fs::create_dir(&folder)?;
    let open = || FolderBackend { folder: Directory(folder.clone()), account: "my-bot".to_owned() };

    println!("A backend of your own, `{}`:\n", open().name());
    println!("  before the first login   {}", shown(open().load()?.as_ref()));
    let login = after_login();
    open().save(&login)?;
    println!("  saved after login        {}", shown(Some(&login)));
    let stored = folder.join("my-bot.session");
    println!("  stored as                {} ({} bytes)", stored.display(), len(&stored)?);

    // Every `open()` is a restart: a new backend that knows nothing.
    open().cache_peer(&channel(1_234_567))?;
    let after = open().load()?;
    println!("  a restart, one new peer  {}", shown(after.as_ref()));
    assert_eq!(after.map(|session| session.peers.len()), Some(login.peers.len() + 1));

    println!("\nThe same login in the built-in `BinaryFileBackend`:\n");
    let path = folder.join("bot.session");
    let backend = BinaryFileBackend::new(&path);
    backend.save(&login)?;
    let before = len(&path)?;
    println!("  stored as                {} ({before} bytes)", path.display());
    backend.cache_peer(&channel(1_234_567))?;
    let written = len(&path)? - before;
    println!("  the new peer wrote       {written} bytes, appended; the rest was left alone");
    backend.save(&backend.load()?.unwrap_or_default())?;
    println!(
        "  saving all of it again   {} bytes: nothing had changed",
        len(&path)? - before - written
    );
    println!(
        "  after a restart          {}",
        shown(BinaryFileBackend::new(&path).load()?.as_ref())
    );

    backend.delete()?;
    open().delete()?;
    println!("\nBoth sessions are deleted again, and with them their keys.");
    fs::remove_dir_all(&folder)
}

fn shown(session: Option<&PersistedSession>) -> String {
    let Some(session) = session else { return "no session".to_owned() };
    let stats = session.stats();
    format!(
        "home dc {}, {} keys, pts {}, {} peers",
        stats.home_dc_id, stats.dcs_with_auth_key, session.updates_state.pts, stats.peers_total
    )
}

fn len(path: &Path) -> io::Result<u64> {
    Ok(fs::metadata(path)?.len())
}

fn after_login() -> PersistedSession {
    let mut home = DcEntry::from_parts(2, "149.154.167.51", 443, DcFlags::NONE);
    home.auth_key = Some([0x2A; 256]);
    let mut session = PersistedSession { home_dc_id: 2, dcs: vec![home], ..Default::default() };
    session.updates_state.pts = 4_711;
    session.peers.extend((1..=1_000).map(channel));
    session
}

fn channel(id: i64) -> CachedPeer {
    CachedPeer {
        id,
        access_hash: id * 7_919,
        is_channel: true,
        is_chat: false,
        channel_kind: None,
        is_community: false,
    }
}
