//! What several of the examples measure and write.
#![allow(dead_code, reason = "each example uses some of it")]

use std::{
    collections::BTreeMap,
    fmt::Write,
    fs,
    time::{Duration, Instant},
};

use disclosure::{Audit, CellKey, Pattern};

/// Processor seconds of this program so far, on all threads, where the system tells, by clock ticks of 1/100 s.
pub(crate) fn processor() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = status.rsplit(')').next()?.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / 100.0)
}

/// Lets the most memory used be counted anew, where the system can.
pub(crate) fn forget_peak() {
    // Where it cannot, rows tell the most of all rows so far.
    let _ = fs::write("/proc/self/clear_refs", "5");
}

/// Most memory used since [`forget_peak`], where the system tells, in KiB.
pub(crate) fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}

pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed())
}

/// The time of the fastest of nine runs: what is done in less than a tick is lost in what else a machine does.
pub(crate) fn fastest<T>(work: impl Fn() -> T) -> (T, Duration) {
    let (mut result, mut least) = timed(&work);
    for _ in 1..9 {
        let (again, took) = timed(&work);
        (result, least) = (again, least.min(took));
    }
    (result, least)
}

/// The suppressed cells with their intervals as CSV, as bounded from outside and from inside.
pub(crate) fn intervals(
    cells: &BTreeMap<CellKey, u32>,
    pattern: &Pattern,
    audited: &Audit,
) -> String {
    let mut text = String::from("cell,low,high,inner low,inner high\n");
    let end = |high: Option<i64>| high.map_or(String::new(), |high| high.to_string());
    for (key, &variable) in cells.iter().filter(|(_, v)| pattern.cells[**v as usize]) {
        let codes: Vec<String> = key.iter().map(|(c, code)| format!("{c}={code}")).collect();
        let (outer, inner) = (
            audited.intervals[variable as usize],
            audited.inner[variable as usize],
        );
        let (high, most) = (end(outer.high), end(inner.high));
        let codes = codes.join("|");
        let _ = writeln!(text, "{codes},{},{high},{},{most}", outer.low, inner.low);
    }
    text
}
