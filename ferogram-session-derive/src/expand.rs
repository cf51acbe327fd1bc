//! From a model to the implementation. Nothing can fail here, and nothing is
//! decided here: the generated code only hands the fields of the struct to the
//! engine, which is library code with tests of its own.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::parse_quote;

use crate::attr::plain;
use crate::generics;
use crate::inferred;
use crate::keys::{CodecKey, Mode};
use crate::model::{Key, Layout, Model, Name};
use crate::template::Part;
use crate::value::{Codec, CratePath};

/// One `const` with everything in it.
///
/// * The import comes first, and everything uses the library through it, so a
///   path that is wrong is one error.
/// * `__engine` is the only place where a field's type meets a bound, so a
///   store that is none is one error, and one on the whole type of the field.
pub(crate) fn expand(model: &Model<'_>) -> TokenStream {
    let imports = imports(&model.krate);
    let core = core();
    let ident = model.ident;

    let mut generics = generics::thread_safe(model.generics, &core);
    infer_bounds(model, &mut generics);
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    let this: TokenStream = quote!(#ident #ty_generics);

    let (helper_generics, lifetime) = generics::with_lifetime(&generics);
    let (helper_generics, _, _) = helper_generics.split_for_impl();
    let engine = engine(model);
    let helper = quote! {
        fn __engine #helper_generics (__this: &#lifetime #this) -> __private::Engine<#lifetime> #where_clause {
            #engine
        }
    };
    let helper = generics::without_self(helper, &this);
    let field = field_trait(model.layout.mode());

    let name = match &model.name {
        Name::Text(text) => quote!(#text),
        Name::Field(field) => {
            let (ident, ty) = (field.ident, inferred::word(field.ty()));
            quote!(__private::name::<#ty>(&self.#ident))
        }
    };
    // A parameter that no field has cannot be inferred.
    let turbofish = generics::turbofish(model.generics);
    let methods = methods(|method, argument| quote!(__engine #turbofish (self).#method(#argument)));

    let allowed = &model.allowed;
    quote! {
        #allowed
        const _: () = {
            #imports
            use __private::#field as _;

            #helper

            #[automatically_derived]
            impl #impl_generics __private::SessionBackend for #this #where_clause {
                fn name(&self) -> &#core::primitive::str {
                    #name
                }
                #methods
            }
        };
    }
}

/// Everything that the generated code uses is in one module, under a name that
/// no struct or field has by accident: one path to resolve, where it may be
/// wrong.
pub(crate) fn imports(krate: &CratePath) -> TokenStream {
    // What has no such module is reported where the user names it.
    let at =
        krate.last().map_or_else(Span::call_site, |last| Span::call_site().located_at(last.span()));
    let private = Ident::new("__private", at);
    quote!(use #krate::#private;)
}

/// The standard library as the user's module cannot shadow it.
pub(crate) fn core() -> TokenStream {
    quote!(__private::core)
}

/// All methods but `name` that have to be there, with what `body` makes of what
/// the engine calls the method, and of its argument. The four that change a part
/// of a session are `__change` in the trait.
pub(crate) fn methods(
    body: impl Fn(&TokenStream, Option<&TokenStream>) -> TokenStream,
) -> TokenStream {
    let core = core();
    let unit = quote!(());
    let loaded = quote!(#core::option::Option<__private::PersistedSession>);
    // A constant or a static of the user's is what a parameter of its name would
    // be taken for, so they have names that none has by accident.
    let session = (quote!(__session), quote!(&__private::PersistedSession));
    let change = (quote!(__change), quote!(__private::Granular<'_>));
    let methods = [
        (quote!(save), quote!(save), Some(session), &unit),
        (quote!(load), quote!(load), None, &loaded),
        (quote!(delete), quote!(delete), None, &unit),
        (quote!(__change), quote!(change), Some(change), &unit),
    ];
    let methods = methods.iter().map(|(method, engine, argument, output)| {
        let body = body(engine, argument.as_ref().map(|(name, _)| name));
        let parameter = argument.as_ref().map(|(name, ty)| quote!(#name: #ty));
        quote! {
            fn #method(&self, #parameter) -> __private::io::Result<#output> {
                #body
            }
        }
    });
    methods.collect()
}

/// What builds the engine from the fields of `__this`.
fn engine(model: &Model<'_>) -> TokenStream {
    let (field, ty) = (model.store.ident, inferred::behind_pointer(model.store.ty()));
    let (mode, as_store, layout) = mode(&model.layout);
    let name = match &model.name {
        Name::Text(text) => quote!(#text),
        // Where the name comes from is written once, in the implementation.
        Name::Field(_) => quote!(__private::SessionBackend::name(__this)),
    };
    let key = key(&model.key);
    let cache = model.cache.map_or_else(
        || quote!(__private::NO_CACHE),
        |field| {
            let (ident, ty) = (field.ident, inferred::word(field.ty()));
            quote!(__private::cache::<#ty>(&__this.#ident))
        },
    );
    quote! {
        let __store = (&&&__private::store(&__this.#field)).#mode();
        let __store = __store.#as_store::<#ty>(&__this.#field);
        __private::Engine::new(__private::Mode::#layout, #name, #key, #cache)
    }
}

/// The trait of the library that tells what the store field holds.
fn field_trait(mode: Mode) -> TokenStream {
    match mode {
        Mode::Blob => quote!(BlobField),
        Mode::KeyValue => quote!(KeyValueField),
        Mode::Rows => quote!(RowField),
    }
}

/// The method that tells what the field holds, the method that gives its store,
/// and the mode around the store.
fn mode(layout: &Layout) -> (Ident, Ident, TokenStream) {
    let word = layout.mode().word();
    let ident = |text: &str| Ident::new(text, Span::mixed_site());
    let layout = match layout {
        Layout::Blob(codec) => {
            let codec = codec_fns(codec);
            quote!(Blob(__store, #codec))
        }
        Layout::KeyValue(codec) => {
            let codec = codec_fns(codec);
            quote!(KeyValue(__store, #codec))
        }
        Layout::Rows => quote!(Rows(__store)),
    };
    (ident(&format!("__{word}")), ident(&format!("as_{word}")), layout)
}

/// A codec behind a feature is a macro of the library, as only the library
/// knows which features are on. It is called with the span of the user's word,
/// so that "the feature is off" points there.
fn codec_fns(codec: &Codec) -> TokenStream {
    match codec {
        Codec::Known(CodecKey::Native, _) => quote!(__private::codec::<__private::Native>()),
        Codec::Known(CodecKey::Bincode, word) => {
            quote_spanned!(word.span()=> __private::bincode_codec!())
        }
        Codec::Known(CodecKey::Json, word) => {
            quote_spanned!(word.span()=> __private::json_codec!())
        }
        Codec::Path(path) => quote!(__private::codec::<#path>()),
    }
}

fn key(key: &Key<'_>) -> TokenStream {
    let parts = match key {
        Key::Fixed(text) => return quote!(__private::fixed_key(#text)),
        Key::Template(parts) => parts,
    };
    let parts = parts.iter().map(|part| match part {
        Part::Text(text) => quote!(__private::Part::Text(#text)),
        Part::Field(field) => {
            let (ident, ty, name) = (field.ident, inferred::word(field.ty()), plain(field.ident));
            quote!(__private::Part::Field(#name, __private::key_part::<#ty>(&__this.#ident)))
        }
    });
    quote!(__private::template_key(&[#(#parts),*]))
}

/// Adds a bound for each type that the engine needs one of and that mentions a
/// parameter.
fn infer_bounds(model: &Model<'_>, generics: &mut syn::Generics) {
    let store = Ident::new(model.layout.mode().store(), Span::mixed_site());
    let store = quote!(__private::#store);
    let mut bounds: Vec<(TokenStream, TokenStream)> =
        vec![(model.store.ty().to_token_stream(), store)];
    if let Some(Codec::Path(path)) = model.layout.codec() {
        bounds.push((path.to_token_stream(), quote!(__private::Codec)));
    }
    bounds.extend(
        model.key.fields().map(|field| (field.ty().to_token_stream(), quote!(__private::KeyPart))),
    );
    for (ty, bound) in bounds {
        if generics::mentions_param(&ty, model.generics) {
            generics.make_where_clause().predicates.push(parse_quote!(#ty: #bound));
        }
    }
}
