//! Types that keep a backend on one thread, in a field that is neither the store
//! nor the cache: `Rc<..>`, `Cell<..>`, `Box<dyn Fn()>`. A pointer is none of
//! them: whoever has one says by `unsafe impl` that it may be shared.
//!
//! The compiler finds them too, but says it twice, once for `Send` and once for
//! `Sync`, because the trait asks for both, and once more at each call. Where an
//! alias hides such a type it still does. A bound in the implementation on a
//! trait that stands for both does not help: its two halves are named all the
//! same, and the type is then no backend where it is used as one.

use syn::{GenericArgument, PathArguments, PathSegment, Type, TypeParamBound, TypePath};

use super::{joined, known_path, with_path};
use crate::attr::plain;
use crate::source::text;

/// A type that stays on one thread.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct OneThread {
    /// The outermost of the types that do.
    pub(crate) found: String,
    /// The whole type as it could be.
    pub(crate) instead: String,
}

/// What is in the type of a field. `is_value` says that the field is read as it
/// is, as part of a key: then a lock around it would be in the way.
pub(crate) fn find(ty: &Type, is_value: bool) -> Option<OneThread> {
    let mut finder = Finder { found: None, is_value };
    let instead = finder.instead(ty);
    finder.found.map(|found| OneThread { found, instead })
}

struct Finder {
    found: Option<String>,
    is_value: bool,
}

impl Finder {
    fn instead(&mut self, ty: &Type) -> String {
        match ty {
            Type::Group(group) => self.instead(&group.elem),
            Type::Paren(paren) => self.instead(&paren.elem),
            Type::Tuple(tuple) if tuple.elems.len() > 1 => {
                let elems = tuple.elems.iter().map(|elem| self.instead(elem));
                format!("({})", elems.collect::<Vec<_>>().join(", "))
            }
            Type::TraitObject(object) if is_function(&object.bounds) => {
                self.note(&text(ty));
                format!("{} + Send + Sync", text(ty))
            }
            Type::Path(path) => self.of_path(path).unwrap_or_else(|| text(ty)),
            _ => text(ty),
        }
    }

    /// A type with arguments, if it is one of those of the standard library.
    fn of_path(&mut self, path: &TypePath) -> Option<String> {
        let before = known_path(path)?;
        let PathSegment { ident, arguments: PathArguments::AngleBracketed(arguments) } =
            path.path.segments.last()?
        else {
            return None;
        };
        let name = plain(ident);
        let is_in = |module: &str| before.iter().any(|segment| segment == module);
        let instead = match name.as_str() {
            "Rc" => Some("Arc"),
            "Cell" | "RefCell" => Some("Mutex"),
            // Others have that name for one that is shared.
            "OnceCell" if is_in("cell") => Some("OnceLock"),
            "LazyCell" => Some("LazyLock"),
            "Weak" if is_in("rc") => Some("Weak"),
            "Arc" | "Box" | "Option" | "Vec" | "VecDeque" | "HashMap" | "BTreeMap" | "HashSet"
            | "BTreeSet" | "Result" => None,
            _ => return None,
        };
        if instead.is_some() {
            self.note(&name);
        }
        let arguments: Vec<String> = arguments
            .args
            .iter()
            .map(|argument| match argument {
                GenericArgument::Type(ty) => self.instead(ty),
                other => text(other),
            })
            .collect();
        let arguments = arguments.join(", ");
        Some(match instead {
            Some("Mutex" | "OnceLock" | "LazyLock") if self.is_value => arguments,
            Some(instead) => format!("{}<{arguments}>", with_path(&before, "sync", instead)),
            None => format!("{}{name}<{arguments}>", joined(&before)),
        })
    }

    fn note(&mut self, found: &str) {
        self.found.get_or_insert_with(|| found.to_owned());
    }
}

/// `dyn Fn()` alone. Of another trait nobody knows what it asks for.
fn is_function<'b>(bounds: impl IntoIterator<Item = &'b TypeParamBound>) -> bool {
    let mut traits = bounds.into_iter().filter_map(|bound| match bound {
        TypeParamBound::Trait(bound) => bound.path.segments.last(),
        _ => None,
    });
    let only = traits.next().filter(|_| traits.next().is_none());
    only.is_some_and(|name| {
        ["Fn", "FnMut", "FnOnce", "Any"].iter().any(|known| name.ident == known)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(ty: &str, is_value: bool) -> Option<(String, String)> {
        let found = find(&syn::parse_str(ty).unwrap(), is_value);
        found.map(|found| (found.found, found.instead))
    }

    #[test]
    fn finds_what_stays_on_one_thread() {
        for (ty, found, instead) in [
            ("Rc<u8>", "Rc", "Arc<u8>"),
            ("std::rc::Rc<str>", "Rc", "std::sync::Arc<str>"),
            ("rc::Rc<str>", "Rc", "std::sync::Arc<str>"),
            ("Option<Vec<Rc<Rc<u8>>>>", "Rc", "Option<Vec<Arc<Arc<u8>>>>"),
            ("Rc<RefCell<u8>>", "Rc", "Arc<Mutex<u8>>"),
            ("std::option::Option<Cell<u8>>", "Cell", "std::option::Option<Mutex<u8>>"),
            ("std::cell::OnceCell<u8>", "OnceCell", "std::sync::OnceLock<u8>"),
            ("LazyCell<u8, fn() -> u8>", "LazyCell", "LazyLock<u8, fn() -> u8>"),
            ("rc::Weak<u8>", "Weak", "std::sync::Weak<u8>"),
            ("HashMap<String, Rc<u8>>", "Rc", "HashMap<String, Arc<u8>>"),
            ("(Rc<u8>, u8)", "Rc", "(Arc<u8>, u8)"),
            ("Box<dyn Fn(u8)>", "dyn Fn(u8)", "Box<dyn Fn(u8) + Send + Sync>"),
        ] {
            let expected = Some((found.to_owned(), instead.to_owned()));
            assert_eq!(check(ty, false), expected, "{ty}");
        }
        assert_eq!(check("Cell<u8>", true), Some(("Cell".to_owned(), "u8".to_owned())));
        for ty in [
            "u8",
            "*mut u8",
            "Arc<u8>",
            "my::Rc<u8>",
            "self::Cell<u8>",
            "Mutex<Rc<u8>>",
            "fn(Rc<u8>)",
            "Rc",
            "OnceCell<u8>",
            "Weak<u8>",
            "Box<dyn Fn() + Send + Sync>",
            "Box<dyn Shared>",
            "()",
        ] {
            assert_eq!(check(ty, false), None, "{ty}");
        }
    }
}
