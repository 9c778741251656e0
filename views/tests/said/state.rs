//! What a choice of the reader selects.

use contract::{
    Granularity::{Month, Year},
    Level::{Community, District},
    Status,
    snapshot::TableState,
};
use views::state::{self, LATEST_PERIOD, ViewState};

use crate::small::{count, dataset};

#[test]
fn a_level_brings_the_length_of_period_that_is_published_there() {
    let mut dataset = dataset(count(), false);
    let of = |level, granularity, status| TableState {
        level,
        granularity,
        status,
        ..dataset.tables[0].clone()
    };
    dataset.tables = vec![
        of(District, Month, Status::Published),
        of(District, Year, Status::Published),
        of(Community, Month, Status::Suppressed),
        of(Community, Year, Status::Published),
    ];
    for (chosen, level, expected) in [
        ("month", District, (Month, Status::Published)),
        ("month", Community, (Year, Status::Published)),
        ("year", Community, (Year, Status::Published)),
    ] {
        let before = ViewState::default().with("granularity", chosen);
        let after = state::at_level(&dataset, &before, level.name());
        let selection = state::select(&dataset, &after).expect("an indicator and a file");
        let taken = (selection.granularity, selection.status.expect("a table"));
        assert_eq!(taken, expected, "{chosen}, {level:?}");
        assert_eq!(selection.level, level);
    }
    // What is published by no length of period stays as it was chosen, and is told as withheld.
    dataset.tables[3].status = Status::Suppressed;
    let before = ViewState::default().with("granularity", "month");
    let after = state::at_level(&dataset, &before, "community");
    let selection = state::select(&dataset, &after).expect("an indicator and a file");
    assert_eq!(
        (selection.granularity, selection.status),
        (Month, Some(Status::Suppressed))
    );
}

#[test]
fn an_address_with_every_part_named_selects_the_same_when_the_view_opens_on_another() {
    let dataset_of = |classes| dataset(count(), classes);
    let dataset = dataset_of(false);
    let bare = ViewState::default().with("view", "table");
    let opened = state::select(&dataset, &bare).expect("an indicator and a file");
    let named = opened.named(&bare);
    assert_eq!(named.get("indicator"), Some("whistles"));
    assert_eq!(named.get("level"), Some(opened.level.name()));
    assert_eq!(named.get("granularity"), Some(opened.granularity.name()));
    assert_eq!(
        (named.get("breakdown"), named.get("view")),
        (None, Some("table"))
    );
    assert_eq!(named.get("period"), None, "it follows the newest");
    let pinned = opened.pinned(&bare, "2020-12-r1");
    assert_eq!(pinned.get("period"), Some(LATEST_PERIOD));
    assert_eq!(pinned.get("snapshot"), Some("2020-12-r1"));

    // Another indicator comes first: only what was named stays.
    let mut later = dataset.clone();
    later.indicators[0].order = 1;
    let mut first = later.indicators[0].clone();
    (first.id, first.order) = ("another".to_owned(), 0);
    later.indicators.push(first);
    let now = |state| state::select(&later, state).expect("an indicator and a file");
    assert_eq!(now(&bare).indicator.id, "another");
    assert_eq!(now(&named).indicator.id, "whistles");

    // What was chosen stays as it was chosen.
    let dataset = dataset_of(true);
    let chosen = ViewState::default()
        .with("breakdown", "category")
        .with("level", "district")
        .with("period", "2019")
        .with("chart", "dot");
    let selection = state::select(&dataset, &chosen).expect("an indicator and a file");
    let named = selection.named(&chosen);
    for name in ["breakdown", "level", "period", "chart"] {
        assert_eq!(named.get(name), chosen.get(name), "{name}");
    }
    assert_eq!(
        selection.pinned(&chosen, "2020-12-r1").get("period"),
        Some("2019")
    );
}
