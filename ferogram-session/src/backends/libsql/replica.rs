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
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
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
    /// Whether the server was found to have another database than this was
    /// copied from.
    foreign: bool,
    locked: LockFile,
}

impl Open {
    /// Closes the files, which comes before they are removed.
    fn close(self) -> LockFile {
        self.locked
    }
}

/// The files of a copy, in the order in which they are removed: first what says
/// that it is whole, last what says that it is a copy.
const FILES: [&str; 5] = [WHOLE, "", "-wal", "-shm", INDEX];

/// Where libSQL notes how far it has come; it begins with the id of the
/// server's log. A database that is made anew has another.
const INDEX: &str = "-client_wal_index";

/// Beside a copy that was brought up to date once, with the id of the log: one
/// of which a part came, or a part of another database, is not to be taken for
/// the database.
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
        if self.log()?.is_some() && !self.is_whole()? {
            self.remove()?;
        }
        self.open_locked(locked).await
    }

    async fn open_locked(&self, locked: LockFile) -> io::Result<Open> {
        let (url, token) = (self.address.url().to_owned(), self.address.token().to_owned());
        // Every call brings the copy up to date before it reads.
        let builder = Builder::new_remote_replica(&self.path, url, token).read_your_writes(false);
        let database = build(&self.address, builder.build()).await?;
        // libSQL insists on creating the files itself. They are still empty.
        tighten_all(&self.path, &FILES)?;
        let connection = call(&self.address, async { database.connect() }).await?;
        Ok(Open { connection, database, missed: None, fresh: None, foreign: false, locked })
    }

    /// Runs `work` with the copy, and once more with a new one if this turned
    /// out to be of another database.
    async fn with<T>(
        &self,
        mut work: impl AsyncFnMut(&mut Open) -> io::Result<T>,
    ) -> io::Result<T> {
        let mut slot = self.open.lock().await;
        let mut open = match slot.take() {
            Some(open) => open,
            None => self.open().await?,
        };
        let mut result = work(&mut open).await;
        if open.foreign {
            let locked = open.close();
            self.remove()?;
            open = self.open_locked(locked).await?;
            result = work(&mut open).await;
        }
        if result.is_ok() {
            *slot = Some(open);
        }
        result
    }

    /// Brings the copy up to date.
    async fn sync(&self, open: &mut Open) -> io::Result<()> {
        let synced = match timeout(PATIENCE, call(&self.address, open.database.sync())).await {
            Ok(Ok(_)) => self.note_whole(open),
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
            .help("see that the server runs and can be reached")
            .into()),
        };
        open.missed = synced.is_err().then(Instant::now);
        synced
    }

    /// libSQL goes on with another database by itself, and leaves what it has
    /// of the one before where the new one holds nothing.
    fn note_whole(&self, open: &mut Open) -> io::Result<()> {
        let note = beside(&self.path, WHOLE);
        let log = self.log()?.unwrap_or_default();
        let Some(known) = read(&note)? else {
            let written = disk::open_private(&note).and_then(|mut file| file.write_all(&log));
            return written.map_err(|error| at(&note, "write", error));
        };
        open.foreign = known != log;
        if open.foreign {
            return Err(SessionError::unavailable(format!(
                "{} has another database than {} was copied from",
                self.address.shown(),
                self.path.display()
            ))
            .help("see that nobody makes it anew all the time")
            .into());
        }
        Ok(())
    }

    /// The id of the log that the copy follows; `None` if it is no copy.
    fn log(&self) -> io::Result<Option<Vec<u8>>> {
        let mut index = read(&beside(&self.path, INDEX))?;
        if let Some(index) = &mut index {
            index.truncate(16);
        }
        Ok(index)
    }

    fn is_whole(&self) -> io::Result<bool> {
        let known = read(&beside(&self.path, WHOLE))?;
        Ok(known.is_some() && known == self.log()?)
    }

    fn remove(&self) -> io::Result<()> {
        FILES.iter().try_for_each(|suffix| disk::remove(&beside(&self.path, suffix)))
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
        if rejected || open.foreign || !self.is_whole()? {
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

fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match disk::read(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        result => result.map(Some).map_err(|error| at(path, "read", error)),
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
            Some(open) => open.close(),
            None => self.lock()?,
        };
        self.remove()
    }
}
