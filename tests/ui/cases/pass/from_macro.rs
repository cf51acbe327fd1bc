//! Structs made by `macro_rules!`, whose fragments arrive in invisible groups.

use ferogram_session::{KeyValueStore, RowStore, SessionBackend, SessionCache};

macro_rules! backend {
    ($vis:vis $name:ident, $mode:ident, $store:ty, $key:literal, $label:expr) => {
        #[derive(SessionBackend)]
        #[session($mode(key = $key), name = $label)]
        $vis struct $name {
            #[session(store)]
            store: $store,
            #[session(cache)]
            cache: SessionCache,
            account: String,
        }
    };
}

macro_rules! from_meta {
    ($(#[$attr:meta])* $name:ident<$param:ident>, $krate:path, { $($field:ident: $ty:ty = $role:meta,)* }) => {
        $(#[$attr])*
        #[session(crate = $krate)]
        struct $name<$param> {
            $(#[session($role)] $field: $ty,)*
        }
    };
}

macro_rules! whole_list {
    ($($options:tt)*) => {
        #[derive(SessionBackend)]
        #[session($($options)*)]
        struct WholeList {
            #[session(store)]
            store: Box<dyn RowStore>,
        }
    };
}

macro_rules! mode_as_meta {
    ($mode:meta) => {
        #[derive(SessionBackend)]
        #[session($mode, name = "meta")]
        struct ModeAsMeta {
            #[session(store)]
            store: Box<dyn KeyValueStore>,
        }
    };
}

backend!(pub Made, key_value, Box<dyn KeyValueStore>, "{account}", "made");
from_meta! {
    #[derive(SessionBackend)]
    #[session(rows)]
    FromMeta<S>, ::ferogram_session, { store: S = store, cache: SessionCache = cache, }
}
whole_list!(rows(key = "x"), name = "whole");
mode_as_meta!(key_value(key = "x", codec = native));

fn is_backend<B: SessionBackend>() {}

fn main() {
    is_backend::<Made>();
    is_backend::<FromMeta<Box<dyn RowStore>>>();
    is_backend::<WholeList>();
    is_backend::<ModeAsMeta>();
}
