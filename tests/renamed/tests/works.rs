//! The backends of the crate keep a session.

use ferogram_session_tests_renamed::{Reexported, Rows};
use fs::{MemoryStore, PersistedSession, SessionBackend, SessionCache};

fn keeps_a_session(backend: &dyn SessionBackend, name: &str) -> std::io::Result<()> {
    assert_eq!(backend.name(), name);
    assert!(backend.load()?.is_none());
    backend.save(&PersistedSession { home_dc_id: 4, ..PersistedSession::default() })?;
    backend.set_home_dc(2)?;
    assert_eq!(backend.load()?.map(|session| session.home_dc_id), Some(2));
    Ok(())
}

#[test]
fn under_another_name() -> std::io::Result<()> {
    let backend = Rows {
        store: MemoryStore::new(),
        cache: SessionCache::new(),
        label: "renamed".to_owned(),
        account: 7,
    };
    keeps_a_session(&backend, "renamed")
}

#[test]
fn through_a_module() -> std::io::Result<()> {
    keeps_a_session(&Reexported::default(), "reexported")
}
