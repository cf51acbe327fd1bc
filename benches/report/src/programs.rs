//! The two programs: building them, and running them in turn.

use crate::results::{Place, Results, Side};
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How long to measure.
pub(crate) struct Plan {
    pub(crate) rounds: usize,
    pub(crate) milliseconds: u32,
    /// Minutes of a day that 0.6.6 goes through; all of its minutes are alike.
    pub(crate) released_minutes: u32,
    pub(crate) counted_calls: u32,
    pub(crate) builds: usize,
}

impl Plan {
    /// Many short rounds: a processor that others use too is slow for seconds at a time,
    /// and both sides have to meet it at its best.
    pub(crate) const THOROUGH: Self =
        Self { rounds: 6, milliseconds: 20, released_minutes: 10, counted_calls: 1_000, builds: 3 };
    pub(crate) const QUICK: Self =
        Self { rounds: 1, milliseconds: 10, released_minutes: 2, counted_calls: 1_000, builds: 1 };
}

pub(crate) const MINUTES_OF_A_DAY: u32 = 1_440;
/// Of these 0.6.6 holds every one.
pub(crate) const SIZES: [usize; 4] = [0, 1_000, 20_000, 60_000];
/// Here its counter of peers has wrapped.
pub(crate) const BEYOND: usize = 200_000;

pub(crate) struct Programs {
    pub(crate) benches: PathBuf,
    pub(crate) target: PathBuf,
}

impl Programs {
    pub(crate) fn build(benches: &Path) -> io::Result<Self> {
        let target = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(target) => std::path::absolute(target)?,
            None => benches.join("target"),
        };
        let programs = Self { benches: benches.to_owned(), target };
        for side in [Side::Ours, Side::Released] {
            let mut build = programs.cargo("build", side);
            succeed(build.args(["--release", "--features", "sqlite"]))?;
        }
        succeed(programs.cargo_in("build", "libsql").arg("--release"))?;
        let mut derive = programs.cargo("build", Side::Ours);
        succeed(derive.args(["--release", "--package", "derive-cost"]))?;
        Ok(programs)
    }

    /// Cargo on the manifest of one side, with the dependencies of its lock file.
    pub(crate) fn cargo(&self, command: &str, side: Side) -> Command {
        self.cargo_in(
            command,
            match side {
                Side::Ours => "ours",
                Side::Released => "released",
            },
        )
    }

    fn cargo_in(&self, command: &str, folder: &str) -> Command {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
        cargo.args([command, "--quiet", "--locked", "--manifest-path"]);
        cargo.arg(self.benches.join("compare").join(folder).join("Cargo.toml"));
        cargo.env("CARGO_TARGET_DIR", &self.target);
        cargo
    }

    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.target.join("release").join(name).with_extension(std::env::consts::EXE_EXTENSION)
    }

    pub(crate) fn measure(&self, plan: &Plan) -> io::Result<Results> {
        let mut results = Results::default();
        let both = [Side::Released, Side::Ours];
        for round in 0..plan.rounds {
            for size in SIZES.into_iter().chain([BEYOND]) {
                eprintln!("round {} of {}: {size} peers", round + 1, plan.rounds);
                let sides = if size == BEYOND { &both[1..] } else { &both[..] };
                for (group, place) in [
                    ("native", Place::Memory),
                    ("memory", Place::Memory),
                    ("string", Place::Memory),
                    ("file", Place::Memory),
                    ("file", Place::Disk),
                    ("sqlite", Place::Memory),
                    ("sqlite", Place::Disk),
                ] {
                    for &side in sides {
                        let name = program_of(side);
                        self.run(&mut results, plan, (name, side), group, size, place, 0)?;
                    }
                }
                let ours = (program_of(Side::Ours), Side::Ours);
                self.run(&mut results, plan, ours, "floors", size, Place::Memory, 0)?;
            }
        }
        let size = SIZES[SIZES.len() - 1];
        for side in both {
            eprintln!("a day and memory, {side:?}");
            let minutes = match side {
                Side::Ours => MINUTES_OF_A_DAY,
                Side::Released => plan.released_minutes,
            };
            let program = (program_of(side), side);
            for (group, place) in
                [("held", Place::Memory), ("day/file", Place::Disk), ("day/sqlite", Place::Disk)]
            {
                self.run(&mut results, plan, program, group, size, place, minutes)?;
            }
        }
        let libsql = ("compare-libsql", Side::Ours);
        self.run(&mut results, plan, libsql, "held", size, Place::Memory, 0)?;
        Ok(results)
    }

    #[expect(clippy::too_many_arguments, reason = "the command line of the programs")]
    fn run(
        &self,
        results: &mut Results,
        plan: &Plan,
        (name, side): (&str, Side),
        group: &str,
        size: usize,
        place: Place,
        minutes: u32,
    ) -> io::Result<()> {
        let folder = self.folder(place);
        std::fs::create_dir_all(&folder)?;
        let mut program = Command::new(self.program(name));
        program.arg(group).arg(size.to_string()).arg(&folder);
        program.arg(plan.milliseconds.to_string()).arg(minutes.to_string());
        let printed = output(&mut program)?;
        results
            .take(side, place, &printed.out)
            .ok_or_else(|| io::Error::other(format!("{name} printed something unforeseen")))
    }

    /// Where the files of the measurements are.
    pub(crate) fn folder(&self, place: Place) -> PathBuf {
        match place {
            Place::Disk => self.target.join("bench-data"),
            Place::Memory => {
                // Where there is none, say so: on a disk the bars mean nothing.
                Path::new("/dev/shm").join("ferogram-session-benches")
            }
        }
    }
}

pub(crate) fn program_of(side: Side) -> &'static str {
    match side {
        Side::Ours => "compare-ours",
        Side::Released => "compare-released",
    }
}

pub(crate) struct Printed {
    pub(crate) out: String,
    pub(crate) err: String,
}

pub(crate) fn output(command: &mut Command) -> io::Result<Printed> {
    let output = command.output()?;
    let printed = Printed {
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    };
    if output.status.success() { Ok(printed) } else { Err(failed(command, &printed.err)) }
}

pub(crate) fn succeed(command: &mut Command) -> io::Result<()> {
    if command.status()?.success() { Ok(()) } else { Err(failed(command, "")) }
}

fn failed(command: &Command, said: &str) -> io::Error {
    let arguments: Vec<_> = command.get_args().map(OsStr::to_string_lossy).collect();
    let program = command.get_program().to_string_lossy();
    io::Error::other(format!("{program} {} failed\n{said}", arguments.join(" ")))
}
