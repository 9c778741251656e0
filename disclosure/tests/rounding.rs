//! Relations that floating point gets wrong: nearly singular ones, and ones of large coefficients.
//! They are made so that pencil and paper tell every interval, by a generator that shares no code with any solver. What
//! the auditor and the witnesses say of them must be right, or be refused; a solver in floating point is held beside
//! them to show that these relations mislead one.
#![allow(clippy::print_stdout)]

mod draw;

use disclosure::{
    Audit, Control, DisclosureError, Interval, Limits, Options, Problem, Role, System, View, audit,
    suppress, witnesses,
};
use draw::Draw;
use microlp::{ComparisonOp, OptimizationDirection};

/// Greatest coefficients.
const MOST: [i64; 3] = [1_000, 100_000, 10_000_000];

/// A matrix of determinant one and its inverse, both of integers, with entries of up to `most`: equations with it have
/// integer solutions only, and are the nearer to singular the larger its entries are.
struct Twist {
    rows: Vec<Vec<i64>>,
    inverse: Vec<Vec<i64>>,
}

impl Twist {
    fn new(draw: &mut Draw, size: usize, most: i64) -> Self {
        let unit = |at: usize| (0..size).map(|c| i64::from(c == at)).collect();
        let mut twist = Self {
            rows: (0..size).map(unit).collect(),
            inverse: (0..size).map(unit).collect(),
        };
        for _ in 0..60 * size {
            let (to, from) = (draw.below(size as u64), draw.below(size as u64));
            let times = draw.value(1, 9) * if draw.below(2) == 0 { 1 } else { -1 };
            if to != from {
                twist.add(to, from, times, most);
            }
        }
        twist
    }

    /// Adds a multiple of one row to another, and takes it back in the inverse, unless an entry became too large.
    fn add(&mut self, to: usize, from: usize, times: i64, most: i64) {
        let row: Vec<i64> = self.rows[to]
            .iter()
            .zip(&self.rows[from])
            .map(|(a, b)| a + times * b)
            .collect();
        let columns = self.inverse.iter();
        let column: Vec<i64> = columns.map(|r| r[from] - times * r[to]).collect();
        if row.iter().chain(&column).all(|v| v.abs() <= most) {
            self.rows[to] = row;
            for (row, value) in self.inverse.iter_mut().zip(column) {
                row[from] = value;
            }
        }
    }

    /// The equations that the first `count` rows are, at the values.
    fn relate(&self, system: &mut System, count: usize, values: &[i64]) {
        for row in &self.rows[..count] {
            let terms: Vec<(u32, i64)> = (0..).zip(row.iter().copied()).collect();
            let sum = row.iter().zip(values).map(|(c, v)| c * v).sum();
            system.relate(&terms, Some(sum), Some(sum));
        }
    }

    /// The one way in which all but the last equation let the quantities move.
    fn way(&self) -> Vec<i64> {
        self.inverse
            .iter()
            .filter_map(|row| row.last().copied())
            .collect()
    }
}

/// Whole numbers of steps along `way`, from the values, that leave every quantity nonnegative; and by quantity, the ends
/// of its interval when steps may be parts, rounded inwards. None where there is no end.
struct Line {
    steps: [Option<i64>; 2],
    ends: Vec<[Option<i64>; 2]>,
}

impl Line {
    fn new(values: &[i64], way: &[i64]) -> Self {
        // The furthest that a step can go: `value / |rate|` of the quantity that reaches zero first.
        let furthest = |forwards: bool| -> Option<(i128, i128)> {
            let falling = values
                .iter()
                .zip(way)
                .filter(|(_, w)| (**w < 0) == forwards && **w != 0);
            falling
                .map(|(&v, &w)| (i128::from(v), i128::from(w).abs()))
                .min_by(|a, b| (a.0 * b.1).cmp(&(b.0 * a.1)))
        };
        let [back, forth] = [furthest(false), furthest(true)];
        let end = |value: i64, rate: i64, up: bool| -> Option<i64> {
            if rate == 0 {
                return Some(value);
            }
            let (steps, sign) = if (rate > 0) == up {
                (forth, 1)
            } else {
                (back, -1)
            };
            let (n, d) = steps?;
            let moved = i128::from(rate) * sign * n;
            let rounded = if up {
                moved.div_euclid(d)
            } else {
                -(-moved).div_euclid(d)
            };
            i64::try_from(i128::from(value) + rounded).ok()
        };
        let whole =
            |steps: Option<(i128, i128)>| steps.and_then(|(n, d)| i64::try_from(n / d).ok());
        Self {
            steps: [whole(back), whole(forth)],
            ends: (values.iter().zip(way))
                .map(|(&v, &w)| [end(v, w, false), end(v, w, true)])
                .collect(),
        }
    }

