use super::now::check_file;
use super::paths::Paths;
use super::store::{self, FileStore};
use crate::backends::disk;
use crate::backends::paths::at;
use crate::data::PersistedSession;
use crate::error::SessionError;
use crate::format;
use crate::records::Records;
use std::io;

impl FileStore {
    /// See [`BinaryFileBackend::recover`](super::BinaryFileBackend::recover).
    pub(super) fn recover(&self) -> io::Result<PersistedSession> {
        self.locked(|paths, slot| {
            *slot = None;
            let unreadable = match disk::metadata(&paths.main) {
                Ok(metadata) if metadata.is_file() => check_file(paths, &metadata).is_err(),
                Ok(metadata) => check_file(paths, &metadata).map(|()| false)?,
                Err(_) => false,
            };
            let main = if unreadable { None } else { read(&paths.main)? };
            if main.as_ref().is_some_and(|bytes| format::decode_file(bytes).is_ok()) {
                return Err(SessionError::config(format!(
                    "{} is whole: there is nothing to recover",
                    paths.main.display()
                ))
                .into());
            }
            let records = best(paths, main.as_deref())?;
            if unreadable {
                let damaged = paths.damaged();
                disk::rename(&paths.main, &damaged)
                    .map_err(|error| at(&damaged, "write", error))?;
            }
            if let Some(bytes) = &main {
                put_aside(paths, bytes)?;
            }
            *slot = Some(store::put(paths, &records, false)?);
            Ok(records.into_session())
        })
    }
}

/// The damaged file as far as it is whole, which is newer; else the previous
/// generation; else whatever login the damaged file shows.
fn best(paths: &Paths, main: Option<&[u8]>) -> io::Result<Records> {
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
    // A file of an older release, of which nothing is kept.
    if let Some(records) = main.and_then(format::salvage_base) {
        return Ok(records);
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
