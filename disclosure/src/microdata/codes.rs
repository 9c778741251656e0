//! Texts and combinations as numbers.

use std::collections::BTreeMap;

/// Codes in the order of the texts.
pub(super) fn codes<T: AsRef<str>>(texts: &[T]) -> (Vec<u32>, Vec<String>) {
    let mut known: BTreeMap<&str, u32> = texts.iter().map(|t| (t.as_ref(), 0)).collect();
    for (code, at) in known.values_mut().zip(0u32..) {
        *code = at;
    }
    let labels = known.keys().map(|&label| label.to_owned()).collect();
    (texts.iter().map(|t| known[t.as_ref()]).collect(), labels)
}

/// Numbers combinations of codes without gaps, in their order.
pub(super) fn combine<I: Iterator<Item = u64>>(
    rows: usize,
    parts: impl Iterator<Item = (u64, I)>,
) -> Vec<u32> {
    let mut ids = vec![0u64; rows];
    let mut bound = 1u64;
    let rank = |ids: &mut Vec<u64>| -> u64 {
        let mut known = ids.clone();
        known.sort_unstable();
        known.dedup();
        for id in ids.iter_mut() {
            *id = known.partition_point(|k| k < id) as u64;
        }
        known.len() as u64
    };
    for (size, codes) in parts {
        if bound.checked_mul(size).is_none() {
            bound = rank(&mut ids);
        }
        for (id, code) in ids.iter_mut().zip(codes) {
            *id = *id * size + code;
        }
        bound = bound.saturating_mul(size);
    }
    rank(&mut ids);
    ids.into_iter()
        .map(|id| u32::try_from(id).unwrap_or(u32::MAX))
        .collect()
}
