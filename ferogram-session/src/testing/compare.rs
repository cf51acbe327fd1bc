//! What differs between two sessions, in words, and without secrets.

use super::advice::failed;
use super::reference::{dc_identity, normal, peer_identity};
use crate::{PersistedSession, SessionBackend};
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::io;

/// How many differences of one sort are worth reading.
const SHOWN: usize = 5;

/// In what `found` differs from `expected`, in normal form, record by record;
/// empty when they are the same session. Keys, tokens and access hashes are
/// compared but never shown.
#[must_use]
pub fn differences(expected: &PersistedSession, found: &PersistedSession) -> Vec<String> {
    let (expected, found) = (normal(expected), normal(found));
    if expected == found {
        return Vec::new();
    }
    let mut all = Vec::new();
    value("home DC", &expected.home_dc_id, &found.home_dc_id, &mut all);
    let (old, new) = (&expected.updates_state, &found.updates_state);
    value("pts", &old.pts, &new.pts, &mut all);
    value("qts", &old.qts, &new.qts, &mut all);
    value("date", &old.date, &new.date, &mut all);
    value("seq", &old.seq, &new.seq, &mut all);
    let token = |session: &PersistedSession| session.future_auth_token.as_ref().map(Vec::len);
    if expected.future_auth_token != found.future_auth_token {
        let lengths = (token(&expected), token(&found));
        all.push(format!("token: expected length {:?}, found {:?}", lengths.0, lengths.1));
    }
    records("DC", &expected.dcs, &found.dcs, dc_identity, &mut all, |old, new| {
        let mut what = Vec::new();
        value("address", &shortened(&old.addr), &shortened(&new.addr), &mut what);
        value("flags", &old.flags, &new.flags, &mut what);
        value("time offset", &old.time_offset, &new.time_offset, &mut what);
        value("has a key", &old.auth_key.is_some(), &new.auth_key.is_some(), &mut what);
        secret("key", old.auth_key == new.auth_key, &mut what);
        secret("salt", old.first_salt == new.first_salt, &mut what);
        what
    });
    records(
        "channel",
        &old.channels,
        &new.channels,
        |channel| channel.0,
        &mut all,
        |old, new| {
            let mut what = Vec::new();
            value("pts", &old.1, &new.1, &mut what);
            what
        },
    );
    records("peer", &expected.peers, &found.peers, peer_identity, &mut all, |old, new| {
        let mut what = Vec::new();
        value("has a hash", &(old.access_hash != 0), &(new.access_hash != 0), &mut what);
        secret("access hash", old.access_hash == new.access_hash, &mut what);
        let flags = |peer: &crate::CachedPeer| {
            (peer.is_channel, peer.is_chat, peer.is_community, peer.channel_kind)
        };
        let names = "(is_channel, is_chat, is_community, channel_kind)";
        value(names, &flags(old), &flags(new), &mut what);
        what
    });
    let user = |min_peer: &crate::CachedMinPeer| min_peer.user_id;
    records("min-peer", &expected.min_peers, &found.min_peers, user, &mut all, |old, new| {
        let mut what = Vec::new();
        value("(peer, message)", &(old.peer_id, old.msg_id), &(new.peer_id, new.msg_id), &mut what);
        what
    });
    all
}

fn value<T: PartialEq + Debug>(name: &str, expected: &T, found: &T, all: &mut Vec<String>) {
    if expected != found {
        all.push(format!("{name}: expected {expected:?}, found {found:?}"));
    }
}

fn secret(name: &str, same: bool, all: &mut Vec<String>) {
    if !same {
        all.push(format!("{name} is another"));
    }
}

/// An address of 300 bytes tells no more than its beginning and its length.
fn shortened(address: &str) -> String {
    match address.char_indices().nth(60) {
        Some((at, _)) => format!("{}.. ({} bytes)", &address[..at], address.len()),
        None => address.to_owned(),
    }
}

fn records<T: PartialEq, I: Ord + Debug>(
    sort: &str,
    expected: &[T],
    found: &[T],
    id: impl Fn(&T) -> I,
    all: &mut Vec<String>,
    explain: impl Fn(&T, &T) -> Vec<String>,
) {
    if expected.len() != found.len() {
        all.push(format!("{sort}: expected {} of them, found {}", expected.len(), found.len()));
    }
    let old: BTreeMap<I, &T> = expected.iter().map(|record| (id(record), record)).collect();
    let new: BTreeMap<I, &T> = found.iter().map(|record| (id(record), record)).collect();
    let missing = old.iter().filter_map(|(id, old)| match new.get(id) {
        None => Some(format!("{sort} {id:?} is missing")),
        Some(new) if old != new => Some(format!("{sort} {id:?}: {}", explain(old, new).join(", "))),
        Some(_) => None,
    });
    let extra = new.keys().filter(|id| !old.contains_key(*id));
    let extra = extra.map(|id| format!("{sort} {id:?} should not be there"));
    let mut lines = missing.chain(extra);
    all.extend(lines.by_ref().take(SHOWN));
    let rest = lines.count();
    if rest > 0 {
        all.push(format!("{sort}: and {rest} more"));
    }
}

/// Compares what `load` gave with what it must give.
pub(super) fn compare(
    expected: Option<&PersistedSession>,
    loaded: io::Result<Option<PersistedSession>>,
) -> Result<(), String> {
    let loaded = loaded.map_err(|error| failed("load", &error))?;
    let (expected, found) = match (expected, loaded) {
        (None, None) => return Ok(()),
        (None, Some(_)) => return Err("load gave a session, where there is none".into()),
        (Some(_), None) => return Err("load gave None, where there is a session".into()),
        (Some(expected), Some(found)) => (expected, found),
    };
    let differences = differences(expected, &found);
    if !differences.is_empty() {
        return Err(format!("load gave another session:\n  {}", differences.join("\n  ")));
    }
    // Of these the order counts, and there is one of each.
    let ids: Vec<_> = found.dcs.iter().map(dc_identity).collect();
    match ids.windows(2).find(|pair| pair[0] >= pair[1]) {
        None => Ok(()),
        Some(pair) if pair[0] == pair[1] => {
            Err(format!("DC (number, class bits) {:?} stands there twice", pair[0]))
        }
        Some(pair) => Err(format!(
            "DCs are not in the order (number, class bits): {:?} before {:?}",
            pair[0], pair[1]
        )),
    }
}

/// Stops the test unless the backend holds exactly this.
#[track_caller]
pub(super) fn holds(backend: &dyn SessionBackend, expected: &PersistedSession, when: &str) {
    if let Err(difference) = compare(Some(expected), backend.load()) {
        panic!("{when}: {difference}");
    }
}

/// Stops the test unless there is no session.
#[track_caller]
pub(super) fn holds_nothing(backend: &dyn SessionBackend, when: &str) {
    if let Err(difference) = compare(None, backend.load()) {
        panic!("{when}: {difference}");
    }
}
