//! A derive that writes nothing and owns the attribute `#[Session(..)]`.

use proc_macro::TokenStream;

/// Owns `#[Session(..)]`.
#[proc_macro_derive(OtherDerive, attributes(Session))]
pub fn other_derive(_: TokenStream) -> TokenStream {
    TokenStream::new()
}
