//! The two checks that every backend goes through.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::datacentre::STATE;
use crate::server::Caller;
use crate::{Answer, Open, Outcome, Server, Watched, builder, connect, run, runtimes, seed};

/// Says whether a session is stored, through a handle of its own.
fn stored(open: &Open) -> ferogram_session::PersistedSession {
    open().load().expect("loads").expect("is there")
}

/// `connect` loads the session on the thread that polls it, and dials the home DC
/// with its key. The server hangs up, `connect` fails, and nothing was written.
pub fn loads_inside_connect(open: impl Fn() -> Open) {
    for (name, runtime) in runtimes() {
        let server = Server::start(Answer::Close);
        let trap = Server::start(Answer::Close);
        let seed = seed(&server.addr());
        let open = open();
        open().save(&seed).expect("saves");

        let backend = Arc::new(Watched::new(open()));
        let builder = builder(&trap).session_backend(backend.clone());
        let (thread, outcome) = run(runtime, async move {
            let outcome = connect(builder).await;
            // The task may have moved; with one worker in use it has not.
            (std::thread::current().id(), outcome)
        });

        let Outcome::Failed(_) = outcome else {
            panic!("{name}: the server hung up, and connect gave: {outcome:?}");
        };
        let calls = backend.calls();
        assert_eq!(calls.len(), 1, "{name}: {calls:?}");
        let load = &calls[0];
        assert_eq!(load.method, "load", "{name}");
        assert!(load.ok, "{name}: load failed");
        assert!(load.from_future, "{name}: not called from asynchronous code");
        assert!(load.in_runtime, "{name}: not called inside a runtime");
        let here = std::thread::current().id();
        match name {
            "multi-thread" => assert_ne!(load.thread, here, "not on a worker"),
            _ => assert_eq!((load.thread, thread), (here, here)),
        }

        assert_eq!(server.callers(), [Caller::WithKey], "{name}");
        assert_eq!(trap.callers(), [], "{name}: dialled as without a session");
        assert_eq!(
            seed::fields(&stored(&open)),
            seed::fields(&seed),
            "{name}: the stored session changed"
        );
    }
}

/// Waits for something that jobs of the client bring about.
fn wait(what: &str, mut reached: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !reached() {
        assert!(Instant::now() < deadline, "never: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The client connects, writes its counters and its session, shuts down (which
/// writes both at once, from two tasks), and connects again with what is stored.
pub fn serves_a_client(open: impl Fn() -> Open) {
    for (name, runtime) in runtimes() {
        let server = Server::start(Answer::Telegram);
        let trap = Server::start(Answer::Close);
        let seed = seed(&server.addr());
        let open = open();
        open().save(&seed).expect("saves");

        let backend = Arc::new(Watched::new(open()));
        let first = builder(&trap).session_backend(backend.clone());
        let watched = backend.clone();
        run(runtime, async move {
            let connected = match connect(first).await {
                Outcome::Connected(connected) => connected,
                other => panic!("connect gave: {other:?}"),
            };
            // The counters of the server, as two independent jobs.
            let _ = tokio::task::spawn_blocking({
                let watched = watched.clone();
                move || {
                    wait("the counters after connect", || {
                        watched.count("primary") >= 1 && watched.count("secondary") >= 1
                    })
                }
            })
            .await
            .map_err(|e| std::panic::resume_unwind(e.into_panic()));

            connected.client.save_session().await.expect("saves");
            assert_eq!(watched.count("save"), 1);

            connected.shutdown.cancel();
            // The final save of the whole session, and the counters after it, beside
            // the final counters of the periodic writer.
            let _ = tokio::task::spawn_blocking(move || {
                wait("the last writes", || {
                    watched.count("save") >= 2 && watched.count("secondary") >= 4
                })
            })
            .await
            .map_err(|e| std::panic::resume_unwind(e.into_panic()));
        });

        let calls = backend.calls();
        assert!(calls.iter().all(|c| c.ok), "{name}: {calls:#?}");
        assert!(calls.iter().all(|c| c.in_runtime), "{name}: {calls:#?}");
        assert_eq!(calls.iter().filter(|c| c.from_future).count(), 1, "{name}");
        assert_eq!(trap.callers(), [], "{name}: dialled as without a session");

        let after = stored(&open);
        let [pts, qts, date, seq] = STATE;
        let u = &after.updates_state;
        assert_eq!([u.pts, u.qts, u.date, u.seq], [pts, qts, date, seq], "{name}");
        assert_eq!(after.home_dc_id, seed.home_dc_id, "{name}");
        assert_eq!(after.future_auth_token, seed.future_auth_token, "{name}");
        assert_eq!(seed::peers(&after), seed::peers(&seed), "{name}");
        for dc in &seed.dcs {
            let kept = after.dcs.iter().any(|d| {
                (d.dc_id, &d.addr, d.auth_key, d.flags)
                    == (dc.dc_id, &dc.addr, dc.auth_key, dc.flags)
            });
            assert!(kept, "{name}: lost DC {} with flags {}", dc.dc_id, dc.flags.0);
        }

        // Another handle, another runtime: the login is still there.
        for (name, runtime) in runtimes() {
            let before = server.callers().len();
            let again = builder(&trap).session_backend(open());
            run(runtime, async move {
                match connect(again).await {
                    Outcome::Connected(c) => c.shutdown.cancel(),
                    other => panic!("connect gave: {other:?}"),
                }
            });
            assert_eq!(server.callers()[before..], [Caller::WithKey], "{name}");
            assert_eq!(trap.callers(), [], "{name}: dialled as without a session");
        }
    }
}
