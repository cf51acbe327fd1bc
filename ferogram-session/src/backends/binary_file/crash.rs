//! Laws 4, 6 and 7 at every operation on a file: the process ends there, the
//! power is cut there, or the operation fails.
//!
//! `FEROGRAM_SESSION_CRASH_SEEDS` sets how many sequences of calls are tried.

use super::BinaryFileBackend;
use crate::backends::faults::{self, Fault, Image, Model, Watch};
use crate::data::{CachedPeer, DcEntry, PersistedSession, UpdateStateChange};
use crate::fuzzing::{made, source::Source};
use crate::random::Seeded;
use crate::records::{Change, Records, with_update};
use crate::{DcFlags, SessionBackend};
use std::fmt;
use std::fs;
use std::io;
use std::io::ErrorKind;
use std::path::Path;

type Stored = Option<PersistedSession>;

#[derive(Clone)]
enum Step {
    Save(Box<PersistedSession>),
    Dc(Box<DcEntry>),
    Home(i32),
    Update(UpdateStateChange),
    Peer(CachedPeer),
    Delete,
    Checkpoint,
}

impl Step {
    /// As after `stored`, which it may repeat.
    fn any(random: &mut Seeded, stored: &Stored) -> Self {
        let bytes = random.bytes(600);
        let mut source = Source::new(&bytes);
        match random.below(24) {
            0..=1 => Self::Save(Box::new(made::session(&mut source))),
            // What the client does: much the same again.
            2..=5 => {
                let mut session = stored.clone().unwrap_or_default();
                session.updates_state.pts = random.next() as i32;
                if random.below(3) > 0 {
                    session.peers.push(made::peer(&mut source));
                }
                // More than the journal may hold, now and then.
                if random.below(12) == 0 {
                    let peer = made::peer(&mut source);
                    session.peers.extend((0..3_500).map(|id| CachedPeer { id, ..peer.clone() }));
                }
                if random.below(4) == 0 {
                    session.dcs.iter_mut().for_each(|dc| dc.first_salt = 1);
                }
                Self::Save(Box::new(session))
            }
            6..=7 => Self::Dc(Box::new(made::dc(&mut source))),
            8 => {
                let key = Some([random.next() as u8; 256]);
                let dc = DcEntry::from_parts(2, "127.0.0.1", 443, DcFlags::NONE);
                Self::Dc(Box::new(DcEntry { auth_key: key, ..dc }))
            }
            9..=10 => Self::Home(random.below(5) as i32),
            11..=14 => {
                let pts = source.i32();
                Self::Update(match random.below(4) {
                    0 => UpdateStateChange::Secondary { qts: pts },
                    1 => UpdateStateChange::Channel { id: source.i64(), pts },
                    2 => UpdateStateChange::All(made::session(&mut source).updates_state),
                    _ => UpdateStateChange::Primary { pts, date: 1, seq: 2 },
                })
            }
            15..=20 => Self::Peer(made::peer(&mut source)),
            21 => Self::Delete,
            _ => Self::Checkpoint,
        }
    }

    fn make(&self, backend: &BinaryFileBackend) -> io::Result<()> {
        match self {
            Self::Save(session) => backend.save(session),
            Self::Dc(dc) => backend.update_dc(dc),
            Self::Home(dc) => backend.set_home_dc(*dc),
            Self::Update(update) => backend.apply_update_state(update.clone()),
            Self::Peer(peer) => backend.cache_peer(peer),
            Self::Delete => backend.delete(),
            Self::Checkpoint => backend.checkpoint(),
        }
    }

    /// What is stored afterwards.
    fn after(&self, stored: &Stored) -> Stored {
        let changes = match self {
            Self::Save(session) => return Some(normal((**session).clone())),
            Self::Delete => return None,
            Self::Checkpoint => return stored.clone(),
            Self::Dc(dc) => vec![Change::Put(crate::Record::Dc(dc.clone()))],
            Self::Home(dc) => vec![Change::Put(crate::Record::HomeDc(*dc))],
            Self::Update(update) => with_update(update, <[Change]>::to_vec),
            Self::Peer(peer) => vec![Change::of_peer(peer)],
        };
        let mut records = Records::from(stored.clone().unwrap_or_default());
        changes.into_iter().for_each(|change| records.apply(change));
        Some(normal(records.into_session()))
    }

