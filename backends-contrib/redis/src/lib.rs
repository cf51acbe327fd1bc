#![doc = include_str!("../docs.md")]

mod backend;
mod config;
mod connection;
mod explain;
mod list;
mod script;
mod store;

pub use backend::RedisBackend;
pub use config::RedisConfig;
