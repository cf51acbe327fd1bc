use super::PeerKind;
use super::compare::{Compare, common_prefix};
use super::index::{self, Index, Seed};
use crate::data::{CachedMinPeer, CachedPeer};

/// A row of a [`Table`]: has an identity, and knows which of two with the same
/// identity is the better one.
pub(super) trait Row: Clone + PartialEq {
    type Id: Copy + Eq + Ord;

    fn id(&self) -> Self::Id;

    /// Whoever hashes many asks for the seed once.
    fn hash_with(seed: Seed, id: Self::Id) -> u64;

    fn hash(id: Self::Id) -> u64 {
        Self::hash_with(Seed::get(), id)
    }

    /// Whether `self`, met later in a list, takes the place of `earlier`.
    fn supersedes(&self, _earlier: &Self) -> bool {
        true
    }
}

impl Row for (i64, i32) {
    type Id = i64;

    fn id(&self) -> i64 {
        self.0
    }

    fn hash_with(seed: Seed, id: i64) -> u64 {
        seed.hash(id as u64, 1)
    }
}

impl Row for CachedPeer {
    type Id = (PeerKind, i64);

    fn id(&self) -> Self::Id {
        (self.kind(), self.id)
    }

    fn hash_with(seed: Seed, (kind, id): Self::Id) -> u64 {
        seed.hash(id as u64, kind as u64)
    }

    fn supersedes(&self, earlier: &Self) -> bool {
        self.access_hash != 0 || earlier.access_hash == 0
    }
}

impl Row for CachedMinPeer {
    type Id = i64;

    fn id(&self) -> i64 {
        self.user_id
    }

    fn hash_with(seed: Seed, id: i64) -> u64 {
        seed.hash(id as u64, 1)
    }
}

/// See [`Table::meet`].
pub(super) const NOT_MET: u32 = index::EMPTY;

/// Rows in the order in which they were last saved, and, from the first time
/// that one is looked up by identity, an index.
///
/// Without an index a table is a plain list, so that a save and a load cost a
/// copy; rows of one identity may then stand in it twice, and collapse when
/// the index is built.
#[derive(Clone)]
pub(super) struct Table<T> {
    rows: Vec<T>,
    index: Option<Index>,
    /// How many rows the last difference had to look up: how far the order of
    /// the client is from this one.
    looked_up: usize,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), index: None, looked_up: 0 }
    }
}

impl<T: Row> Table<T> {
    pub(super) fn of(rows: Vec<T>) -> Self {
        Self { rows, index: None, looked_up: 0 }
    }

    pub(super) fn rows(&self) -> &[T] {
        &self.rows
    }

    pub(super) fn is_indexed(&self) -> bool {
        self.index.is_some()
    }

    /// Takes `rows` over, in the memory that is there if it fits. The index goes.
    pub(super) fn replace(&mut self, rows: &[T]) {
        if self.rows.capacity() > rows.len() + rows.len() / 4 + 64 {
            self.rows = Vec::new();
        }
        self.rows.clear();
        self.rows.reserve_exact(rows.len());
        self.rows.extend_from_slice(rows);
        self.index = None;
        self.looked_up = 0;
    }

    pub(super) fn into_rows(self) -> Vec<T> {
        self.rows
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(super) fn get(&mut self, id: T::Id) -> Option<&T> {
        self.position(id).map(|at| &self.rows[at])
    }

    pub(super) fn put(&mut self, row: T) {
        let id = row.id();
        match self.position(id) {
            Some(at) => self.rows[at] = row,
            None => self.push(row),
        }
    }

    pub(super) fn remove(&mut self, id: T::Id) {
        let Some(at) = self.position(id) else { return };
        let last = self.rows.len() - 1;
        let rows = &self.rows;
        if let Some(index) = &mut self.index {
            index.remove(T::hash(id), at, |position| T::hash(rows[position].id()));
            if at != last {
                index.moved(T::hash(rows[last].id()), last, at);
            }
        }
        self.rows.swap_remove(at);
    }

    /// The position of the row with this identity. Builds the index.
    pub(super) fn position(&mut self, id: T::Id) -> Option<usize> {
        let rows = &mut self.rows;
        let index = self.index.get_or_insert_with(|| build(rows));
        index.find(T::hash(id), |at| rows[at].id() == id)
    }

    pub(super) fn looked_up(&mut self, rows: usize) {
        self.looked_up = rows;
    }

    pub(super) fn take_looked_up(&mut self) -> usize {
        std::mem::take(&mut self.looked_up)
    }

    /// Builds the index, which collapses rows of one identity.
    pub(super) fn settle(&mut self) {
        let rows = &mut self.rows;
        self.index.get_or_insert_with(|| build(rows));
    }

    fn push(&mut self, row: T) {
        let at = self.rows.len();
        let hash = T::hash(row.id());
        if at == self.rows.capacity() {
            // Twice as much, as a list takes by itself, would be a second session.
            self.rows.reserve_exact(at / 8 + 16);
        }
        self.rows.push(row);
        let rows = &self.rows;
        if let Some(index) = &mut self.index {
            index.insert(hash, at, |position| T::hash(rows[position].id()));
        }
    }
}

impl<T: Row + Compare> Table<T> {
    /// Takes `rows` over as far as each stands in the place of its identity, and the
    /// index stays. Whether those were all.
    pub(super) fn replace_in_place(&mut self, rows: &[T]) -> bool {
        let mut at = 0;
        loop {
            at += common_prefix(&self.rows[at..], &rows[at..]);
            match (self.rows.get_mut(at), rows.get(at)) {
                (None, None) => return true,
                (Some(old), Some(new)) if old.id() == new.id() => old.clone_from(new),
                _ => return false,
            }
            at += 1;
        }
    }

