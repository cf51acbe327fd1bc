//! Tables of older releases on a server.

use ferogram_session::{LibSqlBackend, PersistedSession, SessionBackend, Statement, Value};
use ferogram_session_servers::sqld::Sqld;
use ferogram_session_tests::golden::files;
use ferogram_session_tests::sessions::{normal, user};
use ferogram_session_tests::sql_files::{FileBackend, rows};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const NAME: &str = "libsql_remote::import::processes_take_tables_on_a_server_over_once";
const OLD: [&str; 6] = ["meta", "dcs", "update_state", "channel_pts", "peers", "min_peers"];

/// Puts the tables of a database of an older release on the server.
fn upload(server: &Sqld, name: &str) -> PersistedSession {
    let golden = files("sqlite", "db").into_iter().find(|golden| golden.name() == name).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.db");
    std::fs::copy(&golden.path, &path).unwrap();
    let (old, new) = (LibSqlBackend::new(&path), LibSqlBackend::remote(server.url(), ""));
    let mut batch = Vec::new();
    for table in OLD {
        let read = |sql: String, each: &mut dyn FnMut(&[Value])| {
            let query = [Statement::new(sql, vec![])];
            let result = old.database().query(&query, &mut |_, row| {
                each(row);
                Ok(())
            });
            result.unwrap();
        };
        let query = format!("SELECT sql FROM sqlite_master WHERE name = '{table}'");
        read(query, &mut |row| match row {
            [Value::Text(sql)] => batch.push(Statement::new(sql.clone(), vec![])),
            _ => panic!("{table} is no table"),
        });
        read(format!("SELECT * FROM {table}"), &mut |row| {
            let places: Vec<String> = (1..=row.len()).map(|at| format!("?{at}")).collect();
            let sql = format!("INSERT INTO {table} VALUES ({})", places.join(", "));
            batch.push(Statement::new(sql, row.to_vec()));
        });
    }
    assert!(batch.len() > 12, "{name} holds something");
    assert!(new.database().batch(&batch, true).unwrap());
    golden.expected.unwrap()
}

fn old_rows(backend: &LibSqlBackend) -> Vec<Option<Vec<String>>> {
    OLD.iter().map(|table| rows(backend, &format!("SELECT * FROM {table}"))).collect()
}

#[test]
fn tables_on_a_server_are_taken_over_and_left_as_they_are() {
    let server = Sqld::open();
    let mut expected = upload(&server, "0.6.6-full.db");
    let backend = LibSqlBackend::remote(server.url(), "");
    let before = old_rows(&backend);
    for _ in 0..2 {
        let loaded = LibSqlBackend::remote(server.url(), "").load().unwrap();
        assert_eq!(loaded.map(normal), Some(normal(expected.clone())));
    }
    assert_eq!(old_rows(&backend), before);
    backend.set_home_dc(5).unwrap();
    expected.home_dc_id = 5;
    let folder = tempfile::tempdir().unwrap();
    let replica =
        LibSqlBackend::open_replica(folder.path().join("copy.db"), server.url(), "").unwrap();
    assert_eq!(replica.load().unwrap().map(normal), Some(normal(expected)));
    backend.delete().unwrap();
    assert_eq!(LibSqlBackend::remote(server.url(), "").load().unwrap(), None, "not again");
    assert_eq!(replica.load().unwrap(), None);
    assert!(old_rows(&backend).iter().flatten().all(Vec::is_empty), "the keys are gone");
}

#[test]
fn a_replica_takes_the_tables_of_its_server_over() {
    let server = Sqld::open();
    let expected = upload(&server, "0.6.6-full.db");
    let folder = tempfile::tempdir().unwrap();
    let replica =
        LibSqlBackend::open_replica(folder.path().join("copy.db"), server.url(), "").unwrap();
    assert_eq!(replica.load().unwrap().map(normal), Some(normal(expected.clone())));
    let remote = LibSqlBackend::remote(server.url(), "");
    assert_eq!(remote.load().unwrap().map(normal), Some(normal(expected)));
}

#[test]
fn processes_take_tables_on_a_server_over_once() {
    let soon = || Instant::now() + Duration::from_secs(60);
    if let Some(folder) = std::env::var_os("SESSION_TEST_PATH") {
        let folder = std::path::PathBuf::from(folder);
        let nth: i64 = std::env::var("SESSION_TEST_NTH").unwrap().parse().unwrap();
        let backend = LibSqlBackend::remote(std::env::var("SESSION_TEST_URL").unwrap(), "");
        std::fs::write(folder.join(format!("ready-{nth}")), "").unwrap();
        let until = soon();
        while !folder.join("start").exists() && Instant::now() < until {
            std::thread::yield_now();
        }
        assert!(backend.load().unwrap().is_some());
        return backend.cache_peer(&user(1_000_000 + nth, 1)).unwrap();
    }
    let server = Sqld::open();
    let expected = upload(&server, "0.6.6-full.db");
    let folder = tempfile::tempdir().unwrap();
    let run = |nth: i64| {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", NAME, "--nocapture"]).stdout(Stdio::null());
        command.env("SESSION_TEST_NTH", nth.to_string()).env("SESSION_TEST_PATH", folder.path());
        command.env("SESSION_TEST_URL", server.url()).spawn().unwrap()
    };
    let processes: Vec<_> = (0..4).map(run).collect();
    let until = soon();
    while !(0..4).all(|nth| folder.path().join(format!("ready-{nth}")).exists())
        && Instant::now() < until
    {
        std::thread::sleep(Duration::from_millis(5));
    }
    std::fs::write(folder.path().join("start"), "").unwrap();
    for mut process in processes {
        assert!(process.wait().unwrap().success());
    }
    let mut session = LibSqlBackend::remote(server.url(), "").load().unwrap().unwrap();
    let before = session.peers.len();
    session.peers.retain(|peer| peer.id < 1_000_000 || peer.id >= 1_000_004);
    assert_eq!(before - session.peers.len(), 4);
    assert_eq!(normal(session), normal(expected));
}
