//! Cost per call against session size, as a picture.

use crate::format::time;
use crate::programs::{BEYOND, SIZES};
use crate::results::{Place, Results, Side};
use std::fmt::Write;

/// Calls that got faster, and calls that did not.
const PANELS: [(&str, &str, Place); 9] = [
    ("File: a peer", "file/a peer", Place::Memory),
    ("File: save, 10 peers changed", "file/save, 10 peers changed", Place::Memory),
    ("File: start, with a long journal", "file/start, with a long journal", Place::Memory),
    ("SQLite: a peer", "sqlite/a peer", Place::Memory),
    ("SQLite: save, 10 peers changed", "sqlite/save, 10 peers changed", Place::Memory),
    ("SQLite: start", "sqlite/start: open, load", Place::Memory),
    ("String: counters", "string/pts, date, seq", Place::Memory),
    ("Memory: a peer after a save", "memory/a peer after a save", Place::Memory),
    ("File on a disk: new key of a DC", "file/new key of a DC", Place::Disk),
];

const COLUMNS: usize = 3;
const WIDTH: f64 = 320.0;
const HEIGHT: f64 = 236.0;
const LEFT: f64 = 58.0;
const TOP: f64 = 34.0;
const INNER_WIDTH: f64 = 240.0;
const INNER_HEIGHT: f64 = 146.0;
const HEAD: f64 = 50.0;
/// Powers of ten of a nanosecond that a panel shows at least.
const DECADES: i32 = 3;

pub(crate) fn draw(results: &Results) -> String {
    let mut out = String::new();
    // Writing into a `String` does not fail.
    let _ = picture(&mut out, results);
    out
}

fn picture(out: &mut String, results: &Results) -> std::fmt::Result {
    let width = COLUMNS as f64 * WIDTH;
    let height = HEAD + PANELS.len().div_ceil(COLUMNS) as f64 * HEIGHT;
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" font-size=\"10\" fill=\"#222\">"
    )?;
    writeln!(out, "<title>Cost per call against session size</title>")?;
    writeln!(out, "<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>")?;
    writeln!(
        out,
        "<text x=\"16\" y=\"20\" font-size=\"14\" font-weight=\"bold\">Cost per call against the number of peers</text>"
    )?;
    key(out, 16.0, Side::Ours, "this crate")?;
    key(
        out,
        116.0,
        Side::Released,
        "0.6.6 (its 16-bit count wraps: of 200,000 peers it reads 3,392)",
    )?;
    for (nth, (title, name, place)) in PANELS.into_iter().enumerate() {
        let x = (nth % COLUMNS) as f64 * WIDTH;
        let y = HEAD + (nth / COLUMNS) as f64 * HEIGHT;
        writeln!(out, "<g transform=\"translate({x} {y})\">")?;
        panel(out, results, title, name, place)?;
        writeln!(out, "</g>")?;
    }
    writeln!(out, "</svg>")
}

fn key(out: &mut String, x: f64, side: Side, text: &str) -> std::fmt::Result {
    let y = 36.0;
    let (line, _) = style(side);
    writeln!(out, "<line x1=\"{x}\" y1=\"{y}\" x2=\"{}\" y2=\"{y}\" {line}/>", x + 26.0)?;
    marker(out, side, x + 13.0, y)?;
    writeln!(out, "<text x=\"{}\" y=\"{}\">{text}</text>", x + 32.0, y + 3.5)
}

/// Of the line, and of the markers on it.
fn style(side: Side) -> (&'static str, &'static str) {
    match side {
        Side::Ours => ("stroke=\"#0b6e99\" stroke-width=\"2\" fill=\"none\"", "#0b6e99"),
        Side::Released => (
            "stroke=\"#c0392b\" stroke-width=\"1.5\" stroke-dasharray=\"5 3\" fill=\"none\"",
            "#c0392b",
        ),
    }
}

/// A disc or a square, so that the two are told apart without their colours.
fn marker(out: &mut String, side: Side, x: f64, y: f64) -> std::fmt::Result {
    let (_, colour) = style(side);
    match side {
        Side::Ours => {
            writeln!(out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"{colour}\"/>")
        }
        Side::Released => writeln!(
            out,
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"6\" height=\"6\" fill=\"{colour}\"/>",
            x - 3.0,
            y - 3.0
        ),
    }
}

