//! A run of the tool, and sessions for it.

use ferogram_session::{
    BinaryFileBackend, CachedPeer, DcEntry, DcFlags, PersistedSession, SessionBackend,
};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

const KEY: [u8; 256] = [0x5A; 256];

pub(crate) fn login(peers: i64) -> PersistedSession {
    let mut home = DcEntry::from_parts(2, "149.154.167.51", 443, DcFlags::NONE);
    home.auth_key = Some(KEY);
    let mut session = PersistedSession { home_dc_id: 2, dcs: vec![home], ..Default::default() };
    session.updates_state.pts = 7;
    session.peers.extend((1..=peers).map(|id| CachedPeer {
        id,
        access_hash: 1_234_567_890_123,
        is_channel: false,
        is_chat: false,
        channel_kind: None,
        is_community: false,
    }));
    session
}

pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    /// The exit code is this one; no secret is in what was printed.
    #[track_caller]
    pub(crate) fn with(self, code: i32) -> Self {
        let Self { code: found, stdout, stderr } = &self;
        assert_eq!(*found, Some(code), "printed {stdout}and {stderr}");
        assert!(!stderr.contains("panicked"), "{stderr}");
        self.keeps("1234567890123");
        self
    }

    #[track_caller]
    pub(crate) fn keeps(&self, secret: &str) {
        assert!(!self.stdout.contains(secret) && !self.stderr.contains(secret));
    }

    #[track_caller]
    pub(crate) fn says(self, parts: &[&str]) -> Self {
        let all = format!("{}{}", self.stdout, self.stderr);
        for part in parts {
            assert!(all.contains(part), "{part:?} is not in: {all}");
        }
        self
    }
}

pub(crate) fn run_in(
    folder: &Path,
    arguments: &[&str],
    stdin: &str,
    variables: &[(&str, &str)],
) -> Ended {
    let mut child = Command::new(env!("CARGO_BIN_EXE_session-tool"))
        .args(arguments)
        .current_dir(folder)
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that does not read it ends first.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ended { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Ended {
    run_in(folder, arguments, "", &[])
}

/// A folder with `bot.session` in it.
pub(crate) fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    BinaryFileBackend::new(folder.path().join("bot.session")).save(&login(3)).unwrap();
    folder
}
