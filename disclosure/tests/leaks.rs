//! Leaks planted with pencil and paper, by a generator that knows nothing of linear programs: the auditor must
//! find every one, and nothing where the leak has been closed.
#![allow(clippy::print_stdout)]

mod draw;

use disclosure::{Control, Interval, Limits, System, View, audit};
use draw::Draw;

/// A publication under construction: true values beside what is shown.
#[derive(Default)]
struct Publication {
    system: System,
    values: Vec<i64>,
    shown: Vec<bool>,
    facts: Vec<bool>,
}

impl Publication {
    fn cell(&mut self, value: i64, shown: bool) -> u32 {
        self.values.push(value);
        self.shown.push(shown);
        self.system.variable(Limits::NONNEGATIVE)
    }

    fn total(&mut self, parts: &[u32], shown: bool) -> u32 {
        let sum = parts.iter().map(|&p| self.values[p as usize]).sum();
        let total = self.cell(sum, shown);
        self.system.sum(total, parts);
        total
    }

    fn audit(&self) -> Vec<Interval> {
        let values = self.values.iter().zip(&self.shown);
        let view = View {
            values: values.map(|(&v, &shown)| shown.then_some(v)).collect(),
            facts: self.facts.clone(),
        };
        let audit = audit(&self.system, &view, &Control::default()).expect("true values fit");
        audit.intervals
    }
}

/// One planted leak: the cell, what a reader can tell of it, and how to close it.
struct Leak {
    publication: Publication,
    cell: u32,
    width: u64,
    close: Vec<u32>,
    close_facts: bool,
}

impl Leak {
    /// A cell that can be computed, until more cells are suppressed.
    fn exact(publication: Publication, cell: u32, close: Vec<u32>) -> Self {
        Self {
            publication,
            cell,
            width: 0,
            close,
            close_facts: false,
        }
    }
}

/// A table of rows × columns with all margins: positions of the inner cells.
fn table(p: &mut Publication, rows: usize, columns: usize, draw: &mut Draw) -> Vec<Vec<u32>> {
    let cells: Vec<Vec<u32>> = (0..rows)
        .map(|_| {
            (0..columns)
                .map(|_| p.cell(draw.value(5, 40), true))
                .collect()
        })
        .collect();
    for row in &cells {
        p.total(row, true);
    }
    for c in 0..columns {
        let column: Vec<u32> = cells.iter().map(|row| row[c]).collect();
        p.total(&column, true);
    }
    cells
}

fn hide(p: &mut Publication, cells: &[u32]) {
    for &cell in cells {
        p.shown[cell as usize] = false;
    }
}

/// Two suppressions or more in every line, and yet two rows less the two columns of their block leave one cell.
fn two_in_every_line(draw: &mut Draw) -> Leak {
    let mut p = Publication::default();
    let cells = table(&mut p, 5, 5, draw);
    // Rows 0 and 1 hold the rectangle of columns 0 and 1; rows 3 and 4 that of columns 3 and 4; the cell (1, 3)
    // links them. Rows 0 and 1 less columns 0 and 1 leave it alone.
    let square = |r: usize, c: usize| {
        [
            cells[r][c],
            cells[r][c + 1],
            cells[r + 1][c],
            cells[r + 1][c + 1],
        ]
    };
    hide(&mut p, &square(0, 0));
    hide(&mut p, &square(3, 3));
    let cell = cells[1][3];
    hide(&mut p, &[cell]);
    Leak::exact(p, cell, vec![cells[3][1], cells[2][0], cells[2][1]])
}

/// Each of two tables hides two cells of one group; what they share closes one of them.
fn linked_tables(draw: &mut Draw) -> Leak {
    let mut p = Publication::default();
    let shared = p.cell(draw.value(1, 3), false);
    let partner = p.cell(draw.value(5, 20), false);
    let others: Vec<u32> = (0..3).map(|_| p.cell(draw.value(5, 20), true)).collect();
    let more = p.cell(draw.value(5, 20), true);
    // By district: two hidden cells. By group: the partner stands with published cells only.
    p.total(&[&[shared, partner][..], &others[..1]].concat(), true);
    p.total(&[partner, others[1], more], true);
    Leak::exact(p, shared, vec![more])
}

/// 0 = x + x + 0: a published total of zero reveals every part.
fn zeros(draw: &mut Draw) -> Leak {
    let mut p = Publication::default();
    let parts: Vec<u32> = (0..draw.value(2, 4)).map(|_| p.cell(0, false)).collect();
    let total = p.total(&parts, true);
    let other = p.cell(draw.value(20, 9), false);
    p.total(&[total, other], true);
    Leak::exact(p, parts[0], vec![total])
}

/// A total of one: its parts are zeros and a one, an interval of width 1.
fn ones(draw: &mut Draw) -> Leak {
    let mut p = Publication::default();
    let n = draw.value(2, 4) as usize;
    let one = draw.below(n as u64);
    let parts: Vec<u32> = (0..n)
        .map(|at| p.cell(i64::from(at == one), false))
        .collect();
    let total = p.total(&parts, true);
    let other = p.cell(draw.value(20, 9), false);
    p.total(&[total, other], true);
    Leak {
        publication: p,
        cell: parts[one],
        width: 1,
        close: vec![total],
        close_facts: false,
    }
}

