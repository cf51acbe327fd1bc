//! A tuple struct as it could be, with names for its fields.

use proc_macro2::Ident;
use syn::spanned::Spanned;
use syn::{Data, DataStruct, DeriveInput, Field, Fields, FieldsNamed, FieldsUnnamed, parse_quote};

use crate::source::text;

/// One field is the store, the one that is marked or else the first.
pub(super) fn with_names(input: &DeriveInput, fields: &FieldsUnnamed) -> DeriveInput {
    let marked = |field: &Field| field.attrs.iter().any(|attr| attr.path().is_ident("session"));
    let store = fields.unnamed.iter().position(marked).unwrap_or(0);
    let named = fields.unnamed.iter().enumerate().map(|(at, field)| {
        let name = if at == store { "store".to_owned() } else { format!("field{at}") };
        let mut attrs = field.attrs.clone();
        if at == store && !marked(field) {
            attrs.push(parse_quote!(#[session(store)]));
        }
        let ident = Some(Ident::new(&name, field.ty.span()));
        let vis = syn::Visibility::Inherited;
        Field { attrs, ident, vis, colon_token: Some(Default::default()), ..field.clone() }
    });
    let fields = FieldsNamed { brace_token: Default::default(), named: named.collect() };
    let data = DataStruct {
        struct_token: Default::default(),
        fields: Fields::Named(fields),
        semi_token: None,
    };
    DeriveInput { data: Data::Struct(data), ..input.clone() }
}

/// A struct with named fields as in its source, without the attributes above
/// it.
pub(super) fn written(input: &DeriveInput) -> String {
    text(&DeriveInput { attrs: Vec::new(), ..input.clone() })
}
