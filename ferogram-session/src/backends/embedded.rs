use super::disk::{self, Identity};
use super::paths::{at, beside, fixed, folder, resolve};
use crate::error::SessionError;
use crate::random;
use crate::sync::{Timed, TimedGuard, deadline};
use std::fmt;
use std::fs::{File, TryLockError};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// An engine that runs within the program and has a file to itself: for a
/// store over an embedded database.
///
/// ```
/// use ferogram_session::Embedded;
/// use std::fs::{self, File};
/// use std::io::{Read, Write};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("notes");
/// // What opens a file, and makes an empty one its own.
/// let notes = Embedded::new(path, |path| {
///     let mut file = File::options().read(true).append(true).open(path)?;
///     if file.metadata()?.len() == 0 {
///         file.write_all(b"notes: ")?;
///     }
///     Ok(file)
/// });
/// assert_eq!(notes.read(|_| Ok(()))?, None);
/// notes.write(|file| file.write_all(b"one"))?;
/// notes.delete()?;
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// The engine is opened on first use and kept. After an error or a panic it is
/// closed, and opened again by the next call: many take nothing more once the
/// disk was full. A panic is an error of the call. Calls take turns.
///
/// The file is made beside its place, readable by its owner only, and put there
/// when the engine has made it its own. So one that is empty is damage, and an
/// error. If it is replaced or removed while the engine is open, the next call
/// opens what is there then.
pub struct Embedded<E> {
    path: PathBuf,
    open: Box<Open<E>>,
    engine: Timed<Option<(E, Identity)>>,
}

/// Opens the file at a path.
type Open<E> = dyn Fn(&Path) -> io::Result<E> + Send + Sync;

impl<E> Embedded<E> {
    /// The file at `path`, which `open` opens. That has to make an empty file
    /// its own, and should lock the file against other programs.
    pub fn new(
        path: impl Into<PathBuf>,
        open: impl Fn(&Path) -> io::Result<E> + Send + Sync + 'static,
    ) -> Self {
        Self { path: fixed(&path.into()), open: Box::new(open), engine: Timed::new(None) }
    }

    /// Runs `call`, if there is a file.
    ///
    /// # Errors
    ///
    /// Those of `call` and of opening. [`SessionError::Corrupt`] if the file is
    /// empty, or the engine panics.
    pub fn read<T>(&self, call: impl FnOnce(&mut E) -> io::Result<T>) -> io::Result<Option<T>> {
        self.run(false, call)
    }

    /// Runs `call`, and makes the file if there is none.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn write<T>(&self, call: impl FnOnce(&mut E) -> io::Result<T>) -> io::Result<T> {
        self.run(true, call)?.ok_or_else(|| {
            SessionError::unavailable(format!("{} was removed", self.path.display())).into()
        })
    }

    /// Removes the file, damaged or not, and makes that durable.
    ///
    /// # Errors
    ///
    /// If another program has it locked; if it cannot be removed.
    pub fn delete(&self) -> io::Result<()> {
        let mut engine = self.turn()?;
        let open = engine.take();
        guarded(|| {
            drop(open);
            Ok(())
        })?;
        let path = resolve(&self.path)?;
        let removed = File::options().read(true).write(true).open(&path).and_then(|file| {
            match file.try_lock() {
                Err(TryLockError::WouldBlock) => return Err(in_use(&path)),
                // Some file systems have no locks.
                Err(TryLockError::Error(_)) | Ok(()) => {}
            }
            disk::remove(&path)
        });
        match removed {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            removed => removed.map_err(|error| at(&path, "remove", error))?,
        }
        disk::sync_folder(folder(&path)).map_err(|error| at(&path, "remove", error))
    }

    fn run<T>(
        &self,
        write: bool,
        call: impl FnOnce(&mut E) -> io::Result<T>,
    ) -> io::Result<Option<T>> {
        let mut slot = self.turn()?;
        // Taken out: it comes back after a success only.
        let kept = slot.take();
        let done = guarded(|| {
            let Some((mut engine, identity)) = self.engine(kept, write)? else { return Ok(None) };
            Ok(Some((call(&mut engine)?, (engine, identity))))
        })?;
        Ok(done.map(|(value, engine)| {
            *slot = Some(engine);
            value
        }))
    }

    /// The engine over what is at the path now.
    fn engine(&self, kept: Option<(E, Identity)>, make: bool) -> io::Result<Option<(E, Identity)>> {
        let path = resolve(&self.path)?;
        if let Some((engine, identity)) = kept {
            match identity.look_at(&path).map_err(|error| at(&path, "look at", error))? {
                Some(there) if there.len() == 0 => return Err(empty(&path)),
                Some(_) => return Ok(Some((engine, identity))),
                None => drop(engine),
            }
        }
        match disk::metadata(&path) {
            Ok(file) if file.len() == 0 => return Err(empty(&path)),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound && !make => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.make(&path).map_err(|error| at(&path, "create", error))?;
            }
            Err(error) => return Err(at(&path, "look at", error)),
        }
        let engine = (self.open)(&path)?;
        let identity = Identity::at(&path).map_err(|error| at(&path, "look at", error))?;
        Ok(Some((engine, identity)))
    }

    /// Makes a file that the engine has made its own, whole or not at all. It
    /// holds nothing yet, so one that a crash leaves beside it does no harm.
    fn make(&self, path: &Path) -> io::Result<()> {
        let new = beside(path, &format!(".new-{:032x}", random::fresh()));
        drop(disk::create_private(&new)?);
        // Somebody else may have been quicker, whose file is as good.
        let placed = (self.open)(&new).map(drop).and_then(|()| match disk::link(&new, path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            linked => linked,
        });
        let removed = disk::remove(&new);
        placed.and(removed)?;
        disk::sync_folder(folder(path))
    }

    fn turn(&self) -> io::Result<TimedGuard<'_, Option<(E, Identity)>>> {
        self.engine.lock(deadline()).ok_or_else(|| {
            SessionError::timed_out(format!("{} is in use all the time", self.path.display()))
                .help("look for a call that hangs")
                .into()
        })
    }
}

