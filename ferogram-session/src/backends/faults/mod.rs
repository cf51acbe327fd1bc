//! File operations under watch, in tests: what each leaves on the disk, and
//! having one fail. What a file holds at once and what it would hold after a
//! power cut are kept apart in a [`Model`].

mod model;

pub(crate) use model::{Image, Model};

use std::cell::RefCell;
#[cfg(unix)]
use std::fs;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// An operation that is about to be done.
pub(crate) enum Op<'a> {
    Create(&'a Path),
    Open,
    Read,
    Look,
    Rights,
    Write(&'a File, &'a [u8], u64),
    SetLen(&'a File, u64),
    Sync(&'a File),
    SyncFolder,
    Rename(&'a Path, &'a Path),
    Link(&'a Path, &'a Path),
    Remove(&'a Path),
}

/// What happens at one operation instead.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    /// It fails, and the next one is done.
    Error(io::ErrorKind),
    /// The same, with a number of the system's that has no kind.
    Os(i32),
    /// Of a write, half is done; else as an error.
    Short,
    /// The process ends here.
    Stop,
}

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
    /// Whether the operation of the fault was done, and what it was.
    pub(crate) failed: Option<&'static str>,
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
            failed: None,
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

    fn before(&mut self, op: &Op<'_>) -> io::Result<()> {
        if self.stopped {
            return Err(io::Error::other("the process has ended"));
        }
        let name = op.name();
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
        let fault = self.fault.filter(|(at, _)| *at == self.ops).map(|(_, fault)| fault);
        self.ops += 1;
        if let Some(fault) = fault {
            self.failed = Some(name);
            match (fault, op) {
                (Fault::Stop, Op::Write(file, bytes, offset)) => {
                    self.stopped = true;
                    self.half(file, bytes, *offset)?;
                }
                (Fault::Stop, _) => self.stopped = true,
                (Fault::Short, Op::Write(file, bytes, offset)) => {
                    self.half(file, bytes, *offset)?;
                }
                // The system takes the pages for clean, and they are not.
                (_, Op::Sync(file)) => {
                    if let Some(inode) = number(&self.model, &self.folder, file) {
                        self.model.lose(inode);
                    }
                }
                _ => {}
            }
            return Err(match fault {
                Fault::Error(kind) => kind.into(),
                Fault::Os(number) => io::Error::from_raw_os_error(number),
                _ => io::ErrorKind::StorageFull.into(),
            });
        }
        self.apply(op);
        Ok(())
    }

    fn apply(&mut self, op: &Op<'_>) {
        let Self { model, folder, .. } = self;
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
            Op::Open | Op::Read | Op::Look | Op::Rights => {}
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

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    super::disk::len_if_same(file, path).is_ok_and(|len| len.is_some())
}

#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> bool {
    false
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

impl Op<'_> {
    fn name(&self) -> &'static str {
        match self {
            Self::Create(_) => "create",
            Self::Open => "open",
            Self::Read => "read",
            Self::Look => "look",
            Self::Rights => "rights",
            Self::Write(..) => "write",
            Self::SetLen(..) => "truncate",
            Self::Sync(_) => "sync",
            Self::SyncFolder => "sync the folder",
            Self::Rename(..) => "rename",
            Self::Link(..) => "link",
            Self::Remove(_) => "remove",
        }
    }

    /// Whether it changes this file.
    fn changes_file(&self, path: &Path) -> bool {
        match self {
            Self::Rename(_, to) => *to == path,
            Self::Remove(of) => *of == path,
            Self::Write(file, ..) | Self::SetLen(file, _) => is_at(file, path),
            _ => false,
        }
    }

    /// Whether it changes what is on the disk.
    fn changes(&self) -> bool {
        !matches!(self, Self::Open | Self::Read | Self::Look | Self::Rights)
    }
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
