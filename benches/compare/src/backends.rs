//! The backends that both crates have, each opened in a folder of its own.

use ferogram_session::{BinaryFileBackend, InMemoryBackend, SessionBackend, StringSessionBackend};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Memory,
    String,
    File,
    #[cfg(feature = "sqlite")]
    Sqlite,
    #[cfg(feature = "libsql")]
    LibSql,
}

impl Kind {
    pub(crate) const ALL: &[Self] = &[
        Self::Memory,
        Self::String,
        Self::File,
        #[cfg(feature = "sqlite")]
        Self::Sqlite,
        #[cfg(feature = "libsql")]
        Self::LibSql,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::String => "string",
            Self::File => "file",
            #[cfg(feature = "sqlite")]
            Self::Sqlite => "sqlite",
            #[cfg(feature = "libsql")]
            Self::LibSql => "libsql",
        }
    }

    /// Whether another backend finds what this one stored.
    pub(crate) fn persists(self) -> bool {
        !matches!(self, Self::Memory | Self::String)
    }

    pub(crate) fn open(self, folder: &Folder) -> io::Result<Box<dyn SessionBackend>> {
        Ok(match self {
            Self::Memory => Box::new(InMemoryBackend::new()),
            Self::String => Box::new(StringSessionBackend::new("")),
            Self::File => Box::new(BinaryFileBackend::new(folder.0.join("bot.session"))),
            #[cfg(feature = "sqlite")]
            Self::Sqlite => {
                Box::new(ferogram_session::SqliteBackend::open(folder.0.join("bot.db"))?)
            }
            #[cfg(feature = "libsql")]
            Self::LibSql => {
                Box::new(ferogram_session::LibSqlBackend::open_local(folder.0.join("bot.db"))?)
            }
        })
    }
}

/// An empty folder, removed in the end.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(parent: &Path, name: &str) -> io::Result<Self> {
        let path = parent.join(format!("{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    pub(crate) fn empty(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.0)? {
            fs::remove_file(entry?.path())?;
        }
        Ok(())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
