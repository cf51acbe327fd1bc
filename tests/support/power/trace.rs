//! What a program does to the files of a folder, as `strace` tells it.

use super::model::Model;
use super::run::FILE;
use ferogram_session_servers::install;
use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// One thing that was done.
pub(super) enum Event {
    Create(String),
    Write(String, u64, Vec<u8>),
    SetLen(String, u64),
    Sync(String),
    SyncFolder,
    /// It failed, and what was to be synced may never be; of a folder, not yet.
    FailedSync(Option<String>),
    Rename(String, String),
    Remove(String),
    /// A call was made to fail.
    Fault,
    /// A line that the program wrote into the file of marks.
    Mark(String),
}

impl Event {
    pub(super) fn apply(&self, model: &mut Model) {
        match self {
            Self::Create(name) => model.create(name),
            Self::Write(name, offset, bytes) => model.write(number(model, name), bytes, *offset),
            Self::SetLen(name, len) => model.set_len(number(model, name), *len),
            Self::Sync(name) => model.sync(number(model, name)),
            Self::SyncFolder => model.sync_folder(),
            Self::FailedSync(Some(name)) => model.lose(number(model, name)),
            Self::Rename(from, to) => model.rename(from, to),
            Self::Remove(name) => model.remove(name),
            Self::FailedSync(None) | Self::Fault | Self::Mark(_) => {}
        }
    }
}

fn number(model: &Model, name: &str) -> usize {
    model.named(name).unwrap_or_else(|| panic!("{name} was never created"))
}

const STRACE: &str = "/usr/bin/strace";

/// `strace`, which is installed where it is missing.
pub fn strace() -> Command {
    install::debian(Path::new(STRACE), &["strace"]);
    Command::new(STRACE)
}

/// All calls that change a file or a folder, or move a position in a file.
const CALLS: &str = "trace=openat,?open,?creat,pread64,pwrite64,pwritev,pwritev2,write,writev,lseek,\
                     ftruncate,?truncate,fallocate,fsync,fdatasync,sync_file_range,msync,mmap,\
                     copy_file_range,sendfile,?rename,renameat,renameat2,?link,linkat,?unlink,unlinkat";

/// One of the calls of a program on its files is not made.
#[derive(Clone, Copy)]
pub(super) struct Fault {
    pub(super) call: &'static str,
    /// The how manieth of those.
    pub(super) nth: usize,
    /// The error that it gives instead; `None` if the program is killed there.
    pub(super) error: Option<&'static str>,
}

