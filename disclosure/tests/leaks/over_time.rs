//! What one publication tells together with an earlier one.

use crate::{
    draw::Draw,
    publication::{Leak, Publication},
};

/// Cases are taken out after a count was published. The street that they were in is suppressed before and after, but not
/// the other streets of its district, nor the district.
pub(crate) fn corrections(draw: &mut Draw) -> Leak {
    let mut p = Publication::default();
    let cell = p.hidden(draw.value(1, 3));
    let after = p.hidden(draw.value(10, 50));
    let before = p.hidden_total(&[after, cell]);
    let others = p.some(draw.below(4), draw);
    let [was, is] = [before, after].map(|own| p.total(&[&others[..], &[own]].concat()));
    let told = p.read(&[was]) - p.read(&[is]);
    Leak {
        publication: p,
        cell,
        told: [told, told],
        close: vec![is],
    }
}

/// Counts since the beginning of the year, by month, are suppressed for one category, but not the others nor their
/// total: the month's own count is the difference of two differences.
pub(crate) fn increments(draw: &mut Draw) -> Leak {
    let mut p = Publication::default();
    let mut cumulative = p.hidden(draw.value(10, 20));
    let mut months = Vec::new();
    let mut increment = cumulative;
    for _ in 0..draw.value(2, 5) {
        increment = p.hidden(draw.value(0, 5));
        cumulative = p.hidden_total(&[cumulative, increment]);
        let others = p.some(1 + draw.below(3), draw);
        let total = p.total(&[&others[..], &[cumulative]].concat());
        months.push((total, others));
    }
    let left = |(total, others): &(u32, Vec<u32>)| p.read(&[*total]) - p.read(others);
    let [.., before, last] = months.as_slice() else {
        unreachable!("two months or more")
    };
    let (told, close) = (left(last) - left(before), last.1[0]);
    Leak {
        publication: p,
        cell: increment,
        told: [told, told],
        close: vec![close],
    }
}

/// A strip of land goes from one street to its neighbour, and some cases with it. The old count of the one is
/// suppressed, but not its new one, nor the neighbour's old one, nor the sum of both.
pub(crate) fn slivers(draw: &mut Draw) -> Leak {
    let mut p = Publication::default();
    let kept = p.shown(draw.value(10, 40));
    let neighbour = p.shown(draw.value(10, 40));
    let sliver = p.hidden(draw.value(1, 4));
    let old = p.hidden_total(&[kept, sliver]);
    let new = p.hidden_total(&[neighbour, sliver]);
    let both = if draw.below(2) == 0 {
        p.total(&[old, neighbour])
    } else {
        p.total(&[kept, new])
    };
    let told = p.read(&[both]) - p.read(&[kept, neighbour]);
    Leak {
        publication: p,
        cell: sliver,
        told: [told, told],
        close: vec![kept, neighbour],
    }
}
