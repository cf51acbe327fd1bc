use std::io;

/// What happens at one operation instead.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    /// It fails, and the next one is done.
    Error(io::ErrorKind),
    /// The disk does not answer (EIO), which has no kind.
    Disk,
    /// Of a write, half is done; else as an error.
    Short,
    /// As `Short`, and the next operation fails.
    ShortAndDisk,
    /// As `Short`, and the process ends at the next operation.
    ShortAndStop,
    /// As `Short`, and there is no room for anything more until somebody
    /// makes some.
    Full,
    /// The process ends here.
    Stop,
}

impl Fault {
    /// Whether an operation of this name fails in a way of its own by it.
    pub(crate) fn is_of(self, op: &str) -> bool {
        let is_write = op.starts_with("write");
        match self {
            Self::Disk | Self::Stop => true,
            Self::Short | Self::ShortAndDisk | Self::ShortAndStop => is_write,
            Self::Full => is_write || matches!(op, "create" | "link"),
            Self::Error(kind) => {
                let looks = matches!(op, "look" | "read" | "open" | "lock");
                !looks || kind == io::ErrorKind::PermissionDenied
            }
        }
    }

    /// What happens at the operation behind it.
    pub(super) fn then(self) -> Option<Self> {
        match self {
            Self::ShortAndDisk => Some(Self::Disk),
            Self::ShortAndStop => Some(Self::Stop),
            Self::Full => Some(Self::Full),
            _ => None,
        }
    }

    pub(super) fn error(self) -> io::Error {
        match self {
            Self::Error(kind) => kind.into(),
            Self::Disk => io::Error::from_raw_os_error(5),
            _ => io::ErrorKind::StorageFull.into(),
        }
    }
}
