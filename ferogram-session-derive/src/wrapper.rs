//! Types around a store or a cache that keep it from being one, such as
//! `Rc<..>` and `Option<..>`, and an `Rc` in any other field.
//!
//! The compiler would find them too, but say at most that a trait is missing,
//! and for those that stay on one thread say so in three errors.

use syn::{GenericArgument, PathArguments, PathSegment, Type};

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

/// The type of another field as it could be, if there is an `Rc` in it.
///
/// The compiler finds that too, but says it twice, once for `Send` and once for
/// `Sync`, because the trait asks for both. Where an alias hides the `Rc` it
/// still does. A bound in the implementation on a trait that stands for both
/// does not help: its two halves are named all the same, and the type is then
/// no backend where it is used as one.
pub(crate) fn shared(ty: &Type) -> Option<String> {
    let (name, inner) = generic(ty)?;
    match name.as_str() {
        "Rc" => Some(format!("Arc<{}>", shared(inner).unwrap_or_else(|| text(inner)))),
        "Arc" | "Box" | "Option" | "Vec" => Some(format!("{name}<{}>", shared(inner)?)),
        _ => None,
    }
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
    let Some((name, inner)) = generic(ty) else { return text(ty) };
    let (why, keep) = match name.as_str() {
        "Arc" | "Box" => (None, Some(name.as_str())),
        "Rc" => (Some(Why::OneThread), Some("Arc")),
        "RefCell" | "Cell" => (Some(Why::OneThread), None),
        "Mutex" | "RwLock" => (Some(Why::Lock), None),
        "Option" | "OnceCell" | "OnceLock" => (Some(Why::Optional), None),
        _ => return text(ty),
    };
    if let (Some(why), None) = (why, &found) {
        *found = Some((why, name.clone()));
    }
    let inner = unwrap(inner, found);
    match keep {
        Some(keep) => format!("{keep}<{inner}>"),
        None => inner,
    }
}

/// The name and the only type argument of `Name<T>`, with or without the path
/// of a crate that is known to have it.
fn generic(ty: &Type) -> Option<(String, &Type)> {
    let Type::Path(path) = ty else { return None };
    if path.qself.is_some() {
        return None;
    }
    let segments = &path.path.segments;
    let krate = segments.first()?;
    let known = ["std", "core", "alloc", "tokio", "parking_lot", "sync", "rc", "cell"];
    if segments.len() > 1 && !known.iter().any(|known| krate.ident == known) {
        return None;
    }
    let PathSegment { ident, arguments: PathArguments::AngleBracketed(arguments) } =
        segments.last()?
    else {
        return None;
    };
    match arguments.args.iter().collect::<Vec<_>>().as_slice() {
        [GenericArgument::Type(inner)] => Some((plain(ident), inner)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_is_shared_in_one_thread() {
        for (ty, instead) in [
            ("Rc<u8>", "Arc<u8>"),
            ("std::rc::Rc<str>", "Arc<str>"),
            ("Option<Vec<Rc<Rc<u8>>>>", "Option<Vec<Arc<Arc<u8>>>>"),
        ] {
            assert_eq!(shared(&syn::parse_str(ty).unwrap()).as_deref(), Some(instead), "{ty}");
        }
        for ty in ["u8", "Arc<u8>", "my::Rc<u8>", "Mutex<Rc<u8>>", "fn(Rc<u8>)", "Rc"] {
            assert_eq!(shared(&syn::parse_str(ty).unwrap()), None, "{ty}");
        }
    }

    fn check(ty: &str) -> Option<(Why, String, String)> {
        let found = find(&syn::parse_str(ty).unwrap());
        found.map(|found| (found.why, found.wrapper, found.instead))
    }

    #[test]
    fn finds_what_does_not_work_and_keeps_what_does() {
        for (ty, why, wrapper, instead) in [
            ("Rc<Client>", Why::OneThread, "Rc", "Arc<Client>"),
            ("std::rc::Rc<RefCell<Client>>", Why::OneThread, "Rc", "Arc<Client>"),
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
