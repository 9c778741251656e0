//! One line of a place's page: an indicator, its value, and what it stands beside.

use charts::format;
use contract::{
    Granularity, Level, Place, Status,
    indicator::{Direction, Indicator},
    snapshot::{Dataset, TOTAL, TableState},
};
use leptos::prelude::*;

use crate::{
    finding::{difference, fraction, is_same},
    messages::{Message, fill},
    pages::layout::Opened,
    parts,
    rows::Row,
    site, spread,
    state::ViewState,
    words,
};

/// What the lines of a dataset are made from.
pub struct Of<'a> {
    /// The open snapshot, in a language.
    pub opened: &'a Opened,
    /// The place of the page.
    pub place: &'a Place,
    /// Places like it.
    pub peers: &'a [Place],
    /// The dataset.
    pub dataset: &'a Dataset,
    /// The years of the place, of what it lies in, and of places like it.
    pub rows: &'a [Row],
}

impl Of<'_> {
    /// The line of an indicator; and, where nothing is told of its value, why.
    pub fn line(&self, indicator: &Indicator) -> (AnyView, Option<Message>) {
        let Self {
            opened,
            place,
            peers,
            dataset,
            rows,
        } = *self;
        let language = opened.language;
        let ours = || rows.iter().filter(|row| row.indicator == indicator.id);
        let last = last(ours(), place);
        let period = last.unwrap_or_default();
        let at = |code: &str| ours().find(|row| row.place == code && row.period == period);
        let own = at(&place.code);
        let before = ours()
            .filter(|row| row.place == place.code && *row.period < *period)
            .max_by(|a, b| a.period.cmp(&b.period));
        // Without a row the whole table may be withheld, or there may be none.
        let of_table = |level: Level| {
            let ours = |table: &&TableState| {
                table.indicator == indicator.id
                    && table.breakdown == TOTAL
                    && table.level == level
                    && table.granularity == Granularity::Year
            };
            dataset.tables.iter().find(ours).map(|table| table.status)
        };
        let status = own.map_or_else(|| of_table(place.level), |row| Some(row.status));
        let reason = without_value(status);
        // A value; or what it may be, and why it is not there.
        let written = |row: Option<&Row>, level: Level| match row {
            Some(row) => words::value(row, indicator.unit, language),
            None => opened.word(without_value(of_table(level))).to_owned(),
        };
        let value = written(own, place.level);
        let untold = own.is_none_or(|row| row.value.is_none() && row.feasible.is_none());
        let parts = parts::parts(dataset, indicator);
        let sides = own.and_then(|row| fraction(row, &parts, language));
        let out_of = sides.map(|(numerator, denominator)| {
            let values = [
                ("numerator", numerator.as_str()),
                ("denominator", &denominator),
            ];
            let said = fill(language, Message::CardFraction, &values);
            said + " · "
        });
        let period = last.map(|period| {
            let period = format::period(period, language);
            view! { <span class="note">{out_of.unwrap_or_default()} {period}</span> }
        });
        let change = own
            .and_then(|row| Some((before?.value?, row.value?)))
            .map(|(old, new)| change(indicator, old, new, opened));
        let cell =
            |said: String, shown: bool| view! { <td class="number" class:quiet=!shown>{said}</td> };
        let parent = place.parent.as_ref().map(|code| {
            let level = opened.snapshot.places.get(code);
            let level = level.map_or(place.level, |it| it.level);
            let row = at(code);
            cell(
                written(row, level),
                row.is_some_and(|row| row.value.is_some()),
            )
        });
        let median = (!peers.is_empty()).then(|| {
            let alike = || peers.iter().filter_map(|peer| at(&peer.code));
            let mut values: Vec<f64> = alike().filter_map(|row| row.value).collect();
            charts::order::by(&mut values, f64::total_cmp);
            match spread::median(&values) {
                Some(value) => cell(format::value(value, indicator.unit, language), true),
                // Of no value there is no median; withheld is told before what never was.
                None => {
                    let status = alike().map(|row| row.status);
                    let status = status.min().or_else(|| of_table(place.level));
                    cell(opened.word(without_value(status)).to_owned(), false)
                }
            }
        });
        let mut state = ViewState::default()
            .with("indicator", &indicator.id)
            .with("level", place.level.name());
        if place.parent.is_some() {
            state = state.with("places", &place.code).with("period", "all");
        }
        for name in ["snapshot", "theme", "basket"] {
            let value = opened
                .frame
                .state
                .get_untracked()
                .get(name)
                .map(str::to_owned);
            state = state.with(name, &value.unwrap_or_default());
        }
        let href = site::dataset(language, &dataset.id, &state);
        let quiet = status != Some(Status::Published);
        let hatched = status == Some(Status::Suppressed);
        let line = view! {
            <tr>
                <th scope="row"><a href=href>{indicator.title.get(language).to_owned()}</a></th>
                <td class="number" class:quiet=quiet class:hatched=hatched>
                    {value} " " {period}
                </td>
                <td class="number">{change}</td>
                {parent}
                {median}
            </tr>
        };
        (line.into_any(), untold.then_some(reason))
    }
}

/// Why there is no value, from the status of the row or of its table.
fn without_value(status: Option<Status>) -> Message {
    match status {
        // The source may well hold it: no table of this level does.
        None => Message::PlaceNotComputed,
        // There was no such place then.
        Some(Status::Published) => Message::StatusNotApplicable,
        Some(status) => words::status(status),
    }
}

/// The last period of a place's level; of what the place lies in, where the level has none. The place's own row may
/// be missing.
pub(super) fn last<'a>(rows: impl Iterator<Item = &'a Row>, place: &Place) -> Option<&'a str> {
    let of_level = |row: &Row| Some(&row.place) != place.parent.as_ref();
    let last = rows.map(|row| (of_level(row), &*row.period)).max();
    last.map(|(_, period)| period)
}

/// A change in words and as an arrow; whether it is for the better is said, not only coloured.
fn change(indicator: &Indicator, old: f64, new: f64, opened: &Opened) -> AnyView {
    let language = opened.language;
    if is_same(old, new, indicator.unit, language) {
        return view! { <span>{opened.word(Message::PlaceSame)}</span> }.into_any();
    }
    let up = new > old;
    let said = difference(old, new, indicator.unit, language);
    let message = match (indicator.direction, up) {
        (Direction::Neutral, _) => None,
        (Direction::MoreIsBetter, true) | (Direction::LessIsBetter, false) => {
            Some((Message::PlaceBetter, "better"))
        }
        _ => Some((Message::PlaceWorse, "worse")),
    };
    let arrow = if up { "▲ " } else { "▼ " };
    let judged = message.map(|(message, class)| {
        view! { <span class=format!("note {class}")>{opened.word(message)}</span> }
    });
    let hidden = opened.word(if up {
        Message::PlaceUp
    } else {
        Message::PlaceDown
    });
    view! {
        <span aria-hidden="true">{arrow}</span>
        <span class="spoken">{hidden}</span>
        {said} " " {judged}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use contract::Level;

    use super::*;
    use crate::fixtures;

    #[test]
    fn a_place_without_a_row_has_the_last_period_of_its_level() {
        let row = |place: &str, period: &str| fixtures::row("rate", place, period, Some(1.0));
        let place = fixtures::place("community", Level::Community, Some("street"));
        let street = [row("street", "2019"), row("street", "2021")];
        assert_eq!(last([].into_iter(), &place), None);
        assert_eq!(last(street.iter(), &place), Some("2021"));
        let all = [row("peer", "2019"), row("peer", "2020")];
        assert_eq!(last(street.iter().chain(&all), &place), Some("2020"));
    }
}
