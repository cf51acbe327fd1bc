//! The snippets of the users' documentation of session backends, one test each,
//! as they stand there, against the real client and a server on loopback.
//!
//! Three lines there do not hold for the client 0.6.6 by itself: `.in_memory()`
//! is no method of its builder (the backend is given instead), `DcEntry` is not
//! re-exported by it (it comes from `ferogram_session`), and a `Config` needs an
//! `api_id`.

use std::error::Error;
use std::future::Future;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use drop_in::server::Caller;
use drop_in::{Answer, Server, seed};
use ferogram::session_backend::{
    BinaryFileBackend, InMemoryBackend, PersistedSession, SessionBackend, StringSessionBackend,
    UpdateStateChange,
};
use ferogram::{Client, ClientBuilder, Config, ShutdownToken};
use ferogram_session::DcEntry;

type Connected = Result<(Client, ShutdownToken), Box<dyn Error + Send + Sync>>;

/// What every snippet has around it: `Client::builder()` with its id and hash.
fn client() -> ClientBuilder {
    drop_in::assert_isolated();
    Client::builder().api_id(12345).api_hash("your_api_hash")
}

/// Runs `snippet` with a server that knows the login of the session it is given,
/// and a folder.
/// The client must have found that session.
fn finds<F>(snippet: impl FnOnce(PersistedSession, PathBuf) -> F)
where
    F: Future<Output = Connected> + Send + 'static,
{
    let server = Server::start(Answer::Telegram);
    let folder = tempfile::tempdir().unwrap();
    let snippet = snippet(seed(&server.addr()), folder.path().into());
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    drop_in::run(runtime, async {
        let (client, shutdown) = snippet.await.expect("connects");
        client.save_session().await.expect("saves");
        shutdown.cancel();
    });
    assert_eq!(server.callers(), [Caller::WithKey]);
}

#[test]
fn binary_file_by_path() {
    finds(|session, folder| async move {
        let path = folder.join("my.session");
        session.save(&path)?;
        let (client, shutdown) = client().session(path).connect().await?;
        Ok((client, shutdown))
    });
}

#[test]
fn binary_file_made_directly() {
    finds(|session, folder| async move {
        let path = folder.join("my.session");
        session.save(&path)?;
        let backend = Arc::new(BinaryFileBackend::new(path));
        Ok(client().session_backend(backend).connect().await?)
    });
}

#[test]
fn in_memory() {
    finds(|session, _| async move {
        let backend = Arc::new(InMemoryBackend::new());
        backend.save(&session)?;
        Ok(client().session_backend(backend).connect().await?)
    });
}

#[test]
fn a_string_is_exported_and_restored() {
    finds(|session, _| async move {
        let (client_, shutdown) = client().session_string(session.to_string()).connect().await?;
        let session_string = client_.export_session_string().await?;
        shutdown.cancel();
        // To the one who shows it, it is the login.
        let restored = StringSessionBackend::new(session_string).load()?.expect("a session");
        assert_eq!(restored.dc_for(4, false).unwrap().auth_key, Some(seed::KEY));
        Ok((client_, shutdown))
    });
}

#[test]
fn a_string_by_config() {
    finds(|session, _| async move {
        let config = Config {
            api_id: 12345,
            api_hash: "your_api_hash".into(),
            ..Config::with_string_session(session.to_string())
        };
        Ok(Client::connect(config).await?)
    });
}

#[test]
fn a_string_backend_made_directly() {
    finds(|session, _| async move {
        let backend = Arc::new(StringSessionBackend::new(session.to_string()));
        Ok(client().session_backend(backend).connect().await?)
    });
}

#[test]
#[cfg(feature = "sqlite")]
fn sqlite() {
    use ferogram::SqliteBackend;

    finds(|session, folder| async move {
        let path = folder.join("sessions.db");
        // "The file is created if it doesn't exist."
        SqliteBackend::new(&path).save(&session)?;
        assert!(path.exists());
        Ok(client().session_backend(Arc::new(SqliteBackend::new(path))).connect().await?)
    });
}

