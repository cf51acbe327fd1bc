use super::now::check_file;
use super::paths::Paths;
use super::store::{self, FileStore};
use crate::backends::disk;
use crate::backends::paths::at;
use crate::data::PersistedSession;
use crate::error::SessionError;
use crate::format::{self, Salvaged};
use crate::records::Records;
use std::io;

impl FileStore {
    /// See [`BinaryFileBackend::recover`](super::BinaryFileBackend::recover);
    /// `unchecked` is [`recover_unchecked`](super::BinaryFileBackend::recover_unchecked).
    pub(super) fn recover(&self, unchecked: bool) -> io::Result<PersistedSession> {
        let mut mended = None;
        self.locked(|paths, slot| {
            *slot = None;
            let unreadable = match disk::metadata(&paths.main) {
                Ok(metadata) if metadata.is_file() => check_file(paths, &metadata).is_err(),
                Ok(metadata) => check_file(paths, &metadata).map(|()| false)?,
                Err(_) => false,
            };
            let main = if unreadable { None } else { read(&paths.main)? };
            if main.as_ref().is_some_and(|bytes| format::decode_file(bytes).is_ok()) {
                // By this call, before it lost its lock.
                if let Some(mended) = mended.take() {
                    return Ok(mended);
                }
                return Err(SessionError::config(format!(
                    "{} is whole: there is nothing to recover",
                    paths.main.display()
                ))
                .into());
            }
            let records = best(paths, main.as_deref(), unchecked)?;
            if unreadable {
                let damaged = paths.damaged();
                disk::rename(&paths.main, &damaged)
                    .map_err(|error| at(&damaged, "write", error))?;
            }
            if let Some(bytes) = &main {
                put_aside(paths, bytes)?;
            }
            *slot = Some(store::put(paths, &records, false)?);
            let session = records.into_session();
            mended = Some(session.clone());
            Ok(session)
        })
    }
}

/// The damaged file as far as it is whole, which is newer; else the previous
/// generation; else whatever login the damaged file shows, if nothing says that
/// it is another one, or if that is asked for.
fn best(paths: &Paths, main: Option<&[u8]>, unchecked: bool) -> io::Result<Records> {
    if let Some(records) = main.and_then(format::salvage) {
        return Ok(records);
    }
    let mut damaged = None;
    for previous in paths.all_previous() {
        match read(&previous)?.map(|bytes| format::decode_file(&bytes)) {
            Some(Ok((records, _))) => return Ok(records),
            Some(Err(damage)) => damaged = damaged.or(Some((previous, damage))),
            None => {}
        }
    }
    // Nothing is kept of it, as of a file of an older release.
    let found = main.and_then(format::salvage_base);
    if let Some(Salvaged { records, doubtful }) = found {
        if unchecked || !doubtful {
            return Ok(records);
        }
        return Err(SessionError::corrupt(format!(
            "{} holds a login, but by its checksum some byte is not what was written, which may be one of a key; and there is no whole {}",
            paths.main.display(),
            paths.previous().display()
        ))
        .help("put a copy of the file in its place; `recover_unchecked()` takes that login all the same, and if a key is wrong Telegram refuses it: then log in anew")
        .into());
    }
    let error = match damaged {
        Some((previous, damage)) => {
            SessionError::corrupt(format!("{} is damaged too: {}", previous.display(), damage.what))
                .at(damage.offset as u64)
        }
        None => SessionError::corrupt(format!(
            "{} holds no login that could be made out, and there is no {}",
            paths.main.display(),
            paths.previous().display()
        )),
    };
    Err(error.help("put a copy of the file in its place").into())
}

/// Keeps the damaged file for whoever wants to look into it. What was put
/// aside by an earlier recovery makes way.
fn put_aside(paths: &Paths, bytes: &[u8]) -> io::Result<()> {
    let damaged = paths.damaged();
    let failed = |error| at(&damaged, "write", error);
    disk::remove(&damaged).map_err(failed)?;
    let file = disk::create_private(&damaged).map_err(failed)?;
    disk::keep_owner(&file, &paths.main);
    disk::write_at(&file, bytes, 0).map_err(failed)?;
    disk::sync(&file).map_err(failed)
}

fn read(path: &std::path::Path) -> io::Result<Option<Vec<u8>>> {
    match disk::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(at(path, "read", error)),
    }
}
