//! The files of a folder, as a power cut finds them.
//!
//! Stands alone: the tests of the databases include it, for what a program
//! does under `strace`.

use std::collections::BTreeMap;

/// Files by name, with what they hold.
pub(crate) type Image = BTreeMap<String, Vec<u8>>;

/// Gives a number below another, and zero below zero.
pub(crate) type Below<'a> = dyn FnMut(usize) -> usize + 'a;

/// The files of a folder: as they are, and what of it would survive a power
/// cut for certain. What was not synced may survive, in any order and in part.
///
/// A file is known by its number, whatever its name is by now.
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
    /// no later sync makes up for it, unless it is written anew.
    lost: Vec<Data>,
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

    /// What a power cut may leave; if the numbers are all zero, no more than
    /// what was synced.
    pub(crate) fn cut(&self, below: &mut Below<'_>) -> Image {
        let mut names = self.durable_names.clone();
        // A journal of the file system keeps the order; others do not.
        let in_order = below(3) == 0;
        let first = below(self.moves.len() + 1);
        let odds = 1 + below(3);
        for (at, step) in self.moves.iter().enumerate() {
            if if in_order { at < first } else { below(4) < odds } {
                step.apply(&mut names);
            }
        }
        let contents: Vec<_> = self.inodes.iter().map(|inode| inode.cut(below)).collect();
        names.into_iter().map(|(name, inode)| (name, contents[inode].clone())).collect()
    }

    /// The number of the file of this name.
    pub(crate) fn named(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied()
    }

    /// Whether this name is one of another file than `before`.
    pub(crate) fn is_another(&self, name: &str, before: Option<usize>) -> bool {
        self.named(name).is_some_and(|inode| Some(inode) != before)
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = (&str, usize)> {
        self.names.iter().map(|(name, inode)| (name.as_str(), *inode))
    }

    /// Creates the file, if it is not there.
    pub(crate) fn create(&mut self, name: &str) {
        if !self.names.contains_key(name) {
            self.inodes.push(Inode::default());
            self.step(Move::Set(name.to_owned(), self.inodes.len() - 1));
        }
    }

    pub(crate) fn write(&mut self, inode: usize, bytes: &[u8], offset: u64) {
        self.inodes[inode].change(Data::Write(offset, bytes.to_vec()));
    }

    pub(crate) fn set_len(&mut self, inode: usize, len: u64) {
        self.inodes[inode].change(Data::SetLen(len));
    }

    pub(crate) fn sync(&mut self, inode: usize) {
        let Inode { durable, pending, lost, .. } = &mut self.inodes[inode];
        for data in pending.drain(..) {
            data.apply(durable);
            data.cover(lost);
        }
    }

    /// A sync failed.
    pub(crate) fn lose(&mut self, inode: usize) {
        let Inode { lost, pending, .. } = &mut self.inodes[inode];
        lost.append(pending);
    }

    pub(crate) fn sync_folder(&mut self) {
        self.durable_names = self.names.clone();
        self.moves.clear();
    }

    pub(crate) fn rename(&mut self, from: &str, to: &str) {
        if let Some(inode) = self.named(from) {
            self.step(Move::Rename(from.to_owned(), to.to_owned(), inode));
        }
    }

    pub(crate) fn link(&mut self, from: &str, to: &str) {
        if let Some(inode) = self.named(from) {
            self.step(Move::Set(to.to_owned(), inode));
        }
    }

    pub(crate) fn remove(&mut self, name: &str) {
        if self.names.contains_key(name) {
            self.step(Move::Unset(name.to_owned()));
        }
    }

    fn step(&mut self, step: Move) {
        step.apply(&mut self.names);
        self.moves.push(step);
    }
}

impl Inode {
    fn change(&mut self, data: Data) {
        data.apply(&mut self.live);
        self.pending.push(data);
    }

    fn cut(&self, below: &mut Below<'_>) -> Vec<u8> {
        let mut bytes = self.durable.clone();
        let odds = below(5);
        for data in self.lost.iter().chain(&self.pending) {
            if below(4) < odds {
                match data {
                    Data::Write(offset, content) if below(3) == 0 => {
                        torn(&mut bytes, *offset, content, below);
                    }
                    whole => whole.apply(&mut bytes),
                }
            }
        }
        // The new length of a file may get lost too.
        if bytes.len() > self.durable.len() && below(6) == 0 {
            let more = bytes.len() - self.durable.len();
            bytes.truncate(self.durable.len() + below(more));
        }
        bytes
    }
}

impl Data {
    /// Takes from what was lost what this puts in its place.
    fn cover(&self, lost: &mut Vec<Self>) {
        for old in std::mem::take(lost) {
            match (self, old) {
                (Self::SetLen(_), Self::SetLen(_)) => {}
                (Self::Write(offset, content), Self::Write(at, mut bytes)) => {
                    let (from, to) = (*offset, offset + content.len() as u64);
                    let keep =
                        |position: u64| (position.max(at) - at).min(bytes.len() as u64) as usize;
                    let (before, behind) = (keep(from), keep(to));
                    let rest = bytes.split_off(behind);
                    bytes.truncate(before);
                    lost.push(Self::Write(at, bytes));
                    lost.push(Self::Write(at + behind as u64, rest));
                }
                (Self::SetLen(len), Self::Write(at, mut bytes)) => {
                    bytes.truncate(len.saturating_sub(at) as usize);
                    lost.push(Self::Write(at, bytes));
                }
                (_, old) => lost.push(old),
            }
        }
        lost.retain(|data| !matches!(data, Self::Write(_, bytes) if bytes.is_empty()));
    }

    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::SetLen(len) => bytes.resize(*len as usize, 0),
            Self::Write(offset, content) => put(bytes, *offset as usize, content),
        }
    }
}

/// Sectors of a write, some of which did not land.
fn torn(bytes: &mut Vec<u8>, offset: u64, content: &[u8], below: &mut Below<'_>) {
    const SECTOR: usize = 512;
    let mut at = offset as usize;
    let mut left = content;
    while !left.is_empty() {
        let (sector, rest) = left.split_at((SECTOR - at % SECTOR).min(left.len()));
        match below(4) {
            0 => {}
            // Not what a disk does, but what some caches do.
            1 => put(bytes, at, &sector[..below(sector.len())]),
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
