//! A session whose secrets can be told from anything else.

use crate::in_files::names;
use crate::sessions::dc;
use ferogram_session::{CachedMinPeer, CachedPeer, DcEntry, DcFlags, PersistedSession};
use std::collections::BTreeSet;
use std::fmt::Debug;
use std::fs;
use std::path::Path;

/// A key, and a token: 173 is `AD` and `rQ` or `ra2t` in base64, and stands nowhere by chance.
pub const KEY: [u8; 256] = [173; 256];
/// A salt, and an access hash.
pub const NUMBER: i64 = 0x5EED_F00D_CAFE_1234;

/// A login and a peer, made of these.
#[must_use]
pub fn session() -> PersistedSession {
    let dc = DcEntry {
        auth_key: Some(KEY),
        first_salt: NUMBER,
        ..DcEntry::from_parts(2, "127.0.0.1", 443, DcFlags::NONE)
    };
    let peer = CachedPeer {
        id: 7,
        access_hash: NUMBER,
        is_channel: false,
        is_chat: false,
        channel_kind: None,
        is_community: false,
    };
    PersistedSession {
        home_dc_id: 2,
        dcs: vec![dc],
        peers: vec![peer],
        min_peers: vec![CachedMinPeer { user_id: 7, peer_id: 8, msg_id: 9 }],
        future_auth_token: Some(KEY.to_vec()),
        ..PersistedSession::default()
    }
}

/// Stops the test if they are to be seen.
///
/// # Panics
///
/// With what was shown.
#[track_caller]
pub fn hides(shown: &str) {
    let dense: String = shown.split_whitespace().collect();
    let numbers = [NUMBER.to_string(), format!("{NUMBER:x}"), format!("{NUMBER:X}")];
    let keys = ["173,173", "adadad", "ADADAD", "ra2tra2t", "\\xad", "\\xAD"].map(String::from);
    for secret in numbers.into_iter().chain(keys) {
        assert!(!dense.contains(&secret), "shows {secret}: {shown}");
    }
}

/// Whether part of any key that [`dc`] makes stands here.
///
/// # Panics
///
/// Never.
#[must_use]
pub fn holds_a_key(bytes: &[u8]) -> bool {
    const PART: usize = 32;
    // Keys of two seeds differ in the same bits of each byte.
    let key = dc(1, DcFlags::NONE, Some(0)).auth_key.unwrap();
    key.chunks(PART).step_by(3).any(|known| {
        let is_part = |part: &[u8]| (1..PART).all(|at| part[at] ^ part[0] == known[at] ^ known[0]);
        bytes.windows(PART).any(is_part)
    })
}

/// The names of the files in a folder that hold part of such a key.
///
/// # Panics
///
/// If they cannot be read.
#[must_use]
pub fn with_a_key(folder: &Path) -> Vec<String> {
    let holds = |name: &String| holds_a_key(&fs::read(folder.join(name)).unwrap());
    names(folder).into_iter().filter(holds).collect()
}

/// Looks at values, and remembers of which types.
#[derive(Default)]
pub struct Shown(pub BTreeSet<String>);

impl Shown {
    /// Stops the test if a secret of [`session`] is to be seen.
    ///
    /// # Panics
    ///
    /// With what was shown.
    #[track_caller]
    pub fn look<T: Debug>(&mut self, value: &T) {
        hides(&format!("{value:?}"));
        hides(&format!("{value:#?}"));
        self.0.insert(last_of(std::any::type_name::<T>()));
    }
}

/// The name of a type without its path and its parameters.
fn last_of(path: &str) -> String {
    let path = path.split(['<', ' ']).next().unwrap_or_default();
    path.rsplit("::").next().unwrap_or_default().to_owned()
}

/// Every type of a package's public API that has `Debug`, which each of them has.
///
/// # Panics
///
/// If its API is not written down.
#[must_use]
pub fn public_types(package: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("public-api");
    let api = fs::read_to_string(folder.join(format!("{package}.txt"))).unwrap();
    let types = api.lines().filter_map(|line| {
        line.starts_with("impl").then_some(())?;
        Some(last_of(line.split_once("core::fmt::Debug for ")?.1))
    });
    types.collect()
}
