//! Why something changed: from the publisher's file to the manifest and the feed.

use std::{fs, path::Path};

use anyhow::Result;
use contract::snapshot::Manifest;
use data_pipeline::{
    publish::Published,
    run::{self, Places},
};

use super::{
    common::{files, manifest},
    ledger::{Trial, contract},
};

const HEADER: &str = "编号,日期,地点,到账,支出\n";
const ROW: &str = "A-1,2020-03-05,东街,15000,12500\n";
const LATE: &str = "A-2,2020-05-06,西街,200000,3000\n";

/// A portal with one published snapshot, and the exports that follow it.
struct Office(Trial);

impl Office {
    async fn new() -> Result<Self> {
        let office = Self(Trial::new(&contract("", ""))?);
        office.export(ROW)?;
        assert!(office.publish().await?.committed);
        office.export(&format!("{ROW}{LATE}"))?;
        Ok(office)
    }

    fn export(&self, rows: &str) -> Result<()> {
        let bytes = format!("{HEADER}{rows}").into_bytes();
        self.0.put("ledger.csv", &bytes).map(drop)
    }

    fn write(&self, entries: &str) -> Result<()> {
        let path = self.0.path().join("portal/notes.toml");
        Ok(fs::write(path, format!("format = 1\n{entries}"))?)
    }

    async fn publish(&self) -> Result<Published> {
        self.publish_as(&self.0.places()).await
    }

    async fn publish_as(&self, places: &Places) -> Result<Published> {
        Ok(run::publish(places, &self.out(), false).await?.2)
    }

    fn out(&self) -> std::path::PathBuf {
        self.0.path().join("published")
    }

    fn manifest(&self, id: &str) -> Result<Manifest> {
        manifest(&self.out(), id)
    }

    fn feed(&self) -> Result<String> {
        Ok(fs::read_to_string(self.out().join("feed.xml"))?)
    }
}

fn entry(snapshot: &str, zh: &str, en: &str) -> String {
    format!(
        "\n[[note]]\nsnapshot = \"{snapshot}\"\ndataset = \"ledger\"\nindicators = [\"lines\"]\n\
         period = \"2020\"\nkind = \"late_data\"\ntext = {{ zh = \"{zh}\", en = \"{en}\" }}\n"
    )
}

fn said(manifest: &Manifest) -> Vec<(&str, &str)> {
    let notes = manifest.notes.iter();
    notes.map(|it| (&*it.snapshot, &*it.text.en)).collect()
}

#[tokio::test]
async fn a_reason_reaches_the_manifest_and_the_feed_and_stays() -> Result<()> {
    let office = Office::new().await?;
    let first = fs::read(office.out().join("snapshots/2020-12-r1/manifest.json"))?;
    assert!(!String::from_utf8_lossy(&first).contains("\"notes\""));
    office.write(&entry(
        "2020-12-r2",
        "五月的一笔晚报。",
        "One line of May came late.",
    ))?;

    let dry = run::publish(&office.0.places(), &office.out(), true)
        .await?
        .2;
    assert_eq!(
        (dry.id.as_str(), dry.notes, dry.committed),
        ("2020-12-r2", 1, false)
    );
    let second = office.publish().await?;
    assert_eq!((second.id.as_str(), second.notes), ("2020-12-r2", 1));
    let now = office.manifest("2020-12-r2")?;
    assert_eq!(said(&now), [("2020-12-r2", "One line of May came late.")]);
    let feed = office.feed()?;
    assert!(feed.contains("五月的一笔晚报。") && feed.contains("One line of May came late."));
    assert_eq!(
        first,
        fs::read(office.out().join("snapshots/2020-12-r1/manifest.json"))?,
        "the snapshot before is what it was"
    );

    let before = files(&office.out());
    assert!(!office.publish().await?.committed, "nothing is new");
    fs::remove_file(office.0.path().join("portal/notes.toml"))?;
    assert!(
        !office.publish().await?.committed,
        "what was said is not taken back"
    );
    assert!(before == files(&office.out()));

    office.export(&format!("{ROW}{LATE}A-3,2020-07-08,东街,1,1\n"))?;
    assert_eq!(office.publish().await?.notes, 0);
    assert_eq!(said(&office.manifest("2020-12-r3")?), said(&now));
    let feed = office.feed()?;
    assert!(feed.contains("One line of May came late.") && feed.contains("gave no reason"));
    Ok(())
}

