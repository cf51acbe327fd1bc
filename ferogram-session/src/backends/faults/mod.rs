//! File operations under watch, in tests: what each leaves on the disk, and
//! having one fail. What a file holds at once and what it would hold after a
//! power cut are kept apart in a [`Model`].

mod fault;
mod model;
mod op;

pub(crate) use fault::Fault;
pub(crate) use model::{Image, Model};
pub(crate) use op::Op;

use crate::format::Journal;
use op::is_at;
use std::cell::RefCell;
#[cfg(unix)]
use std::fs;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// What the session file is called.
pub(crate) const SESSION: &str = "bot.session";

/// The state of the files before an operation.
pub(crate) struct Stop {
    pub(crate) model: Model,
    pub(crate) op: &'static str,
}

/// What is known of the files of one folder, and what is to happen to them.
pub(crate) struct Watch {
    folder: PathBuf,
    pub(crate) model: Model,
    /// How many operations there were.
    pub(crate) ops: usize,
    fault: Option<(usize, Fault)>,
    stopped: bool,
    /// The states before each operation, if they are to be kept.
    pub(crate) stops: Option<Vec<Stop>>,
    /// The operations that failed.
    pub(crate) failed: Vec<&'static str>,
    /// Whether the session file was changed, since somebody said that it was not.
    pub(crate) changed: bool,
    /// Whether a change was appended to it that no rewrite came after.
    pub(crate) appended: bool,
    /// Whether a lock was taken.
    pub(crate) locked: bool,
    /// Whether a journal had no room, since somebody said that it had.
    pub(crate) full: bool,
    /// What somebody else does meanwhile, and before which operation.
    meddling: Option<Meddling>,
    /// Before which operation that was done.
    pub(crate) met: Option<&'static str>,
}

struct Meddling {
    at: usize,
    file: &'static str,
    call: Box<dyn FnOnce()>,
}

impl Watch {
    pub(crate) fn new(folder: &Path, model: Model) -> Self {
        Self {
            folder: folder.to_owned(),
            model,
            ops: 0,
            fault: None,
            stopped: false,
            stops: None,
            failed: Vec::new(),
            changed: false,
            appended: false,
            locked: false,
            full: false,
            meddling: None,
            met: None,
        }
    }

    pub(crate) fn with_fault(mut self, at: usize, fault: Fault) -> Self {
        self.fault = Some((at, fault));
        self
    }

    pub(crate) fn with_stops(mut self) -> Self {
        self.stops = Some(Vec::new());
        self
    }

    /// Has somebody else do something before the operation number `at`; not
    /// between the last look at the lock and what it protects, a change of
    /// `file`: there is always a moment left.
    pub(crate) fn with_meddling(
        mut self,
        at: usize,
        file: &'static str,
        call: impl FnOnce() + 'static,
    ) -> Self {
        self.meddling = Some(Meddling { at, file, call: Box::new(call) });
        self
    }

    fn meddling(&mut self, op: &Op<'_>) -> Option<Box<dyn FnOnce()>> {
        let Meddling { at, file, .. } = self.meddling.as_ref()?;
        if *at > self.ops || op.changes_file(&self.folder.join(file)) {
            return None;
        }
        self.met = Some(op.name());
        self.meddling.take().map(|meddling| meddling.call)
    }

    /// Watches this thread while `call` runs.
    pub(crate) fn during<T>(self, call: impl FnOnce() -> T) -> (T, Self) {
        WATCH.with(|watch| *watch.borrow_mut() = Some(self));
        let result = call();
        let watch = WATCH.with(|watch| watch.borrow_mut().take());
        (result, watch.unwrap())
    }

    /// After the end of the process another one begins. Whether it did end.
    pub(crate) fn go_on(&mut self) -> bool {
        std::mem::take(&mut self.stopped)
    }

    /// Whether there is no room, because of [`Fault::Full`].
    pub(crate) fn is_full(&self) -> bool {
        matches!(self.fault, Some((_, Fault::Full))) && !self.failed.is_empty()
    }

    pub(crate) fn make_room(&mut self) {
        self.fault = None;
    }

    /// What happens at this operation, and at the next.
    fn fault(&mut self, op: &Op<'_>) -> Option<Fault> {
        let (_, fault) = self.fault.filter(|(at, _)| *at <= self.ops)?;
        // On a full disk some things go on.
        if self.is_full() && !fault.is_of(op.name()) {
            return None;
        }
        self.fault = fault.then().map(|then| (self.ops + 1, then));
        Some(fault)
    }

