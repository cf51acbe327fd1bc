#![doc = include_str!("../docs.md")]

mod backend;
mod config;
mod connection;
mod explain;
mod list;
mod replicas;
mod script;
mod store;
mod wire;

pub use backend::RedisBackend;
pub use config::RedisConfig;
