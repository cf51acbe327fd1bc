//! What is emitted after a mistake: an implementation that says nothing.
//!
//! Without it the compiler would go on to complain, wherever the struct is used
//! as a backend, that it is none, and bury the one error that matters.

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use crate::expand;
use crate::generics;
use crate::lints;
use crate::value::CratePath;

pub(crate) fn expand(input: &DeriveInput, krate: &CratePath) -> TokenStream {
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
    quote! {
        #allowed
        const _: () = {
            #imports

            #[automatically_derived]
            impl #impl_generics __SessionBackend for #ident #ty_generics #where_clause {
                fn name(&self) -> &#core::primitive::str {
                    #core::unreachable!()
                }
                #methods
            }
        };
    }
}
