//! The cell key method: noise on counts that is the same wherever the same records are counted.
//!
//! Every record has a key, a fraction of [0, 1) that is drawn once and kept for as long as the record lives. The key of
//! a cell is the fractional part of the sum of the keys of its records. A table of probabilities turns the cell's count
//! and key into what is published. So a cell that several tables show, or that is asked for again, comes out the same,
//! and nobody can wear the noise down by asking; another set of records has another key, whose noise tells nothing of
//! this one's.
//!
//! Method: Fraser and Wooton, *A proposed method for confidentialising tabular output to protect against differencing*
//! (UNECE work session on statistical data confidentiality, 2005), as in the TableBuilder of the Australian Bureau of
//! Statistics, and Hundepool et al., *Statistical Disclosure Control* (2012) with the later handbook. Tables of the
//! greatest entropy: Marley and Leaver (2011), Giessing (2016).
//!
//! **Nothing uses it unless a contract asks for noise, and none does**: public money and areas are published exactly and
//! are never perturbed, and suppressed counts are proven open by [`crate::Witnesses`], which noise does not allow. What
//! it costs: perturbed counts do not add up to perturbed totals. What it does not do: it proves no width. Whoever may
//! ask for many different cells can average their noise (Asghar and Kaafar, *Averaging attacks on bounded noise-based
//! disclosure control algorithms*, 2020).
//!
//! **Keys are secret**: who knows those of a cell's records takes the noise away. They must be uniform, such as the first
//! four bytes of a keyed hash of the record's number, and the same in every snapshot.
//!
//! ```
//! use disclosure::cell_key::{Key, PerturbationTable, Row};
//!
//! // The handbook's example: three records with the keys 0.9, 0.3 and 0.6.
//! let records = [(9, 10), (3, 10), (6, 10)].map(|(n, d)| Key::ratio(n, d).unwrap());
//! let cell: Key = records.into_iter().sum();
//! assert!((cell.fraction() - 0.8).abs() < 1e-9);
//! // Counts of one and more: one less in a quarter of all cells, one more in another quarter. Zero stays zero.
//! let noise = Row::unbiased([(-1, 25), (0, 50), (1, 25)]);
//! let table = PerturbationTable::new(100, [Row::unbiased([(0, 100)]), noise])?;
//! assert_eq!(table.perturb(3, cell), 4);
//! // Wherever these three are counted, in whatever order.
//! assert_eq!(table.count(records.into_iter().rev()), 4);
//! # Ok::<(), disclosure::cell_key::CellKeyError>(())
//! ```

mod entropy;

use std::{iter::Sum, ops::Add};

/// Keys there are.
const KEYS: u64 = 1 << 32;

/// The key of a record or of a cell: a fraction of [0, 1) in units of 2⁻³².
///
/// An integer, since the sum must not depend on the order of the records, as that of floating-point numbers does. Binary
/// rather than decimal: any 32 bits of a keyed hash are a uniform key, and dropping what is carried out of them is the
/// fractional part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(u32);

impl Key {
    /// The fraction of 32 bits.
    pub const fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    /// The least key that is not below `numerator / denominator`; none when that is one or more, or the denominator zero.
    pub fn ratio(numerator: u32, denominator: u32) -> Option<Self> {
        let scaled = (numerator < denominator)
            .then(|| (u64::from(numerator) * KEYS).div_ceil(u64::from(denominator)))?;
        u32::try_from(scaled).ok().map(Self)
    }

    /// The 32 bits.
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// The fraction, exactly.
    pub fn fraction(self) -> f64 {
        f64::from(self.0) / KEYS as f64
    }
}

impl Add for Key {
    type Output = Self;

    /// The fractional part of the sum: the key of the records of both.
    fn add(self, other: Self) -> Self {
        Self(self.0.wrapping_add(other.0))
    }
}

impl Sum for Key {
    fn sum<I: Iterator<Item = Self>>(keys: I) -> Self {
        keys.fold(Self::default(), Add::add)
    }
}

/// What may become of one count: by how much it changes, in how many parts of all keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    noise: Vec<(i64, u64)>,
    bias: i128,
}

impl Row {
    /// Noise whose expected value is zero, with its parts, for keys that grow in the order given.
    pub fn unbiased(noise: impl IntoIterator<Item = (i64, u64)>) -> Self {
        Self::biased(noise, 0)
    }

    /// As [`Row::unbiased`], with an expected value that is declared, in parts: the sum of noise times parts. A count
    /// of zero that does not stay zero has one.
    pub fn biased(noise: impl IntoIterator<Item = (i64, u64)>, bias: i128) -> Self {
        Self {
            noise: noise.into_iter().collect(),
            bias,
        }
    }

    /// The noise and its parts, as given.
    pub fn noise(&self) -> &[(i64, u64)] {
        &self.noise
    }

    fn sum(&self) -> Option<u64> {
        let mut parts = self.noise.iter().map(|&(_, parts)| parts);
        parts.try_fold(0u64, u64::checked_add)
    }

    fn possible(&self) -> impl Iterator<Item = i128> {
        let noise = self.noise.iter().filter(|(_, parts)| *parts > 0);
        noise.map(|&(noise, _)| i128::from(noise))
    }

    /// Σ value of the noise · parts.
    fn expected(&self) -> i128 {
        let noise = self.noise.iter();
        noise.map(|&(n, p)| i128::from(n) * i128::from(p)).sum()
    }
}

