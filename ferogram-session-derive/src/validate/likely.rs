//! Which field may be meant to be the store, where none is marked.

use crate::attr::plain;
use crate::field::Named;
use crate::source::text;

/// The field that looks most like a connection: by its name, by its type, or
/// because it is no plain value.
pub(super) fn store<'a>(fields: impl Iterator<Item = Named<'a>>) -> Option<String> {
    const NAMES: &[&str] =
        &["store", "storage", "pool", "client", "conn", "redis", "db", "database", "bucket"];
    const TYPES: &[&str] = &["Store", "Pool", "Client", "Conn", "Bucket", "Database"];
    const PLAIN: &[&str] = &[
        "String",
        "bool",
        "char",
        "u8",
        "u16",
        "u32",
        "u64",
        "u128",
        "usize",
        "i8",
        "i16",
        "i32",
        "i64",
        "i128",
        "isize",
        "f32",
        "f64",
        "PathBuf",
        "Duration",
        "SessionCache",
    ];
    let likelihood = |field: &Named<'a>| {
        let name = plain(field.ident);
        let ty = text(field.ty());
        let is_plain =
            PLAIN.iter().any(|plain| ty == *plain || ty.ends_with(&format!("::{plain}")));
        match () {
            () if is_plain => 0,
            () if NAMES.iter().any(|part| name.contains(part)) => 3,
            () if TYPES.iter().any(|part| ty.contains(part)) => 2,
            () => 1,
        }
    };
    // The first of equals, so `max_by_key`, which gives the last, would be
    // wrong.
    let mut best: Option<(u8, Named<'a>)> = None;
    for field in fields {
        let likelihood = likelihood(&field);
        if likelihood > best.map_or(0, |(best, _)| best) {
            best = Some((likelihood, field));
        }
    }
    best.map(|(_, field)| plain(field.ident))
}
