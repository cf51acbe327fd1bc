//! What is not a whole session is an error with a place and a remedy, and
//! stays as it is.

use ferogram_session::{
    BinaryFileBackend, PersistedSession, SessionBackend, SessionError, StringSessionBackend,
};
use ferogram_session_tests::damage::names_place_and_remedy;
use ferogram_session_tests::sessions::{
    beyond_a_full_version_8, beyond_version_8, dc, full, normal, user,
};
use std::fs;
use std::io::{self, ErrorKind};

fn samples() -> Vec<PersistedSession> {
    let mut all_slack_taken = full(1);
    all_slack_taken.dcs.retain(|dc| dc.auth_key.is_some());
    vec![PersistedSession::default(), full(0), full(5), all_slack_taken]
}

/// Shows how many were tried: a loop over nothing proves nothing.
fn enough(tried: usize, least: usize, what: &str) {
    println!("{tried} {what}");
    assert!(tried >= least, "only {tried} {what}");
}

/// A decoded session is the exact one, or there is none, and the error tells.
fn exact_or_error(decoded: io::Result<PersistedSession>, session: &PersistedSession, what: &str) {
    match decoded {
        Ok(decoded) => assert!(decoded == *session, "{what} gives another session"),
        Err(error) => names_place_and_remedy(&error, what),
    }
}

#[test]
fn every_flipped_bit_of_a_value() {
    let mut flips = 0;
    for session in samples() {
        let bytes = session.to_bytes();
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let decoded = PersistedSession::from_bytes(&flipped);
            exact_or_error(decoded, &session, &format!("bit {bit}"));
            flips += 1;
        }
    }
    enough(flips, 25_000, "flipped bits of values");
}

#[test]
fn every_changed_byte_of_a_small_value() {
    let session = full(0);
    let bytes = session.to_bytes();
    for at in 0..bytes.len() {
        for value in 0..=255 {
            let mut changed = bytes.clone();
            changed[at] = value;
            let decoded = PersistedSession::from_bytes(&changed);
            exact_or_error(decoded, &session, &format!("byte {at} as {value}"));
        }
    }
    enough(bytes.len() * 256, 250_000, "changed bytes of a value");
}

#[test]
fn every_truncation_of_a_value() {
    let mut tried = 0;
    let beyond = beyond_a_full_version_8();
    for session in samples().into_iter().chain([beyond_version_8()]).chain(beyond) {
        let bytes = session.to_bytes();
        for len in cuts(&bytes) {
            // The exact one right behind a base in which version 8 has no byte
            // to spare, and behind which nothing was left out.
            let cut = PersistedSession::from_bytes(&bytes[..len]);
            exact_or_error(cut, &session, &format!("cut at {len} of {}", bytes.len()));
            tried += 1;
        }
        let mut longer = bytes.clone();
        longer.push(0);
        let error = PersistedSession::from_bytes(&longer).unwrap_err();
        names_place_and_remedy(&error, "a byte more");
    }
    enough(tried, 6_000, "cuts of values");
}

/// Every length that these bytes may be cut to; of many bytes those around the
/// ends of their parts, and some between them.
fn cuts(bytes: &[u8]) -> Vec<usize> {
    const FOOTER: &[u8] = b"\xFF\xFEferog";
    if bytes.len() < 10_000 {
        return (0..bytes.len()).collect();
    }
    let footer = bytes.windows(FOOTER.len()).rposition(|part| part == FOOTER).unwrap();
    let near = |len: usize, end: usize| len.abs_diff(end) < 100;
    let wanted = |&len: &usize| near(len, footer) || near(len, bytes.len()) || len % 997 == 0;
    (0..bytes.len()).filter(wanted).collect()
}

/// A file whose records do not all have room in its base is not taken for one
/// that ends there.
#[test]
fn a_cut_file_lacks_no_record_that_its_base_has_no_room_for() {
    let folder = in_memory();
    let path = folder.path().join("cut");
    let mut tried = 0;
    for session in beyond_a_full_version_8() {
        let backend = BinaryFileBackend::new(&path);
        backend.save(&session).unwrap();
        let bytes = fs::read(&path).unwrap();
        for len in cuts(&bytes).into_iter().rev().step_by(3).chain([bytes.len() - 41]) {
            fs::write(&path, &bytes[..len]).unwrap();
            let what = format!("cut at {len} of {}", bytes.len());
            match BinaryFileBackend::new(&path).load() {
                Ok(cut) => assert!(cut.map(normal) == Some(normal(session.clone())), "{what}"),
                Err(error) => names_place_and_remedy(&error, &what),
            }
            tried += 1;
        }
        backend.delete().unwrap();
    }
    enough(tried, 800, "cuts of files with an overflow");
}

