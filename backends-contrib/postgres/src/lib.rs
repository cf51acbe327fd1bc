#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../docs.md")]

mod backend;
mod config;
mod connection;
mod executor;
mod explain;
mod hosts;
mod keywords;
mod text;
mod tls;
mod url;
mod value;

pub use backend::PostgresBackend;
pub use config::PostgresConfig;
/// The client whose configuration [`PostgresConfig`] takes.
pub use tokio_postgres;
