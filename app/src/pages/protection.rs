//! How people are protected: what is removed, coarsened and withheld, and how much of it.

use std::sync::Arc;

use contract::disclosure_report::{DatasetProtection, DisclosureReport};
use leptos::prelude::*;

use crate::{
    components::{
        self,
        crumbs::crumbs,
        legend::Legend,
        notice::{Failed, Loading},
    },
    finding::grouped,
    later::later,
    messages::{Message, fill},
    pages::layout::Opened,
    published,
    site::Page,
};

/// The page.
pub fn page(opened: Opened) -> AnyView {
    let language = opened.language;
    let title = opened.word(Message::NavProtection);
    opened.title(title);
    let report = {
        let snapshot = opened.snapshot.clone();
        later(move || {
            let snapshot = snapshot.clone();
            Box::pin(async move { published::disclosure(&snapshot).await.map(Arc::new) })
        })
    };
    let step = |title: Message, words: Message| {
        view! {
            <div class="panel"><h3>{opened.word(title)}</h3><p>{opened.word(words)}</p></div>
        }
    };
    let numbers = {
        let opened = opened.clone();
        move || match report.get() {
            None => view! { <Loading what=Message::LoadingTable /> }.into_any(),
            Some(Err(failure)) => view! { <Failed failure /> }.into_any(),
            Some(Ok(report)) => table(&opened, &report),
        }
    };
    let id = &opened.snapshot.manifest.id;
    let href = format!("{}snapshots/{id}/disclosure.json", opened.snapshot.root);
    view! {
        {crumbs(&opened, &[], title)}
        <h1>{title}</h1>
        <p class="lead">{opened.word(Message::ProtectionLead)}</p>
        <section aria-labelledby="steps">
            <h2 id="steps">{opened.word(Message::ProtectionSteps)}</h2>
            <div class="cards">
                {step(Message::ProtectionRemovedTitle, Message::ProtectionRemovedText)}
                {step(Message::ProtectionCoarsenedTitle, Message::ProtectionCoarsenedText)}
                {step(Message::ProtectionSuppressedTitle, Message::ProtectionSuppressedText)}
                {step(Message::ProtectionIntervalsTitle, Message::ProtectionIntervalsText)}
                {step(Message::ProtectionTogetherTitle, Message::ProtectionTogetherText)}
            </div>
        </section>
        <section aria-labelledby="numbers">
            <h2 id="numbers">{opened.word(Message::ProtectionNumbers)}</h2>
            {numbers}
            <p><a href=href rel="external">{opened.word(Message::DownloadsDisclosure)}</a></p>
        </section>
        {components::proof::proofs(&opened)}
        <Legend language />
    }
    .into_any()
}

fn table(opened: &Opened, report: &DisclosureReport) -> AnyView {
    let head = |message, class: &'static str| {
        view! { <th scope="col" class=class>{opened.word(message)}</th> }
    };
    let lines: Vec<AnyView> = report.datasets.iter().map(|it| line(opened, it)).collect();
    view! {
        <div class="scroll" tabindex="0" role="group" aria-labelledby="numbers">
            <table class="protection">
                <thead>
                    <tr>
                        {head(Message::SearchDataset, "")} {head(Message::ProtectionRule, "")}
                        {head(Message::ProtectionTables, "number")}
                        {head(Message::ProtectionTablesWithheld, "number")}
                        {head(Message::ProtectionCells, "number")}
                        {head(Message::ProtectionCellsWithheld, "number")}
                        {head(Message::ProtectionRecordsK, "number")}
                        {head(Message::ProtectionColumns, "")}
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
        <p class="note">{opened.word(Message::ProtectionWithheldNote)}</p>
        {proofs(opened, report)}
    }
    .into_any()
}

