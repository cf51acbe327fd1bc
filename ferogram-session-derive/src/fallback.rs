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

/// `one_thread` says that the struct may not be `Send` and `Sync`, and that this
/// is among the mistakes. The stub then claims that it is, or the compiler
/// would say so twice more. Nothing of it ever runs, as an error stands beside
/// it.
pub(crate) fn expand(input: &DeriveInput, krate: &CratePath, one_thread: bool) -> TokenStream {
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
    quote! {
        #allowed
        const _: () = {
            #imports

            #claimed

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
