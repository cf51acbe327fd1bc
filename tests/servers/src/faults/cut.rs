//! Connections that are cut, while nobody uses them and in the middle of a call.

use super::{CALLS, Call, Faults, LONG};
use crate::proxy::{Fault, Proxy};
use crate::sessions::{full, normal};
use ferogram_session::{InMemoryBackend, PersistedSession, SessionBackend, SessionError};
use std::time::Duration;

impl Faults<'_> {
    /// A connection that broke while nobody used it is opened again without a
    /// word; while the network is gone, that is an error.
    pub fn cut_while_idle(&self) {
        let proxy = Proxy::new(self.server);
        let backend = self.at(proxy.address(), LONG);
        backend.save(&full(1)).unwrap();
        for round in 1..=5 {
            proxy.set(Fault::Cut);
            if round % 2 == 0 {
                self.fail(&*backend, &["load", "set_home_dc"], |error| {
                    matches!(error, SessionError::Unavailable(_))
                });
            }
            proxy.set(Fault::None);
            backend.set_home_dc(round).unwrap();
            assert_eq!(self.direct().load().unwrap().unwrap().home_dc_id, round);
        }
    }

    /// In the middle of a question, and in the middle of an answer, whatever is
    /// asked: the call is repeated or fails, what was acknowledged is there,
    /// nothing is there by half, a part of an answer is never taken for the
    /// whole, and the next call works.
    pub fn cut_in_the_middle(&self) {
        let proxy = Proxy::new(self.server);
        let cut = [Fault::CutAnswer, Fault::HalfClose]
            .into_iter()
            .chain([1, 40, 400].map(Fault::CutAnswerAfter))
            .chain([1, 40, 400].map(Fault::CutRequestAfter));
        for fault in cut {
            // The connection that is opened after it is as it should be.
            self.cut_each(&proxy, fault, |proxy| proxy.set_once(fault));
        }
        for fault in [Fault::CutAnswer, Fault::CutAnswerAfter(40), Fault::CutRequestAfter(40)] {
            self.cut_each(&proxy, fault, |proxy| proxy.set(fault));
        }
    }

    fn cut_each(&self, proxy: &Proxy, fault: Fault, cut: impl Fn(&Proxy)) {
        let backend = self.at(proxy.address(), Duration::from_secs(2));
        let (direct, before) = (self.direct(), normal(full(20)));
        let stored = || self.direct().load().unwrap().map(normal);
        for (operation, call) in CALLS {
            direct.save(&before).unwrap();
            assert_eq!(backend.load().unwrap().map(normal).as_ref(), Some(&before));
            cut(proxy);
            let called = match operation {
                "load" => backend.load().map(|loaded| {
                    assert_eq!(loaded.map(normal).as_ref(), Some(&before), "{fault:?}");
                }),
                _ => call(&*backend),
            };
            proxy.set(Fault::None);
            let (is, done) = (stored(), after(&before, call));
            match called {
                Ok(()) => assert!(is == done, "{operation}, {fault:?}: acknowledged, not there"),
                Err(error) => {
                    self.tells(&error, operation);
                    let whole = is == done || is.as_ref() == Some(&before);
                    assert!(whole, "{operation}, {fault:?}: neither as before nor as after");
                }
            }
            backend.set_home_dc(5).unwrap();
            let mut next = is.unwrap_or_default();
            next.home_dc_id = 5;
            assert!(stored() == Some(normal(next)), "{operation}, {fault:?}: the next call");
        }
    }
}

/// What a call makes of a session.
fn after(session: &PersistedSession, call: Call) -> Option<PersistedSession> {
    let reference = InMemoryBackend::new();
    reference.save(session).unwrap();
    call(&reference).unwrap();
    reference.load().unwrap().map(normal)
}
