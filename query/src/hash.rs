//! SHA-256 of whole files.

use sha2::{Digest, Sha256};

/// SHA-256 in lower-case hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    Sha256::digest(bytes)
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
    }
}
