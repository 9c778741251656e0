//! An Atom feed (RFC 4287) of the releases, derived from the catalogue like it, and rebuildable.
//!
//! No clock is read: an entry is dated by the first moment after the month that its snapshot reaches, and the
//! revisions of one month by the seconds that follow. Identifiers are made from the hash of the manifest. What changed
//! and why is told by the notes of the newest manifest, which holds those of all before it.

use std::fmt::Write;

use contract::{
    Localised,
    snapshot::{Catalogue, Manifest, Release},
};

use super::reasons;

/// Where the feed stands in the folder.
pub(super) const PATH: &str = "feed.xml";

/// The feed: what every release of the catalogue is, the newest first. `manifest` is that of the newest.
pub(super) fn feed(catalogue: &Catalogue, manifest: &Manifest) -> String {
    let newest = catalogue.releases.last();
    let updated = newest.map_or_else(String::new, moment);
    // The first release never changes: neither does the identifier of the feed.
    let id = catalogue
        .releases
        .first()
        .map_or_else(String::new, |it| urn(&it.manifest_sha256, 32));
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"zh-CN\">\n\
         <id>{id}</id>\n<title>{title}</title>\n<updated>{updated}</updated>\n\
         <author><name>{publisher}</name></author>\n<rights>{rights}</rights>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{PATH}\"/>\n\
         <link rel=\"alternate\" type=\"text/html\" hreflang=\"zh-CN\" href=\"zh-CN/\"/>\n\
         <link rel=\"alternate\" type=\"text/html\" hreflang=\"en\" href=\"en/\"/>\n",
        title = both(&catalogue.title),
        publisher = both(&manifest.publisher),
        rights = escaped(&manifest.licence),
    );
    for release in catalogue.releases.iter().rev() {
        entry(&mut out, release, manifest);
        // Before the first there was nothing to differ from.
        if Some(release) != catalogue.releases.first() {
            let said = escaped(&reasons::html(release, manifest));
            let _ = writeln!(out, "<content type=\"html\">{said}</content>");
        }
        out.push_str("</entry>\n");
    }
    out.push_str("</feed>\n");
    out
}

fn entry(out: &mut String, release: &Release, newest: &Manifest) {
    let id = escaped(&release.snapshot);
    let month = escaped(month(&release.snapshot).unwrap_or_default());
    let mark = match newest.demonstration {
        true => " · 演示数据 / demonstration data",
        false => "",
    };
    // Writing to a text does not fail.
    let _ = write!(
        out,
        "<entry>\n<id>{urn}</id>\n<title>快照 {id} / Snapshot {id}</title>\n<updated>{updated}</updated>\n\
         <link rel=\"alternate\" type=\"text/html\" hreflang=\"zh-CN\" href=\"zh-CN/?snapshot={id}\"/>\n\
         <link rel=\"alternate\" type=\"text/html\" hreflang=\"en\" href=\"en/?snapshot={id}\"/>\n\
         <link rel=\"related\" type=\"application/json\" href=\"snapshots/{id}/manifest.json\"/>\n",
        urn = urn(&release.manifest_sha256, 0),
        updated = moment(release),
    );
    if let Some(archive) = &release.archive {
        let _ = writeln!(
            out,
            "<link rel=\"enclosure\" type=\"application/zip\" length=\"{}\" href=\"{}\"/>",
            archive.bytes,
            escaped(&archive.path)
        );
    }
    let _ = writeln!(
        out,
        "<summary>数据截至 {month} / Data up to {month}{mark}. SHA-256 {hash}</summary>",
        hash = escaped(&release.manifest_sha256),
    );
}

/// The month of a snapshot id: `2020-12` of `2020-12-r1`.
fn month(snapshot: &str) -> Option<&str> {
    snapshot.rsplit_once("-r").map(|(month, _)| month)
}

