#[session(rows)]
pub struct PostgresBackend {
    #[session(store)]
    pool: SqlStore<Postgres>,
}
