//! A tuple struct as it could be, with names for its fields.

use proc_macro2::Ident;
use syn::spanned::Spanned;
use syn::{Data, DataStruct, DeriveInput, Field, Fields, FieldsNamed, FieldsUnnamed, parse_quote};

use super::likely;
use crate::field;
use crate::keys::{self, FieldKey};
use crate::source::text;

/// A field that is marked has the name of what it is. One is the store: if none
/// is marked, the one that looks most like it.
pub(super) fn with_names(input: &DeriveInput, fields: &FieldsUnnamed) -> DeriveInput {
    let words = || keys::words(keys::FIELDS);
    let store = keys::field_word(FieldKey::Store);
    let named = fields.unnamed.iter().enumerate().map(|(at, field)| {
        let ident = Some(Ident::new(&format!("field{at}"), field.ty.span()));
        Field { ident, colon_token: Some(Default::default()), ..field.clone() }
    });
    let mut fields = FieldsNamed { brace_token: Default::default(), named: named.collect() };
    let marks: Vec<Option<&str>> = field::named(&fields)
        .map(|field| words().find(|word| field.has(|found| found == *word)))
        .collect();
    // One that is marked in a way that is wrong is meant too.
    let of_any_mark =
        |field: &Field| field.attrs.iter().any(|attr| attr.path().is_ident("session"));
    let meant = || {
        let unknown = fields.named.iter().zip(&marks);
        let at = unknown.clone().position(|(field, mark)| mark.is_none() && of_any_mark(field));
        at.or_else(|| {
            let unmarked = field::named(&fields).zip(&marks).filter(|(_, mark)| mark.is_none());
            let name = likely::store(unmarked.map(|(field, _)| field))?;
            field::named(&fields).position(|field| *field.ident == name)
        })
    };
    let is_store = |mark: &Option<&str>| *mark == Some(store);
    let store_at = marks.iter().position(is_store).or_else(meant).unwrap_or(0);
    for (at, (field, mark)) in fields.named.iter_mut().zip(&marks).enumerate() {
        if at == store_at && !of_any_mark(field) {
            field.attrs.push(parse_quote!(#[session(store)]));
        }
        let role = if at == store_at { Some(store) } else { *mark };
        // A second one of them is a mistake of its own, and needs a name too.
        if let Some(role) = role
            && marks.iter().take(at).all(|before| *before != Some(role))
        {
            field.ident = Some(Ident::new(role, field.ty.span()));
        }
    }
    let data = DataStruct {
        struct_token: Default::default(),
        fields: Fields::Named(fields),
        semi_token: None,
    };
    DeriveInput { data: Data::Struct(data), ..input.clone() }
}

/// A struct with named fields as in its source, with no attributes but ours on
/// its fields.
pub(super) fn written(mut input: DeriveInput) -> String {
    input.attrs.clear();
    if let Data::Struct(data) = &mut input.data {
        for field in &mut data.fields {
            field.attrs.retain(|attr| attr.path().is_ident("session"));
        }
    }
    text(&input)
}
