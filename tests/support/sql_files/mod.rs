//! What holds for every backend that keeps sessions in an SQLite file: the
//! bodies of the tests, for one backend after another.
#![allow(missing_docs, reason = "the names of tests say it")]

mod bytes;
mod contents;
mod deleted;
mod migrations;
mod older;
#[cfg(unix)]
mod owners;
mod paths;
mod waits;
mod writers;

pub use bytes::*;
pub use contents::*;
pub use deleted::*;
pub use migrations::*;
pub use older::*;
#[cfg(unix)]
pub use owners::*;
pub use paths::*;
pub use waits::*;
pub use writers::*;

use ferogram_session::{SessionBackend, SqlExecutor, Statement, Value};
use std::io;
use std::path::Path;

/// A backend over a file.
pub trait FileBackend: SessionBackend + Sized {
    /// Its `new`.
    fn at(path: &Path) -> Self;
    /// As [`at`](Self::at), but opened.
    ///
    /// # Errors
    ///
    /// What it says.
    fn opened(path: &Path) -> io::Result<Self>;
    /// Its `in_memory`.
    fn memory() -> Self;
    /// Its `session`.
    #[must_use]
    fn other(&self, name: &str) -> Self;
    /// Its `sessions`.
    fn names(&self) -> Vec<String>;
    /// The database.
    fn database(&self) -> &dyn SqlExecutor;
}

/// Implements [`FileBackend`].
#[macro_export]
macro_rules! file_backend {
    ($backend:ident, $open:ident) => {
        impl $crate::sql_files::FileBackend for $backend {
            fn at(path: &std::path::Path) -> Self {
                Self::new(path)
            }
            fn opened(path: &std::path::Path) -> std::io::Result<Self> {
                Self::$open(path)
            }
            fn memory() -> Self {
                Self::in_memory().unwrap()
            }
            fn other(&self, name: &str) -> Self {
                self.session(name)
            }
            fn names(&self) -> Vec<String> {
                self.sessions().unwrap()
            }
            fn database(&self) -> &dyn ferogram_session::SqlExecutor {
                self.__store().executor()
            }
        }
    };
}

/// A `#[test]` for each of the bodies.
#[macro_export]
macro_rules! file_backend_tests {
    ($backend:ty, $($test:ident)*) => {
        $(
            #[test]
            fn $test() {
                $crate::sql_files::$test::<$backend>();
            }
        )*
    };
    ($backend:ty) => {
        $crate::file_backend_tests! {
            $backend,
            databases_of_every_release_are_taken_over_once_and_left_as_they_are
            damage_to_a_key_that_was_taken_over_is_found
            many_sessions_share_a_file_and_nothing_else
            every_file_is_readable_by_its_owner_only
            a_deleted_session_leaves_no_key_behind
            a_deleted_session_of_an_older_release_leaves_no_key_behind
            what_an_older_release_deleted_is_erased_by_a_delete
            a_reader_keeps_a_delete_of_an_older_session_waiting
            what_is_no_database_is_an_error_and_stays
            a_row_that_is_no_record_is_an_error_and_not_skipped
            one_session_in_eight_processes
            granular_calls_equal_load_change_save
            text_comes_back_as_it_was
            the_log_stays_short
            a_long_read_does_not_stop_a_writer
            a_login_made_beside_a_reader_does_not_stay_in_the_log
            a_login_that_others_left_in_the_log_is_moved
            a_stray_row_does_not_keep_others_from_their_login
            writers_share_a_lock_and_readers_need_none
            a_second_connection_leaves_the_locks_of_the_first
            a_symbolic_link_is_the_same_database
            a_database_that_was_removed_is_made_anew
            processes_take_an_older_database_over_once
            an_emptied_database_is_damage_and_an_empty_file_is_none
            a_crash_while_the_database_is_made_leaves_nothing_in_its_place
            what_is_no_file_is_left_alone
            a_reader_need_not_own_the_file
            a_path_is_taken_as_it_is
            a_path_stays_where_it_was_when_the_program_goes_elsewhere
            every_name_is_a_session_of_its_own
            waits_share_a_deadline
            the_parts_of_a_call_share_a_deadline
            another_programs_transaction_is_waited_for_until_the_deadline
            an_older_database_without_one_of_its_tables_is_damage
            tables_of_others_are_not_taken_for_older_ones
            a_newer_release_migrates_and_an_older_one_stops
            an_older_release_that_migrates_at_the_same_time_stops
            a_reader_keeps_a_delete_waiting_and_no_longer_than_the_deadline
            tables_that_are_gone_hold_no_sessions
            tables_of_which_some_are_gone_are_damage
            a_session_without_its_row_is_listed_and_damaged
            no_damage_is_taken_for_no_session
            rows_that_are_not_found_are_damage
            another_home_is_damage
        }
    };
}

/// The rows that a query gives, as text.
#[must_use]
pub fn rows(backend: &impl FileBackend, sql: &str) -> Option<Vec<String>> {
    let mut rows = Vec::new();
    let shown = |value: &Value| match value {
        Value::Null => "NULL".to_owned(),
        Value::Integer(value) => value.to_string(),
        Value::Text(text) => format!("{text:?}"),
        Value::Blob(bytes) => format!("{bytes:02x?}"),
    };
    let query = Statement::new(sql.to_owned(), vec![]);
    let result = backend.database().query(&[query], &mut |_, row| {
        rows.push(row.iter().map(shown).collect::<Vec<_>>().join(", "));
        Ok(())
    });
    result.ok().map(|()| rows)
}

fn change(backend: &impl FileBackend, sql: &str) {
    let changed = Statement::new(sql.to_owned(), vec![]).guard();
    assert!(backend.database().batch(&[changed], false).unwrap(), "{sql}");
}

pub(crate) fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}
