//! The calls that a program makes.

use crate::golden::Golden;
use crate::sessions::{dc, full, normal, user};
use ferogram_session::{
    DcEntry, DcFlags, InMemoryBackend, PersistedSession, SessionBackend, UpdateStateChange, testing,
};
use std::io;

#[expect(clippy::large_enum_variant, reason = "a few at a time, written by hand")]
pub(super) enum Step {
    Make(testing::Call),
    /// Fills the cache.
    Load,
    /// The last connection is closed, and with it the log; another is opened.
    Reopen,
}

impl Step {
    pub(super) fn make(&self, backend: &dyn SessionBackend) -> io::Result<()> {
        match self {
            Self::Make(call) => call.make(backend),
            Self::Load => backend.load().map(drop),
            Self::Reopen => Ok(()),
        }
    }
}

/// A step, and whether it must survive a power cut once it has returned.
pub(super) type Call = (Step, bool);

pub(super) fn dc_of(id: i32, key: u8) -> Call {
    (Step::Make(testing::Call::UpdateDc(dc(id, DcFlags::NONE, Some(key)))), true)
}

pub(super) fn update(pts: i32) -> Call {
    (Step::Make(testing::Call::Update(UpdateStateChange::Primary { pts, date: 1, seq: 2 })), false)
}

pub(super) fn peer(id: i64) -> Call {
    (Step::Make(testing::Call::CachePeer(user(id, 5))), false)
}

/// A DC with the key that it has, and another salt: the client has a new one
/// now and then, and no other login.
fn salt(mut entry: DcEntry, salt: i64) -> Call {
    entry.first_salt = salt;
    (Step::Make(testing::Call::UpdateDc(entry)), false)
}

pub(super) fn load() -> Call {
    (Step::Load, false)
}

pub(super) fn save(session: PersistedSession, login: bool) -> Call {
    (Step::Make(testing::Call::Save(Box::new(session))), login)
}

pub(super) fn home(id: i32) -> Call {
    (Step::Make(testing::Call::SetHomeDc(id)), true)
}

fn delete() -> Call {
    (Step::Make(testing::Call::Delete), true)
}

/// A life: the first save, counters between logins, another connection, an
/// end, a new beginning.
pub(super) fn life() -> Vec<Call> {
    let counted = |pts| {
        let mut session = full(5);
        session.updates_state.pts = pts;
        session.home_dc_id = 4;
        session.peers.push(user(500, 1));
        session.dcs.push(dc(5, DcFlags::NONE, Some(9)));
        session
    };
    let salted = |pts, salt| {
        let mut session = counted(pts);
        session.dcs.iter_mut().for_each(|dc| dc.first_salt = salt);
        session
    };
    let token = PersistedSession { future_auth_token: Some(vec![7; 90]), ..counted(80) };
    vec![
        save(full(5), true),
        peer(500),
        update(1),
        update(2),
        dc_of(5, 8),
        salt(dc(5, DcFlags::NONE, Some(8)), 1),
        update(3),
        peer(501),
        home(4),
        save(counted(70), true),
        save(counted(71), false),
        save(salted(71, 4), false),
        save(salted(72, 5), false),
        save(token, true),
        update(72),
        peer(502),
        (Step::Reopen, false),
        update(73),
        update(74),
        dc_of(6, 10),
        salt(dc(6, DcFlags::NONE, Some(10)), 6),
        update(75),
        delete(),
        update(76),
        peer(503),
        save(full(8), true),
        update(77),
        home(1),
        update(78),
        (Step::Reopen, false),
    ]
}

/// A log that is long enough for a checkpoint, begins anew, and goes on.
pub(super) fn long_log() -> Vec<Call> {
    let all_changed = |round: i64| {
        let mut session = full(4_000);
        session.peers.iter_mut().for_each(|peer| peer.access_hash += round);
        save(session, round == 0)
    };
    let mut calls: Vec<_> = (0..16).map(all_changed).collect();
    for round in 0..3 {
        calls.extend([update(round), peer(5_000), dc_of(7, round as u8 + 1)]);
    }
    calls.push((Step::Reopen, false));
    calls
}

/// A life, shorter.
pub(super) fn short_life() -> Vec<Call> {
    vec![
        save(full(3), true),
        update(1),
        dc_of(5, 8),
        update(2),
        (Step::Reopen, false),
        home(4),
        delete(),
        save(full(4), true),
        update(3),
    ]
}

/// A login call on a database that is opened for it, and a save of more than
/// that, behind the first save, which makes the database.
pub(super) fn faulty_life() -> Vec<Call> {
    let mut session = full(4);
    session.updates_state.pts = 60;
    vec![save(full(3), true), (Step::Reopen, false), dc_of(5, 8), save(session, true), update(61)]
}

/// What is stored after each call, and before all of them.
pub(super) fn states(calls: &[Call], old: Option<&Golden>) -> Vec<Option<PersistedSession>> {
    let reference = InMemoryBackend::new();
    if let Some(session) = old.and_then(|golden| golden.expected.as_ref()) {
        reference.save(session).unwrap();
    }
    let mut states = vec![reference.load().unwrap().map(normal)];
    for (step, _) in calls {
        step.make(&reference).unwrap();
        states.push(reference.load().unwrap().map(normal));
    }
    states
}
