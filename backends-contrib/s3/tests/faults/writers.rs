//! Others who write and remove at the same time.

use crate::support::config;
use crate::{SERVER, name};
use ferogram_session::SessionBackend;
use ferogram_session_s3::{S3Backend, S3Config};
use ferogram_session_servers::processes;
use ferogram_session_servers::s3::{BUCKET, S3};
use ferogram_session_servers::sessions::{full, user};

/// Fewer calls than with other servers: each writes the object that the seven
/// others are about to write.
#[test]
fn eight_processes_on_one_session() {
    let open = || {
        let server = S3::open();
        let note = server.note();
        (server, note)
    };
    let name = "faults::writers::eight_processes_on_one_session";
    processes::eight_making(8, name, open, |note| {
        let [url, id, secret] = note.split(' ').collect::<Vec<_>>().try_into().unwrap();
        let config = S3Config::new(format!("s3://{BUCKET}")).endpoint(url).credentials(id, secret);
        S3Backend::with(config, "eight")
    });
}

#[test]
fn deleting_while_others_write_leaves_a_whole_session_or_none() {
    let name = name();
    let backend = S3Backend::with(config(&SERVER), &name);
    backend.save(&full(5)).unwrap();
    std::thread::scope(|scope| {
        for writer in 0..3 {
            let name = &name;
            scope.spawn(move || {
                let backend = S3Backend::with(config(&SERVER), name);
                for at in 0..10 {
                    backend.cache_peer(&user(100 + writer * 10 + at, 1)).unwrap();
                }
            });
        }
        scope.spawn(|| {
            for _ in 0..5 {
                backend.delete().unwrap();
            }
        });
    });
    if let Some(session) = backend.load().unwrap() {
        assert!(session.peers.len() <= 38);
    }
    backend.delete().unwrap();
    assert_eq!(backend.load().unwrap(), None);
}