    /// Difference of the least and the greatest integer that a quantity can be.
    fn width(&self, rate: i64) -> u64 {
        match self.steps {
            [Some(back), Some(forth)] => rate
                .unsigned_abs()
                .saturating_mul((back + forth).unsigned_abs()),
            _ if rate == 0 => 0,
            _ => u64::MAX,
        }
    }

    /// Whether an interval holds all integer values of a quantity, and nothing beyond its real ones.
    fn fits(&self, at: usize, value: i64, rate: i64, seen: Interval) -> bool {
        let [low, high] = self.ends[at];
        let [back, forth] = self.steps;
        let (down, up) = if rate > 0 {
            (back, forth)
        } else {
            (forth, back)
        };
        let least = down.map(|steps| value - rate.abs() * steps);
        let most = up.map(|steps| value + rate.abs() * steps);
        let is_wide_enough = least.is_none_or(|least| rate == 0 || seen.low <= least)
            && seen
                .high
                .is_none_or(|high| rate == 0 || most.is_some_and(|most| high >= most));
        let is_narrow_enough = low.is_none_or(|low| seen.low >= low)
            && high.is_none_or(|high| seen.high.is_some_and(|seen| seen <= high));
        is_wide_enough && is_narrow_enough
    }
}

fn nonnegative(count: usize) -> System {
    let mut system = System::new();
    for _ in 0..count {
        system.variable(Limits::NONNEGATIVE);
    }
    system
}

fn seen(system: &System, view: &View) -> Result<Audit, DisclosureError> {
    audit(system, view, &Control::default())
}

/// The width of a quantity's interval by another solver, in floating point; none where it finds no solution.
fn by_floating_point(system: &System, of: usize) -> Option<f64> {
    let end = |direction| {
        let mut program = microlp::Problem::new(direction);
        let all = 0..system.len();
        let variables: Vec<_> = all
            .map(|at| program.add_var(f64::from(u8::from(at == of)), (0.0, f64::INFINITY)))
            .collect();
        for relation in system.relations() {
            let terms = relation.terms.iter();
            let terms: Vec<_> = terms
                .map(|&(v, c)| (variables[v as usize], c as f64))
                .collect();
            program.add_constraint(
                terms.as_slice(),
                ComparisonOp::Eq,
                relation.low.unwrap_or(0) as f64,
            );
        }
        let outcome = program.solve().ok()?;
        outcome
            .into_solution()
            .ok()
            .map(|solution| solution.objective())
    };
    Some(end(OptimizationDirection::Maximize)? - end(OptimizationDirection::Minimize)?)
}

/// As many equations as quantities: every quantity follows, however near to singular they are.
#[test]
fn nearly_singular_equations_tell_everything() {
    let mut draw = Draw(11);
    let (mut told, mut misled) = ([0; 3], 0);
    for round in 0..600 {
        let size = 2 + round % 5;
        let most = MOST[round % 3];
        let twist = Twist::new(&mut draw, size, most);
        let values: Vec<i64> = (0..size).map(|_| draw.value(1, 60)).collect();
        let mut system = nonnegative(size);
        twist.relate(&mut system, size, &values);
        let view = View::nothing(&system);
        match seen(&system, &view) {
            Ok(audit) => {
                let points = audit.intervals.iter().map(|i| (i.low, i.high));
                let expected = values.iter().map(|&v| (v, Some(v)));
                assert!(points.eq(expected), "{system:?} {values:?}: {audit:?}");
                told[round % 3] += 1;
            }
            Err(DisclosureError::TooLarge { .. }) => {}
            Err(other) => panic!("{other}: {system:?} {values:?}"),
        }
        let all: Vec<u32> = (0..size as u32).collect();
        let found = witnesses(&system, &view, &all, 1, &Control::default());
        assert!(found.is_err(), "{system:?} {values:?}: {found:?}");
        misled += usize::from(by_floating_point(&system, 0).is_none_or(|width| width > 0.5));
    }
    println!("{told:?} of 200 each told; a solver in floating point misled by {misled}");
    assert_eq!(told[0], 200, "what is small is never refused");
    assert!(misled > 10, "the equations are too easy: {misled}");
}

