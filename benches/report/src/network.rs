//! Redis, Postgres and S3, where round trips and bytes count. They are counted where the
//! servers are: a proxy counts in the tests of these crates (`tests/costs.rs`), which hold the
//! tables of their documentation true. Those are read here.

use crate::format::count;
use std::fmt::Write;
use std::io;
use std::path::Path;

/// The folders in `backends-contrib`.
const BACKENDS: [&str; 3] = ["redis", "postgres", "s3"];
pub(crate) const S3: &str = "s3";

/// Each call, and the bytes that change with it: the names and the values of its
/// records, which a test beside it counts.
const CALLS: &str = include_str!("../../../tests/servers/src/costs/changes.txt");

/// Or the first line that is not a call and a number.
fn calls() -> Result<Vec<(&'static str, u64)>, &'static str> {
    let call = |line: &'static str| {
        let (name, bytes) = line.rsplit_once(": ").ok_or(line)?;
        Ok((name, bytes.parse().map_err(|_| line)?))
    };
    CALLS.lines().map(call).collect()
}

/// What is written or read whole has no bar.
const FIRST_SAVE: &str = "first save, 60,000 peers";
pub(crate) const LOAD: &str = "load, 60,000 peers";

pub(crate) struct Network {
    pub(crate) backend: &'static str,
    /// Those that have a bar.
    pub(crate) calls: Vec<Call>,
    pub(crate) whole: [Call; 2],
}

pub(crate) struct Call {
    pub(crate) name: &'static str,
    pub(crate) change: u64,
    /// A number, or from one to another.
    pub(crate) round_trips: String,
    pub(crate) up: u64,
    pub(crate) down: u64,
}

pub(crate) fn read(root: &Path) -> io::Result<Vec<Network>> {
    let read = |backend| {
        let docs = root.join("backends-contrib").join(backend).join("docs.md");
        let lacks =
            |call: &str| io::Error::other(format!("no costs of `{call}` in {}", docs.display()));
        Network::of(backend, &std::fs::read_to_string(&docs)?).map_err(lacks)
    };
    BACKENDS.into_iter().map(read).collect()
}

impl Network {
    /// Or the first call that has no line in the table.
    fn of(backend: &'static str, docs: &str) -> Result<Self, &'static str> {
        let lines = docs.lines().skip_while(|line| !line.starts_with("| call | round trips |"));
        let table: Vec<&str> = lines.take_while(|line| line.starts_with('|')).collect();
        let call = |name: &'static str, change| {
            let row = table.iter().find_map(|line| line.strip_prefix(&format!("| {name} |")));
            let cells: Vec<&str> = row.ok_or(name)?.split('|').map(str::trim).collect();
            let [round_trips, up, down, ""] = cells.as_slice() else { return Err(name) };
            let number = |text: &str| text.replace(',', "").parse::<u64>().map_err(|_| name);
            // Of a range, both are numbers.
            for trips in round_trips.split(" to ") {
                number(trips)?;
            }
            let (up, down) = (number(up)?, number(down)?);
            Ok(Call { name, change, round_trips: (*round_trips).to_owned(), up, down })
        };
        let calls = calls()?.into_iter().map(|(name, change)| call(name, change));
        let whole = [call(FIRST_SAVE, 0)?, call(LOAD, 0)?];
        Ok(Self { backend, calls: calls.collect::<Result<_, _>>()?, whole })
    }
}

pub(crate) fn write(out: &mut String, networks: &[Network]) -> std::fmt::Result {
    writeln!(out, "\n## Redis, Postgres, S3\n")?;
    writeln!(
        out,
        "Round trips, and bytes to the server and back, of a session of 60,000 peers over a warm connection and cache. They come \
         from the tests of these crates (`tests/costs.rs`), in which a proxy counts them; this run read them from the tables in \
         `backends-contrib/*/docs.md`, which those tests hold true. The bars are above: one round trip; at most 512 bytes and \
         twice the change, which in S3 is one PUT of the whole session.\n"
    )?;
    write!(out, "| | bytes that change |")?;
    networks.iter().try_for_each(|network| write!(out, " {} |", network.backend))?;
    writeln!(out, "\n|---|---|{}", "---|".repeat(networks.len()))?;
    let all = |network: &'_ Network, nth: usize| -> Option<(&'static str, String, String)> {
        let call = network.calls.iter().chain(&network.whole).nth(nth)?;
        let Call { name, change, round_trips, up, down } = call;
        let trips = if round_trips == "1" { "round trip" } else { "round trips" };
        let (up, down) = (count(*up as usize), count(*down as usize));
        let whole = nth >= network.calls.len();
        let change = if whole { "all".to_owned() } else { change.to_string() };
        Some((name, change, format!("{round_trips} {trips}, {up} and {down} B")))
    };
    let Some(first) = networks.first() else { return Ok(()) };
    for nth in 0..first.calls.len() + first.whole.len() {
        let Some((name, change, _)) = all(first, nth) else { continue };
        write!(out, "| {name} | {change} |")?;
        for network in networks {
            write!(out, " {} |", all(network, nth).map_or_else(String::new, |(.., cell)| cell))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Lines of a table, by the names of its calls.
    pub(crate) fn table(cells: impl Fn(&str) -> String) -> String {
        let calls = calls().expect("each is a call");
        let names = calls.iter().map(|(name, _)| *name).chain([FIRST_SAVE, LOAD]);
        let rows: String = names.map(|name| format!("| {name} | {} |\n", cells(name))).collect();
        format!("# x\n\n| call | round trips | up | down |\n|---|---|---|---|\n{rows}\n| a | 9 |\n")
    }

    pub(crate) fn network(
        backend: &'static str,
        cells: impl Fn(&str) -> String,
    ) -> Result<Network, &'static str> {
        Network::of(backend, &table(cells))
    }

    #[test]
    fn the_tables_that_are_there_are_read() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let networks = read(&root).expect("reads");
        let backends: Vec<_> = networks.iter().map(|network| network.backend).collect();
        assert_eq!(backends, BACKENDS);
        let mut out = String::new();
        write(&mut out, &networks).expect("writes");
        assert!(out.contains("\n| the home DC, the same | 0 | 1 round trip,"), "{out}");
        assert!(out.contains("\n| load, 60,000 peers | all | 60 round trips,"), "{out}");
    }

    #[test]
    fn a_table_that_lacks_something_is_refused() {
        let of = |cells: &str| network("redis", |_| cells.to_owned()).map(|read| read.calls.len());
        assert_eq!(of("1 to 5 | 1,000 | 4"), Ok(CALLS.lines().count()));
        for cells in ["1 | 1,000", "some | 1 | 4", "1 to | 1 | 4", "1 | many | 4", "1 | 1 | -4"] {
            assert!(of(cells).is_err(), "{cells}");
        }
        let without = table(|_| "1 | 1 | 1".to_owned()).replace("| a salt |", "| salt |");
        assert_eq!(Network::of("redis", &without).map(|read| read.calls.len()), Err("a salt"));
        assert!(Network::of("redis", "no table").is_err());
    }
}