#[test]
fn errors_say_where() {
    for (bytes, offset) in [
        (&b""[..], 0),
        (b"\x09\0\0\0\0", 0),
        (b"\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 0),
        (b"\x08\x02\0\0\0\x01\x02\0\0\0", 6),
        (b"{\"home_dc_id\":2}", 0),
    ] {
        let error = PersistedSession::from_bytes(bytes).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidData);
        let error = SessionError::of(&error).unwrap();
        assert!(matches!(error, SessionError::Corrupt(_)));
        assert_eq!(error.details().offset(), Some(offset), "{error}");
    }
}

#[test]
fn a_hostile_count_asks_for_no_memory() {
    // 65,535 peers announced, none there; the same for each list.
    let mut bytes = PersistedSession::default().to_bytes();
    for at in [22, 24, 26] {
        let before = bytes.clone();
        bytes[at..at + 2].copy_from_slice(&[0xFF, 0xFF]);
        let error = PersistedSession::from_bytes(&bytes).unwrap_err();
        assert!(error.to_string().contains("count"), "{error}");
        bytes = before;
    }
}

#[test]
fn damaged_strings_error_on_every_call_and_stay() {
    let good = full(3).to_string();
    for text in [&good[..good.len() / 2], "not a session!", "AAAA", "\u{fc}ber"] {
        let backend = StringSessionBackend::new(text);
        let calls = [
            backend.load().map(drop),
            backend.set_home_dc(2),
            backend.cache_peer(&user(1, 1)),
            backend.save(&full(1)),
            backend.delete(),
        ];
        for error in calls.map(Result::unwrap_err) {
            names_place_and_remedy(&error, text);
            assert!(error.to_string().starts_with("string-session: "), "{error}");
        }
        assert_eq!(backend.current(), text);
    }
}

/// A file with a login and a journal, which has a checkpoint in it.
struct Sample {
    bytes: Vec<u8>,
    /// Where the journal begins.
    journal: usize,
    /// Where the last mark begins: of the checkpoint, or else of the rewrite.
    mark: usize,
    /// What was acknowledged, in order, and how long the file was then.
    states: Vec<(usize, PersistedSession)>,
}

impl Sample {
    /// What the first so many bytes hold.
    fn up_to(&self, len: usize) -> &PersistedSession {
        let whole = self.states.iter().rfind(|(end, _)| *end <= len);
        &whole.expect("the base is whole").1
    }
}

const MARK_LEN: usize = 41;

fn file(folder: &std::path::Path, checkpoint: bool) -> Sample {
    let path = folder.join("made");
    let backend = BinaryFileBackend::new(&path);
    let len = || fs::metadata(&path).unwrap().len() as usize;
    let state = || (len(), backend.load().unwrap().map(normal).unwrap());
    backend.save(&full(2)).unwrap();
    // Written in one go, but for the mark behind it: one of 41 bytes.
    let journal = len() - MARK_LEN;
    let mut states = vec![(journal, state().1)];
    backend.cache_peer(&user(500, 1)).unwrap();
    states.push(state());
    let mark = if checkpoint { len() } else { journal };
    if checkpoint {
        backend.checkpoint().unwrap();
    }
    for id in 501..504 {
        backend.cache_peer(&user(id, 1)).unwrap();
        states.push(state());
    }
    Sample { bytes: fs::read(&path).unwrap(), journal, mark, states }
}

/// A folder for many small files, in memory where there is such a place.
fn in_memory() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

/// A cut takes the marks behind it along, so it can be told from a torn tail
/// only in what was written in one go with the base.
#[test]
fn a_cut_file_is_an_error_or_an_earlier_state() {
    let folder = in_memory();
    let sample = file(folder.path(), true);
    let path = folder.path().join("cut");
    for len in 0..=sample.bytes.len() {
        fs::write(&path, &sample.bytes[..len]).unwrap();
        match BinaryFileBackend::new(&path).load() {
            Ok(session) => {
                let session = normal(session.unwrap());
                assert!(len >= sample.journal, "cut at {len}");
                assert!(session == *sample.up_to(len), "cut at {len}");
            }
            Err(error) => {
                assert!(len < sample.journal, "cut at {len}: {error}");
                names_place_and_remedy(&error, &format!("cut at {len}"));
            }
        }
    }
    enough(sample.bytes.len(), 1_000, "cuts of a file");
}