/// One equation fewer than quantities: they move along one line, which ends where the first of them is zero.
#[test]
fn intervals_along_a_line_are_exact() {
    let mut draw = Draw(12);
    let (mut told, mut open, mut proven) = ([0; 3], [0; 3], [0; 3]);
    for round in 0..600 {
        let size = 3 + round % 4;
        let most = MOST[round % 3] / 10;
        let twist = Twist::new(&mut draw, size, most);
        let way = twist.way();
        let values: Vec<i64> = way
            .iter()
            .map(|w| w.abs() * draw.value(0, 4) + draw.value(1, 9))
            .collect();
        let line = Line::new(&values, &way);
        let mut system = nonnegative(size);
        twist.relate(&mut system, size - 1, &values);
        let view = View::nothing(&system);
        match seen(&system, &view) {
            Ok(audit) => {
                for (at, &interval) in audit.intervals.iter().enumerate() {
                    let fits = line.fits(at, values[at], way[at], interval);
                    assert!(
                        fits,
                        "{at} {interval:?}: {:?} {system:?} {values:?}",
                        line.ends[at]
                    );
                }
                told[round % 3] += 1;
            }
            Err(DisclosureError::TooLarge { .. }) => {}
            Err(other) => panic!("{other}: {system:?} {values:?}"),
        }
        for target in 0..size as u32 {
            let width = draw.value(1, 5) as u64;
            let can = line.width(way[target as usize]) >= width;
            let found = witnesses(&system, &view, &[target], width, &Control::default());
            assert!(
                can || found.is_err(),
                "{target}: {system:?} {values:?} {found:?}"
            );
            if let Ok(found) = found {
                assert_eq!(found.check(&system, &view, &[target], width), Ok(()));
                proven[round % 3] += 1;
            }
            open[round % 3] += usize::from(can);
        }
    }
    println!("{told:?} of 200 each told; {proven:?} of {open:?} open quantities witnessed");
    assert_eq!(told[0], 200, "what is small is never refused");
}

/// Of quantities that move along one line, publishing any one tells all: nothing but suppressing all of them protects
/// one, and not even that where the line is too short.
#[test]
fn patterns_are_not_misled() {
    let mut draw = Draw(13);
    let (mut safe, mut refused) = (0, 0);
    for round in 0..300 {
        let size = 3 + round % 4;
        let most = MOST[round % 3] / 10;
        let twist = Twist::new(&mut draw, size, most);
        let way = twist.way();
        let values: Vec<i64> = way
            .iter()
            .map(|w| w.abs() * draw.value(0, 3) + draw.value(1, 9))
            .collect();
        let line = Line::new(&values, &way);
        let width = draw.value(1, 5) as u64;
        let mut problem = Problem::default();
        for (at, &value) in values.iter().enumerate() {
            let role = match at {
                0 => Role::Primary { cost: 1 },
                _ => Role::Cell { cost: 1 },
            };
            problem.variable(Limits::NONNEGATIVE, value, role);
        }
        problem.protect(0, width);
        twist.relate(&mut problem.system, size - 1, &values);
        let real = line.ends[0];
        let real = real[1].map_or(u64::MAX, |high| high.abs_diff(real[0].unwrap_or(0)));
        match suppress(&problem, &Options::default(), &Control::default()) {
            Ok(found) => {
                let pattern = found.pattern.cells;
                let moves = way
                    .iter()
                    .zip(&pattern)
                    .all(|(&w, &hidden)| hidden || w == 0);
                assert!(
                    moves && real >= width,
                    "{real} of {width}: {problem:?} {pattern:?}"
                );
                safe += 1;
            }
            Err(_) => refused += 1,
        }
    }
    println!("{safe} protected, {refused} refused");
    assert!(safe > refused, "{safe} protected, {refused} refused");
}
