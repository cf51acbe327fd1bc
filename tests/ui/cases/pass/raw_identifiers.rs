//! Keywords as names: of the struct, of its fields, of its parameters.

use ferogram_session::{KeyValueStore, SessionBackend, SessionCache};

#[derive(SessionBackend)]
#[session(key_value(key = "{type}:{fn}"))]
#[allow(non_camel_case_types)]
struct r#struct<r#dyn> {
    #[session(store)]
    r#match: r#dyn,
    #[session(cache)]
    r#move: SessionCache,
    #[session(name)]
    r#async: String,
    r#type: String,
    r#fn: u8,
}

#[derive(SessionBackend)]
#[session(r#key_value(r#key = "main"), r#name = "raw")]
struct RawWords {
    #[session(r#store)]
    redis: Box<dyn KeyValueStore>,
}

fn is_backend<B: SessionBackend>() {}

fn main() {
    is_backend::<r#struct<Box<dyn KeyValueStore>>>();
    is_backend::<RawWords>();
}
