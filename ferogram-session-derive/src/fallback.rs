//! What is emitted after a mistake: an implementation that says nothing.
//!
//! Without it the compiler would go on to complain, wherever the struct is used
//! as a backend, that it is none, and bury the one error that matters.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Attribute, DeriveInput};

use crate::expand;
use crate::generics;
use crate::lints;
use crate::value::CratePath;

/// `one_thread` says that the struct may not be `Send` and `Sync`, and that this
/// is among the mistakes. The stub then claims that it is, or the compiler
/// would say so twice more. Nothing of it ever runs, as an error stands beside
/// it.
///
/// `misspelt` are attributes `#[Session(..)]`, which nobody knows, so that the
/// compiler says what is wrong with them. But another derive may have one of
/// that name, and then nothing would stand beside this stub: so they are
/// written once more where that derive does not reach. What the compiler says
/// there is the same, at the same place, and so is shown once.
pub(crate) fn expand(
    input: &DeriveInput,
    krate: &CratePath,
    misspelt: &[Attribute],
    one_thread: bool,
) -> TokenStream {
    let imports = expand::imports(krate);
    let core = expand::core();
    let ident = &input.ident;
    let generics = generics::thread_safe(&input.generics, &core);
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    let methods = expand::methods(|_, argument| {
        let used = argument.map(|argument| quote!(let _ = #argument;));
        quote!(#used #core::unreachable!())
    });
    let allowed = lints::allowed(input);
    let claimed = one_thread.then(|| {
        quote! {
            unsafe impl #impl_generics #core::marker::Send for #ident #ty_generics #where_clause {}
            unsafe impl #impl_generics #core::marker::Sync for #ident #ty_generics #where_clause {}
        }
    });
    let misspelt = (!misspelt.is_empty()).then(|| {
        quote! {
            #[derive(__private::SessionBackend)]
            #[session(__misspelt)]
            #(#misspelt)*
            struct __Misspelt;
        }
    });
    quote! {
        #allowed
        const _: () = {
            #imports

            #misspelt

            #claimed

            #[automatically_derived]
            impl #impl_generics __private::SessionBackend for #ident #ty_generics #where_clause {
                fn name(&self) -> &#core::primitive::str {
                    #core::unreachable!()
                }
                #methods
            }
        };
    }
}

/// Whether this is the struct that a stub has beside it, which needs nothing.
pub(crate) fn is_own(input: &DeriveInput) -> bool {
    input.ident == "__Misspelt"
        && input.attrs.iter().any(|attr| {
            attr.path().is_ident("session")
                && attr.parse_args::<Ident>().is_ok_and(|word| word == "__misspelt")
        })
}