/// Of the last mark itself it costs nothing: what follows tells that it was there.
#[test]
fn a_flipped_bit_in_a_file_is_an_error_or_an_earlier_state_of_its_unsynced_tail() {
    let folder = in_memory();
    let path = folder.path().join("flipped");
    for checkpoint in [true, false] {
        let sample = file(folder.path(), checkpoint);
        for bit in 0..sample.bytes.len() * 8 {
            let mut flipped = sample.bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            fs::write(&path, &flipped).unwrap();
            match PersistedSession::load(&path) {
                Ok(session) => {
                    assert!(bit / 8 >= sample.mark, "bit {bit}");
                    let in_mark = bit / 8 < sample.mark + MARK_LEN;
                    let up_to = if in_mark { sample.bytes.len() } else { bit / 8 };
                    assert!(normal(session) == *sample.up_to(up_to), "bit {bit}");
                }
                Err(error) => {
                    assert!(bit / 8 < sample.mark, "bit {bit}: {error}");
                    names_place_and_remedy(&error, &format!("bit {bit}"));
                }
            }
        }
        fs::remove_file(folder.path().join("made")).unwrap();
        fs::remove_file(folder.path().join("made.prev")).unwrap_or_default();
    }
}

/// And whoever writes next goes on from there.
#[test]
fn a_write_behind_a_damaged_mark_loses_nothing() {
    let folder = in_memory();
    let sample = file(folder.path(), true);
    let path = folder.path().join("damaged");
    for at in sample.mark..sample.mark + MARK_LEN {
        let mut damaged = sample.bytes.clone();
        damaged[at] ^= 0x55;
        fs::write(&path, &damaged).unwrap();
        let mut expected = sample.up_to(damaged.len()).clone();
        for id in [600, 601] {
            BinaryFileBackend::new(&path).cache_peer(&user(id, 1)).unwrap();
            expected.peers.push(user(id, 1));
        }
        BinaryFileBackend::new(&path).set_home_dc(5).unwrap();
        expected.home_dc_id = 5;
        let loaded = PersistedSession::load(&path).map(normal).unwrap();
        assert!(loaded == normal(expected), "byte {at}");
    }
    enough(sample.bytes.len() * 8, 8_000, "flipped bits of a file");
}

/// What lies before the mark was made durable, and is not a torn tail because
/// the mark has moved.
#[test]
fn a_byte_more_or_less_before_the_mark_is_an_error() {
    let folder = in_memory();
    let sample = file(folder.path(), true);
    let path = folder.path().join("moved");
    for at in 0..=sample.mark {
        for byte in [0, 1, 0xFF] {
            let mut longer = sample.bytes.clone();
            longer.insert(at, byte);
            fs::write(&path, &longer).unwrap();
            let what = format!("{byte} put in at {at}");
            let loaded = PersistedSession::load(&path);
            names_place_and_remedy(&loaded.expect_err(&what), &what);
        }
        if at < sample.mark {
            let mut shorter = sample.bytes.clone();
            shorter.remove(at);
            fs::write(&path, &shorter).unwrap();
            let what = format!("byte {at} taken out");
            let loaded = PersistedSession::load(&path);
            names_place_and_remedy(&loaded.expect_err(&what), &what);
        }
    }
}

#[test]
fn a_damaged_file_is_left_as_it_is_by_every_call() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.session");
    let good = full(2).to_bytes();
    let future = [b"\x09".as_slice(), &good[1..]].concat();
    let cases = [&good[..good.len() - 3], &[][..], b"\x08", &future, b"SQLite format 3\0"];
    for bytes in cases {
        fs::write(&path, bytes).unwrap();
        let backend = BinaryFileBackend::new(&path);
        let calls = [
            backend.load().map(drop),
            backend.save(&full(1)),
            backend.set_home_dc(1),
            backend.update_dc(&dc(1, ferogram_session::DcFlags::NONE, Some(1))),
            backend.cache_peer(&user(1, 1)),
            backend.cache_peer(&user(1, 0)),
            backend.checkpoint(),
        ];
        for error in calls.map(Result::unwrap_err) {
            names_place_and_remedy(&error, "a call on a damaged file");
            let text = error.to_string();
            assert!(text.contains("bot.session") && text.contains("recover()"), "{text}");
        }
        assert_eq!(fs::read(&path).unwrap(), bytes);
        backend.delete().unwrap();
        assert!(!path.exists());
    }
}
