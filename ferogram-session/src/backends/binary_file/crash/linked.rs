//! A session behind a symbolic link, and an operation fails.

use super::{Folder, SESSION, at_every_operation};
use crate::SessionBackend;
use crate::backends::faults::{Model, Watch};
use std::os::unix::fs::symlink;

/// It stays a link: a file in its place would be a second session.
#[test]
fn a_fault_at_every_operation_leaves_a_link_one() {
    let (named, real) = (Folder::new(), Folder::new());
    let (link, file) = (named.path().join(SESSION), real.path().join(SESSION));
    let home = |folder: &Folder| folder.open().load().unwrap().unwrap().home_dc_id;
    let mut faults = 0;
    at_every_operation(|at, fault| {
        named.fill(&Default::default());
        real.fill(&Default::default());
        symlink(&file, &link).unwrap();
        real.quickly(|| named.open().set_home_dc(2)).unwrap();
        let watch = Watch::new(real.path(), Model::default()).with_fault(at, fault);
        let (made, watch) = watch.during(|| named.open().set_home_dc(3));
        let op = *watch.failed.first()?;
        faults += 1;
        let what = format!("{fault:?} at operation {at}, {op}");
        assert!(link.is_symlink(), "{what}: the link is gone");
        assert_eq!(named.names(), [SESSION], "{what}");
        let allowed: &[i32] = if made.is_ok() { &[3] } else { &[2, 3] };
        assert!(allowed.contains(&home(&real)), "{what}: {}", home(&real));
        real.quickly(|| named.open().set_home_dc(4)).unwrap();
        assert_eq!((home(&named), home(&real)), (4, 4), "{what}, and the next call");
        Some(op)
    });
    assert!(faults > 60, "{faults} faults");
}
