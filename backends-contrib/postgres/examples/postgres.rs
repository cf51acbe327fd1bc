//! A session in PostgreSQL. Without `DATABASE_URL` a server is started for it.
//!
//! ```text
//! $ cargo run -p ferogram-session-postgres --example postgres
//! pts before: 0
//! pts after:  1
//! sessions:   ["example-of-postgres"]
//! ```

use ferogram_session::{SessionBackend, UpdateStateChange};
use ferogram_session_postgres::PostgresBackend;
use ferogram_session_servers::postgres::Postgres;

fn main() -> std::io::Result<()> {
    let (url, server) = match std::env::var("DATABASE_URL") {
        Ok(url) => (url, None),
        Err(_) => {
            let server = Postgres::open();
            (server.url("postgres"), Some(server))
        }
    };

    let backend = PostgresBackend::connect(&url, "example-of-postgres")?;
    let mut session = backend.load()?.unwrap_or_default();
    println!("pts before: {}", session.updates_state.pts);

    // What the client does: now and then a whole session, and small changes often.
    session.home_dc_id = 2;
    backend.save(&session)?;
    let pts = session.updates_state.pts + 1;
    backend.apply_update_state(UpdateStateChange::Primary { pts, date: 1_700_000_000, seq: 1 })?;

    // Another program with the same URL and name finds it.
    let again = PostgresBackend::new(&url, "example-of-postgres");
    let stored = again.load()?.unwrap_or_default();
    println!("pts after:  {}", stored.updates_state.pts);
    assert_eq!(stored.updates_state.pts, pts);
    println!("sessions:   {:?}", again.sessions()?);
    again.delete()?;
    drop(server);
    Ok(())
}