#[tokio::test]
async fn notes_about_other_snapshots_wait_and_make_no_snapshot_by_themselves() -> Result<()> {
    let office = Office::new().await?;
    office.export(ROW)?;
    let entries =
        entry("2020-12-r1", "首次。", "The first.") + &entry("2021-01-r1", "下月。", "Next.");
    office.write(&entries)?;
    let published = office.publish().await?;
    assert!(!published.committed, "the data are what they were");
    assert_eq!(
        (
            published.notes,
            published.notes_of_the_first,
            published.notes_wait_for
        ),
        (0, 1, vec!["2021-01-r1".to_owned()])
    );
    // A reason that is found out later comes with the next snapshot, and reaches the feed's older entry.
    office.export(&format!("{ROW}{LATE}"))?;
    office.publish().await?;
    office.write(&entry("2020-12-r2", "后来查明。", "Found out later."))?;
    let third = office.publish().await?;
    assert_eq!(
        (third.id.as_str(), third.committed, third.notes),
        ("2020-12-r3", true, 0)
    );
    assert_eq!(
        said(&office.manifest("2020-12-r3")?),
        [("2020-12-r2", "Found out later.")]
    );
    assert!(office.manifest("2020-12-r2")?.notes.is_empty());
    assert!(office.feed()?.contains("Found out later."));
    Ok(())
}

#[tokio::test]
async fn notes_that_cannot_be_published_stop_everything_and_are_not_repeated() -> Result<()> {
    let office = Office::new().await?;
    let before = files(&office.out());
    let mobile = "19900001234";
    let personal = entry("2020-12-r2", &format!("经办人电话{mobile}"), "A line.");
    let unknown = entry("2020-12-r2", "改。", "Changed.").replace("lines", "line");
    for (entries, told) in [
        (personal, "mobile numbers (1): take it out"),
        (unknown, "did you mean \"lines\"?"),
        (
            entry("2020-12", "改。", "Changed."),
            "snapshot is the id of one",
        ),
        (
            entry("2020-12-r2", "改。", ""),
            "the English text is missing",
        ),
    ] {
        office.write(&entries)?;
        let published = office.publish().await.expect_err("it is refused");
        let checked = run::check(&office.0.places())
            .await
            .expect_err("it is refused");
        for error in [published, checked] {
            let error = format!("{error:#}");
            assert!(
                error.contains(told) && error.contains("portal/notes.toml"),
                "{error}"
            );
            assert!(
                error.contains("entry 1 (line ") && !error.contains(mobile),
                "{error}"
            );
        }
        assert!(before == files(&office.out()), "the folder is what it was");
    }
    let work = files(&office.0.path().join("work"));
    let holds = |bytes: &[u8]| {
        bytes
            .windows(mobile.len())
            .any(|it| it == mobile.as_bytes())
    };
    assert!(work.iter().all(|(_, bytes)| !holds(bytes)));
    Ok(())
}

#[tokio::test]
async fn a_file_of_another_name_is_named() -> Result<()> {
    let office = Office::new().await?;
    let mut places = office.0.places();
    places.notes = Some(office.0.path().join("why.toml"));
    let error = office
        .publish_as(&places)
        .await
        .expect_err("it is not there");
    assert!(run::is_file(&error) && format!("{error:#}").contains("why.toml"));
    let path: &Path = &office.0.path().join("why.toml");
    fs::write(
        path,
        format!("format = 1\n{}", entry("2020-12-r2", "晚报。", "Late.")),
    )?;
    assert_eq!(office.publish_as(&places).await?.notes, 1);
    Ok(())
}

#[tokio::test]
async fn what_is_withdrawn_can_be_explained_after_it_is_gone() -> Result<()> {
    let office = Office::new().await?;
    let indicators = office.0.path().join("portal/datasets/ledger/indicators");
    let lines = fs::read_to_string(indicators.join("lines.toml"))?;
    let rows = lines.replace("id = \"lines\"", "id = \"rows\"");
    fs::write(indicators.join("rows.toml"), rows)?;
    fs::remove_file(indicators.join("lines.toml"))?;
    let note = entry("2020-12-r2", "改名为“行数”。", "Renamed to rows.");
    office.write(&note.replace("late_data", "withdrawal"))?;
    let published = office.publish().await?;
    assert_eq!((published.committed, published.notes), (true, 1));
    // The name is unknown by now but for what was published.
    office.export(ROW)?;
    office.publish().await?;
    assert_eq!(office.manifest("2020-12-r3")?.notes.len(), 1);
    Ok(())
}
