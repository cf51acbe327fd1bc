//! Where to look when a case fails: what was seen is in the failure, and what
//! stores get wrong is here.

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
         is `file_name(key)`",
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
        "make files with the mode 0600 from the beginning; if the store makes them itself, let users keep \
         it in a folder of mode 0700, say so in your documentation, and run with \
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

/// Where to look when the case `name` fails.
pub(super) fn advice(name: &str) -> &'static str {
    let found = ADVICE.iter().find(|(prefix, _)| name.starts_with(prefix));
    found.map_or("", |(_, advice)| advice)
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
    fn what_is_to_be_skipped_is_there() {
        for (_, advice) in ADVICE {
            if let Some((_, name)) = advice.split_once("--skip ") {
                let name = name.trim_end_matches('`');
                assert!(cases().iter().any(|case| case.name() == name), "{name}");
            }
        }
    }
}
