//! Calls, and what may be stored after them.

use super::super::BinaryFileBackend;
use super::mending::is_whole;
use crate::data::{CachedPeer, DcEntry, PersistedSession, UpdateStateChange};
use crate::fuzzing::{made, source::Source};
use crate::random::Seeded;
use crate::records::{Change, Records, with_update};
use crate::{DcFlags, SessionBackend};
use std::fmt;
use std::io;

pub(super) type Stored = Option<PersistedSession>;

#[derive(Clone)]
pub(super) enum Step {
    Save(Box<PersistedSession>),
    Dc(Box<DcEntry>),
    Home(i32),
    Update(UpdateStateChange),
    Peer(CachedPeer),
    Delete,
    Checkpoint,
    /// [`PersistedSession::save`], beside the backend.
    Put(Box<PersistedSession>),
    /// `recover()` of a file that is whole, which it refuses.
    Recover,
}

impl Step {
    /// As after `stored`, which it may repeat.
    pub(super) fn any(random: &mut Seeded, stored: &Stored) -> Self {
        let bytes = random.bytes(600);
        let mut source = Source::new(&bytes);
        match random.below(29) {
            0..=1 => Self::Save(Box::new(made::session(&mut source))),
            // What the client does: much the same again.
            2..=5 => {
                let mut session = stored.clone().unwrap_or_default();
                session.updates_state.pts = random.next() as i32;
                if random.below(3) > 0 {
                    session.peers.push(made::peer(&mut source));
                }
                // More than the journal may hold, now and then.
                if random.below(12) == 0 {
                    add_many(&mut session, &made::peer(&mut source));
                }
                if random.below(4) == 0 {
                    let salt = random.next() as i64 & 3;
                    session.dcs.iter_mut().for_each(|dc| dc.first_salt = salt);
                }
                Self::Save(Box::new(session))
            }
            6..=7 => Self::Dc(Box::new(made::dc(&mut source))),
            8 => {
                let key = Some([random.next() as u8; 256]);
                let dc = DcEntry::from_parts(2, "127.0.0.1", 443, DcFlags::NONE);
                Self::Dc(Box::new(DcEntry { auth_key: key, ..dc }))
            }
            9..=10 => Self::Home(random.below(5) as i32),
            11..=14 => {
                let pts = source.i32();
                Self::Update(match random.below(4) {
                    0 => UpdateStateChange::Secondary { qts: pts },
                    1 => UpdateStateChange::Channel { id: source.i64(), pts },
                    2 => UpdateStateChange::All(made::session(&mut source).updates_state),
                    _ => UpdateStateChange::Primary { pts, date: 1, seq: 2 },
                })
            }
            15..=20 => Self::Peer(made::peer(&mut source)),
            21 => Self::Delete,
            22..=23 => Self::Put(Box::new(made::session(&mut source))),
            24 => Self::Recover,
            // A new salt of a datacentre that is there, where there is one.
            27..=28 if let Some(dc) = stored.iter().flat_map(|stored| &stored.dcs).next() => {
                let first_salt = random.next() as i64;
                Self::Dc(Box::new(DcEntry { first_salt, ..dc.clone() }))
            }
            _ => Self::Checkpoint,
        }
    }

    /// More than a journal may hold, if little is stored.
    pub(super) fn many(random: &mut Seeded, stored: &Stored) -> Self {
        let mut session = stored.clone().unwrap_or_default();
        let bytes = random.bytes(20);
        add_many(&mut session, &made::peer(&mut Source::new(&bytes)));
        Self::Save(Box::new(session))
    }

    pub(super) fn make(&self, backend: &BinaryFileBackend) -> io::Result<()> {
        match self {
            Self::Save(session) => backend.save(session),
            Self::Dc(dc) => backend.update_dc(dc),
            Self::Home(dc) => backend.set_home_dc(*dc),
            Self::Update(update) => backend.apply_update_state(update.clone()),
            Self::Peer(peer) => backend.cache_peer(peer),
            Self::Delete => backend.delete(),
            Self::Checkpoint => backend.checkpoint(),
            Self::Put(session) => session.save(backend.path()),
            Self::Recover => match backend.recover() {
                Err(error) if is_whole(&error) => Ok(()),
                // Deleted, and nothing is kept.
                Err(_) if backend.load().is_ok_and(|stored| stored.is_none()) => Ok(()),
                recovered => recovered.map(|session| panic!("nothing was damaged: {session:?}")),
            },
        }
    }

