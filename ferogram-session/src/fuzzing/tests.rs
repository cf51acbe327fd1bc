//! The targets over their seeds, and over inputs made from those: the same
//! ones each time.

use crate::random::Seeded;
use std::fs;
use std::path::PathBuf;

/// How many inputs each target gets beside its seeds.
fn inputs() -> u64 {
    let set = std::env::var("FEROGRAM_SESSION_FUZZ_INPUTS").ok();
    set.map_or(3_000, |count| count.parse().expect("FEROGRAM_SESSION_FUZZ_INPUTS is a number"))
}

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    // The golden files are sessions of every format.
    let folders = [
        root.join("fuzz/seeds").join(target),
        root.join("tests/golden/binary"),
        root.join("tests/golden/strings"),
    ];
    let mut paths: Vec<_> = folders
        .iter()
        .flat_map(|folder| fs::read_dir(folder).unwrap_or_else(|_| panic!("{}", folder.display())))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_none_or(|extension| extension != "json"))
        .collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// A seed with a few places changed, put into another, cut or drawn out; now
/// and then nothing but noise.
fn mutated(random: &mut Seeded, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = seeds[random.below(seeds.len())].clone();
    if bytes.is_empty() || random.below(10) == 0 {
        bytes = {
            let len = random.below(600);
            random.bytes(len)
        };
    }
    for _ in 0..=random.below(6) {
        let at = random.below(bytes.len());
        let end = (at + random.below(64)).min(bytes.len());
        match random.below(6) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            1 if at < bytes.len() => {
                bytes[at] = [0, 1, 2, 8, 0x7F, 0x80, 0xFE, 0xFF][random.below(8)]
            }
            2 => drop(bytes.splice(at..at, (0..random.below(40)).map(|_| random.next() as u8))),
            3 => drop(bytes.drain(at..end)),
            4 => {
                let other = &seeds[random.below(seeds.len())];
                let from = random.below(other.len());
                let to = (from + random.below(300)).min(other.len());
                bytes.splice(at..end, other[from..to].iter().copied());
            }
            _ => bytes[at..end].iter_mut().for_each(|byte| *byte = random.next() as u8),
        }
    }
    bytes
}

fn run(target: &str, body: fn(&[u8])) {
    let seeds = seeds(target);
    seeds.iter().for_each(|seed| body(seed));
    let mut random = Seeded(target.bytes().fold(1, |sum, byte| sum * 31 + u64::from(byte)));
    // Of the targets, this one alone is not in `fuzz/run` unless asked for.
    let more = if target == "literal" { 10 } else { 1 };
    for number in 0..inputs() * more {
        let input = mutated(&mut random, &seeds);
        if let Err(panic) = std::panic::catch_unwind(|| body(&input)) {
            let path = std::env::temp_dir().join(format!("ferogram-session-{target}-{number}"));
            fs::write(&path, &input).unwrap();
            eprintln!("input {number} of `{target}` is in {}", path.display());
            std::panic::resume_unwind(panic);
        }
    }
}

macro_rules! targets {
    ($($(#[$attribute:meta])* $target:ident)*) => {
        $(#[test] $(#[$attribute])* fn $target() {
            run(stringify!($target), super::$target);
        })*
    };
}

targets! {
    field
    file
    #[cfg(feature = "libsql-session")]
    literal
    name
    raw_file
    raw_session
    rows
    session
    string
}
