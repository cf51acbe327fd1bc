//! What the help lines to newcomers say, pasted in.

use ferogram_session::{KeyValueStore, Native as My, SessionBackend};

macro_rules! backends {
    ($($name:ident: #[$options:meta];)*) => {
        $(
            #[derive(SessionBackend)]
            #[$options]
            #[allow(dead_code)]
            struct $name {
                #[session(store)]
                redis: Box<dyn KeyValueStore>,
                tenant: String,
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
    CamelCase: #[session(key_value(key = "{account}"))];
    Type: #[session(key_value)];
    Format: #[session(key_value(key = "tg:{account}"))];
    Arguments: #[session(key_value(key = "tg:{tenant}:{account}"))];
    Field: #[session(key_value(key = "{account}"))];
    Prefix: #[session(key_value(key = "main"))];
    Serializer: #[session(key_value(codec = native))];
    ModeForAsync: #[session(key_value, name = "main")];
    PrefixAlone: #[session(key_value(key = "tg"))];
    TwoFields: #[session(key_value(key = "{tenant}:{account}"))];
    CodecWord: #[session(key_value(codec = json))];
    CodecOfAType: #[session(key_value(codec = My))];
}
