use crate::config::RedisConfig;
use crate::connection::{Connections, Talk};
use crate::list;
use crate::replicas::Replicas;
use crate::script::Script;
use ferogram_session::{Expect, Field, Fields, KeyValueStore, SessionError, Version, Written};
use redis::cmd;
use std::io;

/// The field that holds the version, and tells a session from other hashes.
pub(crate) const VERSION: &str = "@ferogram";

/// How many fields to ask for at once: a millisecond or two of the server's time.
const PART: u32 = 1_000;
const ALL: u32 = u32::MAX;

/// How often to read in parts, if others write meanwhile.
const ATTEMPTS: u32 = 4;

/// A hash for each session, with a field for each record and one for the
/// version.
#[derive(Debug)]
pub(crate) struct RedisStore {
    config: RedisConfig,
    connections: Connections,
    read: Script,
    write: Script,
    delete: Script,
    replicas: Replicas,
}

/// Version, next cursor, and names and values.
type Part = (String, String, Vec<(Vec<u8>, Vec<u8>)>);

/// What was read in parts.
enum Read {
    State(Option<(Fields, Version)>),
    /// Parts of different states.
    Torn,
}

impl RedisStore {
    pub(crate) fn new(config: RedisConfig) -> Self {
        Self {
            connections: Connections::new(config.clone()),
            config,
            read: Script::read(),
            write: Script::write(),
            delete: Script::delete(),
            replicas: Replicas::new(),
        }
    }

    /// Opens the first connection, and has the server do what takes the rights
    /// of any call and no key.
    pub(crate) fn connect(&self) -> io::Result<()> {
        let mut nothing = cmd("EVAL");
        nothing.arg("return 1").arg(0);
        self.connections.talk(|talk| talk.ask::<i32>(&nothing)).map(drop)
    }

    fn key(&self, session: &str) -> String {
        format!("{}{session}", self.config.prefix)
    }

    /// Reads part after part. As every write changes the version, parts of one
    /// version are of one state. (A field may come twice, as the same.)
    fn read_in_parts(&self, talk: &mut Talk<'_>, key: &str, count: u32) -> io::Result<Read> {
        let mut fields = Fields::new();
        let mut before = None;
        let mut cursor = "0".to_owned();
        loop {
            let (part, _) = talk.run::<Option<Part>>(&self.read, key, 0, |command| {
                command.arg(&cursor).arg(count);
            })?;
            let Some((version, next, found)) = part else {
                return Ok(if before.is_none() { Read::State(None) } else { Read::Torn });
            };
            if *before.get_or_insert_with(|| version.clone()) != version {
                return Ok(Read::Torn);
            }
            for (name, value) in found {
                if name != VERSION.as_bytes() {
                    let name = String::from_utf8(name).map_err(|_| not_a_name(key))?;
                    fields.push((name, value));
                }
            }
            if next == "0" {
                return Ok(Read::State(Some((fields, Version::from(version)))));
            }
            cursor = next;
        }
    }

    fn read_whole(&self, talk: &mut Talk<'_>, key: &str) -> io::Result<Option<(Fields, Version)>> {
        for _ in 0..ATTEMPTS {
            if let Read::State(state) = self.read_in_parts(talk, key, PART)? {
                return Ok(state);
            }
        }
        // Others write all the time: at once, although the server then does
        // nothing else for a while.
        let server = self.config.server();
        tracing::warn!(server, key, "others write all the time; it is read in one piece");
        match self.read_in_parts(talk, key, ALL)? {
            Read::State(state) => Ok(state),
            Read::Torn => Err(SessionError::conflict("others write it all the time")
                .help("have one process write this session")
                .into()),
        }
    }
}

impl KeyValueStore for RedisStore {
    fn read(&self, session: &str) -> io::Result<Option<(Fields, Version)>> {
        let key = self.key(session);
        self.connections.talk(|talk| {
            let state = self.read_whole(talk, &key)?;
            let version = state.as_ref().map(|(_, version)| version);
            self.replicas.catch_up(&self.config, talk, &key, version)?;
            Ok(state)
        })
    }

    fn write(&self, session: &str, fields: &[Field], expect: &Expect) -> io::Result<Written> {
        let (key, version) = (self.key(session), Version::fresh());
        let (expected, new) = (expected(expect), version.to_string());
        let ttl = self.config.ttl.map_or(0, |ttl| ttl.as_millis().max(1) as u64);
        let removed = fields.iter().filter(|field| field.value.is_none());
        let write = || {
            self.connections.talk(|talk| {
                talk.run(&self.write, &key, self.config.replicas, |command| {
                    command.arg(&expected).arg(&new).arg(ttl).arg(removed.clone().count());
                    for field in removed.clone() {
                        command.arg(&field.name);
                    }
                    for field in fields {
                        if let Some(value) = &field.value {
                            command.arg(&field.name).arg(value.as_slice());
                        }
                    }
                })
            })
        };
        let written = self.replicas.confirm(&self.config, &key, Some(&version), || {
            let (taken, replicas): (i32, _) = write()?;
            Ok((taken != 0).then_some(replicas))
        })?;
        Ok(if written { Written::Version(version) } else { Written::Conflict })
    }

    fn delete(&self, session: &str) -> io::Result<()> {
        let (key, wanted) = (self.key(session), self.config.replicas);
        let delete = |talk: &mut Talk<'_>| {
            let (removed, replicas): (i32, _) = talk.run(&self.delete, &key, wanted, |_| {})?;
            if removed == 0 && wanted > 0 {
                // It may have been removed by a call whose answer was lost.
                return self.replicas.touch(&self.config, talk, &key).map(Some);
            }
            Ok(Some(replicas))
        };
        let delete = || self.connections.talk(delete);
        self.replicas.confirm(&self.config, &key, None, delete).map(drop)
    }

    fn conditional(&self) -> bool {
        true
    }

    fn version(&self, session: &str) -> io::Result<Option<Version>> {
        let (key, mut command) = (self.key(session), cmd("HGET"));
        command.arg(&key).arg(VERSION);
        self.connections.talk(|talk| {
            let version = talk.ask::<Option<String>>(&command)?.map(Version::from);
            self.replicas.catch_up(&self.config, talk, &key, version.as_ref())?;
            Ok(version)
        })
    }

    fn sessions(&self) -> io::Result<Vec<String>> {
        self.connections.talk(|talk| list::sessions(talk, &self.config.prefix))
    }
}

/// As the script takes it.
fn expected(expect: &Expect) -> String {
    match expect {
        Expect::Any => "*".to_owned(),
        Expect::Absent => "-".to_owned(),
        Expect::Version(version) => version.to_string(),
    }
}

fn not_a_name(key: &str) -> io::Error {
    SessionError::corrupt(format!("the key {key} has a field whose name is no text"))
        .help("take away what others put into it (HKEYS shows all names)")
        .into()
}
