//! Whether a file is one of this portal's snapshots, byte for byte.

use contract::snapshot::{Manifest, Release};

/// What is known of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is this file of this snapshot.
    Unaltered {
        /// Path from the folder's root.
        path: String,
        /// The snapshot.
        snapshot: String,
    },
    /// It has the name of a file of a snapshot, and other bytes.
    Altered {
        /// Path from the folder's root.
        path: String,
        /// The snapshot.
        snapshot: String,
        /// Bytes that the published file has.
        bytes: u64,
        /// Its SHA-256 in hexadecimal.
        sha256: String,
    },
    /// No snapshot lists it, and it has a name that the portal gives to what it makes of a view.
    OfView,
    /// No snapshot lists it.
    Unknown,
}

/// Compares a file's hash with those of every snapshot, the newest first: what it still holds is named by it.
pub fn verdict(name: &str, sha256: &str, snapshots: &[(Release, Manifest)]) -> Verdict {
    let mut alike = None;
    for (release, manifest) in snapshots.iter().rev() {
        let snapshot = &release.snapshot;
        let own = (
            format!("snapshots/{snapshot}/manifest.json"),
            release.manifest_sha256.as_str(),
            None,
        );
        let archive = release.archive.iter();
        let archive = archive.map(|it| (it.path.clone(), it.sha256.as_str(), Some(it.bytes)));
        let files = manifest.files.iter();
        let files = files.map(|it| (it.path.clone(), it.sha256.as_str(), Some(it.bytes)));
        for (path, hash, bytes) in files.chain(archive).chain([own]) {
            if hash.eq_ignore_ascii_case(sha256) {
                let snapshot = snapshot.clone();
                return Verdict::Unaltered { path, snapshot };
            }
            // Every snapshot has a manifest and a report of these names: they tell nothing.
            let tells = path.starts_with("files/") || path.ends_with(".zip");
            let named = tells && same_name(name, &path);
            if let (true, None, Some(bytes)) = (named, &alike, bytes) {
                alike = Some(Verdict::Altered {
                    path,
                    snapshot: snapshot.clone(),
                    bytes,
                    sha256: hash.to_owned(),
                });
            }
        }
    }
    alike.unwrap_or(match is_of_view(name) {
        true => Verdict::OfView,
        false => Verdict::Unknown,
    })
}

/// The start of the name of every file that is made of a view.
pub const OF_VIEW: &str = "mingshi-";

/// Archives have the same start.
fn is_of_view(name: &str) -> bool {
    let made = [".csv", ".xlsx", ".svg", ".png"];
    name.starts_with(OF_VIEW) && made.iter().any(|ending| name.ends_with(ending))
}

/// Browsers add ` (1)` to the second download of a file, and people what they did to it: `-edited`, ` copy`. The name
/// holds a part of the hash, or the snapshot: what begins with it means this file.
fn same_name(name: &str, path: &str) -> bool {
    let published = path.rsplit('/').next().unwrap_or(path);
    let Some((stem, ending)) = published.rsplit_once('.') else {
        return name == published;
    };
    let Some(rest) = name.strip_prefix(stem) else {
        return false;
    };
    let Some(between) = rest
        .strip_suffix(ending)
        .and_then(|rest| rest.strip_suffix('.'))
    else {
        return false;
    };
    !between.starts_with(|it: char| it.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use contract::snapshot::{File, PublishedArchive, SNAPSHOT_FORMAT};

    use super::*;
    use crate::fixtures;

    fn snapshot(id: &str, hash: &str) -> (Release, Manifest) {
        let release = Release {
            format: SNAPSHOT_FORMAT,
            number: 1,
            snapshot: id.to_owned(),
            manifest_sha256: format!("m{id}"),
            archive: Some(PublishedArchive {
                path: format!("snapshots/{id}/all.zip"),
                bytes: 9,
                sha256: format!("z{id}"),
            }),
        };
        let manifest = Manifest {
            files: vec![File {
                path: "files/whistle/total-0123.csv".to_owned(),
                bytes: 7,
                sha256: hash.to_owned(),
                rows: None,
                blocks: Vec::new(),
            }],
            ..fixtures::manifest(id)
        };
        (release, manifest)
    }

    #[test]
    fn a_file_is_known_by_its_bytes_and_suspected_by_its_name() {
        let all = [snapshot("2020-11-r1", "aa"), snapshot("2020-12-r1", "aa")];
        let unaltered = |path: &str, snapshot: &str| Verdict::Unaltered {
            path: path.to_owned(),
            snapshot: snapshot.to_owned(),
        };
        let file = "files/whistle/total-0123.csv";
        assert_eq!(
            verdict("renamed.txt", "AA", &all),
            unaltered(file, "2020-12-r1")
        );
        let manifest = "snapshots/2020-11-r1/manifest.json";
        assert_eq!(
            verdict("x", "m2020-11-r1", &all),
            unaltered(manifest, "2020-11-r1")
        );
        let archive = "snapshots/2020-12-r1/all.zip";
        assert_eq!(
            verdict("x", "z2020-12-r1", &all),
            unaltered(archive, "2020-12-r1")
        );
        for name in [
            "total-0123.csv",
            "total-0123 (1).csv",
            "total-0123(12).csv",
            "total-0123-edited.csv",
        ] {
            let altered = Verdict::Altered {
                path: file.to_owned(),
                snapshot: "2020-12-r1".to_owned(),
                bytes: 7,
                sha256: "aa".to_owned(),
            };
            assert_eq!(verdict(name, "bb", &all), altered, "{name}");
        }
        for name in [
            "mingshi-whistle-whistles-6401-2020-12-r1.csv",
            "mingshi-whistle-whistles-6401-2020-12-r1 (1).xlsx",
        ] {
            assert_eq!(verdict(name, "bb", &all), Verdict::OfView, "{name}");
        }
        for name in ["total-0123.parquet", "total-01234.csv", "manifest.json", ""] {
            assert_eq!(verdict(name, "bb", &all), Verdict::Unknown, "{name}");
        }
    }
}
