//! What a choice of the reader selects.

use contract::{
    Granularity::{Month, Year},
    Level::{Community, District},
    Status,
    snapshot::TableState,
};
use views::state::{self, ViewState};

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
