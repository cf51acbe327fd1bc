//! The tables, and how they came to be: one migration after another, each a
//! batch of its own that is safe to be run by several processes at once.

use super::text::Texts;
use super::{Dialect, Statement, TablePrefix, Value};

/// The number of the last migration.
pub(super) const NEWEST: i64 = 1;

/// Names of the tables, as they stand in statements, and statements over them.
#[derive(Clone, Debug)]
pub(super) struct Tables {
    /// The schema that they are in, quoted; unless set, what the database
    /// takes for unqualified names.
    pub(super) schema: Option<String>,
    pub(super) meta: String,
    pub(super) sessions: String,
    pub(super) dcs: String,
    pub(super) channels: String,
    pub(super) peers: String,
    pub(super) min_peers: String,
    pub(super) texts: Texts,
}

impl Tables {
    pub(super) fn new(schema: Option<&str>, prefix: TablePrefix) -> Self {
        let schema = schema.map(quoted);
        let qualifier = schema.as_ref().map_or(String::new(), |schema| format!("{schema}."));
        let table = |name: &str| format!("{qualifier}{}{name}", prefix.as_str());
        Self {
            meta: table("meta"),
            sessions: table("sessions"),
            dcs: table("dcs"),
            channels: table("channels"),
            peers: table("peers"),
            min_peers: table("min_peers"),
            texts: Texts::default(),
            schema,
        }
    }

    /// The statements of migration `number`.
    pub(super) fn migration(&self, number: i64, dialect: Dialect) -> Vec<Statement<'static>> {
        let mut statements = Vec::new();
        statements.extend(dialect.lock_schema().map(|lock| Statement::new(lock, vec![])));
        if number == 1 {
            let create = self.create(dialect).into_iter();
            statements.extend(create.map(|sql| Statement::new(sql, vec![])));
        }
        #[cfg(feature = "testing")]
        if number > NEWEST {
            let sql = format!("CREATE TABLE IF NOT EXISTS {}_{number} (a TEXT)", self.meta);
            statements.push(Statement::new(sql, vec![]));
        }
        let meta = &self.meta;
        // Somebody else may have been first, with a newer release.
        statements.push(Statement::new(
            format!(
                "INSERT INTO {meta} AS known (name, value) VALUES ('schema', ?1) \
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value \
                 WHERE CAST(known.value AS BIGINT) < CAST(excluded.value AS BIGINT)"
            ),
            vec![Value::from(number.to_string())],
        ));
        statements
    }

    fn create(&self, dialect: Dialect) -> [String; 6] {
        let Self { meta, sessions, dcs, channels, peers, min_peers, .. } = self;
        let (blob, suffix) = (dialect.blob(), dialect.table_suffix());
        [
            format!(
                "CREATE TABLE IF NOT EXISTS {meta} (name TEXT PRIMARY KEY, value TEXT NOT NULL){suffix}"
            ),
            format!(
                "CREATE TABLE IF NOT EXISTS {sessions} (session TEXT PRIMARY KEY, version TEXT NOT NULL, \
                 home_dc BIGINT NOT NULL DEFAULT 0, pts BIGINT NOT NULL DEFAULT 0, \
                 qts BIGINT NOT NULL DEFAULT 0, date BIGINT NOT NULL DEFAULT 0, \
                 seq BIGINT NOT NULL DEFAULT 0, token {blob}){suffix}"
            ),
            format!(
                "CREATE TABLE IF NOT EXISTS {dcs} (session TEXT NOT NULL, dc_id BIGINT NOT NULL, \
                 class BIGINT NOT NULL, flags BIGINT NOT NULL, addr TEXT NOT NULL, auth_key {blob}, \
                 first_salt BIGINT NOT NULL, time_offset BIGINT NOT NULL, checksum BIGINT, \
                 PRIMARY KEY (session, dc_id, class)){suffix}"
            ),
            format!(
                "CREATE TABLE IF NOT EXISTS {channels} (session TEXT NOT NULL, id BIGINT NOT NULL, \
                 pts BIGINT NOT NULL, PRIMARY KEY (session, id)){suffix}"
            ),
            format!(
                "CREATE TABLE IF NOT EXISTS {peers} (session TEXT NOT NULL, kind BIGINT NOT NULL, \
                 id BIGINT NOT NULL, access_hash BIGINT NOT NULL, flags BIGINT NOT NULL, \
                 PRIMARY KEY (session, kind, id)){suffix}"
            ),
            format!(
                "CREATE TABLE IF NOT EXISTS {min_peers} (session TEXT NOT NULL, user_id BIGINT NOT NULL, \
                 peer_id BIGINT NOT NULL, msg_id BIGINT NOT NULL, PRIMARY KEY (session, user_id)){suffix}"
            ),
        ]
    }
}

/// An identifier that may be any text. The usual schema stands in every
/// statement, so it is spared the quotes.
fn quoted(identifier: &str) -> String {
    match identifier {
        "public" => identifier.to_owned(),
        _ => format!("\"{}\"", identifier.replace('"', "\"\"")),
    }
}
