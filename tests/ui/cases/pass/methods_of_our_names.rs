//! The user's type has methods with the names of ours, and traits in scope that
//! add more of them to every type.

use ferogram_session::{KeyValueStore, RowStore, SessionBackend, SessionCache};

trait Everywhere {
    fn name(&self) -> u8 {
        0
    }
    fn key_value(&self) -> u8 {
        0
    }
    fn as_key_value(&self) -> u8 {
        0
    }
    fn rows(&self) -> u8 {
        0
    }
    fn as_rows(&self) -> u8 {
        0
    }
    fn save(self, _: u8)
    where
        Self: Sized,
    {
    }
    fn load(self)
    where
        Self: Sized,
    {
    }
    fn cache(&self) -> u8 {
        0
    }
}

impl<T: ?Sized> Everywhere for T {}

#[derive(SessionBackend)]
#[session(key_value(key = "{account}"))]
struct Redis {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
    #[session(cache)]
    cache: SessionCache,
    account: String,
}

impl Redis {
    fn save(&self) {}
    fn load(&self) {}
    fn delete(&self) {}
    fn name(&self) {}
    fn update_dc(&self) {}
    fn set_home_dc(&self) {}
    fn apply_update_state(&self) {}
    fn cache_peer(&self) {}
}

#[derive(SessionBackend)]
#[session(rows)]
struct Rows {
    #[session(store)]
    pool: Box<dyn RowStore>,
    #[session(name)]
    name: String,
}

fn is_backend<B: SessionBackend>() {}

fn main() {
    is_backend::<Redis>();
    is_backend::<Rows>();
    let _ = |redis: &Redis| {
        redis.save();
        redis.load();
        redis.delete();
        redis.name();
        redis.update_dc();
        redis.set_home_dc();
        redis.apply_update_state();
        redis.cache_peer();
    };
}
