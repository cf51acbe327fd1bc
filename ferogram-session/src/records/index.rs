use std::hash::{BuildHasher, RandomState};
use std::hint::select_unpredictable;
use std::sync::LazyLock;

/// Where in a list the row with a given identity stands: an open-addressing
/// table of positions, four bytes a slot, at most half full. The bits of a slot
/// that no position needs hold some of the hash: so a row that is not the one
/// is hardly ever looked at.
///
/// A `HashMap<Id, usize>` beside the list would take three times the memory
/// of the rows themselves.
#[derive(Clone)]
pub(super) struct Index {
    slots: Vec<u32>,
    len: usize,
}

pub(super) const EMPTY: u32 = u32::MAX;

/// Ids come from other people, so the hash has a seed that they cannot know.
#[derive(Clone, Copy)]
pub(super) struct Seed(u64);

impl Seed {
    pub(super) fn get() -> Self {
        static SEED: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(0x5e55) | 1);
        Self(*SEED)
    }

    /// Mixes an identity given as two words.
    #[inline]
    pub(super) fn hash(self, a: u64, b: u64) -> u64 {
        let wide = u128::from(a ^ self.0) * u128::from(0x9E37_79B9_7F4A_7C15 ^ (b << 1));
        let folded = (wide as u64) ^ (wide >> 64) as u64;
        folded.wrapping_mul(self.0).rotate_left(29)
    }
}

impl Index {
    pub(super) fn with_capacity(rows: usize) -> Self {
        Self { slots: vec![EMPTY; (rows * 2).next_power_of_two().max(8)], len: 0 }
    }

    /// The position for which `is` holds, among those filed under `hash`.
    pub(super) fn find(&self, hash: u64, is: impl Fn(usize) -> bool) -> Option<usize> {
        self.slot(hash, is).map(|slot| self.position(self.slots[slot]))
    }

    /// The positions that `find` would look at first, each or [`EMPTY`]. They are
    /// loaded close together, so that the processor has as many as it can on their way
    /// from memory.
    #[inline]
    pub(super) fn first_of<const N: usize>(&self, hashes: &[u64; N]) -> [u32; N] {
        let mask = self.slots.len() - 1;
        let at = |hash: u64, probe: usize| self.slots[(hash as usize).wrapping_add(probe) & mask];
        let found = hashes.map(|hash| (at(hash, 0), at(hash, 1)));
        let mut first = [EMPTY; N];
        for ((first, (one, two)), &hash) in first.iter_mut().zip(&found).zip(hashes) {
            let tag = self.tag(hash);
            let fits = |filed: u32| (filed == EMPTY) | ((filed ^ tag) & !mask as u32 == 0);
            // Nearly always one of the first two, between which no branch chooses:
            // the processor would guess wrong in every fourth case.
            let mut filed = select_unpredictable(fits(*one), *one, *two);
            let mut probe = 2;
            while !fits(filed) {
                filed = at(hash, probe);
                probe += 1;
            }
            *first = select_unpredictable(filed == EMPTY, EMPTY, filed & mask as u32);
        }
        first
    }

    /// Files `position` under `hash`, of which there has to be room, unless one for
    /// which `is` holds is filed under it: then it is that one.
    #[inline]
    pub(super) fn file(
        &mut self,
        hash: u64,
        position: usize,
        is: impl Fn(usize) -> bool,
    ) -> Option<usize> {
        let mask = self.slots.len() - 1;
        let tag = self.tag(hash);
        let mut slot = hash as usize & mask;
        loop {
            match self.slots[slot] {
                EMPTY => {
                    self.slots[slot] = tag | position as u32;
                    self.len += 1;
                    return None;
                }
                filed if (filed ^ tag) & !mask as u32 == 0 && is(self.position(filed)) => {
                    return Some(self.position(filed));
                }
                _ => slot = (slot + 1) & mask,
            }
        }
    }

    /// Files `position`, which must not be there yet. `rehash` gives the hash
    /// of a position already filed, for when the table has to grow.
    pub(super) fn insert(&mut self, hash: u64, position: usize, rehash: impl Fn(usize) -> u64) {
        if (self.len + 1) * 2 > self.slots.len() {
            let mut larger = Self::with_capacity(self.len + 1);
            for &filed in self.slots.iter().filter(|&&filed| filed != EMPTY) {
                let position = self.position(filed);
                larger.place(rehash(position), position);
            }
            *self = larger;
        }
        self.place(hash, position);
    }

    /// Says that the row at `from` now stands at `to`.
    pub(super) fn moved(&mut self, hash: u64, from: usize, to: usize) {
        if let Some(slot) = self.slot(hash, |position| position == from) {
            self.slots[slot] = self.tag(hash) | to as u32;
        }
    }

    /// Forgets `position`.
    pub(super) fn remove(&mut self, hash: u64, position: usize, rehash: impl Fn(usize) -> u64) {
        let Some(mut hole) = self.slot(hash, |filed| filed == position) else {
            return;
        };
        // Close the gap: whatever was pushed past it moves back, so that a
        // search may stop at the first empty slot.
        let mask = self.slots.len() - 1;
        let mut next = hole;
        loop {
            next = (next + 1) & mask;
            let filed = self.slots[next];
            if filed == EMPTY {
                break;
            }
            let home = rehash(self.position(filed)) as usize & mask;
            let stays = (next.wrapping_sub(home) & mask) < (next.wrapping_sub(hole) & mask);
            if !stays {
                self.slots[hole] = filed;
                hole = next;
            }
        }
        self.slots[hole] = EMPTY;
        self.len -= 1;
    }

    /// The bits above those of a position, from the half of the hash that does
    /// not choose the place. Fewer than half of the slots are filed, so no
    /// position has all its bits set, and no slot is [`EMPTY`] by chance.
    fn tag(&self, hash: u64) -> u32 {
        (hash >> 32) as u32 & !(self.slots.len() - 1) as u32
    }

    fn position(&self, filed: u32) -> usize {
        filed as usize & (self.slots.len() - 1)
    }

    fn place(&mut self, hash: u64, position: usize) {
        self.file(hash, position, |_| false);
    }

    fn slot(&self, hash: u64, is: impl Fn(usize) -> bool) -> Option<usize> {
        let mask = self.slots.len() - 1;
        let tag = self.tag(hash);
        let mut slot = hash as usize & mask;
        loop {
            match self.slots[slot] {
                EMPTY => return None,
                filed if (filed ^ tag) & !mask as u32 == 0 && is(self.position(filed)) => {
                    return Some(slot);
                }
                _ => slot = (slot + 1) & mask,
            }
        }
    }
}
