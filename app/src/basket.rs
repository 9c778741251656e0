//! The charts that a reader has collected for a briefing. They live in the address and nowhere else.

use crate::state::ViewState;

/// The most charts of a briefing.
pub const MOST: usize = 12;

/// The parameter that holds the basket.
const NAME: &str = "basket";
/// Between charts, between the parts of one, between name and value: characters that addresses keep as they are.
const BETWEEN: [char; 3] = ['~', '!', '*'];

/// One chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The dataset.
    pub dataset: String,
    /// What of it.
    pub state: ViewState,
}

impl Item {
    /// The chart of a view.
    pub fn new(dataset: &str, state: &ViewState) -> Self {
        Self {
            dataset: dataset.to_owned(),
            state: state.embedded(),
        }
    }

    fn read(text: &str) -> Self {
        let mut parts = text.split(BETWEEN[1]);
        let dataset = parts.next().unwrap_or_default().to_owned();
        let pairs: Vec<(&str, &str)> = parts.filter_map(|it| it.split_once(BETWEEN[2])).collect();
        let find = |name: &str| {
            let pair = pairs.iter().find(|(key, _)| *key == name);
            pair.map(|(_, value)| (*value).to_owned())
        };
        Self {
            dataset,
            state: ViewState::read(find).embedded(),
        }
    }

    fn write(&self) -> String {
        let mut text = self.dataset.clone();
        for (name, value) in self.state.pairs() {
            // Codes of published tables hold none of the signs.
            if !value.contains(BETWEEN) {
                text.extend([BETWEEN[1]]);
                text += name;
                text.extend([BETWEEN[2]]);
                text += value;
            }
        }
        text
    }
}

/// What stands in the basket: the title that the reader has given it, then the charts.
fn parts(state: &ViewState) -> impl Iterator<Item = &str> {
    let parts = state.get(NAME).unwrap_or_default().split(BETWEEN[0]);
    parts.filter(|text| !text.is_empty())
}

fn charts(state: &ViewState) -> impl Iterator<Item = &str> {
    parts(state).filter(|text| !text.starts_with(BETWEEN[2]))
}

/// The same state with this in the basket.
fn holding(
    state: &ViewState,
    title: Option<&str>,
    charts: impl Iterator<Item = String>,
) -> ViewState {
    let [between, _, before_title] = BETWEEN;
    let title = title.map(|title| format!("{before_title}{title}"));
    let all: Vec<String> = title.into_iter().chain(charts).collect();
    state.with(NAME, &all.join(&between.to_string()))
}

/// The title of the briefing, where the reader has given it one: it stands where a dataset has a name.
pub fn title(state: &ViewState) -> Option<&str> {
    parts(state).find_map(|text| text.strip_prefix(BETWEEN[2]))
}

/// The same state with another title of the briefing; an empty one removes it.
pub fn titled(state: &ViewState, title: &str) -> ViewState {
    let title: String = title.chars().filter(|it| !BETWEEN.contains(it)).collect();
    let title = Some(title.trim()).filter(|title| !title.is_empty());
    holding(state, title, charts(state).map(str::to_owned))
}

/// The charts in the address.
pub fn read(state: &ViewState) -> Vec<Item> {
    charts(state)
        .take(MOST)
        .map(Item::read)
        .filter(|item| !item.dataset.is_empty())
        .collect()
}

/// The same state with other charts in the basket, under the same title.
pub fn with(state: &ViewState, items: &[Item]) -> ViewState {
    holding(state, title(state), items.iter().map(Item::write))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(pairs: &[(&str, &str)]) -> ViewState {
        pairs
            .iter()
            .fold(ViewState::default(), |state, (name, value)| {
                state.with(name, value)
            })
    }

    #[test]
    fn a_basket_reads_back_as_written() {
        let view = state(&[
            ("indicator", "response_rate"),
            ("level", "street"),
            ("places", "640104001000,640104002000"),
            ("theme", "dark"),
            ("snapshot", "2020-12-r1"),
        ]);
        let items = vec![
            Item::new("whistle", &view),
            Item::new("space", &ViewState::default()),
        ];
        let held = with(&view, &items);
        assert_eq!(read(&held), items);
        assert_eq!(items[0].state.get("theme"), None);
        assert_eq!(held.get("theme"), Some("dark"));
        // The basket follows the reader, and is never inside itself.
        assert_eq!(read(&held.lasting()), items);
        assert_eq!(Item::new("whistle", &held), items[0]);
    }

    #[test]
    fn a_title_stays_with_the_charts() {
        let items = vec![Item::new("whistle", &ViewState::default())];
        let held = titled(&with(&ViewState::default(), &items), " A ~title*! & more ");
        assert_eq!(title(&held), Some("A title & more"));
        assert_eq!(read(&held), items);
        let fewer = with(&held.lasting(), &[]);
        assert_eq!((title(&fewer), read(&fewer).len()), (title(&held), 0));
        assert_eq!(title(&titled(&held, "  ")), None);
        assert_eq!(read(&titled(&held, "")), items);
    }

    #[test]
    fn no_text_breaks_the_reader() {
        for text in ["~~", "!", "*", "a!b*c!d~~e", "a!indicator*x!indicator*y"] {
            let items = read(&ViewState::default().with(NAME, text));
            assert_eq!(read(&with(&ViewState::default(), &items)), items, "{text}");
        }
        let many = vec!["a"; 40].join("~");
        assert_eq!(read(&ViewState::default().with(NAME, &many)).len(), MOST);
    }
}
