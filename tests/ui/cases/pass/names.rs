//! Where `name()` comes from: the literal, the field, or the type.

use ferogram_session::{MemoryStore, SessionBackend};

type Text = String;

#[derive(SessionBackend)]
#[session(rows, name = "eu-west")]
struct Literal {
    #[session(store)]
    store: MemoryStore,
}

#[derive(SessionBackend)]
#[session(rows)]
struct Field {
    #[session(store)]
    store: MemoryStore,
    #[session(name)]
    label: Text,
}

/// Text of other types is a name too.
#[derive(SessionBackend)]
#[session(rows)]
struct FieldOfOtherText<'a> {
    #[session(store)]
    store: MemoryStore,
    #[session(name)]
    label: std::borrow::Cow<'a, str>,
}

macro_rules! named_by_type {
    ($($ty:ident)*) => {$(
        #[derive(SessionBackend)]
        #[session(rows)]
        struct $ty {
            #[session(store)]
            store: MemoryStore,
        }

        impl $ty {
            fn new() -> Self {
                Self { store: MemoryStore::default() }
            }
        }
    )*};
}

named_by_type! { RedisBackend MyS3Backend LibSQLBackend Backend HTTPStore }

fn name(backend: impl SessionBackend) -> String {
    backend.name().to_owned()
}

fn main() {
    let store = MemoryStore::default();
    assert_eq!(name(Literal { store }), "eu-west");
    let store = MemoryStore::default();
    assert_eq!(name(Field { store, label: "asia".to_owned() }), "asia");
    let store = MemoryStore::default();
    assert_eq!(name(FieldOfOtherText { store, label: "us".into() }), "us");
    assert_eq!(name(RedisBackend::new()), "redis");
    assert_eq!(name(MyS3Backend::new()), "my-s3");
    assert_eq!(name(LibSQLBackend::new()), "lib-sql");
    assert_eq!(name(Backend::new()), "backend");
    assert_eq!(name(HTTPStore::new()), "http-store");
}
