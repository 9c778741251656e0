//! An attack on suppressed cells: everything that the published CSV files of a snapshot tell, put into one system of
//! equations, and every count that is not published bounded from it. The system is built here from the files and the
//! declared containment alone; it shares no code with the one by which the pipeline suppresses.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use anyhow::Result;
use contract::{
    dataset::{DatasetContract, DisclosurePolicy},
    indicator::Formula,
    snapshot::{Dataset, Manifest, TOTAL},
    witnesses::WitnessFile,
};
use disclosure::{Control, Limits, System, View, audit};

use super::common::{demonstration, manifest, places, root};
use data_pipeline::run::{self, Places};

/// Population, place, period, breakdown, class.
pub(super) type Count = (String, String, String, String, String);

/// What the files show.
#[derive(Default)]
pub(super) struct Shown {
    pub(super) known: BTreeMap<Count, i64>,
    /// For each suppressed cell of counts or rates, the counts that it would show.
    pub(super) cells: Vec<Vec<Count>>,
}

pub(super) fn read(out: &Path, dataset: &Dataset) -> Result<Shown> {
    let mut all = Shown::default();
    for breakdown in &dataset.breakdowns {
        let path = out.join(breakdown.path.replace(".parquet", ".csv"));
        for row in csv::Reader::from_path(path)?.into_records() {
            let row = row?;
            let indicator = dataset.indicators.iter().find(|i| i.id == row[0]);
            let formula = &indicator.expect("a declared indicator").formula;
            let shown: Vec<(&String, &str)> = match formula {
                Formula::Count { of } => vec![(of, &row[6])],
                Formula::Rate {
                    numerator,
                    denominator,
                } => vec![(numerator, &row[7]), (denominator, &row[8])],
                _ => continue,
            };
            let mut cell = Vec::new();
            for (population, text) in shown {
                let [place, period, class] = [&row[3], &row[4], &row[5]].map(str::to_owned);
                let count = (
                    population.clone(),
                    place,
                    period,
                    breakdown.id.clone(),
                    class,
                );
                match text.parse::<f64>() {
                    Ok(value) => {
                        let before = all.known.insert(count, value as i64);
                        assert!(before.is_none_or(|b| b == value as i64), "files agree");
                    }
                    Err(_) => cell.push(count),
                }
            }
            if &row[13] == "suppressed" {
                all.cells.push(cell);
            }
        }
    }
    Ok(all)
}

/// The year of a period such as `2019-Q3`.
pub(super) fn year(period: &str) -> String {
    period[..4].to_owned()
}

/// The quarter and the year that a period lies in.
fn longer(period: &str) -> Vec<String> {
    match period.get(5..).map(str::parse::<u32>) {
        Some(Ok(month)) => vec![
            format!("{}-Q{}", &period[..4], (month - 1) / 3 + 1),
            year(period),
        ],
        Some(Err(_)) => vec![year(period)],
        None => Vec::new(),
    }
}

/// The totals of which a count is a part.
fn wholes(count: &Count, parent: &BTreeMap<String, String>) -> Vec<(Count, u8)> {
    let (population, place, period, breakdown, class) = count.clone();
    let mut found = Vec::new();
    if let Some(parent) = parent.get(&place) {
        let whole = (
            population.clone(),
            parent.clone(),
            period.clone(),
            breakdown.clone(),
            class.clone(),
        );
        found.push((whole, 0));
    }
    for longer in longer(&period) {
        let whole = (
            population.clone(),
            place.clone(),
            longer,
            breakdown.clone(),
            class.clone(),
        );
        found.push((whole, 1));
    }
    if breakdown != TOTAL {
        let total = TOTAL.to_owned();
        found.push(((population, place, period, total.clone(), total), 2));
    }
    found
}

/// Adds what everybody knows of how counts hang together: the hierarchies and the declared containment.
pub(super) fn relate(
    system: &mut System,
    variables: &BTreeMap<Count, u32>,
    contract: &DatasetContract,
    parent: &BTreeMap<String, String>,
) {
    // Every case of the demonstration has a street and a class; a year may have a part of its quarters only.
    let mut parts: BTreeMap<(Count, u8, String, bool), Vec<u32>> = BTreeMap::new();
    for (count, &variable) in variables {
        for (whole, kind) in wholes(count, parent) {
            let breakdown = if kind == 2 { &*count.3 } else { "" };
            let key = (whole, kind, breakdown.to_owned(), count.2.contains('Q'));
            parts.entry(key).or_default().push(variable);
        }
    }
    for ((whole, kind, ..), parts) in &parts {
        let Some(&total) = variables.get(whole) else {
            continue;
        };
        let periods = if whole.2.len() > 4 {
            &[3][..]
        } else {
            &[4, 12]
        };
        let complete = *kind != 1 || periods.contains(&parts.len());
        let mut terms: Vec<(u32, i64)> = parts.iter().map(|&p| (p, -1)).collect();
        terms.push((total, 1));
        system.relate(&terms, Some(0), complete.then_some(0));
    }
    for (count, &variable) in variables {
        for of in containing(contract, count) {
            if let Some(&whole) = variables.get(&of) {
                system.relate(&[(whole, 1), (variable, -1)], Some(0), None);
            }
        }
    }
}