    /// What is stored afterwards.
    pub(super) fn after(&self, stored: &Stored) -> Stored {
        let changes = match self {
            Self::Save(session) | Self::Put(session) => return Some(normal((**session).clone())),
            Self::Delete => return None,
            Self::Checkpoint | Self::Recover => return stored.clone(),
            Self::Dc(dc) => vec![Change::Put(crate::Record::Dc(dc.clone()))],
            Self::Home(dc) => vec![Change::Put(crate::Record::HomeDc(*dc))],
            Self::Update(update) => with_update(update, <[Change]>::to_vec),
            Self::Peer(peer) => vec![Change::of_peer(peer)],
        };
        let mut records = Records::from(stored.clone().unwrap_or_default());
        changes.into_iter().for_each(|change| records.apply(change));
        Some(normal(records.into_session()))
    }

    /// Whether what it says of the login must be durable when it returns.
    pub(super) fn is_login(&self) -> bool {
        !matches!(self, Self::Update(_) | Self::Peer(_) | Self::Recover)
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Save(_) => "save",
            Self::Dc(_) => "update_dc",
            Self::Home(_) => "set_home_dc",
            Self::Update(_) => "apply_update_state",
            Self::Peer(_) => "cache_peer",
            Self::Delete => "delete",
            Self::Checkpoint => "checkpoint",
            Self::Put(_) => "PersistedSession::save",
            Self::Recover => "recover",
        })
    }
}

/// 18 bytes each, of a journal that may hold 64 KiB.
fn add_many(session: &mut PersistedSession, peer: &CachedPeer) {
    session.peers.extend((0..5_000).map(|id| CachedPeer { id, ..peer.clone() }));
}

pub(super) fn normal(mut session: PersistedSession) -> PersistedSession {
    session.normalize();
    session
}

/// Home DC, keys, token.
type Login = (i32, Vec<(i32, u8, [u8; 256])>, Option<Vec<u8>>);

/// What a login depends on.
fn login(stored: &Stored) -> Option<Login> {
    stored.as_ref().map(|session| {
        let keys =
            session.dcs.iter().filter_map(|dc| Some((dc.dc_id, dc.flags.class(), dc.auth_key?)));
        (session.home_dc_id, keys.collect(), session.future_auth_token.clone())
    })
}

/// The states that were stored, one after the other, and which of them may
/// still come back.
pub(super) struct History {
    pub(super) states: Vec<Stored>,
    /// A power cut takes nothing back beyond this one.
    durable: usize,
    /// What the call in progress will make of it.
    pub(super) next: Stored,
}

impl History {
    pub(super) fn of(stored: Stored) -> Self {
        Self { next: stored.clone(), states: vec![stored], durable: 0 }
    }

    pub(super) fn now(&self) -> &Stored {
        self.states.last().unwrap()
    }

    pub(super) fn begin(&mut self, step: &Step) {
        self.next = step.after(self.now());
    }

    /// `rewritten`: there is a new file in the place of the old one.
    pub(super) fn returned(&mut self, step: &Step, rewritten: bool) {
        self.states.push(self.next.clone());
        let last = self.states.len() - 1;
        if rewritten || matches!(step, Step::Checkpoint | Step::Put(_)) {
            self.durable = last;
        } else if step.is_login() {
            // As far back as the login was this one already.
            let same = |state: &&Stored| login(state) == login(&self.states[last]);
            let run = self.states.iter().rev().take_while(same).count();
            self.durable = self.durable.max(self.states.len() - run);
        }
    }

    pub(super) fn after_crash(&self) -> Vec<&Stored> {
        vec![self.now(), &self.next]
    }

    pub(super) fn after_power_cut(&self) -> Vec<&Stored> {
        self.states[self.durable..].iter().chain([&self.next]).collect()
    }
}
