//! The derive reads the fields that it is told about, and no others: those still count as unread.

#![deny(warnings)]

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
#[session(key_value(key = "{account}"))]
struct Redis {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
    account: String,
    #[expect(dead_code)]
    forgotten: u8,
}

fn is_backend<B: SessionBackend>() {}

fn main() {
    is_backend::<Redis>();
}
