//! SHA-256 of whole files.

use sha2::{Digest, Sha256};

/// SHA-256 in lower-case hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// SHA-256 of bytes that come in pieces.
#[derive(Default)]
pub struct Digester(Sha256);

impl Digester {
    /// Takes the next piece.
    pub fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// The hash of all pieces, in lower-case hexadecimal.
    pub fn finish(self) -> String {
        hexadecimal(&self.0.finalize())
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

/// Whether bytes have a SHA-256, given in hexadecimal of either case.
pub fn verify(bytes: &[u8], sha256_hex: &str) -> bool {
    self::sha256_hex(bytes).eq_ignore_ascii_case(sha256_hex)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_the_standard_example() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256_hex(b"abc"), abc);
        assert!(verify(b"abc", &abc.to_uppercase()));
        assert!(!verify(b"abd", abc));
        let mut digester = Digester::default();
        for piece in [&b"a"[..], b"", b"bc"] {
            digester.update(piece);
        }
        assert_eq!(digester.finish(), abc);
    }
}
