//! What an indicator means, and what became of the source's columns.

use charts::format;
use contract::{
    indicator::{Direction, Formula, Indicator},
    snapshot::Dataset,
    text::Language,
};
use leptos::prelude::*;

use crate::{
    messages::{Message, fill, text},
    state::Selection,
    words,
};

/// The definition of the selected indicator.
pub fn definition(dataset: &Dataset, selection: &Selection, language: Language) -> AnyView {
    view! {
        {facts(dataset, &selection.indicator, language)}
        {dictionary(dataset, language)}
    }
    .into_any()
}

/// Meaning, unit, direction, target, formula and method of an indicator.
pub fn facts(dataset: &Dataset, indicator: &Indicator, language: Language) -> AnyView {
    let named = |id: &str| named(dataset, id, language);
    // The formula says names of readers; beside them, once, those of the files and of the contract.
    let formula = &indicator.formula;
    let mut ids = formula.populations();
    ids.extend(formula.expressions());
    ids.retain(|id| named(id) != *id);
    let ids = ids.join(" · ");
    let facts = told(indicator, &named, language)
        .into_iter()
        .map(|(name, value)| {
            let ids = (name == Message::DefinitionFormula).then(|| ids.clone());
            let ids = ids.map(|ids| view! { " " <code>{ids}</code> });
            view! { <div><dt>{text(language, name)}</dt><dd>{value} {ids}</dd></div> }.into_any()
        });
    view! { <dl class="facts">{facts.collect::<Vec<AnyView>>()}</dl> }.into_any()
}

/// What readers call a population or a measure; the identifier or expression itself, where it has no name.
fn named(dataset: &Dataset, id: &str, language: Language) -> String {
    let terms = dataset.terms.iter().map(|it| (&it.code, &it.title));
    let columns = dataset.columns.iter().map(|it| (&it.name, &it.title));
    let found = terms.chain(columns).find(|(known, _)| *known == id);
    found
        .map_or(id, |(_, title)| title.get(language))
        .to_owned()
}

/// The names of an indicator's facts, and what they are. `named` tells what the formula calls a population or a
/// measure.
pub fn told(
    indicator: &Indicator,
    named: &dyn Fn(&str) -> String,
    language: Language,
) -> Vec<(Message, String)> {
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
    let version = fill(
        language,
        Message::DefinitionVersion,
        &[("version", &version)],
    );
    let method = format!("{version} · {}", indicator.method.note.get(language));
    let mut facts = vec![
        (
            Message::DefinitionMeaning,
            indicator.definition.get(language).to_owned(),
        ),
        (
            Message::DefinitionUnit,
            words::unit_of(indicator, language).to_owned(),
        ),
        (
            Message::DefinitionDirection,
            text(language, direction).to_owned(),
        ),
        (Message::DefinitionTarget, target),
        (
            Message::DefinitionFormula,
            formula(&indicator.formula, named, language),
        ),
        (Message::DefinitionMethod, method),
    ];
    if let Some(least) = indicator.min_base {
        let least = least.to_string();
        let said = fill(language, Message::DefinitionBaseNote, &[("count", &least)]);
        facts.push((Message::DefinitionBase, said));
    }
    for broken in &indicator.method.breaks {
        let period = format::period(&broken.period.to_string(), language);
        facts.push((
            Message::DefinitionBreak,
            format!("{period} · {}", broken.note.get(language)),
        ));
    }
    facts
}

