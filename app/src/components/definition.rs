//! What an indicator means, and what became of the source's columns.

use charts::format;
use contract::{
    indicator::{Direction, Formula},
    text::Language,
};
use leptos::prelude::*;

use crate::{
    messages::{Message, fill, text},
    pages::dataset::View,
    state::Selection,
    words,
};

/// The definition of the selected indicator.
#[component]
pub fn Definition(
    /// The selection.
    selection: Selection,
) -> impl IntoView {
    let view = expect_context::<View>();
    let language = view.language;
    let indicator = &selection.indicator;
    let direction = match indicator.direction {
        Direction::MoreIsBetter => Message::DefinitionMoreIsBetter,
        Direction::LessIsBetter => Message::DefinitionLessIsBetter,
        Direction::Neutral => Message::DefinitionNeutral,
    };
    let target = match &indicator.target {
        None => text(language, Message::DefinitionNoTarget).to_owned(),
        Some(target) => {
            let value = format::value(target.value, indicator.unit, language);
            format!("{value} · {}", target.source.get(language))
        }
    };
    let version = indicator.method.version.to_string();
    let method = format!(
        "{} · {}",
        fill(
            language,
            Message::DefinitionVersion,
            &[("version", &version)]
        ),
        indicator.method.note.get(language)
    );
    let facts = [
        (
            Message::DefinitionMeaning,
            indicator.definition.get(language).to_owned(),
        ),
        (
            Message::DefinitionUnit,
            text(language, words::unit(indicator.unit)).to_owned(),
        ),
        (
            Message::DefinitionDirection,
            text(language, direction).to_owned(),
        ),
        (Message::DefinitionTarget, target),
        (
            Message::DefinitionFormula,
            formula(&indicator.formula, language),
        ),
        (Message::DefinitionMethod, method),
    ];
    let facts = facts.into_iter().map(|(name, value)| {
        view! { <div><dt>{text(language, name)}</dt><dd>{value}</dd></div> }
    });
    let columns = view.dataset.columns.iter().map(|column| {
        let treatment = match column.treatment.as_str() {
            "published" => text(language, Message::DefinitionTreatedPublished),
            "aggregated" => text(language, Message::DefinitionTreatedAggregated),
            "recoded" => text(language, Message::DefinitionTreatedRecoded),
            "removed" => text(language, Message::DefinitionTreatedRemoved),
            other => other,
        };
        view! {
            <tr>
                <th scope="row">{column.title.get(language).to_owned()}</th>
                <td>{column.meaning.get(language).to_owned()}</td>
                <td>{treatment.to_owned()}</td>
            </tr>
        }
    });
    view! {
        <dl class="facts">{facts.collect_view()}</dl>
        <div class="scroll" tabindex="0" role="region" aria-labelledby="columns">
            <table>
                <caption id="columns">{text(language, Message::DefinitionColumns)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{text(language, Message::DefinitionColumn)}</th>
                        <th scope="col">{text(language, Message::DefinitionColumnMeaning)}</th>
                        <th scope="col">{text(language, Message::DefinitionTreatment)}</th>
                    </tr>
                </thead>
                <tbody>{columns.collect_view()}</tbody>
            </table>
        </div>
    }
}

fn formula(formula: &Formula, language: Language) -> String {
    let said = |message, values: &[(&str, &str)]| fill(language, message, values);
    match formula {
        Formula::Count { of } => said(Message::DefinitionFormulaCount, &[("of", of)]),
        Formula::Rate {
            numerator,
            denominator,
        } => {
            let values = [
                ("numerator", numerator.as_str()),
                ("denominator", denominator),
            ];
            said(Message::DefinitionFormulaRate, &values)
        }
        Formula::Sum { measure, of, .. } => said(
            Message::DefinitionFormulaSum,
            &[("measure", measure), ("of", of)],
        ),
        Formula::Ratio {
            numerator,
            denominator,
            of,
            ..
        } => {
            let values = [
                ("numerator", numerator.as_str()),
                ("denominator", denominator),
                ("of", of),
            ];
            said(Message::DefinitionFormulaRatio, &values)
        }
        Formula::Percentile {
            measure, of, rank, ..
        } => {
            let rank = format!("{}", (rank * 100.0).round());
            let values = [("measure", measure.as_str()), ("of", of), ("rank", &rank)];
            said(Message::DefinitionFormulaPercentile, &values)
        }
    }
}
