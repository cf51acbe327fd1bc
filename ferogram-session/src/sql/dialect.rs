use super::Statement;
use std::borrow::Cow;

/// How a database writes what is not the same everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite and libSQL.
    Sqlite,
    /// Postgres.
    Postgres,
}

impl Dialect {
    /// Statements, which are made for SQLite, as this database writes them.
    pub(super) fn adapt(self, statements: &mut [Statement<'_>]) {
        if self == Self::Postgres {
            // No literal in them has a question mark or one of these blanks,
            // which would be sent each time.
            for statement in statements {
                let sql = statement.sql.replace('?', "$");
                statement.sql = Cow::Owned(sql.replace(", ", ",").replace(" = ", "="));
            }
        }
    }

    /// The type of bytes.
    pub(super) const fn blob(self) -> &'static str {
        match self {
            Self::Sqlite => "BLOB",
            Self::Postgres => "BYTEA",
        }
    }

    /// What follows the columns of a table: rows of SQLite live in the index
    /// of their key, not beside it.
    pub(super) const fn table_suffix(self) -> &'static str {
        match self {
            Self::Sqlite => " WITHOUT ROWID",
            Self::Postgres => "",
        }
    }

    /// A query for a table by its name as it stands in statements. That the
    /// schema itself is not there is an error: nobody deleted sessions so.
    pub(super) fn find_table(self, table: &str, schema: Option<&str>) -> Statement<'static> {
        match (self, schema) {
            (Self::Sqlite, _) => Statement::new(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name = ?1",
                vec![table.into()],
            ),
            (Self::Postgres, None) => Statement::new(
                "SELECT 1::int8 WHERE to_regclass(?1) IS NOT NULL",
                vec![table.into()],
            ),
            (Self::Postgres, Some(schema)) => Statement::new(
                "SELECT 1::int8 WHERE ?2::regnamespace IS NOT NULL AND to_regclass(?1) IS NOT NULL",
                vec![table.into(), schema.into()],
            ),
        }
    }

    /// Keeps other processes from creating the tables at the same time, for
    /// the length of a transaction. A writing transaction of SQLite does so
    /// anyway.
    pub(super) const fn lock_schema(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some("SELECT pg_advisory_xact_lock(7165446920)"),
        }
    }
}
