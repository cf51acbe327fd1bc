use crate::config::PostgresConfig;
use crate::connection::{Connection, pipeline};
use crate::explain::silent;
use crate::value::{Param, Typed, values};
use ferogram_session::{AsyncReconnect, AsyncSqlExecutor, Dialect, Statement, Value, Version};
use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::time::Duration;
use tokio::time::{sleep, timeout};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Error};

/// Runs statements: all of a call in one go, between BEGIN and COMMIT if there
/// are several. Nothing is prepared and no setting outlives a transaction, so
/// a pooler may give every transaction another connection.
pub(crate) struct Executor {
    config: PostgresConfig,
    connections: AsyncReconnect<Connection>,
}

/// How a call begins, and what is looked at before its statements run.
#[derive(Clone, Copy)]
struct Begin {
    sql: &'static str,
    look: Option<&'static str>,
}

/// Where rows are hidden from the role, what asks for them fails: they would
/// pass for no session, or for one without a login.
macro_rules! see_all {
    () => {
        ";SET LOCAL row_security=off"
    };
}

/// Reads everything in one state, whatever isolation the role has by default.
const READ: Begin = Begin {
    sql: concat!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", see_all!()),
    look: None,
};

/// A login waits for the disk, even where the role does not by default: `off`
/// becomes `on`, and what waits for more than the disk stays. (Short, because it
/// is sent with each call.)
macro_rules! durably {
    () => {
        "set_config('synchronous_commit',\
         replace(current_setting('synchronous_commit'),'ff','n'),'t')a"
    };
}

/// Behind a statement that is a transaction of its own. If it changes no row,
/// there is nothing to wait for.
const DURABLY: &str = concat!(" RETURNING ", durably!());

/// Leaves a mark in the transaction, and none outside of one.
macro_rules! mark {
    () => {
        ";SET LOCAL ferogram.begun=1"
    };
}

/// The statements are under way before it is known that they are in a
/// transaction. If BEGIN is refused (it was cancelled, say), each would be one of
/// its own: rather the connection ends.
const IS_MARKED: &str = "SELECT pg_terminate_backend(pg_backend_pid())a \
    WHERE current_setting('ferogram.begun',true)IS DISTINCT FROM'1'";

/// One statement is a transaction anyway. It cannot look past a policy: but
/// what inserts a row that is hidden is refused, and what finds none is followed
/// by a look at what there is.
const SEVERAL: Begin = Begin { sql: concat!("BEGIN", see_all!(), mark!()), look: Some(IS_MARKED) };
const SEVERAL_DURABLY: Begin =
    Begin { sql: concat!("BEGIN;SELECT ", durably!(), see_all!(), mark!()), look: Some(IS_MARKED) };

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
        let patience = self.config.patience();
        loop {
            match timeout(patience, self.connections.run(call)).await {
                Ok(Ok(Some(answer))) => return Ok(answer),
                Ok(Ok(None)) => sleep(pause()).await,
                Ok(Err(error)) => return Err(error),
                Err(_) => return Err(silent(self.config.server(), patience)),
            }
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
                transaction(client, Some(READ), queries, async |sql, params| {
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
        let one = match statements {
            [Statement { sql, params, guard }] if durable => {
                let sql = format!("{sql}{DURABLY}").into();
                Some([Statement { sql, params: params.clone(), guard: *guard }])
            }
            _ => None,
        };
        let statements = one.as_ref().map_or(statements, |one| one);
        let changed = self
            .run(async |client: &Client| {
                let begin = match (statements.len() > 1, durable) {
                    (false, _) => None,
                    (true, false) => Some(SEVERAL),
                    (true, true) => Some(SEVERAL_DURABLY),
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
    begin: Option<Begin>,
    statements: &[Statement<'_>],
    run: impl AsyncFn(&str, &[Typed<'_>]) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    let params: Vec<Vec<Param<'_>>> =
        statements.iter().map(|statement| statement.params.iter().map(Param).collect()).collect();
    let typed: Vec<Vec<Typed<'_>>> =
        params.iter().map(|params| params.iter().map(Param::typed).collect()).collect();
    let plain = |sql: &'static str| -> Request<'_, T> {
        Box::pin(async move { client.batch_execute(sql).await.map(|()| None) })
    };
    let mut requests: Vec<Request<'_, T>> = Vec::with_capacity(statements.len() + 3);
    if let Some(Begin { sql, look }) = begin {
        requests.push(plain(sql));
        requests.extend(look.map(plain));
    }
    for (statement, params) in statements.iter().zip(&typed) {
        let run = &run;
        requests.push(Box::pin(async move { run(&statement.sql, params).await.map(Some) }));
    }
    if begin.is_some() {
        requests.push(plain("COMMIT"));
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

#[cfg(test)]
mod tests {
    use super::*;
    use ferogram_session::{Blocking, SessionError, SqlStore};
    use ferogram_session_servers::postgres::Postgres;
    use tokio::runtime::Builder;

    #[test]
    fn a_migration_is_recorded_and_an_older_release_stops() {
        let server = Postgres::open();
        let store = |newest| {
            let config = PostgresConfig::new(server.url("postgres"));
            SqlStore::new(Blocking::new(Executor::new(config))).__of_release(newest)
        };
        // As text, 10 is less than 2.
        for newest in [1, 2, 10, 11] {
            store(newest).migrate().unwrap();
            let schema = "SELECT value FROM ferogram_meta WHERE name = 'schema'";
            assert_eq!(server.sql("postgres", schema), newest.to_string());
        }
        let error = store(10).migrate().unwrap_err();
        assert!(matches!(SessionError::of(&error), Some(SessionError::Unsupported(_))), "{error}");
    }

    #[test]
    fn a_begin_that_is_refused_leaves_nothing_behind() {
        let server = Postgres::open();
        server.sql("postgres", "CREATE TABLE numbers (number int)");
        let config = PostgresConfig::new(server.url("postgres"));
        let statement = |n| Statement::new(format!("INSERT INTO numbers VALUES ({n})"), vec![]);
        let statements = [1, 2, 3].map(statement);
        let run = |begin| {
            let runtime = Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let mut connection = config.open().unwrap().await.unwrap();
                let call = async |client: &Client| {
                    let execute = async |sql: &str, params: &[Typed<'_>]| {
                        client.execute_typed(sql, params).await
                    };
                    transaction(client, Some(begin), &statements, execute).await
                };
                connection.run(call, config.server()).await
            })
        };
        run(Begin { sql: "SELECT 1/0;BEGIN", ..SEVERAL }).unwrap_err();
        assert_eq!(server.sql("postgres", "SELECT count(*) FROM numbers"), "0");
        assert_eq!(run(SEVERAL).unwrap(), [1, 1, 1]);
        assert_eq!(run(SEVERAL_DURABLY).unwrap(), [1, 1, 1]);
        assert_eq!(server.sql("postgres", "SELECT count(*) FROM numbers"), "6");
    }
}
