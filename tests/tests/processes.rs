//! Several processes on one session: readers among writers of whole sessions,
//! and one that is killed while it holds the lock.
#![cfg(target_os = "linux")]

use ferogram_session::{CachedPeer, PersistedSession};
use ferogram_session_tests::in_files::{Make, backends, names};
use ferogram_session_tests::sessions::{full, normal, user};
use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A process that does its part of a test; ended with this.
struct Process(Child);

impl Process {
    /// `role` is what it is to do, on which backend, in this folder.
    fn start(test: &str, role: &str, backend: &str, folder: &Path) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args([test, "--exact", "--nocapture", "--test-threads=1"])
            .env("SESSION_TEST_ROLE", role)
            .env("SESSION_TEST_BACKEND", backend)
            .env("SESSION_TEST_FOLDER", folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        Self(command.spawn().unwrap())
    }

    fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.0.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    /// Stops it, and waits until each of its threads has: for a moment they go on.
    fn stop(&self) {
        self.signal("-STOP");
        let (threads, began) = (format!("/proc/{}/task", self.0.id()), Instant::now());
        let stopped = |thread: io::Result<fs::DirEntry>| {
            let status = fs::read_to_string(thread.unwrap().path().join("stat"));
            status.is_ok_and(|status| status.contains(") T "))
        };
        while !fs::read_dir(&threads).unwrap().all(stopped) {
            assert!(began.elapsed() < PATIENCE, "does not stop");
            std::thread::sleep(Duration::from_micros(100));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// In such a process: what it is to do.
fn role() -> Option<(String, Make, PathBuf)> {
    let role = std::env::var("SESSION_TEST_ROLE").ok()?;
    let name = std::env::var("SESSION_TEST_BACKEND").unwrap();
    let make = backends().into_iter().find(|(backend, _)| *backend == name).unwrap().1;
    Some((role, make, std::env::var_os("SESSION_TEST_FOLDER").unwrap().into()))
}

/// How long any of it may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A session of which every part tells which one it is.
fn stamped(stamp: i32) -> PersistedSession {
    let peer = |id| CachedPeer { access_hash: stamp.into(), ..user(id, 1) };
    let mut session = full(0);
    session.home_dc_id = 1 + stamp % 5;
    session.dcs.iter_mut().for_each(|dc| {
        dc.time_offset = stamp;
        dc.auth_key = dc.auth_key.map(|key| key.map(|byte| byte ^ stamp as u8));
    });
    session.updates_state.pts = stamp;
    session.peers = (1..100 + i64::from(stamp % 40)).map(peer).collect();
    session.future_auth_token = Some(stamp.to_le_bytes().to_vec());
    normal(session)
}

const SAVERS: i32 = 4;
const READERS: i32 = 4;
const SAVES: i32 = 30;

fn is_stamp(stamp: i32) -> bool {
    stamp == 0 || (1..=SAVERS).contains(&(stamp / 1_000)) && stamp % 1_000 < SAVES
}

#[test]
fn a_load_among_saves_of_other_processes_is_one_of_the_sessions() {
    const TEST: &str = "a_load_among_saves_of_other_processes_is_one_of_the_sessions";
    if let Some((role, make, folder)) = role() {
        let start = Instant::now();
        if let Some(saver) = role.strip_prefix("save ") {
            let saver: i32 = saver.parse().unwrap();
            let backend = make(&folder);
            return (0..SAVES).for_each(|nth| backend.save(&stamped(saver * 1_000 + nth)).unwrap());
        }
        let backend = make(&folder);
        let mut seen = BTreeSet::new();
        File::create(folder.with_extension(&role)).unwrap();
        while !folder.with_extension("done").exists() && start.elapsed() < PATIENCE {
            let loaded = normal(backend.load().unwrap().unwrap());
            let stamp = loaded.updates_state.pts;
            assert!(is_stamp(stamp) && loaded == stamped(stamp), "parts of {stamp} and another");
            seen.insert(stamp);
        }
        assert!(seen.len() > 2, "saw {seen:?}");
        fs::write(folder.with_extension(format!("{role}-saw")), seen.len().to_string()).unwrap();
        return;
    }
    for (name, make) in backends() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("sessions");
        fs::create_dir(&folder).unwrap();
        make(&folder).save(&stamped(0)).unwrap();
        let start = |role: &str| Process::start(TEST, role, name, &folder);
        let mut readers: Vec<_> = (0..READERS).map(|nth| start(&format!("read-{nth}"))).collect();
        let began = Instant::now();
        let is_reading = |nth| folder.with_extension(format!("read-{nth}")).exists();
        while !(0..READERS).all(is_reading) {
            assert!(began.elapsed() < PATIENCE, "{name}: no reader came");
            std::thread::sleep(Duration::from_millis(2));
        }
        let mut savers: Vec<_> = (1..=SAVERS).map(|nth| start(&format!("save {nth}"))).collect();
        for saver in &mut savers {
            assert!(saver.0.wait().unwrap().success(), "{name}: a saver");
        }
        fs::write(folder.with_extension("done"), "").unwrap();
        for reader in &mut readers {
            assert!(reader.0.wait().unwrap().success(), "{name}: a reader");
        }
        let saw: Vec<usize> = (0..READERS)
            .map(|nth| folder.with_extension(format!("read-{nth}-saw")))
            .map(|saw| fs::read_to_string(saw).unwrap().parse().unwrap())
            .collect();
        println!("{name}: of {} sessions, the readers saw {saw:?}", SAVERS * SAVES);
        // The last of one of them.
        let last = normal(make(&folder).load().unwrap().unwrap());
        let stamp = last.updates_state.pts;
        assert!(last == stamped(stamp) && stamp % 1_000 == SAVES - 1, "{name}: {stamp}");
        let expected: &[&str] = match name {
            "file" => &["bot.session", "bot.session.lock", "bot.session.prev"],
            "sqlite" => &["bot.db", "bot.db.lock"],
            _ => &["bot.libsql", "bot.libsql.lock"],
        };
        assert_eq!(names(&folder), expected, "{name}: stray files");
    }
}

/// How many processes are killed.
const ROUNDS: i32 = 4;

fn lock_file(folder: &Path) -> Option<File> {
    let lock = names(folder).into_iter().find(|name| name.ends_with(".lock"))?;
    Some(File::options().read(true).write(true).open(folder.join(lock)).unwrap())
}

/// Stopped, not ended, it keeps the lock: that it has it is seen before it is
/// killed, and that another writer waits for it.
#[test]
fn a_process_killed_while_it_holds_the_lock_blocks_nobody() {
    const TEST: &str = "a_process_killed_while_it_holds_the_lock_blocks_nobody";
    if let Some((_, make, folder)) = role() {
        let (backend, start) = (make(&folder), Instant::now());
        let mut report = File::create(folder.with_extension("report")).unwrap();
        for home in (1..).take_while(|_| start.elapsed() < PATIENCE) {
            backend.set_home_dc(home).unwrap();
            report.write_all(b"\n").unwrap();
        }
        return;
    }
    for (name, make) in backends() {
        let mut killed_with_the_lock = 0;
        for round in 0..ROUNDS {
            let place = tempfile::tempdir().unwrap();
            let folder = place.path().join("sessions");
            fs::create_dir(&folder).unwrap();
            make(&folder).save(&full(5)).unwrap();
            let mut process = Process::start(TEST, "", name, &folder);
            let returned = || {
                fs::read(folder.with_extension("report")).map_or(0, |report| report.len() as i32)
            };
            let began = Instant::now();
            loop {
                assert!(began.elapsed() < PATIENCE, "{name}: never met while it held the lock");
                if returned() > round {
                    process.stop();
                    let tried = lock_file(&folder).unwrap().try_lock();
                    if matches!(tried, Err(TryLockError::WouldBlock)) {
                        break;
                    }
                    process.signal("-CONT");
                }
                std::thread::sleep(Duration::from_micros(300));
            }
            let (acknowledged, writer) = (returned(), make(&folder));
            std::thread::scope(|scope| {
                let waiting = scope.spawn(|| {
                    writer.cache_peer(&user(77, 7)).unwrap();
                    Instant::now()
                });
                std::thread::sleep(Duration::from_millis(60));
                assert!(!waiting.is_finished(), "{name}: wrote without the lock");
                // A load needs none.
                assert!(make(&folder).load().unwrap().is_some(), "{name}");
                let killed = Instant::now();
                process.0.kill().unwrap();
                let status = process.0.wait().unwrap();
                assert_eq!(status.signal(), Some(9), "{name}: {status}");
                let waited = waiting.join().unwrap() - killed;
                assert!(waited < Duration::from_secs(10), "{name}: {waited:?} after the kill");
            });
            let now = make(&folder).load().unwrap().unwrap();
            let homes = acknowledged..=acknowledged + 1;
            assert!(homes.contains(&now.home_dc_id), "{name}: {homes:?}, {}", now.home_dc_id);
            assert!(now.peers.contains(&user(77, 7)), "{name}");
            // What it was writing goes with the next login.
            make(&folder).set_home_dc(-1).unwrap();
            let left = names(&folder);
            assert!(!left.iter().any(|name| name.ends_with(".tmp")), "{name}: {left:?}");
            killed_with_the_lock += 1;
        }
        println!("{name}: {killed_with_the_lock} processes were killed while they held the lock");
        assert_eq!(killed_with_the_lock, ROUNDS);
    }
}
