//! The generics of the generated items: those of the struct, with the bounds
//! that can be inferred.

use proc_macro2::{Group, Ident, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{
    GenericParam, Generics, Lifetime, LifetimeParam, PredicateType, Type, TypeParam,
    TypeParamBound, WherePredicate, parse_quote,
};

/// The struct's generics, where each type parameter is also `Send + Sync`.
///
/// `SessionBackend` asks that of the struct, and the struct is it if its
/// parameters are. Asking it of `Self` in a `where` clause instead would turn
/// one mistake of a user into several errors.
///
/// All bounds move into the `where` clause: a parameter with bounds in two
/// places is something that lints warn of.
pub(crate) fn thread_safe(generics: &Generics, core: &TokenStream) -> Generics {
    let mut generics = generics.clone();
    let mut predicates: Vec<WherePredicate> = Vec::new();
    for TypeParam { ident, bounds, .. } in generics.type_params_mut() {
        let mut bounds = std::mem::take(bounds);
        bounds.push(parse_quote!(#core::marker::Send));
        bounds.push(parse_quote!(#core::marker::Sync));
        predicates.push(parse_quote!(#ident: #bounds));
    }
    if !predicates.is_empty() {
        generics.make_where_clause().predicates.extend(predicates);
    }
    generics
}

/// Whether `name` is a type parameter with `?Sized`.
pub(crate) fn is_unsized(name: &Ident, generics: &Generics) -> bool {
    let maybe = |bound: &TypeParamBound| matches!(bound, TypeParamBound::Trait(bound) if bound.maybe.is_some());
    let Some(param) = generics.type_params().find(|param| param.ident == *name) else {
        return false;
    };
    let predicates = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    param.bounds.iter().any(maybe)
        || predicates.into_iter().any(|predicate| match predicate {
            WherePredicate::Type(PredicateType {
                bounded_ty: Type::Path(path), bounds, ..
            }) => path.path.is_ident(name) && bounds.iter().any(maybe),
            _ => false,
        })
}

/// Whether a type mentions a type or const parameter, which is when it needs a
/// bound of its own.
///
/// A bound on any other type would be checked where the derive stands, in a
/// second place, and give a second error. Lifetimes do not count: a store that
/// is one for some lifetimes only is not a store.
pub(crate) fn mentions_param(ty: &impl ToTokens, generics: &Generics) -> bool {
    let params = params(generics);
    !params.is_empty() && mentions(ty.to_token_stream(), &params)
}

/// The type and const parameters.
fn params(generics: &Generics) -> Vec<&Ident> {
    let params = generics.params.iter().filter_map(|param| match param {
        GenericParam::Type(param) => Some(&param.ident),
        GenericParam::Const(param) => Some(&param.ident),
        GenericParam::Lifetime(_) => None,
    });
    params.collect()
}

fn mentions(tokens: TokenStream, params: &[&Ident]) -> bool {
    let mut tokens = tokens.into_iter().peekable();
    // Behind `::` stands a segment of a path, behind `'` a lifetime, and
    // neither is the parameter of that name.
    let mut before = [' ', ' '];
    while let Some(token) = tokens.next() {
        let mut last = ' ';
        match token {
            TokenTree::Group(group) if mentions(group.stream(), params) => return true,
            TokenTree::Ident(ident) => {
                let is_segment = before == [':', ':'] || before[1] == '\'';
                // The parameters of `Self` are those of the struct.
                if !is_segment && (ident == "Self" || params.iter().any(|param| **param == ident)) {
                    // `Item = u8` in `dyn Iterator<Item = u8>` is a name of the
                    // trait's.
                    let is_binding = matches!(tokens.peek(), Some(TokenTree::Punct(next))
                        if next.as_char() == '=' && next.spacing() == Spacing::Alone);
                    if !is_binding {
                        return true;
                    }
                }
            }
            TokenTree::Punct(punct) => last = punct.as_char(),
            TokenTree::Group(_) | TokenTree::Literal(_) => {}
        }
        before = [before[1], last];
    }
    false
}

/// Adds a lifetime for the borrow of the struct. It has to be a named one, as
/// the struct may have others, and none of theirs, which no span would prevent.
pub(crate) fn with_lifetime(generics: &Generics) -> (Generics, Lifetime) {
    let mut generics = generics.clone();
    let mut name = "'__this".to_owned();
    while generics.lifetimes().any(|param| param.lifetime.to_string() == name) {
        name.push('_');
    }
    let lifetime = Lifetime::new(&name, Span::mixed_site());
    generics.params.insert(0, GenericParam::Lifetime(LifetimeParam::new(lifetime.clone())));
    (generics, lifetime)
}

/// `::<T, N>`: all parameters but lifetimes, which are inferred, or nothing.
pub(crate) fn turbofish(generics: &Generics) -> Option<TokenStream> {
    let params = params(generics);
    (!params.is_empty()).then(|| quote!(::<#(#params),*>))
}

/// Replaces `Self`, which is valid in a struct and in an `impl`, but not in a
/// function beside them.
pub(crate) fn without_self(tokens: TokenStream, this: &TokenStream) -> TokenStream {
    let mut out = TokenStream::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), without_self(group.stream(), this));
                inner.set_span(group.span());
                out.extend([TokenTree::Group(inner)]);
            }
            TokenTree::Ident(ident) if ident == "Self" => {
                let is_path = matches!(tokens.peek(), Some(TokenTree::Punct(next)) if next.as_char() == ':'
                    && next.spacing() == Spacing::Joint);
                out.extend(if is_path { quote!(<#this>) } else { this.clone() });
            }
            token => out.extend([token]),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mentioned(ty: &str) -> bool {
        let generics: Generics = parse_quote!(<'a, T, const N: usize>);
        mentions_param(&syn::parse_str::<Type>(ty).unwrap(), &generics)
    }

    #[test]
    fn finds_parameters() {
        for ty in [
            "T",
            "Arc<T>",
            "&'a T",
            "[u8; N]",
            "Box<dyn Fn(T) -> u8>",
            "T::Pool",
            "<T as X>::Y",
            "Ring<{ N + 1 }>",
            "Self",
        ] {
            assert!(mentioned(ty), "{ty}");
        }
        for ty in
            ["Pool", "Arc<Pool>", "&'a Pool", "my::T", "::T", "&'T Pool", "Box<dyn Fold<T = u8>>"]
        {
            assert!(!mentioned(ty), "{ty}");
        }
    }

    #[test]
    fn replaces_self() {
        let this = quote!(B<T>);
        let replaced = without_self(quote!(Wrap<Self, (Self::Pool, u8)>), &this);
        assert_eq!(replaced.to_string().replace(' ', ""), "Wrap<B<T>,(<B<T>>::Pool,u8)>");
    }
}
