//! A module in which every name that generated code could want means something else.

mod shadowed {
    #![allow(dead_code, non_camel_case_types, non_upper_case_globals, unused_macros)]

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
    // A parameter of such a name would be a pattern for it.
    static session: u8 = 0;
    const change: u8 = 0;
    struct this;
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

    #[derive(::ferogram_session::SessionBackend)]
    #[session(rows)]
    pub struct Borrowed<'__this, S> {
        #[session(store)]
        engine: &'__this S,
    }
}

fn is_backend<B: ferogram_session::SessionBackend>() {}

fn main() {
    is_backend::<shadowed::Backend<Box<dyn ferogram_session::KeyValueStore>>>();
    is_backend::<shadowed::Borrowed<'_, Box<dyn ferogram_session::RowStore>>>();
}
