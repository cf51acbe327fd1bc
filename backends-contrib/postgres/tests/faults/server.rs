//! A server that answers, and not what one would like.

use crate::{LONG, SESSION, backend, faults};
use ferogram_session::{SessionBackend, SessionError};
use ferogram_session_postgres::{PostgresBackend, PostgresConfig};
use ferogram_session_servers::faults::CALLS;
use ferogram_session_servers::install;
use ferogram_session_servers::postgres::{PASSWORD, Postgres, url};
use ferogram_session_servers::sessions::{full, normal, user};
use std::io::ErrorKind;
use std::process::Command;
use std::time::Duration;

const WRITES: [&str; 6] =
    ["save", "update_dc", "set_home_dc", "apply_update_state", "cache_peer", "delete"];

fn unavailable(error: &SessionError) -> bool {
    matches!(error, SessionError::Unavailable(_))
}

#[test]
fn a_server_that_only_reads_is_read_and_not_written() {
    let server = Postgres::open();
    backend(server.address(), LONG).save(&full(2)).unwrap();
    server.sql("postgres", "ALTER SYSTEM SET default_transaction_read_only = on");
    server.sql("postgres", "SELECT pg_reload_conf()");
    std::thread::sleep(Duration::from_millis(300));
    let reader = backend(server.address(), LONG);
    assert_eq!(reader.load().unwrap().map(normal), Some(normal(full(2))));
    faults(server.address()).fail(&reader, &WRITES, |error| {
        unavailable(error)
            && error.kind() == ErrorKind::ReadOnlyFilesystem
            && error.to_string().contains("25006")
    });
    assert_eq!(reader.load().unwrap().map(normal), Some(normal(full(2))));
}

#[test]
fn a_standby_is_read_and_not_written() {
    let primary = Postgres::open();
    backend(primary.address(), LONG).save(&full(2)).unwrap();
    let standby = primary.standby();
    let reader = backend(standby.address(), LONG);
    assert_eq!(reader.load().unwrap().map(normal), Some(normal(full(2))));
    faults(standby.address()).fail(&reader, &WRITES, |error| {
        unavailable(error) && error.kind() == ErrorKind::ReadOnlyFilesystem
    });
    // Of several hosts the one that writes is found.
    let hosts = format!("{},{}", standby.address(), primary.address());
    let found =
        format!("postgres://postgres:{PASSWORD}@{hosts}/postgres?target_session_attrs=read-write");
    let backend = PostgresBackend::new(found, SESSION);
    backend.set_home_dc(7).unwrap();
    assert_eq!(backend.load().unwrap().unwrap().home_dc_id, 7);
}

#[test]
fn after_a_failover_the_other_host_is_found() {
    let mut primary = Postgres::open();
    let hosts_of = |standby: &Postgres| {
        let hosts = format!("{},{}", primary.address(), standby.address());
        format!("postgres://postgres:{PASSWORD}@{hosts}/postgres?target_session_attrs=read-write")
    };
    let standby = primary.standby();
    let backend = PostgresBackend::new(hosts_of(&standby), SESSION);
    // Acknowledged by both, as the documentation advises.
    primary.sql("postgres", "ALTER SYSTEM SET synchronous_standby_names = '*'");
    primary.sql("postgres", "SELECT pg_reload_conf()");
    std::thread::sleep(Duration::from_millis(300));
    backend.save(&full(3)).unwrap();
    backend.cache_peer(&user(777, 7)).unwrap();
    primary.kill();
    standby.sql("postgres", "SELECT pg_promote()");
    backend.set_home_dc(5).unwrap();
    let loaded = backend.load().unwrap().unwrap();
    assert_eq!((loaded.home_dc_id, loaded.peers.contains(&user(777, 7))), (5, true));
}

