//! What an operator can see of it.

use ferogram_session::SessionBackend;
use ferogram_session_redis::RedisBackend;
use ferogram_session_servers::redis::{PASSWORD, Redis};
use ferogram_session_servers::sessions::full;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Keeps the events, as text.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
        self.0.lock().unwrap().push('\n');
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

impl Visit for Log {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        *self.0.lock().unwrap() += &format!(" {}={value:?}", field.name());
    }
}

#[test]
fn a_connection_that_is_opened_and_a_call_that_is_made_again_are_in_the_log() {
    let server = Redis::open();
    let log = Log::default();
    // Were it the only subscriber, a place in the code that another thread meets first
    // would count as one that nobody listens to.
    let _second = tracing::Dispatch::new(log.clone());
    tracing::subscriber::with_default(log.clone(), || {
        let backend = RedisBackend::new(server.url(), "my-bot");
        backend.save(&full(1)).unwrap();
        server.ask(&["CLIENT", "KILL", "TYPE", "normal"]);
        backend.set_home_dc(3).unwrap();
    });
    let log = log.0.lock().unwrap().clone();
    let count = |what: &str| log.lines().filter(|line| line.contains(what)).count();
    assert_eq!((count("connects"), count("the call is made again")), (2, 1), "{log}");
    assert!(count(&server.address().to_string()) >= 3, "{log}");
    assert!(!log.contains(PASSWORD), "{log}");
}
