//! Finds out whether a service honours conditions, before one is relied on.

use crate::explain::{self, Doing};
use crate::open::Open;
use ferogram_session::{Expect, Version};
use object_store::path::Path;
use object_store::{
    ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload, Result, UpdateVersion,
};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

/// What has been found out. Only what is right is remembered: a service that
/// is not is asked again.
#[derive(Debug, Default)]
pub(crate) struct Probe {
    updates: AtomicBool,
    creates: AtomicBool,
}

const CONTENT: &str = "This asks whether the service honours conditions. It can be deleted.\n";

impl Probe {
    /// Whether a write with this expectation may be trusted to compare. Asks
    /// with an object that nobody else knows, so that a service which ignores
    /// the condition does no harm.
    pub(crate) async fn compares(&self, open: &Open, expect: &Expect) -> io::Result<()> {
        match expect {
            Expect::Any => Ok(()),
            Expect::Version(_) => Self::once(&self.updates, Self::refuses_update(open)).await,
            Expect::Absent => Self::once(&self.creates, Self::refuses_create(open)).await,
        }
    }

    async fn once(known: &AtomicBool, ask: impl Future<Output = io::Result<()>>) -> io::Result<()> {
        if !known.load(Ordering::Relaxed) {
            ask.await?;
            known.store(true, Ordering::Relaxed);
        }
        Ok(())
    }

    /// In place of an object that is not there: nothing may be written.
    async fn refuses_update(open: &Open) -> io::Result<()> {
        let path = probe(open)?;
        let tag = Some(format!("\"{}\"", Version::fresh()));
        let mode = PutMode::Update(UpdateVersion { e_tag: tag, version: None });
        let put = put(open, &path, mode).await;
        let refused = refused(open, put);
        if matches!(refused, Ok(false)) {
            remove(open, &path).await;
        }
        if refused? { Ok(()) } else { Err(explain::ignores("If-Match")) }
    }

    /// Twice: the second may not be written. Leaves nothing behind.
    async fn refuses_create(open: &Open) -> io::Result<()> {
        let path = probe(open)?;
        // Refused already: it was made again, because its answer was lost.
        if refused(open, put(open, &path, PutMode::Create).await)? {
            remove(open, &path).await;
            return Ok(());
        }
        let again = refused(open, put(open, &path, PutMode::Create).await);
        remove(open, &path).await;
        if again? { Ok(()) } else { Err(explain::ignores("If-None-Match")) }
    }
}

/// No key begins with a dot, so this is never a session.
fn probe(open: &Open) -> io::Result<Path> {
    open.named(&format!(".conditions-{}", Version::fresh()))
}

async fn put(open: &Open, path: &Path, mode: PutMode) -> Result<()> {
    let options = PutOptions { mode, ..PutOptions::default() };
    open.client.put_opts(path, PutPayload::from_static(CONTENT.as_bytes()), options).await?;
    Ok(())
}

fn refused(open: &Open, put: Result<()>) -> io::Result<bool> {
    match put {
        Ok(()) => Ok(false),
        Err(error) if explain::is_conflict(&error) => Ok(true),
        Err(error) => Err(explain::error(&error, Doing::Write, &open.place)),
    }
}

/// As well as it goes: it says in the object that it can be deleted.
async fn remove(open: &Open, path: &Path) {
    let _ = open.client.delete(path).await;
}
