//! What the help lines say that show a whole attribute, with what was right in it.

use ferogram_session::{KeyValueStore, SessionBackend};

macro_rules! backends {
    ($($name:ident: #[$options:meta];)*) => {
        $(
            #[derive(SessionBackend)]
            #[$options]
            #[allow(dead_code)]
            struct $name {
                #[session(store)]
                redis: Box<dyn KeyValueStore>,
                account: String,
            }
        )*

        fn main() {
            $(is_backend::<$name>();)*
        }
    };
}

fn is_backend<B: SessionBackend>() {}

#[rustfmt::skip]
backends! {
    CodecFromField: #[session(key_value(key = "main", codec = json), name = "eu")];
    KeyFromField: #[session(key_value(codec = json, key = "{account}"))];
    KeyFromBesideMode: #[session(key_value(codec = json, key = "main"), name = "eu")];
    NameFromMode: #[session(key_value(key = "main", codec = json), name = "redis")];
    KeyFromAnotherAttribute: #[session(key_value(key = "main"), name = "eu")];
    FieldOfKeyBesideName: #[session(key_value(key = "{account}"), name = "tg")];
    ModeBesideName: #[session(key_value, name = "tg")];
    OptionsOfACodec: #[session(key_value(codec = json, key = "main"))];
    OptionsBesideName: #[session(name = "tg", key_value(codec = json, key = "main"))];
    KeyBesideCrate: #[session(crate = ::ferogram_session, key_value(key = "main"))];
}
