#[session(key_value)]
pub struct RedisBackend<C> {
    #[session(store)]
    redis: Rc<RedisStore<C>>,
}
