//! The basis: its factors, and the lines and columns that they give.

use super::{FLAT, NONE, Simplex, settle};
use crate::solver::factor::{Entries, Factor};

impl Simplex {
    /// The entries of a variable in the rows.
    pub(super) fn entries(&self, variable: u32) -> Entries {
        match (variable as usize).checked_sub(self.columns.len()) {
            Some(row) => vec![(row as u32, -1.0)],
            None => self.columns[variable as usize]
                .iter()
                .map(|&(row, c)| (row, c as f64))
                .collect(),
        }
    }

    pub(super) fn factorise(&mut self) {
        let columns: Vec<Entries> = self.basis.iter().map(|&v| self.entries(v)).collect();
        match Factor::new(&columns) {
            Some(factor) => self.factor = factor,
            None => {
                // Rounding has led to a basis without an inverse: that of the slacks always has one.
                let count = self.columns.len();
                self.row_of.fill(NONE);
                self.basis = (count as u32..(count + self.rows.len()) as u32).collect();
                for (row, &slack) in self.basis.iter().enumerate() {
                    self.row_of[slack as usize] = row as u32;
                }
                let slacks: Vec<Entries> = self.basis.iter().map(|&v| self.entries(v)).collect();
                self.factor = Factor::new(&slacks).unwrap_or_default();
            }
        }
        // What rounding has added up to since goes.
        let missing: Entries = (0..self.rows.len() as u32)
            .filter_map(|row| {
                let terms = self.rows[row as usize].iter();
                let sum: f64 = terms.map(|&(v, c)| c as f64 * self.value[v as usize]).sum();
                let missing = sum - self.value[self.columns.len() + row as usize];
                (missing.abs() > 1e-12).then_some((row, missing))
            })
            .collect();
        if !missing.is_empty() {
            for (row, excess) in self.factor.solve(&missing) {
                let value = &mut self.value[self.basis[row as usize] as usize];
                *value = settle(*value - excess);
            }
        }
    }

    /// How much each basic variable, by row, falls for each unit of a nonbasic one.
    pub(super) fn column(&mut self, variable: u32) -> Entries {
        let entries = self.entries(variable);
        let mut column = self.factor.solve(&entries);
        column.sort_unstable_by_key(|e| e.0);
        column
    }

    /// The line of the basis' inverse that belongs to a basic variable, by row; none when it is not basic.
    pub(crate) fn inverse_line(&mut self, variable: u32) -> Option<Entries> {
        let row = self.row_of[variable as usize];
        (row != NONE).then(|| self.factor.line(row))
    }

    /// How much the basic variable of a row falls for each unit of each nonbasic variable that matters, by variable.
    pub(super) fn line(&mut self, row: u32) -> Entries {
        let inverse = self.factor.line(row);
        let mut touched = Vec::new();
        for &(row, factor) in &inverse {
            for &(variable, coefficient) in &self.rows[row as usize] {
                if self.row_of[variable as usize] == NONE {
                    let price = &mut self.prices[variable as usize];
                    if *price == 0.0 {
                        touched.push(variable);
                    }
                    *price += factor * coefficient as f64;
                }
            }
            let slack = (self.columns.len() + row as usize) as u32;
            if self.row_of[slack as usize] == NONE {
                self.prices[slack as usize] = -factor;
                touched.push(slack);
            }
        }
        let mut line = Vec::with_capacity(touched.len());
        for variable in touched {
            let price = std::mem::take(&mut self.prices[variable as usize]);
            if price.abs() > FLAT {
                line.push((variable, price));
            }
        }
        line.sort_unstable_by_key(|e| e.0);
        line
    }

    /// Moves a nonbasic variable, and the basic ones with it.
    pub(super) fn shift(&mut self, variable: u32, change: f64, column: &Entries) {
        if change == 0.0 {
            return;
        }
        for &(row, c) in column {
            let value = &mut self.value[self.basis[row as usize] as usize];
            *value = settle(*value - change * c);
        }
        let value = &mut self.value[variable as usize];
        *value = settle(*value + change);
    }

    /// The row of reduced costs of a basic variable: how it moves per unit of each nonbasic one. None when the
    /// variable is nonbasic.
    pub(crate) fn reduced_costs(&mut self, variable: u32) -> Option<Entries> {
        let row = self.row_of[variable as usize];
        (row != NONE).then(|| {
            let mut line = self.line(row);
            line.iter_mut().for_each(|entry| entry.1 = -entry.1);
            line
        })
    }
}
