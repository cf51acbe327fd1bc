use crate::support::at;
use crate::{SERVER, name};
use ferogram_session_s3::S3Backend;
use ferogram_session_servers::faults::Faults;

/// With a session of its own.
fn over_a_network(test: impl FnOnce(&Faults<'_>)) {
    let (key, name) = (SERVER.key(), name());
    test(&Faults {
        backend: "s3",
        session: &name,
        secrets: &[&key.id, &key.secret],
        server: SERVER.address(),
        make: &|address, timeout| {
            let config = at(&SERVER, &format!("http://{address}")).timeout(timeout);
            Box::new(S3Backend::with(config, &name))
        },
    });
}

#[test]
fn a_server_that_is_not_there() {
    over_a_network(|faults| faults.refused());
}

#[test]
fn a_server_that_hangs() {
    over_a_network(|faults| faults.hung());
}

#[test]
fn a_server_that_never_ends_an_answer() {
    over_a_network(|faults| faults.trickling());
}

#[test]
fn a_connection_that_breaks_while_idle() {
    over_a_network(|faults| faults.cut_while_idle());
}

#[test]
fn a_connection_that_breaks_in_the_middle() {
    over_a_network(|faults| faults.cut_in_the_middle());
}

#[test]
fn a_slow_connection() {
    over_a_network(|faults| faults.slow());
}

#[test]
fn a_server_of_another_kind() {
    over_a_network(|faults| faults.answers_that_make_no_sense());
}
