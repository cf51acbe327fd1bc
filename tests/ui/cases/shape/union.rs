//! A union has no field to borrow.

use ferogram_session::SessionBackend;

#[derive(SessionBackend)]
#[session(key_value)]
union AnyBackend {
    one: &'static u8,
    other: &'static u8,
}

fn main() {
    let _: fn(&AnyBackend) -> &dyn SessionBackend = |backend| backend;
}
