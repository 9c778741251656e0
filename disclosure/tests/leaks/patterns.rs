//! Patterns of suppression that look safe.

use crate::{
    draw::Draw,
    publication::{Leak, Publication},
};

/// A table with all margins: inner cells by row, totals of the rows, totals of the columns.
struct Grid {
    cells: Vec<Vec<u32>>,
    rows: Vec<u32>,
    columns: Vec<u32>,
}

impl Grid {
    fn new(p: &mut Publication, rows: usize, columns: usize, draw: &mut Draw) -> Self {
        let cells: Vec<Vec<u32>> = (0..rows).map(|_| p.some(columns, draw)).collect();
        let column = |c: usize| -> Vec<u32> { cells.iter().map(|row| row[c]).collect() };
        Self {
            rows: cells.iter().map(|row| p.total(row)).collect(),
            columns: (0..columns).map(|c| p.total(&column(c))).collect(),
            cells,
        }
    }

    fn block(&self, rows: &[usize], columns: &[usize]) -> Vec<u32> {
        let line = |&r: &usize| columns.iter().map(move |&c| self.cells[r][c]);
        rows.iter().flat_map(line).collect()
    }
}

/// The first numbers in an order of chance.
fn shuffled(count: usize, draw: &mut Draw) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    for at in (1..count).rev() {
        order.swap(at, draw.below(at as u64 + 1));
    }
    order
}

/// Two blocks of suppressed cells that share no line, and one cell between them: its row has the cells of one block, its
/// column those of the other. The rows of the first block less its columns leave that cell alone.
pub(crate) fn two_in_every_line(draw: &mut Draw) -> Leak {
    let [height, width] = [(); 2].map(|()| draw.value(5, 4) as usize);
    let first = [height, width].map(|lines| 2 + draw.below(lines as u64 - 4));
    let mut leak = blocks([height, width], first, [2, 2], draw);
    leak.close.truncate(1);
    leak
}

/// The same among so many suppressed cells that the auditor bounds intervals from both sides; one more of them would
/// close it, but is not always found.
pub(crate) fn among_thousands(draw: &mut Draw) -> Leak {
    let [first, second] = [(); 2].map(|()| [(); 2].map(|()| 28 + draw.below(4)));
    let size = [0, 1].map(|way| first[way] + second[way] + draw.below(4));
    blocks(size, first, second, draw)
}

/// Blocks of so many rows and columns in a table; each cell that shares its rows with the second and its columns with the
/// first would close the leak.
fn blocks(size: [usize; 2], first: [usize; 2], second: [usize; 2], draw: &mut Draw) -> Leak {
    let mut p = Publication::default();
    let [height, width] = size;
    let grid = Grid::new(&mut p, height, width, draw);
    let (r, c) = (shuffled(height, draw), shuffled(width, draw));
    let (first_rows, rest) = r.split_at(first[0]);
    let (first_columns, right) = c.split_at(first[1]);
    let (second_rows, second_columns) = (&rest[..second[0]], &right[..second[1]]);
    p.hide(&grid.block(first_rows, first_columns));
    p.hide(&grid.block(second_rows, second_columns));
    let cell = grid.cells[first_rows[0]][second_columns[0]];
    p.hide(&[cell]);
    let lines = (0..height).map(|r| grid.cells[r].clone());
    let lines = lines.chain((0..width).map(|c| grid.block(&r, &[c])));
    for line in lines {
        let hidden = line.iter().filter(|&&cell| !p.is_shown(cell)).count();
        assert_ne!(hidden, 1, "nobody would take this for safe");
    }
    // What the suppressed cells of some lines sum to.
    let suppressed = |totals: &[u32], lines: &[u32], at: &[usize]| {
        let totals: Vec<u32> = at.iter().map(|&at| totals[at]).collect();
        let shown = lines.iter().filter(|&&cell| p.is_shown(cell));
        p.read(&totals) - p.read(&shown.copied().collect::<Vec<_>>())
    };
    let in_rows = suppressed(&grid.rows, &grid.block(first_rows, &c), first_rows);
    let in_columns = suppressed(&grid.columns, &grid.block(&r, first_columns), first_columns);
    let told = in_rows - in_columns;
    let close = grid.block(second_rows, first_columns);
    Leak {
        publication: p,
        cell,
        told: [told, told],
        close,
    }
}

