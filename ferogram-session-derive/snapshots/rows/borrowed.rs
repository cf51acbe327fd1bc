#[session(rows(key = "{r}:{shard}"))]
pub struct Borrowed<'a, const N: usize> {
    #[session(store)]
    pool: &'a (dyn RowStore + 'a),
    #[session(cache)]
    cache: SessionCache,
    r: Shards<N>,
    shard: i64,
}