/// Three suppressed cells of one each: who is one of them knows the sum of the other two. What the insider knows
/// stands as published here.
fn singletons(draw: &mut Draw) -> Leak {
    let mut p = Publication::default();
    let own = p.cell(1, true);
    let [a, b] = [(); 2].map(|()| p.cell(1, false));
    let rest = p.cell(draw.value(20, 20), true);
    p.total(&[own, a, b, rest], true);
    Leak {
        publication: p,
        cell: a,
        width: 2,
        close: vec![rest],
        close_facts: false,
    }
}

/// A percentage to one decimal with its base published reveals the count.
fn percentages(draw: &mut Draw) -> Leak {
    let mut p = Publication::default();
    let base = draw.value(20, 400);
    let count = draw.value(1, 4);
    let part = p.cell(count, false);
    let rest = p.cell(base - count, false);
    p.total(&[part, rest], true);
    let denominator = p.values.len() as u32 - 1;
    let rounded = (2 * 1000 * count + base) / (2 * base);
    p.system.rounded_ratio(part, denominator, 1000, rounded);
    p.facts.push(true);
    Leak {
        publication: p,
        cell: part,
        width: 0,
        close: vec![],
        close_facts: true,
    }
}

/// An average to two decimals with its number of cases published reveals the sum.
fn averages(draw: &mut Draw) -> Leak {
    let mut p = Publication::default();
    let cases = draw.value(3, 40);
    let sum = cases * draw.value(2, 30) + draw.value(0, cases as u64);
    let days = p.cell(sum, false);
    let number = p.cell(cases, true);
    let rounded = (2 * 100 * sum + cases) / (2 * cases);
    p.system.rounded_ratio(days, number, 100, rounded);
    p.facts.push(true);
    Leak {
        publication: p,
        cell: days,
        width: 0,
        close: vec![],
        close_facts: true,
    }
}

/// A correction takes one record out of a published count: the difference is that record.
fn corrections(draw: &mut Draw) -> Leak {
    let mut p = Publication::default();
    let removed = p.cell(draw.value(1, 3), false);
    let after = p.cell(draw.value(10, 50), true);
    p.total(&[after, removed], true);
    Leak::exact(p, removed, vec![after])
}

/// Cumulative counts of successive months are withheld, but the total with the other categories and these are
/// published: the increment is the difference of two differences.
fn increments(draw: &mut Draw) -> Leak {
    let mut p = Publication::default();
    let months = draw.value(2, 5) as usize;
    let mut cumulative = p.cell(draw.value(10, 20), true);
    let (mut increment, mut complement) = (cumulative, cumulative);
    for _ in 0..months {
        increment = p.cell(draw.value(1, 4), false);
        let other = p.cell(draw.value(10, 20), true);
        cumulative = p.total(&[cumulative, increment], false);
        p.total(&[cumulative, other], true);
        complement = other;
    }
    Leak::exact(p, increment, vec![complement])
}

/// Two delimitations of one place, before and after a boundary change: the sliver between them is computed.
fn slivers(draw: &mut Draw) -> Leak {
    let mut p = Publication::default();
    let [kept, neighbour] = [(); 2].map(|()| p.cell(draw.value(10, 40), false));
    let sliver = p.cell(draw.value(1, 4), false);
    let old = p.total(&[kept, sliver], true);
    p.total(&[old, neighbour], true);
    let new = p.total(&[sliver, neighbour], false);
    p.total(&[kept, new], true);
    // The new delimitation of the old place: what is left without the sliver.
    p.shown[kept as usize] = true;
    Leak::exact(p, sliver, vec![kept, neighbour])
}

/// The leak is the last cell of many that are safe: an auditor that stops at the first safe cell misses it.
fn after_safe_cells(draw: &mut Draw) -> Leak {
    let mut p = Publication::default();
    for _ in 0..20 {
        let cells = table(&mut p, 2, 2, draw);
        hide(&mut p, &cells.concat());
    }
    let leak = p.cell(draw.value(1, 3), false);
    let other = p.cell(draw.value(10, 40), true);
    p.total(&[leak, other], true);
    Leak::exact(p, leak, vec![other])
}

#[test]
fn every_planted_leak_is_found_and_gone_when_closed() {
    const EACH: usize = 40;
    const NEED: u64 = 3;
    type Plant = fn(&mut Draw) -> Leak;
    let kinds: [(&str, Plant); 11] = [
        ("two in every line", two_in_every_line),
        ("linked tables", linked_tables),
        ("zeros", zeros),
        ("ones", ones),
        ("singletons in triples", singletons),
        ("percentages", percentages),
        ("averages", averages),
        ("corrections", corrections),
        ("increments", increments),
        ("boundary changes", slivers),
        ("after safe cells", after_safe_cells),
    ];
    let mut draw = Draw(7);
    for (kind, plant) in kinds {
        let (mut found, mut closed) = (0, 0);
        for _ in 0..EACH {
            let mut leak = plant(&mut draw);
            let cell = leak.cell as usize;
            let seen = leak.publication.audit()[cell];
            let truth = leak.publication.values[cell];
            assert!(
                seen.low <= truth && seen.high.is_none_or(|h| truth <= h),
                "{kind}: {seen:?}"
            );
            found += usize::from(seen.width() <= leak.width && seen.width() < NEED);
            let more = leak.close.clone();
            hide(&mut leak.publication, &more);
            if leak.close_facts {
                leak.publication.facts.fill(false);
            }
            closed += usize::from(leak.publication.audit()[cell].width() >= NEED);
        }
        println!("{kind}: {found} of {EACH} planted leaks found, {closed} closed");
        assert_eq!(
            (found, closed),
            (EACH, EACH),
            "{kind}: found, and gone when closed"
        );
    }
}
