//! The store lacks the trait of the mode.

use ferogram_session::SessionBackend;

struct Client;

#[derive(SessionBackend)]
#[session(blob)]
struct S3Backend {
    #[session(store)]
    bucket: Client,
}

fn main() {
    let _: fn(&S3Backend) -> &dyn SessionBackend = |backend| backend;
}
