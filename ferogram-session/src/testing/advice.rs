//! Where to look when a case fails: what was seen is in the failure, and what
//! stores get wrong is here.

use crate::SessionError;
use std::io::{self, ErrorKind};

/// Stands between what was seen and where to look, in the message of a case
/// that knows this better than its name does.
pub(super) const HELP: &str = "\nhelp: ";

/// Where to look when a new place is not empty.
pub(super) const PLACES: &str = "each test has a place of its own, and they run at the same time: files go into `place.dir()`; on a \
     server put `place.id()` into the key, the prefix or the name of the table, beside `place.key()`";

/// The first that the name of a case begins with.
const ADVICE: [(&str, &str); 14] = [
    (
        "law_4_a_load",
        "`read` gives one state of the session: read in a transaction, a snapshot or under a lock, or \
         look at the version before and after, and begin again if it has changed",
    ),
    (
        "law_4_",
        "`write` takes effect whole or not at all: one transaction, or a temporary file and a rename",
    ),
    (
        "law_5_sessions",
        "`read`, `write` and `delete` are about the session of their key alone; in the name of a file it \
         is `file_name(key)`. Calls for different sessions come at the same time: a client that does one \
         thing at a time goes into a `Mutex`, and what does so whoever calls it (a program that locks its \
         folder) behind one `Mutex` that all backends of the program share, a `static`",
    ),
    (
        "law_5_the_store_compares",
        "a `write` that does not find what is expected changes nothing and answers `Written::Conflict`",
    ),
    (
        "law_5_",
        "`write` compares and writes in one step, a transaction, a script or a lock, of which `delete` is \
         a part too, and every write has a version of its own (`Version::fresh()`); if the store cannot, \
         let `conditional` say false",
    ),
    (
        "law_6_",
        "a call returns when the store has what was written, not a buffer that a `drop` would flush; \
         `power_safe` says that it is on the disk",
    ),
    (
        "law_7_",
        "what cannot be read is an error of the kind `InvalidData` (`SessionError::corrupt`), never `None`, \
         and no `write` takes its place; a store that cannot tell does without `detects_damage`",
    ),
    (
        "law_8_",
        "a call must not wait for ever, nor for the runtime that it is called from: open an async client \
         inside the call (`AsyncReconnect`), give a blocking one a time-out, go on after a poisoned lock",
    ),
    ("law_9_the_name", "say `name = \"..\"`, without what is secret in a URL"),
    (
        "law_9_files",
        "make files with the mode 0600 from the beginning, or a folder of mode 0700 around them; if the \
         store can do neither, let users keep it in such a folder, say so in your documentation, and run with \
         `-- --skip law_9_files_are_for_their_owner_only`",
    ),
    (
        "law_9_delete",
        "many stores leave old bytes in their files: remove the file, overwrite it or vacuum; if the store \
         cannot, say so in your documentation, and run with \
         `-- --skip law_9_delete_leaves_no_keys_in_files`",
    ),
    (
        "law_9_",
        "write a `Debug` of your own for what holds keys or passwords, and errors without values",
    ),
    (
        "law_3_",
        "`write` makes each of the changes that it is given, those that take something away too, and leaves \
         the rest of the session as it is",
    ),
    (
        "",
        "what was written is what `read` gives, all of it and nothing else; after `delete` that is `None`",
    ),
];

fn advice(name: &str) -> &'static str {
    let found = ADVICE.iter().find(|(prefix, _)| name.starts_with(prefix));
    found.map_or("", |(_, advice)| advice)
}

/// What is said below the message of a case that failed.
pub(super) fn below(name: &str, message: &str) -> String {
    const ORDER: &str = "begin with the first that fails: cases are in the order of the laws";
    let advice = advice(name);
    match message {
        _ if message.contains(HELP) => ORDER.to_owned(),
        _ if message.contains(FAILED) => format!(
            "help: the call itself failed, and its error comes first; what this case is about: {advice}\n{ORDER}"
        ),
        _ => format!("help: {advice}\n{ORDER}"),
    }
}

