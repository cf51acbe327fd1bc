//! What the system does not give, or takes away: threads, a folder, the right
//! time, private files.
#![cfg(unix)]

use ferogram_session::{
    AsyncBlobStore, BinaryFileBackend, Bincode, BlobStore, Blocking, Codec, Expect, Json, Native,
    PersistedSession, SessionBackend, SessionError, SqliteBackend, Version, Written,
};
use ferogram_session_tests::child::{child, is_child};
use ferogram_session_tests::in_files::{backends, names};
use ferogram_session_tests::sessions::full;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// An async store that has nothing.
struct Nothing;

impl AsyncBlobStore for Nothing {
    async fn read(&self, _: &str) -> io::Result<Option<(Vec<u8>, Version)>> {
        Ok(None)
    }

    async fn write(&self, _: &str, _: &[u8], _: &Expect) -> io::Result<Written> {
        Ok(Written::DONE)
    }

    async fn delete(&self, _: &str) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_runtime_that_cannot_start_is_an_error_of_the_call() {
    if is_child() {
        let store = Blocking::new(Nothing);
        for _ in 0..2 {
            let error = store.read("default").unwrap_err();
            assert!(error.to_string().contains("runtime for async stores"), "{error}");
        }
        return;
    }
    child("a_runtime_that_cannot_start_is_an_error_of_the_call", "ulimit -u 1", |command| {
        use std::os::unix::process::CommandExt;
        // No limit holds for root; nobody else runs anything as this user.
        if fs::metadata("/proc/self").is_ok_and(|us| std::os::unix::fs::MetadataExt::uid(&us) == 0)
        {
            command.uid(64_321).gid(64_321);
        }
    });
}

/// A length that asks for more than there is takes no memory: with little to
/// be had, the process would end.
#[test]
fn a_hostile_length_is_an_error_where_memory_is_short() {
    if is_child() {
        fn every_place<C: Codec>() {
            let good = C::encode(&full(3)).unwrap();
            for at in 0..good.len() {
                // bincode says with a byte of 251 to 253 that a length follows.
                for lead in [0xFF, 0xFC, 0xFD] {
                    let mut bytes = good[..at].to_vec();
                    bytes.push(lead);
                    bytes.extend([0xFF, 0xFF, 0xFF, 0x7F].repeat(8));
                    let _ = C::decode(&bytes);
                    bytes.extend_from_slice(&good[at..]);
                    let _ = C::decode(&bytes);
                }
            }
        }
        every_place::<Native>();
        every_place::<Json>();
        every_place::<Bincode>();
        let too_much = || Vec::<u8>::new().try_reserve_exact(300 << 20).is_err();
        assert!(too_much(), "memory is not short");
        return;
    }
    let test = "a_hostile_length_is_an_error_where_memory_is_short";
    child(test, "ulimit -v 300000", |_| {});
}

/// The same in a database, where a page says how long a row is.
#[test]
fn a_hostile_length_in_a_file_is_an_error_where_memory_is_short() {
    const TEST: &str = "a_hostile_length_in_a_file_is_an_error_where_memory_is_short";
    if !is_child() {
        return child(TEST, "ulimit -v 300000", |_| {});
    }
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
    for (name, make) in backends() {
        let made = folder.path().join(name);
        fs::create_dir(&made).unwrap();
        let backend = make(&made);
        backend.save(&full(20)).unwrap();
        backend.set_home_dc(4).unwrap();
        drop(backend);
        let file = |folder: &Path| {
            let main = |name: &&String| !name.ends_with(".lock") && !name.ends_with(".prev");
            folder.join(names(folder).iter().find(main).unwrap())
        };
        let good = fs::read(file(&made)).unwrap();
        let (mut errors, mut sessions) = (0, 0);
        for at in (0..good.len()).step_by(29) {
            // Seven bits in each, or all of the length.
            for lie in [&[0xFF, 0xFF, 0xFF, 0xFF, 0x7F][..], &[0x87, 0xFF, 0xFF, 0xFF, 0x7F]] {
                let mut bytes = good.clone();
                let end = (at + lie.len()).min(bytes.len());
                bytes[at..end].copy_from_slice(&lie[..end - at]);
                fs::write(file(&made), bytes).unwrap();
                match make(&made).load() {
                    Ok(None) => panic!("{name}, {at}: no session"),
                    Ok(Some(_)) => sessions += 1,
                    Err(_) => errors += 1,
                }
            }
        }
        assert!(errors > 50, "{name}: {errors} errors, {sessions} sessions");
    }
    assert!(Vec::<u8>::new().try_reserve_exact(300 << 20).is_err(), "memory is not short");
}

#[test]
fn a_folder_that_vanishes_is_that_error_until_it_is_back() {
    for (name, make) in backends() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("inner");
        fs::create_dir(&inner).unwrap();
        let backend = make(&inner);
        backend.save(&full(3)).unwrap();
        fs::remove_dir_all(&inner).unwrap();
        for error in [backend.save(&full(3)), backend.set_home_dc(4)].map(Result::unwrap_err) {
            assert_eq!(error.kind(), ErrorKind::NotFound, "{name}: {error}");
            assert!(error.to_string().contains("create the folder"), "{name}: {error}");
        }
        assert!(!inner.exists(), "{name}");
        fs::create_dir(&inner).unwrap();
        backend.save(&full(3)).unwrap();
        assert!(backend.load().unwrap().is_some(), "{name}");
        assert!(make(&inner).load().unwrap().is_some(), "{name}");
    }
}

