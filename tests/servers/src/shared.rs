//! One server for many tests: the conformance suite has a place for each case,
//! and some cases start other processes of the same program.

use ferogram_session::testing::Place;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// A server that lives as long as one of the tests that use it.
///
/// ```no_run
/// use ferogram_session::testing::Place;
/// use ferogram_session_servers::redis::Redis;
/// use ferogram_session_servers::shared::OfProgram;
///
/// static SERVER: OfProgram<Redis> = OfProgram::new();
///
/// fn url(place: &Place) -> String {
///     SERVER.at(place, Redis::open, Redis::url)
/// }
/// ```
#[derive(Debug)]
pub struct OfProgram<T>(Mutex<Weak<T>>);

impl<T: Send + Sync + 'static> OfProgram<T> {
    /// None yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(Mutex::new(Weak::new()))
    }

    /// The server, opened if it is not running.
    pub fn get(&self, open: impl FnOnce() -> T) -> Arc<T> {
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        running.upgrade().unwrap_or_else(|| {
            let server = Arc::new(open());
            *running = Arc::downgrade(&server);
            server
        })
    }

    /// What `tell` says of the server (its address), which runs until the
    /// place is gone. Other processes of this place find it in a file.
    ///
    /// # Panics
    ///
    /// If that file cannot be written.
    pub fn at(
        &self,
        place: &Place,
        open: impl FnOnce() -> T,
        tell: impl FnOnce(&T) -> String,
    ) -> String {
        let note = place.dir().join("server");
        if let Ok(told) = fs::read_to_string(&note) {
            return told;
        }
        let server = place.shared(|| self.get(open));
        let told = tell(&server);
        // Whole or not there, and readable by its owner only.
        let temporary = place.dir().join(format!("server-{:?}", std::thread::current().id()));
        let mut options = OpenOptions::new();
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.write(true).create(true).truncate(true).open(&temporary).unwrap();
        file.write_all(told.as_bytes()).unwrap();
        fs::rename(temporary, note).unwrap();
        told
    }
}

impl<T: Send + Sync + 'static> Default for OfProgram<T> {
    fn default() -> Self {
        Self::new()
    }
}
