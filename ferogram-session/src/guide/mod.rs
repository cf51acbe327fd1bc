//! The guide: from the first choice to a backend in production.
//!
//! | page | answers |
//! |---|---|
//! | [`modes`] | blob, key-value or rows? |
//! | [`stores`] | how do I write a store? |
//! | [`async_stores`] | and over an async client? |
//! | [`accounts`] | how do I keep many accounts in one place? |
//! | [`proof`] | how do I know that my backend is right? |
//! | [`errors`] | what can a call fail with, and what do I do then? |
//! | [`costs`] | what does a call cost, and when is it durable? |
//! | [`migrating`] | I come from 0.6.6, or I want another backend: what happens to my logins? |
//! | [`strings`] | how do I run in containers, on serverless platforms, in CI? |
//!
//! Each built-in backend has its page at its type: [`BinaryFileBackend`](crate::BinaryFileBackend),
//! [`InMemoryBackend`](crate::InMemoryBackend), [`StringSessionBackend`](crate::StringSessionBackend),
//! [`SqliteBackend`](crate::SqliteBackend), [`LibSqlBackend`](crate::LibSqlBackend). Those for PostgreSQL, S3, Redis and
//! redb are packages of their own, in `backends-contrib/` of the repository, each with its page in its `README.md`.
//! What the derive takes is at [`SessionBackend`](derive@crate::SessionBackend).
//!
//! How a backend is given to `ferogram` is in the README: a whole bot, with the lines for `Cargo.toml`. In the repository
//! `examples/with_client` is the same on the backend that an address names.

#[doc = include_str!("modes.md")]
pub mod modes {}

#[doc = include_str!("stores.md")]
pub mod stores {}

#[doc = include_str!("async_stores.md")]
pub mod async_stores {}

#[doc = include_str!("accounts.md")]
pub mod accounts {}

#[doc = include_str!("proof.md")]
pub mod proof {}

#[doc = include_str!("errors.md")]
pub mod errors {}

#[doc = include_str!("costs.md")]
#[doc = ""]
#[doc = include_str!("cost.svg")]
pub mod costs {}

#[doc = include_str!("migrating.md")]
pub mod migrating {}

#[doc = include_str!("strings.md")]
pub mod strings {}