/// One group of places by county and by another delimitation, at least two suppressed in every sum of both: one sum
/// holds what the other holds and one suppressed place more.
pub(crate) fn linked_tables(draw: &mut Draw) -> Leak {
    let mut p = Publication::default();
    let few = |p: &mut Publication, draw: &mut Draw| -> Vec<u32> {
        (0..draw.value(2, 3))
            .map(|_| p.hidden(draw.value(1, 9)))
            .collect()
    };
    let (one, two) = (few(&mut p, draw), few(&mut p, draw));
    let cell = p.hidden(draw.value(1, 4));
    let [mut shown, mut near, far] = [(); 3].map(|()| p.some(draw.below(3), draw));
    shown.push(p.shown(draw.value(5, 20)));
    near.push(p.shown(draw.value(5, 20)));
    let county = p.total(&[&one[..], &shown].concat());
    p.total(&[&two[..], &near, &far, &[cell]].concat());
    let group = p.total(&[&one[..], &shown, &near, &[cell]].concat());
    p.total(&[&two[..], &far].concat());
    let told = p.read(&[group]) - p.read(&[county]) - p.read(&near);
    Leak {
        publication: p,
        cell,
        told: [told, told],
        close: vec![near[0]],
    }
}

/// Suppressed parts of a published total, beside published ones and a total of that and another place that hides it in
/// turn once it is suppressed. What is left to the suppressed parts is `sum`.
fn parts_of(draw: &mut Draw, sum: i64) -> Leak {
    let mut p = Publication::default();
    let count = draw.value(2, 4) as usize;
    let mut values = vec![0; count];
    for _ in 0..sum {
        values[draw.below(count as u64)] += 1;
    }
    let hidden: Vec<u32> = values.iter().map(|&value| p.hidden(value)).collect();
    let shown = p.some(draw.below(3), draw);
    let total = p.total(&[&hidden[..], &shown].concat());
    let other = p.hidden(draw.value(20, 9));
    p.total(&[total, other]);
    let most = values.iter().zip(&hidden).max_by_key(|(value, _)| **value);
    let cell = most.map_or(0, |(_, &cell)| cell);
    let left = p.read(&[total]) - p.read(&shown);
    Leak {
        publication: p,
        cell,
        told: [0, left],
        close: vec![total],
    }
}

/// 0 = x + x + 0: where nothing is left, every part is nothing.
pub(crate) fn zeros(draw: &mut Draw) -> Leak {
    parts_of(draw, 0)
}

/// Where one is left, the parts are zeros and a one.
pub(crate) fn ones(draw: &mut Draw) -> Leak {
    parts_of(draw, 1)
}

/// Three suppressed cells of one each: who is one of them knows what the other two sum to. What that insider knows of
/// their own cell stands as published here.
pub(crate) fn singletons(draw: &mut Draw) -> Leak {
    let mut p = Publication::default();
    let own = p.shown(1);
    let [cell, other] = [(); 2].map(|()| p.hidden(1));
    let rest = p.some(1 + draw.below(4), draw);
    let total = p.total(&[&[own, cell, other][..], &rest].concat());
    let told = p.read(&[total]) - p.read(&rest) - p.read(&[own]);
    Leak {
        publication: p,
        cell,
        told: [0, told],
        close: vec![rest[0]],
    }
}

/// The leak is the last of many cells that are safe: an auditor that stops at the first safe one misses it.
pub(crate) fn after_safe(draw: &mut Draw) -> Leak {
    let mut p = Publication::default();
    for _ in 0..10 + draw.below(20) {
        let grid = Grid::new(&mut p, 2, 2, draw);
        p.hide(&grid.cells.concat());
    }
    let cell = p.hidden(draw.value(1, 3));
    let others = p.some(1 + draw.below(3), draw);
    let total = p.total(&[&others[..], &[cell]].concat());
    let told = p.read(&[total]) - p.read(&others);
    Leak {
        publication: p,
        cell,
        told: [told, told],
        close: vec![others[0]],
    }
}
