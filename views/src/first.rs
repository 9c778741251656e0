//! What a page shows before its program runs: finding, chart and table as HTML, for the page's file.
//!
//! Nobody has checked it against the snapshot's hashes, and it says so. The program takes it over while it reads, and
//! puts in its place what it has checked. Links begin at the portal's root (`/en/…`).

use charts::{ChartError, ChartSpec, Picture, Shape, escaped, picture};
use contract::{
    Status,
    snapshot::{Dataset, TOTAL},
    text::Language,
};
use query::Query;

use crate::{
    figure::{self, Figure},
    finding::finding,
    headline::{self, Headline},
    messages::{Message, fill, text},
    rows::{self, Row},
    snapshot::Snapshot,
    state::{self, Selection, ViewState},
    words,
};

/// Widths that charts are drawn for, in pixels: a phone's and a desk's.
pub const WIDTHS: [u32; 2] = [360, 880];

/// What a dataset's page shows when its address says nothing else.
pub struct FirstView<'a> {
    dataset: &'a Dataset,
    selection: Selection,
}

impl<'a> FirstView<'a> {
    /// None where the dataset has no indicator, or its first table is withheld.
    pub fn new(dataset: &'a Dataset) -> Option<Self> {
        let selection = state::select(dataset, &ViewState::default())?;
        let published = selection.status == Some(Status::Published);
        published.then_some(Self { dataset, selection })
    }

    /// Of which file to ask what.
    pub fn question(&self) -> (&str, Query) {
        (
            &self.selection.breakdown.path,
            rows::query_of(&self.selection),
        )
    }

    /// The fragment.
    ///
    /// # Errors
    /// When the chart cannot be drawn.
    pub fn html(
        &self,
        snapshot: &Snapshot,
        rows: &[Row],
        language: Language,
    ) -> Result<String, ChartError> {
        let selection = &self.selection;
        let figure = figure::figure(snapshot, selection, rows, language);
        let name = figure::title(snapshot, selection, language);
        let [narrow, broad] =
            WIDTHS.map(|width| still(&figure::chart(&figure, selection, &name, width, language)));
        let content = format!(
            "<section class=\"figure\"><h2>{}</h2><p class=\"finding\">{}</p><div class=\"drawing\"><div class=\"svg narrow\">{}</div><div class=\"svg broad\">{}</div></div>{}<p class=\"note source\">{}</p></section>",
            escaped(selection.indicator.title.get(language)),
            escaped(&finding(snapshot, selection, &figure, language)),
            narrow?,
            broad?,
            table(&figure, selection, snapshot, language),
            escaped(&self.sources(snapshot, language)),
        );
        Ok(drawn(snapshot, &content, language))
    }
}

impl FirstView<'_> {
    /// What other sites show of the page: the chart as a picture of 1280 × 720, as SVG.
    ///
    /// # Errors
    /// When the chart cannot be drawn.
    pub fn picture(
        &self,
        snapshot: &Snapshot,
        rows: &[Row],
        language: Language,
    ) -> Result<String, ChartError> {
        let selection = &self.selection;
        let figure = figure::figure(snapshot, selection, rows, language);
        let title = figure::title(snapshot, selection, language);
        let demonstration = snapshot.manifest.demonstration;
        let [_, width] = WIDTHS;
        let (spec, left_out) = figure::pictured(&figure, selection, &title, width, language);
        let lines: Vec<String> = left_out
            .into_iter()
            .chain([self.sources(snapshot, language)])
            .collect();
        let about = Picture {
            title: &title,
            finding: &finding(snapshot, selection, &figure, language),
            mark: demonstration.then(|| text(language, Message::SiteDemonstration)),
            lines: &lines,
            code: None,
            shape: Shape::Wide,
        };
        picture::picture(&spec, &about)
    }

    fn sources(&self, snapshot: &Snapshot, language: Language) -> String {
        let manifest = &snapshot.manifest;
        let values = [
            ("publisher", manifest.publisher.get(language)),
            ("id", &manifest.id),
            ("dataset", self.dataset.title.get(language)),
        ];
        fill(language, Message::DataSources, &values)
    }
}