    /// Whether what it says of the login must be durable when it returns.
    fn is_login(&self) -> bool {
        !matches!(self, Self::Update(_) | Self::Peer(_))
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Save(_) => "save",
            Self::Dc(_) => "update_dc",
            Self::Home(_) => "set_home_dc",
            Self::Update(_) => "apply_update_state",
            Self::Peer(_) => "cache_peer",
            Self::Delete => "delete",
            Self::Checkpoint => "checkpoint",
        })
    }
}

fn normal(mut session: PersistedSession) -> PersistedSession {
    session.normalize();
    session
}

/// Home DC, keys, token.
type Login = (i32, Vec<(i32, u8, [u8; 256])>, Option<Vec<u8>>);

/// What a login depends on.
fn login(stored: &Stored) -> Option<Login> {
    stored.as_ref().map(|session| {
        let keys =
            session.dcs.iter().filter_map(|dc| Some((dc.dc_id, dc.flags.class(), dc.auth_key?)));
        (session.home_dc_id, keys.collect(), session.future_auth_token.clone())
    })
}

/// The states that were stored, one after the other, and which of them may
/// still come back.
struct History {
    states: Vec<Stored>,
    /// A power cut takes nothing back beyond this one.
    durable: usize,
    /// What the call in progress will make of it.
    next: Stored,
}

impl History {
    fn of(stored: Stored) -> Self {
        Self { next: stored.clone(), states: vec![stored], durable: 0 }
    }

    fn now(&self) -> &Stored {
        self.states.last().unwrap()
    }

    fn begin(&mut self, step: &Step) {
        self.next = step.after(self.now());
    }

    fn returned(&mut self, step: &Step) {
        self.states.push(self.next.clone());
        let last = self.states.len() - 1;
        if matches!(step, Step::Checkpoint) {
            self.durable = last;
        } else if step.is_login() {
            // As far back as the login was this one already.
            let same = |state: &&Stored| login(state) == login(&self.states[last]);
            let run = self.states.iter().rev().take_while(same).count();
            self.durable = self.durable.max(self.states.len() - run);
        }
    }

    fn after_crash(&self) -> Vec<&Stored> {
        vec![self.now(), &self.next]
    }

    fn after_power_cut(&self) -> Vec<&Stored> {
        self.states[self.durable..].iter().chain([&self.next]).collect()
    }
}

/// What was done, in numbers.
#[derive(Default, Debug)]
struct Tried {
    sequences: usize,
    calls: usize,
    stops: usize,
    power_cuts: usize,
    faults: usize,
}

const SESSION: &str = "bot.session";

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        // In memory, where there is such a place: what a disk would hold is
        // the model's business.
        let memory = tempfile::tempdir_in("/dev/shm");
        Self(memory.or_else(|_| tempfile::tempdir()).unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn fill(&self, image: &Image) {
        for entry in fs::read_dir(self.path()).unwrap() {
            fs::remove_file(entry.unwrap().path()).unwrap();
        }
        for (name, bytes) in image {
            fs::write(self.path().join(name), bytes).unwrap();
        }
    }

    fn names(&self) -> Vec<String> {
        let name =
            |entry: io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
        fs::read_dir(self.path()).unwrap().map(name).collect()
    }

    fn open(&self) -> BinaryFileBackend {
        BinaryFileBackend::new(self.path().join(SESSION))
    }

    /// Nothing is written through to the disk meanwhile.
    fn quickly<T>(&self, call: impl FnOnce() -> T) -> T {
        Watch::new(self.path(), Model::default()).during(call).0
    }
}

