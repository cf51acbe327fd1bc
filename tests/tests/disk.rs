//! Backends that keep files, where a disk is full or cannot be written to, and
//! where no more files are to be had: each call is an error or takes effect,
//! and when there is room again, everything acknowledged is there.
#![cfg(target_os = "linux")]

use ferogram_session::testing::{Call, Reference, differences};
use ferogram_session::{
    BinaryFileBackend, DcFlags, Embedded, PersistedSession, SessionBackend, UpdateStateChange,
};
use ferogram_session_tests::child::{child, child_on_a_small_disk, is_child, small_disk};
use ferogram_session_tests::in_files::{Make, backends};
use ferogram_session_tests::secret::with_a_key;
use ferogram_session_tests::sessions::{dc, full, normal, user};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A backend in use, and what it may hold: after an error a call may have taken
/// effect, until the session can be read.
struct Used {
    name: &'static str,
    make: Make,
    folder: PathBuf,
    open: Box<dyn SessionBackend>,
    possible: Vec<Reference>,
    /// How many calls of this round failed.
    failed: usize,
}

impl Used {
    fn new((name, make): (&'static str, Make), folder: &Path) -> Self {
        let folder = folder.join(name);
        fs::create_dir(&folder).unwrap();
        let open = make(&folder);
        open.save(&full(20)).unwrap();
        let possible = vec![Reference::holding(&full(20))];
        Self { name, make, folder, open, possible, failed: 0 }
    }

    /// Makes each sort of call, through the open backend and a new one.
    fn try_everything(&mut self, round: u8) {
        self.failed = 0;
        let mut larger = full(12_000);
        larger.updates_state.qts = round.into();
        let primary = |pts| UpdateStateChange::Primary { pts, date: 1, seq: 1 };
        let calls = [
            Call::Update(primary(round.into())),
            Call::CachePeer(user(i64::from(round) + 10_000, 1)),
            Call::UpdateDc(dc(3, DcFlags::NONE, Some(round))),
            Call::SetHomeDc(round.into()),
            Call::Save(Box::new(larger)),
            Call::Delete,
        ];
        for call in calls {
            self.call(&call, true);
            self.call(&call, false);
            if call == Call::Delete {
                self.call(&Call::Save(Box::new(full(20))), true);
            }
        }
    }

    fn call(&mut self, call: &Call, through_the_open_one: bool) {
        let fresh = (self.make)(&self.folder);
        let backend = if through_the_open_one { &*self.open } else { &*fresh };
        let made = call.make(backend);
        let mut after = self.possible.clone();
        after.iter_mut().for_each(|reference| reference.call(call));
        match &made {
            Ok(()) => self.possible = after,
            Err(error) => {
                self.failed += 1;
                let text = error.to_string();
                assert!(text.contains("bot."), "{}: says not where: {text}", self.name);
                self.left_no_key_aside();
                for reference in after {
                    if !self.possible.iter().any(|known| known.stored() == reference.stored()) {
                        self.possible.push(reference);
                    }
                }
            }
        }
        if let Ok(now) = (self.make)(&self.folder).load() {
            self.is_possible(now, &format!("after {call:?}: {made:?}"));
        }
    }

    fn is_possible(&mut self, now: Option<PersistedSession>, when: &str) {
        let now = now.as_ref();
        self.possible.retain(|reference| match (reference.stored(), now) {
            (Some(expected), Some(now)) => differences(expected, now).is_empty(),
            (expected, now) => expected.is_none() && now.is_none(),
        });
        self.possible.truncate(1);
        assert!(!self.possible.is_empty(), "{}: {when}: {now:?}", self.name);
    }

    /// The file backend takes back what it was about to put in place.
    fn left_no_key_aside(&self) {
        // Not to be seen while no file can be opened.
        if File::open(&self.folder).is_err() {
            return;
        }
        let mut names = with_a_key(&self.folder);
        names.retain(|name| !["bot.session", "bot.session.prev"].contains(&name.as_str()));
        assert!(self.name != "file" || names.is_empty(), "{names:?} hold a key");
    }

    /// There is room again. How many calls failed while there was none.
    fn recovers(&mut self) -> usize {
        self.left_no_key_aside();
        let fresh = (self.make)(&self.folder);
        for loaded in [self.open.load(), fresh.load()] {
            self.is_possible(loaded.unwrap(), "with room again");
        }
        let key = Call::UpdateDc(dc(4, DcFlags::NONE, Some(77)));
        let failed = self.failed;
        for open in [true, false] {
            self.call(&key, open);
            assert_eq!(self.failed, failed, "{}", self.name);
        }
        failed
    }
}

/// Takes what room there is, but for some bytes.
fn fill(disk: &Path, spare: usize) {
    let mut filler = File::create(disk.join("filler")).unwrap();
    let block = vec![1; 1024];
    let full = loop {
        if let Err(error) = filler.write_all(&block) {
            break error;
        }
    };
    assert_eq!(full.kind(), ErrorKind::StorageFull);
    let len = filler.metadata().unwrap().len();
    filler.set_len(len.saturating_sub(spare as u64)).unwrap();
}

#[test]
fn a_full_disk_loses_nothing() {
    if !is_child() {
        let folder = tempfile::tempdir().unwrap();
        return child_on_a_small_disk("a_full_disk_loses_nothing", folder.path(), 6 << 20);
    }
    let disk = small_disk();
    for backend in backends() {
        let mut used = Used::new(backend, &disk);
        // Full at once, and in the middle of what is written.
        for (round, spare) in [0, 4 << 10, 16 << 10, 64 << 10, 200 << 10].into_iter().enumerate() {
            fill(&disk, spare);
            used.try_everything(round as u8 + 1);
            fs::remove_file(disk.join("filler")).unwrap();
            let failed = used.recovers();
            println!("{}: {failed} calls failed with {spare} bytes to spare", used.name);
            assert!(failed > 0, "{}: {spare} bytes are room enough", used.name);
        }
        fs::remove_dir_all(&used.folder).unwrap();
    }
}

/// What was made aside, or is to undo what was begun, holds no key after it
/// failed; and nothing does after `delete()`.
#[test]
fn a_first_save_that_failed_leaves_no_key_aside() {
    if !is_child() {
        let folder = tempfile::tempdir().unwrap();
        let test = "a_first_save_that_failed_leaves_no_key_aside";
        return child_on_a_small_disk(test, folder.path(), 2 << 20);
    }
    let disk = small_disk();
    for (name, make) in backends() {
        let (mut failed, mut saved) = (0, 0);
        for spare in (0..64).map(|nth| nth * nth * 100) {
            let folder = disk.join(name);
            fs::create_dir(&folder).unwrap();
            let backend = make(&folder);
            fill(&disk, spare);
            let result = backend.save(&full(3_000));
            let found = with_a_key(&folder);
            match result {
                Ok(()) => {
                    saved += 1;
                    assert!(!found.is_empty(), "{name}: a key would not be found");
                }
                Err(_) => failed += 1,
            }
            let aside = |name: &String| {
                !["bot.session", "bot.db", "bot.db-wal", "bot.libsql", "bot.libsql-wal"]
                    .contains(&name.as_str())
            };
            assert!(
                !found.iter().any(aside),
                "{name}, {spare} bytes to spare: {found:?} hold a key"
            );
            fs::remove_file(disk.join("filler")).unwrap();
            backend.delete().unwrap();
            let found = with_a_key(&folder);
            assert!(
                found.is_empty(),
                "{name}, {spare} bytes to spare: deleted, and {found:?} hold a key"
            );
            // Closed first: SQLite would keep room for a database that it lost.
            drop(backend);
            fs::remove_dir_all(&folder).unwrap();
        }
        println!("{name}: {failed} first saves failed, {saved} did not");
        assert!(failed > 10 && saved > 0, "{name}: {failed}, {saved}");
    }
}

#[test]
fn a_disk_that_cannot_be_written_to_loses_nothing() {
    if !is_child() {
        let test = "a_disk_that_cannot_be_written_to_loses_nothing";
        let folder = tempfile::tempdir().unwrap();
        return child_on_a_small_disk(test, folder.path(), 6 << 20);
    }
    let disk = small_disk();
    let remount = |how: &str| {
        let ran = Command::new("mount").args(["-o", &format!("remount,{how}")]).arg(&disk).status();
        assert!(ran.unwrap().success());
    };
    for backend in backends() {
        let mut used = Used::new(backend, &disk);
        // Nothing that is open for writing hinders it.
        used.open = (used.make)(&used.folder);
        remount("ro");
        used.try_everything(1);
        let read = (used.make)(&used.folder).load();
        remount("rw");
        assert!(used.recovers() > 0, "{}: it could be written to", used.name);
        println!("{}: {read:?}", used.name);
        match used.name {
            "file" => assert!(matches!(read, Ok(Some(_))), "{read:?}"),
            // SQLite reads no log without writing beside it.
            name => assert!(read.is_err(), "{name}: {read:?}"),
        }
    }
}

#[test]
fn no_more_files_lose_nothing() {
    if !is_child() {
        return child("no_more_files_lose_nothing", "ulimit -n 64", |_| {});
    }
    let folder = tempfile::tempdir().unwrap();
    for backend in backends() {
        let mut used = Used::new(backend, folder.path());
        for spare in 0..6 {
            let mut taken = Vec::new();
            let none: io::Error = loop {
                match File::open("/dev/null") {
                    Ok(file) => taken.push(file),
                    Err(error) => break error,
                }
            };
            assert_eq!(none.raw_os_error(), Some(24), "EMFILE");
            taken.truncate(taken.len() - spare);
            used.try_everything(spare as u8 + 1);
            drop(taken);
            let failed = used.recovers();
            println!("{}: {failed} calls failed with {spare} files to spare", used.name);
            assert!(failed > 0 || spare > 0, "{}: it needs no file", used.name);
        }
    }
}

/// A program that goes to another folder (as one does that detaches itself) does
/// not leave its login behind.
#[test]
fn a_path_stays_where_it_was_when_the_program_goes_elsewhere() {
    if !is_child() {
        let test = "a_path_stays_where_it_was_when_the_program_goes_elsewhere";
        return child(test, "", |_| {});
    }
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::env::set_current_dir(one.path()).unwrap();
    let backend = BinaryFileBackend::new("bot.session");
    let engine = Embedded::new("engine", |path| std::fs::write(path, "made"));
    backend.save(&full(3)).unwrap();
    engine.write(|()| Ok(())).unwrap();
    std::env::set_current_dir(other.path()).unwrap();
    assert_eq!(backend.path(), Path::new("bot.session"));
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(full(3))));
    backend.set_home_dc(4).unwrap();
    assert!(engine.read(|()| Ok(())).unwrap().is_some());
    assert_eq!(std::fs::read_dir(other.path()).unwrap().count(), 0);
}
