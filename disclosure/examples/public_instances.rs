//! The instances with published results that programs for disclosure control are compared by: what we find, beside
//! what is expected.
//!
//! `cargo run --profile pipeline -p disclosure --example public_instances -- [--intervals OUT] [FOLDER [NAME...]]`: the
//! small instances are part of the sources; FOLDER may hold the larger ones, `z3.csv` and `d53.csv`. Names choose
//! instances. OUT, a folder, gets the suppressed cells of each and their intervals, for
//! `tests/agreement/with_highs.py`.
#![allow(clippy::print_stdout)]

mod shared;

use std::{error::Error, fs, io::Write, path::Path};

use disclosure::{
    Control, FrequencyTables, Limits, MinimumFrequency, Options, Role, System, View, audit,
    suppress, witnesses,
};
use shared::{peak, processor, timed};

/// Columns of each dimension of each table; columns of one dimension classify the same thing.
type Tables = &'static [&'static [&'static [usize]]];

struct Instance {
    name: &'static str,
    file: &'static str,
    /// The data, where they are part of the sources.
    text: Option<&'static str>,
    tables: Tables,
    /// By width 3 and 5, the least count and value, where known.
    expected: [Option<(u64, u64)>; 2],
}

const INSTANCES: [Instance; 6] = [
    Instance {
        name: "z1",
        file: "z1.csv",
        text: Some(include_str!("../tests/fixtures/z1.csv")),
        tables: &[&[&[0], &[1]]],
        expected: [Some((6, 35)), Some((6, 35))],
    },
    Instance {
        name: "z2",
        file: "z2.csv",
        text: Some(include_str!("../tests/fixtures/z2.csv")),
        tables: &[&[&[0, 1], &[3]], &[&[2], &[3]]],
        expected: [Some((24, 311)), Some((24, 323))],
    },
    Instance {
        name: "z2-without-kostragr",
        file: "z2.csv",
        text: Some(include_str!("../tests/fixtures/z2.csv")),
        tables: &[&[&[0, 1], &[3]]],
        expected: [Some((20, 139)), Some((20, 151))],
    },
    Instance {
        name: "linked-tables",
        file: "linked-tables.csv",
        text: None,
        tables: &[&[&[0, 1]], &[&[0, 2]]],
        expected: [None, None],
    },
    Instance {
        name: "z3",
        file: "z3.csv",
        text: None,
        tables: &[&[&[0, 1], &[3], &[4, 5]], &[&[2], &[3], &[4, 5]]],
        expected: [None, None],
    },
    Instance {
        name: "d53",
        file: "d53.csv",
        text: None,
        tables: &[
            &[&[0], &[1, 2], &[4, 5]],
            &[&[0], &[1, 2], &[6, 7]],
            &[&[0], &[1, 2], &[9, 10]],
            &[&[0], &[4, 5], &[6, 7]],
        ],
        expected: [None, None],
    },
];

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1).peekable();
    let out = arguments
        .next_if(|a| a == "--intervals")
        .and_then(|_| arguments.next());
    let folder = arguments.next();
    let chosen: Vec<String> = arguments.collect();
    println!(
        "instance             width  cells  primary  suppressed  value  expected  narrowest  least proven   suppress s  audit s  witnesses s  processor s  peak MiB"
    );
    for instance in &INSTANCES {
        if !chosen.is_empty() && !chosen.iter().any(|name| name == instance.name) {
            continue;
        }
        let text = match (instance.text, &folder) {
            (Some(text), _) => text.to_owned(),
            (None, Some(folder)) => fs::read_to_string(Path::new(folder).join(instance.file))?,
            (None, None) => {
                println!(
                    "{:<20} left out: name the folder of {}",
                    instance.name, instance.file
                );
                continue;
            }
        };
        for (width, expected) in [3, 5].into_iter().zip(instance.expected) {
            run(instance, &text, width, expected, out.as_deref())?;
        }
    }
    four_by_four()?;
    linked_tables()
}

/// Codes by column, and a count.
type Record = (Vec<String>, i64);

/// Records: codes by column and a count last, below a line of names.
fn records(text: &str) -> Result<Vec<Record>, Box<dyn Error>> {
    let rows = text.lines().skip(1).map(|line| {
        let mut fields: Vec<String> = line.split(',').map(str::to_owned).collect();
        let count = fields.pop().ok_or("an empty line")?.parse()?;
        Ok((fields, count))
    });
    rows.collect()
}

