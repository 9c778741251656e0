use contract::{Localised, snapshot::TOTAL, text::Language};
use views::{
    figure,
    headline::headlines,
    rows::Row,
    state::{self, ViewState},
};

use crate::small::{count, dataset, rate, row, snapshot};

#[test]
fn a_target_is_drawn_for_the_whole_and_not_for_its_classes() {
    for (classes, class, target) in [(false, TOTAL, Some(80.0)), (true, "roads", None)] {
        let snapshot = snapshot(dataset(rate(), classes));
        let state =
            ViewState::default().with("breakdown", if classes { "category" } else { TOTAL });
        let selection = state::select(&snapshot.manifest.datasets[0], &state).expect("it is there");
        let rows = [
            row("6401", class, Some(90.0)),
            row("6402", class, Some(70.0)),
        ];
        let figure = figure::figure(&snapshot, &selection, &rows, Language::English);
        let chart = figure::chart(&figure, &selection, "", 880, Language::English);
        assert_eq!(chart.target, target, "{class}");
    }
}

#[test]
fn a_card_says_what_its_number_is_of() {
    let mut indicator = count();
    indicator.unit_title = Some(Localised::new("次", "whistles"));
    let snapshot = snapshot(dataset(indicator, false));
    for (value, written) in [
        (2714.0, ["2,714 次", "2,714 whistles"]),
        (12_345.0, ["1.2万次", "12,345 whistles"]),
    ] {
        let row = Row {
            indicator: "whistles".to_owned(),
            ..row("64", TOTAL, Some(value))
        };
        let headlines = headlines(&snapshot, &[("whistle", vec![row])]);
        let said = Language::ALL.map(|language| headlines[0].value(language));
        assert_eq!(said, written.map(str::to_owned));
    }
}
