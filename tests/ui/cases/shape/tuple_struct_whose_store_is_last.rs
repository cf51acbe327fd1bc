//! A tuple struct whose first field is no store, with documentation.

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
#[session(key_value)]
pub struct RedisBackend(
    /// Whose session.
    String,
    /// Where it is.
    pub Box<dyn KeyValueStore>,
);

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
