//! Backends of users, made with the derive, behind the real client: one for each
//! mode, and one over an async client, which is called from inside `connect()`
//! like the others.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use drop_in::Open;
use ferogram_session::{
    AsyncBlobStore, BlobStore, Blocking, Expect, Field, Fields, KeyValueStore, MemoryStore,
    SessionBackend, SessionCache, Version, Written, file_name,
};

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One file for each session, without versions.
struct Directory(PathBuf);

impl BlobStore for Directory {
    fn read(&self, key: &str) -> io::Result<Option<(Vec<u8>, Version)>> {
        match std::fs::read(self.0.join(file_name(key))) {
            Ok(bytes) => Ok(Some((bytes, Version::UNKNOWN))),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(e),
        }
    }

    fn write(&self, key: &str, bytes: &[u8], _: &Expect) -> io::Result<Written> {
        let new = tempfile::NamedTempFile::new_in(&self.0)?;
        std::fs::write(new.path(), bytes)?;
        new.persist(self.0.join(file_name(key)))?;
        Ok(Written::DONE)
    }

    fn delete(&self, key: &str) -> io::Result<()> {
        match std::fs::remove_file(self.0.join(file_name(key))) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
            _ => Ok(()),
        }
    }
}

#[derive(SessionBackend)]
#[session(blob(key = "drop-in/{account}"))]
struct DirectoryBackend {
    #[session(store)]
    directory: Directory,
    account: String,
}

type Hash = BTreeMap<String, Vec<u8>>;

/// A server's fields, compared and written under one lock.
#[derive(Default)]
struct Server(Mutex<HashMap<String, (Hash, Version)>>);

impl KeyValueStore for Server {
    fn read(&self, key: &str) -> io::Result<Option<(Fields, Version)>> {
        Ok(lock(&self.0)
            .get(key)
            .map(|(fields, version)| (fields.clone().into_iter().collect(), version.clone())))
    }

    fn write(&self, key: &str, fields: &[Field], expect: &Expect) -> io::Result<Written> {
        let mut sessions = lock(&self.0);
        if !expect.matches(sessions.get(key).map(|(_, version)| version)) {
            return Ok(Written::Conflict);
        }
        let version = Version::fresh();
        let session =
            sessions.entry(key.to_owned()).or_insert_with(|| (Hash::new(), version.clone()));
        session.1 = version.clone();
        for field in fields {
            match &field.value {
                Some(value) => session.0.insert(field.name.clone(), value.clone()),
                None => session.0.remove(&field.name),
            };
        }
        Ok(Written::Version(version))
    }

    fn delete(&self, key: &str) -> io::Result<()> {
        lock(&self.0).remove(key);
        Ok(())
    }

    fn conditional(&self) -> bool {
        true
    }
}

#[derive(SessionBackend)]
#[session(key_value(key = "drop-in:{account}"))]
struct ServerBackend {
    #[session(store)]
    server: Arc<Server>,
    #[session(cache)]
    cache: SessionCache,
    account: i64,
}

#[derive(SessionBackend)]
#[session(rows)]
struct TableBackend {
    #[session(store)]
    tables: Arc<MemoryStore>,
    #[session(cache)]
    cache: SessionCache,
    #[session(name)]
    name: String,
}

/// The directory again, through an async client that takes its time.
struct Remote(Directory);

impl AsyncBlobStore for Remote {
    async fn read(&self, key: &str) -> io::Result<Option<(Vec<u8>, Version)>> {
        tokio::time::sleep(Duration::from_millis(2)).await;
        self.0.read(key)
    }

    async fn write(&self, key: &str, bytes: &[u8], expect: &Expect) -> io::Result<Written> {
        tokio::time::sleep(Duration::from_millis(2)).await;
        self.0.write(key, bytes, expect)
    }

    async fn delete(&self, key: &str) -> io::Result<()> {
        tokio::time::sleep(Duration::from_millis(2)).await;
        self.0.delete(key)
    }
}

#[derive(SessionBackend)]
#[session(blob)]
struct RemoteBackend {
    #[session(store)]
    remote: Blocking<Remote>,
}

/// New handles on one folder, which lasts as long as they do.
fn in_folder<B: SessionBackend + 'static>(backend: fn(&Path) -> B) -> Open {
    let folder = tempfile::tempdir().expect("a folder");
    Arc::new(move || Arc::new(backend(folder.path())))
}

fn blob() -> Open {
    in_folder(|folder| DirectoryBackend {
        directory: Directory(folder.into()),
        account: "bot/1".into(),
    })
}

fn key_value() -> Open {
    let server = Arc::new(Server::default());
    Arc::new(move || {
        Arc::new(ServerBackend {
            server: server.clone(),
            cache: SessionCache::new(),
            account: -1001,
        })
    })
}

fn rows() -> Open {
    let tables = Arc::new(MemoryStore::new());
    Arc::new(move || {
        Arc::new(TableBackend {
            tables: tables.clone(),
            cache: SessionCache::new(),
            name: "tables".into(),
        })
    })
}

fn over_async() -> Open {
    in_folder(|folder| RemoteBackend { remote: Blocking::new(Remote(Directory(folder.into()))) })
}

drop_in::backends! {
    in_blob_mode: blob();
    in_key_value_mode: key_value();
    in_rows_mode: rows();
    over_an_async_client: over_async();
}

/// What the client prints for each.
#[test]
fn names() {
    let name = |open: Open| open().name().to_owned();
    assert_eq!(name(blob()), "directory");
    assert_eq!(name(key_value()), "server");
    assert_eq!(name(rows()), "tables");
    assert_eq!(name(over_async()), "remote");
}