fn run(
    instance: &Instance,
    text: &str,
    width: u64,
    expected: Option<(u64, u64)>,
    out: Option<&str>,
) -> Result<(), Box<dyn Error>> {
    let mut data = FrequencyTables::new(records(text)?);
    for table in instance.tables {
        data.table(table);
    }
    let (problem, cells) = data.problem(MinimumFrequency {
        threshold: 3,
        protect_zeros: false,
        width,
    });
    let is_primary = |v: &&u32| matches!(problem.roles[**v as usize], Role::Primary { .. });
    let primary = cells.values().filter(is_primary).count();
    print!(
        "{:<20} {width:>5}  {:>5}  {primary:>7}",
        instance.name,
        cells.len()
    );
    std::io::stdout().flush()?;
    let control = Control::default();
    let before = processor();
    let (result, suppressing) = timed(|| suppress(&problem, &Options::default(), &control));
    let result = result?;
    let view = problem.view(&result.pattern);
    let (audited, auditing) = timed(|| audit(&problem.system, &view, &control));
    let audited = audited?;
    if let Some(out) = out {
        let file = Path::new(out).join(format!("{}-{width}.csv", instance.name));
        fs::write(file, shared::intervals(&cells, &result.pattern, &audited))?;
    }
    let protected: Vec<u32> = problem.requirements.iter().map(|r| r.variable).collect();
    let widths = protected
        .iter()
        .map(|&v| audited.intervals[v as usize].width());
    let narrowest = widths.min().unwrap_or_default();
    let find = || witnesses(&problem.system, &view, &protected, width, &control);
    let (proof, witnessing) = timed(find);
    proof?.check(&problem.system, &view, &protected, width)?;
    let spent = processor().zip(before).map(|(now, before)| now - before);
    let expected = expected.map_or("-".into(), |(count, value)| format!("{count}/{value}"));
    let bound = result.bound.map_or("-".into(), |bound| {
        let cost = bound.cost.map_or("-".into(), |cost| cost.to_string());
        format!("{}/{cost}", bound.count)
    });
    println!(
        "  {:>10}  {:>5}  {expected:>8}  {narrowest:>9}  {bound:>12}  {:>10.3}  {:>7.3}  {:>11.3}  {:>11}  {:>8}",
        result.count,
        result.cost,
        suppressing.as_secs_f64(),
        auditing.as_secs_f64(),
        witnessing.as_secs_f64(),
        spent.map_or("-".into(), |spent| format!("{spent:.1}")),
        peak().map_or("-".into(), |kib| (kib / 1024).to_string())
    );
    Ok(())
}

/// sdcTable's 4×4 example: two or more suppressed in every line, and yet one is known; one more opens it.
fn four_by_four() -> Result<(), Box<dyn Error>> {
    const VALUES: [i64; 16] = [
        30, 47, 64, 89, 90, 124, 5, 31, 92, 100, 59, 85, 800, 991, 651, 685,
    ];
    let unsafe_pattern = [0, 1, 2, 4, 6, 9, 11, 13, 15];
    let mut system = System::new();
    let cells = VALUES.map(|_| system.variable(Limits::NONNEGATIVE));
    let mut shown = VALUES.to_vec();
    for line in 0..4 {
        for places in [
            [0, 1, 2, 3].map(|c| 4 * line + c),
            [0, 1, 2, 3].map(|r| 4 * r + line),
        ] {
            let total = system.variable(Limits::NONNEGATIVE);
            system.sum(total, &places.map(|at| cells[at]));
            shown.push(places.iter().map(|&at| VALUES[at]).sum());
        }
    }
    for more in [None, Some(7), Some(5)] {
        let hidden = |at: usize| unsafe_pattern.contains(&at) || Some(at) == more;
        let values = shown.iter().enumerate();
        let view = View {
            values: values.map(|(at, &v)| (!hidden(at)).then_some(v)).collect(),
            facts: vec![],
        };
        let seen = audit(&system, &view, &Control::default())?.intervals[1];
        let high = seen.high.map_or("-".into(), |high| high.to_string());
        let what = more.map_or("as it is".into(), |at| {
            format!("cell {at} suppressed as well")
        });
        println!("4×4, {what}: the cell of 47 lies in [{}, {high}]", seen.low);
    }
    Ok(())
}

/// sdcTable's linked tables, regions by county and by group: each safe with this pattern, and together not.
fn linked_tables() -> Result<(), Box<dyn Error>> {
    const REGIONS: [(&str, i64); 8] = [
        ("A", 2),
        ("B", 2),
        ("I", 8),
        ("J", 8),
        ("K", 3),
        ("L", 3),
        ("M", 3),
        ("N", 7),
    ];
    let suppressed = ["A", "B", "K", "L", "M"];
    let counties: [&[u32]; 2] = [&[0, 1, 2, 3], &[4, 5, 6, 7]];
    let groups: [&[u32]; 2] = [&[0, 1, 2, 3, 4, 7], &[5, 6]];
    for (name, by_county, by_group, more) in [
        ("the table by county alone", true, false, None),
        ("the table by group alone", false, true, None),
        ("both", true, true, None),
        ("both, N suppressed as well", true, true, Some("N")),
    ] {
        let mut system = System::new();
        let mut view = View::default();
        for (region, count) in REGIONS {
            system.variable(Limits::NONNEGATIVE);
            let hidden = suppressed.contains(&region) || more == Some(region);
            view.values.push((!hidden).then_some(count));
        }
        let tables = [(by_county, counties), (by_group, groups)];
        for (_, lines) in tables.iter().filter(|t| t.0) {
            for &parts in lines {
                let total = system.variable(Limits::NONNEGATIVE);
                system.sum(total, parts);
                let sum = parts.iter().map(|&p| REGIONS[p as usize].1).sum();
                view.values.push(Some(sum));
            }
        }
        let seen = audit(&system, &view, &Control::default())?.intervals[4];
        let high = seen.high.map_or("-".into(), |high| high.to_string());
        println!("linked tables, {name}: K lies in [{}, {high}]", seen.low);
    }
    Ok(())
}
