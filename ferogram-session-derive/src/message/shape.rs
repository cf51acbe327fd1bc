//! Messages about a struct as a whole, and about its fields together.

use super::help;
use crate::keys::Mode;
use crate::wrapper::one_thread::OneThread;
use crate::wrapper::{Why, Wrapped};

pub(crate) fn no_mode() -> String {
    let [often, rows, blob] = [Mode::KeyValue, Mode::Rows, Mode::Blob].map(Mode::word);
    help(
        "`SessionBackend` needs a storage mode",
        format_args!("add `#[session({often})]`, `#[session({rows})]` or `#[session({blob})]`"),
    )
}

/// Nothing leads here. If something does, it must be an error.
pub(crate) fn not_understood() -> String {
    help(
        "`SessionBackend` cannot be derived for this struct",
        "implement the trait by hand, and report this as a mistake of the derive",
    )
}

pub(crate) fn is_enum() -> String {
    help(
        "`SessionBackend` cannot be derived for an enum, because a backend wraps exactly one store",
        "use a struct; to dispatch, implement the trait by hand",
    )
}

pub(crate) fn is_union() -> String {
    help("`SessionBackend` cannot be derived for a union", "use a struct with named fields")
}

/// `named` is the struct as it could be.
pub(crate) fn unnamed_fields(named: &str) -> String {
    help(
        "`SessionBackend` needs named fields, because options attach to field names",
        format_args!("write `{named}`"),
    )
}

pub(crate) fn no_fields() -> String {
    help("this struct has no field to keep sessions in", "add a field marked `#[session(store)]`")
}

/// `redis: #[session(store)] Store`. `written` is the whole field.
pub(crate) fn attribute_of_type(written: &str) -> String {
    help(
        "an attribute stands before the name of a field, not before its type",
        format_args!("write `{written}`"),
    )
}

pub(crate) fn no_store(likely: Option<&str>) -> String {
    let example = likely.map(|field| format!(", e.g. `{field}`")).unwrap_or_default();
    help(
        "no field is marked `#[session(store)]`",
        format_args!("put `#[session(store)]` above the field that holds the connection{example}"),
    )
}

/// A second store, cache or name field.
pub(crate) fn only_one(word: &str) -> String {
    help(
        format_args!("only one field may be the {word}"),
        format_args!("keep one `#[session({word})]`"),
    )
}

pub(crate) fn cannot_be_both(first: &str, second: &str) -> String {
    let reason = match (first, second) {
        ("store", _) | (_, "store") => "the store is marked `store` alone",
        _ => "use one field for each",
    };
    help(format_args!("`{first}` and `{second}` cannot be on one field"), reason)
}

pub(crate) fn two_names() -> String {
    help("the name is given twice", "keep the field or the `name = \"..\"` on the struct")
}

/// `mode` is that of the struct, as far as it is known.
pub(crate) fn store_in_wrapper(found: &Wrapped, mode: Option<Mode>) -> String {
    let Wrapped { why, wrapper, instead } = found;
    let because = match why {
        Why::OneThread => "a backend is used from several threads",
        Why::Lock => "a store does its own locking",
        Why::Optional => "a backend has a store from the start",
        Why::Weak => "a backend keeps its store",
        Why::Several => "a backend has one store",
    };
    let store = mode
        .map_or_else(|| "the trait of its mode".to_owned(), |mode| format!("`{}`", mode.store()));
    let way_out = match (why, wrapper.as_str()) {
        (Why::OneThread, "Rc") | (Why::Weak | Why::Several, _) => format!("write `{instead}`"),
        (Why::OneThread | Why::Lock, _) => format!(
            "write `{instead}`, and lock inside the type that implements {store}, where it has to"
        ),
        (Why::Optional, _) => {
            format!(
                "write `{instead}`; `Reconnect` is for a client that connects at its first call"
            )
        }
    };
    help(format_args!("`{wrapper}` cannot be around the store, because {because}"), way_out)
}

/// An `Rc` or the like in a field that is neither the store nor the cache.
pub(crate) fn one_thread_in_field(of: &OneThread) -> String {
    let OneThread { found, instead } = of;
    help(
        format_args!(
            "`{found}` cannot be in a backend, because a backend is used from several threads"
        ),
        format_args!("write `{instead}`"),
    )
}

/// `dyn BlobStore`, `impl BlobStore`, a parameter that is `?Sized`.
pub(crate) fn store_without_size(ty: &str, instead: &str) -> String {
    help(
        format_args!("`{ty}` cannot be the type of the store, because its size is not known"),
        format_args!("write `{instead}`"),
    )
}

pub(crate) fn cache_in_wrapper(ty: &str, found: &Wrapped) -> String {
    let instead = if found.instead.contains("Arc<") { "Arc<SessionCache>" } else { "SessionCache" };
    help(
        format_args!("a field marked `#[session(cache)]` is a `SessionCache`, found `{ty}`"),
        format_args!("write `{instead}`"),
    )
}
