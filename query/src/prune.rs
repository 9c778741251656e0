//! Which row groups, and which pages of them, can hold a wanted row.

use std::ops::Range;

use parquet::file::{
    metadata::RowGroupMetaData,
    page_index::{column_index::ColumnIndexMetaData, offset_index::PageLocation},
    statistics::Statistics,
};

/// Whether bounds allow any of the wanted texts; a bound that is not known allows all. Bounds may be
/// shortened by the writer: the lower one is then a prefix, the upper one rounded up.
fn allows(min: Option<&[u8]>, max: Option<&[u8]>, any_of: &[String]) -> bool {
    any_of.iter().any(|wanted| {
        min.is_none_or(|min| min <= wanted.as_bytes())
            && max.is_none_or(|max| wanted.as_bytes() <= max)
    })
}

/// Whether the statistics of a text column allow any of the wanted texts. Without statistics they do.
pub(crate) fn may_hold(group: &RowGroupMetaData, leaf: usize, any_of: &[String]) -> bool {
    let column = group.columns().get(leaf);
    let Some(bounds @ Statistics::ByteArray(_)) = column.and_then(|column| column.statistics())
    else {
        return true;
    };
    bounds.is_min_max_deprecated() || allows(bounds.min_bytes_opt(), bounds.max_bytes_opt(), any_of)
}

/// The rows of the pages that may hold any of the wanted texts; none when the index does not tell.
pub(crate) fn rows_of_pages(
    index: &ColumnIndexMetaData,
    pages: &[PageLocation],
    rows: usize,
    any_of: &[String],
) -> Option<Vec<Range<usize>>> {
    let ColumnIndexMetaData::BYTE_ARRAY(bounds) = index else {
        return None;
    };
    if usize::try_from(index.num_pages()).ok()? != pages.len() {
        return None;
    }
    let mut wanted: Vec<Range<usize>> = Vec::new();
    for page in 0..pages.len() {
        // A page of nulls has no bounds, and passes no filter.
        let empty = index.is_null_page(page);
        if empty || !allows(bounds.min_value(page), bounds.max_value(page), any_of) {
            continue;
        }
        let range = rows_of_page(pages, page, rows)?;
        match wanted.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            _ => wanted.push(range),
        }
    }
    Some(wanted)
}

/// The rows of one page.
pub(crate) fn rows_of_page(
    pages: &[PageLocation],
    page: usize,
    rows: usize,
) -> Option<Range<usize>> {
    let first = |at: usize| {
        pages
            .get(at)
            .and_then(|page| usize::try_from(page.first_row_index).ok())
    };
    let end = if page + 1 < pages.len() {
        first(page + 1)?
    } else {
        rows
    };
    let start = first(page)?;
    (start < end && end <= rows).then_some(start..end)
}

/// The rows in both of two sorted lists of ranges.
pub(crate) fn intersection(a: &[Range<usize>], b: &[Range<usize>]) -> Vec<Range<usize>> {
    let (mut i, mut j, mut both) = (0, 0, Vec::new());
    while let (Some(one), Some(other)) = (a.get(i), b.get(j)) {
        let range = one.start.max(other.start)..one.end.min(other.end);
        if range.start < range.end {
            both.push(range);
        }
        if one.end < other.end {
            i += 1;
        } else {
            j += 1;
        }
    }
    both
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(
        clippy::single_range_in_vec_init,
        reason = "lists of one range are meant"
    )]
    #[test]
    fn ranges_meet_where_both_have_rows() {
        for (a, b, both) in [
            (vec![0..10], vec![3..5, 7..12], vec![3..5, 7..10]),
            (vec![0..3, 5..9], vec![3..5], vec![]),
            (vec![0..3, 5..9], vec![1..7], vec![1..3, 5..7]),
        ] {
            assert_eq!(intersection(&a, &b), both);
            assert_eq!(intersection(&b, &a), both);
        }
    }
}