    fn before(&mut self, op: &Op<'_>) -> io::Result<()> {
        if self.stopped {
            return Err(io::Error::other("the process has ended"));
        }
        let name = self.name(op);
        if let Some(stops) = &mut self.stops
            && op.changes()
        {
            stops.push(Stop { model: self.model.clone(), op: name });
            // In the middle of a write.
            if let Op::Write(file, bytes, offset) = op {
                for len in [1.min(bytes.len()), bytes.len() / 2, bytes.len().saturating_sub(1)] {
                    let mut model = self.model.clone();
                    if let Some(inode) = number(&model, &self.folder, file) {
                        model.write(inode, &bytes[..len], *offset);
                    }
                    stops.push(Stop { model, op: "half a write" });
                }
            }
        }
        let fault = self.fault(op);
        self.ops += 1;
        if let Some(fault) = fault {
            self.failed.push(name);
            match (fault, op) {
                (Fault::Stop, Op::Write(file, bytes, offset)) => {
                    self.stopped = true;
                    self.half(file, bytes, *offset)?;
                }
                (Fault::Stop, _) => self.stopped = true,
                (
                    Fault::Short | Fault::ShortAndDisk | Fault::ShortAndStop | Fault::Full,
                    Op::Write(file, bytes, offset),
                ) => self.half(file, bytes, *offset)?,
                // The system takes the pages for clean, and they are not.
                (_, Op::Sync(file)) => {
                    if let Some(inode) = number(&self.model, &self.folder, file) {
                        self.model.lose(inode);
                    }
                }
                _ => {}
            }
            return Err(fault.error());
        }
        if op.changes_file(&self.folder.join(SESSION)) {
            self.changed = true;
            // A mark says nothing of the session.
            let mark = |bytes: &[u8]| bytes.len() == Journal::MARK_LEN && bytes[0] == 0;
            self.appended = match op {
                Op::Write(_, bytes, _) => self.appended || !mark(bytes),
                Op::Rename(..) => false,
                _ => self.appended,
            };
        }
        self.apply(op);
        Ok(())
    }

    fn apply(&mut self, op: &Op<'_>) {
        let Self { model, folder, locked, .. } = self;
        match *op {
            Op::Create(path) => model.create(&name(path)),
            Op::Write(file, ..) | Op::SetLen(file, _) | Op::Sync(file) => {
                let Some(inode) = number(model, folder, file) else { return };
                match *op {
                    Op::Write(_, bytes, offset) => model.write(inode, bytes, offset),
                    Op::SetLen(_, len) => model.set_len(inode, len),
                    _ => model.sync(inode),
                }
            }
            Op::SyncFolder => model.sync_folder(),
            Op::Rename(from, to) => model.rename(&name(from), &name(to)),
            Op::Link(from, to) => model.link(&name(from), &name(to)),
            Op::Remove(path) => model.remove(&name(path)),
            Op::Lock => *locked = true,
            Op::Open | Op::Read | Op::Look | Op::Rights => {}
        }
    }

    /// The lock has a length of its own.
    fn name(&self, op: &Op<'_>) -> &'static str {
        match op {
            Op::SetLen(file, _) if !is_at(file, &self.folder.join(SESSION)) => "truncate another",
            _ => op.name(),
        }
    }

    fn half(&mut self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        let half = &bytes[..bytes.len() / 2];
        if let Some(inode) = number(&self.model, &self.folder, file) {
            self.model.write(inode, half, offset);
        }
        #[cfg(unix)]
        std::os::unix::fs::FileExt::write_all_at(file, half, offset)?;
        Ok(())
    }
}

/// The number of a file that is open, unless it has no name any more.
#[cfg(unix)]
fn number(model: &Model, folder: &Path, file: &File) -> Option<usize> {
    use std::os::unix::fs::MetadataExt;
    let real = file.metadata().ok()?.ino();
    let is_it = |(name, _): &(&str, usize)| {
        fs::metadata(folder.join(name)).is_ok_and(|there| there.ino() == real)
    };
    model.names().find(is_it).map(|(_, inode)| inode)
}

#[cfg(not(unix))]
fn number(_: &Model, _: &Path, _: &File) -> Option<usize> {
    None
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

thread_local! {
    static WATCH: RefCell<Option<Watch>> = const { RefCell::new(None) };
}

/// Tells that an operation comes next.
pub(super) fn before(op: Op<'_>) -> io::Result<()> {
    if let Some(call) = with(|watch| watch.meddling(&op)).flatten() {
        aside(call);
    }
    with(|watch| watch.before(&op)).unwrap_or(Ok(()))
}

/// Whether somebody watches: then nothing need really reach the disk.
pub(super) fn is_watched() -> bool {
    with(|_| ()).is_some()
}

/// Runs `call` with nobody watching.
pub(crate) fn aside<T>(call: impl FnOnce() -> T) -> T {
    let watch = WATCH.with(|watch| watch.borrow_mut().take());
    let result = call();
    WATCH.with(|slot| *slot.borrow_mut() = watch);
    result
}

/// What watches this thread, if anything does.
pub(crate) fn with<T>(call: impl FnOnce(&mut Watch) -> T) -> Option<T> {
    WATCH.with(|watch| watch.borrow_mut().as_mut().map(call))
}
