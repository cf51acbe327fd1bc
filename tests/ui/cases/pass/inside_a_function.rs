//! A struct that only one function can see.

fn main() {
    use ferogram_session::{KeyValueStore, SessionBackend};

    struct Local;

    #[derive(SessionBackend)]
    #[session(key_value(key = "{account}"))]
    struct Inner<'a> {
        #[session(store)]
        redis: Box<dyn KeyValueStore>,
        account: &'a str,
        local: Local,
    }

    fn is_backend<B: SessionBackend>() {}
    is_backend::<Inner<'_>>();
    let _ = |inner: Inner<'static>| inner.local;
}
