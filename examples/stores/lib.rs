//! Stores to copy.
