//! The width of text, from a small table of our own: equal natively and in the browser.
//!
//! The page's font is the system's. The table is of a wide one, DejaVu Sans, so that no system's letters are cut.

/// Widths of the printable ASCII characters, in hundredths of an em, rounded up.
const ASCII: [u8; 95] = [
    32, 41, 46, 84, 64, 96, 78, 28, 40, 40, 50, 84, 32, 37, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 34, 34, 84, 84, 84, 54, 100, 69, 69, 70, 78, 64, 58, 78, 76, 30, 30, 66, 56, 87, 75,
    79, 61, 79, 70, 64, 62, 74, 69, 99, 69, 62, 69, 40, 34, 40, 84, 50, 50, 62, 64, 55, 64, 62, 36,
    64, 64, 28, 28, 58, 28, 98, 64, 62, 64, 64, 42, 53, 40, 64, 60, 82, 60, 60, 53, 64, 34, 64, 84,
];

/// [`width`] or [`bold`].
pub(crate) type Measured = fn(&str, f64) -> i32;

/// Estimated width in pixels.
pub(crate) fn width(text: &str, size: f64) -> i32 {
    pixels(text.chars().map(hundredths).sum(), size)
}

/// Estimated width in pixels of bold letters: Latin ones are about a seventh wider.
pub(crate) fn bold(text: &str, size: f64) -> i32 {
    let wider = |c: char| hundredths(c) * if c.is_ascii() { 116 } else { 100 } / 100;
    pixels(text.chars().map(wider).sum(), size)
}

fn pixels(hundredths: u32, size: f64) -> i32 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "texts are far shorter than i32::MAX pixels"
    )]
    let width = (f64::from(hundredths) * size / 100.0).ceil() as i32;
    width
}

fn hundredths(character: char) -> u32 {
    let code = u32::from(character);
    let ascii = code.checked_sub(32).and_then(|at| ASCII.get(at as usize));
    match character {
        _ if ascii.is_some() => ascii.map_or(0, |&width| width.into()),
        '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'.. | '…' | '—' => 100,
        '×' | '÷' | '\u{2190}'..='\u{22ff}' => 84,
        _ => 66,
    }
}

/// The text, shortened with an ellipsis where it is wider than `most` pixels.
pub(crate) fn shortened(text: &str, size: f64, most: i32) -> String {
    cut(text, size, most, width)
}

/// The same, in regular or bold letters.
pub(crate) fn cut(text: &str, size: f64, most: i32, width: Measured) -> String {
    if width(text, size) <= most {
        return text.to_owned();
    }
    let mut kept = String::new();
    for character in text.chars() {
        kept.push(character);
        if width(&kept, size) + width("…", size) > most {
            kept.pop();
            break;
        }
    }
    kept.truncate(kept.trim_end().len());
    kept + "…"
}

#[cfg(test)]
mod tests {
    use super::{bold, width};

    /// Widths of texts in DejaVu Sans and its bold, in em, as the fonts' own tables add up to.
    const TEXTS: [(&str, f64, f64); 5] = [
        ("Jiefang East Street", 9.275, 10.584),
        ("Changcheng Middle Road", 12.774, 14.293),
        ("Fenghuang North Street", 12.101, 13.745),
        ("Zhongshan South Street", 12.203, 13.777),
        ("Wuyi Village", 6.190, 7.029),
    ];

    #[test]
    fn no_system_s_letters_are_wider_and_the_estimate_is_no_more_than_a_twentieth_above_a_wide_one()
    {
        for (text, regular, strong) in TEXTS {
            for (estimate, real) in [(width(text, 100.0), regular), (bold(text, 100.0), strong)] {
                let estimate = f64::from(estimate) / 100.0;
                assert!(
                    (real..real * 1.05).contains(&estimate),
                    "{text}: {estimate} for {real}"
                );
            }
        }
        assert_eq!(width("解放东街街道", 13.0), 78);
        assert_eq!(bold("解放东街街道", 13.0), 78);
    }
}
