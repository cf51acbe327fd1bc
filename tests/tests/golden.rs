//! Every format in which a session can have been stored loads as what was
//! stored; see `golden/README.md`.

use ferogram_session::{
    BinaryFileBackend, PersistedSession, SessionBackend, StringSession, StringSessionBackend,
};
use ferogram_session_tests::golden::files;
use ferogram_session_tests::sessions::{
    beyond_a_full_version_8, beyond_version_8, full, normal, user,
};
use std::fs;

#[test]
fn binary_files_decode_exactly() {
    for golden in files("binary", "session") {
        let bytes = fs::read(&golden.path).unwrap();
        let session = PersistedSession::from_bytes(&bytes)
            .unwrap_or_else(|error| panic!("{}: {error}", golden.name()));
        assert_eq!(Some(session), golden.expected, "{}", golden.name());
    }
}

#[test]
fn binary_files_serve_as_files_of_a_backend() {
    let folder = tempfile::tempdir().unwrap();
    for golden in files("binary", "session") {
        let path = folder.path().join(golden.name());
        fs::copy(&golden.path, &path).unwrap();
        let mut expected = golden.expected.clone().unwrap();
        let load = || BinaryFileBackend::new(&path).load().unwrap().map(normal);
        assert_eq!(load(), Some(normal(expected.clone())), "{}", golden.name());
        BinaryFileBackend::new(&path).set_home_dc(4).unwrap();
        expected.home_dc_id = 4;
        assert_eq!(load(), Some(normal(expected)), "{}", golden.name());
    }
}

#[test]
fn strings_decode_exactly_native_and_compact() {
    for golden in files("strings", "txt") {
        let text = fs::read_to_string(&golden.path).unwrap();
        let session = PersistedSession::from_string(&text)
            .unwrap_or_else(|error| panic!("{}: {error}", golden.name()));
        assert_eq!(Some(&session), golden.expected.as_ref(), "{}", golden.name());

        let backend = StringSessionBackend::new(text.clone());
        let loaded = backend.load().unwrap();
        assert_eq!(loaded.map(normal), golden.expected.clone().map(normal), "{}", golden.name());
        assert_eq!(backend.current(), text, "unchanged until the first change");

        let padded = format!("\n {}== \n", text.trim());
        if text.trim().len() % 4 == 2 {
            assert_eq!(PersistedSession::from_string(&padded).unwrap(), session);
        }
    }
}

#[test]
fn compact_strings_have_their_fields_and_are_written_as_they_were() {
    let mut compact = 0;
    for golden in files("strings", "txt").iter().filter(|g| g.name().starts_with("compact")) {
        let text = fs::read_to_string(&golden.path).unwrap();
        let fields = fs::read(golden.path.with_extension("fields.json")).unwrap();
        let fields: serde_json::Value = serde_json::from_slice(&fields).unwrap();
        let string = StringSession::decode(&text).unwrap();
        let session = string.session();
        assert_eq!(
            u64::from(session.dc_id),
            fields["dc_id"].as_u64().unwrap(),
            "{}",
            golden.name()
        );
        assert_eq!(session.ip.to_string(), fields["ip"].as_str().unwrap());
        assert_eq!(u64::from(session.port), fields["port"].as_u64().unwrap());
        assert_eq!(session.user_id, fields["user_id"].as_i64().unwrap());
        let again = match &string {
            StringSession::V1(full) => {
                assert_eq!(full.server_salt, fields["server_salt"].as_i64().unwrap());
                assert_eq!(u64::from(full.seq_no), fields["seq_no"].as_u64().unwrap());
                assert_eq!(u64::from(full.layer), fields["layer"].as_u64().unwrap());
                string.encode_v1()
            }
            StringSession::V2(_) => string.encode(),
        };
        assert_eq!(again, text.trim(), "{}", golden.name());
        compact += 1;
    }
    assert!(compact >= 8);
}

