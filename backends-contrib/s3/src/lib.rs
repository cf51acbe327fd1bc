#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../docs.md")]

mod backend;
mod config;
mod explain;
mod open;
mod probe;
mod store;
mod tls;

pub use backend::S3Backend;
pub use config::S3Config;
/// The crate whose builders [`S3Config`] takes.
pub use object_store;
