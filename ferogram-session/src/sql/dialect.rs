use super::Statement;
use std::borrow::Cow;

/// How a database writes what is not the same everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite and libSQL.
    Sqlite,
    /// Postgres. Parameters are `int8`, `text` and `bytea`; what is NULL is
    /// `bytea`. Errors have to say their SQLSTATE: a table that is missing is
    /// told by it.
    Postgres,
}

impl Dialect {
    /// Statements, which are made for SQLite, as this database writes them.
    pub(super) fn adapt(self, statements: &mut [Statement<'_>]) {
        if self == Self::Postgres {
            for statement in statements {
                statement.sql = Cow::Owned(for_postgres(&statement.sql));
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
            // As bytes: these are names, not text that an executor may encode.
            (Self::Postgres, None) => Statement::new(
                "SELECT 1::int8 WHERE to_regclass(convert_from(?1, 'UTF8')) IS NOT NULL",
                vec![table.as_bytes().into()],
            ),
            (Self::Postgres, Some(schema)) => Statement::new(
                "SELECT 1::int8 WHERE CASE WHEN convert_from(?2, 'UTF8')::regnamespace IS NULL \
                 THEN false ELSE to_regclass(convert_from(?1, 'UTF8')) IS NOT NULL END",
                vec![table.as_bytes().into(), schema.as_bytes().into()],
            ),
        }
    }

    /// Whether a call failed because a table is not there: nothing of it has
    /// taken effect then.
    pub(super) fn is_missing_table(self, error: &std::io::Error) -> bool {
        let said = error.to_string();
        match self {
            Self::Sqlite => said.contains("no such table"),
            // Its words come in the language of the server; its code does not.
            Self::Postgres => {
                said.contains("42P01")
                    || (said.contains("relation") && said.contains("does not exist"))
            }
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

/// Places as Postgres writes them, without blanks that would be sent each
/// time. What is in quotes is the name of a schema, and stays.
fn for_postgres(sql: &str) -> String {
    let mut written = String::with_capacity(sql.len());
    for (at, part) in sql.split('"').enumerate() {
        if at > 0 {
            written.push('"');
        }
        match at % 2 {
            0 => {
                let blanks = [(", ", ","), (" = ", "="), (" (", "("), (") ", ")")];
                let places = part.replace('?', "$");
                let short = |text: String, (long, short): &(&str, &str)| text.replace(long, short);
                written.push_str(&blanks.iter().fold(places, short));
            }
            _ => written.push_str(part),
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_table_is_known_in_any_language() {
        for said in [
            "relation \"ferogram_meta\" does not exist",
            "Relation \u{bb}ferogram_meta\u{ab} existiert nicht (SQLSTATE 42P01)",
        ] {
            assert!(Dialect::Postgres.is_missing_table(&std::io::Error::other(said)), "{said}");
        }
        let other = std::io::Error::other("Spalte existiert nicht (SQLSTATE 42703)");
        assert!(!Dialect::Postgres.is_missing_table(&other));
    }

    #[test]
    fn names_in_quotes_stay_as_they_are() {
        for (sql, written) in [
            ("SELECT a, b FROM t WHERE a = ?1", "SELECT a,b FROM t WHERE a=$1"),
            ("a IN (SELECT (b) FROM t) OR c", "a IN(SELECT(b)FROM t)OR c"),
            ("\"a, ?\".t = ?1", "\"a, ?\".t=$1"),
            (
                "INSERT INTO \"a ( b ) c\".t (a) VALUES (?1)",
                "INSERT INTO \"a ( b ) c\".t(a)VALUES($1)",
            ),
            ("\"a\"\" = ?\".t, ?2", "\"a\"\" = ?\".t,$2"),
        ] {
            let mut statements = [Statement::new(sql, vec![])];
            Dialect::Postgres.adapt(&mut statements);
            assert_eq!(statements[0].sql, written);
            Dialect::Sqlite.adapt(&mut statements);
            assert_eq!(statements[0].sql, written);
        }
    }
}
