//! A module in which every name that generated code could want means something else.

mod shadowed {
    #![allow(dead_code, non_camel_case_types, unused_macros)]

    mod std {}
    mod core {}
    mod alloc {}
    mod io {}
    mod ferogram_session {}
    mod __private {}
    struct Result;
    struct Option;
    struct Some;
    struct None;
    struct Ok;
    struct Err;
    struct Engine;
    struct Mode;
    struct Part;
    struct Codec;
    struct PersistedSession;
    struct DcEntry;
    struct CachedPeer;
    struct UpdateStateChange;
    trait Send {}
    trait Sync {}
    struct i32;
    struct str;
    fn engine() {}
    macro_rules! unreachable {
        () => {};
    }

    #[derive(::ferogram_session::SessionBackend)]
    #[session(key_value(key = "{session}:{this}"))]
    pub struct Backend<S> {
        #[session(store)]
        engine: S,
        #[session(cache)]
        cache: ::ferogram_session::SessionCache,
        session: ::std::string::String,
        this: ::std::string::String,
    }
}

fn is_backend<B: ferogram_session::SessionBackend>() {}

fn main() {
    is_backend::<shadowed::Backend<Box<dyn ferogram_session::KeyValueStore>>>();
}
