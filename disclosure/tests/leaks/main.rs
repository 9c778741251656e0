//! Leaks planted with pencil and paper, one kind for each mistake that publishers are known to make, by generators that
//! know nothing of linear programs and share no code with what looks for them. Every one must be found, and be gone
//! where it has been closed.
//!
//! `cargo test -p disclosure --test leaks -- --nocapture` prints how many of each kind were planted and found.
#![allow(clippy::print_stdout)]

#[path = "../draw/mod.rs"]
mod draw;
mod figures;
mod over_time;
mod patterns;
mod publication;
mod rows;

use draw::Draw;
use publication::Leak;

/// Planted of each kind.
const EACH: usize = 40;
/// Of those that are audited for seconds each.
const FEW: usize = 2;

const THOUSANDS: &str = "the same among thousands";

/// Whether a leak was found, and whether it is gone once it has been closed.
struct Verdict {
    found: bool,
    closed: bool,
}

/// How one leak of a kind is planted.
enum Plant {
    /// In one system of quantities, judged by the auditor.
    Audited(fn(&mut Draw) -> Leak),
    /// Judged by another rule.
    Judged(fn(&mut Draw) -> Verdict),
}

#[test]
fn every_planted_leak_is_found_and_gone_when_closed() {
    use Plant::{Audited, Judged};
    let kinds = [
        (
            "two suppressed in every line",
            Audited(patterns::two_in_every_line),
        ),
        (THOUSANDS, Audited(patterns::among_thousands)),
        ("linked tables", Audited(patterns::linked_tables)),
        ("zeros", Audited(patterns::zeros)),
        ("ones", Audited(patterns::ones)),
        ("singletons in triples", Audited(patterns::singletons)),
        ("a leak after safe cells", Audited(patterns::after_safe)),
        ("percentages", Audited(figures::percentages)),
        ("averages", Audited(figures::averages)),
        ("figures per head", Audited(figures::per_head)),
        ("shares that tell the rest", Judged(figures::shares)),
        ("medians", Judged(figures::medians)),
        ("corrections", Audited(over_time::corrections)),
        ("monthly increments", Audited(over_time::increments)),
        ("boundary changes", Audited(over_time::slivers)),
        ("moment, street and category", Judged(rows::moments)),
    ];
    let mut draw = Draw(7);
    let mut missed = Vec::new();
    println!(
        "{:<30} {:>7} {:>6} {:>7}",
        "kind", "planted", "found", "closed"
    );
    for (kind, plant) in kinds {
        let planted = if kind == THOUSANDS { FEW } else { EACH };
        let (mut found, mut closed) = (0, 0);
        for _ in 0..planted {
            let verdict = match plant {
                Audited(plant) => plant(&mut draw).verdict(),
                Judged(judge) => judge(&mut draw),
            };
            found += usize::from(verdict.found);
            closed += usize::from(verdict.closed);
        }
        println!("{kind:<30} {planted:>7} {found:>6} {closed:>7}");
        if (found, closed) != (planted, planted) {
            missed.push(kind);
        }
    }
    assert!(
        missed.is_empty(),
        "not all found, or not closed: {missed:?}"
    );
}