/// Why a table of probabilities is none.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CellKeyError {
    /// There is no row.
    #[error("the perturbation table has no row: give one for each count from zero on")]
    NoRow,
    /// Keys cannot be divided like that.
    #[error("keys cannot be divided into {0} parts: name 1 to 2^32")]
    Parts(u64),
    /// Probabilities do not sum to one.
    #[error(
        "the probabilities for a count of {count} do not sum to {expected} parts: correct them"
    )]
    Sum {
        /// The count.
        count: usize,
        /// The parts of the table.
        expected: u64,
    },
    /// A count would fall below zero.
    #[error("a count of {count} could be published as less than zero: correct its row")]
    Negative {
        /// The count.
        count: usize,
    },
    /// The expected noise is not what was declared.
    #[error(
        "noise on a count of {count} adds up to {found} parts where {declared} are declared: correct its row, or declare its bias"
    )]
    Bias {
        /// The count.
        count: usize,
        /// Noise times parts.
        found: i128,
        /// The same, as declared.
        declared: i128,
    },
    /// No noise has this variance.
    #[error(
        "no unbiased noise of up to {most} on every count has a variance of {variance}: ask for more than 0 and clearly less than {most}"
    )]
    Variance {
        /// The greatest noise.
        most: u8,
        /// The variance.
        variance: f64,
    },
}

/// By count and cell key, what is published: probabilities in whole parts, so that they are checked exactly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PerturbationTable {
    parts: u64,
    rows: Vec<Row>,
}

impl PerturbationTable {
    /// A table with a row for each count from zero on, the last for all that are larger; keys are divided into `parts`,
    /// 2³² at most. Where these are no power of two, a part has one key more or less than another.
    ///
    /// # Errors
    /// When the probabilities of a row do not sum to one, when a count could fall below zero, when the expected noise
    /// is not what a row declares. That zero does not stay zero is a bias, and is refused undeclared.
    pub fn new(parts: u64, rows: impl IntoIterator<Item = Row>) -> Result<Self, CellKeyError> {
        if !(1..=KEYS).contains(&parts) {
            return Err(CellKeyError::Parts(parts));
        }
        let rows: Vec<Row> = rows.into_iter().collect();
        if rows.is_empty() {
            return Err(CellKeyError::NoRow);
        }
        for (count, row) in rows.iter().enumerate() {
            if row.sum() != Some(parts) {
                let expected = parts;
                return Err(CellKeyError::Sum { count, expected });
            }
            if row.possible().any(|noise| noise + (count as i128) < 0) {
                return Err(CellKeyError::Negative { count });
            }
            let (found, declared) = (row.expected(), row.bias);
            if found != declared {
                return Err(CellKeyError::Bias {
                    count,
                    found,
                    declared,
                });
            }
        }
        Ok(Self { parts, rows })
    }

    /// The table of the greatest entropy among those that change no count by more than `most`, are unbiased, keep
    /// zeros, and give every other count noise of this variance. It is computed in floating point: keep the table,
    /// rather than make it again on another machine.
    ///
    /// # Errors
    /// When there is none: on a count of one, noise of up to `most` has a variance below `most`.
    pub fn maximum_entropy(most: u8, variance: f64) -> Result<Self, CellKeyError> {
        let unreachable = CellKeyError::Variance { most, variance };
        if !(variance > 0.0 && variance < f64::from(most)) {
            return Err(unreachable);
        }
        let mut rows = vec![Row::unbiased([(0, KEYS)])];
        for count in 1..=i64::from(most) {
            let noise: Vec<i64> = (-count..=i64::from(most)).collect();
            let shares = entropy::greatest(&noise, variance);
            rows.push(entropy::in_parts(&noise, &shares).ok_or(unreachable)?);
        }
        Self::new(KEYS, rows)
    }

    /// How many parts keys are divided into.
    pub fn parts(&self) -> u64 {
        self.parts
    }

    /// The row of a count.
    pub fn row(&self, count: u64) -> &Row {
        let last = self.rows.len() - 1;
        &self.rows[usize::try_from(count).map_or(last, |count| count.min(last))]
    }

    /// What is published of a count of records whose keys sum to `key`.
    pub fn perturb(&self, count: u64, key: Key) -> u64 {
        let mut left = u64::from(key.0) * self.parts / KEYS;
        for &(noise, parts) in &self.row(count).noise {
            match left.checked_sub(parts) {
                Some(rest) => left = rest,
                None => return count.saturating_add_signed(noise),
            }
        }
        count
    }

    /// What is published of the number of some records.
    pub fn count(&self, records: impl IntoIterator<Item = Key>) -> u64 {
        let add = |(count, sum): (u64, Key), key| (count + 1, sum + key);
        let (count, key) = records.into_iter().fold((0, Key::default()), add);
        self.perturb(count, key)
    }

    /// The expected noise on a count.
    pub fn bias(&self, count: u64) -> f64 {
        self.row(count).expected() as f64 / self.parts as f64
    }

    /// The variance of the noise on a count, for readers: it tells nothing of any key.
    pub fn variance(&self, count: u64) -> f64 {
        let row = self.row(count).noise.iter();
        let square = |&(noise, parts): &(i64, u64)| (noise as f64).powi(2) * parts as f64;
        let squares: f64 = row.map(square).sum();
        squares / self.parts as f64 - self.bias(count).powi(2)
    }
}
