//! The JSON Schemas of what a publisher writes, generated from the types that read it.

use contract::{dataset::DatasetContract, indicator::Indicator, notes::Notes, portal::Portal};
use schemars::schema_for;

/// File name and text of every schema.
pub fn all() -> Vec<(&'static str, String)> {
    let text = |schema: schemars::Schema| format!("{schema:#}\n", schema = schema.as_value());
    vec![
        ("contract.schema.json", text(schema_for!(DatasetContract))),
        ("indicator.schema.json", text(schema_for!(Indicator))),
        ("notes.schema.json", text(schema_for!(Notes))),
        ("portal.schema.json", text(schema_for!(Portal))),
    ]
}
