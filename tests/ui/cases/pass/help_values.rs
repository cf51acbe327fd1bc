//! What the help lines about keys, names, codecs and paths say, pasted in.

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
                dc: i32,
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
    Separated: #[session(key_value(key = "{account}:{dc}"))];
    Opened: #[session(key_value(key = "tg:{{"))];
    KeyOfNumber: #[session(key_value(key = "3"))];
    NameOfWord: #[session(key_value, name = "redis")];
    NameOfChar: #[session(key_value, name = "r")];
    NameOfNumber: #[session(key_value, name = "3")];
    Closed: #[session(key_value(key = "tg:}}{account}"))];
    Named: #[session(key_value(key = "{account}"))];
    KeyRemoved: #[session(key_value)];
    NameRemoved: #[session(key_value)];
    CodecUnquoted: #[session(key_value(codec = native))];
    AbsolutePath: #[session(key_value, crate = ::ferogram_session)];
}
