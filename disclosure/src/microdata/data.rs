//! Records as codes: quasi-identifiers with their recodings, outcomes, cases and releases.

use std::collections::BTreeMap;

use super::{
    MicrodataError,
    codes::{codes, combine},
};

/// How far each key is recoded and which outcomes are kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Recoding {
    /// For each key the position of its form, the finest first; beyond the last form it is left out.
    pub keys: Vec<usize>,
    /// For each outcome whether it is kept.
    pub outcomes: Vec<bool>,
}

/// Records with their quasi-identifiers and outcomes. Values are texts; a recoding is given row by row, so that
/// any hierarchy can be expressed.
#[derive(Clone, Debug)]
pub struct Microdata {
    pub(super) rows: usize,
    pub(super) keys: Vec<Key>,
    pub(super) outcomes: Vec<Outcome>,
    pub(super) weights: Vec<u64>,
    pub(super) cases: Option<Vec<u64>>,
    pub(super) releases: Vec<u32>,
    /// The recodings of each earlier release.
    pub(super) earlier: Vec<Recoding>,
    /// For each row the keys that are not told in it, a bit each: of earlier releases.
    pub(super) untold: Vec<u32>,
    /// Rows of the population that are not in the file.
    pub(super) outside: Vec<bool>,
}

#[derive(Clone, Debug)]
pub(super) struct Key {
    pub name: String,
    /// For each recoding, the code of each row.
    pub levels: Vec<Vec<u32>>,
    /// For each recoding, the text of each code.
    pub labels: Vec<Vec<String>>,
}

#[derive(Clone, Debug)]
pub(super) struct Outcome {
    pub codes: Vec<u32>,
    pub size: usize,
    pub ordered: bool,
}

impl Microdata {
    /// So many rows, each of them one record of one case.
    pub fn new(rows: usize) -> Self {
        Self {
            rows,
            keys: Vec::new(),
            outcomes: Vec::new(),
            weights: vec![1; rows],
            cases: None,
            releases: vec![0; rows],
            earlier: Vec::new(),
            untold: vec![0; rows],
            outside: vec![false; rows],
        }
    }

    fn check(&self, column: &str, found: usize) -> Result<(), MicrodataError> {
        let (column, expected) = (column.to_owned(), self.rows);
        if found == expected {
            return Ok(());
        }
        Err(MicrodataError::Length {
            column,
            found,
            expected,
        })
    }

    /// Adds a quasi-identifier: its forms row by row, the finest first. The last recoding, beyond these, leaves
    /// it out.
    ///
    /// # Errors
    /// When a form has another number of rows, or splits what the form before it does not tell apart.
    pub fn key<T: AsRef<str>>(
        mut self,
        name: &str,
        forms: &[&[T]],
    ) -> Result<Self, MicrodataError> {
        let mut key = Key {
            name: name.to_owned(),
            levels: Vec::new(),
            labels: Vec::new(),
        };
        for (level, form) in forms.iter().enumerate() {
            self.check(name, form.len())?;
            let (coarse, labels) = codes(form);
            if let Some(fine) = key.levels.last() {
                let mut parent: Vec<Option<u32>> = vec![None; self.rows];
                for (&fine, &coarse) in fine.iter().zip(&coarse) {
                    if *parent[fine as usize].get_or_insert(coarse) != coarse {
                        return Err(MicrodataError::NotNested {
                            key: key.name,
                            level,
                        });
                    }
                }
            }
            key.levels.push(coarse);
            key.labels.push(labels);
        }
        self.keys.push(key);
        Ok(self)
    }

    /// Adds an outcome without order.
    ///
    /// # Errors
    /// When it has another number of rows.
    pub fn outcome<T: AsRef<str>>(
        mut self,
        name: &str,
        values: &[T],
    ) -> Result<Self, MicrodataError> {
        self.check(name, values.len())?;
        let (codes, labels) = codes(values);
        self.outcomes.push(Outcome {
            codes,
            size: labels.len(),
            ordered: false,
        });
        Ok(self)
    }

    /// Adds an outcome whose values have an order; t-closeness then measures how far values are apart.
    ///
    /// # Errors
    /// When it has another number of rows, or a value outside the order.
    pub fn ordered_outcome<T: AsRef<str>>(
        mut self,
        name: &str,
        values: &[T],
        order: &[&str],
    ) -> Result<Self, MicrodataError> {
        self.check(name, values.len())?;
        let occurs = |o: &&&str| values.iter().any(|value| value.as_ref() == **o);
        // Values of the order that do not occur are no steps.
        let steps: BTreeMap<&str, u32> = order.iter().filter(occurs).copied().zip(0..).collect();
        let codes: Option<Vec<u32>> = values
            .iter()
            .map(|v| steps.get(v.as_ref()).copied())
            .collect();
        let codes = codes.ok_or_else(|| MicrodataError::NotInOrder(name.to_owned()))?;
        self.outcomes.push(Outcome {
            codes,
            size: steps.len(),
            ordered: true,
        });
        Ok(self)
    }

