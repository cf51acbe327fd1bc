//! Why bars are missed: those that are out of reach, and those that are not.

use crate::bars::Check;
use crate::format::time;
use crate::limits::Reason;
use std::fmt::Write;

pub(crate) fn write(out: &mut String, missed: &[&Check]) -> std::fmt::Result {
    let (far, near): (Vec<&Check>, _) = missed
        .iter()
        .partition(|check| check.limit.is_some_and(|reason| reason.out_of_reach.is_some()));
    writeln!(
        out,
        "\n### Out of reach: what the call is made of takes longer than the bar leaves\n"
    )?;
    writeln!(
        out,
        "And it takes less than the whole call of 0.6.6, so it is no more than what that does. The parts are ours, by our own design \
         (below). One that something else disturbed, and that took up to a quarter longer than the call, counts as all of it.\n"
    )?;
    list(out, &far)?;
    writeln!(out, "\n### Preferred, or without a reason: missed for what is there instead\n")?;
    writeln!(
        out,
        "The rest of the call; or parts that by themselves take as long as all that 0.6.6 does: they are what our promises \
         cost, and without them the bar may be within reach.\n"
    )?;
    list(out, &near)
}

fn list(out: &mut String, missed: &[&Check]) -> std::fmt::Result {
    let why = |check: &Check| check.limit.map_or("Not looked into yet.", |reason| reason.why);
    let mut seen = Vec::new();
    for reason in missed.iter().map(|check| why(check)) {
        if seen.contains(&reason) {
            continue;
        }
        seen.push(reason);
        writeln!(out, "{reason}\n\n| missed | peers | comes to |\n|---|---|---|")?;
        for check in missed.iter().filter(|check| why(check) == reason) {
            let Check { what, peers, comes_to, ours, .. } = check;
            let comes_to = if comes_to.is_empty() { ours } else { comes_to };
            let limit = check.limit.map_or_else(String::new, |reason| limit(reason, comes_to));
            writeln!(out, "| {what} | {peers} | {comes_to}{limit} |")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// How long it takes, up to how long this is the reason, and what the parts take of it.
fn limit(reason: Reason, comes_to: &str) -> String {
    let Reason { takes, at_most, out_of_reach, .. } = reason;
    let parts = out_of_reach.map_or_else(String::new, |(left, parts)| {
        format!("; of {} the parts take {}", time(left), time(parts))
    });
    let takes = match time(takes) {
        takes if takes == comes_to => String::new(),
        takes => format!("; {takes}"),
    };
    format!("{takes}, explained up to {}{parts}", time(at_most))
}
