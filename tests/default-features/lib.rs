//! Has tests only: what the compiler says to a user of the default features.
