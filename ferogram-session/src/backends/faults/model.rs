use super::Op;
use crate::random::Seeded;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;

/// Files by name, with what they hold.
pub(crate) type Image = BTreeMap<String, Vec<u8>>;

/// The files of a folder: as they are, and what of it would survive a power
/// cut for certain. What was not synced may survive, in any order and in part.
#[derive(Clone, Default)]
pub(crate) struct Model {
    inodes: Vec<Inode>,
    names: BTreeMap<String, usize>,
    durable_names: BTreeMap<String, usize>,
    /// What was done to the names since the folder was synced.
    moves: Vec<Move>,
}

#[derive(Clone, Default)]
struct Inode {
    live: Vec<u8>,
    durable: Vec<u8>,
    /// What was done since the last sync.
    pending: Vec<Data>,
    /// What a sync that failed was to write. The system takes it for written:
    /// no later sync makes up for it.
    lost: Vec<Data>,
    /// Which file it really is, once that is known.
    real: Option<u64>,
}

#[derive(Clone)]
enum Data {
    Write(u64, Vec<u8>),
    SetLen(u64),
}

#[derive(Clone)]
enum Move {
    Set(String, usize),
    Rename(String, String, usize),
    Unset(String),
}

impl Model {
    /// A folder with these files, all of it durable.
    pub(crate) fn of(image: &Image) -> Self {
        let mut model = Self::default();
        for (name, bytes) in image {
            model.names.insert(name.clone(), model.inodes.len());
            let (live, durable) = (bytes.clone(), bytes.clone());
            model.inodes.push(Inode { live, durable, ..Inode::default() });
        }
        model.durable_names = model.names.clone();
        model
    }

    /// What is there now: what the end of a process leaves.
    pub(crate) fn live(&self) -> Image {
        let live =
            |(name, inode): (&String, &usize)| (name.clone(), self.inodes[*inode].live.clone());
        self.names.iter().map(live).collect()
    }

    /// What a power cut may leave.
    pub(crate) fn cut(&self, random: &mut Seeded) -> Image {
        let mut names = self.durable_names.clone();
        // A journal of the file system keeps the order; others do not.
        let in_order = random.below(3) == 0;
        let first = random.below(self.moves.len() + 1);
        let odds = 1 + random.below(3);
        for (at, step) in self.moves.iter().enumerate() {
            if if in_order { at < first } else { random.below(4) < odds } {
                step.apply(&mut names);
            }
        }
        let contents: Vec<_> = self.inodes.iter().map(|inode| inode.cut(random)).collect();
        names.into_iter().map(|(name, inode)| (name, contents[inode].clone())).collect()
    }

    pub(super) fn apply(&mut self, folder: &Path, op: &Op<'_>) {
        match *op {
            Op::Create(path) => {
                let name = name(path);
                if !self.names.contains_key(&name) {
                    self.inodes.push(Inode::default());
                    self.step(Move::Set(name, self.inodes.len() - 1));
                }
            }
            Op::Write(file, bytes, offset) => self.write(folder, file, bytes, offset),
            Op::SetLen(file, len) => {
                if let Some(inode) = self.inode(folder, file) {
                    inode.live.resize(len as usize, 0);
                    inode.pending.push(Data::SetLen(len));
                }
            }
            Op::Sync(file) => {
                if let Some(inode) = self.inode(folder, file) {
                    for data in inode.pending.drain(..) {
                        data.apply(&mut inode.durable);
                    }
                }
            }
            Op::SyncFolder => {
                self.durable_names = self.names.clone();
                self.moves.clear();
            }
            Op::Rename(from, to) => {
                if let Some(&inode) = self.names.get(&name(from)) {
                    self.step(Move::Rename(name(from), name(to), inode));
                }
            }
            Op::Link(from, to) => {
                if let Some(&inode) = self.names.get(&name(from)) {
                    self.step(Move::Set(name(to), inode));
                }
            }
            Op::Remove(path) => {
                if self.names.contains_key(&name(path)) {
                    self.step(Move::Unset(name(path)));
                }
            }
            Op::Open | Op::Read | Op::Look | Op::Rights => {}
        }
    }

