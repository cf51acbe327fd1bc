//! Sessions on a libSQL server, and in a replica of one.

mod libsql_remote {
    mod calls;
    mod contexts;
    mod faults;
    mod import;
    mod replica;
    mod silent;
    mod tls;
    mod tls_mismatch;
    mod tokens;
}
