//! `doctor`, on whole sessions and on damaged ones.

use crate::run::{folder, login, run, run_in};
use ferogram_session::{BinaryFileBackend, CachedPeer, SessionBackend};
use std::fs;

#[test]
fn doctor_finds_a_whole_file_whole() {
    let folder = folder();
    let ended = run(folder.path(), &["doctor", "file:bot.session"]).with(0);
    ended.says(&["ok     the session is whole", "only its owner may read it"]);
    run(folder.path(), &["doctor", "file:none.session"]).with(3);
    run(folder.path(), &["doctor", "file:none.session", "--recover"])
        .with(3)
        .says(&["no such file"]);
    let text = login(1).to_string();
    run_in(folder.path(), &["doctor", "string:-"], &text, &[]).with(0);
    run_in(folder.path(), &["doctor", "string:-"], &text[..60], &[])
        .with(5)
        .says(&["wrong", "was it cut off?"]);
}

#[test]
fn doctor_finds_damage_and_mends_it_when_told() {
    let folder = folder();
    let at = folder.path();
    let path = at.join("bot.session");
    // A second login, so that a generation before it is kept.
    BinaryFileBackend::new(&path).set_home_dc(4).unwrap();
    let whole = fs::read(&path).unwrap();
    for bytes in
        [&b""[..], b"\0", &whole[..whole.len() / 2], &[0xFF; 5_000], b"{\"home_dc_id\": 2}"]
    {
        fs::write(&path, bytes).unwrap();
        let ended = run(at, &["inspect", "file:bot.session"]).with(1);
        ended.keeps("recover()");
        ended.says(&["bot.session", "session-tool doctor --recover file:bot.session`"]);
        run(at, &["copy", "file:bot.session", "file:copy.session"]).with(1);
        assert!(!at.join("copy.session").exists());
        run(at, &["doctor", "file:bot.session"]).with(5).says(&[
            "wrong  the session cannot be read",
            "doctor --recover file:bot.session`",
            "an older state is kept",
        ]);
        assert_eq!(fs::read(&path).unwrap(), bytes, "a look changed it");
    }
    let ended = run(at, &["doctor", "--recover", "file:bot.session"]).with(0);
    // It has the lock file to itself: it was the last to write there.
    ended.keeps("wrote it last");
    let ended = ended.says(&[
        "ok     recovered: home dc 2, 1 auth key (1 address), 3 peers, 0 min-peers, 0 channels,",
        "note   given up: what was written since bot.session.prev, which is what came back\n",
        "the damaged file is kept as bot.session.damaged",
        "the session is whole",
        "nobody holds it",
    ]);
    // As of the same session, `copy` says the same.
    let copied = run(at, &["copy", "file:bot.session", "file:copy.session"]).with(0).stdout;
    let what = copied.trim().trim_start_matches("copied: ");
    assert!(ended.stdout.contains(&format!("recovered: {what}\n")), "{copied}{}", ended.stdout);
    let session = BinaryFileBackend::new(&path).load().unwrap().unwrap();
    assert_eq!(session.dcs, login(3).dcs);
    run(at, &["doctor", "--recover", "file:bot.session"]).with(1).says(&["nothing to recover"]);
}

/// What was whole of a damaged file is more than what was kept before it.
#[test]
fn doctor_says_how_far_a_damaged_file_came_back() {
    let folder = folder();
    let at = folder.path();
    let path = at.join("bot.session");
    let backend = BinaryFileBackend::new(&path);
    let peer = |id| CachedPeer { id, ..login(1).peers[0] };
    backend.cache_peer(&peer(10)).unwrap();
    let whole = fs::metadata(&path).unwrap().len();
    (11..20).for_each(|id| backend.cache_peer(&peer(id)).unwrap());
    // Else it may be what a power cut leaves, which is no damage.
    backend.checkpoint().unwrap();
    let mut bytes = fs::read(&path).unwrap();
    bytes[whole as usize + 6] ^= 1;
    fs::write(&path, &bytes).unwrap();
    run(at, &["doctor", "file:bot.session"]).with(5).says(&[&format!("(at byte {whole})")]);
    run(at, &["doctor", "file:bot.session", "--recover"]).with(0).says(&[
        "recovered: home dc 2, 1 auth key (1 address), 4 peers,",
        &format!("given up: what could not be made out of the damaged file, from byte {whole} on"),
    ]);
    assert_eq!(backend.load().unwrap().unwrap().peers.len(), 4);
}

/// A byte of the only file is another one: whether it is one of the key cannot
/// be told, so that is for the user to say.
#[test]
fn doctor_takes_a_doubtful_login_only_when_told() {
    let folder = folder();
    let at = folder.path();
    let path = at.join("bot.session");
    BinaryFileBackend::new(&path).save(&login(3)).unwrap();
    let mut bytes = fs::read(&path).unwrap();
    bytes[60] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let file = "file:bot.session";
    run(at, &["doctor", file, "--recover"])
        .with(1)
        .says(&["may be one of a key", "doctor --recover --unchecked"]);
    run(at, &["doctor", file]).with(5).says(&["wrong  the session cannot be read"]);
    run(at, &["doctor", file, "--unchecked"]).with(2);
    run(at, &["doctor", file, "--recover", "--unchecked"]).with(0).says(&[
        "recovered: home dc 2, 1 auth key",
        "given up: what could not be made out of the damaged file, and that every byte",
    ]);
    assert_eq!(fs::read(at.join("bot.session.damaged")).unwrap(), bytes);
}

#[test]
fn doctor_sees_who_writes_and_what_was_kept() {
    let folder = folder();
    let at = folder.path();
    let lock = fs::File::open(at.join("bot.session.lock")).unwrap();
    lock.lock().unwrap();
    let pid = std::process::id();
    run(at, &["doctor", "file:bot.session"]).with(0).says(&[&format!("process {pid} is writing")]);
    lock.unlock().unwrap();
    if cfg!(target_os = "linux") {
        let ended = run(at, &["doctor", "file:bot.session"]).with(0);
        ended.says(&[&format!("process {pid} wrote it last, and a process of that number")]);
    }
    // A file as 0.6.6 leaves it: no footer, and readable by all.
    let mut old = login(1).to_bytes();
    old.truncate(old.len() - 16);
    *old.last_mut().unwrap() = 0;
    fs::write(at.join("old.session"), old).unwrap();
    let ended = run(at, &["doctor", "file:old.session"]).says(&["0.6.6 or older", "is whole"]);
    assert_eq!(ended.code, Some(if cfg!(unix) { 5 } else { 0 }));
}

#[cfg(unix)]
#[test]
fn doctor_finds_files_that_others_may_read() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let path = folder.path().join("bot.session");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let ended = run(folder.path(), &["doctor", "file:bot.session"]).with(5);
    ended.says(&["others on this machine may read bot.session", "chmod 600 bot.session"]);
    run(folder.path(), &["copy", "file:bot.session", "sqlite:all.db"]).with(0);
    run(folder.path(), &["doctor", "sqlite:all.db"]).with(0).says(&["only its owner"]);
}

#[test]
#[cfg(unix)]
fn doctor_looks_beside_the_file_that_a_link_leads_to() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let path = folder.path().join("bot.session");
    std::os::unix::fs::symlink(&path, folder.path().join("link")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let ended = run(folder.path(), &["doctor", "file:link"]).with(5);
    ended.says(&["others on this machine may read", "bot.session", "wrote it last"]);
}
