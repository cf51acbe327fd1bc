//! Secrets where others can read them.

use super::faulty::{Fault, Faulty, caught, faulty, with};
use ferogram_session::testing::{self, Capability, Handle, Outcome, Suite};
use ferogram_session::{BinaryFileBackend, DcEntry, PersistedSession, SessionBackend};
use std::fmt;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// Remembers the session, and shows it.
#[derive(Default)]
struct Shows {
    last: Mutex<PersistedSession>,
    how: Option<fn(&PersistedSession) -> String>,
}

impl Fault for Shows {
    fn save(&self, right: &dyn SessionBackend, session: &PersistedSession) -> io::Result<()> {
        *self.last.lock().unwrap() = session.clone();
        right.save(session)
    }
}

impl fmt::Debug for Shows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = self.how.unwrap_or(|_| String::new());
        f.write_str(&how(&self.last.lock().unwrap()))
    }
}

fn shows(how: fn(&PersistedSession) -> String) -> Suite {
    Suite::of_handles(move |place| {
        Handle::with_debug(faulty(place, Shows { how: Some(how), ..Shows::default() }))
    })
}

fn key(session: &PersistedSession) -> Vec<u8> {
    session.dcs.iter().find_map(|dc| dc.auth_key).map(Vec::from).unwrap_or_default()
}

/// Named after the place that it connects to.
struct Named(&'static str);

impl Fault for Named {
    fn name(&self) -> &str {
        self.0
    }
}

/// Tells the log what it does.
struct Logs;

impl Fault for Logs {
    fn update_dc(&self, right: &dyn SessionBackend, entry: &DcEntry) -> io::Result<()> {
        tracing::debug!(key = ?entry.auth_key.map(|key| key.to_vec()), "update_dc");
        right.update_dc(entry)
    }
}

/// Keeps a copy beside the session.
struct KeepsACopy {
    path: PathBuf,
    mode: u32,
}

impl Fault for KeepsACopy {
    fn save(&self, right: &dyn SessionBackend, session: &PersistedSession) -> io::Result<()> {
        use std::os::unix::fs::PermissionsExt;

        fs::write(&self.path, session.to_bytes())?;
        fs::set_permissions(&self.path, fs::Permissions::from_mode(self.mode))?;
        right.save(session)
    }
}

fn keeps_a_copy(mode: u32) -> Suite {
    keeps_a_copy_in(".", 0o700, mode)
}

/// In a folder of the store's own, of this mode.
fn keeps_a_copy_in(folder: &'static str, folder_mode: u32, mode: u32) -> Suite {
    use std::os::unix::fs::PermissionsExt;

    let make = move |place: &ferogram_session::testing::Place| {
        let right = Arc::new(BinaryFileBackend::new(place.dir().join("bot.session")));
        let folder = place.dir().join(folder);
        fs::create_dir_all(&folder).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(folder_mode)).unwrap();
        Faulty { right, fault: KeepsACopy { path: folder.join("copy"), mode } }
    };
    Suite::new(make).with(Capability::Persistent)
}

faults! {
    debug_with_a_list: shows(|session| format!("{:?}", key(session))) => [
        law_9_debug_shows_no_secrets
    ]
    name_with_userinfo: with(|| Named("redis://user:password@localhost/0")) => [
        law_9_the_name_is_fit_for_a_log
    ]
    name_with_a_query: with(|| Named("libsql://localhost?authToken=eyJhbGciOi")) => [
        law_9_the_name_is_fit_for_a_log
    ]
    name_with_nothing: with(|| Named("")) => [law_9_the_name_is_fit_for_a_log]
    log_with_a_key: with(|| Logs) => [law_9_logs_show_no_secrets]
    copy_for_everyone: keeps_a_copy(0o644) => [law_9_files_are_for_their_owner_only]
    copy_in_an_open_folder: keeps_a_copy_in("copies", 0o755, 0o644) => [
        law_9_files_are_for_their_owner_only
    ]
    copy_that_outlives_delete: keeps_a_copy(0o600) => [law_9_delete_leaves_no_keys_in_files]
}

#[test]
fn debug_in_any_form() {
    let forms: [fn(&PersistedSession) -> String; 8] = [
        |session| format!("{:#?}", key(session)),
        |session| key(session).iter().map(|byte| format!("{byte:02x}")).collect(),
        |session| key(session).iter().map(|byte| format!("{byte:02X}")).collect(),
        |session| key(session).escape_ascii().to_string(),
        // A string session, which is base64.
        |session| session.to_string(),
        |session| format!("{:?}", session.future_auth_token),
        |session| format!("{:?}", session.peers.iter().map(|p| p.access_hash).collect::<Vec<_>>()),
        |session| format!("{:x?}", session.dcs.iter().map(|dc| dc.first_salt).collect::<Vec<_>>()),
    ];
    for form in forms {
        caught(&shows(form), &["law_9_debug_shows_no_secrets"]);
    }
}

/// As a store does that makes its files itself: git, a database.
#[test]
fn a_folder_that_only_the_owner_can_enter_will_do() {
    let suite = keeps_a_copy_in("copies", 0o700, 0o644);
    let outcome = testing::run(&suite, "law_9_files_are_for_their_owner_only");
    assert_eq!(outcome, Outcome::Passed);
}
