//! One server for many tests: the conformance suite has a place for each case,
//! and some cases start other processes of the same program.

use ferogram_session::testing::Place;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

/// A server that is started by the first test that uses it, and ends with the
/// program: a case that has one place after the other does not wait for it each
/// time.
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
pub struct OfProgram<T>(Mutex<Option<Arc<T>>>);

impl<T: Send + Sync + 'static> OfProgram<T> {
    /// None yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// The server, opened if it is not running.
    pub fn get(&self, open: impl FnOnce() -> T) -> Arc<T> {
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(running.get_or_insert_with(|| Arc::new(open())))
    }

    /// What `tell` says of the server (its address). Other processes of this
    /// place find it in a file.
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
        let told = tell(&self.get(open));
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