#[test]
#[cfg(feature = "libsql")]
fn libsql() {
    use ferogram::LibSqlBackend;

    finds(|session, folder| async move {
        let backend = LibSqlBackend::new(folder.join("local.db"));
        backend.save(&session)?;
        // Cannot fail; what is wrong is the error of the first call.
        let remote = LibSqlBackend::remote("libsql://your-db.turso.io", "your-turso-auth-token");
        let error = remote.load().expect_err("there is no network");
        assert!(!error.to_string().contains("your-turso-auth-token"), "{error}");
        Ok(client().session_backend(Arc::new(backend)).connect().await?)
    });
}

/// The custom backend of the documentation, with a place instead of a pool.
#[derive(Default)]
struct MyBackend {
    stored: Mutex<Option<Vec<u8>>>,
}

impl SessionBackend for MyBackend {
    fn save(&self, session: &PersistedSession) -> io::Result<()> {
        // Serialize and store session
        let bytes = serde_json::to_vec(session).map_err(io::Error::other)?;
        *self.stored.lock().unwrap_or_else(PoisonError::into_inner) = Some(bytes);
        Ok(())
    }

    fn load(&self) -> io::Result<Option<PersistedSession>> {
        // Load and deserialize
        let stored = self.stored.lock().unwrap_or_else(PoisonError::into_inner);
        stored
            .as_deref()
            .map(|bytes| serde_json::from_slice(bytes).map_err(io::Error::other))
            .transpose()
    }

    fn delete(&self) -> io::Result<()> {
        Ok(())
    }

    fn name(&self) -> &str {
        "my-custom-backend"
    }

    // Optional: override granular methods for better performance
    // Default impls call load() → mutate → save()

    fn update_dc(&self, entry: &DcEntry) -> io::Result<()> {
        // UPDATE single DC row (e.g. SQL UPDATE)
        let mut session = self.load()?.unwrap_or_default();
        session.dcs.retain(|dc| (dc.dc_id, dc.flags) != (entry.dc_id, entry.flags));
        session.dcs.push(entry.clone());
        self.save(&session)
    }

    fn set_home_dc(&self, dc_id: i32) -> io::Result<()> {
        // UPDATE home_dc column only
        let session = self.load()?.unwrap_or_default();
        self.save(&PersistedSession { home_dc_id: dc_id, ..session })
    }
}

#[test]
fn a_custom_backend() {
    finds(|session, _| async move {
        let backend = Arc::new(MyBackend::default());
        backend.save(&session)?;
        let connected = client().session_backend(backend.clone()).connect().await?;
        // What is not overridden is load, change, save.
        let change = UpdateStateChange::Secondary { qts: 77 };
        backend.apply_update_state(change)?;
        assert_eq!(backend.load()?.unwrap().updates_state.qts, 77);
        Ok(connected)
    });
}

async fn connect_with_backend(
    backend: impl SessionBackend + 'static,
    api_id: i32,
    api_hash: &str,
) -> Connected {
    let (client, shutdown) = Client::builder()
        .api_id(api_id)
        .api_hash(api_hash)
        .session_backend(Arc::new(backend))
        .connect()
        .await?;

    Ok((client, shutdown))
}

#[test]
fn a_backend_attached_by_the_builder() {
    finds(|session, _| async move {
        drop_in::assert_isolated();
        let backend = StringSessionBackend::new(session.to_string());
        connect_with_backend(backend, 12345, "your_api_hash").await
    });
}

#[test]
fn current_path_and_snapshot() {
    let backend = StringSessionBackend::new("");
    assert!(backend.load().unwrap().is_none(), "an empty string starts fresh");
    backend.save(&seed("127.0.0.1:1")).unwrap();
    let s: String = backend.current(); // base64 session string
    assert_eq!(StringSessionBackend::new(s).load().unwrap(), backend.load().unwrap());

    let backend = BinaryFileBackend::new("bot.session");
    assert_eq!(format!("Saving to: {}", backend.path().display()), "Saving to: bot.session");

    let backend = InMemoryBackend::new();
    assert!(backend.snapshot().is_none());
    backend.save(&seed("127.0.0.1:1")).unwrap();
    if let Some(session) = backend.snapshot() {
        assert_eq!(session.home_dc_id, 4);
    } else {
        panic!("nothing was kept");
    }
}
