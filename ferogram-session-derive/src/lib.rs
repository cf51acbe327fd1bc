//! `#[derive(SessionBackend)]`, the derive macro of `ferogram-session`.
//!
//! Use it through that crate, which re-exports it beside the trait.
//!
//! A mistake travels through these modules: `attr` takes an attribute apart,
//! `container` and `field` look its words up in `keys`, `value` and `template`
//! read what is behind `=`, `validate` checks what belongs together and makes a
//! `model`, `expand` writes it down. Mistakes are collected in `diag` with a
//! text from `message`, and `fallback` stands in for the implementation when
//! there are any.

#![forbid(unsafe_code)]

mod attr;
mod container;
mod diag;
mod expand;
mod fallback;
mod field;
mod generics;
mod inferred;
mod keys;
mod lints;
mod listed;
mod message;
mod model;
mod name;
mod source;
mod suggest;
mod template;
mod unread;
mod validate;
mod value;
mod wrapper;

#[cfg(test)]
mod pasted;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod snapshots;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::diag::Diagnostics;

#[doc = include_str!("attributes.md")]
#[proc_macro_derive(SessionBackend, attributes(session))]
pub fn derive_session_backend(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    derive(input.into()).into()
}

fn derive(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input.clone()) {
        Ok(input) => input,
        Err(error) => return unread::expand(input, &error),
    };
    if fallback::is_own(&input) {
        return TokenStream::new();
    }
    let mut diag = Diagnostics::default();
    let (model, krate) = validate::model(&input, &mut diag);
    if model.is_none() && diag.count() == 0 && diag.misspelt.is_empty() {
        // A stub without an error would be a backend that panics.
        diag.at(&input.ident, message::shape::not_understood());
    }
    let one_thread = diag.one_thread;
    let misspelt = std::mem::take(&mut diag.misspelt);
    match (diag.finish(), model) {
        (None, Some(model)) => expand::expand(&model),
        (errors, _) => {
            let stub = fallback::expand(&input, &krate, &misspelt, one_thread);
            quote::quote!(#errors #stub)
        }
    }
}
