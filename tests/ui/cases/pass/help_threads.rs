//! What the help lines about types that stay on one thread say, pasted in.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use ferogram_session::{KeyValueStore, SessionBackend};

macro_rules! backends {
    ($($name:ident: $other:ty;)*) => {
        $(
            #[derive(SessionBackend)]
            #[session(key_value)]
            #[allow(dead_code)]
            struct $name {
                #[session(store)]
                redis: std::sync::Arc<Box<dyn KeyValueStore>>,
                other: $other,
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
    OfCell: std::sync::Mutex<u8>;
    OfRc: std::sync::Arc<str>;
    OfRcOfCell: std::option::Option<Arc<Mutex<u8>>>;
    OfLazy: std::sync::LazyLock<u8>;
    OfWeak: std::sync::Weak<u8>;
    OfFunction: Box<dyn Fn(&str) + Send + Sync>;
    OfMap: HashMap<String, std::sync::Arc<u8>>;
    OfPair: (std::sync::Arc<u8>, u8);
}
