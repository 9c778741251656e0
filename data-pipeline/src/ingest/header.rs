//! Finding the header of a table: below title rows, on one level or two, with units.

use super::Row;
use crate::values::{Unit, header_key, mask, normalise, printable};

/// One header of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// The header as people read it; both levels, when there are two.
    pub text: String,
    /// The unit in brackets at its end (`预算(万元)`).
    pub unit: Option<Unit>,
    /// The text as headers are compared.
    key: String,
    /// The same of what it is also known by: the lower level alone, either without the unit.
    also: Vec<String>,
}

impl Header {
    /// A header of one level.
    pub fn single(text: &str) -> Self {
        Self::of(text, None)
    }

    fn of(upper: &str, lower: Option<&str>) -> Self {
        let tidy = |text: &str| {
            normalise(text)
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
        };
        let (upper, lower) = (tidy(upper), lower.map(tidy).filter(|l| !l.is_empty()));
        let text = match &lower {
            Some(lower) if upper.is_empty() => lower.clone(),
            Some(lower) if *lower != upper => format!("{upper} {lower}"),
            _ => upper,
        };
        let mut also: Vec<String> = lower.into_iter().filter(|l| *l != text).collect();
        let mut unit = None;
        for name in std::iter::once(&text).chain(also.clone().iter()) {
            if let Some((bare, found)) = without_unit(name) {
                unit = Some(found);
                also.push(bare.to_owned());
            }
        }
        Self {
            key: header_key(&text),
            also: also.iter().map(|name| header_key(name)).collect(),
            text,
            unit,
        }
    }

    /// The header as messages show it: not endless, without characters that steer a terminal, and masked when it
    /// looks like personal data.
    pub fn shown(&self) -> String {
        const LONGEST: usize = 60;
        let personal = disclosure::pii::scan_value(&self.text).next().is_some();
        if personal || self.text.chars().count() > LONGEST {
            mask(&self.text)
        } else {
            printable(&self.text)
        }
    }

    /// Its shape, for messages about a row that may be no header at all.
    pub(super) fn shape(&self) -> String {
        mask(&self.text)
    }

    /// Whether it bears one of some names as it stands, its unit included.
    pub fn is_named(&self, names: &[String]) -> bool {
        names.iter().any(|name| header_key(name) == self.key)
    }

    /// What two headers of one name have in common.
    pub(super) fn key(&self) -> &str {
        &self.key
    }
}

fn without_unit(text: &str) -> Option<(&str, Unit)> {
    let inner = text.strip_suffix(')')?;
    let at = inner.rfind('(')?;
    Some((inner[..at].trim_end(), Unit::named(&inner[at + 1..])?))
}

/// The header that bears one of some names: in full, or, when only one does, by its lower level or without its
/// unit.
pub fn position(headers: &[Header], names: &[String]) -> Option<usize> {
    let keys: Vec<String> = names.iter().map(|name| header_key(name)).collect();
    let full = |header: &Header| keys.contains(&header.key);
    if let Some(at) = headers.iter().position(full) {
        return Some(at);
    }
    let partly = |header: &Header| header.also.iter().any(|name| keys.contains(name));
    let mut found = headers
        .iter()
        .enumerate()
        .filter(|(_, header)| partly(header));
    match (found.next(), found.next()) {
        (Some((at, _)), None) => Some(at),
        _ => None,
    }
}

/// A cell range that is merged: rows and columns from 0, ends included.
#[derive(Clone, Copy, Debug)]
pub(super) struct Merged {
    pub(super) rows: (u32, u32),
    pub(super) columns: (u32, u32),
}

/// A header that was found.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) headers: Vec<Header>,
    /// The row, from 1, of the header's last level.
    pub(super) last_row: u64,
    /// How many rows above it are taken for titles.
    pub(super) title_rows: u64,
    /// Title cells above it, with their rows.
    pub(super) titles: Vec<(u64, String)>,
    /// How many expected columns it names.
    pub(super) score: usize,
}

/// How many rows at the top of a sheet may be titles.
pub(super) const TITLE_ROWS: usize = 60;