/// Reopens what is left, and goes on from there.
fn check(
    folder: &Folder,
    image: &Image,
    allowed: &[&Stored],
    go_on: bool,
    what: &dyn Fn() -> String,
) -> Stored {
    folder.fill(image);
    let backend = folder.open();
    let loaded = match backend.load() {
        Ok(loaded) => loaded.map(normal),
        Err(error) => panic!("{}: {error}; files {:?}", what(), sizes(image)),
    };
    if !allowed.contains(&&loaded) {
        panic!("{}: {loaded:?} is none of {allowed:?}; files {:?}", what(), sizes(image));
    }
    if go_on {
        folder.quickly(|| {
            backend.set_home_dc(77).unwrap_or_else(|error| panic!("{}, then: {error}", what()));
            let mut expected = loaded.clone().unwrap_or_default();
            expected.home_dc_id = 77;
            assert!(folder.open().load().unwrap().map(normal) == Some(expected), "{}", what());
            let names = folder.names();
            assert!(!names.iter().any(|name| name.ends_with(".tmp")), "{}: {names:?}", what());
            folder.open().delete().unwrap();
            assert!(folder.open().load().unwrap().is_none(), "{}", what());
            assert_eq!(folder.names(), ["bot.session.lock"], "{}", what());
        });
    }
    loaded
}

fn sizes(image: &Image) -> Vec<(&str, usize)> {
    image.iter().map(|(name, bytes)| (name.as_str(), bytes.len())).collect()
}

/// The folder of a running process, and one to look at what would be left.
struct Bench {
    running: Folder,
    left: Folder,
    tried: Tried,
}

impl Bench {
    /// Makes calls through two handles, and looks at every stop among them.
    /// Returns one of the places that a power cut left, and what is stored
    /// there.
    fn run(
        &mut self,
        random: &mut Seeded,
        model: Model,
        stored: Stored,
        what: &str,
    ) -> (Image, Stored) {
        self.running.fill(&model.live());
        let mut history = History::of(stored);
        let mut handles = [self.running.open(), self.running.open()];
        let mut next = (model.live(), history.now().clone());
        let mut model = model;
        for number in 0..4 + random.below(10) {
            let step = Step::any(random, history.now());
            history.begin(&step);
            let watch = Watch::new(self.running.path(), model).with_stops();
            let handle = random.below(2);
            if random.below(10) == 0 {
                handles[handle] = self.running.open();
            }
            let (result, watch) = watch.during(|| step.make(&handles[handle]));
            result.unwrap_or_else(|error| panic!("{what}, call {number}, {step:?}: {error}"));
            self.tried.calls += 1;
            let stops = watch.stops.unwrap();
            model = watch.model;
            for stop in &stops {
                let place = |kind: &str| {
                    format!("{what}, call {number}, {step:?}: {kind} before {}", stop.op)
                };
                self.tried.stops += 1;
                check(
                    &self.left,
                    &stop.model.live(),
                    &history.after_crash(),
                    random.below(4) == 0,
                    &|| place("stop"),
                );
                for _ in 0..3 {
                    self.tried.power_cuts += 1;
                    let image = stop.model.cut(&mut |end| random.below(end));
                    let allowed = history.after_power_cut();
                    let found = check(&self.left, &image, &allowed, random.below(8) == 0, &|| {
                        place("power cut")
                    });
                    if random.below(20) == 0 {
                        next = (image, found);
                    }
                }
            }
            history.returned(&step);
            for _ in 0..3 {
                self.tried.power_cuts += 1;
                let image = model.cut(&mut |end| random.below(end));
                let allowed = history.after_power_cut();
                check(&self.left, &image, &allowed, false, &|| {
                    format!("{what}, call {number}, {step:?}: power cut when it had returned")
                });
            }
        }
        next
    }
}

fn seeds(unless_set: u64) -> u64 {
    let set = std::env::var("FEROGRAM_SESSION_CRASH_SEEDS").ok();
    set.map_or(unless_set, |count| count.parse().expect("a number"))
}

#[test]
fn a_crash_or_a_power_cut_at_every_operation() {
    let mut bench = Bench { running: Folder::new(), left: Folder::new(), tried: Tried::default() };
    for seed in 0..seeds(12) {
        let mut random = Seeded(seed);
        let (mut image, mut stored) = (Image::new(), None);
        // A power cut, and what it left is gone on with.
        for life in 0..4 {
            bench.tried.sequences += 1;
            let what = format!("seed {seed}, life {life}");
            (image, stored) = bench.run(&mut random, Model::of(&image), stored, &what);
        }
    }
    println!("{:?}", bench.tried);
}

