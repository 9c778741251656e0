//! The stages of a whistle as a funnel, with its table.

use std::sync::Arc;

use charts::{ChartKind, ChartSpec, Point, Series, format};
use contract::{
    Status,
    indicator::Unit,
    snapshot::{Dataset, TOTAL},
    text::Language,
};
use leptos::prelude::*;

use crate::{
    client,
    components::{
        notice::{Failed, Loading},
        plot::plot,
    },
    figure::status_labels,
    finding::grouped,
    later::later,
    messages::{Message, fill, text},
    pages::{dataset, layout::Opened},
    protocol::Failure,
    rows::{self, Row},
    stages::{Stage, stages},
    words,
};

/// The funnel of the first place that the address names, or the widest; of the year that it names, or the last.
pub fn page(opened: Opened, dataset: Arc<Dataset>) -> AnyView {
    let selection = dataset::selection(&opened, &dataset);
    let place = {
        let snapshot = opened.snapshot.clone();
        Memo::new(move |_| {
            let chosen = selection.with(|it| it.as_ref()?.places.first().cloned());
            let widest = snapshot.places.values().find(|it| it.parent.is_none());
            chosen.or(widest.map(|it| it.code.clone()))
        })
    };
    let period = Memo::new(move |_| selection.with(|it| it.as_ref()?.period.clone()));
    let answered = {
        let (snapshot, dataset) = (opened.snapshot.clone(), dataset.clone());
        later(move || {
            let (snapshot, dataset) = (snapshot.clone(), dataset.clone());
            let place = place.get().unwrap_or_default();
            Box::pin(async move {
                let total = dataset.breakdowns.iter().find(|it| it.id == TOTAL);
                let total = total.ok_or(Failure::Empty)?;
                let query = rows::query_of_places(&[&place]);
                let table = client::read(&snapshot, &total.path, query).await?;
                Ok::<_, Failure>(Arc::new((place, rows::rows(&table))))
            })
        })
    };
    let content = move || match answered.get() {
        None => view! { <Loading what=Message::LoadingTable /> }.into_any(),
        Some(Err(failure)) => view! { <Failed failure /> }.into_any(),
        Some(Ok(answer)) => {
            let (place, rows) = answer.as_ref();
            funnel(&opened, &dataset, place, rows, period.get())
        }
    };
    content.into_any()
}

fn funnel(
    opened: &Opened,
    dataset: &Dataset,
    place: &str,
    rows: &[Row],
    asked: Option<String>,
) -> AnyView {
    let (language, snapshot) = (opened.language, &opened.snapshot);
    let years = rows::periods(rows);
    let period = asked.filter(|it| years.contains(it));
    let (Some(period), Some(known)) =
        (period.or(years.last().cloned()), snapshot.places.get(place))
    else {
        return view! { <p role="status">{opened.word(Message::DataEmpty)}</p> }.into_any();
    };
    let stages = stages(dataset, rows, (place, known.level), &period);
    let title = fill(
        language,
        Message::StagesTitle,
        &[
            ("place", known.name.get(language)),
            ("period", &format::period(&period, language)),
        ],
    );
    let values = [
        ("place", known.name.get(language)),
        ("period", &format::period(&period, language)),
    ];
    let finding = finding(&stages, values, language);
    let chart = {
        let (stages, title, finding) = (stages.clone(), title.clone(), finding.clone());
        plot(move |width| chart(&stages, (&title, &finding), width, language))
    };
    view! {
        <h3>{title}</h3>
        <p class="finding">{finding}</p>
        {chart}
        <p class="note keys">{opened.word(Message::DataKeys)}</p>
        <p class="note">{opened.word(Message::StagesNote)}</p>
        {twin(&stages, language)}
    }
    .into_any()
}

/// How far the whistles came: the last stage whose size is known, out of all.
fn finding(stages: &[Stage], about: [(&str, &str); 2], language: Language) -> String {
    let whole = stages.first().and_then(|stage| stage.count);
    let last = stages.iter().skip(1).rev();
    let last = last.filter_map(|stage| Some((stage, stage.count?))).next();
    let (Some(whole), Some((stage, count))) = (whole, last) else {
        return text(language, Message::FindingNone).to_owned();
    };
    fill(
        language,
        Message::StagesFinding,
        &[
            about[0],
            about[1],
            ("whole", &grouped(whole, language)),
            ("count", &grouped(count, language)),
            ("share", &share(count, whole, language)),
            ("stage", text(language, stage.title)),
        ],
    )
}

fn share(count: i64, whole: i64, language: Language) -> String {
    if whole == 0 {
        return "—".to_owned();
    }
    format::value(100.0 * count as f64 / whole as f64, Unit::Percent, language)
}

fn chart(
    stages: &[Stage],
    (title, description): (&str, &str),
    width: u32,
    language: Language,
) -> ChartSpec {
    let point = |stage: &Stage| Point {
        key: stage.population.to_owned(),
        label: text(language, stage.title).to_owned(),
        value: stage.count.map(|count| count as f64),
        interval: None,
        feasible: None,
        status: stage.status,
        highlighted: false,
    };
    ChartSpec {
        kind: ChartKind::Funnel,
        title: title.to_owned(),
        description: description.to_owned(),
        language,
        unit: Unit::Count,
        series: vec![Series {
            label: String::new(),
            points: stages.iter().map(point).collect(),
        }],
        target: None,
        target_label: String::new(),
        breaks: Vec::new(),
        labels: status_labels(language),
        width,
        height: 60,
    }
}

fn twin(stages: &[Stage], language: Language) -> AnyView {
    let whole = stages.first().and_then(|stage| stage.count);
    let rows = stages.iter().map(|stage| {
        let hatched = stage.status == Status::Suppressed;
        let count = stage.count.map_or_else(
            || text(language, words::status(stage.status)).to_owned(),
            |count| grouped(count, language),
        );
        let share = stage.count.zip(whole);
        let share = share.map_or_else(
            || "—".to_owned(),
            |(count, whole)| share_of(count, whole, language),
        );
        view! {
            <tr>
                <th scope="row">{text(language, stage.title)}</th>
                <td class="number" class:hatched=hatched>{count}</td>
                <td class="number">{share}</td>
            </tr>
        }
    });
    view! {
        <div class="scroll" tabindex="0" role="group" aria-labelledby="stages-caption">
            <table class="stages">
                <caption id="stages-caption">{text(language, Message::StagesTable)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{text(language, Message::StagesStage)}</th>
                        <th scope="col" class="number">{text(language, Message::StagesCount)}</th>
                        <th scope="col" class="number">{text(language, Message::StagesShare)}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// A share with what it was divided from.
fn share_of(count: i64, whole: i64, language: Language) -> String {
    let share = share(count, whole, language);
    let (count, whole) = (grouped(count, language), grouped(whole, language));
    language.aside(&share, &format!("{count} ÷ {whole}"))
}
