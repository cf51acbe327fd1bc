//! Nothing from the prelude is in scope.

#![no_implicit_prelude]

#[derive(::ferogram_session::SessionBackend)]
#[session(key_value(key = "tg:{account}"))]
struct Redis<S> {
    #[session(store)]
    redis: S,
    #[session(cache)]
    cache: ::ferogram_session::SessionCache,
    #[session(name)]
    label: ::std::string::String,
    account: ::std::string::String,
}

#[derive(::ferogram_session::SessionBackend)]
#[session(blob(codec = native))]
struct Bucket {
    #[session(store)]
    bucket: ::std::boxed::Box<dyn ::ferogram_session::BlobStore>,
}

fn is_backend<B: ::ferogram_session::SessionBackend>() {}

fn main() {
    is_backend::<Redis<::std::boxed::Box<dyn ::ferogram_session::KeyValueStore>>>();
    is_backend::<Bucket>();
}
