//! A real PostgreSQL server on loopback, with its data in a temporary folder.

use crate::certificates::Authority;
use crate::install;
use crate::process::{Process, free_address, signal};
use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Debian 12 has this one.
const PROGRAMS: &str = "/usr/lib/postgresql/15/bin";

/// The password of the superuser `postgres`.
pub const PASSWORD: &str = "s3cret-of-the-superuser";

/// The server, until it is dropped.
#[derive(Debug)]
pub struct Postgres {
    address: SocketAddr,
    folder: TempDir,
    settings: Vec<String>,
    process: Option<Process>,
}

impl Postgres {
    /// A server that asks for passwords (SCRAM) and encrypts if asked to.
    #[must_use]
    pub fn open() -> Self {
        Self::with(&[])
    }

    /// As [`open`](Self::open), with settings as in `postgresql.conf`:
    /// `"statement_timeout=100"`.
    ///
    /// # Panics
    ///
    /// If it does not come up.
    #[must_use]
    pub fn with(settings: &[&str]) -> Self {
        install::debian(&program("postgres"), &["postgresql-15"]);
        let template = template();
        let copy =
            |data: &Path| install::run(Command::new("cp").arg("-a").arg(&template).arg(data));
        Self::over(copy, settings)
    }

    /// A hot standby of this server, with what this one has at the moment.
    ///
    /// # Panics
    ///
    /// If it does not come up.
    #[must_use]
    pub fn standby(&self) -> Self {
        let copy = |data: &Path| {
            install::run(
                as_postgres(&program("pg_basebackup"))
                    .args(["-R", "-X", "stream", "-c", "fast", "-d", &self.url("postgres"), "-D"])
                    .arg(data)
                    .current_dir("/"),
            );
        };
        Self::over(copy, &[])
    }

    fn over(fill: impl FnOnce(&Path), settings: &[&str]) -> Self {
        let authority = Authority::new();
        let folder = tempfile::tempdir().unwrap();
        // `initdb` and the server refuse to run as root.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let home = folder.path().join("postgres");
        fs::create_dir(&home).unwrap();
        give(&home);
        fill(&home.join("data"));
        let certificate = authority.certify("127.0.0.1");
        for (name, text) in [("server.crt", certificate.chain), ("server.key", certificate.key)] {
            let path = home.join(name);
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
            give(&path);
        }
        fs::write(folder.path().join("ca.pem"), authority.pem()).unwrap();
        let mut server = Self {
            address: free_address(),
            folder,
            settings: settings.iter().map(|setting| (*setting).to_owned()).collect(),
            process: None,
        };
        server.start();
        server
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its address as backends take it, for the superuser and a database.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        url(self.address, "postgres", PASSWORD, database)
    }

    /// The folder of its Unix socket.
    #[must_use]
    pub fn sockets(&self) -> PathBuf {
        self.folder.path().join("postgres")
    }

