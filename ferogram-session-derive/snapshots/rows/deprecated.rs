#[session(rows)]
#[deprecated]
#[allow(clippy::type_complexity)]
pub struct OldBackend {
    #[session(store)]
    pool: Pool<Box<dyn Fn(&str) -> Connection + Send + Sync>>,
}
