//! What the help lines about modes and options say, pasted in.

use ferogram_session::{BlobStore, KeyValueStore, RowStore, SessionBackend};

#[derive(SessionBackend)]
#[session(key_value)]
struct ModeAdded {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
}

#[derive(SessionBackend)]
#[session(rows)]
struct OtherModeAdded {
    #[session(store)]
    pool: Box<dyn RowStore>,
}

#[derive(SessionBackend)]
#[session(rows(key = "main"))]
struct ModeWithItsOptions {
    #[session(store)]
    pool: Box<dyn RowStore>,
}

#[derive(SessionBackend)]
#[session(blob)]
struct ThirdModeAdded {
    #[session(store)]
    bucket: Box<dyn BlobStore>,
}

#[derive(SessionBackend)]
#[session(key_value(codec = native, key = "main"))]
struct ListsMerged {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
}

#[derive(SessionBackend)]
#[session(key_value, name = "..")]
struct NameBesideMode {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
}

#[derive(SessionBackend)]
#[session(key_value(key = ".."))]
struct KeyInMode {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
}

#[derive(SessionBackend)]
#[session(key_value(key = "main", codec = native))]
struct OptionsKept {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
}

#[derive(SessionBackend)]
#[session(key_value(codec = json))]
struct CodecAboveStruct {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
}

#[derive(SessionBackend)]
#[session(key_value, name = "redis")]
struct NameMoved {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
}

#[derive(SessionBackend)]
#[session(rows, name = "main")]
struct ModeForTable {
    #[session(store)]
    pool: Box<dyn RowStore>,
}

fn is_backend<B: SessionBackend>() {}

fn main() {
    is_backend::<ModeAdded>();
    is_backend::<OtherModeAdded>();
    is_backend::<ModeWithItsOptions>();
    is_backend::<ThirdModeAdded>();
    is_backend::<ListsMerged>();
    is_backend::<NameBesideMode>();
    is_backend::<KeyInMode>();
    is_backend::<OptionsKept>();
    is_backend::<CodecAboveStruct>();
    is_backend::<NameMoved>();
    is_backend::<ModeForTable>();
}
