//! A small portal of its own, whose one dataset is a ledger: what readers of every format are tried on.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Result;
use data_pipeline::run::{self, DatasetReport, Places};

const PORTAL: &str = r#"
format = 1
title = { zh = "试", en = "Trial" }
publisher = { zh = "试", en = "Trial" }
licence = "CC0-1.0"
reference = "2020-12"
datasets = ["ledger"]
headlines = []

[places]
files = ["places.csv"]

[[places.level]]
level = "city"
code = "市代码"
name = "市名称"

[[places.level]]
level = "street"
code = "街道代码"
name = "街道名称"
"#;

const PLACES: &str = "市代码,市名称,街道代码,街道名称\n1,试市,11,东街\n1,试市,12,西街\n";

const INDICATOR: &str = r#"
format = 1
id = "lines"
order = 1
title = { zh = "笔数", en = "Lines" }
definition = { zh = "笔数", en = "Lines" }
unit = "count"
direction = "neutral"
formula = { kind = "count", of = "all" }
method = { version = 1, note = { zh = "", en = "" } }
"#;

/// The ledger's contract; `source` goes before the columns, `columns` among them.
pub(crate) fn contract(source: &str, columns: &str) -> String {
    format!(
        r#"
format = 1
id = "ledger"
title = {{ zh = "台账", en = "Ledger" }}
summary = {{ zh = "台账", en = "Ledger" }}
grain = {{ zh = "一行一笔", en = "one row for each line" }}
files = ["ledger*"]
place = "place"
period = "booked_on"
levels = ["city", "street"]
granularities = ["year"]

[disclosure]
policy = "public"
[disclosure.reason]
zh = "试"
en = "trial"

{source}

[[column]]
name = "number"
title = {{ zh = "编号", en = "Number" }}
type = "text"
role = "identifier"
required = true
unique = true

[[column]]
name = "booked_on"
title = {{ zh = "日期", en = "Day" }}
type = "date"
role = "dimension"
required = true

[[column]]
name = "place"
title = {{ zh = "地点", en = "Street" }}
type = "place"
role = "dimension"
required = true

[[column]]
name = "received"
title = {{ zh = "到账", en = "Received" }}
type = "money"
unit = "yuan"
role = "measure"
min = -10_000_000

[[column]]
name = "spent"
title = {{ zh = "支出", en = "Spent" }}
type = "money"
unit = "yuan"
role = "measure"
may_be_absent = true

{columns}

[[rule]]
id = "not_in_the_future"
sql = "booked_on < reference_end"
message = {{ zh = "日期在未来", en = "the day lies in the future" }}

[[population]]
id = "all"
title = {{ zh = "全部", en = "All" }}
where = "true"
"#
    )
}

/// A trial portal with its raw zone and work folder.
pub(crate) struct Trial {
    folder: tempfile::TempDir,
}

impl Trial {
    pub(crate) fn new(contract: &str) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let dataset = folder.path().join("portal/datasets/ledger");
        fs::create_dir_all(dataset.join("indicators"))?;
        fs::create_dir_all(folder.path().join("raw"))?;
        fs::write(folder.path().join("portal/portal.toml"), PORTAL)?;
        fs::write(dataset.join("contract.toml"), contract)?;
        fs::write(dataset.join("indicators/lines.toml"), INDICATOR)?;
        let trial = Self { folder };
        trial.put("places.csv", PLACES.as_bytes())?;
        Ok(trial)
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn put(&self, name: &str, content: &[u8]) -> Result<PathBuf> {
        let path = self.path().join("raw").join(name);
        fs::write(&path, content)?;
        Ok(path)
    }

    pub(crate) fn places(&self) -> Places {
        Places {
            portal: self.path().join("portal"),
            raw: self.path().join("raw"),
            work: self.path().join("work"),
            ..Places::default()
        }
    }

    /// Checks the raw zone; every file adds up, and nothing but quarantine files is left behind.
    pub(crate) async fn check(&self) -> Result<DatasetReport> {
        let mut reports = run::check(&self.places()).await?;
        for file in &reports[0].files {
            let rows = file.rows;
            assert_eq!(
                rows.read,
                rows.accepted + rows.rejected,
                "{}",
                file.file.display()
            );
        }
        for entry in fs::read_dir(self.path().join("work"))?.flatten() {
            assert_eq!(entry.file_name(), "quarantine", "work files are deleted");
        }
        Ok(reports.remove(0))
    }

    /// Checks one file of the raw zone and takes it away again.
    pub(crate) async fn check_one(&self, name: &str, content: &[u8]) -> Result<DatasetReport> {
        let path = self.put(name, content)?;
        let report = self.check().await;
        fs::remove_file(path)?;
        report
    }
}

/// Rows read, accepted, and rejected by rule.
pub(crate) fn outcome(report: &DatasetReport) -> String {
    let read: u64 = report.files.iter().map(|f| f.rows.read).sum();
    let accepted: u64 = report.files.iter().map(|f| f.rows.accepted).sum();
    let rules: Vec<String> = report
        .rejected_by_rule
        .iter()
        .map(|(rule, count)| format!("{rule} {count}"))
        .collect();
    format!("{read} read, {accepted} accepted, {}", rules.join(", "))
}
