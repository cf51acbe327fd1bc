//! Why a bar is missed. It is out of reach if what our call is made of, measured by
//! itself in the same run (`compare/src/floors.rs`), takes longer than the bar leaves, and
//! less than the whole call of 0.6.6. These parts are of our own design: where they
//! take longer than all of 0.6.6, they are what our promises cost, and the bar is
//! missed for something that was preferred to it, as it is where the rest of the call
//! is what takes so long. Either explains a call only up to so many times those
//! parts, or up to a fixed time; what takes more has another reason, and fails.

mod calls;
#[cfg(test)]
mod ceilings;
mod others;
mod slower;
#[cfg(test)]
mod tests;
mod texts;

use crate::programs::{BEYOND, SIZES};
use crate::results::{Place, Results, Side};
use others::OTHERS;
use texts::FIRST_TOUCH;

pub(crate) use slower::{FEW, Reach, slower};

/// Why a call misses its bar. All times in nanoseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reason {
    pub(crate) why: &'static str,
    pub(crate) takes: f64,
    /// What it may take for this to be the reason.
    pub(crate) at_most: f64,
    /// Of a bar that is out of reach: what it leaves, and what the parts take.
    pub(crate) out_of_reach: Option<(f64, f64)>,
}

/// As far as two measurements of the same are apart: what misses by less may be
/// within reach.
const MARGIN: f64 = 0.9;

/// A part that something else disturbed takes longer than the call that it is a part of: up
/// to here it counts as all of that call.
const DISTURBED: f64 = 1.25;

/// Of a call that is to be `bar` times as fast as that of 0.6.6.
pub(crate) fn of_factor(
    results: &Results,
    place: Place,
    name: &str,
    size: usize,
    bar: f64,
) -> Option<Reason> {
    let cost = |side| Some(results.cost(side, place, name, size)?.nanoseconds);
    let takes = cost(Side::Ours)?;
    let released = cost(Side::Released)?;
    let left = released / bar;
    calls::of(place).iter().find_map(|limit| {
        let parts = limit.parts.iter().map(|part| cost_of_part(results, part, size));
        let parts = parts.sum::<Option<f64>>()?;
        let at_most = limit.most(name, size)?.nanoseconds(parts);
        (takes <= at_most).then(|| Reason {
            why: limit.why,
            takes,
            at_most,
            out_of_reach: out_of_reach(parts, left, takes, released),
        })
    })
}

/// Of a start in so many nanoseconds.
pub(crate) fn of_start(results: &Results, size: usize, takes: f64, bar: f64) -> Option<Reason> {
    let part = "in a new process: read the file, fill a session";
    let parts = cost_of_part(results, part, size)?;
    let at_most = 1.9 * parts;
    let is_reason = takes <= at_most;
    is_reason.then(|| Reason {
        why: FIRST_TOUCH,
        takes,
        at_most,
        // 0.6.6 holds no such session: there is no call of it to compare with.
        out_of_reach: out_of_reach(parts, bar, takes, f64::INFINITY),
    })
}

/// Of a time whose bar is no factor, and how many times the bar it is.
pub(crate) fn of_other(what: &str, takes: f64, over: f64) -> Option<Reason> {
    let (_, most, why) = OTHERS.iter().find(|(name, most, _)| *name == what && over <= *most)?;
    Some(Reason { why, takes, at_most: takes / over * most, out_of_reach: None })
}

/// What a part costs. It costs no more for few records than for many, so the least of
/// what was measured from this size on counts: one measurement can be disturbed.
fn cost_of_part(results: &Results, part: &str, size: usize) -> Option<f64> {
    let name = format!("floor/{part}");
    let sizes = SIZES.into_iter().chain([BEYOND]).filter(|larger| *larger >= size);
    let costs = sizes.filter_map(|size| results.cost(Side::Ours, Place::Memory, &name, size));
    costs.map(|cost| cost.nanoseconds).reduce(f64::min)
}

/// What the bar leaves, and what the parts take, if that is more, and less than what
/// 0.6.6 takes for all of it. Parts that take far longer than the call itself show nothing.
fn out_of_reach(parts: f64, left: f64, takes: f64, released: f64) -> Option<(f64, f64)> {
    let parts = if parts <= DISTURBED * takes { parts.min(takes) } else { return None };
    (MARGIN * parts > left && parts < released).then_some((left, parts))
}
