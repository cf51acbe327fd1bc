//! A backend picked by an environment variable: a file on the developer's
//! machine, a database in production, memory in tests.
//!
//! ```text
//! $ SESSION=memory cargo run --example by_environment --features sqlite-session
//! in-memory: home dc 2, 1 auth key, pts 4711, 5 peers
//! $ SESSION=sqlite::memory: cargo run --example by_environment --features sqlite-session
//! :memory:: home dc 2, 1 auth key, pts 4711, 5 peers
//! $ SESSION=mongo cargo run --example by_environment --features sqlite-session
//! SESSION is file:PATH, sqlite:PATH, string:TEXT or memory
//! ```

use example_stores::sample::{in_short, login};
use ferogram_session::{
    BinaryFileBackend, InMemoryBackend, SessionBackend, SqliteBackend, StringSessionBackend,
};
use std::sync::Arc;
use std::{env, io};

/// What the client takes: `Client::builder().session_backend(backend)`.
fn backend(choice: &str) -> io::Result<Arc<dyn SessionBackend>> {
    let (kind, place) = choice.split_once(':').unwrap_or((choice, ""));
    Ok(match kind {
        "file" => Arc::new(BinaryFileBackend::new(place)),
        "sqlite" => Arc::new(SqliteBackend::new(place)),
        "string" => Arc::new(StringSessionBackend::new(place)),
        "memory" => Arc::new(InMemoryBackend::new()),
        // Not a default: a login that goes to the wrong place is lost.
        _ => {
            // Nor is the value shown: it may be a string session.
            let message = "SESSION is file:PATH, sqlite:PATH, string:TEXT or memory";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
    })
}

fn main() -> io::Result<()> {
    let choice = env::var("SESSION").unwrap_or_default();
    let backend = match backend(&choice) {
        Ok(backend) => backend,
        Err(error) => {
            println!("{error}");
            return Ok(());
        }
    };
    backend.save(&login(5))?;
    println!("{}: {}", backend.name(), in_short(backend.load()?.as_ref()));
    backend.delete()
}
