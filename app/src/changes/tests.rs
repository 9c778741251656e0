use contract::{
    indicator::{Formula, Unit},
    notes::NoteKind,
    snapshot::SNAPSHOT_FORMAT,
};

use super::*;
use crate::{fixtures, rows::Row};

fn indicator(id: &str) -> Indicator {
    let formula = Formula::Count {
        of: "all".to_owned(),
    };
    fixtures::indicator(id, Unit::Count, formula)
}

fn manifest(id: &str, indicators: Vec<Indicator>) -> Manifest {
    Manifest {
        datasets: vec![fixtures::dataset("whistle", indicators)],
        ..fixtures::manifest(id)
    }
}

fn note(snapshot: &str, dataset: &str, indicators: &[&str]) -> Note {
    Note {
        snapshot: snapshot.to_owned(),
        dataset: dataset.to_owned(),
        indicators: indicators.iter().map(|&it| it.to_owned()).collect(),
        period: None,
        kind: NoteKind::Correction,
        text: Localised::new("因", format!("because of {snapshot}")),
    }
}

fn row(indicator: &str, period: &str, value: Option<f64>) -> Row {
    fixtures::row(indicator, "6401", period, value)
}

#[test]
fn values_are_compared_cell_by_cell_at_every_length_of_period() {
    let row = |period, value| row("whistles", period, value);
    let before = [
        row("2018", Some(1.0)),
        row("2019", Some(2.0)),
        row("2020-Q1", None),
        row("2017", Some(4.0)),
        row("2020-01", Some(5.0)),
        row("2020-Q2", Some(6.0)),
        row("2020-Q3", Some(7.0)),
    ];
    let gone = Row {
        status: Status::NotApplicable,
        ..row("2020-Q3", None)
    };
    // In another order: a cell is found by what it is of.
    let after = [
        row("2020-Q2", None),
        row("2019", Some(2.5)),
        row("2020-Q1", Some(3.0)),
        row("2017", None),
        row("2018", Some(1.0)),
        row("2021", Some(1.0)),
        gone.clone(),
    ];
    let found = values(&before, &after);
    // Revised, added, withheld, gone.
    assert_eq!(found.counts[Granularity::Year as usize], [1, 1, 1, 0]);
    assert_eq!(found.counts[Granularity::Quarter as usize], [0, 1, 1, 1]);
    assert_eq!(found.counts[Granularity::Month as usize], [0, 0, 0, 1]);
    let of = |kind| -> Vec<(&str, Option<&Row>)> {
        let of = found.of(kind);
        of.map(|it| (it.before.period.as_str(), it.after.as_ref()))
            .collect()
    };
    assert_eq!(of(Kind::Revised), [("2019", Some(&after[1]))]);
    assert_eq!(
        of(Kind::Withheld),
        [("2017", Some(&after[3])), ("2020-Q2", Some(&after[0]))]
    );
    assert_eq!(
        of(Kind::Gone),
        [("2020-01", None), ("2020-Q3", Some(&gone))]
    );
    assert!(of(Kind::Added).is_empty(), "they are counted alone");
}

#[test]
fn tables_are_named_by_breakdown_level_and_length() {
    let table = |indicator: &str, granularity, status| TableState {
        indicator: indicator.to_owned(),
        breakdown: "total".to_owned(),
        level: Level::City,
        granularity,
        status,
    };
    let of = |tables: Vec<TableState>| {
        let mut it = manifest("a", vec![indicator("rate"), indicator("count")]);
        it.datasets[0].tables = tables;
        it.datasets[0].breakdowns = vec![PublishedBreakdown {
            id: "total".to_owned(),
            title: Localised::default(),
            classes: Vec::new(),
            path: String::new(),
        }];
        it
    };
    use Granularity::{Month, Quarter};
    use Status::{Published, Suppressed};
    let before = of(vec![
        table("rate", Month, Published),
        table("count", Month, Published),
        table("rate", Quarter, Suppressed),
    ]);
    let after = of(vec![
        table("rate", Month, Suppressed),
        table("count", Month, Published),
        table("rate", Quarter, Published),
    ]);
    let found = between(&before, &after, &[]);
    let told: Vec<_> = found[0]
        .changes
        .iter()
        .map(|change| match change {
            Change::Tables {
                level,
                granularity,
                published,
                withheld,
                ..
            } => (*level, *granularity, published.len(), withheld.len()),
            other => panic!("only tables differ: {other:?}"),
        })
        .collect();
    assert_eq!(
        told,
        [(Level::City, Quarter, 1, 0), (Level::City, Month, 0, 1)]
    );
}

