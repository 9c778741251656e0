//! The types of published files, read from parsed JSON.
//!
//! serde writes a reader out for every type, with its fields in any order, its own errors and its own unwinding: a
//! seventh of the code that readers of the portal wait for. Here a type is a list of its fields. Fields that are not
//! listed are left alone: a format that means something else by them has another version. A test holds this against
//! what serde reads.

use contract::{
    Granularity, Level, Localised, Period, Place, Status,
    dataset::{Category, Citation, Comparison},
    disclosure_report::DisclosureReport,
    indicator::{Break, DefaultChart, Direction, Formula, Indicator, Method, Target, Unit},
    notes::{Note, NoteKind},
    place::YearCount,
    snapshot::{
        Catalogue, Claim, Dataset, File, Manifest, Measure, PublishedArchive, PublishedBreakdown,
        PublishedColumn, PublishedRecords, PublishedTable, Release, RowCounts, TableState,
    },
    witnesses::WitnessFile,
};
use serde::{Deserialize, de::Error as _};
use serde_json::Error;

use crate::json::{Node, refused};

/// What can be read from parsed JSON.
pub trait Shape: Sized {
    /// The value.
    fn read(node: Node) -> Result<Self, Error>;

    /// What it is where the field is not there; none: it has to be there.
    fn absent() -> Option<Self> {
        None
    }
}

