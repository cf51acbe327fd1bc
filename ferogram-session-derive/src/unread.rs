//! A struct that could not be parsed. The compiler says so itself, mostly better;
//! here its name is read, so that it is a backend for all other code.

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Data, DataStruct, DeriveInput, Fields, Generics, Ident, Token, Visibility};

use crate::container;
use crate::diag::Diagnostics;
use crate::fallback;
use crate::message::shape;
use crate::source::text;

/// The error, and a stub if the name can be read.
pub(crate) fn expand(input: TokenStream, error: &syn::Error) -> TokenStream {
    let mut diag = Diagnostics::default();
    match attribute_of_type(input.clone()) {
        Some((attribute, written)) => diag.at(&attribute, shape::attribute_of_type(&written)),
        None => diag.push(error.clone()),
    }
    let errors = diag.finish();
    let Ok(Head(head)) = syn::parse2(input) else { return errors.unwrap_or_default() };
    let container = container::read(&head.attrs, &[], &mut Diagnostics::default());
    let krate = container.krate.and_then(|given| given.value).unwrap_or_default();
    let stub = fallback::expand(&head, &krate, &[], false);
    quote::quote!(#errors #stub)
}

/// What stands before the fields, as a struct without any.
struct Head(DeriveInput);

impl Parse for Head {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis: Visibility = input.parse()?;
        let struct_token: Token![struct] = input.parse()?;
        let ident: Ident = input.parse()?;
        let mut generics: Generics = input.parse()?;
        generics.where_clause = input.parse()?;
        let _: TokenStream = input.parse()?;
        let data = DataStruct { struct_token, fields: Fields::Unit, semi_token: None };
        Ok(Head(DeriveInput { attrs, vis, ident, generics, data: Data::Struct(data) }))
    }
}

/// `redis: #[session(store)] Store`: the attribute, and the field as it should be
/// written.
fn attribute_of_type(input: TokenStream) -> Option<(TokenStream, String)> {
    let fields = input.into_iter().last()?;
    let TokenTree::Group(fields) = fields else { return None };
    let tokens: Vec<TokenTree> = fields.stream().into_iter().collect();
    let is = |at: usize, sign: &str| tokens.get(at).is_some_and(|token| token.to_string() == sign);
    let colon = (1..tokens.len()).find(|&at| is(at, ":") && is(at + 1, "#"))?;
    let of = |tokens: &[TokenTree]| tokens.iter().cloned().collect::<TokenStream>();
    let attribute = of(tokens.get(colon + 1..colon + 3)?);
    let ty = tokens[colon + 3..].split(|token| token.to_string() == ",").next()?;
    let written = format!("{} {}: {}", text(&attribute), tokens[colon - 1], text(&of(ty)));
    Some((attribute, written))
}
