//! Types around a store or a cache that keep it from being one, such as
//! `Rc<..>` and `Option<..>`; those in any other field are in [`one_thread`].
//!
//! The compiler would find them too, but say at most that a trait is missing,
//! and for those that stay on one thread say so in three errors.

pub(crate) mod one_thread;

use syn::{GenericArgument, PathArguments, PathSegment, Type, TypePath};

use crate::attr::plain;
use crate::source::text;

/// Why a wrapper does not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// `Rc`, `RefCell`, `Cell`: a backend is used from several threads.
    OneThread,
    /// A lock around a store is no store.
    Lock,
    /// A backend has its store from the start.
    Optional,
    /// A backend keeps its store.
    Weak,
    /// A backend has one.
    Several,
}

/// A type that is one wrapper too many.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wrapped {
    pub(crate) why: Why,
    /// The outermost of the wrappers that do not work.
    pub(crate) wrapper: String,
    /// The type as it could be: without them, and shared by `Arc`.
    pub(crate) instead: String,
}

/// What is around the store, if it is one of those. Only the types of the
/// standard library and the usual locks are meant: by their own name, or by
/// their whole path.
pub(crate) fn find(ty: &Type) -> Option<Wrapped> {
    let mut found: Option<(Why, String)> = None;
    let instead = unwrap(ty, &mut found);
    found.map(|(why, wrapper)| Wrapped { why, wrapper, instead })
}

fn unwrap(ty: &Type, found: &mut Option<(Why, String)>) -> String {
    match ty {
        Type::Reference(reference) => {
            let lifetime = reference.lifetime.as_ref().map(|lifetime| format!("{lifetime} "));
            let inner = unwrap(&reference.elem, found);
            return format!("&{}{inner}", lifetime.unwrap_or_default());
        }
        Type::Group(group) => return unwrap(&group.elem, found),
        Type::Paren(paren) => return unwrap(&paren.elem, found),
        _ => {}
    }
    let Some(Generic { before, name, inner }) = generic(ty) else { return text(ty) };
    let (why, keep) = match name.as_str() {
        "Arc" | "Box" => (None, Some(format!("{}{name}", joined(&before)))),
        "Rc" => (Some(Why::OneThread), Some(with_path(&before, "sync", "Arc"))),
        "Weak" => (Some(Why::Weak), Some(with_path(&before, "sync", "Arc"))),
        "RefCell" | "Cell" => (Some(Why::OneThread), None),
        "Mutex" | "RwLock" => (Some(Why::Lock), None),
        "Option" | "OnceCell" | "OnceLock" | "LazyCell" | "LazyLock" => (Some(Why::Optional), None),
        "Vec" | "VecDeque" => (Some(Why::Several), None),
        _ => return text(ty),
    };
    if let (Some(why), None) = (why, &found) {
        *found = Some((why, name));
    }
    let inner = unwrap(inner, found);
    match keep {
        Some(keep) => format!("{keep}<{inner}>"),
        None => inner,
    }
}

/// `path::Name<T>`
struct Generic<'t> {
    before: Vec<String>,
    name: String,
    inner: &'t Type,
}

/// A type with only one argument, with or without the path of a crate that is
/// known to have it.
fn generic(ty: &Type) -> Option<Generic<'_>> {
    let Type::Path(path) = ty else { return None };
    let before = known_path(path)?;
    let PathSegment { ident, arguments: PathArguments::AngleBracketed(arguments) } =
        path.path.segments.last()?
    else {
        return None;
    };
    match arguments.args.iter().collect::<Vec<_>>().as_slice() {
        [GenericArgument::Type(inner)] => Some(Generic { before, name: plain(ident), inner }),
        _ => None,
    }
}

/// What stands before the name of a type, if it is nothing, or begins in a crate
/// or a module whose types are known.
fn known_path(path: &TypePath) -> Option<Vec<String>> {
    if path.qself.is_some() {
        return None;
    }
    let mut before: Vec<String> =
        path.path.segments.iter().map(|segment| plain(&segment.ident)).collect();
    before.pop()?;
    let known = [
        "std",
        "core",
        "alloc",
        "tokio",
        "parking_lot",
        "sync",
        "rc",
        "cell",
        "boxed",
        "collections",
    ];
    before.first().is_none_or(|first| known.contains(&first.as_str())).then_some(before)
}

/// Another type of the standard library, with its path if the one in its place
/// has one.
fn with_path(before: &[String], module: &str, name: &str) -> String {
    if before.is_empty() { name.to_owned() } else { format!("std::{module}::{name}") }
}

fn joined(before: &[String]) -> String {
    before.iter().map(|segment| format!("{segment}::")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(ty: &str) -> Option<(Why, String, String)> {
        let found = find(&syn::parse_str(ty).unwrap());
        found.map(|found| (found.why, found.wrapper, found.instead))
    }

    #[test]
    fn finds_what_does_not_work_and_keeps_what_does() {
        for (ty, why, wrapper, instead) in [
            ("Rc<Client>", Why::OneThread, "Rc", "Arc<Client>"),
            ("std::rc::Rc<RefCell<Client>>", Why::OneThread, "Rc", "std::sync::Arc<Client>"),
            ("std::sync::Arc<Mutex<Client>>", Why::Lock, "Mutex", "std::sync::Arc<Client>"),
            ("LazyLock<Client>", Why::Optional, "LazyLock", "Client"),
            ("Weak<Client>", Why::Weak, "Weak", "Arc<Client>"),
            ("Vec<Client>", Why::Several, "Vec", "Client"),
            ("RefCell<Client>", Why::OneThread, "RefCell", "Client"),
            ("Arc<Mutex<Client<A, B>>>", Why::Lock, "Mutex", "Arc<Client<A, B>>"),
            ("Arc<tokio::sync::RwLock<Client>>", Why::Lock, "RwLock", "Arc<Client>"),
            ("Option<Box<dyn Store>>", Why::Optional, "Option", "Box<dyn Store>"),
            ("&'a Mutex<Client>", Why::Lock, "Mutex", "&'a Client"),
            ("&Mutex<Client>", Why::Lock, "Mutex", "&Client"),
        ] {
            assert_eq!(check(ty), Some((why, wrapper.to_owned(), instead.to_owned())), "{ty}");
        }
        for ty in
            ["Client", "Arc<Client>", "my::Mutex<Client>", "Pool<Mutex<u8>>", "Mutex", "&'a T"]
        {
            assert_eq!(check(ty), None, "{ty}");
        }
    }
}
