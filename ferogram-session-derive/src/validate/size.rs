//! A store whose size is not known: the compiler would say so of generated code.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident};
use syn::{GenericArgument, Generics, PathArguments, Type, TypeImplTrait};

use crate::diag::Diagnostics;
use crate::field::{Named, Roles};
use crate::generics;
use crate::message::shape;
use crate::source::text;

pub(super) fn check(roles: &Roles<'_>, generics: &Generics, diag: &mut Diagnostics) {
    let Some(ty) = roles.store.map(Named::ty) else { return };
    let written = text(ty);
    match ty {
        Type::TraitObject(_) => {
            diag.at(ty, shape::store_without_size(&written, &format!("Box<{written}>")));
        }
        Type::ImplTrait(opaque) => {
            let object = format!("Box<dyn {}>", text(&opaque.bounds));
            diag.at(ty, shape::store_without_size(&written, &object));
        }
        Type::Path(path)
            if path.path.get_ident().is_some_and(|name| generics::is_unsized(name, generics)) =>
        {
            diag.at(ty, shape::store_without_size(&written, &format!("Box<{written}>")));
        }
        _ => {
            // `Arc<impl KeyValueStore>`
            if let Some(opaque) = opaque(ty) {
                let objects = text(&with_objects(ty.to_token_stream()));
                diag.at(opaque, shape::store_without_size(&text(opaque), &objects));
            }
        }
    }
}

fn opaque(ty: &Type) -> Option<&TypeImplTrait> {
    match ty {
        Type::ImplTrait(opaque) => Some(opaque),
        Type::Reference(reference) => opaque(&reference.elem),
        Type::Path(path) => {
            let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments
            else {
                return None;
            };
            arguments.args.iter().find_map(|argument| match argument {
                GenericArgument::Type(ty) => opaque(ty),
                _ => None,
            })
        }
        _ => None,
    }
}

/// The same with `dyn` for each `impl`, which stands in no brackets but those of
/// generics.
fn with_objects(ty: TokenStream) -> TokenStream {
    let tokens = ty
        .into_iter()
        .map(|token| if token.to_string() == "impl" { format_ident!("dyn").into() } else { token });
    tokens.collect()
}
