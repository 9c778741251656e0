//! One system for everything that is published: unknown integers and what is known about them.
//!
//! A [`System`] holds what is public whatever the numbers are: which totals are sums of which parts, which
//! counts contain which. A [`View`] adds what has been published. Together they are all that an outsider has.

/// What everybody knows of a quantity before anything is published: its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Limits {
    /// Least value.
    pub low: i64,
    /// Greatest value; none where nothing bounds it.
    pub high: Option<i64>,
}

impl Limits {
    /// Counts, money, area: nonnegative.
    pub const NONNEGATIVE: Self = Self { low: 0, high: None };
}

/// `low ≤ Σ coefficient · variable ≤ high`, with variables by position.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Relation {
    /// Variables, each once, and their coefficients.
    pub terms: Vec<(u32, i64)>,
    /// Least sum.
    pub low: Option<i64>,
    /// Greatest sum.
    pub high: Option<i64>,
    /// The relation is known only where this fact is published; none when it always holds.
    pub fact: Option<u32>,
}

/// Unknown integers and the relations that always hold between them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct System {
    limits: Vec<Limits>,
    relations: Vec<Relation>,
    facts: u32,
}

impl System {
    /// A system without variables.
    pub fn new() -> Self {
        Self::default()
    }

    /// A system of nonnegative quantities in which the first of each of `sums` is the sum of the others; none where a
    /// sum names a quantity beyond them.
    pub(crate) fn of_sums(variables: usize, sums: &[Vec<u32>]) -> Option<Self> {
        let mut system = Self::new();
        for _ in 0..variables {
            system.variable(Limits::NONNEGATIVE);
        }
        for sum in sums {
            let (&total, parts) = sum.split_first()?;
            if sum.iter().any(|&v| v as usize >= variables) {
                return None;
            }
            system.sum(total, parts);
        }
        Some(system)
    }

    /// Adds a quantity and returns its position.
    pub fn variable(&mut self, limits: Limits) -> u32 {
        self.limits.push(limits);
        (self.limits.len() - 1) as u32
    }

    /// Adds a relation that always holds. Repeated variables are joined.
    pub fn relate(&mut self, terms: &[(u32, i64)], low: Option<i64>, high: Option<i64>) {
        self.push(terms, low, high, None);
    }

    /// `total = Σ parts`.
    pub fn sum(&mut self, total: u32, parts: &[u32]) {
        let mut terms: Vec<(u32, i64)> = parts.iter().map(|&p| (p, -1)).collect();
        terms.push((total, 1));
        self.relate(&terms, Some(0), Some(0));
    }

    /// `part ≤ whole`, through the remainder `whole − part`, whose position is returned: it can be computed by
    /// every reader of the two and is protected like them.
    pub fn contain(&mut self, part: u32, whole: u32) -> u32 {
        let remainder = self.variable(Limits::NONNEGATIVE);
        self.sum(whole, &[part, remainder]);
        remainder
    }

    /// A rate, average or figure per head that may be published as `value / scale`, rounded to the nearest
    /// integer `value` (halves either way): what it tells of numerator and denominator is
    /// `(2·value − 1)·denominator ≤ 2·scale·numerator ≤ (2·value + 1)·denominator`. Returns the fact's position.
    pub fn rounded_ratio(
        &mut self,
        numerator: u32,
        denominator: u32,
        scale: i64,
        value: i64,
    ) -> u32 {
        let fact = self.facts;
        self.facts += 1;
        let twice = 2 * scale;
        let least = [(numerator, twice), (denominator, -(2 * value - 1))];
        let most = [(numerator, twice), (denominator, -(2 * value + 1))];
        self.push(&least, Some(0), None, Some(fact));
        self.push(&most, None, Some(0), Some(fact));
        fact
    }

