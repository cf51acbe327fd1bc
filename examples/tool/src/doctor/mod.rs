//! Whether a session is whole, private and free, and how to mend what is not.

mod files;
mod mend;
mod report;

use crate::failure::{Code, Failure};
use crate::open::{self, CUT_OFF, Opened};
use crate::output;
use crate::place::Place;
use crate::words;
use ferogram_session::{PersistedSession, SessionError, StringSession};
pub(crate) use mend::Mend;
use report::Report;
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn run(place: &str, mend: Option<Mend>) -> Result<ExitCode, Failure> {
    let place = Place::parse(place)?;
    let opened = open::source(&place)?;
    let mut report = Report::default();
    // What belongs to a file stands beside it, not beside a link to it.
    let resolved = |path: &Path| match path.canonicalize() {
        Ok(target) if path.is_symlink() => target,
        _ => path.to_owned(),
    };
    match &place {
        Place::File(path) => {
            let path = &resolved(path);
            if let Some(from) = mend {
                if !path.exists() && !files::beside(path, ".prev").exists() {
                    return Err(opened.nothing(&place));
                }
                mend::recover(path, from, &mut report)?;
            }
            files::look(path, &[".lock", ".prev", ".damaged"], &mut report);
            files::old_format(path, &mut report);
            files::kept(path, &mut report);
        }
        _ if mend.is_some() => {
            return Err(Failure::usage(format!("{}: only a file can be recovered", opened.shown)));
        }
        Place::Sqlite(path, _) | Place::LibSql(path, _) => {
            files::look(&resolved(path), &[".lock", "-wal", "-shm"], &mut report);
        }
        Place::Stdio | Place::Environment(_) | Place::Text(_) => {
            if opened.text.as_deref().is_some_and(|text| StringSession::decode(text).is_ok()) {
                report.note("a compact string: it holds the login, no peers and no counters", "");
            }
        }
        Place::Redb(path) => files::look(&resolved(path), &[], &mut report),
        Place::LibSqlServer { .. } => server("libSQL", "how long it keeps backups", &mut report),
        Place::Redis(..) => server(
            "Redis",
            "whether it keeps it on disk: see `appendonly` and `maxmemory-policy` in its settings",
            &mut report,
        ),
        Place::Postgres(..) => server(
            "Postgres",
            "whether its commits are on disk: see `fsync` and `synchronous_commit`",
            &mut report,
        ),
        Place::S3(..) => server("S3", "whether the bucket keeps versions", &mut report),
    }
    whole(&opened, &place, &mut report)?;
    output::print(&format!("{}\n{report}", opened.shown))?;
    Ok(if report.to_mend() { Code::ToMend.into() } else { ExitCode::SUCCESS })
}

/// What a client of a server is not told.
fn server(name: &str, and: &str, report: &mut Report) {
    report.note(
        format!("who uses it now cannot be told for {name}, nor {and}"),
        "stop every client that has it before you use the session elsewhere",
    );
}

/// Whether the session can be read, and what it lacks.
fn whole(opened: &Opened, place: &Place, report: &mut Report) -> Result<(), Failure> {
    match opened.backend.load() {
        Ok(Some(session)) => {
            let stats = session.stats();
            report.good(format!(
                "the session is whole: home dc {}, auth keys: {}, pts {}, peers: {}",
                stats.home_dc_id,
                stats.dcs_with_auth_key,
                session.updates_state.pts,
                stats.peers_total
            ));
            if !has_login(&session) {
                report.note("its home dc has no auth key: the client will ask for a login", "");
            }
            Ok(())
        }
        Ok(None) => Err(opened.nothing(place)),
        Err(error) => match SessionError::of(&error) {
            Some(found @ SessionError::Corrupt(_)) => {
                let details = found.details();
                let at = details.offset().map_or(String::new(), |at| format!(" (at byte {at})"));
                let what = format!("the session cannot be read: {}{at}", details.message());
                let advice = match place.is_string() {
                    true => CUT_OFF.to_owned(),
                    false => words::of_the_tool(details.help().unwrap_or_default(), Some(found)),
                };
                report.wrong(what, advice);
                Ok(())
            }
            _ => Err(error.into()),
        },
    }
}

fn has_login(session: &PersistedSession) -> bool {
    session.all_dcs_for(session.home_dc_id).any(|dc| dc.auth_key.is_some())
}