    pub(super) fn write(&mut self, folder: &Path, file: &File, bytes: &[u8], offset: u64) {
        if let Some(inode) = self.inode(folder, file) {
            let write = Data::Write(offset, bytes.to_vec());
            write.apply(&mut inode.live);
            inode.pending.push(write);
        }
    }

    /// A sync failed.
    pub(super) fn lose(&mut self, folder: &Path, file: &File) {
        if let Some(inode) = self.inode(folder, file) {
            inode.lost.append(&mut inode.pending);
        }
    }

    fn step(&mut self, step: Move) {
        step.apply(&mut self.names);
        self.moves.push(step);
        // The system may give the number of a file that is gone to another.
        let used: Vec<_> = self.names.values().copied().collect();
        for (number, inode) in self.inodes.iter_mut().enumerate() {
            if !used.contains(&number) {
                inode.real = None;
            }
        }
    }

    /// The file that is open, unless it has no name any more.
    fn inode(&mut self, folder: &Path, file: &File) -> Option<&mut Inode> {
        let real = number(&file.metadata().ok()?);
        if !self.inodes.iter().any(|inode| inode.real == Some(real)) {
            let is_it = |name: &&String| {
                fs::metadata(folder.join(name)).is_ok_and(|metadata| number(&metadata) == real)
            };
            let found = self.names.keys().find(is_it)?;
            let at = self.names[found];
            self.inodes[at].real = Some(real);
        }
        self.inodes.iter_mut().find(|inode| inode.real == Some(real))
    }
}

impl Inode {
    fn cut(&self, random: &mut Seeded) -> Vec<u8> {
        let mut bytes = self.durable.clone();
        let odds = random.below(5);
        for data in self.lost.iter().chain(&self.pending) {
            if random.below(4) < odds {
                match data {
                    Data::Write(offset, content) if random.below(3) == 0 => {
                        torn(&mut bytes, *offset, content, random);
                    }
                    whole => whole.apply(&mut bytes),
                }
            }
        }
        // The new length of a file may get lost too.
        if bytes.len() > self.durable.len() && random.below(6) == 0 {
            let more = bytes.len() - self.durable.len();
            bytes.truncate(self.durable.len() + random.below(more));
        }
        bytes
    }
}

impl Data {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::SetLen(len) => bytes.resize(*len as usize, 0),
            Self::Write(offset, content) => put(bytes, *offset as usize, content),
        }
    }
}

/// Sectors of a write, some of which did not land.
fn torn(bytes: &mut Vec<u8>, offset: u64, content: &[u8], random: &mut Seeded) {
    const SECTOR: usize = 512;
    let mut at = offset as usize;
    let mut left = content;
    while !left.is_empty() {
        let (sector, rest) = left.split_at((SECTOR - at % SECTOR).min(left.len()));
        match random.below(4) {
            0 => {}
            // Not what a disk does, but what some caches do.
            1 => put(bytes, at, &sector[..random.below(sector.len())]),
            _ => put(bytes, at, sector),
        }
        at += sector.len();
        left = rest;
    }
}

fn put(bytes: &mut Vec<u8>, at: usize, content: &[u8]) {
    if bytes.len() < at + content.len() {
        bytes.resize(at + content.len(), 0);
    }
    bytes[at..at + content.len()].copy_from_slice(content);
}

impl Move {
    fn apply(&self, names: &mut BTreeMap<String, usize>) {
        match self {
            Self::Set(name, inode) => drop(names.insert(name.clone(), *inode)),
            Self::Rename(from, to, inode) => {
                if names.get(from) == Some(inode) {
                    names.remove(from);
                }
                names.insert(to.clone(), *inode);
            }
            Self::Unset(name) => drop(names.remove(name)),
        }
    }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(unix)]
fn number(metadata: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn number(_: &fs::Metadata) -> u64 {
    0
}
