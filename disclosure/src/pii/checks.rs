//! Check digits, dates and regions.

/// The check character of a resident ID from its first 17 digits: ISO 7064 MOD 11-2, as GB 11643 demands. None
/// when there are not 17 digits.
pub fn resident_id_check_digit(first: &[u8]) -> Option<char> {
    if first.len() != 17 || first.iter().any(|&d| d > 9) {
        return None;
    }
    let mut remainder = 0u32;
    for &digit in first {
        remainder = (remainder + u32::from(digit)) * 2 % 11;
    }
    match (12 - remainder) % 11 {
        10 => Some('X'),
        digit => char::from_digit(digit, 10),
    }
}

/// Whether digits pass the check of ISO/IEC 7812 (Luhn).
pub fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, &digit)| {
            let digit = u32::from(digit);
            match at % 2 {
                0 => digit,
                _ if digit > 4 => digit * 2 - 9,
                _ => digit * 2,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Digits as a number.
pub(super) fn number(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |sum, &d| sum * 10 + u32::from(d))
}

/// Whether year, month and day name a day on which someone alive or recently dead can have been born.
pub(super) fn is_birth(year: u32, month: u32, day: u32) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1880..2100).contains(&year) && (1..=days).contains(&day)
}

/// Whether the first two digits of an ID are a province (GB/T 2260), Taiwan, Hong Kong or Macau, or the 9 of
/// foreigners' permits.
pub(super) fn is_region(digits: &[u8]) -> bool {
    matches!(
        number(&digits[..2]),
        11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83 | 90..=99
    )
}

/// Whether a card number starts as issuers' do: UnionPay 60 to 62, older Chinese cards 9, Visa 4, Mastercard
/// 51 to 55 and 2221 to 2720, JCB 35, American Express 34 and 37, Diners 36, Discover 64 and 65; and has their
/// length.
pub(super) fn is_card(digits: &[u8]) -> bool {
    let (length, two, four) = (digits.len(), number(&digits[..2]), number(&digits[..4]));
    match two {
        60..=62 | 64 | 65 => (16..=19).contains(&length),
        90..=99 => (16..=19).contains(&length),
        40..=49 => matches!(length, 16 | 19),
        51..=55 | 35 => length == 16,
        22..=27 => (2221..=2720).contains(&four) && length == 16,
        34 | 37 => length == 15,
        36 => length == 14,
        _ => false,
    }
}

/// The identity number of Taiwan: a letter and nine digits.
pub(super) fn is_taiwan_id(letter: char, digits: &[u8]) -> bool {
    let Some(at) = "ABCDEFGHJKLMNPQRSTUVXYWZIO".find(letter.to_ascii_uppercase()) else {
        return false;
    };
    let region = at + 10;
    let weights = [8, 7, 6, 5, 4, 3, 2, 1, 1];
    let sum: usize = digits
        .iter()
        .zip(weights)
        .map(|(&d, w)| usize::from(d) * w)
        .sum();
    digits.len() == 9
        && matches!(digits[0], 1 | 2 | 8 | 9)
        && (region / 10 + region % 10 * 9 + sum).is_multiple_of(10)
}

/// The identity number of Hong Kong: one or two letters, six digits and a check character (10 stands for `A`).
pub(super) fn is_hong_kong_id(letters: &str, digits: &[u8], check: u8) -> bool {
    let value = |c: char| c.to_ascii_uppercase() as usize - 'A' as usize + 10;
    let mut letters = letters.chars().rev();
    let (Some(last), first) = (letters.next(), letters.next()) else {
        return false;
    };
    let head = first.map_or(36, value) * 9 + value(last) * 8;
    let sum: usize = digits
        .iter()
        .zip([7, 6, 5, 4, 3, 2])
        .map(|(&d, w)| usize::from(d) * w)
        .sum();
    digits.len() == 6 && (head + sum + usize::from(check)).is_multiple_of(11)
}

/// The resident registration number of Korea: date, century and sex, check digit.
pub(super) fn is_korean_id(digits: &[u8]) -> bool {
    if digits.len() != 13 || !(1..=8).contains(&digits[6]) {
        return false;
    }
    let century = if matches!(digits[6], 1 | 2 | 5 | 6) {
        1900
    } else {
        2000
    };
    let sum: u32 = digits
        .iter()
        .zip([2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5])
        .map(|(&d, w)| u32::from(d) * w)
        .sum();
    is_birth(
        century + number(&digits[..2]),
        number(&digits[2..4]),
        number(&digits[4..6]),
    ) && (11 - sum % 11) % 10 == u32::from(digits[12])
}
