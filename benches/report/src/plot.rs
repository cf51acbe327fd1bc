//! Cost per call against session size, as a picture.

use crate::format::{count, time};
use crate::programs::{BEYOND, SIZES};
use crate::results::{Place, Results, Side};
use std::fmt::Write;

const PANELS: [(&str, &str); 9] = [
    ("Memory: pts of a channel", "memory/pts of a channel"),
    ("Memory: a peer", "memory/a peer"),
    ("String: counters", "string/pts, date, seq"),
    ("File: counters", "file/pts, date, seq"),
    ("File: a peer", "file/a peer"),
    ("File: save, 10 peers changed", "file/save, 10 peers changed"),
    ("SQLite: counters", "sqlite/pts, date, seq"),
    ("SQLite: a peer", "sqlite/a peer"),
    ("SQLite: save, 10 peers changed", "sqlite/save, 10 peers changed"),
];

const COLUMNS: usize = 3;
const WIDTH: f64 = 300.0;
const HEIGHT: f64 = 220.0;
const LEFT: f64 = 52.0;
const TOP: f64 = 34.0;
const INNER_WIDTH: f64 = 228.0;
const INNER_HEIGHT: f64 = 146.0;
const HEAD: f64 = 44.0;
/// Powers of ten of a nanosecond: 10 ns to 1 s.
const LOWEST: f64 = 1.0;
const HIGHEST: f64 = 9.0;

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
    key(out, 16.0, Side::Ours, "ours")?;
    key(out, 96.0, Side::Released, "0.6.6 (none at 200,000: its counter wraps)")?;
    for (nth, (title, name)) in PANELS.into_iter().enumerate() {
        let x = (nth % COLUMNS) as f64 * WIDTH;
        let y = HEAD + (nth / COLUMNS) as f64 * HEIGHT;
        writeln!(out, "<g transform=\"translate({x} {y})\">")?;
        panel(out, results, title, name)?;
        writeln!(out, "</g>")?;
    }
    writeln!(out, "</svg>")
}

fn key(out: &mut String, x: f64, side: Side, text: &str) -> std::fmt::Result {
    let style = style(side);
    writeln!(out, "<line x1=\"{x}\" y1=\"34\" x2=\"{}\" y2=\"34\" {style}/>", x + 24.0)?;
    writeln!(out, "<text x=\"{}\" y=\"37\">{text}</text>", x + 29.0)
}

fn style(side: Side) -> &'static str {
    match side {
        Side::Ours => "stroke=\"#0b6e99\" stroke-width=\"2\" fill=\"none\"",
        Side::Released => {
            "stroke=\"#c0392b\" stroke-width=\"2\" stroke-dasharray=\"5 3\" fill=\"none\""
        }
    }
}

fn panel(out: &mut String, results: &Results, title: &str, name: &str) -> std::fmt::Result {
    writeln!(out, "<text x=\"{LEFT}\" y=\"22\" font-weight=\"bold\">{title}</text>")?;
    for power in LOWEST as i32..=HIGHEST as i32 {
        let y = height_of(10_f64.powi(power));
        let right = LEFT + INNER_WIDTH;
        writeln!(
            out,
            "<line x1=\"{LEFT}\" y1=\"{y:.1}\" x2=\"{right}\" y2=\"{y:.1}\" stroke=\"#ddd\"/>"
        )?;
        if power % 3 == 0 {
            let text = time(10_f64.powi(power)).replace(".00", "");
            writeln!(
                out,
                "<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{text}</text>",
                LEFT - 5.0,
                y + 3.5
            )?;
        }
    }
    let sizes: Vec<usize> = SIZES.into_iter().chain([BEYOND]).collect();
    let across = |nth: usize| LEFT + 14.0 + (INNER_WIDTH - 28.0) * nth as f64 / 4.0;
    for (nth, &size) in sizes.iter().enumerate() {
        let y = TOP + INNER_HEIGHT + 14.0;
        writeln!(
            out,
            "<text x=\"{:.1}\" y=\"{y}\" text-anchor=\"middle\">{}</text>",
            across(nth),
            count(size)
        )?;
    }
    for side in [Side::Released, Side::Ours] {
        let points: Vec<(f64, f64)> = sizes
            .iter()
            .enumerate()
            .filter_map(|(nth, &size)| {
                let cost = results.cost(side, Place::Disk, name, size)?;
                Some((across(nth), height_of(cost.nanoseconds)))
            })
            .collect();
        let line: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        if !line.is_empty() {
            writeln!(out, "<polyline points=\"{}\" {}/>", line.join(" "), style(side))?;
        }
        for (x, y) in points {
            writeln!(out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"2\" {}/>", style(side))?;
        }
    }
    Ok(())
}

fn height_of(nanoseconds: f64) -> f64 {
    let share = (nanoseconds.log10().clamp(LOWEST, HIGHEST) - LOWEST) / (HIGHEST - LOWEST);
    TOP + INNER_HEIGHT * (1.0 - share)
}
