//! Which row groups can hold a wanted row.

use parquet::file::{metadata::RowGroupMetaData, statistics::Statistics};

/// Whether the statistics of a text column allow any of the wanted texts. Without statistics they do.
/// Bounds may be shortened by the writer: the lower one is then a prefix, the upper one rounded up.
pub(crate) fn may_hold(group: &RowGroupMetaData, leaf: usize, any_of: &[String]) -> bool {
    let column = group.columns().get(leaf);
    let Some(bounds @ Statistics::ByteArray(_)) = column.and_then(|column| column.statistics())
    else {
        return true;
    };
    if bounds.is_min_max_deprecated() {
        return true;
    }
    let (min, max) = (bounds.min_bytes_opt(), bounds.max_bytes_opt());
    any_of.iter().any(|wanted| {
        min.is_none_or(|min| min <= wanted.as_bytes())
            && max.is_none_or(|max| wanted.as_bytes() <= max)
    })
}