#[test]
fn a_folder_in_the_place_of_a_session_is_that_error_and_stays() {
    for (name, make) in backends() {
        let folder = tempfile::tempdir().unwrap();
        // What the file is called.
        make(folder.path()).save(&full(1)).unwrap();
        let path = folder.path().join(names(folder.path()).remove(0));
        for entry in names(folder.path()) {
            fs::remove_file(folder.path().join(entry)).unwrap();
        }
        fs::create_dir(&path).unwrap();
        fs::write(path.join("inside"), "something").unwrap();
        let backend = make(folder.path());
        let calls = [
            backend.load().map(drop),
            backend.save(&full(1)),
            backend.set_home_dc(1),
            backend.delete(),
        ];
        for error in calls.map(Result::unwrap_err) {
            let text = error.to_string();
            assert!(text.contains(&path.display().to_string()), "{name}: {text}");
            let help = SessionError::of(&error).unwrap().details().help();
            assert!(help.is_some_and(|help| text.ends_with(help)), "{name}: {text}");
        }
        assert_eq!(names(&path), ["inside"], "{name}");
        fs::remove_dir_all(&path).unwrap();
        backend.save(&full(1)).unwrap();
    }
}

/// Whether a temporary file is old, and whether our process id stands in the lock
/// still, is all that the clock decides.
#[test]
fn a_clock_that_jumps_decides_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.session");
    let backend = BinaryFileBackend::new(&path);
    let leftover = |digit: &str, at: SystemTime| {
        let name = format!("bot.session.{}.new", digit.repeat(32));
        let file = File::create(folder.path().join(&name)).unwrap();
        file.set_modified(at).unwrap();
        folder.path().join(name)
    };
    let hour = Duration::from_secs(3_600);
    let past = leftover("a", SystemTime::now() - hour);
    let future = leftover("b", SystemTime::now() + hour);
    for round in 1..4 {
        backend.set_home_dc(round).unwrap();
        // A session from the future, or from 1970, is as good as another.
        let at = if round % 2 == 0 { SystemTime::now() + hour } else { SystemTime::UNIX_EPOCH };
        File::options().write(true).open(&path).unwrap().set_modified(at).unwrap();
        assert_eq!(backend.load().unwrap().unwrap().home_dc_id, round);
    }
    assert!(!past.exists() && future.exists());

    // Nor of any other file.
    for (name, make) in backends() {
        let folder = tempfile::tempdir().unwrap();
        let open = make(folder.path());
        open.save(&full(3)).unwrap();
        for round in 1..6 {
            let now = SystemTime::now();
            let at = [SystemTime::UNIX_EPOCH, now + hour, now - hour][round as usize % 3];
            for file in names(folder.path()) {
                let file = File::options().write(true).open(folder.path().join(file)).unwrap();
                file.set_modified(at).unwrap();
            }
            let fresh = make(folder.path());
            for backend in [&open, &fresh] {
                assert_eq!(
                    backend.load().unwrap().unwrap().home_dc_id,
                    if round == 1 { 2 } else { round - 1 },
                    "{name}"
                );
            }
            let backend = if round % 2 == 0 { &open } else { &fresh };
            backend.set_home_dc(round).unwrap();
        }
    }
}

#[test]
fn files_are_private_under_every_umask() {
    if is_child() {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let binary = BinaryFileBackend::new(folder.path().join("bot.session"));
        let sqlite = SqliteBackend::new(folder.path().join("bot.db"));
        let backends: [&dyn SessionBackend; 2] = [&binary, &sqlite];
        for backend in backends {
            every_file_is_private(backend, folder.path());
        }
        #[cfg(feature = "libsql")]
        every_file_is_private(
            &ferogram_session::LibSqlBackend::new(folder.path().join("bot.libsql")),
            folder.path(),
        );
        full(1).save(&folder.path().join("alone.session")).unwrap();
        // And the copy of a damaged one.
        let path = folder.path().join("damaged.session");
        let backend = BinaryFileBackend::new(&path);
        backend.save(&full(1)).unwrap();
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        backend.recover_unchecked().unwrap();
        assert!(names(folder.path()).iter().any(|name| name.ends_with(".damaged")));
        private(folder.path());
        return;
    }
    for umask in ["000", "002", "022", "027", "077", "177"] {
        child("files_are_private_under_every_umask", &format!("umask {umask}"), |_| {});
    }
}

fn every_file_is_private(backend: &dyn SessionBackend, folder: &Path) {
    backend.save(&full(3)).unwrap();
    backend.set_home_dc(4).unwrap();
    private(folder);
    backend.save(&PersistedSession::default()).unwrap();
}

fn private(folder: &Path) {
    let mut files = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{} has the mode {mode:03o}", path.display());
        files += 1;
    }
    assert!(files > 1);
}
