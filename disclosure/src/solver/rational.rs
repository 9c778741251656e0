//! Exact rational numbers of 128-bit parts. Every operation says when it would overflow: a bound that cannot
//! be computed exactly must not be taken for one.

use std::cmp::Ordering;

/// A number left the range of exact arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Overflow;

/// A fraction in lowest terms with a positive denominator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rational {
    numerator: i128,
    denominator: i128,
}

/// A result that is there and that has a negative.
fn negatable(result: Option<i128>) -> Result<i128, Overflow> {
    result.filter(|&n| n != i128::MIN).ok_or(Overflow)
}

pub(crate) fn gcd(mut a: i128, mut b: i128) -> i128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.abs()
}

impl Rational {
    pub(crate) const ZERO: Self = Self::integer(0);

    pub(crate) const fn integer(value: i128) -> Self {
        Self {
            numerator: value,
            denominator: 1,
        }
    }

    pub(crate) fn new(numerator: i128, denominator: i128) -> Self {
        debug_assert!(denominator != 0);
        let sign = denominator.signum();
        if denominator == sign {
            return Self::integer(numerator * sign);
        }
        let divisor = gcd(numerator, denominator) * sign;
        Self {
            numerator: numerator / divisor,
            denominator: denominator / divisor,
        }
    }

    pub(crate) fn signum(self) -> i128 {
        self.numerator.signum()
    }

    pub(crate) fn floor(self) -> i128 {
        self.numerator.div_euclid(self.denominator)
    }

    pub(crate) fn ceil(self) -> i128 {
        -(-self.numerator).div_euclid(self.denominator)
    }

    pub(crate) fn add(self, other: Self) -> Result<Self, Overflow> {
        if self.denominator == 1 && other.denominator == 1 {
            let sum = self.numerator.checked_add(other.numerator);
            return Ok(Self::integer(negatable(sum)?));
        }
        let left = self.numerator.checked_mul(other.denominator);
        let right = other.numerator.checked_mul(self.denominator);
        let numerator = left.zip(right).and_then(|(l, r)| l.checked_add(r));
        let denominator = self.denominator.checked_mul(other.denominator);
        Ok(Self::new(negatable(numerator)?, negatable(denominator)?))
    }

    pub(crate) fn sub(self, other: Self) -> Result<Self, Overflow> {
        self.add(Self {
            numerator: -other.numerator,
            ..other
        })
    }

    /// `self * numerator / denominator`.
    pub(crate) fn scale(self, numerator: i64, denominator: i64) -> Result<Self, Overflow> {
        let n = self.numerator.checked_mul(i128::from(numerator));
        let d = self.denominator.checked_mul(i128::from(denominator));
        Ok(Self::new(negatable(n)?, negatable(d)?))
    }

    pub(crate) fn compare(self, other: Self) -> Result<Ordering, Overflow> {
        if self.denominator == other.denominator {
            return Ok(self.numerator.cmp(&other.numerator));
        }
        let left = self.numerator.checked_mul(other.denominator);
        let right = other.numerator.checked_mul(self.denominator);
        let (l, r) = left.zip(right).ok_or(Overflow)?;
        Ok(l.cmp(&r))
    }
}
