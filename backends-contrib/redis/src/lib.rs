#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../docs.md")]

mod backend;
mod config;
mod connection;
mod explain;
mod language;
mod list;
mod replicas;
mod rights;
mod script;
mod store;
#[cfg(feature = "tls")]
mod tls;
mod wire;

pub use backend::RedisBackend;
pub use config::RedisConfig;
/// The client whose descriptions and connections [`RedisConfig`] takes.
pub use redis;
