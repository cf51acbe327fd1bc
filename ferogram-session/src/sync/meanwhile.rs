//! For tests of what happens between what a call read and what it then writes.

use std::cell::Cell;

type Other = Box<dyn FnOnce()>;

thread_local! {
    static OTHER: Cell<Option<Other>> = const { Cell::new(None) };
}

/// Makes `call`, and on this thread `other` before the first write in it that a store is
/// to compare with what was read before; if there is none, `other` is dropped.
pub(crate) fn meanwhile(other: impl FnOnce() + 'static, call: impl FnOnce()) {
    OTHER.set(Some(Box::new(other)));
    let _not_later = Forget;
    call();
}

/// Also after a panic.
struct Forget;

impl Drop for Forget {
    fn drop(&mut self) {
        OTHER.set(None);
    }
}

/// To be called before such a write.
pub(crate) fn before_write() {
    if let Some(other) = OTHER.take() {
        other();
    }
}
