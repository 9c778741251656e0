//! What is said where a link asks for what the snapshot does not hold.

use contract::{snapshot::TOTAL, text::Language};
use views::{
    instead::instead,
    rows::Row,
    state::{self, ViewState},
};

use crate::small::{count, dataset, row, snapshot};

/// What is said of a link in English; nothing where it is followed as it is.
fn said(link: &[(&str, &str)], rows: &[Row]) -> String {
    let snapshot = snapshot(dataset(count(), false));
    let state = ViewState::read(|name| {
        let pair = link.iter().find(|(key, _)| *key == name);
        pair.map(|(_, value)| (*value).to_owned())
    });
    let selection = state::select(&snapshot.manifest.datasets[0], &state);
    let selection = selection.expect("an indicator and a file");
    instead(&snapshot, &selection, rows, Language::EN).unwrap_or_default()
}

#[test]
fn what_a_link_asks_for_in_vain_is_said() {
    let rows = [row("6401", TOTAL, Some(1.0)), row("6402", TOTAL, None)];
    for (link, expected) in [
        (&[][..], ""),
        (&[("period", "2020")], ""),
        (&[("period", "all")], ""),
        (&[("period", "latest")], ""),
        (&[("places", "6401,6402")], ""),
        (
            &[("period", "2021")],
            "This snapshot has no such figures for 2021; 2020 is shown instead.",
        ),
        (
            &[("places", "6401,6403")],
            "The link asks for “Third”, which is not among the places of this view.",
        ),
        (
            &[("places", "99"), ("period", "2021")],
            "The link asks for “99”, which is not among the places of this view. \
             This snapshot has no such figures for 2021; 2020 is shown instead.",
        ),
        (
            &[("indicator", "none")],
            "The link asks for “none”, which is not in this snapshot; the default is shown instead.",
        ),
    ] {
        assert_eq!(said(link, &rows), expected, "{link:?}");
    }
}

#[test]
fn nothing_is_said_of_places_and_periods_before_the_rows_are_there() {
    assert_eq!(said(&[("period", "2021"), ("places", "99")], &[]), "");
}
