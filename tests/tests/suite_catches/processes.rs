//! Faults that only several processes show.

use super::faulty::{Fault, with};
use ferogram_session::testing::{__private, Capability, Suite};
use ferogram_session::{PersistedSession, SessionBackend};
use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

/// Keeps the session in a file that it writes over, without a lock.
struct File(PathBuf);

impl SessionBackend for File {
    fn save(&self, session: &PersistedSession) -> io::Result<()> {
        // Slowly enough to be met in the middle.
        let bytes = session.to_bytes();
        let half = bytes.len() / 2;
        fs::write(&self.0, &bytes[..half])?;
        std::thread::sleep(std::time::Duration::from_millis(2));
        fs::write(&self.0, &bytes)
    }

    fn load(&self) -> io::Result<Option<PersistedSession>> {
        match PersistedSession::load(&self.0) {
            Ok(session) => Ok(Some(session)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn delete(&self) -> io::Result<()> {
        fs::remove_file(&self.0)
    }

    fn name(&self) -> &str {
        "file"
    }
}

/// Nothing that this process has is seen by another.
fn in_memory() -> Suite {
    declare(with(|| Right))
}

struct Right;

impl Fault for Right {}

fn in_a_file() -> Suite {
    declare(Suite::new(|place| File(place.dir().join("session"))))
}

fn declare(suite: Suite) -> Suite {
    [Capability::Persistent, Capability::Shared, Capability::PowerSafe]
        .into_iter()
        .fold(suite, Suite::with)
}

/// Runs a case as the test `path`, which it starts again as other processes.
/// Those do as the case says; here it must find the fault.
fn caught(suite: Suite, case: &str, path: &'static str) {
    let run = AssertUnwindSafe(|| __private::test(suite, case, path));
    if std::env::var_os("FEROGRAM_SESSION_PROCESS").is_some() {
        return run();
    }
    assert!(catch_unwind(run).is_err(), "{case} does not find the fault");
}

macro_rules! faults_of_processes {
    ($($name:ident: $suite:expr => $case:ident)*) => {
        $(
            #[test]
            fn $name() {
                let path = concat!(module_path!(), "::", stringify!($name));
                caught($suite, stringify!($case), path);
            }
        )*

        pub(crate) const CAUGHT: &[&str] = &[$(stringify!($case)),*];
    };
}

faults_of_processes! {
    memory_is_not_shared: in_memory() => law_5_processes_lose_nothing
    a_file_without_a_lock: in_a_file() => law_5_processes_lose_nothing
    a_file_that_is_written_over: in_a_file() => law_4_killed_while_saving
    memory_holds_no_login: in_memory() => law_6_a_login_survives_a_killed_process
    memory_holds_no_counters: in_memory() => law_6_counters_survive_a_killed_process
}
