//! `SqliteBackend` behind the real client.

use drop_in::{on_file, same};
use ferogram::SqliteBackend;

drop_in::backends! {
    // Both spellings: that of 0.6.6, and the documented one.
    opened: on_file("bot.db", |path| SqliteBackend::open(path).expect("opens"));
    new: on_file("bot.db", |path| SqliteBackend::new(path));
    memory: same(SqliteBackend::in_memory().expect("opens"));
}
