use super::compare::{Compare, common_prefix};
use super::normal::{dc_id, normal_dcs};
use super::seen::Seen;
use super::table::{NOT_MET, Row, Table};
use super::{Change, Record, RecordId, Records, Secret};
use crate::data::{CachedMinPeer, CachedPeer, DcEntry, PersistedSession};
use std::cmp::Ordering;

/// The changes that turn `old` into `new`; none if they are the same session.
///
/// `old` is taken by `&mut` for its indexes only: what it holds stays.
pub(crate) fn difference(old: &mut Records, new: &PersistedSession) -> Vec<Change> {
    let mut changes = Vec::new();
    let state = &new.updates_state;
    if old.home_dc != new.home_dc_id {
        changes.push(Change::Put(Record::HomeDc(new.home_dc_id)));
    }
    dcs(&old.dcs, &new.dcs, &mut changes);
    if old.token != new.future_auth_token {
        changes.push(match &new.future_auth_token {
            Some(token) => Change::Put(Record::Token(Secret(token.clone()))),
            None => Change::Remove(RecordId::Token),
        });
    }
    if old.primary != (state.pts, state.date, state.seq) {
        let (pts, date, seq) = (state.pts, state.date, state.seq);
        changes.push(Change::Put(Record::Primary { pts, date, seq }));
    }
    if old.qts != state.qts {
        changes.push(Change::Put(Record::Qts(state.qts)));
    }
    rows(&mut old.channels, &state.channels, &mut changes);
    rows(&mut old.peers, &new.peers, &mut changes);
    rows(&mut old.min_peers, &new.min_peers, &mut changes);
    changes
}

impl Records {
    /// Makes `changes`, which are the difference to `new`, and takes over the
    /// order of `new` where the two orders have come apart: the next
    /// difference then compares in the order in which the client lists its
    /// peers, which stays the same until it starts again.
    pub(crate) fn follow(&mut self, changes: Vec<Change>, new: &PersistedSession) {
        let looked_up = self.channels.take_looked_up()
            + self.peers.take_looked_up()
            + self.min_peers.take_looked_up();
        // Copying everything for a handful of rows would cost more than
        // looking them up.
        let many = 64 + new.peers.len() / 32;
        let strays = looked_up > many;
        self.strays = if strays { self.strays + 1 } else { 0 };
        // In vain, if the order is another each time: so after the first time
        // it is taken over ever more seldom.
        if changes.len() > many || (strays && self.strays.is_power_of_two()) {
            let strays = self.strays;
            self.replace(new);
            self.strays = strays;
        } else {
            changes.into_iter().for_each(|change| self.apply(change));
        }
    }
}

fn dcs(old: &[DcEntry], new: &[DcEntry], changes: &mut Vec<Change>) {
    let new = normal_dcs(new);
    let put = |dc: &DcEntry| Change::Put(Record::Dc(Box::new(dc.clone())));
    let (mut old, mut new) = (old.iter().peekable(), new.into_iter().peekable());
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => return,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(old), Some(new)) => dc_id(old).cmp(&dc_id(new)),
        };
        match order {
            Ordering::Less => {
                let gone = old.next().map(|dc| RecordId::dc(dc.dc_id, dc.flags));
                changes.extend(gone.map(Change::Remove));
            }
            Ordering::Greater => changes.extend(new.next().map(put)),
            Ordering::Equal => {
                if let (Some(old), Some(new)) = (old.next(), new.next())
                    && old != new
                {
                    changes.push(put(new));
                }
            }
        }
    }
}

/// What a row is as a record.
trait AsRecord: Row + Compare {
    fn record(&self) -> Record;
}

impl AsRecord for (i64, i32) {
    fn record(&self) -> Record {
        Record::Channel { id: self.0, pts: self.1 }
    }
}

impl AsRecord for CachedPeer {
    fn record(&self) -> Record {
        Record::Peer(self.clone())
    }
}

impl AsRecord for CachedMinPeer {
    fn record(&self) -> Record {
        Record::MinPeer(self.clone())
    }
}

/// How far ahead to look for the place where two lists meet again.
const WINDOW: usize = 8;

/// After how many rows, one after the other, that are not in their place the
/// rest counts as shuffled.
const GIVE_UP: usize = 64;

/// Rows that are looked up together.
const LOOKED_UP_TOGETHER: usize = 64;

fn rows<T: AsRecord>(old: &mut Table<T>, new: &[T], changes: &mut Vec<Change>) {
    let met = common_prefix(old.rows(), new);
    if met == new.len() && met == old.rows().len() {
        return;
    }
    let before = old.rows().len();
    // From here on every old row has an identity of its own.
    old.settle();
    // Those that collapsed may have stood among the first.
    let met = if old.rows().len() == before { met } else { 0 };
    let start = changes.len();
    if !in_order(old, new, met, changes) {
        changes.truncate(start);
        let mut collapsed = Table::of(new.to_vec());
        collapsed.settle();
        in_order(old, collapsed.rows(), 0, changes);
    }
}

