//! Sessions in SQL tables: a row store over any database that runs a batch of
//! statements as one transaction.
//!
//! Schema, statements and migrations exist once, for SQLite, libSQL and
//! Postgres. What a database has to offer is [`SqlExecutor`]: two methods.

mod dialect;
mod executor;
mod home;
mod import;
mod prefix;
mod read;
mod runs;
mod schema;
mod settled;
mod statements;
mod store;
mod text;
mod value;
mod write;

pub use dialect::Dialect;
#[cfg(feature = "async")]
pub use executor::AsyncSqlExecutor;
pub use executor::SqlExecutor;
pub use prefix::TablePrefix;
pub use store::SqlStore;
pub use value::{Statement, Value};

/// For [`fuzzing`](crate::fuzzing).
#[cfg(any(test, fuzzing))]
pub(crate) mod seam {
    use super::{SqlExecutor, TablePrefix, home, read, schema::Tables};
    use crate::mode::Version;
    use crate::records::Records;
    use std::io;

    pub(crate) use home::column as home_column;
    pub(crate) use read::{dc_checksum, peer_flags};

    pub(crate) fn read(
        executor: &dyn SqlExecutor,
        key: &str,
    ) -> io::Result<Option<(Records, Version)>> {
        read::read(executor, &Tables::new(None, TablePrefix::default()), key)
    }
}