/// The first moment after the month, and a second more for each revision before this one.
fn moment(release: &Release) -> String {
    let read = || -> Option<(i32, u32, u32)> {
        let (month, revision) = release.snapshot.rsplit_once("-r")?;
        let (year, month) = month.split_once('-')?;
        Some((
            year.parse().ok()?,
            month.parse().ok()?,
            revision.parse().ok()?,
        ))
    };
    let (year, month, revision) = read().unwrap_or((1970, 0, 1));
    let (year, month) = if month >= 12 {
        (year + 1, 1)
    } else {
        (year, month + 1)
    };
    let seconds = revision.saturating_sub(1).min(86_399);
    format!(
        "{year:04}-{month:02}-01T{:02}:{:02}:{:02}Z",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

/// An identifier made from 32 hexadecimal digits of a hash: a UUID of version 8 (RFC 9562).
fn urn(sha256: &str, from: usize) -> String {
    let digits: String = sha256
        .chars()
        .skip(from)
        .chain(std::iter::repeat('0'))
        .take(32)
        .collect();
    let digits = digits.to_ascii_lowercase();
    let (a, rest) = digits.split_at(8);
    let (b, rest) = rest.split_at(4);
    let (c, rest) = rest.split_at(4);
    let (d, e) = rest.split_at(4);
    format!("urn:uuid:{a}-{b}-8{}-a{}-{e}", &c[1..], &d[1..])
}

fn both(text: &Localised) -> String {
    if text.zh == text.en {
        escaped(&text.zh)
    } else {
        format!("{} · {}", escaped(&text.zh), escaped(&text.en))
    }
}

/// Text as XML holds it; characters that XML has no place for are left out.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{0}'..='\u{8}'
            | '\u{b}'
            | '\u{c}'
            | '\u{e}'..='\u{1f}'
            | '\u{fffe}'
            | '\u{ffff}' => {}
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use contract::{
        notes::{Note, NoteKind},
        snapshot::{PublishedArchive, SNAPSHOT_FORMAT},
    };

    use super::*;

    fn release(number: u64, snapshot: &str, archived: bool) -> Release {
        Release {
            format: SNAPSHOT_FORMAT,
            number,
            snapshot: snapshot.to_owned(),
            manifest_sha256: format!("{number:032x}{:032x}", number + 1000),
            archive: archived.then(|| PublishedArchive {
                path: format!("snapshots/{snapshot}/all.zip"),
                bytes: 42,
                sha256: "00".repeat(32),
            }),
        }
    }

    fn manifest() -> Manifest {
        Manifest {
            format: SNAPSHOT_FORMAT,
            id: "2020-12-r2".to_owned(),
            reference: "2020-12".parse().expect("a month"),
            title: Localised::default(),
            publisher: Localised::new("市政府 <A&B>", "The city"),
            licence: "CC-BY-4.0".to_owned(),
            demonstration: true,
            previous_manifest_sha256: None,
            places: String::new(),
            headlines: Vec::new(),
            datasets: Vec::new(),
            claims: Vec::new(),
            notes: Vec::new(),
            files: Vec::new(),
        }
    }

    #[test]
    fn the_newest_release_comes_first_and_every_one_is_dated_by_its_month() {
        let catalogue = Catalogue {
            format: SNAPSHOT_FORMAT,
            title: Localised::new("明示", "Mingshi \u{b}\"x\""),
            releases: vec![
                release(1, "2020-11-r1", false),
                release(2, "2020-12-r1", true),
                release(3, "2020-12-r2", true),
            ],
        };
        let feed = feed(&catalogue, &manifest());
        let found: Vec<&str> = feed
            .lines()
            .filter_map(|line| line.strip_prefix("<updated>")?.strip_suffix("</updated>"))
            .collect();
        let moments = [
            "2021-01-01T00:00:01Z",
            "2021-01-01T00:00:01Z",
            "2021-01-01T00:00:00Z",
            "2020-12-01T00:00:00Z",
        ];
        assert_eq!(found, moments);
        for part in [
            "<title>明示 · Mingshi &quot;x&quot;</title>",
            "市政府 &lt;A&amp;B&gt; · The city",
            "href=\"en/?snapshot=2020-11-r1\"",
            "length=\"42\" href=\"snapshots/2020-12-r2/all.zip\"",
            "demonstration data",
        ] {
            assert!(feed.contains(part), "{part}");
        }
        assert_eq!(feed.matches("rel=\"enclosure\"").count(), 2);
        let mut ids: Vec<&str> = feed
            .lines()
            .filter(|line| line.starts_with("<id>"))
            .collect();
        assert_eq!(ids.len(), 4);
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 4, "every identifier is its own");
        let more = Catalogue {
            releases: [
                catalogue.releases.as_slice(),
                &[release(4, "2021-01-r1", true)],
            ]
            .concat(),
            ..catalogue
        };
        let later = super::feed(&more, &manifest());
        assert_eq!(
            later.lines().nth(2),
            feed.lines().nth(2),
            "the feed's own identifier stays"
        );
    }

    #[test]
    fn entries_tell_why_they_differ_and_say_when_nobody_said() {
        let note = |snapshot: &str, text| Note {
            snapshot: snapshot.to_owned(),
            dataset: "gone".to_owned(),
            indicators: vec!["rate".to_owned()],
            period: "2020-Q3".parse().ok(),
            kind: NoteKind::Correction,
            text: Localised::new("更改", text),
        };
        let manifest = Manifest {
            notes: vec![
                note("2020-12-r1", "a < b"),
                note("2020-12-r9", "of another"),
            ],
            ..manifest()
        };
        let catalogue = Catalogue {
            format: SNAPSHOT_FORMAT,
            title: Localised::default(),
            releases: vec![
                release(1, "2020-11-r1", true),
                release(2, "2020-12-r1", true),
                release(3, "2020-12-r2", true),
            ],
        };
        let feed = feed(&catalogue, &manifest);
        let content: Vec<&str> = feed
            .lines()
            .filter_map(|line| line.strip_prefix("<content type=\"html\">"))
            .collect();
        let [newest, second] = content[..] else {
            panic!("the first release differs from nothing: {content:?}");
        };
        assert!(newest.contains("gave no reason") && newest.contains("没有说明变更原因"));
        assert!(second.contains("&lt;b&gt;更正&lt;/b&gt; · gone · rate · 2020-Q3：更改"));
        assert!(second.contains("2020-Q3: a &amp;lt; b&lt;/li&gt;"));
        assert!(!feed.contains("of another"));
        assert_eq!(feed.matches("</entry>").count(), 3);
    }

    #[test]
    fn identifiers_are_uuids_of_version_8() {
        let hash = "0123456789abcdef".repeat(4);
        assert_eq!(
            urn(&hash, 0),
            "urn:uuid:01234567-89ab-8def-a123-456789abcdef"
        );
        assert_eq!(urn("", 32), "urn:uuid:00000000-0000-8000-a000-000000000000");
    }
}