/// What was proven of the cells that are withheld one by one, and together with what.
fn proofs(opened: &Opened, report: &DisclosureReport) -> AnyView {
    let language = opened.language;
    let said = |message, arguments: &[(&str, &str)]| {
        let text = fill(language, message, arguments);
        view! { <p>{text}</p> }.into_any()
    };
    let whole = |count: u64| grouped(count.cast_signed(), language);
    let together = report.ledger.as_ref().map(|ledger| match ledger.snapshots {
        0 => said(Message::ProtectionFirst, &[]),
        count => said(Message::ProtectionTogetherWith, &[("count", &whole(count))]),
    });
    let proven = report.datasets.iter().filter_map(|it| {
        let (figures, dataset) = (
            it.suppression.as_ref()?,
            opened.snapshot.manifest.dataset(&it.dataset)?,
        );
        let typical = figures.interval_quartiles?[1];
        let proven = said(
            Message::ProtectionProven,
            &[
                ("dataset", dataset.title.get(language)),
                ("suppressed", &whole(figures.suppressed)),
                ("relations", &whole(figures.relations)),
                ("variables", &whole(figures.variables)),
                ("narrowest", &whole(figures.narrowest_interval?)),
                ("typical", &whole(typical)),
            ],
        );
        let gap = figures.gap.map(|thousandths| {
            let gap = thousandths.div_ceil(10).to_string();
            said(Message::ProtectionGap, &[("gap", &gap)])
        });
        let attackers = match it.coalition {
            None => said(Message::ProtectionOutsiders, &[]),
            Some(1) => said(Message::ProtectionInsiders, &[]),
            Some(size) => said(Message::ProtectionCoalitions, &[("count", &whole(size))]),
        };
        Some(view! { {proven} {gap} {attackers} }.into_any())
    });
    let proven: Vec<AnyView> = proven.collect();
    let records = report.datasets.iter().filter_map(|it| {
        // The rows of a public dataset stand for no people.
        it.threshold?;
        let (records, dataset) = (
            it.records.as_ref()?,
            opened.snapshot.manifest.dataset(&it.dataset)?,
        );
        let alike = said(
            Message::ProtectionRecords,
            &[
                ("dataset", dataset.title.get(language)),
                ("records", &whole(records.records)),
                ("classes", &whole(records.classes)),
                ("k", &whole(records.k)),
                ("uniques", &whole(records.uniques)),
            ],
        );
        let outcomes =
            (records.l > 0).then(|| said(Message::ProtectionOutcomes, &[("l", &whole(records.l))]));
        Some(view! { {alike} {outcomes} }.into_any())
    });
    let records: Vec<AnyView> = records.collect();
    view! { {together} {proven} {records} }.into_any()
}

fn line(opened: &Opened, protection: &DatasetProtection) -> AnyView {
    let language = opened.language;
    let dataset = opened.snapshot.manifest.dataset(&protection.dataset);
    let title = dataset.map_or(protection.dataset.as_str(), |it| it.title.get(language));
    let rule = match (protection.rule.as_str(), protection.threshold) {
        ("public", _) if protection.cells_withheld > 0 => {
            opened.word(Message::ProtectionRulePublicPersons).to_owned()
        }
        ("public", _) => opened.word(Message::ProtectionRulePublic).to_owned(),
        (_, Some(least)) => {
            let least = least.to_string();
            fill(
                language,
                Message::ProtectionRuleMinimum,
                &[("count", &least)],
            )
        }
        (rule, None) => rule.to_owned(),
    };
    let number =
        |count: u64| view! { <td class="number">{grouped(count.cast_signed(), language)}</td> };
    let k = protection
        .records_k
        .map_or("—".to_owned(), |k| k.to_string());
    let removed: Vec<String> = protection
        .columns_removed
        .iter()
        .map(|name| {
            let column = dataset.and_then(|it| it.columns.iter().find(|c| c.name == *name));
            column
                .map_or(name.as_str(), |it| it.title.get(language))
                .to_owned()
        })
        .collect();
    let removed = if removed.is_empty() {
        opened.word(Message::ProtectionNone).to_owned()
    } else {
        language.list(&removed)
    };
    let href = opened.href(&Page::Dataset(protection.dataset.clone()));
    view! {
        <tr>
            <th scope="row"><a href=href>{title.to_owned()}</a></th>
            <td>{rule}</td>
            {number(protection.tables)} {number(protection.tables_withheld)}
            {number(protection.cells)} {number(protection.cells_withheld)}
            <td class="number">{k}</td>
            <td>{removed}</td>
        </tr>
    }
    .into_any()
}
