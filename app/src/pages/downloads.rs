//! Every file of the snapshot.

use contract::{
    Status,
    snapshot::{Dataset, Manifest, PublishedBreakdown, Release},
};
use leptos::prelude::*;

use crate::{
    components::{
        citation::citation,
        crumbs::crumbs,
        downloads::{code_lines, links, size},
        verify::verify,
    },
    finding::grouped,
    messages::{Message, fill, text},
    pages::layout::Opened,
    site::Page,
};

/// What each column of an indicator file holds, in the order of the file.
const COLUMNS: [(&str, Message); 15] = [
    ("indicator", Message::ColumnIndicator),
    ("level", Message::ColumnLevel),
    ("granularity", Message::ColumnGranularity),
    ("place", Message::ColumnPlace),
    ("period", Message::ColumnPeriod),
    ("class", Message::ColumnClass),
    ("value", Message::ColumnValue),
    ("numerator", Message::ColumnNumerator),
    ("denominator", Message::ColumnDenominator),
    ("ci_low", Message::ColumnCiLow),
    ("ci_high", Message::ColumnCiHigh),
    ("feasible_low", Message::ColumnFeasibleLow),
    ("feasible_high", Message::ColumnFeasibleHigh),
    ("status", Message::ColumnStatus),
    ("revision", Message::ColumnRevision),
];

/// The page.
pub fn page(opened: Opened) -> AnyView {
    let language = opened.language;
    let title = opened.word(Message::NavDownloads);
    opened.title(title);
    let manifest = &opened.snapshot.manifest;
    let datasets: Vec<AnyView> = manifest
        .datasets
        .iter()
        .map(|dataset| files(&opened, dataset))
        .collect();
    let first = manifest
        .datasets
        .iter()
        .find_map(|it| it.breakdowns.first());
    let code = first.map(|breakdown| code_lines(&opened, &breakdown.path));
    let file = |path: &str, label: Message| {
        let bytes = manifest.file(path).map(|file| size(file.bytes));
        let said = bytes.map_or_else(String::new, |bytes| format!(" ({bytes})"));
        let href = format!("{}{path}", opened.snapshot.root);
        view! { <li><a href=href rel="external">{text(language, label)}</a> {said}</li> }
    };
    let of_snapshot = |name: &str| format!("snapshots/{}/{name}", manifest.id);
    let disclosure = of_snapshot("disclosure.json");
    let columns = COLUMNS.iter().map(|(name, meaning)| {
        view! {
            <tr>
                <th scope="row"><code>{*name}</code></th>
                <td>{text(language, *meaning)}</td>
            </tr>
        }
    });
    let state = opened.frame.state.get_untracked().lasting();
    let portal = manifest.title.get(language).to_owned();
    view! {
        {crumbs(&opened, &[], title)}
        <h1>{title}</h1>
        <p class="lead">{opened.word(Message::DownloadsLead)}</p>
        {whole(&opened)}
        {code}
        {datasets}
        {verify(&opened)}
        <section aria-labelledby="machine">
            <h2 id="machine">{opened.word(Message::DownloadsMachine)}</h2>
            <ul class="bullets">
                {file(&manifest.places, Message::DownloadsRegister)}
                {file(&of_snapshot("manifest.json"), Message::SiteManifest)}
                {file(&disclosure, Message::DownloadsDisclosure)}
                {file("catalogue.json", Message::SiteCatalogue)}
            </ul>
            <p class="note">{opened.word(Message::DownloadsHashes)}</p>
        </section>
        <section>
            <div class="scroll" tabindex="0" role="group" aria-labelledby="columns">
                <table>
                    <caption id="columns">{opened.word(Message::DownloadsColumns)}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{opened.word(Message::DefinitionColumn)}</th>
                            <th scope="col">{opened.word(Message::DefinitionColumnMeaning)}</th>
                        </tr>
                    </thead>
                    <tbody>{columns.collect_view()}</tbody>
                </table>
            </div>
        </section>
        {citation(&opened, &portal, &Page::Downloads, &state)}
    }
    .into_any()
}