/// Compares in the order of the last save, in which almost every row meets
/// itself, and looks up only those that do not. The first `met` are known to. False if
/// an identity turned out to stand twice in `new`.
fn in_order<T: AsRecord>(
    old: &mut Table<T>,
    new: &[T],
    met: usize,
    changes: &mut Vec<Change>,
) -> bool {
    let mut seen = Seen::new(old.rows().len());
    let mut strays = Vec::new();
    let (mut at, mut here, mut misses) = (met, met, 0);
    if !seen.mark_run(0, met) {
        return false;
    }
    while misses < GIVE_UP {
        let rows = old.rows();
        let met = common_prefix(&rows[at..], &new[here..]);
        if !seen.mark_run(at, met) {
            return false;
        }
        (at, here) = (at + met, here + met);
        let Some(row) = new.get(here) else { break };
        here += 1;
        let same = rows.get(at).is_some_and(|partner| partner.id() == row.id());
        let Some(skip) = (if same { Some(0) } else { meets(rows, at, row) }) else {
            strays.push(here - 1);
            misses = if met > 0 { 1 } else { misses + 1 };
            continue;
        };
        at += skip;
        misses = 0;
        if !seen.mark(at) {
            return false;
        }
        if rows[at] != *row {
            changes.push(Change::Put(row.record()));
        }
        at += 1;
    }
    let shuffled = &new[here..];
    old.looked_up(strays.len() + shuffled.len());
    let mut added: Vec<T::Id> = Vec::new();
    let each =
        strays.into_iter().all(|stray| look_up(old, &new[stray], &mut seen, changes, &mut added));
    if !each || !look_up_all(old, shuffled, &mut seen, changes, &mut added) {
        return false;
    }
    added.sort_unstable();
    if added.windows(2).any(|pair| pair[0] == pair[1]) {
        return false;
    }
    let gone = seen.unmarked().into_iter().map(|at| old.rows()[at].record().id());
    changes.extend(gone.map(Change::Remove));
    true
}

/// Compares a row with the one of its identity. False if that one has met
/// another already.
fn look_up<T: AsRecord>(
    old: &mut Table<T>,
    row: &T,
    seen: &mut Seen,
    changes: &mut Vec<Change>,
    added: &mut Vec<T::Id>,
) -> bool {
    match old.position(row.id()) {
        Some(at) => {
            if old.rows()[at] != *row {
                changes.push(Change::Put(row.record()));
            }
            seen.mark(at)
        }
        None => {
            added.push(row.id());
            changes.push(Change::Put(row.record()));
            true
        }
    }
}

/// [`look_up`] of many rows.
fn look_up_all<T: AsRecord>(
    old: &mut Table<T>,
    rows: &[T],
    seen: &mut Seen,
    changes: &mut Vec<Change>,
    added: &mut Vec<T::Id>,
) -> bool {
    let (blocks, rest) = rows.as_chunks::<LOOKED_UP_TOGETHER>();
    for block in blocks {
        for (row, at) in block.iter().zip(old.meet(block)) {
            let first = match at {
                NOT_MET => look_up(old, row, seen, changes, added),
                at => seen.mark(at as usize),
            };
            if !first {
                return false;
            }
        }
    }
    rest.iter().all(|row| look_up(old, row, seen, changes, added))
}

/// How many rows of `old` to step over from `at` to meet `row`: a few rows
/// that are gone leave a gap.
fn meets<T: Row>(old: &[T], at: usize, row: &T) -> Option<usize> {
    let ahead = old.get(at + 1..)?;
    ahead.iter().take(WINDOW).position(|old| old.id() == row.id()).map(|skip| skip + 1)
}

#[cfg(test)]
mod tests {
    use super::super::Write;
    use super::*;

    fn channels(list: &[(i64, i32)]) -> PersistedSession {
        let mut session = PersistedSession::default();
        session.updates_state.channels = list.to_vec();
        session
    }

    fn check(old: &[(i64, i32)], new: &[(i64, i32)]) -> usize {
        let mut records = Records::from(channels(old));
        let changes = difference(&mut records, &channels(new));
        let count = changes.len();
        changes.into_iter().for_each(|change| records.apply(change));
        let (mut is, mut ought) = (records.into_session(), channels(new));
        is.normalize();
        ought.normalize();
        assert_eq!(is, ought, "from {old:?} to {new:?}");
        replaced(old, new);
        count
    }

    /// The same by what holds the records itself.
    fn replaced(old: &[(i64, i32)], new: &[(i64, i32)]) {
        let mut records = Records::from(channels(old));
        records.channels.settle();
        records.write(&Write::Replace(&channels(new)));
        for &(id, _) in old.iter().chain(new) {
            let ought = new.iter().rfind(|row| row.0 == id);
            let is = records.get(RecordId::Channel(id));
            let ought = ought.map(|&(id, pts)| Record::Channel { id, pts });
            assert_eq!(is, ought, "{id}, from {old:?} to {new:?}");
        }
        let (mut is, mut ought) = (records.into_session(), channels(new));
        is.normalize();
        ought.normalize();
        assert_eq!(is, ought, "from {old:?} to {new:?}");
    }

