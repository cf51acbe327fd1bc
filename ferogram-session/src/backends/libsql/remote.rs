use super::Address;
use super::call::{build, call};
use super::literal::render;
use super::row::from_libsql;
use crate::AsyncReconnect;
use crate::error::SessionError;
use crate::random;
use crate::sql::{AsyncSqlExecutor, Dialect, Statement, Value};
use libsql::{BatchRows, Builder, Connection, Database};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A database on a server. Every call is one request: nothing is left open
/// there in which the server could lose patience.
pub(super) struct Remote {
    address: Address,
    client: Arc<Client>,
    connections: AsyncReconnect<Connection>,
    /// Whether the server was found to answer a batch without rows.
    silent: AtomicBool,
}

/// libSQL's client, which is the same for all connections: it loads the
/// certificates that the system trusts, and that takes a while.
struct Client {
    address: Address,
    database: Mutex<Option<Database>>,
}

impl Client {
    async fn connect(&self) -> io::Result<Connection> {
        let slot = || self.database.lock().unwrap_or_else(PoisonError::into_inner);
        let ready = slot().is_some();
        if !ready {
            self.address.check()?;
            let (url, token) = (self.address.url().to_owned(), self.address.token().to_owned());
            let database = build(&self.address, Builder::new_remote(url, token).build()).await?;
            *slot() = Some(database);
        }
        let connect = async {
            let database = slot();
            match &*database {
                Some(database) => database.connect(),
                None => Err(libsql::Error::Misuse("the client is gone".to_owned())),
            }
        };
        call(&self.address, connect).await
    }
}

/// What came of a script.
enum Answer {
    Rows(BatchRows),
    Conflict,
    Busy,
}

/// What the server says if a guard changed no row.
const CONFLICT: &str = "ferogram: another writer came first";

impl Remote {
    pub(super) fn new(address: Address) -> Self {
        let client = Arc::new(Client { address: address.clone(), database: Mutex::new(None) });
        let to = Arc::clone(&client);
        let connections = AsyncReconnect::new(move || {
            let client = Arc::clone(&to);
            async move { client.connect().await }
        });
        Self { address, client, connections, silent: AtomicBool::new(false) }
    }

    /// Runs the script as one transaction, and again while others are in the
    /// way: it has then been rolled back. The deadline ends that. `None` if a
    /// guard changed no row.
    async fn run(&self, script: &str) -> io::Result<Option<BatchRows>> {
        // What the server says is an answer, whatever it is: the connection
        // that brought it is kept.
        let run = async |connection: &mut Connection| {
            let answer = connection.execute_transactional_batch(script);
            match call(&self.address, answer).await {
                Ok(rows) => Ok(Answer::Rows(rows)),
                Err(error) if is_conflict(&error) => Ok(Answer::Conflict),
                Err(error) if is_busy(&error) => Ok(Answer::Busy),
                Err(error) => Err(error),
            }
        };
        loop {
            match self.connections.run(run).await? {
                Answer::Rows(rows) => return Ok(Some(rows)),
                Answer::Conflict => return Ok(None),
                Answer::Busy => {
                    let pause = Duration::from_millis((random::fresh() % 50) as u64 + 5);
                    tokio::time::sleep(pause).await;
                }
            }
        }
    }

