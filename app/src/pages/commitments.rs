//! Each claim that was made in public, beside what the snapshot says.

use std::sync::Arc;

use charts::format;
use contract::{
    Status,
    dataset::Comparison,
    indicator::{Indicator, Unit},
    snapshot::{Claim, Measure},
    text::Language,
};
use leptos::prelude::*;

use crate::{
    client,
    components::{
        crumbs::crumbs,
        notice::{Failed, Loading},
    },
    finding::fraction,
    later::later,
    messages::{Message, fill, text},
    pages::layout::Opened,
    parts,
    protocol::Failure,
    published::Snapshot,
    rows::{self, Row},
    site::Page,
    state::ViewState,
    verdict::{self, Arithmetic, Outcome, Verdict},
    words,
};

/// The page.
pub fn page(opened: Opened) -> AnyView {
    let title = opened.word(Message::NavCommitments);
    opened.title(title);
    let snapshot = opened.snapshot.clone();
    let read = later(move || {
        let snapshot = snapshot.clone();
        Box::pin(async move { measured(&snapshot).await.map(Arc::new) })
    });
    let claims = {
        let opened = opened.clone();
        move || match read.get() {
            None => view! { <Loading what=Message::LoadingTable /> }.into_any(),
            Some(Err(failure)) => view! { <Failed failure /> }.into_any(),
            Some(Ok(rows)) => list(&opened, &rows),
        }
    };
    let body = if opened.snapshot.manifest.claims.is_empty() {
        view! { <p role="status">{opened.word(Message::CommitmentsNone)}</p> }.into_any()
    } else {
        claims.into_any()
    };
    view! {
        {crumbs(&opened, &[], title)}
        <h1>{title}</h1>
        <p class="lead">{opened.word(Message::CommitmentsLead)}</p>
        {body}
    }
    .into_any()
}

/// The row that measures each claim, in their order.
async fn measured(snapshot: &Snapshot) -> Result<Vec<Option<Row>>, Failure> {
    let claims = &snapshot.manifest.claims;
    let mut found: Vec<Option<Row>> = claims.iter().map(|_| None).collect();
    for (at, claim) in claims.iter().enumerate() {
        let Some(measure) = &claim.measured_by else {
            continue;
        };
        let breakdown = snapshot
            .manifest
            .dataset(&measure.dataset)
            .and_then(|dataset| {
                dataset
                    .breakdowns
                    .iter()
                    .find(|b| b.id == measure.breakdown)
            });
        let Some(breakdown) = breakdown else {
            continue;
        };
        let mut query = rows::query(
            &[&measure.indicator],
            measure.level.name(),
            &[measure.granularity.name()],
        );
        query.filters.push(rows::filter("place", &[&measure.place]));
        let table = client::read(snapshot, &breakdown.path, query).await?;
        if let Some(slot) = found.get_mut(at) {
            *slot = verdict::row(measure, &rows::rows(&table)).cloned();
        }
    }
    Ok(found)
}

fn list(opened: &Opened, found: &[Option<Row>]) -> AnyView {
    let manifest = &opened.snapshot.manifest;
    let outcomes: Vec<(&Claim, Option<&Row>, Outcome)> = manifest
        .claims
        .iter()
        .zip(found)
        .map(|(claim, row)| {
            let outcome = verdict::outcome(claim, row.as_ref(), manifest.demonstration);
            (claim, row.as_ref(), outcome)
        })
        .collect();
    let measured: Vec<AnyView> = outcomes
        .iter()
        .filter(|(claim, ..)| claim.measured_by.is_some())
        .map(|(claim, row, outcome)| item(opened, claim, *row, outcome))
        .collect();
    let mut themes: Vec<&str> = Vec::new();
    for (claim, ..) in outcomes.iter().filter(|(it, ..)| it.measured_by.is_none()) {
        if !themes.contains(&claim.theme.as_str()) {
            themes.push(&claim.theme);
        }
    }
    let tables: Vec<AnyView> = themes
        .into_iter()
        .map(|theme| {
            let ours = outcomes.iter().filter(|(claim, ..)| claim.theme == theme);
            let ours = ours.filter(|(claim, ..)| claim.measured_by.is_none());
            let lines: Vec<AnyView> = ours
                .map(|(claim, _, outcome)| line(opened, claim, outcome))
                .collect();
            unmeasured(opened, theme, lines)
        })
        .collect();
    let measured = (!measured.is_empty()).then(|| {
        view! {
            <section aria-labelledby="measured">
                <h2 id="measured">{opened.word(Message::CommitmentsMeasuredTitle)}</h2>
                <ul class="claims">{measured}</ul>
            </section>
        }
    });
    let others = (!tables.is_empty()).then(|| {
        view! {
            <section aria-labelledby="unmeasured">
                <h2 id="unmeasured">{opened.word(Message::CommitmentsUnmeasuredTitle)}</h2>
                <p class="note">{opened.word(Message::CommitmentsUnmeasuredNote)}</p>
                {tables}
            </section>
        }
    });
    view! {
        <p class="finding" role="status">{summary(opened, &outcomes)}</p>
        {measured}
        {others}
    }
    .into_any()
}