/// A full disk: the tables are on one of sixteen megabytes, for which the test has to be allowed to mount.
#[test]
fn a_full_disk_takes_nothing_and_loses_nothing() {
    let server = Postgres::open();
    let folder = server.folder("small");
    let (user_of, group) = ferogram_session_servers::postgres::owner();
    let options = format!("size=16m,uid={user_of},gid={group},mode=0700");
    install::run(Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(&folder));
    let mounted = Mounted(folder.clone());
    server.sql("postgres", &format!("CREATE TABLESPACE small LOCATION '{}'", folder.display()));
    server.sql("postgres", "CREATE DATABASE small TABLESPACE pg_default");
    server.sql("postgres", "ALTER DATABASE small SET default_tablespace = 'small'");
    let config = PostgresConfig::new(server.url("small"));
    let backend = PostgresBackend::with(config, SESSION);
    backend.save(&full(2_000)).unwrap();
    let error = backend.save(&full(200_000)).unwrap_err();
    let faults = faults(server.address());
    faults.tells(&error, "save");
    assert_eq!(error.kind(), ErrorKind::StorageFull, "{error}");
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(full(2_000))));
    // There is room again.
    install::run(Command::new("mount").args(["-o", "remount,size=200m"]).arg(&folder));
    backend.save(&full(100_000)).unwrap();
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(full(100_000))));
    drop((backend, server, mounted));
}

