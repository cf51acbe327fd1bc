use super::normal::{dc_id, normalize_dcs};
use super::table::{Row, Table};
use super::{Change, Record, RecordId, Records, Secret};
use crate::data::{CachedMinPeer, CachedPeer, DcEntry, PersistedSession};
use std::borrow::Cow;
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
        // Re-copying everything for a handful of rows would cost more than
        // looking them up.
        if looked_up.max(changes.len()) > 64 + new.peers.len() / 32 {
            *self = Self::from(new.clone());
        } else {
            changes.into_iter().for_each(|change| self.apply(change));
        }
    }
}

fn dcs(old: &[DcEntry], new: &[DcEntry], changes: &mut Vec<Change>) {
    let mut new = Cow::Borrowed(new);
    if !new.windows(2).all(|pair| dc_id(&pair[0]) < dc_id(&pair[1])) {
        normalize_dcs(new.to_mut());
    }
    let put = |dc: &DcEntry| Change::Put(Record::Dc(Box::new(dc.clone())));
    let (mut old, mut new) = (old.iter().peekable(), new.iter().peekable());
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
trait AsRecord: Row {
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

/// After how many rows that were not found so the lists count as shuffled.
const GIVE_UP: usize = 64;

fn rows<T: AsRecord>(old: &mut Table<T>, new: &[T], changes: &mut Vec<Change>) {
    let met = common_prefix(old.rows(), new);
    if met == new.len() && met == old.rows().len() {
        return;
    }
    // From here on every old row has an identity of its own.
    old.settle();
    let start = changes.len();
    if !in_order(old, new, changes) {
        changes.truncate(start);
        let mut collapsed = Table::of(new.to_vec());
        collapsed.settle();
        in_order(old, collapsed.rows(), changes);
    }
}

/// Compares in the order of the last save, in which almost every row meets
/// itself, and looks up only those that do not. False if an identity turned
/// out to stand twice in `new`.
fn in_order<T: AsRecord>(old: &mut Table<T>, new: &[T], changes: &mut Vec<Change>) -> bool {
    let mut seen = Seen::new(old.rows().len());
    let mut lookups = Vec::new();
    let (mut at, mut here) = (0, 0);
    loop {
        let rows = old.rows();
        let met = common_prefix(&rows[at..], &new[here..]);
        if !seen.mark_run(at, met) {
            return false;
        }
        (at, here) = (at + met, here + met);
        let Some(row) = new.get(here) else { break };
        here += 1;
        let same = rows.get(at).is_some_and(|partner| partner.id() == row.id());
        // Where nothing is in its place, looking ahead finds nothing either.
        let skip = if same {
            Some(0)
        } else if lookups.len() < GIVE_UP {
            meets(rows, at, row)
        } else {
            None
        };
        let Some(skip) = skip else {
            lookups.push(here - 1);
            continue;
        };
        at += skip;
        if !seen.mark_run(at, 1) {
            return false;
        }
        if rows[at] != *row {
            changes.push(Change::Put(row.record()));
        }
        at += 1;
    }
    old.looked_up(lookups.len());
    let mut added: Vec<T::Id> = Vec::new();
    for here in lookups {
        let row = &new[here];
        match old.position(row.id()) {
            Some(at) => {
                if !seen.mark_run(at, 1) {
                    return false;
                }
                if old.rows()[at] != *row {
                    changes.push(Change::Put(row.record()));
                }
            }
            None => {
                added.push(row.id());
                changes.push(Change::Put(row.record()));
            }
        }
    }
    added.sort_unstable();
    if added.windows(2).any(|pair| pair[0] == pair[1]) {
        return false;
    }
    let gone = seen.unmarked().into_iter().map(|at| old.rows()[at].record().id());
    changes.extend(gone.map(Change::Remove));
    true
}

fn common_prefix<T: PartialEq>(old: &[T], new: &[T]) -> usize {
    old.iter().zip(new).take_while(|(old, new)| old == new).count()
}

/// How many rows of `old` to step over from `at` to meet `row`: a few rows
/// that are gone leave a gap.
fn meets<T: Row>(old: &[T], at: usize, row: &T) -> Option<usize> {
    let ahead = old.get(at + 1..)?;
    ahead.iter().take(WINDOW).position(|old| old.id() == row.id()).map(|skip| skip + 1)
}

/// Which old rows have met their partner.
struct Seen {
    marks: Vec<u64>,
    len: usize,
}

impl Seen {
    fn new(len: usize) -> Self {
        Self { marks: vec![0; len.div_ceil(64)], len }
    }

    /// Marks `count` rows from `at` on; false if one of them was marked.
    fn mark_run(&mut self, at: usize, count: usize) -> bool {
        let (mut at, end) = (at, at + count);
        while at < end {
            let bits = (64 - at % 64).min(end - at);
            let mask = (u64::MAX >> (64 - bits)) << (at % 64);
            let word = &mut self.marks[at / 64];
            if *word & mask != 0 {
                return false;
            }
            *word |= mask;
            at += bits;
        }
        true
    }

    fn unmarked(&self) -> Vec<usize> {
        let words = self.marks.iter().enumerate().filter(|(_, word)| **word != u64::MAX);
        words
            .flat_map(|(at, word)| {
                (0..64).filter(move |bit| word & (1 << bit) == 0).map(move |bit| at * 64 + bit)
            })
            .filter(|at| *at < self.len)
            .collect()
    }
}

#[cfg(test)]
mod tests {
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
        count
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
