use super::Address;
use super::call::{build, call};
use super::remote::Remote;
use super::row::{Columns, into_libsql};
use crate::backends::database::tighten_all;
use crate::backends::disk;
use crate::backends::lock::LockFile;
use crate::backends::paths::{at, beside, fixed};
use crate::error::SessionError;
use crate::sql::{AsyncSqlExecutor, Dialect, Statement, Value};
use libsql::Builder;
use std::io;
use std::path::PathBuf;
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;
use tokio::time::timeout;

/// A local copy of a server's database: reads it here and writes it there.
pub(super) struct Replica {
    path: PathBuf,
    address: Address,
    /// The server itself.
    server: Remote,
    /// Out of its slot while it is used: a call that ends at its deadline
    /// takes the copy along, half brought up to date as it may be.
    open: Mutex<Option<Open>>,
}

struct Open {
    connection: libsql::Connection,
    database: libsql::Database,
    /// When the server could not be reached.
    missed: Option<Instant>,
    /// The thread that has just brought it up to date, and reads next.
    fresh: Option<ThreadId>,
    _locked: LockFile,
}

/// The files of a copy.
const FILES: [&str; 5] = ["", "-wal", "-shm", "-client_wal_index", WHOLE];

/// Beside a copy that was brought up to date once: one of which a part came is
/// not to be taken for the database.
const WHOLE: &str = "-whole";

/// How long a server that hangs is waited for before the copy is used.
const PATIENCE: Duration = Duration::from_secs(8);

/// How long the server is taken to be down once it could not be reached.
const PAUSE: Duration = Duration::from_secs(2);

impl Replica {
    pub(super) fn new(path: PathBuf, address: Address) -> Self {
        let path = fixed(&path);
        Self { path, server: Remote::new(address.clone()), address, open: Mutex::new(None) }
    }

    /// Two copies in one file would write over each other.
    fn lock(&self) -> io::Result<LockFile> {
        LockFile::held(&self.path, Instant::now() + PATIENCE)
    }

    async fn open(&self) -> io::Result<Open> {
        self.address.check()?;
        let locked = self.lock()?;
        let (url, token) = (self.address.url().to_owned(), self.address.token().to_owned());
        // Every call brings the copy up to date before it reads.
        let builder = Builder::new_remote_replica(&self.path, url, token).read_your_writes(false);
        let database = build(&self.address, builder.build()).await?;
        // libSQL insists on creating the files itself. They are still empty.
        tighten_all(&self.path, &FILES)?;
        let connection = call(&self.address, async { database.connect() }).await?;
        Ok(Open { connection, database, missed: None, fresh: None, _locked: locked })
    }

    /// Runs `work` with the copy.
    async fn with<T>(&self, work: impl AsyncFnOnce(&mut Open) -> io::Result<T>) -> io::Result<T> {
        let mut slot = self.open.lock().await;
        let mut open = match slot.take() {
            Some(open) => open,
            None => self.open().await?,
        };
        let result = work(&mut open).await;
        if result.is_ok() {
            *slot = Some(open);
        }
        result
    }

    /// Brings the copy up to date.
    async fn sync(&self, open: &mut Open) -> io::Result<()> {
        let synced = match timeout(PATIENCE, call(&self.address, open.database.sync())).await {
            Ok(Ok(_)) => self.note_whole(),
            // libSQL does not say why. A plain question gets a plain answer.
            Ok(Err(error)) => {
                match timeout(PATIENCE, self.server.query(&[], &mut |_, _| Ok(()))).await {
                    Ok(Err(reason)) => Err(reason),
                    _ => Err(error),
                }
            }
            Err(_) => Err(SessionError::timed_out(format!(
                "{} did not bring the copy up to date within {PATIENCE:?}",
                self.address.shown()
            ))
            .into()),
        };
        open.missed = synced.is_err().then(Instant::now);
        synced
    }

    fn note_whole(&self) -> io::Result<()> {
        let note = beside(&self.path, WHOLE);
        if !disk::exists(&note)? {
            disk::open_private(&note).map_err(|error| at(&note, "create", error))?;
        }
        Ok(())
    }

    /// Brings the copy up to date, or makes do with it as it is if the server
    /// is down and the copy was ever filled.
    async fn sync_if_up(&self, open: &mut Open) -> io::Result<()> {
        if open.fresh.take() == Some(thread::current().id()) {
            return Ok(());
        }
        let down = open.missed.is_some_and(|missed| missed.elapsed() < PAUSE);
        if down {
            return Ok(());
        }
        let Err(error) = self.sync(open).await else {
            return Ok(());
        };
        let rejected = matches!(SessionError::of(&error), Some(SessionError::Rejected(_)));
        if rejected || !disk::exists(&beside(&self.path, WHOLE))? {
            open.missed = None;
            return Err(error);
        }
        tracing::warn!(
            %error,
            copy = %self.path.display(),
            "the server cannot be reached: the session comes from the local copy, which may be behind"
        );
        Ok(())
    }

    async fn select(
        &self,
        open: &Open,
        query: &Statement<'_>,
        row: &mut dyn FnMut(&[Value]) -> io::Result<()>,
    ) -> io::Result<()> {
        let connection = &open.connection;
        let prepare = async |sql: &str| call(&self.address, connection.prepare(sql)).await;
        let plain = prepare(&query.sql).await?;
        let columns = Columns::new(&query.sql, plain.column_count());
        let statement = match columns.rewritten(&query.sql) {
            Some(sql) => prepare(&sql).await?,
            None => plain,
        };
        let mut rows = call(&self.address, statement.query(into_libsql(&query.params))).await?;
        let mut values = Vec::new();
        while let Some(found) = call(&self.address, rows.next()).await? {
            columns.read(&found, &mut values)?;
            row(&values)?;
        }
        Ok(())
    }
}

impl AsyncSqlExecutor for Replica {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    async fn query(
        &self,
        queries: &[Statement<'_>],
        row: &mut dyn FnMut(usize, &[Value]) -> io::Result<()>,
    ) -> io::Result<()> {
        self.with(async |open| {
            self.sync_if_up(open).await?;
            let several = queries.len() > 1;
            let run = async |open: &Open, sql: &str| {
                call(&self.address, open.connection.execute(sql, ())).await.map(drop)
            };
            if several {
                run(open, "BEGIN READONLY").await?;
            }
            for (number, query) in queries.iter().enumerate() {
                self.select(open, query, &mut |values| row(number, values)).await?;
            }
            if several {
                run(open, "COMMIT").await?;
            }
            Ok(())
        })
        .await
    }

    async fn batch(&self, statements: &[Statement<'_>], durable: bool) -> io::Result<bool> {
        self.with(async |open| {
            open.fresh = None;
            let done = self.server.batch(statements, durable).await?;
            // It is there, and the copy does not have this yet.
            open.missed = None;
            Ok(done)
        })
        .await
    }

    async fn refresh(&self) -> io::Result<bool> {
        self.with(async |open| {
            self.sync(open).await?;
            open.fresh = Some(thread::current().id());
            Ok(true)
        })
        .await
    }

    /// Throws the copy away. A server leaves what was deleted in the free
    /// space of its pages, and the copy has the same pages.
    async fn erase(&self, _free_space: bool) -> io::Result<()> {
        let mut slot = self.open.lock().await;
        let _locked = match slot.take() {
            // The files are closed before they are removed.
            Some(Open { _locked, .. }) => _locked,
            None => self.lock()?,
        };
        FILES.iter().try_for_each(|suffix| disk::remove(&beside(&self.path, suffix)))
    }
}
