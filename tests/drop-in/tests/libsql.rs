//! `LibSqlBackend` behind the real client. In 0.6.6 it panics there.

use drop_in::{on_file, same};
use ferogram::LibSqlBackend;

drop_in::backends! {
    // Both spellings: that of 0.6.6, and the documented one.
    opened: on_file("bot.db", |path| LibSqlBackend::open_local(path).expect("opens"));
    new: on_file("bot.db", LibSqlBackend::new);
    memory: same(LibSqlBackend::in_memory().expect("opens"));
}