/// What became of the source's columns.
pub fn dictionary(dataset: &Dataset, language: Language) -> AnyView {
    let id = format!("columns-{}", dataset.id);
    let columns = dataset.columns.iter().map(|column| {
        let treatment = match column.treatment.as_str() {
            "published" => text(language, Message::DefinitionTreatedPublished),
            "aggregated" => text(language, Message::DefinitionTreatedAggregated),
            "recoded" => text(language, Message::DefinitionTreatedRecoded),
            "removed" => text(language, Message::DefinitionTreatedRemoved),
            other => other,
        };
        view! {
            <tr>
                <th scope="row">
                    {column.title.get(language).to_owned()} " " <code>{column.name.clone()}</code>
                </th>
                <td>{column.meaning.get(language).to_owned()}</td>
                <td>{treatment.to_owned()}</td>
            </tr>
        }
    });
    view! {
        <div class="scroll" tabindex="0" role="group" aria-labelledby=id.clone()>
            <table class="stack">
                <caption id=id.clone()>{text(language, Message::DefinitionColumns)}</caption>
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
    .into_any()
}

fn formula(formula: &Formula, named: &dyn Fn(&str) -> String, language: Language) -> String {
    let said = |message, values: &[(&str, &str)]| {
        let values: Vec<(&str, String)> =
            values.iter().map(|(key, id)| (*key, named(id))).collect();
        let values: Vec<(&str, &str)> = values.iter().map(|(key, name)| (*key, &**name)).collect();
        fill(language, message, &values)
    };
    let percent = |rank: f64| format!("{}", (rank * 100.0).round());
    match formula {
        Formula::Count { of } => said(Message::DefinitionFormulaCount, &[("of", of)]),
        Formula::Rate {
            numerator,
            denominator,
        } => said(
            Message::DefinitionFormulaRate,
            &[("numerator", numerator), ("denominator", denominator)],
        ),
        Formula::Sum { measure, of, .. } => said(
            Message::DefinitionFormulaSum,
            &[("measure", measure), ("of", of)],
        ),
        Formula::Ratio {
            numerator,
            denominator,
            of,
            ..
        } => said(
            Message::DefinitionFormulaRatio,
            &[
                ("numerator", numerator),
                ("denominator", denominator),
                ("of", of),
            ],
        ),
        Formula::Percentile {
            measure, of, rank, ..
        } => said(
            Message::DefinitionFormulaPercentile,
            &[("measure", measure), ("of", of), ("rank", &percent(*rank))],
        ),
        Formula::PerHouseholds { measure, of, .. } => said(
            Message::DefinitionFormulaHouseholds,
            &[("measure", measure), ("of", of)],
        ),
        Formula::PerCommunity { measure, of, .. } => said(
            Message::DefinitionFormulaCommunity,
            &[("measure", measure), ("of", of)],
        ),
        Formula::CountOfPlaces { condition } => said(
            Message::DefinitionFormulaPlaces,
            &[("condition", condition)],
        ),
        Formula::ShareOfPlaces { condition, among } => {
            let among = among.as_deref();
            let all = text(language, Message::DefinitionEvery);
            said(
                Message::DefinitionFormulaShare,
                &[("condition", condition), ("among", among.unwrap_or(all))],
            )
        }
        Formula::SumOfPlaces { measure, .. } => {
            said(Message::DefinitionFormulaSumPlaces, &[("measure", measure)])
        }
        Formula::PercentileOfPlaces { measure, rank, .. } => said(
            Message::DefinitionFormulaPercentilePlaces,
            &[("measure", measure), ("rank", &percent(*rank))],
        ),
    }
}

#[cfg(test)]
mod tests {
    use contract::{Localised, dataset::Category, snapshot::PublishedColumn};

    use super::*;
    use crate::fixtures;

    #[test]
    fn formulas_say_what_readers_call_populations_and_measures() {
        let mut dataset = fixtures::dataset("funding", Vec::new());
        dataset.terms.push(Category {
            code: "lines".to_owned(),
            title: Localised::new("全部台账", "all lines"),
            aliases: Vec::new(),
            group: None,
        });
        dataset.columns.push(PublishedColumn {
            name: "spent".to_owned(),
            title: Localised::new("支出", "spent"),
            meaning: Localised::default(),
            treatment: "aggregated".to_owned(),
        });
        let of = || "lines".to_owned();
        let said = |measure: &str, language| {
            let measure = measure.to_owned();
            let sum = Formula::Sum {
                measure,
                of: of(),
                divisor: 100,
            };
            formula(&sum, &|id| named(&dataset, id, language), language)
        };
        assert_eq!(said("spent", Language::ZH_CN), "合计：支出，范围 全部台账");
        assert_eq!(said("spent", Language::EN), "Sum of spent over all lines");
        // An expression has no name of its own.
        let difference = said("received - spent", Language::EN);
        assert_eq!(difference, "Sum of received - spent over all lines");
    }
}
