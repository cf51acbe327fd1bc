//! Has tests only: a file for each way to use the derive wrongly, named after
//! the mistake, and files that must compile.

/// The examples in the documentation of the derive.
#[cfg(doctest)]
#[doc = include_str!("../../ferogram-session-derive/src/attributes.md")]
pub struct Reference;

pub mod pedantic;
