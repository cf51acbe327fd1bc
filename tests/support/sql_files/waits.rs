//! What a call waits for, and how long.

use super::deleted::found;
use super::{FileBackend, change, folder};
use crate::sessions::{dc, full, normal, user};
use ferogram_session::{
    DcFlags, Dialect, SessionBackend, SqlExecutor, SqlStore, Statement, Value, testing,
};
use ferogram_session_servers::install;
use std::fs;
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Of the time that a call may take, what went by while it waited for the lock
/// is not there for SQLite to wait again.
pub fn waits_share_a_deadline<B: FileBackend>() {
    let folder = folder();
    let path = folder.path().join("sessions.db");
    let backend = B::at(&path);
    backend.save(&full(1)).unwrap();
    change(&backend, "UPDATE ferogram_sessions SET seq = 0");
    let lock = fs::File::options().write(true).open(path.with_extension("db.lock")).unwrap();
    lock.lock().unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            change(
                &backend,
                "UPDATE ferogram_sessions SET seq = (SELECT timeout FROM pragma_busy_timeout)",
            );
        });
        std::thread::sleep(Duration::from_millis(200));
        lock.unlock().unwrap();
    });
    let left = backend.load().unwrap().unwrap().updates_state.seq;
    assert!((1..30_000).contains(&left), "{left} ms");
}

/// Takes its time with each question, and notes how long SQLite would wait for
/// others then, in milliseconds.
struct Slow<B> {
    backend: B,
    left: Mutex<Vec<i64>>,
}

impl<B: FileBackend> Slow<B> {
    fn wait(&self) -> io::Result<&dyn SqlExecutor> {
        std::thread::sleep(Duration::from_millis(20));
        let database = self.backend.database();
        let query = Statement::new("SELECT timeout FROM pragma_busy_timeout", vec![]);
        database.query(&[query], &mut |_, row| {
            if let [Value::Integer(left)] = row {
                self.left.lock().unwrap().push(*left);
            }
            Ok(())
        })?;
        Ok(database)
    }
}

impl<B: FileBackend> SqlExecutor for Slow<B> {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn query(
        &self,
        queries: &[Statement<'_>],
        row: &mut dyn FnMut(usize, &[Value]) -> io::Result<()>,
    ) -> io::Result<()> {
        self.wait()?.query(queries, row)
    }

    fn batch(&self, statements: &[Statement<'_>], durable: bool) -> io::Result<bool> {
        self.wait()?.batch(statements, durable)
    }

    fn stops_at_guard(&self) -> bool {
        true
    }

    fn erase(&self, free_space: bool) -> io::Result<()> {
        self.wait()?.erase(free_space)
    }
}

#[derive(SessionBackend)]
#[session(rows)]
struct SlowBackend<B: FileBackend> {
    #[session(store)]
    store: SqlStore<Slow<B>>,
}

/// What one part of a call has waited for is not there for the next to wait
/// again.
pub fn the_parts_of_a_call_share_a_deadline<B: FileBackend>() {
    let folder = folder();
    let slow =
        Slow { backend: B::opened(&folder.path().join("s.db")).unwrap(), left: Mutex::default() };
    let backend = SlowBackend { store: SqlStore::new(slow) };
    let parts = |call: &dyn Fn() -> io::Result<()>| {
        let began = Instant::now();
        call().unwrap();
        let took = began.elapsed().as_millis() as i64;
        let left = std::mem::take(&mut *backend.store.executor().left.lock().unwrap());
        assert!(left[0] > 29_900, "begins anew: {left:?}");
        assert!(left.is_sorted_by(|one, next| *one >= next + 20), "{left:?}");
        assert!(left.last().unwrap() + took > 29_900, "and nothing else goes off: {left:?}");
        left.len()
    };
    assert!(parts(&|| backend.save(&full(3))) > 3);
    assert!(parts(&|| backend.update_dc(&dc(5, DcFlags::NONE, Some(5)))) > 1);
    assert!(parts(&|| backend.delete()) > 2);
}

/// A program that knows nothing of the lock file and holds SQLite's own lock:
/// it changes something and commits when it is told to.
struct Foreign(Child);

impl Foreign {
    const PROGRAM: &str = "import sqlite3, sys\n\
        base = sqlite3.connect(sys.argv[1], isolation_level=None)\n\
        base.execute('BEGIN IMMEDIATE')\n\
        base.execute(sys.argv[2])\n\
        print('begun', flush=True)\n\
        sys.stdin.readline()\n\
        base.execute('COMMIT')\n";

    fn begin(path: &Path, sql: &str) -> Self {
        let python = Path::new("/usr/bin/python3");
        install::debian(python, &["python3"]);
        let mut program = Command::new(python);
        program.args(["-c", Self::PROGRAM]).arg(path).arg(sql);
        let mut program = program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(program.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "begun\n");
        Self(program)
    }

    fn end(mut self) {
        drop(self.0.stdin.take());
        assert!(self.0.wait().unwrap().success());
    }
}

impl Drop for Foreign {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub fn another_programs_transaction_is_waited_for_until_the_deadline<B: FileBackend>() {
    let folder = folder();
    let path = folder.path().join("sessions.db");
    let backend = B::at(&path);
    backend.save(&full(1)).unwrap();
    let other = Foreign::begin(&path, "UPDATE ferogram_sessions SET seq = 77");
    let key = dc(5, DcFlags::NONE, Some(99));
    let calls: [&dyn Fn() -> io::Result<()>; 3] =
        [&|| backend.set_home_dc(4), &|| backend.save(&full(2)), &|| backend.update_dc(&key)];
    for call in calls {
        let (began, wait) = (Instant::now(), Duration::from_millis(300));
        let error = testing::__within(wait, call).unwrap_err();
        assert!((wait..wait * 20).contains(&began.elapsed()), "{:?}", began.elapsed());
        assert_eq!(error.kind(), io::ErrorKind::TimedOut, "{error}");
        assert!(error.to_string().contains("look for a long transaction"), "{error}");
    }
    // It has not committed yet, and nobody waits to read.
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(full(1))));
    let mut expected = full(1);
    (expected.home_dc_id, expected.updates_state.seq) = (5, 77);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| backend.set_home_dc(5));
        std::thread::sleep(Duration::from_millis(300));
        assert!(!writer.is_finished());
        other.end();
        writer.join().unwrap().unwrap();
    });
    assert_eq!(B::at(&path).load().unwrap().map(normal), Some(normal(expected)));
}