impl<T: Shape> Shape for Option<T> {
    fn read(node: Node) -> Result<Self, Error> {
        match node {
            Node::Null => Ok(None),
            some => T::read(some).map(Some),
        }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Shape> Shape for Vec<T> {
    fn read(node: Node) -> Result<Self, Error> {
        match node {
            Node::List(items) => items.into_iter().map(T::read).collect(),
            other => Err(refused(&other, &"a sequence")),
        }
    }
}

impl Shape for String {
    fn read(node: Node) -> Result<Self, Error> {
        match node {
            Node::Text(text) => Ok(text),
            other => Err(refused(&other, &"a string")),
        }
    }
}

/// The fields of an object that are not read yet.
struct Fields(Vec<(String, Node)>);

impl Fields {
    fn of(node: Node, what: &'static str) -> Result<Self, Error> {
        match node {
            Node::Object(entries) => Ok(Self(entries)),
            other => Err(refused(&other, &what)),
        }
    }

    #[inline(never)]
    fn take(&mut self, name: &'static str) -> Option<Node> {
        let at = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.swap_remove(at).1)
    }

    /// A field that has to be there, where its type does not say otherwise.
    #[inline(never)]
    fn needed<T: Shape>(&mut self, name: &'static str) -> Result<T, Error> {
        match self.take(name) {
            Some(node) => T::read(node),
            None => T::absent().ok_or_else(|| Error::missing_field(name)),
        }
    }

    /// A field that may be left out.
    #[inline(never)]
    fn given<T: Shape + Default>(&mut self, name: &'static str) -> Result<T, Error> {
        self.take(name).map_or_else(|| Ok(T::default()), T::read)
    }
}

/// Types as lists of their fields: those that have to be there, and those that may be left out.
macro_rules! shapes {
    (@name $field:ident) => { stringify!($field) };
    (@name $field:ident $name:literal) => { $name };
    ($($shape:ident {
        $($needed:ident),* $(; $($given:ident $(= $name:literal)?),*)?
    })+) => {
        $(impl Shape for $shape {
            fn read(node: Node) -> Result<Self, Error> {
                let mut fields = Fields::of(node, concat!("struct ", stringify!($shape)))?;
                Ok(Self {
                    $($needed: fields.needed(stringify!($needed))?,)*
                    $($($given: fields.given(shapes!(@name $given $($name)?))?,)*)?
                })
            }
        })+
    };
}

shapes! {
    Catalogue { format, title, releases }
    Release { format, number, snapshot, manifest_sha256; archive }
    PublishedArchive { path, bytes, sha256 }
    Manifest {
        format, id, reference, title, publisher, licence, demonstration, previous_manifest_sha256, places, headlines,
        datasets, files; claims, notes
    }
    File { path, bytes, sha256; rows, blocks }
    Dataset { id, title, summary, grain, indicators, breakdowns, tables, columns; rows, records, table, terms, witnesses }
    RowCounts { read, accepted, rejected }
    PublishedBreakdown { id, title, classes, path }
    TableState { indicator, breakdown, level, granularity, status }
    PublishedRecords { path, columns, rows, k }
    PublishedTable { path, columns, rows; citation }
    PublishedColumn { name, title, treatment; meaning }
    Category { code, title; aliases, group }
    Citation { title, publication, authors, date }
    Claim {
        id, theme, place, place_name, period, figure, qualifier, unit, title, source; high, measured_by
    }
    Measure {
        dataset, indicator, breakdown, class, level, granularity, place, period, comparison, value, note
    }
    Note { snapshot, dataset, kind, text; indicators, period }
    Indicator {
        format, id, title, definition, unit, direction, formula, method, order;
        unit_title, target, chart, min_base, also_shows, beside, levels, granularities, breakdowns
    }
    Target { value, source }
    Method { version, note; breaks = "break" }
    Break { period, note }
    Localised { zh, en }
    Place { code, level, parent, name; households, population, kind, pinyin, valid_from, valid_to }
    YearCount { year, count }
}

/// Types whose own reader is small, or is needed by few.
macro_rules! by_serde {
    ($($shape:ty),+) => {
        $(impl Shape for $shape {
            fn read(node: Node) -> Result<Self, Error> {
                Self::deserialize(node)
            }
        })+
    };
}

by_serde! {
    bool, u32, u64, i32, i64, f64, Period, Formula, Level, Granularity, Status, Unit, Direction, DefaultChart,
    Comparison, NoteKind, DisclosureReport, WitnessFile
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use serde::de::DeserializeOwned;
    use serde_json::{Map, Value, json};

    use super::*;
    use crate::json;

    /// Every object within a value, and the way there.
    fn objects(value: &Value, way: String, found: &mut Vec<(String, Map<String, Value>)>) {
        match value {
            Value::Object(fields) => {
                found.push((way.clone(), fields.clone()));
                for (name, field) in fields {
                    objects(field, format!("{way}/{name}"), found);
                }
            }
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    objects(item, format!("{way}/{at}"), found);
                }
            }
            _ => {}
        }
    }

    /// Whole, with each field left out, with each of another kind: what serde reads is read alike, and what it
    /// refuses is refused.
    fn check<T: Shape + DeserializeOwned + PartialEq + Debug>(whole: &Value) {
        let alike = |value: &Value, what: &str| {
            let text = value.to_string();
            let by_serde = serde_json::from_str::<T>(&text);
            let ours = json::shape::<T>(text.as_bytes());
            match (by_serde, ours) {
                (Ok(theirs), Ok(ours)) => assert_eq!(theirs, ours, "{what}"),
                (Err(_), Err(_)) => {}
                (theirs, ours) => panic!("{what}: serde {theirs:?}, here {ours:?}"),
            }
        };
        assert!(serde_json::from_value::<T>(whole.clone()).is_ok());
        alike(whole, "whole");
        let mut found = Vec::new();
        objects(whole, String::new(), &mut found);
        for (way, fields) in found {
            for name in fields.keys() {
                let mut less = whole.clone();
                let object = less.pointer_mut(&way).and_then(Value::as_object_mut);
                object.expect("it is there").remove(name);
                alike(&less, &format!("without {way}/{name}"));
                for other in [Value::Null, json!(-1), json!("?"), json!([0]), json!({})] {
                    let mut changed = whole.clone();
                    let object = changed.pointer_mut(&way).and_then(Value::as_object_mut);
                    let what = format!("{way}/{name} is {other}");
                    object.expect("it is there").insert(name.clone(), other);
                    alike(&changed, &what);
                }
            }
        }
    }

    #[test]
    fn published_files_are_read_as_serde_reads_them() {
        let text = json!({"zh": "名", "en": "Name"});
        let citation =
            json!({"title": text, "publication": text, "authors": text, "date": "2020-12-01"});
        let column = json!({"name": "a", "title": text, "meaning": text, "treatment": "removed"});
        let indicator = json!({
            "format": 1, "id": "rate", "title": text, "definition": text, "unit": "percent", "unit_title": text,
            "direction": "more_is_better", "formula": {"kind": "rate", "numerator": "a", "denominator": "b"},
            "target": {"value": 90, "source": text},
            "method": {"version": 2, "note": text, "break": [{"period": "2019", "note": text}]},
            "chart": "line", "order": 3, "min_base": 30, "also_shows": ["late"], "beside": "rated",
            "levels": ["city", "street"], "granularities": ["year"], "breakdowns": ["tier"],
        });
        let dataset = json!({
            "id": "whistle", "title": text, "summary": text, "grain": text,
            "rows": {"read": 3, "accepted": 2, "rejected": 1}, "indicators": [indicator],
            "breakdowns": [{"id": "tier", "title": text, "path": "files/a.parquet",
                "classes": [{"code": "x", "title": text, "aliases": ["y"], "group": "z"}]}],
            "tables": [{"indicator": "rate", "breakdown": "total", "level": "street", "granularity": "month",
                "status": "suppressed"}],
            "records": {"path": "files/r.parquet", "columns": [column], "rows": 5, "k": 3},
            "table": {"path": "files/t.parquet", "columns": [column], "rows": 5, "citation": citation},
            "columns": [column], "terms": [{"code": "late", "title": text}], "witnesses": "files/w.json",
        });
        let claim = json!({
            "id": "c", "theme": "t", "place": "64", "place_name": text, "period": "2020-Q4", "figure": 1.5, "high": 2,
            "qualifier": "range", "unit": "件", "title": text, "source": citation,
            "measured_by": {"dataset": "d", "indicator": "i", "breakdown": "total", "class": "total", "level": "city",
                "granularity": "quarter", "place": "64", "period": "2020-12", "comparison": "at_least", "value": 1,
                "note": text},
        });
        let note = json!({
            "snapshot": "2020-12-r1", "dataset": "whistle", "indicators": ["rate"], "period": "2020-Q3",
            "kind": "late_data", "text": text,
        });
        check::<Manifest>(&json!({
            "format": 1, "id": "2020-12-r1", "reference": "2020-12", "title": text, "publisher": text,
            "licence": "CC-BY-4.0", "demonstration": true, "previous_manifest_sha256": "00", "places": "p.json",
            "headlines": ["whistle.rate"], "datasets": [dataset], "claims": [claim], "notes": [note],
            "files": [{"path": "p.json", "bytes": 1, "sha256": "ab", "rows": 2, "blocks": ["cd"]}],
        }));
        check::<Catalogue>(&json!({
            "format": 1, "title": text, "releases": [{"format": 1, "number": 1, "snapshot": "s",
                "manifest_sha256": "ab", "archive": {"path": "a.zip", "bytes": 9, "sha256": "cd"}}],
        }));
        check::<Vec<Place>>(&json!([{
            "code": "64", "level": "city", "parent": "6", "name": text, "households": [{"year": 2020, "count": 3}],
            "population": [{"year": 2020, "count": 9}], "kind": "城市", "pinyin": "yin chuan",
            "valid_from": "2019-01-01", "valid_to": "2021-01-01",
        }]));
    }
}
