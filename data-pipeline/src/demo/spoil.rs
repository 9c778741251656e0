//! Bad rows, planted beside the good ones: each is a good row, spoilt in one way that one rule catches.

use std::{collections::VecDeque, path::Path};

use super::{DemoError, DemoOptions, DemoSummary, Planted, Random, export::Export};

/// One way to spoil a row.
pub(super) struct Spoil {
    /// What is wrong.
    pub kind: &'static str,
    /// The rule that catches it.
    pub rule: &'static str,
    /// How many rows are planted at scale 1.
    pub count: u64,
    /// Whether a row can be spoilt so that only this rule is broken.
    pub fits: fn(&[String]) -> bool,
    /// The spoiling. The number is one that no other row has.
    pub spoil: fn(&mut Vec<String>, u64),
}

/// Every row can be spoilt so.
pub(super) fn anything(_: &[String]) -> bool {
    true
}

/// Gives a row another number, which stands first: it would otherwise repeat the good row's.
pub(super) fn renumber(row: &mut [String], n: u64) {
    let digits = row[0].len().min(6);
    row[0] = format!("{}B{n:04}", &row[0][..digits]);
}

/// An export with bad rows among its good ones.
pub(super) struct Dirty<'a> {
    dataset: &'static str,
    export: Export,
    /// Where each bad row is to follow, in good rows.
    plan: VecDeque<(u64, &'static Spoil)>,
    good: u64,
    planted: u64,
    summary: &'a mut DemoSummary,
    on_row: &'a mut dyn FnMut(&Path, u64),
}

impl<'a> Dirty<'a> {
    /// Plans the bad rows of an export of about `rows` good ones.
    pub(super) fn new(
        options: &DemoOptions,
        (dataset, export): (&'static str, Export),
        (spoils, rows): (&mut dyn Iterator<Item = &'static Spoil>, u64),
        random: &mut Random,
        summary: &'a mut DemoSummary,
        on_row: &'a mut dyn FnMut(&Path, u64),
    ) -> Self {
        let mut plan: Vec<(u64, &'static Spoil)> = Vec::new();
        for spoil in spoils {
            // More data hold more mistakes, but not so many that the list of them would grow without end.
            let count = (spoil.count as f64 * options.scale.clamp(0.1, 20.0)).round() as u64;
            plan.extend((0..count.max(1)).map(|_| (random.below(rows * 9 / 10 + 1), spoil)));
        }
        plan.sort_by_key(|&(at, _)| at);
        Self {
            dataset,
            export,
            plan: plan.into(),
            good: 0,
            planted: 0,
            summary,
            on_row,
        }
    }

    /// Writes a good row, and after it the bad ones that are due and that it can be made into.
    pub(super) fn write(&mut self, row: &[String]) -> Result<(), DemoError> {
        self.export.write(row)?;
        let mut due = 0;
        while due < self.plan.len() && self.plan[due].0 <= self.good {
            let (_, spoil) = self.plan[due];
            if !(spoil.fits)(row) {
                due += 1;
                continue;
            }
            self.plan.remove(due);
            let mut bad = row.to_vec();
            self.planted += 1;
            (spoil.spoil)(&mut bad, self.planted);
            let (file, line) = self.export.write(&bad)?;
            self.summary.planted.push(Planted {
                dataset: self.dataset,
                file: file.to_owned(),
                line,
                kind: spoil.kind,
                rule: spoil.rule,
            });
        }
        self.good += 1;
        if self.good.is_multiple_of(10_000) {
            (self.on_row)(self.export.path(), self.good);
        }
        Ok(())
    }

    /// Ends the export.
    pub(super) fn finish(self) -> Result<(), DemoError> {
        self.summary.files.extend(self.export.finish()?);
        Ok(())
    }
}