fn panel(
    out: &mut String,
    results: &Results,
    title: &str,
    name: &str,
    place: Place,
) -> std::fmt::Result {
    let sizes: Vec<usize> = SIZES.into_iter().chain([BEYOND]).collect();
    let costs = |side| -> Vec<(usize, f64)> {
        let cost = |size| results.cost(side, place, name, size).map(|cost| cost.nanoseconds);
        sizes.iter().filter_map(|&size| Some((size, cost(size)?))).collect()
    };
    let (released, ours) = (costs(Side::Released), costs(Side::Ours));
    let scale = Scale::of(released.iter().chain(&ours).map(|(_, cost)| *cost));

    writeln!(out, "<text x=\"{LEFT}\" y=\"22\" font-weight=\"bold\">{title}</text>")?;
    axes(out, &scale, &sizes)?;
    for (side, costs) in [(Side::Released, &released), (Side::Ours, &ours)] {
        let points = costs.iter().map(|(size, cost)| (across(*size), scale.height(*cost)));
        let points: Vec<(f64, f64)> = points.collect();
        // 0 stands apart from the scale, and from the line.
        let line: Vec<String> =
            points.iter().skip(1).map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        if !line.is_empty() {
            let (style, _) = style(side);
            writeln!(out, "<polyline points=\"{}\" {style}/>", line.join(" "))?;
        }
        for (x, y) in points {
            marker(out, side, x, y)?;
        }
    }
    // What they cost in the end, each on the side where the other is not.
    if let (Some(released), Some(ours)) = (released.last(), ours.last()) {
        let beside = costs(Side::Ours).iter().find(|(size, _)| *size == released.0).copied();
        let above = beside.is_none_or(|(_, ours)| released.1 >= ours);
        label(out, &scale, *released, Side::Released, above)?;
        label(out, &scale, *ours, Side::Ours, !above)?;
    }
    Ok(())
}

fn label(
    out: &mut String,
    scale: &Scale,
    (size, cost): (usize, f64),
    side: Side,
    above: bool,
) -> std::fmt::Result {
    let (_, colour) = style(side);
    let y = scale.height(cost) + if above { -7.0 } else { 14.0 };
    let text = time(cost);
    let x = across(size);
    writeln!(
        out,
        "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\" fill=\"{colour}\">{text}</text>"
    )
}

fn axes(out: &mut String, scale: &Scale, sizes: &[usize]) -> std::fmt::Result {
    let (right, bottom) = (LEFT + INNER_WIDTH, TOP + INNER_HEIGHT);
    for power in scale.lowest..=scale.highest {
        let y = scale.height(10_f64.powi(power));
        writeln!(
            out,
            "<line x1=\"{LEFT}\" y1=\"{y:.1}\" x2=\"{right}\" y2=\"{y:.1}\" stroke=\"#ddd\"/>"
        )?;
        let text = time(10_f64.powi(power)).replace(".00", "").replace(".0 ", " ");
        writeln!(
            out,
            "<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{text}</text>",
            LEFT - 5.0,
            y + 3.5
        )?;
    }
    for &size in sizes {
        let x = across(size);
        writeln!(
            out,
            "<line x1=\"{x:.1}\" y1=\"{bottom}\" x2=\"{x:.1}\" y2=\"{}\" stroke=\"#888\"/>",
            bottom + 4.0
        )?;
        writeln!(
            out,
            "<text x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            bottom + 15.0,
            short(size)
        )?;
    }
    writeln!(
        out,
        "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\" fill=\"#555\">peers, logarithmic; 0 set apart</text>",
        LEFT + INNER_WIDTH / 2.0,
        bottom + 30.0
    )
}

/// Thousands as `k`: the last three stand close together.
fn short(size: usize) -> String {
    match size / 1_000 {
        0 => size.to_string(),
        thousands => format!("{thousands}k"),
    }
}

/// Logarithmic from the smallest session that is not empty.
fn across(peers: usize) -> f64 {
    if peers == 0 {
        return LEFT + 14.0;
    }
    let (first, last) = (1_000_f64.ln(), (BEYOND as f64).ln());
    let share = ((peers as f64).ln() - first) / (last - first);
    LEFT + 56.0 + (INNER_WIDTH - 56.0 - 22.0) * share
}

/// The decades of one panel.
struct Scale {
    lowest: i32,
    highest: i32,
}

impl Scale {
    fn of(costs: impl Iterator<Item = f64>) -> Self {
        let (mut least, mut most) = (f64::MAX, 1.0_f64);
        for cost in costs {
            (least, most) = (least.min(cost), most.max(cost));
        }
        // With room below for a label.
        let lowest = (least.min(most).max(3.0) / 2.5).log10().floor() as i32;
        let highest = (most * 1.5).log10().ceil() as i32;
        Self { lowest, highest: highest.max(lowest + DECADES) }
    }

    fn height(&self, nanoseconds: f64) -> f64 {
        let decades = f64::from(self.highest - self.lowest);
        let share = (nanoseconds.max(1.0).log10() - f64::from(self.lowest)) / decades;
        TOP + INNER_HEIGHT * (1.0 - share)
    }
}
