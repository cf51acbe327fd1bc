//! What is held in memory between calls. One test, so that nobody else allocates.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

use ferogram_session::SessionBackend;
use ferogram_session_redis::RedisBackend;
use ferogram_session_servers::memory;
use ferogram_session_servers::redis::Redis;
use ferogram_session_servers::sessions::full;
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

#[test]
fn at_most_twice_the_session_is_held() {
    let server = Redis::open();
    let first = RedisBackend::new(server.url(), "first");
    first.save(&full(1)).unwrap();
    let backend = first.session("my-bot");
    let held = memory::held(&backend, || MEMORY.current_usage());
    memory::stands_in(include_str!("../docs.md"), held);
}
