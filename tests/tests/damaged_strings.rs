//! Damage to strings: of what a native string holds, every bit and every cut
//! is noticed; of a compact one, what can be.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ferogram_session::{
    FullSession, PersistedSession, Session, SessionBackend, StringSession, StringSessionBackend,
};
use ferogram_session_tests::damage::names_place_and_remedy;
use ferogram_session_tests::sessions::{beyond_a_full_version_8, beyond_version_8, full};
use std::net::IpAddr;

/// Every string that differs from `text` in one bit of one character. (The
/// eighth bit makes it no text at all.)
fn flipped(text: &str) -> impl Iterator<Item = (usize, String)> {
    (0..text.len() * 7).map(|bit| {
        let mut bytes = text.as_bytes().to_vec();
        bytes[bit / 7] ^= 1 << (bit % 7);
        (bit / 7, String::from_utf8(bytes).unwrap())
    })
}

/// What both ways to read a string make of it.
fn read(text: &str, what: &str) -> Option<PersistedSession> {
    let backend = StringSessionBackend::new(text);
    let (decoded, loaded) = (PersistedSession::from_string(text), backend.load());
    match (decoded, loaded) {
        (Ok(decoded), Ok(Some(loaded))) => {
            let normal = |mut session: PersistedSession| {
                session.normalize();
                session
            };
            assert_eq!(normal(decoded.clone()), normal(loaded), "{what}");
            Some(decoded)
        }
        (Err(decoded), Err(loaded)) => {
            names_place_and_remedy(&decoded, what);
            names_place_and_remedy(&loaded, what);
            assert_eq!(backend.current(), text, "{what}");
            None
        }
        (decoded, loaded) => panic!("{what}: {decoded:?}, but {loaded:?}"),
    }
}

fn native() -> Vec<PersistedSession> {
    // With records behind the footer, but a token of ordinary length.
    let overflow = PersistedSession { future_auth_token: None, ..beyond_version_8() };
    let [_, address, _, odd] = beyond_a_full_version_8();
    vec![PersistedSession::default(), full(0), full(5), overflow, address, odd]
}

#[test]
fn every_flipped_bit_of_a_native_string() {
    let mut flips = 0;
    for session in native() {
        let text = session.to_string();
        for (at, flipped) in flipped(&text) {
            let what = format!("character {at} of {}", text.len());
            if let Some(read) = read(&flipped, &what) {
                assert_eq!(read, session, "{what} gives another session");
            }
            flips += 1;
        }
    }
    println!("{flips} flipped bits of native strings");
    assert!(flips > 40_000, "{flips}");
}

#[test]
fn every_cut_of_a_native_string() {
    let mut cuts = 0;
    for session in native() {
        let text = session.to_string();
        // Without any character it is no damage, but how a new session begins.
        for (from, to) in (1..text.len()).flat_map(|at| [(0, at), (at, text.len())]) {
            let what = format!("{from} to {to} of {} characters", text.len());
            if let Some(read) = read(&text[from..to], &what) {
                assert_eq!(read, session, "{what} give another session");
            }
            cuts += 1;
        }
        assert!(PersistedSession::from_string("").is_err());
    }
    println!("{cuts} cuts of native strings");
    assert!(cuts > 10_000, "{cuts}");
}

fn compact() -> Vec<StringSession> {
    let addresses: [IpAddr; 2] =
        ["149.154.167.51".parse().unwrap(), "2001:db8::7".parse().unwrap()];
    let auth_key = std::array::from_fn(|at| (at * 7 + 3) as u8);
    addresses
        .into_iter()
        .flat_map(|ip| {
            let short = Session { dc_id: 2, ip, port: 443, auth_key, user_id: 77 };
            let long = FullSession {
                dc_id: 2,
                ip,
                port: 443,
                auth_key,
                user_id: 77,
                server_salt: 99,
                seq_no: 5,
                layer: 198,
            };
            [StringSession::from(short), StringSession::from(long)]
        })
        .collect()
}

fn encode(session: &StringSession) -> String {
    if session.version() == 1 { session.encode_v1() } else { session.encode() }
}

/// They have no checksum, and no room for one: whatever has the length and the
/// head of one is one.
#[test]
fn a_flipped_bit_of_a_compact_string_is_an_error_or_shows() {
    for session in compact() {
        let text = encode(&session);
        let whole = BASE64_URL_SAFE_NO_PAD.decode(&text).unwrap();
        let (mut errors, mut others) = (0, 0);
        for (at, flipped) in flipped(&text) {
            let what = format!("character {at} of {}", text.len());
            let decoded = StringSession::decode(&flipped);
            assert_eq!(read(&flipped, &what).is_some(), decoded.is_ok(), "{what}");
            let Ok(decoded) = decoded else {
                errors += 1;
                continue;
            };
            others += 1;
            // The version and the kind of the address cannot be others; what
            // else the character stands for is, and nothing beside it.
            let bytes = BASE64_URL_SAFE_NO_PAD.decode(encode(&decoded)).unwrap();
            let differs: Vec<_> = (0..whole.len()).filter(|&at| bytes[at] != whole[at]).collect();
            let of_it = at * 6 / 8..=(at * 6 + 5) / 8;
            assert!(!differs.is_empty(), "{what}: not noticed, and not to be seen");
            assert!(differs.iter().all(|at| of_it.contains(at)), "{what}: {differs:?}");
        }
        // Half of what a flip makes is no character of base64.
        assert!(errors > text.len() && others > text.len(), "{errors}, {others}");
    }
}

#[test]
fn every_cut_of_a_compact_string_is_an_error() {
    for session in compact() {
        let text = encode(&session);
        for (from, to) in (1..text.len()).flat_map(|at| [(0, at), (at, text.len())]) {
            let what = format!("{from} to {to} of {} characters", text.len());
            assert!(StringSession::decode(&text[from..to]).is_err(), "{what}");
            assert_eq!(read(&text[from..to], &what), None, "{what}");
        }
    }
}
