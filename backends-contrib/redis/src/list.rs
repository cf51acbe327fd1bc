//! Which sessions there are.

use crate::connection::Talk;
use crate::store::VERSION;
use ferogram_session::SessionError;
use redis::{FromRedisValue, Value, cmd};
use std::collections::BTreeSet;
use std::io;

/// What stands behind `prefix` in the keys that hold sessions.
pub(crate) fn sessions(talk: &mut Talk<'_>, prefix: &str) -> io::Result<Vec<String>> {
    let about: Value = talk.ask(cmd("INFO").arg("cluster"))?;
    // Asked of a whole cluster, each node gives an answer.
    let one = String::from_redis_value(about);
    if one.map_or(true, |one| one.contains("cluster_enabled:1")) {
        return Err(SessionError::unsupported("a node of a cluster lists only its own sessions")
            .help("keep a list of the sessions elsewhere")
            .into());
    }
    let mut scan = (String::from("0"), Vec::<Vec<u8>>::new());
    let mut sessions = BTreeSet::new();
    loop {
        let mut command = cmd("SCAN");
        command.arg(&scan.0).arg("MATCH").arg(format!("{}*", literally(prefix)));
        command.arg("COUNT").arg(1_000).arg("TYPE").arg("hash");
        scan = talk.ask(&command)?;
        // Others may have hashes whose names begin like ours.
        let ours = |key: &Vec<u8>| cmd("HEXISTS").arg(key).arg(VERSION).clone();
        let ours: Vec<bool> = talk.ask_all(scan.1.iter().map(ours))?;
        for (key, _) in scan.1.iter().zip(ours).filter(|(_, ours)| *ours) {
            let session = std::str::from_utf8(key).ok().and_then(|key| key.strip_prefix(prefix));
            sessions.extend(session.map(str::to_owned));
        }
        if scan.0 == "0" {
            return Ok(sessions.into_iter().collect());
        }
    }
}

/// A pattern that matches this text only.
fn literally(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '*' | '?' | '[' | ']' | '^' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern
}
