//! A database of a team's own, by the driver that it has anyway. `SqlStore`
//! brings the tables and the statements, and asks for an executor: queries in one
//! state of the database, statements in one transaction. Here the driver is
//! rusqlite; the conformance suite runs with `cargo test`.
//!
//! ```text
//! $ cargo run --manifest-path examples/own_database/Cargo.toml
//! my-bot: home dc 2
//! ```

use ferogram_session::{Dialect, SessionBackend, SqlExecutor, SqlStore, Statement, Value};
use rusqlite::{Connection, TransactionBehavior, params_from_iter, types::Value as Theirs};
use std::io::{Error, ErrorKind, Result};
use std::sync::{Arc, Mutex, PoisonError};

struct Database(Mutex<Connection>);

fn theirs(value: &Value) -> Theirs {
    match value {
        Value::Null => Theirs::Null,
        Value::Integer(number) => Theirs::Integer(*number),
        Value::Text(text) => Theirs::Text(text.clone()),
        Value::Blob(bytes) => Theirs::Blob(bytes.clone()),
    }
}

fn ours(value: Theirs) -> Result<Value> {
    Ok(match value {
        Theirs::Null => Value::Null,
        Theirs::Integer(number) => Value::Integer(number),
        Theirs::Text(text) => Value::Text(text),
        Theirs::Blob(bytes) => Value::Blob(bytes),
        Theirs::Real(_) => return Err(ErrorKind::InvalidData.into()),
    })
}

impl SqlExecutor for Database {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn query(
        &self,
        queries: &[Statement<'_>],
        row: &mut dyn FnMut(usize, &[Value]) -> Result<()>,
    ) -> Result<()> {
        let mut connection = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let snapshot = connection.transaction().map_err(Error::other)?;
        for (number, query) in queries.iter().enumerate() {
            let mut statement = snapshot.prepare_cached(&query.sql).map_err(Error::other)?;
            let columns = 0..statement.column_count();
            let params = params_from_iter(query.params.iter().map(theirs));
            let mut rows = statement.query(params).map_err(Error::other)?;
            while let Some(found) = rows.next().map_err(Error::other)? {
                let values = columns.clone().map(|at| ours(found.get(at).map_err(Error::other)?));
                row(number, &values.collect::<Result<Vec<_>>>()?)?;
            }
        }
        Ok(())
    }

    /// SQLite makes each transaction durable, unless told otherwise.
    fn batch(&self, statements: &[Statement<'_>], _durable: bool) -> Result<bool> {
        let mut connection = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let begun = connection.transaction_with_behavior(TransactionBehavior::Immediate);
        let transaction = begun.map_err(Error::other)?;
        for Statement { sql, params, guard } in statements {
            let mut statement = transaction.prepare_cached(sql).map_err(Error::other)?;
            let params = params_from_iter(params.iter().map(theirs));
            if statement.execute(params).map_err(Error::other)? == 0 && *guard {
                // Without a commit it is rolled back.
                return Ok(false);
            }
        }
        transaction.commit().map_err(Error::other)?;
        Ok(true)
    }

    fn stops_at_guard(&self) -> bool {
        true
    }
}

#[derive(SessionBackend)]
#[session(rows(key = "{account}"))]
struct TeamBackend {
    #[session(store)]
    database: Arc<SqlStore<Database>>,
    account: String,
}

/// The team's database, in memory here.
fn open() -> SqlStore<Database> {
    let connection = Connection::open_in_memory().expect("a database in memory");
    SqlStore::new(Database(Mutex::new(connection)))
}

fn main() -> Result<()> {
    let backend = TeamBackend { database: Arc::new(open()), account: "my-bot".to_owned() };
    backend.set_home_dc(2)?;
    let stored = backend.load()?.unwrap_or_default();
    println!("{}: home dc {}", backend.account, stored.home_dc_id);
    Ok(())
}

#[cfg(test)]
ferogram_session::conformance!(
    |place| TeamBackend { database: place.shared(open), account: place.key().to_owned() },
    persistent,
    conditional,
    many_sessions
);
