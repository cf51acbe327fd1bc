//! A bar on a terminal, which moves with each call of the two backends.

use ferogram_session::{PersistedSession, SessionBackend};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io;
use std::sync::Arc;
use std::time::Duration;

/// The calls of a copy: read, look at the target, write, read back, look
/// whether the login is still the same.
const CALLS: u64 = 5;

/// A bar on standard error; none is drawn if that is no terminal.
pub(crate) fn bar() -> ProgressBar {
    let bar = drawn_on(ProgressDrawTarget::stderr());
    if !bar.is_hidden() {
        bar.enable_steady_tick(Duration::from_millis(100));
    }
    bar
}

fn drawn_on(target: ProgressDrawTarget) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(CALLS), target);
    match ProgressStyle::with_template("{spinner} [{bar:20}] {elapsed} {msg}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// A backend whose calls move a bar.
pub(crate) struct Watched {
    pub(crate) backend: Arc<dyn SessionBackend>,
    pub(crate) shown: String,
    pub(crate) bar: ProgressBar,
}

impl Watched {
    fn call<T>(&self, what: String, call: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        self.bar.set_message(what);
        let result = call()?;
        self.bar.inc(1);
        Ok(result)
    }
}

impl SessionBackend for Watched {
    fn save(&self, session: &PersistedSession) -> io::Result<()> {
        let what = format!("writing {} peers to {}", session.peers.len(), self.shown);
        self.call(what, || self.backend.save(session))
    }

    fn load(&self) -> io::Result<Option<PersistedSession>> {
        self.call(format!("reading {}", self.shown), || self.backend.load())
    }

    fn delete(&self) -> io::Result<()> {
        self.backend.delete()
    }

    fn name(&self) -> &str {
        &self.shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ferogram_session::{InMemoryBackend, copy};
    use indicatif::InMemoryTerm;

    #[test]
    fn the_bar_moves_with_the_calls_and_says_what_is_done() {
        let terminal = InMemoryTerm::new(3, 120);
        let bar = drawn_on(ProgressDrawTarget::term_like(Box::new(terminal.clone())));
        let session = InMemoryBackend::new();
        session.set_home_dc(2).unwrap();
        let watch = |backend: InMemoryBackend, shown: &str| Watched {
            backend: Arc::new(backend),
            shown: shown.to_owned(),
            bar: bar.clone(),
        };
        let from = watch(session, "file:bot.session");
        let to = watch(InMemoryBackend::new(), "sqlite:x.db");
        let _copied = copy(&from, &to).unwrap();
        assert_eq!(bar.position(), CALLS);
        bar.tick();
        let drawn = terminal.contents();
        assert!(drawn.contains("reading file:bot.session"), "{drawn}");
        assert!(drawn.contains(&"█".repeat(20)), "{drawn}");
    }
}