    #[test]
    fn nothing_when_nothing_changed() {
        assert_eq!(check(&[(1, 1), (2, 2)], &[(1, 1), (2, 2)]), 0);
        assert_eq!(check(&[(1, 1), (2, 2), (3, 3)], &[(3, 3), (1, 1), (2, 2)]), 0);
    }

    #[test]
    fn exactly_what_changed() {
        assert_eq!(check(&[(1, 1), (2, 2), (3, 3)], &[(1, 1), (2, 9), (3, 3)]), 1);
        assert_eq!(check(&[(1, 1), (2, 2), (3, 3)], &[(1, 1), (3, 3)]), 1);
        assert_eq!(check(&[(1, 1), (3, 3)], &[(1, 1), (2, 2), (3, 3)]), 1);
        assert_eq!(check(&[(1, 1), (2, 2)], &[]), 2);
        assert_eq!(check(&[], &[(1, 1), (2, 2)]), 2);
    }

    #[test]
    fn identities_that_stand_twice() {
        assert_eq!(check(&[(1, 1), (1, 2)], &[(1, 2)]), 0);
        assert_eq!(check(&[(1, 2)], &[(1, 1), (1, 2)]), 0);
        assert_eq!(check(&[], &[(1, 1), (1, 2)]), 1);
        assert_eq!(check(&[(1, 1), (2, 2), (1, 3)], &[(2, 2), (2, 3), (1, 3)]), 1);
        assert_eq!(check(&[(1, 1), (2, 2), (1, 3)], &[(1, 1), (2, 2), (1, 3)]), 0);
    }

    #[test]
    fn lists_in_any_order() {
        let old: Vec<(i64, i32)> = (0..2_000).map(|id| (id, 1)).collect();
        let new: Vec<(i64, i32)> = (0..2_000).map(|nth| (nth * 7 % 2_000, 1)).collect();
        assert_eq!(check(&old, &new), 0);
        let mut changed = new.clone();
        for nth in [0, 700, 1_500, 1_999] {
            changed[nth].1 = 2;
        }
        assert_eq!(check(&old, &changed), 4);
        // One gone, one new, and one that stands twice.
        changed[900].0 = 5_000;
        assert_eq!(check(&old, &changed), 6);
        changed.push((new[3].0, 9));
        assert_eq!(check(&old, &changed), 7);
    }

    /// What a store does that holds the records: from save to save they stay
    /// known by their identity.
    #[test]
    fn a_whole_session_over_records_that_are_indexed() {
        let old: Vec<(i64, i32)> = (0..1_000).map(|id| (id, 1)).collect();
        let mut records = Records::from(channels(&old));
        assert!(records.get(RecordId::Channel(7)).is_some());
        let mut new = old.clone();
        new[500].1 = 2;
        new.insert(300, (5_000, 3));
        new.remove(900);
        let shuffled: Vec<_> = (0..1_000).map(|nth| new[nth * 7 % 1_000]).collect();
        for (list, stays) in [(&new, true), (&shuffled, false), (&new[..3].to_vec(), false)] {
            records.write(&Write::Replace(&channels(list)));
            assert_eq!(records.channels.is_indexed(), stays);
            let (mut is, mut ought) = (records.to_session(), channels(list));
            is.normalize();
            ought.normalize();
            assert_eq!(is, ought);
            for &(id, pts) in &old {
                let ought = list.iter().find(|row| row.0 == id).map(|row| row.1);
                let is = records.get(RecordId::Channel(id));
                assert_eq!(is, ought.map(|pts| Record::Channel { id, pts }), "{id}, was {pts}");
            }
        }
    }

    #[test]
    fn the_order_is_taken_over_once_and_then_seldom() {
        let of = |factor: i64| {
            channels(&(0..2_000).map(|nth| (nth * factor % 2_000, 1)).collect::<Vec<_>>())
        };
        let mut records = Records::from(of(1));
        let mut taken_over = 0;
        for factor in [3, 7, 9, 11, 13, 17, 19, 21] {
            let changes = difference(&mut records, &of(factor));
            assert_eq!(changes, []);
            records.follow(changes, &of(factor));
            taken_over += u32::from(records.channels.rows()[1].0 == factor);
        }
        assert_eq!(taken_over, 4, "at the 1st, 2nd, 4th and 8th");
        // The same order again: it is the one of the records.
        difference(&mut records, &of(21));
        assert_eq!(records.channels.take_looked_up(), 0);
    }

    #[test]
    fn every_pair_of_short_lists() {
        let lists: Vec<Vec<(i64, i32)>> = (0..6_usize.pow(4))
            .map(|n| {
                let digits = [n % 6, n / 6 % 6, n / 36 % 6, n / 216 % 6];
                digits.iter().filter(|&&d| d != 0).map(|&d| (d as i64 % 3, d as i32)).collect()
            })
            .collect();
        for old in lists.iter().step_by(7) {
            for new in lists.iter().step_by(5) {
                check(old, new);
            }
        }
    }
}
