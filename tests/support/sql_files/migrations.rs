//! A release whose tables have one migration more, beside this one.

use super::{FileBackend, folder, rows};
use crate::sessions::{full, normal};
use ferogram_session::{
    Dialect, RowStore, SessionError, SqlExecutor, SqlStore, Statement, Value, Write,
};
use std::io;
use std::path::Path;
use std::sync::Mutex;

/// The database of a backend, and what another program does in it just before
/// this one writes for the first time.
struct Raced<B> {
    backend: B,
    other: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

impl<B: FileBackend> SqlExecutor for Raced<B> {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn query(
        &self,
        queries: &[Statement<'_>],
        row: &mut dyn FnMut(usize, &[Value]) -> io::Result<()>,
    ) -> io::Result<()> {
        self.backend.database().query(queries, row)
    }

    fn batch(&self, statements: &[Statement<'_>], durable: bool) -> io::Result<bool> {
        if let Some(other) = self.other.lock().unwrap().take() {
            other();
        }
        self.backend.database().batch(statements, durable)
    }

    fn stops_at_guard(&self) -> bool {
        true
    }
}

/// A store of a release that knows so many migrations.
fn release<B: FileBackend>(path: &Path, newest: i64) -> SqlStore<Raced<B>> {
    let raced = Raced { backend: B::at(path), other: Mutex::default() };
    SqlStore::new(raced).__of_release(newest)
}

fn schema<B: FileBackend>(path: &Path) -> Option<Vec<String>> {
    rows(&B::at(path), "SELECT value FROM ferogram_meta WHERE name = 'schema'")
}

/// That a store does nothing with tables that are newer than itself.
fn is_too_old<E: SqlExecutor>(store: &SqlStore<E>) {
    for result in [
        store.migrate(),
        store.read("default").map(drop),
        store.write("default", &Write::Replace(&full(9)), &ferogram_session::Expect::Any).map(drop),
        store.delete("default"),
    ] {
        let error = result.unwrap_err();
        let typed = SessionError::of(&error);
        assert!(matches!(typed, Some(SessionError::Unsupported(_))), "{error}");
        assert!(error.to_string().contains("use a newer release"), "{error}");
    }
}

pub fn a_newer_release_migrates_and_an_older_one_stops<B: FileBackend>() {
    let folder = folder();
    let path = &folder.path().join("sessions.db");
    B::at(path).save(&full(3)).unwrap();
    assert_eq!(schema::<B>(path).unwrap(), ["\"1\""]);
    // As text, 10 is less than 2.
    for newest in [2, 2, 10, 11] {
        release::<B>(path, newest).migrate().unwrap();
        assert_eq!(schema::<B>(path).unwrap(), [format!("\"{newest}\"")]);
        let (records, _) = release::<B>(path, newest).read("default").unwrap().unwrap();
        assert_eq!(normal(records.to_session()), normal(full(3)));
        is_too_old(&release::<B>(path, newest - 1));
    }
    B::at(path).load().unwrap_err();
    assert_eq!(schema::<B>(path).unwrap(), ["\"11\""]);
}

pub fn an_older_release_that_migrates_at_the_same_time_stops<B: FileBackend>() {
    let folder = folder();
    for (nth, begun) in [0, 1].into_iter().enumerate() {
        let path = folder.path().join(format!("{nth}.db"));
        if begun > 0 {
            release::<B>(&path, begun).migrate().unwrap();
        }
        let (older, there) = (release::<B>(&path, begun + 1), path.clone());
        let newer = move || release::<B>(&there, begun + 2).migrate().unwrap();
        *older.executor().other.lock().unwrap() = Some(Box::new(newer));
        is_too_old(&older);
        assert_eq!(schema::<B>(&path).unwrap(), [format!("\"{}\"", begun + 2)]);
    }
}