#[test]
fn json_of_every_release_is_read() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/json");
    let mut read = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let session: PersistedSession = serde_json::from_slice(&fs::read(&path).unwrap())
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let suffix = format!("-{name}.expected.json");
        let goldens = files("binary", "session");
        let beside = goldens.iter().find(|golden| {
            golden.path.with_extension("expected.json").to_string_lossy().ends_with(&suffix)
        });
        let expected = beside.unwrap().expected.clone().unwrap();
        assert_eq!(session, expected, "{name}");
        read += 1;
    }
    assert!(read >= 16);
}

#[test]
fn the_json_we_write_is_the_json_of_0_6_6() {
    let golden =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/json/0.6.6-full.json");
    let text = fs::read_to_string(golden).unwrap();
    let session: PersistedSession = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_string(&session).unwrap(), text.trim());
}

/// The release that users have reads what we write, so that they can go back.
mod read_by_0_6_6 {
    use super::*;

    fn same(ours: &PersistedSession, theirs: &released::PersistedSession) {
        // Through the bytes of version 8, which both write.
        let base = theirs.to_bytes();
        assert_eq!(normal(PersistedSession::from_bytes(&base).unwrap()), normal(ours.clone()));
    }

    #[test]
    fn values_and_strings() {
        for session in [PersistedSession::default(), full(0), full(1_000)] {
            same(&session, &released::PersistedSession::from_bytes(&session.to_bytes()).unwrap());
            let string = session.to_string();
            same(&session, &released::PersistedSession::from_string(&string).unwrap());
        }
    }

    #[test]
    fn files_with_a_journal_as_of_the_last_change_of_a_login() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bot.session");
        let backend = BinaryFileBackend::new(&path);
        let session = full(100);
        backend.save(&session).unwrap();
        for id in 5_000..5_100 {
            backend.cache_peer(&user(id, id)).unwrap();
        }
        same(&session, &released::PersistedSession::load(&path).unwrap());
        // And goes on with it; we take over what it then wrote.
        let theirs = released::BinaryFileBackend::new(&path);
        released::SessionBackend::set_home_dc(&theirs, 4).unwrap();
        let expected = PersistedSession { home_dc_id: 4, ..session };
        assert_eq!(
            BinaryFileBackend::new(&path).load().unwrap().map(normal),
            Some(normal(expected))
        );
    }

    #[test]
    fn the_logins_of_what_version_8_has_no_room_for() {
        let mut session = beyond_version_8();
        session.peers.extend((100_000..170_000).map(|id| user(id, 1)));
        let theirs = released::PersistedSession::from_bytes(&session.to_bytes()).unwrap();
        assert_eq!(theirs.home_dc_id, session.home_dc_id);
        let home = theirs.dcs.iter().find(|dc| dc.dc_id == 2).unwrap();
        assert_eq!(home.auth_key, session.dcs[1].auth_key);
        assert_eq!(theirs.peers.len(), 65_535);
        assert_eq!(
            normal(PersistedSession::from_bytes(&session.to_bytes()).unwrap()),
            normal(session)
        );
    }

    /// Where something must give way so that a cut is seen, it is no login.
    #[test]
    fn the_logins_of_what_leaves_version_8_no_byte_to_spare() {
        for session in beyond_a_full_version_8() {
            let theirs = released::PersistedSession::from_bytes(&session.to_bytes()).unwrap();
            assert_eq!(theirs.home_dc_id, session.home_dc_id);
            let short = session.dcs.iter().filter(|dc| dc.addr.len() < 256).take(255);
            let keys: Vec<_> = short.map(|dc| (dc.dc_id, dc.auth_key)).collect();
            let read: Vec<_> = theirs.dcs.iter().map(|dc| (dc.dc_id, dc.auth_key)).collect();
            assert_eq!(read, keys);
            let channels = session.updates_state.channels.len().min(65_535);
            assert_eq!(theirs.updates_state.channels.len(), channels);
            assert_eq!(
                normal(PersistedSession::from_bytes(&session.to_bytes()).unwrap()),
                normal(session)
            );
        }
    }
}
