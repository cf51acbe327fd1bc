//! A session from one backend to another.

use crate::backend::SessionBackend;
use crate::data::PersistedSession;
use crate::error::SessionError;
use std::fmt;
use std::io;

/// Copies the session of one backend to another, and reads it back to see that
/// it is the same there.
///
/// ```
/// use ferogram_session::{BinaryFileBackend, CopyOptions, SessionBackend, StringSessionBackend, copy};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("bot.session");
/// let file = BinaryFileBackend::new(&path);
/// file.set_home_dc(2)?;
///
/// let string = StringSessionBackend::new("");
/// println!("{}", copy(&file, &string)?);
/// assert_eq!(string.load()?, file.load()?);
///
/// // Another session is written over only if you say so.
/// file.set_home_dc(4)?;
/// assert!(copy(&file, &string).is_err());
/// let copied = CopyOptions::new().overwrite(true).copy(&file, &string)?;
/// assert_eq!(copied.home_dc_id, 4);
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// Both sessions are one login then. **Use one of them only**: when Telegram
/// sees an auth key from two places at a time, it ends the login for good, with
/// `AUTH_KEY_DUPLICATED`. So stop the client, copy, start the client on the new
/// backend, and when it works call `delete` on the old one.
///
/// This blocks, as all calls of a backend do; in async code put it into
/// `spawn_blocking`.
///
/// # Errors
///
/// As [`CopyOptions::copy`], where nothing is overwritten.
pub fn copy<F, T>(from: &F, to: &T) -> io::Result<Copied>
where
    F: SessionBackend + ?Sized,
    T: SessionBackend + ?Sized,
{
    CopyOptions::new().copy(from, to)
}

/// How to [`copy`] a session.
#[derive(Clone, Debug, Default)]
pub struct CopyOptions {
    overwrite: bool,
}

impl CopyOptions {
    /// As [`copy`] does it: nothing is overwritten.
    #[must_use]
    pub const fn new() -> Self {
        Self { overwrite: false }
    }

    /// Whether another session may be overwritten. What cannot be read is not,
    /// even so: delete that first.
    #[must_use]
    pub const fn overwrite(mut self, overwrite: bool) -> Self {
        self.overwrite = overwrite;
        self
    }

    /// Copies the session of `from` to `to`. If the same one is there already,
    /// nothing is written. A login that changes while it is copied is copied
    /// again; counters and peers are as of one moment.
    ///
    /// A writer that puts a session into `to` just before this one does is not
    /// seen, and written over.
    ///
    /// # Errors
    ///
    /// Each names both backends. `NotFound` if `from` has no session,
    /// `AlreadyExists` if `to` holds another one, `InvalidData` if what was read
    /// back is not what was saved; else what the backends say.
    pub fn copy<F, T>(&self, from: &F, to: &T) -> io::Result<Copied>
    where
        F: SessionBackend + ?Sized,
        T: SessionBackend + ?Sized,
    {
        let (names, log) = ((from.name(), to.name()), tracing::debug_span!("copy"));
        let _entered = log.enter();
        self.run(from, to).map_err(|error| {
            let context = format!("copying from `{}` to `{}`", names.0, names.1);
            SessionError::within(error, &context)
        })
    }

    fn run<F, T>(&self, from: &F, to: &T) -> io::Result<Copied>
    where
        F: SessionBackend + ?Sized,
        T: SessionBackend + ?Sized,
    {
        // A login changes a few times in its life: a second look is enough
        // for all but a client that is logging in at this moment.
        const LOOKS: u32 = 4;
        let mut session = normal(from)?.ok_or_else(nothing)?;
        let outcome = match normal(to)? {
            None => CopyOutcome::Created,
            Some(there) if there == session => {
                return Ok(Copied::of(&session, CopyOutcome::AlreadyThere));
            }
            Some(there) if !self.overwrite => return Err(occupied(&session, &there).into()),
            Some(_) => CopyOutcome::Overwritten,
        };
        for _ in 0..LOOKS {
            to.save(&session)?;
            let there = normal(to)?;
            if there.as_ref() != Some(&session) {
                return Err(altered(&session, there.as_ref()).into());
            }
            let now = normal(from)?.ok_or_else(gone)?;
            if same_login(&now, &session) {
                return Ok(Copied::of(&session, outcome));
            }
            session = now;
        }
        Err(SessionError::conflict("the login changed again and again while it was copied")
            .help("stop the client that uses it, then copy with overwriting")
            .into())
    }
}