/// Finds the header among the first rows of a sheet. `merged` is none when the format does not tell.
pub(super) fn find(
    top: &[Row],
    merged: Option<&[Merged]>,
    expected: &[Vec<String>],
    fixed: Option<u32>,
) -> Option<Found> {
    // How many columns are named, how many of them in full; where the header begins and ends.
    type Candidate = ((usize, usize), std::ops::Range<usize>, Vec<Header>);
    let mut best: Option<Candidate> = None;
    for (at, row) in top.iter().enumerate() {
        if fixed.is_some_and(|fixed| row.line != u64::from(fixed)) {
            continue;
        }
        let filled = |row: &Row| row.fields.iter().filter(|f| !f.trim().is_empty()).count();
        if filled(row) == 0 || (expected.is_empty() && filled(row) < 2 && fixed.is_none()) {
            continue;
        }
        let single: Vec<Header> = row.fields.iter().map(|f| Header::single(f)).collect();
        let below = top.get(at + 1).filter(|below| below.line == row.line + 1);
        let double = below.and_then(|below| two_levels(row, below, merged));
        let offers = [(1, Some(single)), (2, double)];
        for (levels, headers) in offers {
            let Some(headers) = headers else { continue };
            let named = expected.iter().filter_map(|names| {
                let at = position(&headers, names)?;
                Some(headers[at].is_named(names))
            });
            let named: Vec<bool> = named.collect();
            let mut score = (named.len(), named.iter().filter(|full| **full).count());
            if expected.is_empty() || fixed.is_some() {
                score.0 += 1;
            }
            if score > best.as_ref().map_or((0, 0), |(best, ..)| *best) {
                best = Some((score, at..at + levels, headers));
            }
        }
        if expected.is_empty() && best.is_some() {
            break;
        }
    }
    let (score, rows, mut headers) = best?;
    while headers.last().is_some_and(|h| h.text.is_empty()) {
        headers.pop();
    }
    let last_row = top[rows.end - 1].line;
    let titles = top[..rows.start]
        .iter()
        .flat_map(|row| {
            row.fields
                .iter()
                .map(|text| (row.line, normalise(text).trim().to_owned()))
        })
        .filter(|(_, text)| !text.is_empty())
        .collect();
    Some(Found {
        headers,
        last_row,
        title_rows: rows.start as u64,
        titles,
        score: score.0,
    })
}

/// Two rows as one header, when an upper cell spans several columns or stands above its own lower level.
fn two_levels(upper: &Row, lower: &Row, merged: Option<&[Merged]>) -> Option<Vec<Header>> {
    let width = upper.fields.len().max(lower.fields.len());
    let cell = |row: &Row, at: usize| row.fields.get(at).map_or("", |f| f.trim()).to_owned();
    let mut above: Vec<String> = (0..width).map(|at| cell(upper, at)).collect();
    let below: Vec<String> = (0..width).map(|at| cell(lower, at)).collect();
    let mut spans = false;
    match merged {
        Some(merged) => {
            let row = u32::try_from(upper.line).ok()?.checked_sub(1)?;
            let mut room = width;
            for range in merged {
                let columns = range.columns.0 as usize..=range.columns.1 as usize;
                if !(range.rows.0..=range.rows.1).contains(&row) || *columns.start() >= width {
                    continue;
                }
                // Ranges of one row that cover more than its width overlap: that is no header, and may be endless.
                let end = (*columns.end()).min(width - 1);
                room = room.checked_sub((end + 1).saturating_sub(*columns.start()))?;
                let text = above[*columns.start()].clone();
                for at in columns.clone().take_while(|&at| at < width) {
                    above[at].clone_from(&text);
                }
                let tall = range.rows.1 > row;
                let lower_filled = columns
                    .clone()
                    .any(|at| at < width && !below[at].is_empty());
                spans |= columns.end() > columns.start() && !tall && lower_filled;
            }
        }
        None => {
            for at in 1..width {
                if above[at].is_empty() && !below[at].is_empty() && !above[at - 1].is_empty() {
                    above[at] = above[at - 1].clone();
                    spans = true;
                }
            }
        }
    }
    spans.then(|| {
        (0..width)
            .map(|at| Header::of(&above[at], Some(&below[at])))
            .collect()
    })
}
