use super::now::check_file;
use super::paths::Paths;
use super::store::{self, FileStore};
use crate::backends::disk;
use crate::backends::paths::at;
use crate::data::PersistedSession;
use crate::error::SessionError;
use crate::format;
use crate::records::Records;
use std::fs;
use std::io;

impl FileStore {
    /// See [`BinaryFileBackend::recover`](super::BinaryFileBackend::recover).
    pub(super) fn recover(&self) -> io::Result<PersistedSession> {
        self.locked(|paths, slot| {
            *slot = None;
            let main = match fs::metadata(&paths.main) {
                Ok(metadata) if check_file(paths, &metadata).is_err() => {
                    // Nothing that could be read: out of the way with it.
                    if !metadata.is_file() {
                        check_file(paths, &metadata)?;
                    }
                    let damaged = paths.damaged();
                    fs::rename(&paths.main, &damaged)
                        .map_err(|error| at(&damaged, "write", error))?;
                    None
                }
                _ => read(&paths.main)?,
            };
            if main.as_ref().is_some_and(|bytes| format::decode_file(bytes).is_ok()) {
                return Err(SessionError::config(format!(
                    "{} is whole: there is nothing to recover",
                    paths.main.display()
                ))
                .into());
            }
            let records = best(paths, main.as_deref())?;
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
    let previous = paths.previous();
    let kept = read(&previous)?.map(|bytes| format::decode_file(&bytes));
    if let Some(Ok((records, _))) = kept {
        return Ok(records);
    }
    // A file of an older release, of which nothing is kept.
    if let Some(records) = main.and_then(format::salvage_base) {
        return Ok(records);
    }
    let error = match kept {
        Some(Err(damage)) => {
            SessionError::corrupt(format!("{} is damaged too: {}", previous.display(), damage.what))
                .at(damage.offset as u64)
        }
        _ => SessionError::corrupt(format!(
            "{} holds no login that could be made out, and there is no {}",
            paths.main.display(),
            previous.display()
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
    file.sync_all().map_err(failed)
}

fn read(path: &std::path::Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(at(path, "read", error)),
    }
}
