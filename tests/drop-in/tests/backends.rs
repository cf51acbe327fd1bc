//! The built-in backends behind the real client.

use std::sync::Arc;

use drop_in::{checks, on_file, same};
use ferogram::{BinaryFileBackend, InMemoryBackend, SessionBackend, StringSessionBackend};
use ferogram_session::PersistedSession;

drop_in::backends! {
    binary_file: on_file("bot.session", BinaryFileBackend::new);
    memory: same(InMemoryBackend::new());
    string: same(StringSessionBackend::new(""));
}

/// What `current()` gives after a client has run is a session for the next one.
#[test]
fn a_string_is_carried_over() {
    let strings = Arc::new(StringSessionBackend::new(""));
    struct Shared(Arc<StringSessionBackend>);
    impl SessionBackend for Shared {
        fn save(&self, s: &PersistedSession) -> std::io::Result<()> {
            self.0.save(s)
        }
        fn load(&self) -> std::io::Result<Option<PersistedSession>> {
            // Not the same object: one made from the text of the moment.
            StringSessionBackend::new(self.0.current()).load()
        }
        fn delete(&self) -> std::io::Result<()> {
            self.0.delete()
        }
        fn name(&self) -> &str {
            self.0.name()
        }
        fn apply_update_state(&self, update: ferogram::UpdateStateChange) -> std::io::Result<()> {
            self.0.apply_update_state(update)
        }
    }
    checks::serves_a_client(move || same(Shared(strings.clone())));
}