/// What a [`copy`] came to: counts of what was read back from the target.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Copied {
    /// What was done.
    pub outcome: CopyOutcome,
    /// The datacentre the account lives on.
    pub home_dc_id: i32,
    /// Addresses of datacentres.
    pub dcs: usize,
    /// Auth keys among them.
    pub keys: usize,
    /// Channels with a pts.
    pub channels: usize,
    /// Users, channels and chats.
    pub peers: usize,
    /// Users known only by a message of theirs.
    pub min_peers: usize,
    /// Whether there is a future auth token.
    pub token: bool,
    /// Length of the session in the native encoding, in bytes.
    pub approx_bytes: usize,
}

/// What was done to the target of a [`copy`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CopyOutcome {
    /// It had no session, and has one now.
    Created,
    /// Another session was overwritten.
    Overwritten,
    /// The same session was there: nothing was written.
    AlreadyThere,
}

impl Copied {
    fn of(session: &PersistedSession, outcome: CopyOutcome) -> Self {
        let stats = session.stats();
        Self {
            outcome,
            home_dc_id: stats.home_dc_id,
            dcs: stats.dcs_total,
            keys: stats.dcs_with_auth_key,
            channels: stats.channel_pts_entries,
            peers: stats.peers_total,
            min_peers: stats.min_peers,
            token: session.future_auth_token.is_some(),
            approx_bytes: stats.approx_bytes,
        }
    }
}

impl fmt::Display for Copied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.outcome {
            CopyOutcome::Created => "copied: ",
            CopyOutcome::Overwritten => "copied over another session: ",
            CopyOutcome::AlreadyThere => "already there: ",
        })?;
        let Self { home_dc_id, dcs, keys, channels, peers, min_peers, approx_bytes, .. } = self;
        let s = |count: &usize| if *count == 1 { "" } else { "s" };
        write!(
            f,
            "home dc {home_dc_id}, {keys} auth key{} ({dcs} address{}), {peers} peer{}, \
             {min_peers} min-peer{}, {channels} channel{}, {} token; about {approx_bytes} bytes",
            s(keys),
            if *dcs == 1 { "" } else { "es" },
            s(peers),
            s(min_peers),
            s(channels),
            if self.token { "a" } else { "no" }
        )
    }
}

/// The session of a backend in its normal form: two are the same if these are.
fn normal<B: SessionBackend + ?Sized>(backend: &B) -> io::Result<Option<PersistedSession>> {
    let mut session = backend.load()?;
    session.iter_mut().for_each(PersistedSession::normalize);
    Ok(session)
}

fn same_login(one: &PersistedSession, other: &PersistedSession) -> bool {
    let keys = |session: &PersistedSession| -> Vec<_> {
        let keyed = session.dcs.iter().filter(|dc| dc.auth_key.is_some());
        keyed.map(|dc| (dc.dc_id, dc.flags.class(), dc.auth_key)).collect()
    };
    one.home_dc_id == other.home_dc_id
        && one.future_auth_token == other.future_auth_token
        && keys(one) == keys(other)
}

fn nothing() -> SessionError {
    SessionError::config("there is no session to copy")
        .with_kind(io::ErrorKind::NotFound)
        .help("look at the path, the name of the session and the credentials of what you copy from")
}

fn gone() -> SessionError {
    SessionError::conflict("the session was deleted while it was copied")
        .with_kind(io::ErrorKind::NotFound)
        .help("what was read before stands in the target: delete it there too if the client logged out")
}

fn occupied(session: &PersistedSession, there: &PersistedSession) -> SessionError {
    let what = if same_login(session, there) {
        "an older or newer state of the same login"
    } else {
        "another login"
    };
    SessionError::config(format!(
        "the target holds {what} ({}), which would be lost",
        in_short(Some(there))
    ))
    .with_kind(io::ErrorKind::AlreadyExists)
    .help("copy to another place, or with `CopyOptions::new().overwrite(true)`")
}

fn altered(session: &PersistedSession, there: Option<&PersistedSession>) -> SessionError {
    SessionError::corrupt(format!(
        "what was read back ({}) is not what was saved ({})",
        in_short(there),
        in_short(Some(session))
    ))
    .help("stop whatever else writes to the target, and copy again, with overwriting; keep what you copied from")
}

/// A session in numbers, for a message.
fn in_short(session: Option<&PersistedSession>) -> String {
    let Some(session) = session else { return "no session".to_owned() };
    let (stats, state) = (session.stats(), &session.updates_state);
    format!(
        "home dc {}, auth keys: {}, pts {}, peers: {}",
        stats.home_dc_id, stats.dcs_with_auth_key, state.pts, stats.peers_total
    )
}
