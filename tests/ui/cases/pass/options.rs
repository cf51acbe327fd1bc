//! All options, in one list and in several attributes.

use ferogram_session::{KeyValueStore, RowStore, SessionBackend, SessionCache};

#[derive(SessionBackend)]
#[session(key_value(key = "tg:{account}", codec = native), name = "mine", crate = ::ferogram_session)]
struct InOneList {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
    #[session(cache)]
    cache: SessionCache,
    account: String,
}

#[derive(SessionBackend)]
#[rustfmt::skip]
#[session(rows(key = "main",),)]
#[session(name = "mine")]
#[session(crate = ::ferogram_session)]
struct InSeveral {
    #[session(store)]
    pool: Box<dyn RowStore>,
}

#[derive(SessionBackend)]
#[session(key_value())]
struct NoOptions {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
}

fn is_backend<B: SessionBackend>() {}

fn main() {
    is_backend::<InOneList>();
    is_backend::<InSeveral>();
    is_backend::<NoOptions>();
}