const FAULTS: [Fault; 6] = [
    Fault::Error(ErrorKind::StorageFull),
    Fault::Error(ErrorKind::Other),
    Fault::Error(ErrorKind::Interrupted),
    Fault::Error(ErrorKind::PermissionDenied),
    Fault::Short,
    Fault::Stop,
];

/// The same calls again for each operation: that one fails, or the process
/// ends there and another goes on.
#[test]
fn a_fault_at_every_operation() {
    let (running, left) = (Folder::new(), Folder::new());
    let mut tried = Tried::default();
    for seed in 0..seeds(8) {
        let mut random = Seeded(1_000_000 + seed);
        let mut steps = Vec::new();
        let mut stored = None;
        for _ in 0..3 + random.below(6) {
            let step = Step::any(&mut random, &stored);
            stored = step.after(&stored);
            steps.push(step);
        }
        tried.sequences += 1;
        for at in 0.. {
            let fault = FAULTS[random.below(FAULTS.len())];
            running.fill(&Image::new());
            let watch = Watch::new(running.path(), Model::default()).with_fault(at, fault);
            let what = format!("seed {seed}, {fault:?} at operation {at}");
            let ((), watch) = watch
                .during(|| with_a_fault(&running, &steps, &mut random, &left, &what, &mut tried));
            if watch.failed.is_none() {
                break;
            }
            tried.faults += 1;
        }
    }
    println!("{tried:?}");
}

/// Whether the fault has happened, and which operation it was.
fn failed() -> Option<&'static str> {
    faults::with(|watch| watch.failed).flatten()
}

fn with_a_fault(
    running: &Folder,
    steps: &[Step],
    random: &mut Seeded,
    left: &Folder,
    what: &str,
    tried: &mut Tried,
) {
    let mut history = History::of(None);
    let mut handle = running.open();
    for (number, step) in steps.iter().enumerate() {
        let what = format!("{what}, call {number}, {step:?}");
        let before = failed();
        history.begin(step);
        tried.calls += 1;
        let result = step.make(&handle);
        let now = failed().filter(|_| before.is_none());
        // Nothing returns from a process that has ended.
        let ended = faults::with(Watch::go_on) == Some(true);
        if ended {
            handle = running.open();
        }
        match (result, now) {
            (Ok(()), _) if !ended => history.returned(step),
            (Err(error), None) => panic!("{what}, after the fault: {error}"),
            (_, op) => {
                let op = op.unwrap_or("none");
                // An error, and what was there is; or all of it is done but
                // for making it durable.
                let found = running
                    .open()
                    .load()
                    .unwrap_or_else(|error| panic!("{what} ({op}): {error}"))
                    .map(normal);
                assert!(history.after_crash().contains(&&found), "{what} ({op}): {found:?}");
                if op != "sync the folder" && !matches!(step, Step::Delete) {
                    assert!(history.now() == &found, "{what} ({op}) took effect");
                }
                if !ended && op != "remove" {
                    let names = running.names();
                    let left = names.iter().any(|name| name.ends_with(".tmp"));
                    assert!(!left, "{what} ({op}) leaves {names:?}");
                }
                history.states.push(found);
                history.next = history.now().clone();
                // The next call works, the same one too.
                if random.below(2) == 0 {
                    history.begin(step);
                    step.make(&handle)
                        .unwrap_or_else(|error| panic!("{what} ({op}), again: {error}"));
                    history.returned(step);
                }
            }
        }
        // This may be what fails.
        let before = failed();
        match handle.load() {
            Ok(loaded) => assert!(loaded.map(normal) == *history.now(), "{what}: another session"),
            Err(error) => {
                assert!(before.is_none() && failed().is_some(), "{what}, loaded: {error}");
                if faults::with(Watch::go_on) == Some(true) {
                    handle = running.open();
                }
            }
        }
        let model = faults::with(|watch| watch.model.clone()).unwrap();
        for _ in 0..2 {
            tried.power_cuts += 1;
            // Looked at without the fault.
            let image = model.cut(&mut |end| random.below(end));
            let allowed = history.after_power_cut();
            faults::aside(|| {
                check(left, &image, &allowed, false, &|| format!("{what}, then a power cut"))
            });
        }
    }
}

