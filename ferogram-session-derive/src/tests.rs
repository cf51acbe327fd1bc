//! The whole way, from the tokens of a struct to those of the implementation.

use proc_macro2::TokenStream;
use quote::quote;

use crate::derive;

/// The expansion without spaces.
fn expand(input: TokenStream) -> String {
    let output = derive(input);
    assert!(!output.to_string().contains("compile_error"), "{output}");
    squeeze(&output)
}

fn squeeze(tokens: &TokenStream) -> String {
    tokens.to_string().replace(' ', "")
}

/// The messages, after checking that a stub follows them.
fn mistakes(input: TokenStream) -> Vec<String> {
    let output = derive(input);
    let text = squeeze(&output);
    assert!(text.contains("__private::SessionBackendfor"), "no stub: {output}");
    assert!(!text.contains("__engine"), "more than a stub: {output}");
    let mut messages = Vec::new();
    for tree in output {
        if let proc_macro2::TokenTree::Group(group) = tree
            && let Ok(message) = syn::parse2::<syn::LitStr>(group.stream())
        {
            messages.push(message.value().lines().next().unwrap_or_default().to_owned());
        }
    }
    messages
}

#[track_caller]
fn assert_has(text: &str, part: &TokenStream) {
    let part = squeeze(part);
    assert!(text.contains(&part), "no\n{part}\nin\n{text}");
}

#[test]
fn wires_every_field_once() {
    let text = expand(quote! {
        #[session(key_value(key = "tg:{account}", codec = json), name = "eu")]
        pub(crate) struct RedisBackend {
            #[session(store)]
            redis: RedisStore,
            #[session(cache)]
            cache: SessionCache,
            account: String,
        }
    });
    assert_has(
        &text,
        &quote! {
            let __store = (&&&__private::store(&__this.redis)).__key_value();
            let __store = __store.as_key_value::<_>(&__this.redis);
            __private::Engine::new(
                __private::Mode::KeyValue(__store, __private::json_codec!()),
                "eu",
                __private::template_key(&[
                    __private::Part::Text("tg:"),
                    __private::Part::Field("account", __private::key_part::<_>(&__this.account))
                ]),
                __private::cache::<_>(&__this.cache)
            )
        },
    );
    assert_has(
        &text,
        &quote!(
            fn name(&self) -> &__private::core::primitive::str {
                "eu"
            }
        ),
    );
    assert!(!text.contains("RedisStore"), "{text}");
}

#[test]
fn defaults() {
    let text = expand(quote! {
        #[session(rows)]
        struct LibSQLBackend { #[session(store)] pool: Pool }
    });
    assert_has(
        &text,
        &quote! {
            let __store = (&&&__private::store(&__this.pool)).__rows();
            let __store = __store.as_rows::<_>(&__this.pool);
            __private::Engine::new(
                __private::Mode::Rows(__store),
                "lib-sql",
                __private::fixed_key("default"),
                __private::NO_CACHE
            )
        },
    );
    assert!(text.contains("use::ferogram_session::__private;"), "{text}");
}

#[test]
fn bounds_are_inferred_for_parameters_only() {
    let text = expand(quote! {
        #[session(blob(codec = Mine<C>, key = "{id}"))]
        struct B<'a, S: Clone, C, const N: usize = 3> where S: Debug {
            #[session(store)] store: &'a Ring<S, N>,
            id: String,
            other: C,
        }
    });
    assert_has(
        &text,
        &quote! {
            impl<'a, S, C, const N: usize> __private::SessionBackend for B<'a, S, C, N>
            where
                S: Debug,
                S: Clone + __private::core::marker::Send + __private::core::marker::Sync,
                C: __private::core::marker::Send + __private::core::marker::Sync,
                &'a Ring<S, N>: __private::BlobStore,
                Mine<C>: __private::Codec
        },
    );
    assert!(!text.contains("String:__private"), "{text}");
}

#[test]
fn every_method_is_there() {
    let text = expand(quote! {
        #[session(rows)]
        struct B { #[session(store)] pool: Pool }
    });
    for method in ["save", "load", "delete", "name", "__change"] {
        assert_eq!(text.matches(&format!("fn{method}(")).count(), 1, "{method}");
    }
}

#[test]
fn output_is_one_const() {
    let output = derive(quote! {
        #[session(rows, crate = crate::x)]
        #[deprecated]
        struct B { #[session(store)] #[allow(clippy::x)] pool: Pool }
    });
    // Two attributes, then `const _: () = {..};`.
    let text = squeeze(&output);
    assert!(text.starts_with("#[allow(deprecated)]#[allow(clippy::x)]const_:()={"), "{text}");
    assert!(text.ends_with("};") && output.into_iter().count() == 4 + 7, "{text}");
}

#[test]
fn mistakes_of_all_kinds_are_reported_together() {
    let messages = mistakes(quote! {
        #[session(key_value(codek = native, key = "{x}"), nmae = "a")]
        struct B { #[session(stroe)] a: A, #[session(cache)] b: SessionCache, #[session(cache)] c: SessionCache }
    });
    assert_eq!(
        messages,
        [
            "unknown option `codek` in `key_value`, did you mean `codec`?",
            "unknown option `nmae`, did you mean `name`?",
            "unknown field option `stroe`, did you mean `store`?",
            "only one field may be the cache",
            "first cache here",
            "unknown field `x` in key template",
        ]
    );
}

#[test]
fn a_mistake_is_not_reported_twice() {
    for (input, message) in [
        (
            quote!(
                #[session("blob")]
                struct B {
                    #[session(store)]
                    a: A,
                }
            ),
            "expected a word, found `\"blob\"`",
        ),
        (
            quote!(
                #[session(kv)]
                struct B {
                    #[session(store)]
                    a: A,
                }
            ),
            "unknown storage mode `kv`, did you mean `key_value`?",
        ),
        (
            quote!(
                #[session]
                struct B {
                    #[session(store)]
                    a: A,
                }
            ),
            "expected options in parentheses",
        ),
        (
            quote!(
                #[session(rows)]
                struct B {
                    #[session()]
                    a: A,
                }
            ),
            "empty `#[session()]` has no effect",
        ),
        (
            quote!(
                enum B {
                    A(A),
                }
            ),
            "`SessionBackend` cannot be derived for an enum, because a backend wraps exactly one store",
        ),
        (
            quote!(
                #[session(rows)]
                struct B;
            ),
            "this struct has no field to keep sessions in",
        ),
    ] {
        assert_eq!(mistakes(input), [message]);
    }
}

#[test]
fn crate_path_of_a_mistake_is_kept() {
    let stub = squeeze(&derive(quote! {
        #[session(crate = "::elsewhere")]
        struct B { #[session(store)] a: A }
    }));
    assert!(stub.contains("use::elsewhere::__private;"), "{stub}");
}

#[test]
fn a_struct_that_cannot_be_parsed_is_a_backend_too() {
    let input = quote! {
        /// Doc.
        #[session(key_value, crate = crate::elsewhere)]
        pub(crate) struct B<T: Clone = u8> where T: Copy { store: #[session(store)] Box<T>, x: u8 }
    };
    let stub = squeeze(&derive(input.clone()));
    assert!(stub.contains("usecrate::elsewhere::__private;"), "{stub}");
    assert_eq!(
        mistakes(input),
        ["an attribute stands before the name of a field, not before its type"]
    );
    assert_eq!(mistakes(quote!(struct B { store Box<T> })), ["expected `:`"]);
    let not_even_a_name = derive(quote!(struct { store: T })).to_string();
    assert!(not_even_a_name.contains("compile_error"), "{not_even_a_name}");
}
