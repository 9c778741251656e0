//! The contract language: its published schemas, and what a publisher is told about mistakes.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use data_pipeline::{portal, schema};

fn room() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn instances() -> [PathBuf; 2] {
    [room(), room().join("../examples/pingshan")]
}

#[test]
fn the_committed_schemas_are_those_of_the_types() -> Result<()> {
    for (name, text) in schema::all() {
        let path = room().join("../docs/schema").join(name);
        let committed = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == text,
            "{} is stale: run `cargo run -p data-pipeline -- schema`",
            path.display()
        );
    }
    Ok(())
}

#[test]
fn the_shipped_declarations_meet_their_schemas() -> Result<()> {
    let schemas = schema::all();
    let mut checked = 0;
    let mut check = |name: &str, path: &Path| -> Result<()> {
        let (_, text) = schemas
            .iter()
            .find(|(n, _)| *n == name)
            .context("a schema")?;
        let validator = jsonschema::validator_for(&serde_json::from_str(text)?)?;
        let value: toml::Value = toml::from_str(&fs::read_to_string(path)?)?;
        let value = serde_json::to_value(value)?;
        if let Err(error) = validator.validate(&value) {
            panic!("{}: {error}, at {}", path.display(), error.instance_path());
        }
        checked += 1;
        Ok(())
    };
    check("notes.schema.json", &room().join("notes.toml"))?;
    for instance in instances() {
        check("portal.schema.json", &instance.join("portal.toml"))?;
        for dataset in fs::read_dir(instance.join("datasets"))?.flatten() {
            check(
                "contract.schema.json",
                &dataset.path().join("contract.toml"),
            )?;
            let Ok(indicators) = fs::read_dir(dataset.path().join("indicators")) else {
                continue;
            };
            for indicator in indicators.flatten() {
                check("indicator.schema.json", &indicator.path())?;
            }
        }
    }
    assert!(checked > 80, "{checked} declarations");
    Ok(())
}

#[tokio::test]
async fn the_shipped_instances_are_sound() -> Result<()> {
    for instance in instances() {
        portal::check_sql(&portal::load(&instance)?).await?;
    }
    Ok(())
}

const PORTAL: &str = r#"format = 1
title = { zh = "市", en = "City" }
publisher = { zh = "市", en = "City" }
licence = "CC-BY-4.0"
datasets = ["cases"]
headlines = ["cases.all"]
places = { files = ["areas.csv"], level = [{ level = "city", code = "c", name = "n" }] }
"#;

const CONTRACT: &str = r#"format = 1
id = "cases"
title = { zh = "案件", en = "Cases" }
summary = { zh = "案件", en = "Cases" }
grain = { zh = "案件", en = "Cases" }
files = ["cases.csv"]
place = "place"
period = "day"
levels = ["city"]
granularities = ["year"]

[[column]]
name = "place"
title = { zh = "地区", en = "Place" }
type = "place"
role = "dimension"

[[column]]
name = "day"
title = { zh = "日期", en = "Day" }
type = "date"
role = "dimension"

[[column]]
name = "kind"
title = { zh = "类别", en = "Kind" }
type = "category"
role = "dimension"
values = [{ code = "a", title = { zh = "甲", en = "A" } }]

[[population]]
id = "all"
title = { zh = "全部", en = "All" }
where = "true"

[[breakdown]]
id = "kind"
title = { zh = "类别", en = "Kind" }
column = "kind"
fallback = { code = "other", title = { zh = "其他", en = "Other" } }
levels = ["city"]
granularities = ["year"]

[disclosure]
policy = "minimum_frequency"
threshold = 5
order_statistic_threshold = 10
"#;

const INDICATOR: &str = r#"format = 1
id = "all"
order = 1
title = { zh = "件数", en = "Cases" }
definition = { zh = "件数", en = "Cases" }
unit = "count"
direction = "neutral"
formula = { kind = "count", of = "all" }
method = { version = 1, note = { zh = "无", en = "None" } }
"#;

/// What a publisher is told about an instance in which `from` stands as `to`.
async fn complaint(from: &str, to: &str) -> Result<String> {
    let folder = tempfile::tempdir()?;
    let spoilt = |text: &str| text.replacen(from, to, 1);
    let indicators = folder.path().join("datasets/cases/indicators");
    fs::create_dir_all(&indicators)?;
    fs::write(folder.path().join("portal.toml"), spoilt(PORTAL))?;
    fs::write(
        folder.path().join("datasets/cases/contract.toml"),
        spoilt(CONTRACT),
    )?;
    fs::write(indicators.join("all.toml"), spoilt(INDICATOR))?;
    let outcome = match portal::load(folder.path()) {
        Ok(instance) => portal::check_sql(&instance).await,
        Err(error) => Err(error),
    };
    let message = outcome
        .err()
        .map_or_else(|| "sound".to_owned(), |e| e.to_string());
    Ok(message.replace(&format!("{}/", folder.path().display()), ""))
}

#[tokio::test]
async fn mistakes_are_told_with_file_line_and_remedy() -> Result<()> {
    assert_eq!(complaint("", "").await?, "sound");
    let mut told = Vec::new();
    for (from, to) in [
        ("type = \"category\"", "type = \"categry\""),
        ("levels = [\"city\"]", "level = [\"city\"]"),
        ("format = 1\nid = \"cases\"", "format = 9\nid = \"cases\""),
        ("period = \"day\"", "period = \"date\""),
        ("where = \"true\"", "where = \"knd = 'a'\""),
        ("where = \"true\"", "where = \"kind = \""),
        ("of = \"all\"", "of = \"every\""),
        (
            "kind = \"count\", of = \"all\"",
            "kind = \"sum\", measure = \"cost\", of = \"all\"",
        ),
        (
            "kind = \"count\", of = \"all\"",
            "kind = \"share_of_places\", where = \"true\"",
        ),
        ("kind = \"count\"", "kind = \"number\""),
        ("column = \"kind\"", "column = \"day\""),
        (
            "headlines = [\"cases.all\"]",
            "headlines = [\"cases.some\"]",
        ),
        (
            "title = { zh = \"件数\", en = \"Cases\" }",
            "title = { zh = \"件数\" }",
        ),
        ("order = 1", "order = 1\nbeside = \"rated\""),
        ("code = \"a\"", "code = \"a\", group = \"g\""),
        ("name = \"kind\"\ntitle", "name = \"month\"\ntitle"),
        (
            "order_statistic_threshold = 10",
            "order_statistic_threshold = 10\nwidth = 0",
        ),
        (
            "order_statistic_threshold = 10",
            "order_statistic_threshold = 10\n[[disclosure.cells]]\nbreakdowns = [\"sort\"]\nlevels = [\"city\"]\ngranularities = [\"year\"]",
        ),
        (
            "order_statistic_threshold = 10",
            "order_statistic_threshold = 10\n[[disclosure.cells]]\nlevels = [\"street\"]\ngranularities = [\"year\"]",
        ),
    ] {
        told.push(format!(
            "{from:?} → {to:?}\n{}\n",
            complaint(from, to).await?
        ));
    }
    insta::assert_snapshot!(told.join("\n"));
    Ok(())
}
