//! What disclosure control costs as the publication grows: cities of more and more streets, by category alone and
//! by month and category, with every margin, protected, audited and witnessed. Figures for one machine; compare
//! rows of one run.
//!
//! `cargo run --profile pipeline -p disclosure --example cost_growth -- [MOST]`: systems of up to MOST cells
//! (20,000 when left out).
#![allow(clippy::print_stdout)]

use std::{
    error::Error,
    io::Write,
    time::{Duration, Instant},
};

use disclosure::{Control, FrequencyTables, MinimumFrequency, Options, audit, suppress, witnesses};

/// Streets, months and categories; the number of cells with all margins follows.
struct City {
    streets: usize,
    months: usize,
    categories: usize,
}

const CITIES: [City; 9] = [
    City::new(16, 1, 6),
    City::new(64, 1, 6),
    City::new(256, 1, 6),
    City::new(1024, 1, 6),
    City::new(5, 12, 8),
    City::new(16, 12, 8),
    City::new(50, 12, 10),
    City::new(128, 12, 10),
    City::new(510, 12, 10),
];

impl City {
    const fn new(streets: usize, months: usize, categories: usize) -> Self {
        Self {
            streets,
            months,
            categories,
        }
    }

    fn districts(&self) -> usize {
        (self.streets / 8).max(1)
    }

    fn cells(&self) -> usize {
        let periods = match self.months {
            1 => 1,
            months => months + months / 3 + 1,
        };
        (self.streets + self.districts() + 1) * periods * (self.categories + 1)
    }

    /// Invented counts, a fifth of them small, the same on every run.
    fn records(&self) -> Vec<(Vec<String>, i64)> {
        let mut state = 2020_u64;
        let mut records = Vec::new();
        for street in 0..self.streets {
            for month in 0..self.months {
                for category in 0..self.categories {
                    state = state
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(1_442_695_040_888_963_407);
                    let draw = (state >> 33) % 100;
                    let count = if draw < 25 { draw % 4 } else { draw / 2 };
                    let codes = [
                        format!("district {}", street % self.districts()),
                        format!("street {street}"),
                        format!("quarter {}", month / 3),
                        format!("month {month}"),
                        format!("category {category}"),
                    ];
                    records.push((codes.to_vec(), count as i64));
                }
            }
        }
        records
    }
}

const WIDTH: u64 = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let most = std::env::args().nth(1).map_or(Ok(20_000), |n| n.parse())?;
    println!(
        "streets  months  cells  primary  suppressed  components  unknown  largest  suppress s  audit s  witnesses s  tables  check s"
    );
    for city in CITIES.iter().filter(|city| city.cells() <= most) {
        let mut data = FrequencyTables::new(city.records());
        match city.months {
            1 => data.table(&[&[0, 1], &[4]]),
            _ => data.table(&[&[0, 1], &[2, 3], &[4]]),
        };
        let (problem, cells) = data.problem(MinimumFrequency {
            threshold: 4,
            protect_zeros: false,
            width: WIDTH,
        });
        let options = Options {
            uniform_width: WIDTH,
            exact_cells: 0,
            bound_cells: 0,
            ..Options::default()
        };
        let control = Control::default();
        let (result, suppressing) = timed(|| suppress(&problem, &options, &control));
        let result = result?;
        print!(
            "{:>7}  {:>6}  {:>5}  {:>7}  {:>10}",
            city.streets,
            city.months,
            cells.len(),
            problem.requirements.len(),
            result.count
        );
        std::io::stdout().flush()?;
        let view = problem.view(&result.pattern);
        let (audited, auditing) = timed(|| audit(&problem.system, &view, &control));
        let audited = audited?;
        let suppressed = 0..problem.system.len() as u32;
        let suppressed: Vec<u32> = suppressed
            .filter(|&v| result.pattern.cells[v as usize])
            .collect();
        let narrow = |&&v: &&u32| audited.intervals[v as usize].width() < WIDTH;
        if let Some(cell) = suppressed.iter().find(narrow) {
            return Err(format!("variable {cell} is narrower than {WIDTH}").into());
        }
        print!(
            "  {:>10}  {:>7}  {:>7}  {:>10.3}  {:>7.3}",
            audited.components,
            audited.unknown,
            audited.largest,
            suppressing.as_secs_f64(),
            auditing.as_secs_f64()
        );
        std::io::stdout().flush()?;
        let find = || witnesses(&problem.system, &view, &suppressed, WIDTH, &control);
        let (proof, witnessing) = timed(find);
        let proof = proof?;
        let check = || proof.check(&problem.system, &view, &suppressed, WIDTH);
        let (checked, checking) = timed(check);
        checked?;
        println!(
            "  {:>11.3}  {:>6}  {:>7.4}",
            witnessing.as_secs_f64(),
            proof.tables.len(),
            checking.as_secs_f64()
        );
    }
    Ok(())
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed())
}
