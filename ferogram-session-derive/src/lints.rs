//! Which lints the generated code is let off.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Data, DeriveInput, Meta};

/// The lint attributes of the generated items.
///
/// Generated code repeats the types of fields, so what the user allows there
/// has to be allowed here too, and a struct or field that is deprecated is used
/// by its own implementation. Nothing else is allowed: an `allow` that is
/// always there is an error in a crate that forbids the lint.
pub(crate) fn allowed(input: &DeriveInput) -> TokenStream {
    let mut attrs: Vec<&Attribute> = input.attrs.iter().collect();
    if let Data::Struct(data) = &input.data {
        attrs.extend(data.fields.iter().flat_map(|field| &field.attrs));
    }
    let allowed = attrs.iter().filter_map(|attr| match &attr.meta {
        Meta::List(list) if list.path.is_ident("allow") || list.path.is_ident("expect") => {
            let lints = &list.tokens;
            // An expectation is the user's own and is met, or not, where it
            // stands.
            Some(quote!(#[allow(#lints)]))
        }
        _ => None,
    });
    let deprecated = attrs.iter().any(|attr| attr.path().is_ident("deprecated"));
    let deprecated = deprecated.then(|| quote!(#[allow(deprecated)]));
    quote!(#deprecated #(#allowed)*)
}
