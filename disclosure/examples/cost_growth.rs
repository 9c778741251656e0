//! What disclosure control costs as the publication grows: cities of more and more streets, by category alone and
//! by month and category, with every margin, protected, audited and witnessed; then 1, 10 and 100 cities of one size
//! that have nothing to do with one another. Figures for one machine; compare rows of one run, and processor seconds
//! rather than seconds where others use the machine; the check of the witnesses is the fastest of nine. The last column
//! says how processor time grows from the row above: 1 is linear in cells, 2 quadratic.
//!
//! `cargo run --profile pipeline -p disclosure --example cost_growth -- [MOST [both] [components]]`: systems of up
//! to MOST cells (20,000 when left out; the largest has 107,338). `both` tries programs of whole components too, for the
//! share of cells that they suppress; `components` measures the cities that share nothing alone.
#![allow(clippy::print_stdout)]

mod shared;

use std::{error::Error, io::Write};

use disclosure::{
    Audit, Control, FrequencyTables, MinimumFrequency, Options, Problem, audit, suppress, witnesses,
};
use shared::{fastest, forget_peak, peak, processor, timed};

/// Streets, months and categories; the number of cells with all margins follows.
#[derive(Clone, Copy)]
struct City {
    streets: usize,
    months: usize,
    categories: usize,
}

/// Cities that grow, by category alone, and by month too.
const GROWING: [&[City]; 2] = [
    &[
        City::new(16, 1, 6),
        City::new(64, 1, 6),
        City::new(256, 1, 6),
        City::new(1024, 1, 6),
        City::new(4096, 1, 6),
        City::new(12288, 1, 6),
    ],
    &[
        City::new(5, 12, 8),
        City::new(16, 12, 8),
        City::new(50, 12, 10),
        City::new(128, 12, 10),
        City::new(510, 12, 10),
    ],
];

/// How many cities that share nothing.
const COMPONENTS: [usize; 3] = [1, 10, 100];
/// What each of them is like.
const EACH: [City; 3] = [
    City::new(16, 1, 6),
    City::new(64, 1, 6),
    City::new(128, 1, 6),
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
    fn records(&self, seed: u64) -> Vec<(Vec<String>, i64)> {
        let mut state = 2020 + seed;
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

    fn problem(&self, seed: u64) -> Problem {
        let mut data = FrequencyTables::new(self.records(seed));
        match self.months {
            1 => data.table(&[&[0, 1], &[4]]),
            _ => data.table(&[&[0, 1], &[2, 3], &[4]]),
        };
        let rule = MinimumFrequency {
            threshold: 4,
            protect_zeros: false,
            width: WIDTH,
        };
        data.problem(rule).0
    }
}

/// Several problems side by side.
fn side_by_side(problems: impl Iterator<Item = Problem>) -> Problem {
    let mut all = Problem::default();
    for one in problems {
        let from = all.system.len() as u32;
        for ((limits, &value), &role) in one.system.limits().iter().zip(&one.values).zip(&one.roles)
        {
            all.variable(*limits, value, role);
        }
        for relation in one.system.relations() {
            let terms = relation.terms.iter();
            let terms: Vec<(u32, i64)> = terms.map(|&(v, c)| (from + v, c)).collect();
            all.system.relate(&terms, relation.low, relation.high);
        }
        for requirement in one.requirements {
            all.protect(from + requirement.variable, requirement.need.width);
        }
    }
    all
}

const WIDTH: u64 = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let most = arguments.next().map_or(Ok(20_000), |n| n.parse())?;
    let rest: Vec<String> = arguments.collect();
    let asked = |what: &str| rest.iter().any(|a| a == what);
    let (both, alone) = (asked("both"), asked("components"));
    println!(
        "  cells  primary  components  largest  suppressed   suppress s   audit s  exact %  witnesses s  tables  check ms  processor s  peak MiB  growth"
    );
    for series in GROWING.iter().filter(|_| !alone) {
        let cities = series.iter().filter(|city| city.cells() <= most);
        run(cities.map(|city| city.problem(0)), both)?;
    }
    for city in &EACH {
        let counts = COMPONENTS.iter().filter(|&n| n * city.cells() <= most);
        let problems = counts.map(|&n| side_by_side((0..n as u64).map(|seed| city.problem(seed))));
        run(problems, both)?;
    }
    Ok(())
}

/// Measures problems of one kind that grow.
fn run(problems: impl Iterator<Item = Problem>, both: bool) -> Result<(), Box<dyn Error>> {
    let mut before: Option<(usize, f64)> = None;
    for problem in problems {
        let seconds = measure(&problem, both)?;
        let cells = problem.system.len();
        // Clocks tick too slowly to compare less.
        let growth = before.zip(seconds).filter(|((_, less), _)| *less >= 0.1);
        let growth = growth
            .map(|((fewer, less), more)| (more / less).ln() / (cells as f64 / fewer as f64).ln());
        println!("  {:>6}", growth.map_or("-".into(), |g| format!("{g:.2}")));
        before = seconds.map(|seconds| (cells, seconds));
    }
    Ok(())
}

/// Protects, audits and witnesses one problem, and prints a row but for its end. Returns processor seconds.
fn measure(problem: &Problem, both: bool) -> Result<Option<f64>, Box<dyn Error>> {
    let options = Options {
        uniform_width: WIDTH,
        exact_cells: 0,
        bound_cells: 0,
        tries: 0,
        whole_cells: if both { usize::MAX } else { 0 },
        twice_cells: usize::MAX,
    };
    let control = Control::default();
    forget_peak();
    let before = processor();
    let (result, suppressing) = timed(|| suppress(problem, &options, &control));
    let result = result?;
    let view = problem.view(&result.pattern);
    let (audited, auditing) = timed(|| audit(&problem.system, &view, &control));
    let audited = audited?;
    let suppressed: Vec<u32> = (0..problem.system.len() as u32)
        .filter(|&v| result.pattern.cells[v as usize])
        .collect();
    let narrow = |&&v: &&u32| audited.inner[v as usize].width() < WIDTH;
    let narrower = suppressed.iter().filter(narrow).count();
    let exact = suppressed.iter().filter(|&&v| audited.is_exact(v)).count();
    print!(
        "{:>7}  {:>7}  {:>10}  {:>7}  {:>10}  {:>11.3}  {:>8.3}  {:>7}",
        problem.system.len(),
        problem.requirements.len(),
        audited.components,
        audited.largest,
        result.count,
        suppressing.as_secs_f64(),
        auditing.as_secs_f64(),
        100 * exact / suppressed.len().max(1),
    );
    std::io::stdout().flush()?;
    let find = || witnesses(&problem.system, &view, &suppressed, WIDTH, &control);
    let (proof, witnessing) = timed(find);
    let proof = proof?;
    let spent = processor().zip(before).map(|(now, before)| now - before);
    let check = || proof.check(&problem.system, &view, &suppressed, WIDTH);
    let (checked, checking) = fastest(check);
    checked?;
    print!(
        "  {:>11.3}  {:>6}  {:>8.3}  {:>11}  {:>8}",
        witnessing.as_secs_f64(),
        proof.tables.len(),
        1e3 * checking.as_secs_f64(),
        spent.map_or("-".into(), |spent| format!("{spent:.1}")),
        peak().map_or("-".into(), |kib| (kib / 1024).to_string())
    );
    // In components that are audited exactly, no interval may be narrower than witnesses are wide.
    if narrower > 0 && audited.largest <= Audit::LARGE {
        return Err(format!("{narrower} cells are narrower than {WIDTH}").into());
    }
    Ok(spent)
}