/// The declarations of the whistle dataset, which are public.
pub(super) fn whistle() -> Result<DatasetContract> {
    let path = root().join("data-pipeline/datasets/whistle/contract.toml");
    Ok(toml::from_str(&std::fs::read_to_string(path)?)?)
}

pub(super) fn threshold(contract: &DatasetContract) -> u64 {
    match contract.disclosure {
        DisclosurePolicy::MinimumFrequency { threshold, .. } => threshold,
        DisclosurePolicy::Public { .. } => panic!("whistle is about people"),
    }
}

/// How many contributors attack together.
fn coalition(contract: &DatasetContract) -> i64 {
    match contract.disclosure {
        DisclosurePolicy::MinimumFrequency { coalition, .. } => {
            coalition.unwrap_or_default().cast_signed()
        }
        DisclosurePolicy::Public { .. } => 0,
    }
}

/// Every count, from a snapshot of the same exports in which nothing needs to be withheld.
async fn everything(folder: &Path) -> Result<BTreeMap<Count, i64>> {
    let open = folder.join("open");
    super::months::portal(&open)?;
    let path = open.join("portal/datasets/whistle/contract.toml");
    let text = std::fs::read_to_string(&path)?;
    let protecting = ["coalition", "search"];
    let lines = text
        .lines()
        .filter(|line| !protecting.iter().any(|name| line.starts_with(name)));
    let lines = lines.map(|line| match line.split_once(" = ") {
        Some((name @ ("threshold" | "order_statistic_threshold"), _)) => format!("{name} = 1\n"),
        _ => format!("{line}\n"),
    });
    std::fs::write(&path, lines.collect::<String>())?;
    let places = Places {
        portal: open.join("portal"),
        raw: folder.join("raw"),
        work: open.join("work"),
        ..Places::default()
    };
    let to = open.join("published");
    let (.., published) = run::publish(&places, &to, false).await?;
    let manifest = manifest(&to, &published.id)?;
    let shown = read(&to, manifest.dataset("whistle").expect("the dataset"))?;
    assert!(shown.cells.is_empty(), "nothing is withheld");
    Ok(shown.known)
}

/// Adds classes that are joined only where few are withheld: what is left of the total beside the others.
fn complete<'a>(truth: &mut BTreeMap<Count, i64>, counts: impl Iterator<Item = &'a Count> + Clone) {
    let joined: Vec<&Count> = counts
        .clone()
        .filter(|count| !truth.contains_key(count))
        .collect();
    for count in joined {
        let mut total = count.clone();
        (total.3, total.4) = (TOTAL.to_owned(), TOTAL.to_owned());
        let beside = |other: &&Count| {
            (&other.0, &other.1, &other.2, &other.3) == (&count.0, &count.1, &count.2, &count.3)
                && other.4 != count.4
        };
        let others: BTreeSet<&Count> = counts.clone().filter(beside).collect();
        let others: i64 = others.into_iter().map(|other| truth[other]).sum();
        truth.insert(count.clone(), truth[&total] - others);
    }
}

/// The counts of the populations that contain a count's.
fn containing(contract: &DatasetContract, count: &Count) -> Vec<Count> {
    let population = contract.populations.iter().find(|p| p.id == count.0);
    let within = &population.expect("a declared population").within;
    let (_, place, period, breakdown, class) = count.clone();
    let rest = |of: &String| {
        let (place, period) = (place.clone(), period.clone());
        (of.clone(), place, period, breakdown.clone(), class.clone())
    };
    within.iter().map(rest).collect()
}

/// For each place, the one that it lies in.
pub(super) fn parents(out: &Path, manifest: &Manifest) -> Result<BTreeMap<String, String>> {
    let places: Vec<contract::Place> =
        serde_json::from_slice(&std::fs::read(out.join(&manifest.places))?)?;
    let parents = places.into_iter();
    Ok(parents
        .filter_map(|place| Some((place.code, place.parent?)))
        .collect())
}

