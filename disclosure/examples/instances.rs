//! Protects one frequency table read from a file, and says what it cost.
//!
//! `cargo run --profile pipeline -p disclosure --example instances -- FILE WIDTH TABLE...`: FILE is CSV, codes by
//! column and a count last; a TABLE names columns by position, `0+1,3` for (columns 0 and 1 as one hierarchy) ×
//! column 3. Counts of 1 to 3 are primary. With `--intervals OUT` before FILE, OUT gets the suppressed cells and
//! their feasible intervals as CSV, as bounded from outside and from inside; with `--quick` after that, the pattern is repaired and thinned but not searched
//! for the proven least, which takes minutes beyond some hundred cells.
#![allow(clippy::print_stdout)]

mod shared;

use std::{error::Error, time::Instant};

use disclosure::{
    Control, FrequencyTables, MinimumFrequency, Options, Role, audit, suppress, witnesses,
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1).peekable();
    let intervals = arguments
        .next_if(|a| a == "--intervals")
        .and_then(|_| arguments.next());
    let quick = arguments.next_if(|a| a == "--quick").is_some();
    let file = arguments.next().ok_or("name a file")?;
    let width: u64 = arguments.next().ok_or("name a width")?.parse()?;
    let text = std::fs::read_to_string(&file)?;
    let mut records = Vec::new();
    for line in text.lines().skip(1) {
        let mut fields: Vec<String> = line.split(',').map(str::to_owned).collect();
        let count: i64 = fields.pop().ok_or("an empty line")?.parse()?;
        records.push((fields, count));
    }
    let mut data = FrequencyTables::new(records);
    for table in arguments {
        let dimensions: Result<Vec<Vec<usize>>, _> = table
            .split(',')
            .map(|d| d.split('+').map(str::parse).collect())
            .collect();
        let dimensions = dimensions?;
        data.table(&dimensions.iter().map(Vec::as_slice).collect::<Vec<_>>());
    }
    let (problem, cells) = data.problem(MinimumFrequency {
        threshold: 3,
        protect_zeros: false,
        width,
    });
    let primary = cells
        .values()
        .filter(|&&v| matches!(problem.roles[v as usize], Role::Primary { .. }))
        .count();
    let start = Instant::now();
    let mut options = Options::default();
    if quick {
        (options.exact_cells, options.bound_cells) = (0, 0);
    }
    let result = suppress(&problem, &options, &Control::default())?;
    let seconds = start.elapsed().as_secs_f64();
    let view = problem.view(&result.pattern);
    let start = Instant::now();
    let audited = audit(&problem.system, &view, &Control::default())?;
    let audit_seconds = start.elapsed().as_secs_f64();
    let protected = || problem.requirements.iter().map(|r| r.variable);
    let narrowest = protected().map(|v| audited.intervals[v as usize].width());
    println!(
        "cells {}, primary {primary}, suppressed {}, value {}, narrowest interval {}",
        cells.len(),
        result.count,
        result.cost,
        narrowest.min().unwrap_or_default()
    );
    println!(
        "elimination alone {} / {}; proven bound {:?}; suppression {seconds:.3} s, audit {audit_seconds:.3} s",
        result.eliminated.0, result.eliminated.1, result.bound
    );
    if let Some(out) = intervals {
        std::fs::write(out, shared::intervals(&cells, &result.pattern, &audited))?;
    }
    let start = Instant::now();
    let targets: Vec<u32> = protected().collect();
    let proof = witnesses(&problem.system, &view, &targets, width, &Control::default())?;
    let found = start.elapsed().as_secs_f64();
    let (checked, checking) =
        shared::fastest(|| proof.check(&problem.system, &view, &targets, width));
    checked?;
    println!(
        "witnesses: {} tables for {} cells, found in {found:.3} s, checked in {:.6} s (fastest of nine)",
        proof.tables.len(),
        proof.pairs.len(),
        checking.as_secs_f64()
    );
    Ok(())
}