/// The archive of the whole snapshot, and the feed to follow: where the release names an archive, there is a feed.
fn whole(opened: &Opened) -> AnyView {
    let snapshot = &opened.snapshot;
    let ours = |release: &&Release| release.snapshot == snapshot.manifest.id;
    let release = snapshot.releases.iter().rfind(ours);
    let Some(archive) = release.and_then(|release| release.archive.as_ref()) else {
        return ().into_any();
    };
    let href = format!("{}{}", snapshot.root, archive.path);
    let label = fill(
        opened.language,
        Message::DownloadsArchive,
        &[
            ("id", &snapshot.manifest.id),
            ("size", &size(archive.bytes)),
        ],
    );
    let feed = format!("{}feed.xml", snapshot.root);
    view! {
        <section class="panel" aria-labelledby="whole">
            <h2 id="whole">{opened.word(Message::DownloadsWhole)}</h2>
            <ul class="downloads">
                <li><a class="button" href=href download="" rel="external">{label}</a></li>
                <li>
                    <a class="button" href=feed rel="external" type="application/atom+xml">
                        {opened.word(Message::DownloadsFeed)}
                    </a>
                </li>
            </ul>
            <p class="note">
                {opened.word(Message::DownloadsArchiveNote)} " SHA-256 " <code>{archive.sha256.clone()}</code>
            </p>
        </section>
    }
    .into_any()
}

fn files(opened: &Opened, dataset: &Dataset) -> AnyView {
    let language = opened.language;
    let manifest = &opened.snapshot.manifest;
    let row = |title: String, path: &str, empty: Option<Message>| {
        let empty = empty.map(|why| {
            view! { <span class="note">" · " {text(language, why)}</span> }
        });
        let rows = manifest.file(path).and_then(|file| file.rows);
        let rows = rows.map_or("—".to_owned(), |rows| {
            grouped(rows.cast_signed(), language)
        });
        view! {
            <tr>
                <th scope="row">{title} {empty}</th>
                <td class="number">{rows}</td>
                <td>{links(opened, path)}</td>
            </tr>
        }
        .into_any()
    };
    let mut rows: Vec<AnyView> = dataset
        .breakdowns
        .iter()
        .map(|breakdown| {
            let title = breakdown.title.get(language).to_owned();
            row(title, &breakdown.path, empty(manifest, dataset, breakdown))
        })
        .collect();
    if let Some(records) = &dataset.records {
        let k = records.k.to_string();
        // Of rows that stand for no people, none needs to be like another.
        let title = match records.k {
            1 => text(language, Message::DownloadsRecordsOpen).to_owned(),
            _ => fill(language, Message::DownloadsRecords, &[("k", &k)]),
        };
        rows.push(row(title, &records.path, None));
    }
    if let Some(table) = &dataset.table {
        rows.push(row(
            dataset.grain.get(language).to_owned(),
            &table.path,
            None,
        ));
    }
    let id = format!("files-{}", dataset.id);
    let href = opened.href(&Page::Dataset(dataset.id.clone()));
    view! {
        <section class="panel files" aria-labelledby=id.clone()>
            <h2 id=id.clone()><a href=href>{dataset.title.get(language).to_owned()}</a></h2>
            <div class="scroll">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{opened.word(Message::DownloadsTable)}</th>
                            <th scope="col" class="number">{opened.word(Message::DownloadsRows)}</th>
                            <th scope="col">{opened.word(Message::DownloadsFiles)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

/// Why a table has no rows: all of it is withheld, or the source does not hold what it needs.
fn empty(
    manifest: &Manifest,
    dataset: &Dataset,
    breakdown: &PublishedBreakdown,
) -> Option<Message> {
    if manifest.file(&breakdown.path)?.rows != Some(0) {
        return None;
    }
    let mut tables = dataset.tables.iter();
    let withheld = tables.any(|it| it.breakdown == breakdown.id && it.status == Status::Suppressed);
    Some(match withheld {
        true => Message::StatusSuppressedNote,
        false => Message::DownloadsNotHeld,
    })
}

#[cfg(test)]
mod tests {
    use contract::snapshot::INDICATOR_COLUMNS;

    use super::*;

    #[test]
    fn every_column_of_the_indicator_files_is_explained() {
        assert_eq!(COLUMNS.map(|(name, _)| name), INDICATOR_COLUMNS);
    }
}
