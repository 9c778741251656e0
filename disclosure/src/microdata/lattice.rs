//! The lattice of recodings and the search for its minimal nodes.

use super::MicrodataError;

/// More nodes than this are not searched.
const LARGEST: u128 = 1 << 20;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tag {
    Unknown,
    Suffices,
    Fails,
}

/// What a search found.
pub(super) struct Found {
    /// The nodes that suffice, in the order of their levels; of a monotone test only those that have no finer
    /// node that does.
    pub candidates: Vec<Vec<usize>>,
    /// Nodes measured on the data.
    pub measured: u64,
    /// Nodes of the lattice.
    pub nodes: u64,
}

/// The nodes that suffice. `steps[i]` is the number of recodings of key `i`. With `monotone` a node that suffices
/// settles every coarser one and a node that fails every finer one; without, every node is measured.
pub(super) fn search(
    steps: &[usize],
    monotone: bool,
    mut suffices: impl FnMut(&[usize]) -> bool,
) -> Result<Found, MicrodataError> {
    let size: u128 = steps.iter().map(|&s| s as u128).product();
    if size > LARGEST {
        return Err(MicrodataError::LatticeTooLarge(size));
    }
    let mut nodes: Vec<Vec<usize>> = vec![Vec::new()];
    for &step in steps {
        nodes = nodes
            .into_iter()
            .flat_map(|node| (0..step).map(move |level| [node.as_slice(), &[level]].concat()))
            .collect();
    }
    let tallest: usize = steps.iter().map(|s| s - 1).sum();
    let mut by_height: Vec<Vec<usize>> = vec![Vec::new(); tallest + 1];
    for (at, node) in nodes.iter().enumerate() {
        by_height[node.iter().sum::<usize>()].push(at);
    }
    let above = |low: &[usize], high: &[usize]| low.iter().zip(high).all(|(l, h)| l <= h);
    let mut tags = vec![Tag::Unknown; nodes.len()];
    let mut measured = 0;
    for height in middle_first(tallest + 1) {
        for &at in &by_height[height] {
            if tags[at] != Tag::Unknown {
                continue;
            }
            measured += 1;
            let tag = if suffices(&nodes[at]) {
                Tag::Suffices
            } else {
                Tag::Fails
            };
            tags[at] = tag;
            for (other, node) in nodes.iter().enumerate().filter(|_| monotone) {
                let settled = match tag {
                    Tag::Suffices => above(&nodes[at], node),
                    _ => above(node, &nodes[at]),
                };
                if settled {
                    tags[other] = tag;
                }
            }
        }
    }
    let finer_suffices = |node: &[usize]| {
        let mut stride = 1;
        let mut at = 0;
        for (&level, &step) in node.iter().zip(steps).rev() {
            at += level * stride;
            stride *= step;
        }
        let mut stride = 1;
        node.iter().zip(steps).rev().any(|(&level, &step)| {
            let here = monotone && level > 0 && tags[at - stride] == Tag::Suffices;
            stride *= step;
            here
        })
    };
    let candidates = nodes
        .iter()
        .zip(&tags)
        .filter(|(node, tag)| **tag == Tag::Suffices && !finer_suffices(node))
        .map(|(node, _)| node.clone())
        .collect();
    Ok(Found {
        candidates,
        measured,
        nodes: nodes.len() as u64,
    })
}

/// 0 to n - 1 by bisection: the middle, then the middles of both halves, and so on.
fn middle_first(n: usize) -> Vec<usize> {
    let mut order = Vec::with_capacity(n);
    let mut open = std::collections::VecDeque::from([(0, n)]);
    while let Some((from, to)) = open.pop_front() {
        if from < to {
            let middle = from.midpoint(to);
            order.push(middle);
            open.extend([(from, middle), (middle + 1, to)]);
        }
    }
    order
}
