//! The process ends at an operation, or the power is cut there.

use super::history::{History, Step, Stored, normal};
use super::{Folder, REPLACING, SESSION, Tried, check, seeds};
use crate::SessionBackend;
use crate::backends::faults::{Image, Model, Watch};
use crate::format::Journal;
use crate::random::Seeded;
use std::fs;

/// The folder of a running process, and one to look at what would be left.
struct Bench {
    running: Folder,
    left: Folder,
    tried: Tried,
    /// How many sequences begin with a `recover()`.
    recovered: usize,
}

impl Bench {
    /// After a flipped bit, and `recover()` of what it damaged; else as it was.
    fn mended(&mut self, random: &mut Seeded, image: Image, stored: Stored) -> (Model, Stored) {
        let mut damaged = image.clone();
        if let Some(bytes) = damaged.get_mut(SESSION).filter(|_| random.below(3) > 0) {
            let at = random.below(bytes.len());
            bytes[at] ^= 1 << random.below(8);
            self.running.fill(&damaged);
            let watch = Watch::new(self.running.path(), Model::of(&damaged));
            let (recovered, watch) = watch.during(|| self.running.open().recover());
            // Else it was a torn tail, or there is nothing to go back to.
            if let Ok(session) = recovered {
                self.recovered += 1;
                return (watch.model, Some(normal(session)));
            }
        }
        (Model::of(&image), stored)
    }

    /// Makes calls through two handles, and looks at every stop among them; with
    /// `compacts`, the last is more than a journal may hold.
    /// Returns one of the places that a power cut left, and what is stored
    /// there.
    fn run(
        &mut self,
        random: &mut Seeded,
        model: Model,
        stored: Stored,
        compacts: bool,
        what: &str,
    ) -> (Image, Stored) {
        self.running.fill(&model.live());
        let mut history = History::of(stored);
        let mut handles = [self.running.open(), self.running.open()];
        let mut next = (model.live(), history.now().clone());
        let mut model = model;
        let calls = 4 + random.below(10);
        for number in 0..calls {
            let step = if compacts && number == calls - 1 {
                Step::many(random, history.now())
            } else {
                Step::any(random, history.now())
            };
            history.begin(&step);
            let before = model.named(SESSION);
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
            let rewritten = model.is_another(SESSION, before);
            self.tried.rewrites += usize::from(rewritten);
            self.tried.compactions += usize::from(rewritten && watch.full);
            for stop in &stops {
                let place = |kind: &str| {
                    format!("{what}, call {number}, {step:?}: {kind} before {}", stop.op)
                };
                self.tried.stops += 1;
                self.tried.ops.insert(stop.op);
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
            history.returned(&step, rewritten);
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

#[test]
fn a_crash_or_a_power_cut_at_every_operation() {
    let (running, left) = (Folder::new(), Folder::new());
    let mut bench = Bench { running, left, tried: Tried::default(), recovered: 0 };
    for seed in 0..seeds(12) {
        let mut random = Seeded(seed);
        let (mut image, mut stored) = (Image::new(), None);
        // A power cut, and what it left is gone on with.
        for life in 0..4 {
            bench.tried.sequences += 1;
            let what = format!("seed {seed}, life {life}");
            let (model, found) = bench.mended(&mut random, image, stored);
            (image, stored) = bench.run(&mut random, model, found, life == 3, &what);
        }
    }
    let least = Tried {
        sequences: 4,
        calls: 16,
        stops: 100,
        power_cuts: 300,
        rewrites: 10,
        ops: REPLACING.into_iter().chain(["half a write", "link", "remove"]).collect(),
        ..Tried::default()
    };
    bench.tried.is_enough(seeds(12), &least);
    let compactions = bench.tried.compactions;
    assert!(compactions >= seeds(12) as usize / 2, "{compactions} compactions");
    assert!(bench.recovered >= seeds(12) as usize / 2, "{} recovered", bench.recovered);
}

fn peer(id: i64) -> Step {
    Step::Peer(super::peer(id))
}

/// The mark that says that the name of a file is durable is not synced itself. A
/// power cut may take it and leave a change behind it, and then a mark follows.
#[test]
fn a_mark_that_a_power_cut_took_is_no_damage_later() {
    let (running, left) = (Folder::new(), Folder::new());
    let path = running.path().join(SESSION);
    let mut history = History::of(None);
    let backend = running.open();
    let mut made = Vec::new();
    for step in [Step::Home(2), peer(1)] {
        history.begin(&step);
        step.make(&backend).unwrap();
        history.returned(&step, false);
        made.push(fs::read(&path).unwrap());
    }
    let end = made[0].len();
    let stored = history.now().clone();
    // All of the mark, half of it, its last byte.
    for lost in [Journal::MARK_LEN, 20, 1] {
        let mut bytes = made[1].clone();
        // A single byte may have been zero.
        bytes[end - lost..end]
            .iter_mut()
            .for_each(|byte| *byte = if lost > 1 { 0 } else { !*byte });
        let image = Image::from([(SESSION.to_owned(), bytes)]);
        running.fill(&image);
        let watch = Watch::new(running.path(), Model::of(&image)).with_stops();
        let (_, watch) = watch.during(|| {
            let backend = running.open();
            backend.checkpoint().unwrap();
            assert!(backend.load().unwrap().map(normal) == stored, "{lost}");
        });
        let mut random = Seeded(1);
        let stops = watch.stops.unwrap();
        for model in stops.iter().map(|stop| &stop.model).chain([&watch.model]) {
            for _ in 0..50 {
                let image = model.cut(&mut |end| random.below(end));
                check(&left, &image, &[&stored], true, &|| format!("{lost} bytes, cut again"));
            }
        }
    }
}

/// A power cut may leave a change behind one that is lost. Whoever makes the
/// lost one again must not bring the other back with it.
#[test]
fn what_a_power_cut_took_back_stays_so() {
    let (running, left) = (Folder::new(), Folder::new());
    let path = running.path().join(SESSION);
    let mut history = History::of(None);
    let mut ends = Vec::new();
    let backend = running.open();
    for step in [Step::Home(2), peer(1), peer(2), peer(3)] {
        history.begin(&step);
        step.make(&backend).unwrap();
        history.returned(&step, false);
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