/// The claims of a theme that no published indicator measures.
fn unmeasured(opened: &Opened, theme: &str, lines: Vec<AnyView>) -> AnyView {
    let id = format!("theme-{theme}");
    let head = |message| view! { <th scope="col">{opened.word(message)}</th> };
    view! {
        <div class="scroll" tabindex="0" role="group" aria-labelledby=id.clone()>
            <table class="unmeasured stack">
                <caption id=id.clone()>{self::theme(theme, opened.language)}</caption>
                <thead>
                    <tr>
                        {head(Message::CommitmentsClaim)} {head(Message::CommitmentsClaimed)}
                        {head(Message::TablePlace)} {head(Message::TablePeriod)}
                        {head(Message::CommitmentsVerdict)}
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn line(opened: &Opened, claim: &Claim, outcome: &Outcome) -> AnyView {
    let language = opened.language;
    let (verdict, class) = said(outcome.verdict);
    view! {
        <tr data-verdict=class data-claim=claim.id.clone()>
            <th scope="row">{claim.title.get(language).to_owned()}</th>
            <td>{figure(claim, language)}</td>
            <td>{place(opened, claim)}</td>
            <td>{format::period(&claim.period.to_string(), language)}</td>
            <td>{opened.word(verdict)}</td>
        </tr>
    }
    .into_any()
}

/// The words of a verdict, and its class.
fn said(verdict: Verdict) -> (Message, &'static str) {
    match verdict {
        Verdict::Confirmed => (Message::CommitmentsConfirmed, "confirmed"),
        Verdict::Contradicted => (Message::CommitmentsContradicted, "contradicted"),
        Verdict::Unverifiable => (Message::CommitmentsUnverifiable, "unverifiable"),
        Verdict::ProvesNothing => (Message::CommitmentsProvesNothing, "nothing"),
    }
}

/// The place of a claim, with its page where the register has it.
fn place(opened: &Opened, claim: &Claim) -> AnyView {
    let name = claim.place_name.get(opened.language).to_owned();
    match &claim.place {
        Some(code) => {
            let href = opened.href(&Page::Place(code.clone()));
            view! { <a href=href>{name}</a> }.into_any()
        }
        None => view! { {name} }.into_any(),
    }
}

fn summary(opened: &Opened, outcomes: &[(&Claim, Option<&Row>, Outcome)]) -> String {
    let count = |wanted: Verdict| {
        let ours = outcomes
            .iter()
            .filter(|(.., outcome)| outcome.verdict == wanted);
        ours.count().to_string()
    };
    let total = outcomes.len().to_string();
    let measured = outcomes.iter().filter(|(.., it)| it.arithmetic.is_some());
    let measured = measured.count().to_string();
    if opened.snapshot.manifest.demonstration {
        return fill(
            opened.language,
            Message::CommitmentsSummaryDemonstration,
            &[("count", &total), ("measured", &measured)],
        );
    }
    fill(
        opened.language,
        Message::CommitmentsSummary,
        &[
            ("count", &total),
            ("confirmed", &count(Verdict::Confirmed)),
            ("contradicted", &count(Verdict::Contradicted)),
            ("unverifiable", &count(Verdict::Unverifiable)),
        ],
    )
}

fn item(opened: &Opened, claim: &Claim, row: Option<&Row>, outcome: &Outcome) -> AnyView {
    let language = opened.language;
    let (verdict, class) = said(outcome.verdict);
    let period = format::period(&claim.period.to_string(), language);
    let place = place(opened, claim);
    let source = &claim.source;
    let source = format!(
        "{}. {}. {}",
        source.authors.get(language),
        source.title.get(language),
        source.publication.get(language),
    );
    let measured = claim
        .measured_by
        .as_ref()
        .map(|measure| measured_by(opened, measure, row, outcome));
    view! {
        <li class="claim panel" data-verdict=class data-claim=claim.id.clone()>
            <h3>{claim.title.get(language).to_owned()}</h3>
            <p class=format!("verdict {class}")>{opened.word(verdict)}</p>
            <dl class="facts">
                <div>
                    <dt>{opened.word(Message::CommitmentsClaimed)}</dt>
                    <dd><strong>{figure(claim, language)}</strong> " · " {place} " · " {period}</dd>
                </div>
                <div>
                    <dt>{opened.word(Message::CommitmentsMeasured)}</dt>
                    <dd>{measured}</dd>
                </div>
            </dl>
            <p class="note">
                {opened.word(Message::CommitmentsSource)} " " {source} ", "
                {format::day(&claim.source.date, language)}
            </p>
        </li>
    }
    .into_any()
}

/// The value that measures a claim, and the sum that is done with it.
fn measured_by(
    opened: &Opened,
    measure: &Measure,
    row: Option<&Row>,
    outcome: &Outcome,
) -> AnyView {
    let language = opened.language;
    let dataset = opened.snapshot.manifest.dataset(&measure.dataset);
    let indicator = dataset.and_then(|it| it.indicators.iter().find(|i| i.id == measure.indicator));
    let Some(indicator) = indicator else {
        return view! { {opened.word(Message::CommitmentsUnmeasuredNote)} }.into_any();
    };
    let state = ViewState::default()
        .with("indicator", &measure.indicator)
        .with("breakdown", &measure.breakdown)
        .with("level", measure.level.name())
        .with("granularity", measure.granularity.name())
        .with("period", &measure.period.to_string())
        .with("view", "table");
    let href = opened.href_of(&Page::Dataset(measure.dataset.clone()), &state);
    let title = indicator.title.get(language).to_owned();
    let said = match (&outcome.arithmetic, outcome.missing) {
        (Some(arithmetic), _) => {
            let parts = dataset.map(|dataset| parts::parts(dataset, indicator));
            let sides = row
                .zip(parts)
                .and_then(|(row, parts)| fraction(row, &parts, language));
            sum(arithmetic, indicator, sides, language)
        }
        (None, missing) => {
            let status = text(
                language,
                words::status(missing.unwrap_or(Status::NotCollected)),
            );
            fill(
                language,
                Message::CommitmentsWithheld,
                &[("status", status)],
            )
        }
    };
    view! {
        <a href=href>{title}</a>
        <p class="arithmetic">
            <span class="note">{opened.word(Message::CommitmentsArithmetic)} " "</span>
            {said}
        </p>
        <p class="note">{measure.note.get(language).to_owned()}</p>
    }
    .into_any()
}

/// `2,714 > 2,700: holds`.
fn sum(
    arithmetic: &Arithmetic,
    indicator: &Indicator,
    sides: Option<(String, String)>,
    language: Language,
) -> String {
    let exact = |value: f64| format::exact(value, indicator.unit, language);
    let mut value = exact(arithmetic.value);
    if let Some((numerator, denominator)) = sides {
        value = format!("{numerator} ÷ {denominator} = {value}");
    }
    if (arithmetic.compared - arithmetic.value).abs() > f64::EPSILON {
        let rounded = exact(arithmetic.compared);
        let said = fill(
            language,
            Message::CommitmentsRounded,
            &[("value", &rounded)],
        );
        value = format!("{value} ({said})");
    }
    let figure = exact(arithmetic.figure);
    let relation = match (arithmetic.comparison, arithmetic.holds) {
        (Comparison::Equal, true) => format!("= {figure}"),
        (Comparison::Equal, false) => format!("≠ {figure}"),
        (Comparison::MoreThan, true) => format!("> {figure}"),
        (Comparison::MoreThan, false) => format!("≤ {figure}"),
        (Comparison::AtLeast, true) => format!("≥ {figure}"),
        (Comparison::AtLeast, false) => format!("< {figure}"),
        (Comparison::AtMost, true) => format!("≤ {figure}"),
        (Comparison::AtMost, false) => format!("> {figure}"),
        (Comparison::Nearly, holds) => {
            let sign = if holds { "≈" } else { "≉" };
            format!(
                "{sign} {figure} ({})",
                text(language, Message::ComparisonNearly)
            )
        }
    };
    let holds = if arithmetic.holds {
        Message::CommitmentsHolds
    } else {
        Message::CommitmentsFails
    };
    let holds = text(language, holds);
    language.explained(&format!("{value} {relation}"), holds)
}

/// The claimed figure with its qualifier and its unit.
fn figure(claim: &Claim, language: Language) -> String {
    let unit = |message| text(language, message);
    let written = |value: f64| match claim.unit.as_str() {
        "percent" => format::exact(value, Unit::Percent, language),
        "yuan" => format::exact(value, Unit::Yuan, language),
        "square_metre" => format::exact(value, Unit::SquareMetre, language),
        other => {
            let number = format::exact(value, Unit::Count, language);
            match other {
                "yuan_per_year" => format!("{number} {}", unit(Message::UnitYuanPerYear)),
                "minute" => format!("{number} {}", unit(Message::UnitMinute)),
                "multiple_of_former_basis" => format!("{number} {}", unit(Message::UnitMultiple)),
                _ => number,
            }
        }
    };
    let message = match claim.qualifier.as_str() {
        "more_than" => Message::QualifierMoreThan,
        "nearly" => Message::QualifierNearly,
        "at_least" => Message::QualifierAtLeast,
        "range" => Message::QualifierRange,
        _ => Message::QualifierExact,
    };
    let (low, high) = (
        written(claim.figure),
        claim.high.map(written).unwrap_or_default(),
    );
    fill(language, message, &[("figure", &low), ("high", &high)])
}

fn theme(theme: &str, language: Language) -> String {
    let message = match theme {
        "organisation" => Message::ThemeOrganisation,
        "workforce" => Message::ThemeWorkforce,
        "co_governance" => Message::ThemeCoGovernance,
        "whistle" => Message::ThemeWhistle,
        "space" => Message::ThemeSpace,
        "funding" => Message::ThemeFunding,
        other => return other.to_owned(),
    };
    text(language, message).to_owned()
}
