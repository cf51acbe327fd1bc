//! What the help lines about the path of the library say: in a crate that has it
//! at its root, in a module, and by another name.

extern crate ferogram_session as path;

#[doc(hidden)]
pub use ferogram_session::__private;
pub use ferogram_session::*;

pub mod reexport {
    #[doc(hidden)]
    pub use ferogram_session::__private;
    pub use ferogram_session::*;
}

macro_rules! backends {
    ($($name:ident: #[$options:meta];)*) => {
        $(
            #[derive(ferogram_session::SessionBackend)]
            #[$options]
            struct $name {
                #[session(store)]
                redis: Box<dyn ferogram_session::KeyValueStore>,
            }
        )*

        fn main() {
            $(is_backend::<$name>();)*
        }
    };
}

fn is_backend<B: ferogram_session::SessionBackend>() {}

#[rustfmt::skip]
backends! {
    Root: #[session(key_value, crate = crate)];
    Module: #[session(key_value, crate = crate::reexport)];
    Dependency: #[session(key_value, crate = ::ferogram_session)];
    Renamed: #[session(key_value, crate = ::path)];
}