#[test]
fn notes_of_every_snapshot_in_between_count_in_either_direction() {
    let ids = ["2020-10-r1", "2020-11-r1", "2020-12-r1", "2020-12-r2"];
    let releases = ids.map(|id| Release {
        format: SNAPSHOT_FORMAT,
        number: 1,
        snapshot: id.to_owned(),
        manifest_sha256: String::new(),
        archive: None,
    });
    let notes = ids.map(|id| note(id, "whistle", &[]));
    let of = |from, to| -> Vec<String> {
        let found = notes_between(&releases, from, to, &notes);
        found.into_iter().map(|note| note.snapshot).collect()
    };
    assert_eq!(of(0, 2), ids[1..=2]);
    assert_eq!(of(3, 2), ids[3..]);
    assert_eq!(of(0, 3), ids[1..]);
    assert!(of(1, 1).is_empty() && of(9, 12).is_empty());
}

#[test]
fn a_definition_that_changed_is_kept_as_it_was_and_as_it_is() {
    let was = indicator("rate");
    let mut now = was.clone();
    now.definition = Localised::new("新", "new");
    let [found] = &between(
        &manifest("a", vec![was.clone()]),
        &manifest("b", vec![now.clone()]),
        &[],
    )[..] else {
        panic!("one dataset differs");
    };
    let [rate] = &found.indicators[..] else {
        panic!("one indicator differs: {found:?}");
    };
    assert_eq!(rate.changes, [IndicatorChange::Definition]);
    assert_eq!(
        rate.definitions.as_deref(),
        Some(&(was.clone(), now.clone()))
    );
    now.method.version = 2;
    let found = between(
        &manifest("a", vec![was.clone()]),
        &manifest("b", vec![now]),
        &[],
    );
    assert!(matches!(
        found[0].indicators[0].changes[..],
        [IndicatorChange::Method {
            before: 1,
            after: 2,
            ..
        }]
    ));
    let same = manifest("a", vec![was]);
    assert!(between(&same, &same, &[]).is_empty());
}

#[test]
fn reasons_stand_beside_what_they_are_about() {
    let before = manifest("a", vec![indicator("gone"), indicator("rate")]);
    let after = manifest("b", vec![indicator("rate"), indicator("new")]);
    let notes = [
        note("b", "whistle", &["rate", "gone"]),
        note("b", "other", &[]),
    ];
    let [found] = &between(&before, &after, &notes)[..] else {
        panic!("one dataset differs");
    };
    let told: Vec<(&str, usize, usize)> = found
        .indicators
        .iter()
        .map(|it| (it.id.as_str(), it.changes.len(), it.reasons.len()))
        .collect();
    assert_eq!(told, [("new", 1, 0), ("gone", 1, 1), ("rate", 0, 1)]);
    assert!(found.reasons.is_empty() && !found.is_unexplained());
    assert!(found.leaves_open("new") && !found.leaves_open("rate"));
}

#[test]
fn silence_is_told_once_and_only_where_nothing_covers_it() {
    let before = manifest(
        "a",
        vec![indicator("rate"), indicator("count"), indicator("sum")],
    );
    let mut after = before.clone();
    after.datasets[0].indicators[2].definition = Localised::new("和", "the sum");
    let values = values(
        &[
            row("rate", "2019", Some(1.0)),
            row("count", "2019", Some(1.0)),
            row("sum", "2019", Some(1.0)),
        ],
        &[
            row("rate", "2019", Some(2.0)),
            row("count", "2019", Some(2.0)),
            row("sum", "2019", Some(2.0)),
        ],
    );
    let of = |notes: &[Note]| between(&before, &after, notes).remove(0);
    let silent = of(&[]);
    assert!(silent.is_unexplained() && !silent.leaves_open("sum"));
    assert!(
        silent.silent(&values).is_empty(),
        "it is said of the dataset"
    );
    let whole = of(&[note("b", "whistle", &[])]);
    assert!(!whole.is_unexplained() && !whole.leaves_open("sum"));
    assert!(
        whole.silent(&values).is_empty(),
        "the dataset's reason covers them"
    );
    let one = of(&[note("b", "whistle", &["rate"])]);
    assert_eq!(one.silent(&values), ["count"], "sum is listed by itself");
    assert!(one.leaves_open("sum"));
}

#[test]
fn a_reason_without_a_difference_that_manifests_show_is_told_too() {
    let same = manifest("a", vec![indicator("rate")]);
    let found = between(&same, &same, &[note("b", "whistle", &["rate"])]);
    assert_eq!(found[0].indicators[0].reasons.len(), 1);
    assert!(found[0].changes.is_empty());
}