    /// Runs the queries as one batch. False if the server gives no rows: the
    /// client says of every statement of a batch that it wants none, and a
    /// server may believe it.
    async fn query_as_batch(
        &self,
        queries: &[Statement<'_>],
        row: &mut dyn FnMut(usize, &[Value]) -> io::Result<()>,
    ) -> io::Result<bool> {
        let mut script = String::new();
        for query in queries {
            render(query, &mut script);
            script.push_str(";\n");
        }
        // The last query always has a row, so that it shows.
        script.push_str("SELECT 1");
        let Some(mut answers) = self.run(&script).await? else {
            return Ok(false);
        };
        // All of them, before anybody is given a row of the first.
        let rows: Option<Vec<_>> =
            (0..=queries.len()).map(|_| answers.next_stmt_row().flatten()).collect();
        let Some((mut last, all)) = rows.and_then(|mut rows| Some((rows.pop()?, rows))) else {
            return Ok(false);
        };
        if call(&self.address, last.next()).await?.is_none() {
            return Ok(false);
        }
        let mut values = Vec::new();
        for (number, mut rows) in all.into_iter().enumerate() {
            while let Some(next) = call(&self.address, rows.next()).await? {
                read(&next, &mut values)?;
                row(number, &values)?;
            }
        }
        Ok(true)
    }

    /// Runs the queries as one statement: two requests instead of one, on a
    /// connection that is not used again, because the server ends what it left
    /// open there after a few seconds.
    async fn query_as_one(
        &self,
        queries: &[Statement<'_>],
        row: &mut dyn FnMut(usize, &[Value]) -> io::Result<()>,
    ) -> io::Result<()> {
        let connection = self.client.connect().await?;
        let one = one_query(queries);
        let mut rows = call(&self.address, connection.query(&one, ())).await?;
        let mut values = Vec::new();
        while let Some(next) = call(&self.address, rows.next()).await? {
            read(&next, &mut values)?;
            match values.split_first() {
                Some((Value::Integer(number), values)) => row(*number as usize, values)?,
                _ => {
                    return Err(SessionError::unavailable("a row without its number")
                        .help("see that this is the address of a libSQL server")
                        .into());
                }
            }
        }
        Ok(())
    }
}

impl AsyncSqlExecutor for Remote {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    async fn query(
        &self,
        queries: &[Statement<'_>],
        row: &mut dyn FnMut(usize, &[Value]) -> io::Result<()>,
    ) -> io::Result<()> {
        if !self.silent.load(Ordering::Relaxed) {
            if self.query_as_batch(queries, row).await? {
                return Ok(());
            }
            self.silent.store(true, Ordering::Relaxed);
        }
        self.query_as_one(queries, row).await
    }

    async fn batch(&self, statements: &[Statement<'_>], _durable: bool) -> io::Result<bool> {
        Ok(self.run(&script(statements)).await?.is_some())
    }
}

/// The queries as one, whose rows begin with the number of their query and end
/// with as many NULLs as it takes to make all of them equally long.
fn one_query(queries: &[Statement<'_>]) -> String {
    let widths: Vec<usize> = queries.iter().map(|query| width(&query.sql)).collect();
    let widest = widths.iter().copied().max().unwrap_or(0);
    let (mut with, mut select) = (String::new(), String::new());
    for (number, (query, width)) in queries.iter().zip(widths).enumerate() {
        let names: Vec<String> = (0..width).map(|column| format!("c{column}")).collect();
        let comma = if number == 0 { "WITH" } else { "," };
        with.push_str(&format!("{comma} q{number}({}) AS (", names.join(", ")));
        render(query, &mut with);
        with.push_str(") ");
        let padding = ", NULL".repeat(widest - width);
        let union = if number == 0 { "" } else { " UNION ALL " };
        select.push_str(&format!(
            "{union}SELECT {number}, {}{padding} FROM q{number}",
            names.join(", ")
        ));
    }
    with + &select
}

fn read(row: &libsql::Row, values: &mut Vec<Value>) -> io::Result<()> {
    values.clear();
    for column in 0..row.column_count() {
        let value = row.get_value(column);
        values.push(from_libsql(value.map_err(|error| {
            SessionError::unavailable(format!("a value of the server's answer: {error}"))
        })?)?);
    }
    Ok(())
}

/// How many columns a query has, by its text: those of this crate have commas
/// only between them, or in parentheses.
fn width(sql: &str) -> usize {
    let list = sql.split(" FROM ").next().unwrap_or(sql);
    let list = list.split(" WHERE ").next().unwrap_or(list);
    let mut depth = 0_usize;
    let commas = list.chars().filter(|&c| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    });
    commas.count() + 1
}

/// The statements as one text, which fails at a guard that changed no row.
fn script(statements: &[Statement<'_>]) -> String {
    let mut script = String::new();
    for statement in statements {
        if !script.is_empty() {
            script.push_str(";\n");
        }
        render(statement, &mut script);
        if statement.guard {
            script.push_str(&guard());
        }
    }
    script
}

fn is_conflict(error: &io::Error) -> bool {
    error.to_string().contains(CONFLICT)
}

/// A statement that fails, and with it the batch, if the one before it has
/// changed no row: the path depends on it, so it is not looked at earlier.
fn guard() -> String {
    format!(";\nSELECT json_extract('{{}}', CASE changes() WHEN 0 THEN '{CONFLICT}' ELSE '$' END)")
}

fn is_busy(error: &io::Error) -> bool {
    let said = error.to_string();
    ["database is locked", "SQLITE_BUSY", "database table is locked"]
        .iter()
        .any(|words| said.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backends::database::Connection;
    use crate::backends::libsql::LocalConnection;

    #[test]
    fn several_queries_as_one() {
        let queries = [
            Statement::new("SELECT ?1, '?1', NULL", vec![7_i64.into()]),
            Statement::new("SELECT name FROM sqlite_master WHERE name = ?1", vec!["a, b".into()]),
            Statement::new("SELECT count(*), max(1, 2) FROM sqlite_master", vec![]),
        ];
        assert_eq!(queries.iter().map(|query| width(&query.sql)).collect::<Vec<_>>(), [3, 1, 2]);
        let connection = LocalConnection::open(None).unwrap();
        let mut rows = Vec::new();
        let one = one_query(&queries);
        connection.execute("CREATE TABLE \"a, b\" (a)", &[]).unwrap();
        connection
            .select(&one, &[], &mut |row| {
                rows.push(row.to_vec());
                Ok(())
            })
            .unwrap();
        use Value::{Integer, Null, Text};
        let text = |text: &str| Text(text.to_owned());
        assert!(
            rows == [
                [Integer(0), Integer(7), text("?1"), Null],
                [Integer(1), text("a, b"), Null, Null],
                [Integer(2), Integer(1), Integer(2), Null],
            ],
            "{one}"
        );
    }
}