/// Runs the command and tells what it does in `folder`, and what it writes into
/// the file `marks`. Both are real paths.
pub(super) fn run(
    command: &Command,
    folder: &Path,
    marks: &Path,
    log: &Path,
    fault: Option<Fault>,
) -> Vec<Event> {
    let mut traced = strace();
    traced.args(["-f", "-y", "-xx", "-s", "100000000", "-e", CALLS, "-o"]).arg(log);
    if let Some(Fault { call, nth, error }) = fault {
        let how = error.map_or("EIO:signal=KILL".into(), str::to_owned);
        traced.args(["-e", &format!("inject={call}:error={how}:when={nth}")]);
        // Only what is traced is counted, and fails.
        let files = SUFFIXES.iter().map(|suffix| folder.join(format!("{FILE}{suffix}")));
        for path in files.chain([folder.to_owned(), marks.to_owned()]) {
            traced.arg("-P").arg(path);
        }
    }
    traced.arg(command.get_program()).args(command.get_args());
    traced.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = traced.stdin(Stdio::null()).output().unwrap();
    // It ends as the program did.
    let killed = fault.is_some_and(|fault| fault.error.is_none()) && output.status.code().is_none();
    assert!(
        output.status.success() || killed,
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    let mut reader = Reader {
        folder: folder.to_str().unwrap().to_owned(),
        marks: marks.to_str().unwrap().to_owned(),
        positions: HashMap::new(),
        begun: HashMap::new(),
        events: Vec::new(),
    };
    fs::read_to_string(log).unwrap().lines().for_each(|line| reader.line(line));
    reader.events
}

/// Of all files that there may be in the folder.
const SUFFIXES: [&str; 9] =
    ["", "-wal", "-shm", "-journal", ".lock", ".new", ".new-wal", ".new-shm", ".new-journal"];

struct Reader {
    folder: String,
    marks: String,
    /// Where the next `write` to a file goes, by its number.
    positions: HashMap<String, u64>,
    /// What the threads are in the middle of.
    begun: HashMap<String, String>,
    events: Vec<Event>,
}

/// A file that a call is about.
enum Place {
    Marks,
    Folder,
    File(String),
}

impl Reader {
    fn line(&mut self, line: &str) {
        // `12 write(5<\x2f>, "\x41", 1) = 1`
        let Some((thread, call)) = line.split_once(' ') else { return };
        let call = call.trim_start();
        // Another thread, of the test harness, says something meanwhile.
        if let Some(begun) = call.strip_suffix(" <unfinished ...>") {
            self.begun.insert(thread.to_owned(), begun.to_owned());
            return;
        }
        let whole = match call.split_once(" resumed>") {
            Some((_, end)) if call.starts_with("<... ") => {
                self.begun.remove(thread).unwrap_or_default() + end
            }
            _ => call.to_owned(),
        };
        let Some((what, rest)) = whole.split_once('(') else { return };
        let Some((arguments, answer)) = rest.rsplit_once(") = ") else { return };
        if answer.contains("(INJECTED)") {
            self.events.push(Event::Fault);
        }
        // Who is killed in a call has not made it.
        if answer.starts_with('-') || answer.starts_with('?') {
            // What was interrupted is still to be synced.
            let lost = answer.starts_with('-') && !answer.starts_with("-1 EINTR");
            if lost && matches!(what, "fsync" | "fdatasync") {
                match paths(arguments).first().and_then(|path| self.place(path)) {
                    Some(Place::File(name)) => self.events.push(Event::FailedSync(Some(name))),
                    Some(Place::Folder) => self.events.push(Event::FailedSync(None)),
                    Some(Place::Marks) | None => {}
                }
            }
            return;
        }
        if ["rename", "unlink", "link", "truncate"].iter().any(|name| what.starts_with(name)) {
            return self.names(what, arguments);
        }
        let paths = paths(arguments);
        let Some(path) = paths.first() else { return };
        match what {
            "openat" | "open" | "creat" => {
                let Some(path) = self::paths(answer).pop() else { return };
                if let Some(Place::File(file)) = self.place(&path) {
                    if arguments.contains("O_CREAT") || what == "creat" {
                        self.events.push(Event::Create(file.clone()));
                    }
                    if arguments.contains("O_TRUNC") || what == "creat" {
                        self.events.push(Event::SetLen(file, 0));
                    }
                }
            }
            "pread64" => {}
            "lseek" => drop(self.positions.insert(number_of(arguments), parsed(answer))),
            "pwrite64" | "write" => {
                let Some(place) = self.place(path) else { return };
                let mut bytes = quoted(arguments).remove(0);
                bytes.truncate(parsed(answer) as usize);
                let name = match place {
                    Place::Marks => {
                        let text = String::from_utf8(bytes).unwrap();
                        return self.events.push(Event::Mark(text.trim().to_owned()));
                    }
                    Place::Folder => unreachable!("a folder is not written to"),
                    Place::File(name) => name,
                };
                let offset = if what == "pwrite64" {
                    parsed(arguments.rsplit(", ").next().unwrap())
                } else {
                    let number = number_of(arguments);
                    let position = self.positions.get_mut(&number);
                    let position = position.unwrap_or_else(|| panic!("written where? {line}"));
                    *position += bytes.len() as u64;
                    *position - bytes.len() as u64
                };
                self.events.push(Event::Write(name, offset, bytes));
            }
            "ftruncate" => {
                if let Some(Place::File(name)) = self.place(path) {
                    let len = parsed(arguments.rsplit(", ").next().unwrap());
                    self.events.push(Event::SetLen(name, len));
                }
            }
            "fsync" | "fdatasync" => match self.place(path) {
                Some(Place::Folder) => self.events.push(Event::SyncFolder),
                Some(Place::File(name)) => self.events.push(Event::Sync(name)),
                Some(Place::Marks) | None => {}
            },
            "mmap" => {
                let written = arguments.contains("PROT_WRITE") && arguments.contains("MAP_SHARED");
                if let Some(Place::File(name)) = self.place(path)
                    && written
                {
                    // The index of the log, which is made anew after a crash.
                    assert!(name.ends_with("-shm"), "{name} is written as memory");
                }
            }
            _ => {
                let ours = paths.iter().any(|path| self.place(path).is_some());
                assert!(!ours, "not foreseen: {line}");
            }
        }
    }

    /// Calls that name files.
    fn names(&mut self, what: &str, arguments: &str) {
        let paths = quoted(arguments).into_iter().map(|path| String::from_utf8(path).unwrap());
        let places: Vec<_> = paths.filter_map(|path| self.place(&path)).collect();
        match places.as_slice() {
            [] => {}
            [Place::File(from), Place::File(to)] if what.starts_with("rename") => {
                self.events.push(Event::Rename(from.clone(), to.clone()));
            }
            [Place::File(name)] if what.starts_with("unlink") => {
                self.events.push(Event::Remove(name.clone()));
            }
            _ => panic!("not foreseen: {what}({arguments})"),
        }
    }

    fn place(&self, path: &str) -> Option<Place> {
        if path == self.marks {
            return Some(Place::Marks);
        }
        let name = path.strip_prefix(&self.folder)?;
        Some(match name.strip_prefix('/') {
            Some(name) => Place::File(name.to_owned()),
            None if name.is_empty() => Place::Folder,
            None => return None,
        })
    }
}

fn parsed(number: &str) -> u64 {
    number.trim().parse().unwrap_or_else(|_| panic!("{number} is no number"))
}

/// The number of the file in the first argument.
fn number_of(arguments: &str) -> String {
    arguments.split('<').next().unwrap_or_default().to_owned()
}

/// The paths of files that are open and still have their names; of the first
/// argument, mostly, and of none where the argument is no such file.
fn paths(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    // Text of the program stands in quotes; in hexadecimal it has neither.
    for part in text.split('<').skip(1) {
        if let Some((path, rest)) = part.split_once('>')
            && !rest.starts_with("(deleted)")
        {
            found.push(String::from_utf8(bytes(path)).unwrap());
        }
    }
    found
}

/// The texts in quotes.
fn quoted(arguments: &str) -> Vec<Vec<u8>> {
    arguments.split('"').skip(1).step_by(2).map(bytes).collect()
}

fn bytes(hex: &str) -> Vec<u8> {
    hex.split("\\x")
        .skip(1)
        .map(|byte| u8::from_str_radix(byte, 16).unwrap_or_else(|_| panic!("{byte} is no byte")))
        .collect()
}
