//! What a view says of that which its address asks for and the snapshot does not hold.

use charts::format;
use contract::text::Language;

use crate::{
    messages::{Message, fill},
    rows::{self, Row},
    snapshot::Snapshot,
    state::{ALL_PERIODS, LATEST_PERIOD, Selection},
};

/// What is not there, and what is shown in its place; none where everything is there, and nothing of places and
/// periods as long as there are no rows.
pub fn instead(
    snapshot: &Snapshot,
    selection: &Selection,
    rows: &[Row],
    language: Language,
) -> Option<String> {
    let short = |text: &str| text.chars().take(40).collect::<String>();
    let mut said = Vec::new();
    if let Some(value) = &selection.unknown {
        said.push(fill(
            language,
            Message::DataUnknownChoice,
            &[("value", value)],
        ));
    }
    let periods = rows::periods(rows);
    if let Some(newest) = periods.last() {
        let gone = |code: &&String| !rows.iter().any(|row| row.place == **code);
        if let Some(code) = selection.places.iter().find(gone) {
            let name = short(snapshot.place_name(code, language));
            said.push(fill(
                language,
                Message::DataUnknownPlace,
                &[("value", &name)],
            ));
        }
        let held = |asked: &String| {
            [ALL_PERIODS, LATEST_PERIOD].contains(&asked.as_str()) || periods.contains(asked)
        };
        if let Some(asked) = selection.period.as_ref().filter(|asked| !held(asked)) {
            let asked = format::period(&short(asked), language);
            let newest = format::period(newest, language);
            let values = [("value", asked.as_str()), ("shown", &newest)];
            said.push(fill(language, Message::DataUnknownPeriod, &values));
        }
    }
    (!said.is_empty()).then(|| said.join(" "))
}
