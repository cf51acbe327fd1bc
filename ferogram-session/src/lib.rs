#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

// The derive writes `::ferogram_session::..`, and our own backends use it too.
extern crate self as ferogram_session;

#[cfg(feature = "async")]
mod r#async;
mod backend;
mod backends;
mod cache;
mod codec;
mod copy;
mod data;
mod engine;
mod error;
mod format;
// Documentation alone; it shows everything, so it takes every feature to compile.
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod granular;
#[cfg(all(
    any(doc, doctest),
    feature = "async",
    feature = "libsql-session",
    feature = "sqlite-session",
    feature = "testing"
))]
pub mod guide;
mod key;
mod mode;
mod random;
mod reconnect;
mod records;
mod sql;
mod sync;
#[cfg(feature = "testing")]
pub mod testing;

/// For who tries the suite without its feature: "cannot find macro" would not
/// say what to do.
#[cfg(not(feature = "testing"))]
#[doc(hidden)]
#[macro_export]
macro_rules! conformance {
    ($($any:tt)*) => {
        ::core::compile_error!(
            "`conformance!` needs the feature `testing` of ferogram-session\nhelp: under [dev-dependencies] write `ferogram-session = { version = \"0.6\", features = [\"testing\"] }`, with the `path` or `git` of your [dependencies] if it has one"
        );
    };
}

#[cfg(feature = "async")]
pub use r#async::{AsyncBlobStore, AsyncKeyValueStore, AsyncReconnect, AsyncRowStore, Blocking};
pub use backend::SessionBackend;
#[cfg(feature = "libsql-session")]
pub use backends::LibSqlBackend;
#[cfg(feature = "sqlite-session")]
pub use backends::SqliteBackend;
pub use backends::{
    BinaryFileBackend, Embedded, InMemoryBackend, MemoryStore, StringSessionBackend,
};
pub use cache::SessionCache;
#[cfg(feature = "bincode")]
pub use codec::Bincode;
#[cfg(feature = "json")]
pub use codec::Json;
pub use codec::{Codec, Native};
pub use copy::{Copied, CopyOptions, CopyOutcome, copy};
pub use data::{
    CachedMinPeer, CachedPeer, ChannelKind, DcEntry, DcFlags, PersistedSession, SessionStats,
    UpdateStateChange, UpdatesStateSnap, default_dc_addresses,
};
pub use error::{Details, SessionError};
#[cfg(feature = "derive")]
pub use ferogram_session_derive::SessionBackend;
pub use format::compact as string_session;
pub use format::compact::{FullSession, Session, StringSession, StringSessionError};
pub use key::{KeyPart, file_name, key_of_file_name, unescape_key};
pub use mode::{BlobStore, Expect, Field, Fields, KeyValueStore, RowStore, Version, Written};
pub use reconnect::Reconnect;
pub use records::{Change, PeerKind, Record, RecordId, Records, Secret, Write};
#[cfg(feature = "async")]
pub use sql::AsyncSqlExecutor;
pub use sql::{Dialect, SqlExecutor, SqlStore, Statement, TablePrefix, Value};
pub use sync::deadline_after;

/// What generated code calls. Not for use by hand: it changes with the derive.
#[doc(hidden)]
pub mod __private {
    pub use crate::backend::SessionBackend;
    pub use crate::codec::Codec;
    pub use crate::codec::{CodecFns, Native, codec};
    pub use crate::data::PersistedSession;
    #[cfg(feature = "async")]
    pub use crate::engine::Blocks;
    pub use crate::engine::{
        BlobField, Engine, IsCache, IsName, KeyValueField, Mode, NO_CACHE, RowField, cache, name,
        store,
    };
    pub use crate::granular::Granular;
    pub use crate::key::{Key, KeyPart, Part, fixed_key, template_key};
    pub use crate::mode::{BlobStore, KeyValueStore, RowStore};
    pub use crate::{__bincode_codec as bincode_codec, __json_codec as json_codec};
    pub use ::core;
    pub use ::std::io;
    pub use ferogram_session_derive::SessionBackend;

    /// A value as a piece of a key: the one place where that bound is checked.
    pub fn key_part<T: KeyPart>(value: &T) -> &dyn KeyPart {
        value
    }

    #[cfg(feature = "bincode")]
    pub use crate::codec::Bincode;
    #[cfg(feature = "json")]
    pub use crate::codec::Json;
}

#[cfg(feature = "json")]
#[doc(hidden)]
#[macro_export]
macro_rules! __json_codec {
    () => {
        $crate::__private::codec::<$crate::__private::Json>()
    };
}

#[cfg(not(feature = "json"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __json_codec {
    () => {
        ::core::compile_error!(
            "codec `json` needs the feature `json` of `ferogram-session`\nhelp: ferogram-session = { version = \"0.6\", features = [\"json\"] }"
        )
    };
}

#[cfg(feature = "bincode")]
#[doc(hidden)]
#[macro_export]
macro_rules! __bincode_codec {
    () => {
        $crate::__private::codec::<$crate::__private::Bincode>()
    };
}

#[cfg(not(feature = "bincode"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __bincode_codec {
    () => {
        ::core::compile_error!(
            "codec `bincode` needs the feature `bincode` of `ferogram-session`\nhelp: ferogram-session = { version = \"0.6\", features = [\"bincode\"] }"
        )
    };
}
