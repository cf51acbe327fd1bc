//! Every way to reach a service, and every mistake in it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at what is wrong")]

mod support;

mod setup {
    mod addresses;
    mod buckets;
    mod lives;
    mod names;
    mod tls;
}

use ferogram_session::SessionBackend;
use ferogram_session_s3::S3Backend;
use ferogram_session_servers::s3::S3;
use ferogram_session_servers::sessions::full;
use std::process::Command;
use std::sync::LazyLock;

/// It ends with this program.
static SERVER: LazyLock<S3> = LazyLock::new(S3::open);

fn works(backend: &S3Backend) {
    backend.save(&full(3)).unwrap();
    backend.set_home_dc(4).unwrap();
    assert_eq!(backend.load().unwrap().unwrap().home_dc_id, 4);
    backend.delete().unwrap();
    assert_eq!(backend.load().unwrap(), None);
}

/// Runs one test, in a process with an environment of its own.
fn again(test: &str, program: &mut Command) {
    let output = program.args([test, "--exact", "--nocapture"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{output:?}");
}