impl<E> fmt::Debug for Embedded<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Embedded").field(&self.path).finish()
    }
}

/// What the engine held is gone with it, so nothing half done is seen.
fn guarded<T>(call: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|_| {
        Err(SessionError::corrupt("the engine panicked, as some do over a damaged file")
            .help("see what it printed; put a copy of the file back, or delete the session and log in anew")
            .into())
    })
}

fn empty(path: &Path) -> io::Error {
    SessionError::corrupt(format!("{} is empty", path.display()))
        .help("put a copy of it back; remove it if nothing was ever in it")
        .into()
}

fn in_use(path: &Path) -> io::Error {
    SessionError::unavailable(format!("another program uses {}", path.display()))
        .with_kind(io::ErrorKind::ResourceBusy)
        .help("end that program first")
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::io::Write;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    /// A file with a line for each note, and how often it was opened.
    fn notes(path: &Path) -> (Arc<AtomicU32>, Embedded<File>) {
        let opened = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&opened);
        let open = move |path: &Path| {
            count.fetch_add(1, Ordering::SeqCst);
            let mut file = File::options().read(true).append(true).open(path)?;
            if file.metadata()?.len() == 0 {
                file.write_all(b"notes\n")?;
            }
            Ok(file)
        };
        (opened, Embedded::new(path, open))
    }

    #[test]
    fn after_an_error_or_a_panic_the_engine_is_opened_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes");
        let (opened, notes) = notes(&path);
        assert!(notes.read(|_| Ok(())).unwrap().is_none());
        assert_eq!(opened.load(Ordering::SeqCst), 0);
        notes.write(|file| file.write_all(b"one\n")).unwrap();
        notes.write(|file| file.write_all(b"two\n")).unwrap();
        // Once to make the file, and once to use it.
        assert_eq!(opened.load(Ordering::SeqCst), 2);
        let error = notes.write(|_| -> io::Result<()> { Err(io::ErrorKind::StorageFull.into()) });
        assert_eq!(error.unwrap_err().kind(), io::ErrorKind::StorageFull);
        notes.read(|_| Ok(())).unwrap();
        assert_eq!(opened.load(Ordering::SeqCst), 3);
        // Not a `panic!`, which would print that.
        let panics = |_: &mut File| -> io::Result<()> { std::panic::resume_unwind(Box::new("")) };
        for _ in 0..2 {
            let error = notes.read(panics).unwrap_err();
            assert!(matches!(SessionError::of(&error), Some(SessionError::Corrupt(_))), "{error}");
        }
        notes.write(|file| file.write_all(b"three\n")).unwrap();
        assert_eq!(opened.load(Ordering::SeqCst), 5);
        assert_eq!(fs::read(&path).unwrap(), b"notes\none\ntwo\nthree\n");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_cannot_be_made_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes");
        let fails = |_: &Path| -> io::Result<File> { Err(io::ErrorKind::StorageFull.into()) };
        let notes = Embedded::new(&path, fails);
        let error = notes.write(|_| Ok(())).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        let nowhere = Embedded::new(folder.path().join("none/notes"), fails);
        assert!(nowhere.read(|_| Ok(())).unwrap().is_none());
        assert_eq!(nowhere.write(|_| Ok(())).unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn a_file_that_is_locked_is_not_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes");
        let (_, notes) = notes(&path);
        notes.write(|_| Ok(())).unwrap();
        let other = File::open(&path).unwrap();
        other.lock().unwrap();
        assert_eq!(notes.delete().unwrap_err().kind(), io::ErrorKind::ResourceBusy);
        drop(other);
        notes.delete().unwrap();
        notes.delete().unwrap();
        assert!(!path.exists());
    }
}