/// What is said below the name of a case that did not end.
pub(super) fn of_hanging() -> &'static str {
    advice("law_8_")
}

const FAILED: &str = " failed: ";

/// The message about a call that failed and must not: which call it was and how
/// it failed says more than the case in which it did.
pub(super) fn failed(call: &str, error: &io::Error) -> String {
    let known = SessionError::of(error);
    let help = if no_answer(error) {
        "the store did not answer: does it run, and is its address right?"
    } else if matches!(known, Some(SessionError::Rejected(_))) {
        "the store does not accept who asks: look at the name and the password that it is given"
    } else if call.starts_with("delete") {
        "`delete` removes all of a session, and removing what is not there is `Ok(())`"
    } else if matches!(known, Some(SessionError::Corrupt(_))) {
        "what `read` gives is not what was written: only half of it, if a `write` was under way (write a \
         temporary file and rename it, or use a transaction), or other bytes (a store of text takes them in \
         base 64)"
    } else if matches!(known, Some(SessionError::Conflict(_))) {
        "`Written::Conflict` is for a store that is not as expected: are the versions that `read`, \
         `version` and `write` give the same, as long as nobody writes?"
    } else {
        return format!("{call}{FAILED}{error}");
    };
    format!("{call}{FAILED}{error}{HELP}{help}")
}

/// Whether nobody was there to answer. Clients do not always say so in the kind.
fn no_answer(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionRefused
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::NotConnected
            | ErrorKind::BrokenPipe
            | ErrorKind::AddrNotAvailable
            | ErrorKind::HostUnreachable
            | ErrorKind::NetworkUnreachable
            | ErrorKind::NetworkDown
    ) || error.to_string().to_lowercase().contains("connection refused")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::cases;

    #[test]
    fn every_case_has_some_and_all_of_it_is_for_one() {
        let mut unused: Vec<_> = ADVICE.iter().map(|(_, advice)| *advice).collect();
        for case in cases() {
            let advice = advice(case.name());
            assert!(!advice.is_empty(), "{}", case.name());
            unused.retain(|other| *other != advice);
        }
        assert!(unused.is_empty(), "{unused:#?}");
    }

    #[test]
    fn the_call_that_failed_comes_before_the_case() {
        let refused = io::Error::from(ErrorKind::ConnectionRefused);
        let in_words = io::Error::other("http: Connection refused (os error 111)");
        let corrupt = SessionError::corrupt("cut off").into();
        let conflict = SessionError::conflict("other writers came first").into();
        let rejected = SessionError::rejected("wrong password").into();
        let denied = || io::Error::from(ErrorKind::PermissionDenied);
        for (call, error, help) in [
            ("load", refused, "does it run"),
            ("delete()", in_words, "does it run"),
            ("delete, a second time", denied(), "removing what is not there"),
            ("load", corrupt, "only half of it"),
            ("save", conflict, "Written::Conflict"),
            ("save", rejected, "the password"),
        ] {
            let message = failed(call, &error);
            assert!(message.contains(help), "{message}");
            let below = below("law_5_own_writes_are_read", &message);
            assert!(!below.contains("help: "), "{below}");
            assert!(below.contains("begin with the first"), "{below}");
        }
        let below = below("law_3_update_dc", &failed("save", &denied()));
        assert!(below.contains("the call itself failed"), "{below}");
    }

    /// A lock in each backend is none between two of them.
    #[test]
    fn of_sessions_that_meet_a_lock_that_all_share_is_spoken_of() {
        let locked = io::Error::other("another process has the folder");
        let message = failed("save", &locked);
        let below = below("law_5_sessions_do_not_disturb_each_other", &message);
        assert!(below.contains("all backends of the program share"), "{below}");
    }

    #[test]
    fn what_is_to_be_skipped_is_there() {
        for (_, advice) in ADVICE {
            if let Some((_, name)) = advice.split_once("--skip ") {
                let name = name.trim_end_matches('`');
                assert!(cases().iter().any(|case| case.name() == name), "{name}");
            }
        }
    }
}
