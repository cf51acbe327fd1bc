use super::import;
use super::read;
use super::schema::{NEWEST, Tables};
use super::settled::Settled;
use super::statements::Batch;
use super::{Dialect, SqlExecutor, Statement, TablePrefix, Value};
use crate::error::SessionError;
use crate::mode::{Expect, RowStore, Version, Written};
use crate::records::{Records, Write};
use std::fmt;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

/// Keeps any number of sessions in the tables of a database.
///
/// The tables are created with the first write, by one process even if several
/// start at once. A schema that is newer than this crate is an error.
pub struct SqlStore<E> {
    pub(super) executor: E,
    pub(super) tables: Tables,
    /// Whether the tables are known to be there, in their newest form.
    ready: AtomicBool,
    /// The number of the last migration that this release knows.
    newest: i64,
    pub(super) settled: Settled,
}

impl<E: SqlExecutor> SqlStore<E> {
    /// A store in tables named `ferogram_..`.
    pub fn new(executor: E) -> Self {
        Self::with_prefix(executor, TablePrefix::default())
    }

    /// A store in tables with another prefix.
    pub fn with_prefix(executor: E, prefix: TablePrefix) -> Self {
        let tables = Tables::new(None, prefix);
        Self::over(executor, tables)
    }

    /// A store in tables of a schema, for databases that have schemas: its
    /// name stands before that of a table, so it does not matter which one the
    /// database takes otherwise. The schema is not created.
    pub fn in_schema(executor: E, schema: &str, prefix: TablePrefix) -> Self {
        let tables = Tables::new(Some(schema), prefix);
        Self::over(executor, tables)
    }

    fn over(executor: E, tables: Tables) -> Self {
        Self {
            executor,
            tables,
            ready: AtomicBool::new(false),
            newest: NEWEST,
            settled: Settled::default(),
        }
    }

    /// For tests: a store as another release would make it, whose last
    /// migration has this number.
    #[cfg(feature = "testing")]
    #[doc(hidden)]
    #[must_use]
    pub fn __of_release(self, newest: i64) -> Self {
        Self { newest, ..self }
    }

    /// The database.
    pub fn executor(&self) -> &E {
        &self.executor
    }

    /// Creates the tables, or brings them up to date.
    ///
    /// # Errors
    ///
    /// What the database says; if the schema is newer than this crate.
    pub fn migrate(&self) -> io::Result<()> {
        self.prepare(true).map(drop)
    }

    /// Makes sure that the tables are there. Unless told to `create` them,
    /// false if they are not and there is nothing to take over into them.
    fn prepare(&self, create: bool) -> io::Result<bool> {
        if self.ready.load(Ordering::Acquire) {
            return Ok(true);
        }
        let found = self.known_schema()?;
        let import = import::is_due(&self.executor, &self.tables, found.is_some())?;
        if found.is_none() && !create && !import {
            return Ok(false);
        }
        for number in found.unwrap_or(0) + 1..=self.newest {
            self.batch(self.tables.migration(number, self.executor.dialect()), true)?;
        }
        if found != Some(self.newest) {
            // Somebody else may have been first, with a newer release.
            self.known_schema()?;
        }
        if import {
            import::run(&self.executor, &self.tables)?;
        }
        self.ready.store(true, Ordering::Release);
        Ok(true)
    }

    /// Makes a call that begins with [`prepare`](Self::prepare), and once more
    /// if the tables are gone, with the whole database perhaps.
    fn prepared<T>(&self, call: impl Fn() -> io::Result<T>) -> io::Result<T> {
        match call() {
            Err(error) if self.executor.dialect().is_missing_table(&error) => {
                self.ready.store(false, Ordering::Release);
                call()
            }
            result => result,
        }
    }

    fn delete_prepared(&self, key: &str) -> io::Result<()> {
        // A copy that is behind does not prove that there is nothing to delete.
        let found = self.prepare(false)? || (self.executor.refresh()? && self.prepare(false)?);
        let mut statements = if found { Batch::delete(&self.tables, key) } else { Vec::new() };
        let mut free_space = false;
        if key == import::KEY && self.executor.dialect() == Dialect::Sqlite {
            let old = import::clear(&self.executor)?;
            // That release may have deleted the session already, in its own way.
            free_space = !old.is_empty();
            statements.extend(old);
        }
        if statements.is_empty() {
            return Ok(());
        }
        self.settled.forget(key);
        self.batch(statements, true)?;
        self.executor.erase(free_space)
    }

    pub(super) fn batch(
        &self,
        mut statements: Vec<Statement<'_>>,
        durable: bool,
    ) -> io::Result<bool> {
        self.executor.dialect().adapt(&mut statements);
        self.executor.batch(&statements, durable)
    }

    fn query(
        &self,
        query: Statement<'_>,
        row: &mut dyn FnMut(&[Value]) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut queries = [query];
        self.executor.dialect().adapt(&mut queries);
        self.executor.query(&queries, &mut |_, values| row(values))
    }