/// A power cut may leave a change behind one that is lost. Whoever makes the
/// lost one again must not bring the other back with it.
#[test]
fn what_a_power_cut_took_back_stays_so() {
    let (running, left) = (Folder::new(), Folder::new());
    let peer = |id| {
        Step::Peer(CachedPeer {
            id,
            access_hash: 5,
            is_channel: false,
            is_chat: false,
            channel_kind: None,
            is_community: false,
        })
    };
    let path = running.path().join(SESSION);
    let mut history = History::of(None);
    let mut ends = Vec::new();
    let backend = running.open();
    for step in [Step::Home(2), peer(1), peer(2), peer(3)] {
        history.begin(&step);
        step.make(&backend).unwrap();
        history.returned(&step);
        ends.push(fs::metadata(&path).unwrap().len() as usize);
    }
    let mut bytes = fs::read(&path).unwrap();
    bytes[ends[1]..ends[2]].fill(0);
    let image = Image::from([(SESSION.to_owned(), bytes)]);
    running.fill(&image);
    let (one, two) = (&history.states[2], &history.states[3]);
    assert!(running.open().load().unwrap().map(normal) == *one);

    let watch = Watch::new(running.path(), Model::of(&image)).with_stops();
    let (made, watch) = watch.during(|| peer(2).make(&running.open()));
    made.unwrap();
    let mut random = Seeded(1);
    let stops = watch.stops.unwrap();
    for model in stops.iter().map(|stop| &stop.model).chain([&watch.model]) {
        for _ in 0..200 {
            check(&left, &model.cut(&mut |end| random.below(end)), &[one, two], false, &|| {
                "cut again".into()
            });
        }
    }
}

/// Wherever `recover()` stops, what is left is as damaged as before or mended,
/// never no session, and it can be called again.
#[test]
fn a_crash_or_a_power_cut_at_every_operation_of_recover() {
    let (running, left) = (Folder::new(), Folder::new());
    let backend = running.open();
    let session = made::session(&mut Source::new(&Seeded(5).bytes(600)));
    backend.save(&PersistedSession { home_dc_id: 2, ..session }).unwrap();
    backend.set_home_dc(3).unwrap();
    let before = image_of(&running);
    let whole = before[SESSION].clone();
    let half = whole[..whole.len() / 2].to_vec();
    // The last is a file that is gone.
    let damages = [Some(Vec::new()), Some(half), Some(b"SQLite format 3".to_vec()), None];
    let mut random = Seeded(9);
    for (number, damage) in damages.into_iter().enumerate() {
        let mut image = before.clone();
        match damage {
            Some(bytes) => drop(image.insert(SESSION.to_owned(), bytes)),
            None => drop(image.remove(SESSION)),
        }
        running.fill(&image);
        let watch = Watch::new(running.path(), Model::of(&image)).with_stops();
        let (recovered, watch) = watch.during(|| running.open().recover());
        let recovered = normal(recovered.unwrap());
        let mended = |image: &Image, what: &str| {
            left.fill(image);
            let again = match left.open().load() {
                Ok(loaded) => loaded.unwrap_or_else(|| panic!("damage {number}: none {what}")),
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::InvalidData, "{error}");
                    assert!(what != "at the end", "damage {number} {what}: {error}");
                    left.quickly(|| left.open().recover()).unwrap()
                }
            };
            assert!(normal(again) == recovered, "damage {number} {what}");
        };
        for stop in watch.stops.unwrap() {
            mended(&stop.model.live(), "after a stop");
            (0..40).for_each(|_| {
                mended(&stop.model.cut(&mut |end| random.below(end)), "after a power cut")
            });
        }
        (0..40).for_each(|_| mended(&watch.model.cut(&mut |end| random.below(end)), "at the end"));
    }
}

fn image_of(folder: &Folder) -> Image {
    let read = |name: String| (name.clone(), fs::read(folder.path().join(&name)).unwrap());
    folder.names().into_iter().map(read).collect()
}