    /// For each of `rows` the position of the row that is the same, or
    /// [`NOT_MET`] where another one may have its identity. Needs the index.
    ///
    /// All places first, then all rows, without a branch for each: so the
    /// processor has many on their way from memory at a time.
    pub(super) fn meet<const N: usize>(&self, rows: &[T; N]) -> [u32; N] {
        let Some(index) = &self.index else { return [NOT_MET; N] };
        let (seed, mut hashes) = (Seed::get(), [0; N]);
        for (hash, row) in hashes.iter_mut().zip(rows) {
            *hash = T::hash_with(seed, row.id());
        }
        let mut met = index.first_of(&hashes);
        for (at, row) in met.iter_mut().zip(rows) {
            let same = self.rows.get(*at as usize).is_some_and(|met| met.same(row));
            *at = if same { *at } else { NOT_MET };
        }
        met
    }
}

fn build<T: Row>(rows: &mut Vec<T>) -> Index {
    let mut index = Index::with_capacity(rows.len());
    let seed = Seed::get();
    let mut kept = 0;
    for at in 0..rows.len() {
        let id = rows[at].id();
        match index.file(T::hash_with(seed, id), kept, |position| rows[position].id() == id) {
            Some(earlier) => {
                if rows[at].supersedes(&rows[earlier]) {
                    rows.swap(at, earlier);
                }
            }
            None => {
                if kept != at {
                    rows.swap(kept, at);
                }
                kept += 1;
            }
        }
    }
    rows.truncate(kept);
    index
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_one_identity_collapse_to_the_last() {
        let mut table = Table::of(vec![(1, 10), (2, 20), (1, 11), (3, 30), (2, 21)]);
        table.settle();
        assert_eq!(table.rows(), [(1, 11), (2, 21), (3, 30)]);
    }

    #[test]
    fn meets_what_is_the_same_and_nothing_else() {
        let rows: Vec<(i64, i32)> = (0..5_000).map(|id| (id * 3, id as i32)).collect();
        let mut table = Table::of(rows.clone());
        table.settle();
        let mut met = 0;
        for block in rows.as_chunks::<64>().0 {
            let asked =
                block.map(|(id, pts)| if pts % 10 == 0 { (id, pts + 1) } else { (id, pts) });
            for (row, at) in asked.iter().zip(table.meet(&asked)) {
                assert!(at == NOT_MET || table.rows()[at as usize] == *row);
                met += usize::from(at != NOT_MET);
            }
        }
        // All that are there, but for one that by chance has the bits of another.
        assert!((4_490..=4_500).contains(&met), "{met}");
    }

    #[test]
    fn rows_that_are_taken_over_are_found() {
        let rows = |ids: std::ops::Range<i64>| ids.map(|id| (id, 1)).collect::<Vec<_>>();
        let shuffled = |len: i64| (0..len).map(|nth| (nth * 7 % len, 2)).collect::<Vec<_>>();
        // The same places, others, fewer, more, and some that stand twice.
        let twice = [shuffled(1_000), rows(0..10)].concat();
        for new in [rows(0..1_000), shuffled(1_000), rows(0..10), rows(0..3_000), twice] {
            for look_first in [false, true] {
                let mut table = Table::of(rows(0..1_000));
                if look_first {
                    table.settle();
                }
                table.replace(&new);
                assert_eq!(table.rows(), new);
                for &(id, _) in &new {
                    let last = new.iter().rfind(|row| row.0 == id);
                    assert_eq!(table.get(id), last, "{id} of {}", new.len());
                }
                assert_eq!(table.get(-1), None);
            }
        }
    }

    #[test]
    fn takes_little_more_room_than_the_rows() {
        let mut table = Table::of((0..10_000).map(|id| (id, 1)).collect());
        table.settle();
        for id in 10_000..20_000 {
            table.put((id, 1));
            let (rows, room) = (table.rows.len(), table.rows.capacity());
            assert!(room <= rows + rows / 8 + 16, "room for {room}, of {rows}");
        }
    }

    #[test]
    fn removal_keeps_every_other_row_findable() {
        let mut table = Table::of((0..1000).map(|id| (id, id as i32)).collect());
        for id in (0..1000).step_by(3) {
            table.remove(id);
        }
        for id in 1000..1100 {
            table.put((id, id as i32));
        }
        for id in 0..1100 {
            let expected = (id >= 1000 || id % 3 != 0).then_some((id, id as i32));
            assert_eq!(table.get(id).copied(), expected);
        }
        assert_eq!(table.rows().len(), 666 + 100);
    }
}
