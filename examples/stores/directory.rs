//! A folder with a file for each session.

use ferogram_session::{BlobStore, Expect, Version, Written, file_name, key_of_file_name};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::PathBuf;
use tempfile::NamedTempFile;

/// A blob store that is a folder. It does not compare, so one process at a
/// time may write a session.
#[derive(Debug)]
pub struct Directory(pub PathBuf);

impl BlobStore for Directory {
    fn read(&self, key: &str) -> io::Result<Option<(Vec<u8>, Version)>> {
        match fs::read(self.0.join(file_name(key))) {
            Ok(bytes) => Ok(Some((bytes, Version::UNKNOWN))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn write(&self, key: &str, bytes: &[u8], _: &Expect) -> io::Result<Written> {
        // A temporary file first, readable by its owner only, so that a crash
        // leaves the old value or the new one, whole.
        let mut file = NamedTempFile::new_in(&self.0)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(self.0.join(file_name(key)))?;
        File::open(&self.0)?.sync_all()?;
        Ok(Written::DONE)
    }

    fn delete(&self, key: &str) -> io::Result<()> {
        match fs::remove_file(self.0.join(file_name(key))) {
            // What was deleted stays so after a power cut.
            Ok(()) => File::open(&self.0)?.sync_all(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn sessions(&self) -> io::Result<Vec<String>> {
        let names = fs::read_dir(&self.0)?.map(|entry| Ok(entry?.file_name()));
        let names: io::Result<Vec<_>> = names.collect();
        Ok(names?.iter().filter_map(|name| key_of_file_name(name.to_str()?)).collect())
    }
}
