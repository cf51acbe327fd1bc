#[session(key_value(key = "tg:{account}", codec = json), crate = crate::session)]
pub struct RedisBackend {
    #[session(store)]
    redis: RedisStore,
    #[session(cache)]
    cache: SessionCache,
    #[session(name)]
    label: String,
    account: String,
}