    fn push(
        &mut self,
        terms: &[(u32, i64)],
        low: Option<i64>,
        high: Option<i64>,
        fact: Option<u32>,
    ) {
        let mut sorted = terms.to_vec();
        sorted.sort_unstable_by_key(|t| t.0);
        let mut joined: Vec<(u32, i64)> = Vec::with_capacity(sorted.len());
        for (variable, c) in sorted {
            match joined.last_mut() {
                Some(last) if last.0 == variable => last.1 += c,
                _ => joined.push((variable, c)),
            }
        }
        joined.retain(|t| t.1 != 0);
        self.relations.push(Relation {
            terms: joined,
            low,
            high,
            fact,
        });
    }

    #[cfg(feature = "solver")]
    /// The system of some relations over some variables, which hold theirs; both by position, ascending. Returns also the
    /// facts that there are in it, by position here.
    pub(crate) fn part(&self, variables: &[u32], relations: &[u32]) -> (Self, Vec<u32>) {
        let relations = relations.iter().map(|&at| &self.relations[at as usize]);
        let mut facts: Vec<u32> = relations.clone().filter_map(|r| r.fact).collect();
        facts.sort_unstable();
        facts.dedup();
        let place = |list: &[u32], at: u32| list.binary_search(&at).unwrap_or_default() as u32;
        let moved = |relation: &Relation| Relation {
            terms: (relation.terms.iter())
                .map(|&(v, c)| (place(variables, v), c))
                .collect(),
            fact: relation.fact.map(|fact| place(&facts, fact)),
            ..*relation
        };
        let part = Self {
            limits: (variables.iter())
                .map(|&v| self.limits[v as usize])
                .collect(),
            relations: relations.map(moved).collect(),
            facts: facts.len() as u32,
        };
        (part, facts)
    }

    /// Bounds of every variable.
    pub fn limits(&self) -> &[Limits] {
        &self.limits
    }

    /// Every relation.
    pub fn relations(&self) -> &[Relation] {
        &self.relations
    }

    #[cfg(feature = "solver")]
    /// Raises the least value of a quantity that is not negative.
    pub(crate) fn raise_low(&mut self, variable: u32, low: i64) {
        if let Some(limits) = self
            .limits
            .get_mut(variable as usize)
            .filter(|l| l.low >= 0)
        {
            limits.low = limits.low.max(low);
        }
    }

    /// Number of variables.
    pub fn len(&self) -> usize {
        self.limits.len()
    }

    /// Whether there is no variable.
    pub fn is_empty(&self) -> bool {
        self.limits.is_empty()
    }

    /// Number of facts that may be published.
    pub fn facts(&self) -> usize {
        self.facts as usize
    }

    /// The first relation or limit that a full table of values breaks.
    pub fn broken_by(&self, values: &[i64], facts: &[bool]) -> Option<Broken> {
        for (at, (&value, limits)) in values.iter().zip(&self.limits).enumerate() {
            if value < limits.low || limits.high.is_some_and(|high| value > high) {
                return Some(Broken::Limits(at as u32));
            }
        }
        let holds = |relation: &Relation| {
            let mut terms = relation.terms.iter();
            let sum = terms.try_fold(0i128, |sum, &(v, c)| {
                sum.checked_add(i128::from(c) * i128::from(values[v as usize]))
            });
            // What cannot be added up is not known to hold.
            sum.is_some_and(|sum| {
                relation.low.is_none_or(|low| sum >= i128::from(low))
                    && relation.high.is_none_or(|high| sum <= i128::from(high))
            })
        };
        let known = |r: &Relation| r.fact.is_none_or(|f| facts[f as usize]);
        let at = self.relations.iter().position(|r| known(r) && !holds(r))?;
        Some(Broken::Relation(at as u32))
    }
}

/// What a table of values contradicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// The limits of this variable.
    Limits(u32),
    /// This relation.
    Relation(u32),
}

/// What has been published: the value of a variable, or nothing; and which facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct View {
    /// For each variable, its published value.
    pub values: Vec<Option<i64>>,
    /// For each fact, whether it is published.
    pub facts: Vec<bool>,
}

impl View {
    /// Nothing is published.
    pub fn nothing(system: &System) -> Self {
        Self {
            values: vec![None; system.len()],
            facts: vec![false; system.facts()],
        }
    }
}
