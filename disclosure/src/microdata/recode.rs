//! Global recoding of record-level data until every class reaches k (Samarati and Sweeney, 1998; full-domain
//! generalisation in the terms of LeFevre et al., 2005). No record is dropped.

use crate::DisclosureError;

/// The least recoding (fewest steps in all; among equals, the one that spares the earlier keys) for which
/// the smallest class reaches k. `steps[i]` is the number of forms of key `i`; `smallest_class` measures a
/// recoding on the data.
///
/// # Errors
/// When even the coarsest recoding falls short.
pub fn recode_globally(
    steps: &[usize],
    k: u64,
    mut smallest_class: impl FnMut(&[usize]) -> u64,
) -> Result<Vec<usize>, DisclosureError> {
    let tallest: usize = steps.iter().map(|s| s.saturating_sub(1)).sum();
    for height in 0..=tallest {
        let mut found = None;
        visit(steps, height, &mut Vec::new(), &mut |recoding| {
            let fits = smallest_class(recoding) >= k;
            if fits {
                found = Some(recoding.to_vec());
            }
            fits
        });
        if let Some(recoding) = found {
            return Ok(recoding);
        }
    }
    Err(DisclosureError::NoRecoding { k })
}

/// Visits every recoding of one height, sparing the earlier keys first, until `stop` says so.
fn visit(
    steps: &[usize],
    height: usize,
    prefix: &mut Vec<usize>,
    stop: &mut impl FnMut(&[usize]) -> bool,
) -> bool {
    let Some((&first, rest)) = steps.split_first() else {
        return height == 0 && stop(prefix);
    };
    for step in 0..first.min(height + 1) {
        prefix.push(step);
        let stopped = visit(rest, height - step, prefix, stop);
        prefix.pop();
        if stopped {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_recoding_that_reaches_k_is_found() {
        let sizes = |r: &[usize]| if r[0] >= 1 && r[1] >= 1 { 7 } else { 2 };
        assert_eq!(recode_globally(&[3, 3], 5, sizes), Ok(vec![1, 1]));
        assert_eq!(recode_globally(&[3, 3], 1, sizes), Ok(vec![0, 0]));
        assert_eq!(
            recode_globally(&[3, 3], 8, sizes),
            Err(DisclosureError::NoRecoding { k: 8 })
        );
    }
}
