//! Has tests only: a file for each way to use the derive wrongly, named after
//! the mistake, and files that must compile.
