//! The power is cut, at every moment of the life of a database.
#![cfg(target_os = "linux")] // with its `strace`

use ferogram_session_tests::power;

macro_rules! power_cuts {
    ($module:ident, $backend:ident: $($test:ident)*) => {
        mod $module {
            use ferogram_session::$backend;
            $(
                #[test]
                fn $test() {
                    super::power::$test::<$backend>(concat!(stringify!($module), "::", stringify!($test)));
                }
            )*
        }
    };
    ($module:ident, $backend:ident) => {
        power_cuts! {
            $module, $backend:
            a_power_cut_takes_no_login
            a_power_cut_while_the_log_begins_anew_takes_no_login
            a_power_cut_while_an_older_database_is_taken_over_takes_no_login
            a_failed_sync_takes_no_login
            a_failed_call_of_the_system_takes_no_login
            a_login_that_is_said_again_survives_a_power_cut
        }
    };
}

// One engine per program, and each once.
#[cfg(not(feature = "libsql"))]
power_cuts!(sqlite, SqliteBackend);
#[cfg(feature = "libsql")]
power_cuts!(libsql, LibSqlBackend);
