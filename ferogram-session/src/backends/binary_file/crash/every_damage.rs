//! `recover()` of every damage: a bit of each byte, and a cut at each place.

use super::history::{Stored, normal};
use super::mending::is_whole;
use super::{Folder, SESSION, image_of, peer};
use crate::backends::faults::Image;
use crate::data::{DcEntry, PersistedSession};
use crate::{DcFlags, SessionBackend, SessionError};

const PREVIOUS: &str = "bot.session.prev";
const DAMAGED: &str = "bot.session.damaged";

fn key(number: u8) -> DcEntry {
    let auth_key = Some(std::array::from_fn(|at| number ^ at as u8));
    DcEntry { auth_key, ..DcEntry::from_parts(2, "127.0.0.1", 443, DcFlags::NONE) }
}

/// A file with a generation before it, and what was stored, in order.
fn sample(folder: &Folder) -> (Image, Vec<Stored>) {
    let backend = folder.open();
    let mut states = Vec::new();
    let state = || backend.load().unwrap().map(normal);
    backend.save(&PersistedSession { home_dc_id: 2, ..Default::default() }).unwrap();
    backend.update_dc(&key(1)).unwrap();
    for id in 0..3 {
        backend.cache_peer(&peer(id)).unwrap();
        states.push(state());
    }
    backend.update_dc(&key(2)).unwrap();
    states.push(state());
    for id in 10..13 {
        backend.cache_peer(&peer(id)).unwrap();
        states.push(state());
        if id == 11 {
            backend.checkpoint().unwrap();
        }
    }
    (image_of(folder), states)
}

fn damaged(whole: &[u8]) -> impl Iterator<Item = (String, Vec<u8>)> {
    let flips = (0..whole.len()).map(|at| {
        let mut flipped = whole.to_vec();
        flipped[at] ^= 1 << (at * 5 % 8);
        (format!("a flip at {at}"), flipped)
    });
    flips.chain((0..whole.len()).map(|len| (format!("a cut at {len}"), whole[..len].to_vec())))
}

/// It comes back as it was at some time, with the newest login if that is
/// whole; what was damaged and what was kept are still there.
#[test]
fn recover_brings_back_a_state_that_there_was() {
    let folder = Folder::new();
    let (image, states) = sample(&folder);
    let (mut mended, mut whole) = (0, 0);
    for (what, bytes) in damaged(&image[SESSION]) {
        let mut damaged = image.clone();
        damaged.insert(SESSION.to_owned(), bytes.clone());
        folder.fill(&damaged);
        let loaded = folder.open().load();
        match (loaded, folder.quickly(|| folder.open().recover())) {
            (Err(_), Ok(session)) => {
                mended += 1;
                let session = Some(normal(session));
                assert!(states.contains(&session), "{what}: {session:?}");
                assert!(folder.open().load().unwrap().map(normal) == session, "{what}");
                let now = image_of(&folder);
                assert!(now[DAMAGED] == bytes, "{what}");
                assert!(now[PREVIOUS] == image[PREVIOUS], "{what}");
            }
            (Ok(_), Err(error)) => {
                whole += 1;
                assert!(is_whole(&error), "{what}: {error}");
                assert!(image_of(&folder) == damaged, "{what}");
            }
            (loaded, recovered) => panic!("{what}: {loaded:?}, then {recovered:?}"),
        }
    }
    assert!(mended > 500 && whole > 50, "{mended} mended, {whole} not damaged");
}

/// With nothing else to go back to: what comes back is a login that there was.
/// Where nothing can be made out, or a checksum contradicts it, that is said and
/// nothing changes; then it comes back if it is asked for.
#[test]
fn recover_without_a_generation_before_says_why_not() {
    let folder = Folder::new();
    let (mut image, states) = sample(&folder);
    image.remove(PREVIOUS);
    let logins: Vec<_> = states.iter().flatten().map(|session| session.dcs.clone()).collect();
    let (mut mended, mut refused, mut unchecked) = (0, 0, 0);
    for (what, bytes) in damaged(&image[SESSION]) {
        let mut damaged = image.clone();
        damaged.insert(SESSION.to_owned(), bytes.clone());
        folder.fill(&damaged);
        if folder.open().load().is_ok() {
            continue;
        }
        match folder.quickly(|| folder.open().recover()) {
            Ok(session) => {
                mended += 1;
                assert!(logins.contains(&session.dcs), "{what}");
                assert!(image_of(&folder)[DAMAGED] == bytes, "{what}");
            }
            Err(error) => {
                refused += 1;
                assert!(
                    matches!(SessionError::of(&error), Some(SessionError::Corrupt(_))),
                    "{error}"
                );
                let said = error.to_string();
                assert!(said.contains("put a copy of the file in its place"), "{said}");
                assert!(image_of(&folder) == damaged, "{what}");
                let asked = folder.quickly(|| folder.open().recover_unchecked());
                assert_eq!(asked.is_ok(), said.contains("recover_unchecked"), "{what}: {said}");
                if let Ok(session) = asked {
                    unchecked += 1;
                    assert!(session.dcs.iter().any(|dc| dc.auth_key.is_some()), "{what}");
                    assert!(image_of(&folder)[DAMAGED] == bytes, "{what}");
                    assert!(folder.open().load().unwrap() == Some(session), "{what}");
                }
            }
        }
    }
    let counts = [mended, refused, unchecked];
    assert!(counts.iter().all(|count| *count > 100), "{counts:?}");
}

/// A generation that is damaged as well is none to go back to.
#[test]
fn recover_from_a_damaged_generation_says_which_and_where() {
    let folder = Folder::new();
    let (image, _) = sample(&folder);
    let mut tried = 0;
    for (what, bytes) in damaged(&image[PREVIOUS]) {
        let mut damaged = image.clone();
        damaged.insert(SESSION.to_owned(), b"not a session".to_vec());
        damaged.insert(PREVIOUS.to_owned(), bytes);
        folder.fill(&damaged);
        let Err(error) = folder.quickly(|| folder.open().recover()) else { continue };
        tried += 1;
        let details = SessionError::of(&error).unwrap().details();
        assert!(details.offset().is_some() && details.help().is_some(), "{what}: {error}");
        assert!(error.to_string().contains("bot.session.prev is damaged too"), "{what}: {error}");
        assert!(image_of(&folder) == damaged, "{what}");
    }
    assert!(tried > 500, "{tried}");
}
