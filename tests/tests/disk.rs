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
        let mut larger = full(3_000);
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

    /// There is room again.
    fn recovers(&mut self) {
        let fresh = (self.make)(&self.folder);
        for loaded in [self.open.load(), fresh.load()] {
            self.is_possible(loaded.unwrap(), "with room again");
        }
        let key = Call::UpdateDc(dc(4, DcFlags::NONE, Some(77)));
        for open in [true, false] {
            let failed = self.failed;
            self.call(&key, open);
            assert_eq!(self.failed, failed, "{}", self.name);
        }
        assert!(self.failed > 0, "{}: nothing was scarce", self.name);
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
        return child_on_a_small_disk("a_full_disk_loses_nothing", folder.path(), 2 << 20);
    }
    let disk = small_disk();
    for backend in backends() {
        let mut used = Used::new(backend, &disk);
        // Full at once, and in the middle of what is written.
        for (round, spare) in [0, 4 << 10, 16 << 10, 64 << 10, 200 << 10].into_iter().enumerate() {
            fill(&disk, spare);
            used.try_everything(round as u8 + 1);
            fs::remove_file(disk.join("filler")).unwrap();
            used.recovers();
        }
        fs::remove_dir_all(&used.folder).unwrap();
    }
}

#[test]
fn a_disk_that_cannot_be_written_to_loses_nothing() {
    if !is_child() {
        let test = "a_disk_that_cannot_be_written_to_loses_nothing";
        let folder = tempfile::tempdir().unwrap();
        return child_on_a_small_disk(test, folder.path(), 4 << 20);
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
        used.recovers();
        assert!(!matches!(read, Ok(None)), "{}: no session", used.name);
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
            used.recovers();
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
