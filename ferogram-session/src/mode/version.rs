use crate::random;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

/// Which state of a session a store holds: text that a writer makes afresh
/// with every write and stores with it. An ETag serves too.
///
/// Not a counter: one that starts again after a delete, an expiry or a
/// failover would let a stale cache through. And a writer that never got its
/// answer recognises its own token.
///
/// `to_string()` gives the text, for a header or a column; it cannot be
/// borrowed, because most versions are kept as a number.
#[doc(alias = "as_str")]
#[derive(Clone, PartialEq, Eq)]
pub struct Version(Repr);

#[derive(Clone, PartialEq, Eq)]
enum Repr {
    Unknown,
    // 22 letters of base 64, as nearly all are: comparing and copying costs nothing.
    Token(u128),
    Text(Box<str>),
}

impl Version {
    /// Of a store that keeps no versions: tells nothing, and a cache is never
    /// trusted on the strength of it.
    pub const UNKNOWN: Self = Self(Repr::Unknown);

    /// 128 random bits, for the next write.
    #[must_use]
    pub fn fresh() -> Self {
        Self(Repr::Token(random::fresh()))
    }

    /// What [`new`](Self::new) makes of these bits as text.
    pub(crate) fn of_bits(bits: u128) -> Self {
        Self(Repr::Token(bits))
    }

    /// A version that the store keeps as text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        match token(text.as_bytes()) {
            Some(bits) => Self(Repr::Token(bits)),
            None if text.is_empty() => Self::UNKNOWN,
            None => Self(Repr::Text(text.into())),
        }
    }

    /// `to_string`, for every write: without a formatter in between.
    pub(crate) fn text(&self) -> String {
        match &self.0 {
            Repr::Token(bits) => as_text(&letters(*bits)).to_owned(),
            _ => self.to_string(),
        }
    }

    /// Whether the version tells states apart.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.0 != Repr::Unknown
    }
}

/// Those of base 64 in addresses: a version is sent twice with every write to a
/// server, and 32 hex digits would be half as long again. Stores written with
/// those keep them as any other text.
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The two highest bits, then six at a time: so the first letter is none that a
/// program would take for the beginning of an option.
fn letters(bits: u128) -> [u8; 22] {
    std::array::from_fn(|at| LETTERS[(bits >> (126 - 6 * at)) as usize & 63])
}

fn as_text(letters: &[u8; 22]) -> &str {
    // It always is.
    std::str::from_utf8(letters).unwrap_or_default()
}

/// The bits of such letters; `None` if it is another text.
fn token(text: &[u8]) -> Option<u128> {
    let letters: &[u8; 22] = text.try_into().ok()?;
    if !matches!(letters[0], b'A'..=b'D') {
        return None;
    }
    letters.iter().try_fold(0, |bits, letter| {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        Some(bits << 6 | u128::from(value))
    })
}

/// Gives the versions of a store that ends with the process: at less cost than
/// those that are random, and as different from all others of such stores.
pub(crate) struct Versions {
    last: u128,
}

impl Default for Versions {
    fn default() -> Self {
        static STORES: AtomicU64 = AtomicU64::new(1);
        Self { last: u128::from(STORES.fetch_add(1, Ordering::Relaxed)) << 64 }
    }
}

impl Versions {
    pub(crate) fn next(&mut self) -> Version {
        self.last += 1;
        Version(Repr::Token(self.last))
    }
}

impl From<&str> for Version {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<Version> for String {
    fn from(version: Version) -> Self {
        version.text()
    }
}

/// The answer of a `write` that left the session with this version.
impl From<Version> for Written {
    fn from(version: Version) -> Self {
        Self::Version(version)
    }
}

impl From<String> for Version {
    fn from(text: String) -> Self {
        Self::new(&text)
    }
}

/// The text that a store keeps; [`Version::new`] reads it back.
impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Unknown => Ok(()),
            Repr::Token(bits) => f.write_str(as_text(&letters(*bits))),
            Repr::Text(text) => f.write_str(text),
        }
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Version({self})")
    }
}

/// What a conditional write expects to find.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expect {
    /// Anything, or nothing: write in any case.
    Any,
    /// No session under this key.
    Absent,
    /// The session in this state.
    Version(Version),
}

impl Expect {
    /// Whether the store, which holds `stored`, is as expected: for stores
    /// that compare under a lock of their own.
    #[must_use]
    pub fn matches(&self, stored: Option<&Version>) -> bool {
        match self {
            Self::Any => true,
            Self::Absent => stored.is_none(),
            Self::Version(version) => stored == Some(version),
        }
    }
}

/// What became of a write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// It took effect; the store is now in this state.
    Version(Version),
    /// The store was not as expected, and was left as it is.
    Conflict,
}

impl Written {
    /// The answer of a store that keeps no versions.
    pub const DONE: Self = Self::Version(Version::UNKNOWN);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back() {
        let fresh = Version::fresh();
        assert_eq!(Version::new(&fresh.to_string()), fresh);
        assert_ne!(Version::fresh(), fresh);
        for bits in [0, 1, 7, u128::MAX, u128::MAX << 1, 1 << 127, 0x0123_4567_89AB_CDEF << 40] {
            let text = Version::of_bits(bits).to_string();
            assert_eq!(text.len(), 22);
            assert!(Version::new(&text).0 == Repr::Token(bits), "{bits:x}");
            for at in 0..22 {
                // Whatever the text, it comes back as it is.
                let mut other = text.clone().into_bytes();
                other[at] = other[at].wrapping_add(1) & 0x7F;
                let other = String::from_utf8(other).unwrap();
                assert_eq!(Version::new(&other).to_string(), other);
            }
        }
        for text in [
            "\"etag\"",
            "",
            "0",
            "0123456789abcdef0123456789abcdef",
            "EAAAAAAAAAAAAAAAAAAAAA",
            "-AAAAAAAAAAAAAAAAAAAAA",
            "=AAAAAAAAAAAAAAAAAAAAA",
            "+0000000000000000000000000000001",
        ] {
            assert_eq!(Version::new(text).to_string(), text);
        }
        for version in [fresh.clone(), Version::UNKNOWN, Version::new("\"etag\"")] {
            assert_eq!(version.text(), version.to_string());
            assert_eq!(String::from(version.clone()), version.to_string());
        }
        assert_eq!(Written::from(fresh.clone()), Written::Version(fresh));
        assert!(!Version::new("").is_known() && Version::new("0").is_known());
    }

    #[test]
    fn those_of_two_stores_differ() {
        let (mut one, mut other) = (Versions::default(), Versions::default());
        let mut all: Vec<String> =
            (0..10).flat_map(|_| [one.next(), other.next()]).map(|v| v.to_string()).collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 20);
    }
}