    /// As [`schema`](Self::schema); one that is newer than this release is an
    /// error.
    fn known_schema(&self) -> io::Result<Option<i64>> {
        match self.schema()? {
            Some(found) if found > self.newest => Err(SessionError::unsupported(format!(
                "the tables have schema {found}, and this release knows {}",
                self.newest
            ))
            .help("use a newer release of ferogram-session")
            .into()),
            found => Ok(found),
        }
    }

    /// The number of the last migration that the tables have been through.
    fn schema(&self) -> io::Result<Option<i64>> {
        let Tables { meta, sessions, dcs, channels, peers, min_peers, schema, .. } = &self.tables;
        // That of the schema last: where each is looked for in a moment of its
        // own, another process may make them in between.
        let names = [sessions, dcs, channels, peers, min_peers, meta].map(String::as_str);
        let found = find_tables(&self.executor, schema.as_deref(), &names)?;
        if found.is_empty() {
            return Ok(None);
        }
        let damaged = |what: &str| {
            SessionError::corrupt(format!("{meta} {what}"))
                .help("restore the tables from a backup; nothing was changed")
        };
        // They came to be in one transaction.
        if !found.contains(&meta.as_str()) {
            return Err(damaged("is gone, and other tables are there").into());
        }
        let mut number = None;
        let sql = format!("SELECT value FROM {meta} WHERE name = 'schema'");
        self.query(Statement::new(sql, vec![]), &mut |row| {
            number = match row {
                [Value::Text(number)] => number.parse().ok(),
                _ => None,
            };
            Ok(())
        })?;
        match number {
            None => Err(damaged("does not say which schema the tables have").into()),
            number => Ok(number),
        }
    }
}

/// Those of the tables that the database has, asked for in one go.
pub(super) fn find_tables<'n>(
    executor: &dyn SqlExecutor,
    schema: Option<&str>,
    names: &[&'n str],
) -> io::Result<Vec<&'n str>> {
    let dialect = executor.dialect();
    let mut queries: Vec<_> = names.iter().map(|name| dialect.find_table(name, schema)).collect();
    dialect.adapt(&mut queries);
    let mut found = Vec::new();
    executor.query(&queries, &mut |query, _| {
        found.push(names[query]);
        Ok(())
    })?;
    Ok(found)
}

impl<E: SqlExecutor> RowStore for SqlStore<E> {
    fn read(&self, key: &str) -> io::Result<Option<(Records, Version)>> {
        let read = || {
            self.prepared(|| match self.prepare(false)? {
                true => read::read(&self.executor, &self.tables, key),
                false => Ok(None),
            })
        };
        if let Some(found) = read()? {
            return Ok(Some(found));
        }
        // A copy that is behind does not prove that there is none.
        if self.executor.refresh()? { read() } else { Ok(None) }
    }

    fn write(&self, key: &str, write: &Write<'_>, expect: &Expect) -> io::Result<Written> {
        self.prepared(|| {
            self.prepare(true)?;
            match write {
                Write::Replace(session) => self.replace(key, session, expect),
                Write::Changes(changes) => self.change(key, changes, expect),
            }
        })
    }

    fn delete(&self, key: &str) -> io::Result<()> {
        self.prepared(|| self.delete_prepared(key))
    }

    fn conditional(&self) -> bool {
        true
    }

    fn version(&self, key: &str) -> io::Result<Option<Version>> {
        self.executor.refresh()?;
        self.prepared(|| {
            if !self.prepare(false)? {
                return Ok(None);
            }
            let mut version = None;
            let sql = format!("SELECT version FROM {} WHERE session = ?1", self.tables.sessions);
            self.query(Statement::new(sql, vec![key.into()]), &mut |row| {
                if let [Value::Text(text)] = row {
                    version = Some(Version::new(text));
                }
                Ok(())
            })?;
            Ok(version)
        })
    }

    fn __settle(&self, key: &str, version: &Version) -> io::Result<Option<Written>> {
        // A server keeps what it acknowledged, to anybody.
        if !self.executor.stops_at_guard() || self.settled.is(key, version) {
            return Ok(None);
        }
        let settle = || {
            self.prepare(true)?;
            self.settle(key, version)
        };
        self.prepared(settle).map(Some)
    }

    fn sessions(&self) -> io::Result<Vec<String>> {
        self.executor.refresh()?;
        self.prepared(|| {
            if !self.prepare(false)? {
                return Ok(Vec::new());
            }
            let mut sessions = Vec::new();
            // One whose own row is lost is damaged, and so it is there.
            let Tables { sessions: table, dcs, .. } = &self.tables;
            let sql = format!(
                "SELECT session FROM {table} UNION SELECT session FROM {dcs} ORDER BY session"
            );
            self.query(Statement::new(sql, vec![]), &mut |row| match row {
                [Value::Text(session)] => {
                    sessions.push(session.clone());
                    Ok(())
                }
                _ => Err(SessionError::corrupt("the key of a session is not text").into()),
            })?;
            Ok(sessions)
        })
    }
}

impl<E> fmt::Debug for SqlStore<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqlStore").field("sessions", &self.tables.sessions).finish()
    }
}
