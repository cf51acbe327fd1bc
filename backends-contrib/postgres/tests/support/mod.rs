//! One server for a test program, and a place in it for each test.
#![allow(dead_code, reason = "each test program uses a part of it")]

use ferogram_session::testing::Place;
use ferogram_session_servers::postgres::Postgres;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::OnceLock;

/// The server of this test program; it ends with the program.
pub fn server() -> &'static Postgres {
    static SERVER: OnceLock<Postgres> = OnceLock::new();
    SERVER.get_or_init(Postgres::open)
}

/// A schema of this place, on the server at the address that `url` gives.
/// Processes of one place find the address in a file.
pub fn schema(place: &Place, url: impl FnOnce() -> String) -> (String, String) {
    let note = place.dir().join("server");
    let schema = place.id().to_owned();
    let url = fs::read_to_string(&note).unwrap_or_else(|_| {
        let made = place.shared(|| {
            server().sql("postgres", &format!("CREATE SCHEMA {schema}"));
            let url = url();
            fs::write(&note, &url).unwrap();
            fs::set_permissions(&note, fs::Permissions::from_mode(0o600)).unwrap();
            url
        });
        String::clone(&made)
    });
    (schema, url)
}
