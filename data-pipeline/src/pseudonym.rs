//! Keyed pseudonyms: HMAC-SHA-256 (RFC 2104, FIPS 180-4) of an identifier, under a key that is derived from the
//! city's secret for one snapshot. Within a snapshot the same identifier has the same pseudonym; between
//! snapshots pseudonyms cannot be linked, nor recomputed without the secret.

use std::{
    fs,
    path::{Path, PathBuf},
};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The secret of demonstration zones: known to everyone, for the data are invented.
const DEMONSTRATION: &[u8] = b"Mingshi demonstration secret: invented data only";
/// Shortest accepted secret.
const MIN_SECRET_BYTES: usize = 32;

/// Why there is no key for pseudonyms.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PseudonymError {
    /// A contract asks for pseudonyms, and there is no secret.
    #[error(
        "dataset {dataset:?}, column {column:?} asks for pseudonyms, and there is no secret: give --secret FILE or set MINGSHI_SECRET_FILE; `head -c 32 /dev/urandom > FILE` makes one, keep it outside the published folder"
    )]
    NoSecret {
        /// The dataset.
        dataset: String,
        /// The column.
        column: String,
    },
    /// The secret file cannot be read.
    #[error("the secret file {file}: {source}", file = file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The secret is too short.
    #[error("the secret file {file} holds fewer than {MIN_SECRET_BYTES} bytes: make a longer secret", file = file.display())]
    TooShort {
        /// The file.
        file: PathBuf,
    },
    /// The secret would be published.
    #[error("the secret file {file} lies in the published folder: move it away and make another secret", file = file.display())]
    Published {
        /// The file.
        file: PathBuf,
    },
}

/// The city's secret.
pub struct Secret(Vec<u8>);

impl Secret {
    /// Reads the secret from its file, which may not lie in the published folder.
    ///
    /// # Errors
    /// When the file cannot be read, is too short, or lies where it would be published.
    pub fn read(file: &Path, published: Option<&Path>) -> Result<Self, PseudonymError> {
        let unreadable = |source| PseudonymError::Unreadable {
            file: file.into(),
            source,
        };
        let real = fs::canonicalize(file).map_err(unreadable)?;
        let published = published.and_then(|folder| fs::canonicalize(folder).ok());
        if published.is_some_and(|folder| real.starts_with(folder)) {
            return Err(PseudonymError::Published { file: file.into() });
        }
        let bytes = fs::read(file).map_err(unreadable)?;
        if bytes.len() < MIN_SECRET_BYTES {
            return Err(PseudonymError::TooShort { file: file.into() });
        }
        Ok(Self(bytes))
    }

    /// The secret of demonstration zones.
    pub fn demonstration() -> Self {
        Self(DEMONSTRATION.to_vec())
    }

    /// A code of the ledger, by whose last file's hash it is known, that tells nothing of it: in hexadecimal.
    pub fn seal(&self, ledger: &str) -> String {
        let code = code(&self.0, &[b"mingshi ledger seal 1", ledger.as_bytes()]);
        code.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The key of one snapshot.
    pub fn key(&self, snapshot: &str) -> PseudonymKey {
        PseudonymKey(code(
            &self.0,
            &[b"mingshi pseudonym key 1", snapshot.as_bytes()],
        ))
    }
}

/// The key of one snapshot.
pub struct PseudonymKey([u8; 32]);

impl PseudonymKey {
    /// The pseudonym of a value of a column: 128 bits in hexadecimal.
    pub fn pseudonym(&self, dataset: &str, column: &str, value: &str) -> String {
        let code = code(
            &self.0,
            &[dataset.as_bytes(), column.as_bytes(), value.as_bytes()],
        );
        code[..16]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

/// HMAC-SHA-256 of parts, each preceded by its length.
fn code(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        unreachable!("HMAC refuses no key")
    };
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_is_the_standard_one() {
        // RFC 4231, test case 2, with the lengths that this module writes before each part taken off.
        let mut mac = Hmac::<Sha256>::new_from_slice(b"Jefe").expect("any key");
        mac.update(b"what do ya want for nothing?");
        let hex: String = mac
            .finalize()
            .into_bytes()
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        assert_eq!(
            hex,
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn pseudonyms_link_within_a_snapshot_and_nowhere_else() {
        let secret = Secret(vec![7; 32]);
        let (one, two) = (secret.key("2020-12-r1"), secret.key("2021-01-r1"));
        let made = one.pseudonym("whistle", "phone", "19900001234");
        assert_eq!(made, one.pseudonym("whistle", "phone", "19900001234"));
        for other in [
            one.pseudonym("whistle", "phone", "19900001235"),
            one.pseudonym("whistle", "name", "19900001234"),
            one.pseudonym("funding", "phone", "19900001234"),
            two.pseudonym("whistle", "phone", "19900001234"),
            Secret(vec![8; 32])
                .key("2020-12-r1")
                .pseudonym("whistle", "phone", "19900001234"),
        ] {
            assert_ne!(made, other);
        }
        assert_eq!(made.len(), 32);
    }

    #[test]
    fn secrets_are_refused_where_they_would_be_published_or_guessed() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("secret");
        fs::write(&file, [1; 31])?;
        assert!(matches!(
            Secret::read(&file, None),
            Err(PseudonymError::TooShort { .. })
        ));
        fs::write(&file, [1; 32])?;
        assert!(Secret::read(&file, None).is_ok());
        assert!(matches!(
            Secret::read(&file, Some(folder.path())),
            Err(PseudonymError::Published { .. })
        ));
        Ok(())
    }
}
