//! An open snapshot.

use std::collections::BTreeMap;

use contract::{
    Level, Place,
    snapshot::{Manifest, Release},
    text::Language,
};

/// One snapshot, checked and open.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// The folder's address, ending in `/`.
    pub root: String,
    /// What it holds.
    pub manifest: Manifest,
    /// The register of places, by code.
    pub places: BTreeMap<String, Place>,
    /// Id of the newest snapshot.
    pub newest: String,
    /// Every release, the oldest first.
    pub releases: Vec<Release>,
}

impl Snapshot {
    /// A place's name; its code when the register does not hold it.
    pub fn place_name<'a>(&'a self, code: &'a str, language: Language) -> &'a str {
        self.places
            .get(code)
            .map_or(code, |place| place.name.get(language))
    }

    /// The name of the widest place.
    pub fn widest_name(&self, language: Language) -> &str {
        let widest = self.places.values().find(|place| place.parent.is_none());
        widest.map_or("", |place| place.name.get(language))
    }

    /// The places within a place, by code.
    pub fn within<'a>(&'a self, code: &'a str) -> impl Iterator<Item = &'a Place> {
        let places = self.places.values();
        places.filter(move |place| place.parent.as_deref() == Some(code))
    }

    /// A place and what it lies in, the widest first.
    pub fn lineage(&self, code: &str) -> Vec<&Place> {
        let mut lineage = Vec::new();
        let mut next = self.places.get(code);
        // A register that runs in circles ends too.
        while let Some(place) = next.filter(|_| lineage.len() < Level::ALL.len()) {
            lineage.insert(0, place);
            next = place.parent.as_ref().and_then(|code| self.places.get(code));
        }
        lineage
    }

    /// The widest level of the register.
    pub fn widest(&self) -> Level {
        self.places
            .values()
            .map(|place| place.level)
            .min()
            .unwrap_or(Level::City)
    }
}
