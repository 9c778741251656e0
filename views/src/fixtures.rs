//! What the tests of several modules begin with.

use contract::{
    Level, Localised, Place, Revision, Status,
    indicator::{DefaultChart, Direction, Formula, INDICATOR_FORMAT, Indicator, Method, Unit},
    snapshot::{Dataset, Manifest, SNAPSHOT_FORMAT, TOTAL},
};

use crate::rows::Row;

/// A place without a name.
pub fn place(code: &str, level: Level, parent: Option<&str>) -> Place {
    Place {
        code: code.to_owned(),
        level,
        parent: parent.map(str::to_owned),
        name: Localised::default(),
        households: Vec::new(),
        population: Vec::new(),
        kind: None,
        pinyin: String::new(),
        valid_from: None,
        valid_to: None,
    }
}

/// A value without breakdown; withheld where there is none.
pub fn row(indicator: &str, place: &str, period: &str, value: Option<f64>) -> Row {
    Row {
        indicator: indicator.to_owned(),
        place: place.to_owned(),
        period: period.to_owned(),
        class: TOTAL.to_owned(),
        value,
        numerator: None,
        denominator: None,
        interval: None,
        feasible: None,
        status: match value {
            Some(_) => Status::Published,
            None => Status::Suppressed,
        },
        revision: Revision::Final,
    }
}

/// An indicator of which nothing else matters.
pub fn indicator(id: &str, unit: Unit, formula: Formula) -> Indicator {
    Indicator {
        format: INDICATOR_FORMAT,
        id: id.to_owned(),
        title: Localised::default(),
        definition: Localised::default(),
        unit,
        unit_title: None,
        direction: Direction::Neutral,
        formula,
        target: None,
        method: Method {
            version: 1,
            note: Localised::default(),
            breaks: Vec::new(),
        },
        chart: DefaultChart::Bar,
        order: 1,
        min_base: None,
        also_shows: Vec::new(),
        beside: None,
        levels: None,
        granularities: None,
        breakdowns: None,
    }
}

/// A dataset that has some indicators, and no files.
pub fn dataset(id: &str, indicators: Vec<Indicator>) -> Dataset {
    Dataset {
        id: id.to_owned(),
        title: Localised::default(),
        summary: Localised::default(),
        grain: Localised::default(),
        rows: None,
        indicators,
        breakdowns: Vec::new(),
        tables: Vec::new(),
        records: None,
        table: None,
        columns: Vec::new(),
        terms: Vec::new(),
        witnesses: None,
    }
}

/// The manifest of a snapshot that holds nothing.
pub fn manifest(id: &str) -> Manifest {
    Manifest {
        format: SNAPSHOT_FORMAT,
        id: id.to_owned(),
        reference: "2020-12".parse().expect("a month"),
        title: Localised::default(),
        publisher: Localised::default(),
        licence: String::new(),
        demonstration: false,
        previous_manifest_sha256: None,
        places: String::new(),
        headlines: Vec::new(),
        datasets: Vec::new(),
        claims: Vec::new(),
        notes: Vec::new(),
        files: Vec::new(),
    }
}