/// The fragment of the home page: a card for each headline.
///
/// # Errors
/// When a line of a course cannot be drawn.
pub fn home(
    snapshot: &Snapshot,
    headlines: &[Headline],
    language: Language,
) -> Result<String, ChartError> {
    let mut cards = String::new();
    for headline in headlines {
        cards += &card(snapshot, headline, language)?;
    }
    let note = fill(
        language,
        Message::HomeHeadlinesNote,
        &[("place", snapshot.widest_name(language))],
    );
    let content = format!(
        "<section><h2>{}</h2><p class=\"note\">{}</p><ul class=\"cards\">{cards}</ul></section>",
        escaped(text(language, Message::HomeHeadlines)),
        escaped(&note),
    );
    Ok(drawn(snapshot, &content, language))
}

fn card(
    snapshot: &Snapshot,
    headline: &Headline,
    language: Language,
) -> Result<String, ChartError> {
    let dataset = snapshot.manifest.dataset(&headline.dataset);
    let kicker = dataset.map_or("", |it| it.title.get(language));
    let indicator = &headline.indicator;
    let view = headline::view(snapshot, indicator);
    let href = format!(
        "/{}/data/{}/{}",
        language.tag(),
        headline.dataset,
        view.query(str::to_owned)
    );
    let missing = match headline.latest.status {
        Status::Published => "",
        _ => " missing",
    };
    let line = |class: &str, said: Option<String>| {
        said.map_or(String::new(), |said| {
            format!("<p class=\"{class}\">{}</p>", escaped(&said))
        })
    };
    let spark = headline
        .spark(language)
        .map(|spec| still(&spec))
        .transpose()?;
    let spark = spark.map_or(String::new(), |svg| {
        format!("<div class=\"spark\" aria-hidden=\"true\">{svg}</div>")
    });
    Ok(format!(
        "<li class=\"card\"><p class=\"kicker\">{}</p><h3><a href=\"{}\">{}</a></h3><p class=\"value{missing}\">{}</p>{}{}{}{spark}{}{}</li>",
        escaped(kicker),
        escaped(&href),
        escaped(indicator.title.get(language)),
        escaped(&headline.value(language)),
        line("fraction", headline.fraction(language)),
        line("fraction", headline.beside(language)),
        line("target-line", headline.target(language)),
        line("trend", Some(headline.trend(language))),
        line("note", Some(headline.here(snapshot, language))),
    ))
}

/// What takes over looks for the mark, and whether it is of the snapshot that it has opened.
fn drawn(snapshot: &Snapshot, content: &str, language: Language) -> String {
    format!(
        "<div id=\"drawn\" data-snapshot=\"{}\">{content}<p class=\"note unchecked\">{}</p></div>\n",
        escaped(&snapshot.manifest.id),
        escaped(text(language, Message::FirstUnchecked)),
    )
}

/// A drawing whose marks can be read one by one, and not reached by keyboard: nothing would answer.
fn still(spec: &ChartSpec) -> Result<String, ChartError> {
    Ok(charts::draw(spec)?
        .replacen("role=\"img\"", "role=\"group\"", 1)
        .replace(" tabindex=\"0\"", " role=\"img\""))
}

/// The values that are drawn, folded away.
fn table(
    figure: &Figure,
    selection: &Selection,
    snapshot: &Snapshot,
    language: Language,
) -> String {
    let unit = selection.indicator.unit;
    let classes = selection.breakdown.id != TOTAL;
    let word = |message| escaped(text(language, message));
    let of_unit = [("unit", words::unit_of(&selection.indicator, language))];
    let value = escaped(&fill(language, Message::TableValue, &of_unit));
    let mut head = vec![word(Message::TablePlace), word(Message::TablePeriod)];
    head.extend(classes.then(|| word(Message::TableClass)));
    let head: String = head
        .iter()
        .map(|name| format!("<th scope=\"col\">{name}</th>"))
        .collect();
    let points = figure.series.iter().flat_map(|line| &line.points);
    let body: String = points
        .map(|(_, row)| {
            let place = escaped(snapshot.place_name(&row.place, language));
            let period = escaped(&charts::format::period(&row.period, language));
            let class = match classes {
                true => format!(
                    "<td>{}</td>",
                    escaped(&figure::class_title(selection, &row.class, language))
                ),
                false => String::new(),
            };
            let value = escaped(&words::exact(row, unit, &selection.parts, language));
            format!(
                "<tr><th scope=\"row\">{place}</th><td>{period}</td>{class}<td class=\"number\">{value}</td></tr>"
            )
        })
        .collect();
    format!(
        "<details><summary>{}</summary><div class=\"scroll\"><table><thead><tr>{head}<th scope=\"col\" class=\"number\">{value}</th></tr></thead><tbody>{body}</tbody></table></div></details>",
        word(Message::DataTable),
    )
}
