//! The type of a field once more, with as few of the user's words as there can
//! be: what is wrong with a word, as that no such type is known, is said where
//! the field is, and would be said a second time here.
//!
//! A bound that the type does not meet is still reported on the whole of it,
//! because its first and its last token keep their places.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::{GenericArgument, PathArguments, Type};

/// `_` for a type that is one word. Any other is left as it is, so that a message
/// shows all of it.
pub(crate) fn word(ty: &Type) -> TokenStream {
    match ty {
        Type::Path(path) if path.qself.is_none() => match path.path.get_ident() {
            Some(word) => quote_spanned!(word.span()=> _),
            None => path.to_token_stream(),
        },
        ty => ty.to_token_stream(),
    }
}

/// The same with `Arc<_>` for `Arc<Client>`: there a message names what is in it.
pub(crate) fn behind_pointer(ty: &Type) -> TokenStream {
    let mut ty = ty.clone();
    if let Type::Path(path) = &mut ty
        && let Some(last) = path.path.segments.last_mut()
        && (last.ident == "Arc" || last.ident == "Box")
        && let PathArguments::AngleBracketed(arguments) = &mut last.arguments
    {
        for argument in &mut arguments.args {
            if let GenericArgument::Type(inner) = argument {
                *inner = Type::Verbatim(behind_pointer(inner));
            }
        }
    }
    word(&ty)
}
