use crate::config::PostgresConfig;
use crate::connection::{Connection, pipeline};
use crate::value::{Param, Typed, values};
use ferogram_session::{AsyncReconnect, AsyncSqlExecutor, Dialect, Statement, Value, Version};
use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::time::Duration;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Error};

/// Runs statements: all of a call in one go, between BEGIN and COMMIT if there
/// are several. Nothing is prepared and no setting outlives a transaction, so
/// a pooler may give every transaction another connection.
pub(crate) struct Executor {
    config: PostgresConfig,
    connections: AsyncReconnect<Connection>,
}

/// Reads everything in one state, whatever isolation the role has by default.
const READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// Each statement sees what the guard before it waited for.
const WRITE: &str = "BEGIN";

/// A login waits for the disk, even where the role does not by default.
const WRITE_DURABLY: &str = "BEGIN;\
    SELECT set_config('synchronous_commit','on',true)\
    WHERE current_setting('synchronous_commit')='off'";

impl Executor {
    pub(crate) fn new(config: PostgresConfig) -> Self {
        let opening = config.clone();
        let connections = AsyncReconnect::new(move || {
            let opening = opening.open();
            async move { opening?.await }
        });
        Self { config, connections }
    }

    /// Runs requests on a connection, and again while the server asks for
    /// that: what was in the way of others has then been rolled back. The
    /// deadline ends it.
    async fn run<T>(&self, requests: impl AsyncFn(&Client) -> Result<T, Error>) -> io::Result<T> {
        let call = async |connection: &mut Connection| {
            let attempt = async |client: &Client| match requests(client).await {
                Err(error) if was_in_the_way(&error) => Ok(None),
                result => result.map(Some),
            };
            connection.run(attempt, self.config.server()).await
        };
        loop {
            if let Some(answer) = self.connections.run(call).await? {
                return Ok(answer);
            }
            tokio::time::sleep(pause()).await;
        }
    }
}

impl AsyncSqlExecutor for Executor {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    async fn query(
        &self,
        queries: &[Statement<'_>],
        row: &mut dyn FnMut(usize, &[Value]) -> io::Result<()>,
    ) -> io::Result<()> {
        let answers = self
            .run(async |client: &Client| {
                let begin = (queries.len() > 1).then_some(READ);
                transaction(client, begin, queries, async |sql, params| {
                    client.query_typed(sql, params).await
                })
                .await
            })
            .await?;
        // Only now: what is read before a connection breaks is read twice.
        for (query, rows) in answers.iter().enumerate() {
            for found in rows {
                row(query, &values(found)?)?;
            }
        }
        Ok(())
    }

    async fn batch(&self, statements: &[Statement<'_>], durable: bool) -> io::Result<bool> {
        let changed = self
            .run(async |client: &Client| {
                let begin = match durable {
                    true => Some(WRITE_DURABLY),
                    false => (statements.len() > 1).then_some(WRITE),
                };
                transaction(client, begin, statements, async |sql, params| {
                    client.execute_typed(sql, params).await
                })
                .await
            })
            .await?;
        // The other statements have looked for what the guard would write.
        let unmet = |(statement, changed): (&Statement<'_>, &u64)| statement.guard && *changed == 0;
        Ok(!statements.iter().zip(&changed).any(unmet))
    }
}

/// All statements in one go; a transaction of its own each unless there is one
/// to begin.
async fn transaction<T>(
    client: &Client,
    begin: Option<&str>,
    statements: &[Statement<'_>],
    run: impl AsyncFn(&str, &[Typed<'_>]) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    let params: Vec<Vec<Param<'_>>> =
        statements.iter().map(|statement| statement.params.iter().map(Param).collect()).collect();
    let typed: Vec<Vec<Typed<'_>>> =
        params.iter().map(|params| params.iter().map(Param::typed).collect()).collect();
    let mut requests: Vec<Request<'_, T>> = Vec::with_capacity(statements.len() + 2);
    if let Some(begin) = begin {
        requests.push(Box::pin(async move { client.batch_execute(begin).await.map(|()| None) }));
    }
    for (statement, params) in statements.iter().zip(&typed) {
        let run = &run;
        requests.push(Box::pin(async move { run(&statement.sql, params).await.map(Some) }));
    }
    if begin.is_some() {
        requests.push(Box::pin(async move { client.batch_execute("COMMIT").await.map(|()| None) }));
    }
    Ok(pipeline(requests).await?.into_iter().flatten().collect())
}

type Request<'a, T> = Pin<Box<dyn Future<Output = Result<Option<T>, Error>> + 'a>>;

/// Whether the transaction was rolled back because of others, and may be run
/// again.
fn was_in_the_way(error: &Error) -> bool {
    matches!(
        error.code(),
        Some(&SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED)
    )
}

/// A little while, not the same for those who met.
fn pause() -> Duration {
    let random = Version::fresh().to_string();
    let share = random.bytes().take(2).map(u64::from).sum::<u64>() % 32;
    Duration::from_millis(2 + share)
}

impl fmt::Debug for Executor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Executor").field(&self.config).finish()
    }
}
