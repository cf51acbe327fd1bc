//! What goes over a network: round trips, and bytes.

use super::Checks;
use crate::format::count;
use crate::network::{Call, LOAD, Network, S3};

/// Beside twice the change.
const FEW_BYTES: u64 = 512;
/// Of a request beside the session that is in it.
const HEADERS: u64 = 1_024;

impl Checks<'_> {
    pub(super) fn network(&mut self, network: &Network) {
        let Network { backend, calls, .. } = network;
        let more = calls.iter().find(|call| call.round_trips != "1");
        let trips = match more {
            Some(call) => format!("{} for {}", call.round_trips, call.name),
            None => format!("1 in each of {} calls", calls.len()),
        };
        let over = if more.is_some() { 2.0 } else { 1.0 };
        self.counted(&format!("{backend}: round trips of a call"), trips, "1 round trip", over);
        let share = |call: &Call| (call.up + call.down) as f64 / most(network, call) as f64;
        let Some(worst) = calls.iter().max_by(|one, other| share(one).total_cmp(&share(other)))
        else {
            return;
        };
        let said = format!(
            "at worst {} B of {} for {}",
            count((worst.up + worst.down) as usize),
            count(most(network, worst) as usize),
            worst.name
        );
        let bar = match *backend {
            S3 => "one PUT: the session and 1 kB",
            _ => "at most 512 B and twice the change",
        };
        self.counted(&format!("{backend}: bytes of a call, both ways"), said, bar, share(worst));
    }

    fn counted(&mut self, what: &str, ours: String, bar: &str, over: f64) {
        let columns = ["-".to_owned(), ours, "by the tests of the crate".to_owned()];
        self.push(what.to_owned(), "60,000".to_owned(), columns, bar.to_owned(), over);
    }
}

/// The bytes that the bar leaves to a call.
fn most(network: &Network, call: &Call) -> u64 {
    if network.backend != S3 {
        return FEW_BYTES + 2 * call.change;
    }
    // An object is written whole: as many bytes as a load brings.
    let session = network.whole.iter().find(|whole| whole.name == LOAD);
    match call.change {
        0 => HEADERS + FEW_BYTES,
        _ => session.map_or(0, |load| load.down) + HEADERS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::tests::network;
    use crate::results::Results;

    fn holds(backend: &'static str, cells: impl Fn(&str) -> String) -> [bool; 2] {
        let results = Results::default();
        let mut checks = Checks { results: &results, list: Vec::new() };
        checks.network(&network(backend, cells).expect("reads"));
        let holds: Vec<bool> = checks.list.iter().map(|check| check.holds).collect();
        holds.try_into().expect("two checks")
    }

    #[test]
    fn a_call_is_one_round_trip_of_512_bytes_and_twice_its_change() {
        let salt = |cells: &str| {
            let cells = cells.to_owned();
            holds("postgres", move |name| match name {
                "a salt" => cells.clone(),
                _ => "1 | 100 | 10".to_owned(),
            })
        };
        assert_eq!(salt("1 | 1,000 | 112"), [true, true]);
        assert_eq!(salt("1 | 1,001 | 112"), [true, false]);
        assert_eq!(salt("2 | 1,000 | 112"), [false, true]);
        assert_eq!(salt("1 to 2 | 10 | 1"), [false, true]);
        // What is read or written whole has no bar.
        let whole = |name: &str| match name {
            "load, 60,000 peers" => "60 | 1 | 3,000,000".to_owned(),
            _ => "1 | 100 | 10".to_owned(),
        };
        assert_eq!(holds("redis", whole), [true, true]);
    }

    #[test]
    fn in_s3_a_change_is_one_put_of_the_session() {
        let cells = |put: &str, same: &str| {
            let (put, same) = (format!("1 | {put} | 24"), format!("1 | {same} | 24"));
            holds("s3", move |name| match name {
                "load, 60,000 peers" => "1 | 400 | 1,000,000".to_owned(),
                name if name.ends_with("the same") || name.ends_with("nothing changed") => {
                    same.clone()
                }
                _ => put.clone(),
            })
        };
        assert_eq!(cells("1,001,000", "500"), [true, true]);
        assert_eq!(cells("1,001,001", "500"), [true, false]);
        assert_eq!(cells("1,001,000", "1,600"), [true, false]);
    }
}
