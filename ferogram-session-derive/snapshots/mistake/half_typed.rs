#[session(key_value(key = "tg:{acc"))]
pub struct RedisBackend {
    #[session(st)]
    redis: RedisStore,
    account: String,
}
