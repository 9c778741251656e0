//! What disclosure control costs as the publication grows: cities of more and more streets, protected, audited
//! and witnessed. Figures for one machine; compare rows of one run.
#![allow(clippy::print_stdout)]

use std::{error::Error, time::Instant};

use disclosure::{Control, FrequencyTables, MinimumFrequency, Options, audit, suppress, witnesses};

/// Invented counts, mostly small, the same on every run.
fn records(streets: usize, categories: usize) -> Vec<(Vec<String>, i64)> {
    let mut state = 2020_u64;
    let mut records = Vec::new();
    for street in 0..streets {
        for category in 0..categories {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let draw = (state >> 33) % 100;
            let count = if draw < 25 { draw % 4 } else { draw / 2 };
            let codes = [
                format!("district {}", street % (streets / 8).max(1)),
                format!("street {street}"),
                format!("category {category}"),
            ];
            records.push((codes.to_vec(), count as i64));
        }
    }
    records
}

fn main() -> Result<(), Box<dyn Error>> {
    println!(
        "streets  cells  unknown  components  suppressed  suppress s  audit s  witnesses s  check s"
    );
    for streets in [16, 64, 256, 1024] {
        let mut data = FrequencyTables::new(records(streets, 6));
        data.table(&[&[0, 1], &[2]]);
        let (problem, cells) = data.problem(MinimumFrequency {
            threshold: 4,
            protect_zeros: false,
            width: 5,
        });
        let options = Options {
            exact_cells: 0,
            bound_cells: 0,
            ..Options::default()
        };
        let start = Instant::now();
        let result = suppress(&problem, &options, &Control::default())?;
        let suppressing = start.elapsed().as_secs_f64();
        let view = problem.view(&result.pattern);
        let start = Instant::now();
        let audited = audit(&problem.system, &view, &Control::default())?;
        let auditing = start.elapsed().as_secs_f64();
        let targets: Vec<u32> = problem.requirements.iter().map(|r| r.variable).collect();
        let start = Instant::now();
        let proof = witnesses(&problem.system, &view, &targets, 5, &Control::default())?;
        let witnessing = start.elapsed().as_secs_f64();
        let start = Instant::now();
        proof.check(&problem.system, &view, &targets, 5)?;
        let checking = start.elapsed().as_secs_f64();
        println!(
            "{streets:>7}  {:>5}  {:>7}  {:>10}  {:>10}  {suppressing:>10.3}  {auditing:>7.3}  {witnessing:>11.3}  {checking:>7.5}",
            cells.len(),
            audited.unknown,
            audited.components,
            result.count
        );
    }
    Ok(())
}
