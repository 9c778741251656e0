//! The register of places, read from the raw zone.

use std::collections::{BTreeMap, HashMap};

use contract::{Level, Localised, Place, place::YearCount, portal::PlaceSource};

use crate::ingest::{self, IngestError};

/// The register, by code and by name.
#[derive(Clone, Debug, Default)]
pub struct Register {
    places: BTreeMap<String, Place>,
    by_name: HashMap<String, Vec<String>>,
}

impl Register {
    /// Reads the register: each row names one place at each level, the widest first. Households are those
    /// of `year`.
    ///
    /// # Errors
    /// When no file, or a declared header, is missing.
    pub fn read(
        raw: &[std::path::PathBuf],
        source: &PlaceSource,
        year: i32,
    ) -> Result<Self, IngestError> {
        let mut register = Self::default();
        for file in ingest::matching(raw, &source.files)? {
            let mut rows = ingest::open(&file)?;
            let headers = rows.headers().to_vec();
            let at = |name: &str| {
                headers
                    .iter()
                    .position(|h| h == name)
                    .ok_or_else(|| IngestError::MissingColumn {
                        file: file.clone(),
                        column: name.to_owned(),
                        found: headers.join(", "),
                    })
            };
            let mut columns = Vec::new();
            for level in &source.levels {
                let optional = |name: &Option<String>| name.as_deref().map(&at).transpose();
                let (en, households) = (optional(&level.name_en)?, optional(&level.households)?);
                columns.push((
                    level.level,
                    at(&level.code)?,
                    at(&level.name)?,
                    en,
                    households,
                ));
            }
            while let Some(row) = rows.next_row()? {
                let mut parent = None;
                for &(level, code, name, en, households) in &columns {
                    let text = |at: usize| {
                        row.fields
                            .get(at)
                            .map(|f| f.trim().to_owned())
                            .unwrap_or_default()
                    };
                    let (code, name) = (text(code), text(name));
                    if code.is_empty() || name.is_empty() {
                        break;
                    }
                    let en = en
                        .map(&text)
                        .filter(|t| !t.is_empty())
                        .unwrap_or_else(|| name.clone());
                    register.insert(Place {
                        code: code.clone(),
                        level,
                        parent: parent.replace(code),
                        name: Localised::new(name, en),
                        households: households
                            .and_then(|h| text(h).parse().ok())
                            .map(|count| YearCount { year, count })
                            .into_iter()
                            .collect(),
                        population: Vec::new(),
                        kind: None,
                        pinyin: String::new(),
                        valid_from: None,
                        valid_to: None,
                    });
                }
            }
        }
        Ok(register)
    }

    fn insert(&mut self, place: Place) {
        if !self.places.contains_key(&place.code) {
            self.by_name
                .entry(place.name.zh.clone())
                .or_default()
                .push(place.code.clone());
            self.places.insert(place.code.clone(), place);
        }
    }

    /// The code that a text means: a code of the register, or a name that only one place bears.
    pub fn resolve(&self, text: &str) -> Option<&str> {
        if let Some((code, _)) = self.places.get_key_value(text) {
            return Some(code);
        }
        match self.by_name.get(text).map(Vec::as_slice) {
            Some([only]) => Some(only),
            _ => None,
        }
    }

    /// The code of the place at a level that holds a place; none when the place is wider than the level.
    pub fn ancestor(&self, code: &str, level: Level) -> Option<&str> {
        let mut place = self.places.get(code)?;
        loop {
            if place.level == level {
                return Some(&place.code);
            }
            place = self.places.get(place.parent.as_deref()?)?;
        }
    }

    /// Every place, by code.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        self.places.values()
    }

    /// The codes of a level, sorted.
    pub fn codes(&self, level: Level) -> Vec<String> {
        self.places()
            .filter(|p| p.level == level)
            .map(|p| p.code.clone())
            .collect()
    }
}
