//! Who may read a file, and whose it is.

#[cfg(unix)]
use super::{metadata, metadata_of};
#[cfg(unix)]
use crate::backends::paths::folder;
use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::path::Path;

/// For a file that is to be readable by its owner only.
#[cfg(unix)]
pub(super) fn private(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600);
}

/// On Windows a file has the rights of its folder.
#[cfg(not(unix))]
pub(super) fn private(_: &mut OpenOptions) {}

/// Whether others than the owner have rights, as in a file of 0.6.6.
#[cfg(unix)]
pub(in crate::backends) fn is_exposed(file: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
pub(in crate::backends) fn is_exposed(_: &Metadata) -> bool {
    false
}

/// Takes the rights of everybody but the owner away.
#[cfg(unix)]
pub(in crate::backends) fn tighten(file: &File) -> io::Result<()> {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;
    let mode = metadata_of(file)?.permissions().mode();
    if mode & 0o077 != 0 {
        watched!(Rights);
        file.set_permissions(Permissions::from_mode(mode & 0o7700))?;
    }
    Ok(())
}

#[cfg(not(unix))]
pub(in crate::backends) fn tighten(_: &File) -> io::Result<()> {
    Ok(())
}

/// As [`tighten`], for a file that must not be opened, if it is there.
#[cfg(all(unix, any(feature = "sqlite-session", feature = "libsql-session")))]
pub(in crate::backends) fn tighten_at(path: &Path) -> io::Result<()> {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.permissions().mode() & 0o077 != 0 => {
            let mode = metadata.permissions().mode() & 0o7700;
            std::fs::set_permissions(path, Permissions::from_mode(mode))
        }
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(all(not(unix), any(feature = "sqlite-session", feature = "libsql-session")))]
pub(in crate::backends) fn tighten_at(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Gives a file of ours the owner of the session, or of its folder as long as
/// there is none, where that is allowed: a service's session stays the
/// service's when root writes it.
#[cfg(unix)]
pub(in crate::backends) fn keep_owner(ours: &File, session: &Path) {
    let _ = give_to_owner(ours, session);
}

#[cfg(unix)]
fn give_to_owner(ours: &File, session: &Path) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let owner = metadata(session).or_else(|_| metadata(folder(session)))?;
    let is = metadata_of(ours)?;
    if (owner.uid(), owner.gid()) != (is.uid(), is.gid()) {
        watched!(Rights);
        fchown(ours, Some(owner.uid()), Some(owner.gid()))?;
    }
    Ok(())
}

#[cfg(not(unix))]
pub(in crate::backends) fn keep_owner(_: &File, _: &Path) {}
