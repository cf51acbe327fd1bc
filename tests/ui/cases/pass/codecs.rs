//! Every codec that a word names, and one that a path names.

use ferogram_session::{BlobStore, KeyValueStore, Native, SessionBackend};

mod mine {
    pub use ferogram_session::Native as Renamed;
}

macro_rules! with_codec {
    ($($ty:ident: $codec:path;)*) => {$(
        #[derive(SessionBackend)]
        #[session(blob(codec = $codec))]
        struct $ty {
            #[session(store)]
            bucket: Box<dyn BlobStore>,
        }
    )*};
}

with_codec! {
    Word: native;
    Type: Native;
    Path: mine::Renamed;
    Absolute: ::ferogram_session::Native;
}

#[derive(SessionBackend)]
#[session(key_value(codec = bincode))]
struct Bincode {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
}

#[derive(SessionBackend)]
#[session(key_value(codec = json))]
struct Json {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
}

/// The bound of the codec is inferred.
#[derive(SessionBackend)]
#[session(key_value(codec = C))]
struct Generic<C> {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
    codec: std::marker::PhantomData<C>,
}

fn is_backend<B: SessionBackend>() {}

fn main() {
    is_backend::<Word>();
    is_backend::<Type>();
    is_backend::<Path>();
    is_backend::<Absolute>();
    is_backend::<Bincode>();
    is_backend::<Json>();
    is_backend::<Generic<Native>>();
    let _ = |unread: &Generic<Native>| unread.codec;
}