/// The published witnesses, read from their file: every table of them agrees with what is published and with relations
/// that are built here, and every withheld cell has a count that they leave open.
fn witnesses_hold(
    out: &Path,
    dataset: &Dataset,
    (known, cells): (&BTreeMap<Count, i64>, &[Vec<Count>]),
    (contract, parent): (&DatasetContract, &BTreeMap<String, String>),
) -> Result<String> {
    let path = dataset.witnesses.as_ref().expect("witnesses are published");
    let file: WitnessFile = serde_json::from_slice(&std::fs::read(out.join(path))?)?;
    assert_eq!(file.width, threshold(contract));
    let (mut open, mut of_tables, mut compared) = (BTreeSet::new(), 0, 0);
    for part in &file.systems {
        let count = |[population, node]: &[u32; 2]| -> Count {
            let node = &file.nodes[*node as usize];
            (
                file.populations[*population as usize].clone(),
                node.place.clone(),
                node.period.to_string(),
                node.breakdown.clone(),
                node.class.clone(),
            )
        };
        let counts: Vec<Count> = part.counts.iter().map(count).collect();
        let mut system = System::new();
        let variables: BTreeMap<Count, u32> = counts
            .iter()
            .map(|count| (count.clone(), system.variable(Limits::NONNEGATIVE)))
            .collect();
        relate(&mut system, &variables, contract, parent);
        for (count, published) in counts.iter().zip(&part.published) {
            if let Some(number) = known.get(count) {
                assert_eq!(*published, Some(*number), "{count:?} is as in the tables");
                compared += 1;
            }
        }
        let written = part.tables()?;
        for table in &written.tables {
            for (at, published) in part.published.iter().enumerate() {
                assert!(published.is_none_or(|number| number == table[at]));
            }
            let broken = system.broken_by(&table[..counts.len()], &[]);
            assert_eq!(broken, None, "a table that is not possible");
            of_tables += 1;
        }
        for &variable in &part.suppressed {
            let (at, mut pairs) = (variable as usize, written.pairs.iter());
            let apart = pairs.any(|&[of, low, high]| {
                let [low, high] = [low, high].map(|table| written.tables[table as usize][at]);
                of == variable && high.abs_diff(low) >= file.width
            });
            assert!(apart, "{:?} is not left open", counts[at]);
            open.insert(counts[at].clone());
        }
    }
    for cell in cells {
        assert!(
            cell.iter().any(|count| open.contains(count)),
            "nothing speaks of {cell:?}"
        );
    }
    assert!(open.len() > 500 && compared > 1000);
    Ok(format!(
        "{of_tables} possible tables; {} withheld counts left open; {compared} published counts are the same",
        open.len()
    ))
}

#[tokio::test]
async fn every_suppressed_count_stays_open_by_the_width() -> Result<()> {
    let folder = tempfile::tempdir()?;
    demonstration(folder.path(), false)?;
    let out = folder.path().join("published");
    let whole = Places {
        portal: root().join("data-pipeline"),
        ..places(folder.path())
    };
    let (.., report, published) = run::publish(&whole, &out, false).await?;
    let figures = report.datasets.iter().find_map(|it| it.suppression.clone());
    let gap = figures.and_then(|figures| figures.gap);
    assert!(gap.is_some(), "what is suppressed has a proven bound");
    let manifest = manifest(&out, &published.id)?;
    let contract = whistle()?;
    let threshold = threshold(&contract);
    let whistle = manifest.dataset("whistle").expect("the dataset");
    let Shown { known, cells } = read(&out, whistle)?;
    let mut suppressed: BTreeSet<Count> = cells.iter().flatten().cloned().collect();
    suppressed.retain(|count| !known.contains_key(count));
    let parent = parents(&out, &manifest)?;
    let years: BTreeSet<String> = known.keys().map(|count| year(&count.2)).collect();
    let coalition = coalition(&contract);
    assert!(coalition > 0, "contributors attack too");
    let mut truth = everything(folder.path()).await?;
    complete(&mut truth, known.keys().chain(&suppressed));
    let mut audited = 0;
    for (wanted, size) in years.iter().flat_map(|year| [(year, 0), (year, coalition)]) {
        let of_year = |count: &&Count| &year(&count.2) == wanted;
        let counts: Vec<&Count> = known.keys().chain(&suppressed).filter(of_year).collect();
        let mut system = System::new();
        let own = |count: &Count| size.min(truth[count]);
        let variables: BTreeMap<Count, u32> = counts
            .iter()
            .map(|&count| {
                let (low, high) = (own(count), None);
                (count.clone(), system.variable(Limits { low, high }))
            })
            .collect();
        relate(&mut system, &variables, &contract, &parent);
        for (count, &variable) in &variables {
            for of in containing(&contract, count) {
                if let Some(&whole) = variables.get(&of) {
                    let outside = size.min(truth[&of] - truth[count]);
                    system.relate(&[(whole, 1), (variable, -1)], Some(outside), None);
                }
            }
        }
        let view = View {
            values: counts
                .iter()
                .map(|count| known.get(*count).copied())
                .collect(),
            facts: Vec::new(),
        };
        let seen = audit(&system, &view, &Control::default())?;
        let width = |count: &Count| {
            variables
                .get(count)
                .map(|&v| seen.intervals[v as usize].width())
        };
        // A rate is withheld when either of its counts is: the other may be known.
        for cell in cells.iter().filter(|cell| &year(&cell[0].2) == wanted) {
            let widest = cell.iter().filter_map(width).max();
            if let Some(widest) = widest {
                audited += 1;
                assert!(
                    widest >= threshold,
                    "{cell:?} is open by {widest} only, less than {threshold}, to {size} contributors"
                );
            }
        }
    }
    let witnessed = witnesses_hold(&out, whistle, (&known, &cells), (&contract, &parent))?;
    println!("{witnessed}");
    println!(
        "{audited} withheld cells, those of outsiders and those of {coalition} contributors, each open by {threshold} or more"
    );
    assert!(audited > 100, "there is something to attack");
    Ok(())
}
