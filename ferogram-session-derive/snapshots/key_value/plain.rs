#[session(key_value)]
pub struct RedisBackend {
    #[session(store)]
    redis: RedisStore,
}