    /// Rows that stand for several equal records each.
    ///
    /// # Errors
    /// When there is another number of weights than of rows.
    pub fn weights(mut self, weights: Vec<u64>) -> Result<Self, MicrodataError> {
        self.check("weights", weights.len())?;
        self.weights = weights;
        Ok(self)
    }

    /// The case behind each row. Rows of one case in one class are counted once; the latest release, and in it
    /// the last row, speaks for its outcome.
    ///
    /// # Errors
    /// When there is another number of cases than of rows.
    pub fn cases(mut self, cases: Vec<u64>) -> Result<Self, MicrodataError> {
        self.check("cases", cases.len())?;
        self.cases = Some(cases);
        Ok(self)
    }

    /// The release that shows each row, from 0, and the recodings of each release before the last. The last
    /// release is the one to be made.
    ///
    /// # Errors
    /// When there is another number of entries than of rows, or a row of a release without a recoding.
    pub fn releases(
        mut self,
        releases: Vec<u32>,
        earlier: Vec<Recoding>,
    ) -> Result<Self, MicrodataError> {
        self.check("releases", releases.len())?;
        if releases
            .iter()
            .any(|&release| release as usize > earlier.len())
        {
            return Err(MicrodataError::UnknownRelease(earlier.len()));
        }
        (self.releases, self.earlier) = (releases, earlier);
        Ok(self)
    }

    /// The keys whose value an earlier release did not tell in a row.
    ///
    /// # Errors
    /// When there is another number of entries than of rows.
    pub fn untold(mut self, keys: &[Vec<usize>]) -> Result<Self, MicrodataError> {
        self.check("untold", keys.len())?;
        let mask = |keys: &Vec<usize>| keys.iter().fold(0, |mask, key| mask | 1 << key);
        self.untold = keys.iter().map(mask).collect();
        Ok(self)
    }

    /// Marks rows that belong to the population an intruder may know, and not to the file. Only [`super::risk`]
    /// looks at them.
    ///
    /// # Errors
    /// When there is another number of marks than of rows.
    pub fn outside(mut self, outside: Vec<bool>) -> Result<Self, MicrodataError> {
        self.check("outside", outside.len())?;
        self.outside = outside;
        Ok(self)
    }

    /// Every key at its finest form, every outcome kept.
    pub fn unrecoded(&self) -> Recoding {
        Recoding {
            keys: vec![0; self.keys.len()],
            outcomes: vec![true; self.outcomes.len()],
        }
    }

    /// The text of a key of a row at a recoding; none when it is left out.
    pub fn label(&self, key: usize, level: usize, row: usize) -> Option<&str> {
        let key = self.keys.get(key)?;
        let code = *key.levels.get(level)?.get(row)?;
        key.labels[level].get(code as usize).map(String::as_str)
    }

    /// The rows of one release that are in the file; of every release when none is named.
    pub(super) fn in_file(&self, release: Option<usize>) -> impl Iterator<Item = usize> + '_ {
        (0..self.rows).filter(move |&row| {
            !self.outside[row] && release.is_none_or(|r| self.releases[row] as usize == r)
        })
    }

    /// The release to be made.
    pub(super) fn last(&self) -> Option<usize> {
        Some(self.earlier.len())
    }

    /// The class of each row at a recoding of the keys, numbered without gaps in the order of the codes. A value
    /// that is not told is a value of its own.
    pub(super) fn classes(&self, levels: &[usize], masks: &[u32]) -> Vec<u32> {
        let parts = self
            .keys
            .iter()
            .zip(levels)
            .enumerate()
            .map(|(at, (key, &level))| {
                let values = key.labels.get(level).map_or(0, Vec::len) as u64;
                let code = move |row: usize| match masks[row] & 1 << at {
                    0 if values > 0 => 1 + key.code(level, row),
                    _ => 0,
                };
                (values + 1, (0..self.rows).map(code))
            });
        combine(self.rows, parts)
    }

    /// The combination of the kept outcomes of each row.
    pub(super) fn combinations(&self, kept: &[bool]) -> Vec<u32> {
        let kept = self.outcomes.iter().zip(kept).filter(|(_, kept)| **kept);
        let parts = kept.map(|(o, _)| (o.size as u64, o.codes.iter().map(|&code| u64::from(code))));
        combine(self.rows, parts)
    }
}

impl Key {
    /// The code of a row at a recoding; 0 beyond the last one.
    pub fn code(&self, level: usize, row: usize) -> u64 {
        self.levels
            .get(level)
            .map_or(0, |codes| u64::from(codes[row]))
    }
}