/// A file system, until it is dropped.
struct Mounted(std::path::PathBuf);

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn a_role_without_rights() {
    let server = Postgres::open();
    server.sql("postgres", "CREATE ROLE bot LOGIN PASSWORD 'hunter2'");
    let config = || PostgresConfig::new(url(server.address(), "bot", "hunter2", "postgres"));
    let bot = || PostgresBackend::with(config(), SESSION);
    let faults = faults(server.address());
    let rejected = |error: &SessionError| {
        matches!(error, SessionError::Rejected(_)) && error.kind() == ErrorKind::PermissionDenied
    };
    // It may not make tables: no session, and none can be saved.
    assert!(bot().load().unwrap().is_none());
    faults.fail(&bot(), &WRITES[..5], rejected);
    // Others made them, and it may not look: that is not "no session".
    let owner = backend(server.address(), LONG);
    owner.save(&full(3)).unwrap();
    faults.fail(&bot(), &CALLS.map(|(name, _)| name), rejected);
    // It may read all, and write some.
    server.sql("postgres", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO bot");
    assert_eq!(bot().load().unwrap().map(normal), Some(normal(full(3))));
    faults.fail(&bot(), &["update_dc", "set_home_dc", "cache_peer", "delete"], rejected);
    server.sql("postgres", "GRANT INSERT, UPDATE ON ferogram_sessions TO bot");
    server.sql("postgres", "GRANT INSERT, UPDATE, DELETE ON ferogram_dcs TO bot");
    let mut other = full(3);
    other.dcs[1].first_salt += 1;
    other.peers.push(user(1_000_000, 1));
    let error = bot().save(&other).unwrap_err();
    faults.tells(&error, "save");
    assert!(error.to_string().contains("ferogram_"), "{error}");
    assert_eq!(owner.load().unwrap().map(normal), Some(normal(full(3))));
    // With what the documentation names it may do everything.
    server.sql(
        "postgres",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO bot",
    );
    let bot = bot();
    bot.save(&other).unwrap();
    assert_eq!(owner.load().unwrap().map(normal), Some(normal(other)));
    bot.delete().unwrap();
    assert!(owner.load().unwrap().is_none());
}

/// Rows that are hidden from a role would pass for none.
#[test]
fn row_level_security_is_not_an_empty_session() {
    let server = Postgres::open();
    let owner = backend(server.address(), LONG);
    owner.save(&full(3)).unwrap();
    server.sql("postgres", "CREATE ROLE bot LOGIN PASSWORD 'hunter2'");
    let every = "SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public";
    server.sql("postgres", &format!("GRANT {every} TO bot"));
    let config = || PostgresConfig::new(url(server.address(), "bot", "hunter2", "postgres"));
    let bot = || PostgresBackend::with(config(), SESSION);
    let faults = faults(server.address());
    let hidden = |error: &SessionError| {
        matches!(error, SessionError::Rejected(_))
            && error.details().help().is_some_and(|help| help.contains("ROW LEVEL SECURITY"))
    };
    let tables = ["sessions", "dcs", "channels", "peers", "min_peers", "meta"];
    let security = |verb: &str, tables: &[&str]| {
        for table in tables {
            server.sql(
                "postgres",
                &format!("ALTER TABLE ferogram_{table} {verb} ROW LEVEL SECURITY"),
            );
        }
    };
    let every_call = CALLS.map(|(name, _)| name);
    for hides in [&tables[..1], &tables[..2], &tables[..5], &tables[..]] {
        // Switched on beneath a backend that has seen the tables, too.
        let knows = bot();
        assert!(knows.load().unwrap().is_some());
        security("ENABLE", hides);
        for bot in [bot(), knows] {
            faults.fail(&bot, &every_call, hidden);
            let error = bot.sessions().unwrap_err();
            assert!(SessionError::of(&error).is_some_and(hidden), "{error}");
        }
        security("DISABLE", hides);
        assert_eq!(owner.load().unwrap().map(normal), Some(normal(full(3))));
    }
    // One that hides a kind of rows, and a policy that shows some of them.
    security("ENABLE", &["dcs"]);
    server.sql("postgres", "CREATE POLICY few ON ferogram_dcs USING (dc_id = 1)");
    faults.fail(&bot(), &["load", "save", "delete"], hidden);
    assert_eq!(owner.load().unwrap().map(normal), Some(normal(full(3))));
    // What the error advises helps.
    server.sql("postgres", "ALTER ROLE bot BYPASSRLS");
    assert_eq!(bot().load().unwrap().map(normal), Some(normal(full(3))));
    bot().update_dc(&full(3).dcs[1]).unwrap();
    bot().delete().unwrap();
    assert!(owner.load().unwrap().is_none());
}

#[test]
fn no_more_connections() {
    let server = Postgres::with(&["max_connections=5", "superuser_reserved_connections=0"]);
    let held: Vec<_> = (0..5)
        .map(|nth| {
            let backend = backend(server.address(), LONG).session(format!("held-{nth}"));
            backend.set_home_dc(1).unwrap();
            backend
        })
        .collect();
    faults(server.address()).fail(&backend(server.address(), LONG), &["load", "save"], |error| {
        unavailable(error) && error.to_string().contains("53300")
    });
    drop(held);
    std::thread::sleep(Duration::from_millis(200));
    backend(server.address(), LONG).save(&full(1)).unwrap();
}

#[test]
fn statements_that_take_longer_than_the_server_lets_them() {
    let server = Postgres::open();
    let backend = backend(server.address(), LONG);
    backend.save(&full(3)).unwrap();
    server.sql("postgres", "ALTER ROLE postgres SET statement_timeout = 400");
    let limited = crate::backend(server.address(), LONG);
    assert!(limited.load().unwrap().is_some());
    std::thread::scope(|scope| {
        let lock = "SET statement_timeout = 0; BEGIN; LOCK TABLE ferogram_sessions; \
                    SELECT pg_sleep(2); COMMIT";
        scope.spawn(|| server.sql("postgres", lock));
        std::thread::sleep(Duration::from_millis(500));
        faults(server.address()).fail(&limited, &["set_home_dc", "load"], |error| {
            matches!(error, SessionError::TimedOut(_)) && error.to_string().contains("57014")
        });
    });
    limited.set_home_dc(9).unwrap();
    assert_eq!(backend.load().unwrap().unwrap().home_dc_id, 9);
}

#[test]
fn connections_that_the_server_ends() {
    let server =
        Postgres::with(&["idle_session_timeout=300", "idle_in_transaction_session_timeout=300"]);
    let backend = backend(server.address(), LONG);
    let terminate = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                     WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'";
    for round in 1..4 {
        backend.set_home_dc(round).unwrap();
        server.sql("postgres", terminate);
        assert_eq!(backend.load().unwrap().unwrap().home_dc_id, round);
        std::thread::sleep(Duration::from_millis(500));
        assert_eq!(backend.load().unwrap().unwrap().home_dc_id, round);
    }
}

#[test]
fn tables_that_are_gone_are_not_an_empty_session() {
    let server = Postgres::open();
    let backend = backend(server.address(), LONG);
    backend.save(&full(3)).unwrap();
    server.sql("postgres", "DROP TABLE ferogram_sessions");
    faults(server.address()).fail(&backend, &CALLS.map(|(name, _)| name), unavailable);
    let again = crate::backend(server.address(), LONG);
    faults(server.address()).fail(&again, &["load", "set_home_dc"], |error| {
        unavailable(error) && error.to_string().contains("drop all of them")
    });
    // That helps, whoever asks.
    let tables = ["sessions", "dcs", "channels", "peers", "min_peers", "meta"];
    for begins in [&backend, &again, &crate::backend(server.address(), LONG)] {
        for table in tables {
            server.sql("postgres", &format!("DROP TABLE IF EXISTS ferogram_{table}"));
        }
        assert!(begins.load().unwrap().is_none());
        begins.set_home_dc(4).unwrap();
        assert_eq!(begins.load().unwrap().unwrap().home_dc_id, 4);
    }
}
