use super::Address;
use super::call::call;
use super::literal::render;
use super::row::from_libsql;
use crate::AsyncReconnect;
use crate::error::SessionError;
use crate::random;
use crate::sql::{AsyncSqlExecutor, Dialect, Statement, Value};
use libsql::{Builder, Connection};
use std::io;
use std::time::Duration;

/// A database on a server. Every call is one request: nothing is left open
/// there in which the server could lose patience.
pub(super) struct Remote {
    address: Address,
    connections: AsyncReconnect<Connection>,
}

/// What the server says if a guard changed no row.
const CONFLICT: &str = "ferogram: another writer came first";

impl Remote {
    pub(super) fn new(address: Address) -> Self {
        let to = address.clone();
        let connections = AsyncReconnect::new(move || {
            let address = to.clone();
            async move {
                address.check()?;
                let builder =
                    Builder::new_remote(address.url().to_owned(), address.token().to_owned());
                let database = call(&address, builder.build()).await?;
                call(&address, async { database.connect() }).await
            }
        });
        Self { address, connections }
    }

    /// Runs the script as one transaction, and again while others are in the
    /// way: it has then been rolled back. The deadline ends that.
    async fn run(&self, script: &str) -> io::Result<libsql::BatchRows> {
        loop {
            let run = async |connection: &mut Connection| {
                call(&self.address, connection.execute_transactional_batch(script)).await
            };
            match self.connections.run(run).await {
                Err(error) if is_busy(&error) => {
                    let pause = Duration::from_millis((random::fresh() % 50) as u64 + 5);
                    tokio::time::sleep(pause).await;
                }
                result => return result,
            }
        }
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
        // The first query always has a row: that there is none must not mean
        // that the server does not say.
        let mut script = "SELECT 1".to_owned();
        for query in queries {
            script.push_str(";\n");
            render(query, &mut script);
        }
        let mut answers = self.run(&script).await?;
        let silent = || {
            let server = self.address.shown();
            SessionError::unsupported(format!("{server} does not answer queries in a batch"))
        };
        let mut values = Vec::new();
        for number in 0..=queries.len() {
            let mut rows = answers.next_stmt_row().flatten().ok_or_else(silent)?;
            let mut found = 0;
            while let Some(next) = call(&self.address, rows.next()).await? {
                found += 1;
                values.clear();
                for column in 0..next.column_count() {
                    let value = call(&self.address, async { next.get_value(column) }).await?;
                    values.push(from_libsql(value)?);
                }
                if let Some(number) = number.checked_sub(1) {
                    row(number, &values)?;
                }
            }
            if number == 0 && found == 0 {
                return Err(silent().into());
            }
        }
        Ok(())
    }

    async fn batch(&self, statements: &[Statement<'_>], _durable: bool) -> io::Result<bool> {
        match self.run(&script(statements)).await {
            Err(error) if is_conflict(&error) => Ok(false),
            result => result.map(|_| true),
        }
    }
}

/// The statements as one text, which fails at a guard that changed no row.
pub(super) fn script(statements: &[Statement<'_>]) -> String {
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

pub(super) fn is_conflict(error: &io::Error) -> bool {
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