/// Law 9: the log holds the keys for as long as somebody reads it. That is
/// waited for, and said if it takes too long.
pub fn a_reader_keeps_a_delete_waiting_and_no_longer_than_the_deadline<B: FileBackend>() {
    let folder = folder();
    let path = folder.path().join("sessions.db");
    let (backend, reader) = (B::at(&path), B::at(&path));
    backend.save(&full(10)).unwrap();
    let session = backend.load().unwrap().unwrap();
    let while_read = |what: &mut dyn FnMut()| {
        let query =
            Statement::new("SELECT key FROM (SELECT 1 AS key FROM ferogram_meta LIMIT 1)", vec![]);
        let mut times = 0;
        reader
            .database()
            .query(&[query], &mut |_, _| {
                times += 1;
                what();
                Ok(())
            })
            .unwrap();
        assert_eq!(times, 1);
    };
    while_read(&mut || {
        let began = Instant::now();
        let wait = Duration::from_millis(300);
        let error = testing::__within(wait, || backend.delete()).unwrap_err();
        assert!(
            (wait..Duration::from_secs(10)).contains(&began.elapsed()),
            "{:?}",
            began.elapsed()
        );
        assert_eq!(error.kind(), io::ErrorKind::TimedOut, "{error}");
        let said = error.to_string();
        assert!(
            said.contains("deleted, but a reader") && said.contains("call `delete()` again"),
            "{said}"
        );
        assert!(found(folder.path(), &session) > 0, "or it was wrong");
        assert_eq!(backend.load().unwrap(), None, "deleted all the same");
        // Nobody else is kept from working.
        backend.other("another").cache_peer(&user(7, 7)).unwrap();
    });
    backend.delete().unwrap();
    assert_eq!(found(folder.path(), &session), 0);
    // One that ends in time.
    backend.save(&full(10)).unwrap();
    std::thread::scope(|scope| {
        let mut deleting = None;
        while_read(&mut || {
            deleting = Some(scope.spawn(|| backend.delete()));
            std::thread::sleep(Duration::from_millis(200));
            assert!(deleting.as_ref().is_some_and(|call| !call.is_finished()));
        });
        deleting.unwrap().join().unwrap().unwrap();
    });
    assert_eq!(found(folder.path(), &session), 0);
    assert_eq!(backend.names(), ["another"]);
    backend.save(&full(2)).unwrap();
    assert_eq!(reader.load().unwrap().map(normal), Some(normal(full(2))));
}
