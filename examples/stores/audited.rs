//! A row store that tells what is written to it, for an audit log or a metric.

use ferogram_session::{Change, Expect, Record, Records, RowStore, Version, Write, Written};
use std::fmt;
use std::io;

/// A row store around another one, and somebody who is told which records
/// each write touched: their identities, not what is in them.
pub struct Audited<S> {
    store: S,
    tell: fn(&str),
}

impl<S> Audited<S> {
    /// Around `store`; `tell` gets a line for each write.
    pub fn new(store: S, tell: fn(&str)) -> Self {
        Self { store, tell }
    }
}

fn line(write: &Write<'_>) -> String {
    let Write::Changes(changes) = write else { return "the whole session".to_owned() };
    let each = changes.iter().map(|change| match change {
        Change::Put(record) => format!("put {:?}", record.id()),
        Change::Remove(id) => format!("remove {id:?}"),
        Change::MergePeer(peer) => format!("merge {:?}", Record::Peer(peer.clone()).id()),
        Change::ClearChannels => "clear the channels".to_owned(),
    });
    each.collect::<Vec<_>>().join(", ")
}

impl<S: RowStore> RowStore for Audited<S> {
    fn read(&self, key: &str) -> io::Result<Option<(Records, Version)>> {
        self.store.read(key)
    }

    fn write(&self, key: &str, write: &Write<'_>, expect: &Expect) -> io::Result<Written> {
        let written = self.store.write(key, write, expect)?;
        if matches!(written, Written::Version(_)) {
            (self.tell)(&format!("{key}: {}", line(write)));
        }
        Ok(written)
    }

    fn delete(&self, key: &str) -> io::Result<()> {
        self.store.delete(key)?;
        (self.tell)(&format!("{key}: deleted"));
        Ok(())
    }

    fn conditional(&self) -> bool {
        self.store.conditional()
    }

    fn version(&self, key: &str) -> io::Result<Option<Version>> {
        self.store.version(key)
    }

    fn sessions(&self) -> io::Result<Vec<String>> {
        self.store.sessions()
    }
}

impl<S: fmt::Debug> fmt::Debug for Audited<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Audited").field(&self.store).finish()
    }
}
