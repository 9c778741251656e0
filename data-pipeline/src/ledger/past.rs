//! What snapshots told: counts and their versions, and what the relations between them rested on.

use std::collections::{BTreeMap, BTreeSet};

use contract::{Level, Period, dataset::Population};
use serde::{Deserialize, Serialize};

/// Of every place, its level and what it lies in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceTree(pub BTreeMap<String, (Level, Option<String>)>);

impl PlaceTree {
    /// The code of the place at a level that holds a place.
    pub fn ancestor<'t>(&'t self, code: &'t str, level: Level) -> Option<&'t str> {
        let (mut code, mut at) = (code, self.0.get(code)?);
        // A tree that runs in circles ends too.
        for _ in Level::ALL {
            if at.0 == level {
                return Some(code);
            }
            code = at.1.as_deref()?;
            at = self.0.get(code)?;
        }
        None
    }

    /// The level of a place.
    pub fn level(&self, code: &str) -> Option<Level> {
        self.0.get(code).map(|place| place.0)
    }
}

/// How a population hangs together with others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Containment {
    /// Its id.
    pub id: String,
    /// Those that contain it.
    pub within: Vec<String>,
    /// With the others of this name it makes up the whole.
    pub partition: Option<String>,
}

impl From<&Population> for Containment {
    fn from(population: &Population) -> Self {
        Self {
            id: population.id.clone(),
            within: population.within.clone(),
            partition: population.partition.clone(),
        }
    }
}

/// What a snapshot made of a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// No table shows it; relations tell of it.
    Hidden,
    /// A table shows that it is withheld.
    Suppressed,
    /// It can be read.
    Published,
}

/// Where a count stands: code of the place, period, breakdown, code of the class.
pub type Place<'a> = (&'a str, Period, &'a str, &'a str);

/// The size of one population somewhere, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// The dataset.
    pub dataset: String,
    /// Code of the place.
    pub place: String,
    /// The period.
    pub period: Period,
    /// The breakdown.
    pub breakdown: String,
    /// Code of the class.
    pub class: String,
    /// The population; or, behind [`MEASURE`], the indicator whose measure it is.
    pub population: String,
    /// How many; none when it is no longer counted.
    pub count: Option<i64>,
    /// What became of it.
    pub standing: Standing,
}

/// Before the id of an indicator: the fact is what the indicator adds up, and no population.
pub const MEASURE: char = '=';

impl Fact {
    fn at(&self) -> Place<'_> {
        (&self.place, self.period, &self.breakdown, &self.class)
    }
}

/// What a count was, from one snapshot on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// Position of the first snapshot that had it.
    pub since: usize,
    /// How many; none when it was no longer counted.
    pub count: Option<i64>,
    /// The most that a snapshot told of it while it was this.
    pub standing: Standing,
}

type Counts = BTreeMap<String, Vec<Version>>;

/// Everything that the snapshots so far told of one dataset.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Past {
    places: BTreeMap<Period, BTreeMap<(String, String, String), Counts>>,
    /// From which snapshot on places lay so.
    pub(super) trees: BTreeMap<usize, PlaceTree>,
    /// From which snapshot on populations hung together so.
    pub(super) populations: BTreeMap<usize, Vec<Containment>>,
}

impl Past {
    /// No snapshot yet.
    pub const NOTHING: Self = Self {
        places: BTreeMap::new(),
        trees: BTreeMap::new(),
        populations: BTreeMap::new(),
    };

    /// Where places lay for a snapshot; none where its ledger does not say.
    pub fn tree(&self, snapshot: usize) -> Option<&PlaceTree> {
        self.trees.range(..=snapshot).next_back().map(|(_, t)| t)
    }

    /// How populations hung together for a snapshot; none where its ledger does not say.
    pub fn containment(&self, snapshot: usize) -> Option<&[Containment]> {
        let mut before = self.populations.range(..=snapshot);
        before.next_back().map(|(_, all)| all.as_slice())
    }

    /// Every population that was ever declared.
    pub fn populations(&self) -> BTreeSet<&str> {
        let all = self.populations.values().flatten();
        all.map(|population| &*population.id).collect()
    }

    /// The level of a place, as the newest snapshot that knew it had it.
    pub fn level(&self, code: &str) -> Option<Level> {
        self.trees.values().rev().find_map(|tree| tree.level(code))
    }

    /// The versions of a count, in the order of time.
    pub fn versions(&self, at: Place<'_>, population: &str) -> &[Version] {
        let (place, period, breakdown, class) = at;
        let key = (place.to_owned(), breakdown.to_owned(), class.to_owned());
        let counts = self.places.get(&period).and_then(|all| all.get(&key));
        counts
            .and_then(|counts| counts.get(population))
            .map_or(&[], Vec::as_slice)
    }

    /// Where something was counted.
    pub fn places(&self) -> impl Iterator<Item = (Place<'_>, &BTreeMap<String, Vec<Version>>)> {
        self.places.iter().flat_map(|(&period, all)| {
            all.iter().map(move |((place, breakdown, class), counts)| {
                ((&**place, period, &**breakdown, &**class), counts)
            })
        })
    }

    /// The classes of a breakdown.
    pub fn classes(&self, breakdown: &str) -> BTreeSet<&str> {
        let counted = self.places().map(|((_, _, of, class), _)| (of, class));
        counted
            .filter(|(of, _)| *of == breakdown)
            .map(|(_, class)| class)
            .collect()
    }

    /// Adds what a snapshot told.
    pub fn add(&mut self, snapshot: usize, fact: &Fact) {
        let key = (
            fact.place.clone(),
            fact.breakdown.clone(),
            fact.class.clone(),
        );
        let counts = self.places.entry(fact.period).or_default();
        let counts = counts.entry(key).or_default();
        let versions = counts.entry(fact.population.clone()).or_default();
        match versions.last_mut() {
            Some(last) if last.count == fact.count => {
                last.standing = last.standing.max(fact.standing);
            }
            _ => versions.push(Version {
                since: snapshot,
                count: fact.count,
                standing: fact.standing,
            }),
        }
    }

    /// Whether a fact says more than is known.
    pub(super) fn is_news(&self, fact: &Fact) -> bool {
        let last = self.versions(fact.at(), &fact.population).last();
        last.is_none_or(|last| last.count != fact.count || last.standing < fact.standing)
    }
}
