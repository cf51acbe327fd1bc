//! PgBouncer before a PostgreSQL server, handing each transaction to whichever
//! connection is free.

use crate::install;
use crate::postgres::{PASSWORD, Postgres, as_postgres, give};
use crate::process::{Process, free_address};
use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// The pooler, until it is dropped.
#[derive(Debug)]
pub struct PgBouncer {
    address: SocketAddr,
    // Ended before its folder goes.
    _process: Process,
    _folder: tempfile::TempDir,
}

impl PgBouncer {
    /// A pooler in transaction mode, with so many connections to each database
    /// of `server`.
    ///
    /// # Panics
    ///
    /// If it does not come up.
    #[must_use]
    pub fn open(server: &Postgres, connections: u32) -> Self {
        let program = Path::new("/usr/sbin/pgbouncer");
        install::debian(program, &["pgbouncer"]);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let address = free_address();
        let users = path.join("users");
        fs::write(&users, format!("\"postgres\" \"{PASSWORD}\"\n")).unwrap();
        let settings = format!(
            "[databases]\n* = host=127.0.0.1 port={}\n\
             [pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {}\nunix_socket_dir =\n\
             auth_type = scram-sha-256\nauth_file = {}\npool_mode = transaction\n\
             default_pool_size = {connections}\nmax_client_conn = 500\n",
            server.address().port(),
            address.port(),
            users.display(),
        );
        let file = path.join("pgbouncer.ini");
        fs::write(&file, settings).unwrap();
        [path, &users, &file].into_iter().for_each(give);
        fs::set_permissions(path, fs::Permissions::from_mode(0o700)).unwrap();
        let process = Process::start(as_postgres(program).arg(&file), path, || {
            TcpStream::connect(address).is_ok()
        });
        Self { address, _process: process, _folder: folder }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its address as backends take it, for a database of the server.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        crate::postgres::url(self.address, "postgres", PASSWORD, database)
    }
}