    /// The file of the authority's certificate that signed the server's, which
    /// is made out to 127.0.0.1.
    #[must_use]
    pub fn authority(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// Runs statements as the superuser, and gives what `psql` prints.
    ///
    /// # Panics
    ///
    /// With what it printed, if one fails.
    pub fn sql(&self, database: &str, sql: &str) -> String {
        let output = Command::new(program("psql"))
            .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", &self.url(database)])
            .args(["-c", sql])
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{sql}: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    /// Ends it and all of its processes at once, as a crash does.
    pub fn kill(&mut self) {
        let children = self.children();
        self.process = None;
        signal("KILL", &children);
        let until = Instant::now() + Duration::from_secs(10);
        while children.iter().any(|id| Path::new(&format!("/proc/{id}")).exists()) {
            assert!(Instant::now() < until, "the server's processes do not end");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Starts it, again, with the data that it has and at the same address.
    ///
    /// # Panics
    ///
    /// If it does not come up.
    pub fn start(&mut self) {
        let home = self.folder.path().join("postgres");
        let mut command = as_postgres(&program("postgres"));
        command.current_dir(&home).arg("-D").arg(home.join("data"));
        let port = format!("port={}", self.address.port());
        let sockets = format!("unix_socket_directories={}", home.display());
        // What a killed process wrote, the system still has: no test cuts power.
        let fixed = [
            "listen_addresses=127.0.0.1",
            &port,
            &sockets,
            "max_connections=500",
            "fsync=off",
            "ssl=on",
        ];
        let files = ["ssl_cert_file", "ssl_key_file"].map(|name| {
            let extension = if name.contains("key") { "key" } else { "crt" };
            format!("{name}={}", home.join(format!("server.{extension}")).display())
        });
        let own = self.settings.iter().map(String::as_str);
        for setting in fixed.into_iter().chain(files.iter().map(String::as_str)).chain(own) {
            command.args(["-c", setting]);
        }
        let address = self.address;
        self.process = Some(Process::start(&mut command, self.folder.path(), || ready(address)));
    }

    /// What the server has logged.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    /// Stops all of its processes in the middle of what they do: connections
    /// stay open, and nobody answers.
    pub fn freeze(&self) {
        signal("STOP", &self.processes());
    }

    /// Lets them go on.
    pub fn thaw(&self) {
        signal("CONT", &self.processes());
    }

    /// A folder that belongs to the server, for a tablespace.
    ///
    /// # Panics
    ///
    /// If it cannot be made.
    #[must_use]
    pub fn folder(&self, name: &str) -> PathBuf {
        let path = self.folder.path().join("postgres").join(name);
        fs::create_dir(&path).unwrap();
        give(&path);
        path
    }

    fn processes(&self) -> Vec<u32> {
        self.process.iter().map(Process::id).chain(self.children()).collect()
    }

    fn children(&self) -> Vec<u32> {
        let Some(process) = &self.process else { return Vec::new() };
        let path = format!("/proc/{0}/task/{0}/children", process.id());
        let listed = fs::read_to_string(path).unwrap_or_default();
        listed.split_whitespace().map(|id| id.parse().unwrap()).collect()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The address of a server, or of what stands before it, as backends take it.
#[must_use]
pub fn url(address: SocketAddr, user: &str, password: &str, database: &str) -> String {
    format!("postgres://{user}:{password}@{address}/{database}")
}

/// A fresh data folder, made once and copied for each server.
fn template() -> PathBuf {
    let template = install::folder("postgres").join("data-15");
    install::once(
        "postgres",
        || template.exists(),
        || {
            let folder = tempfile::tempdir().unwrap();
            let password = folder.path().join("password");
            fs::write(&password, PASSWORD).unwrap();
            [folder.path(), &password].into_iter().for_each(give);
            install::run(
                as_postgres(&program("initdb"))
                    .args(["--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8"])
                    .args(["--locale=C.UTF-8", "--no-sync", "--no-instructions", "--pgdata"])
                    .arg(folder.path().join("data"))
                    .arg("--pwfile")
                    .arg(password)
                    .current_dir(folder.path()),
            );
            // Whole or not there.
            let copy = template.with_extension("new");
            install::run(Command::new("rm").arg("-rf").arg(&copy));
            install::run(Command::new("cp").arg("-a").arg(folder.path().join("data")).arg(&copy));
            fs::rename(copy, &template).unwrap();
        },
    );
    template
}

pub(crate) fn program(name: &str) -> PathBuf {
    Path::new(PROGRAMS).join(name)
}

/// A command that runs as the user `postgres`.
pub(crate) fn as_postgres(program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
    command
}

/// Makes it the server's.
pub(crate) fn give(path: &Path) {
    let (user, group) = owner();
    chown(path, Some(user), Some(group)).unwrap();
}

/// Number of the user `postgres`, and of its group.
///
/// # Panics
///
/// If there is no such user.
#[must_use]
pub fn owner() -> (u32, u32) {
    let number = |what: &str| {
        let output = Command::new("id").args([what, "postgres"]).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
    };
    (number("-u"), number("-g"))
}

fn ready(address: SocketAddr) -> bool {
    let port = address.port().to_string();
    Command::new(program("pg_isready"))
        .args(["-q", "-h", "127.0.0.1", "-p", &port])
        .status()
        .is_ok_and(|status| status.success())
}
