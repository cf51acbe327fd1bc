//! Which sessions there are.

use crate::connection::Talk;
use crate::store::VERSION;
use ferogram_session::SessionError;
use redis::{FromRedisValue, Value, cmd};
use std::collections::BTreeSet;
use std::io;

/// What stands behind `prefix` in the keys that hold sessions.
pub(crate) fn sessions(talk: &mut Talk<'_>, prefix: &str) -> io::Result<Vec<String>> {
    all_are_here(talk, prefix)?;
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

/// That the server has all keys: it is of no cluster, or has all the slots of one.
fn all_are_here(talk: &mut Talk<'_>, prefix: &str) -> io::Result<()> {
    let about: Value = talk.ask(cmd("INFO").arg("cluster"))?;
    // Asked of a whole cluster, each node gives an answer.
    let one = String::from_redis_value(about).ok();
    let all = match &one {
        None => false,
        Some(about) if !about.contains("cluster_enabled:1") => true,
        Some(_) => has_all_slots(&talk.ask(cmd("CLUSTER").arg("SLOTS"))?),
    };
    if all {
        return Ok(());
    }
    let pattern = literally(prefix);
    Err(SessionError::unsupported("a node of a cluster lists only its own sessions")
        .help(format!(
            "run `redis-cli --scan --pattern '{pattern}*'` on each primary, or keep a list of the \
             sessions elsewhere; a cluster of one primary is listed when connected to by its URL"
        ))
        .into())
}

/// Whether one primary has every slot, as in a cluster of one shard.
fn has_all_slots(ranges: &Value) -> bool {
    const SLOTS: i64 = 16_384;
    let (mut slots, mut primaries) = (0, BTreeSet::new());
    for range in ranges.as_sequence().unwrap_or_default() {
        let Some([Value::Int(first), Value::Int(last), primary, ..]) = range.as_sequence() else {
            return false;
        };
        slots += last - first + 1;
        // Host and port, and behind them an id.
        let id = primary.as_sequence().and_then(|about| about.get(2));
        primaries.insert(format!("{id:?}"));
    }
    slots == SLOTS && primaries.len() == 1
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
