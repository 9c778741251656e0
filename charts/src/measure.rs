//! The width of text, from a small table of our own: equal natively and in the browser.

/// Estimated width in pixels.
pub(crate) fn width(text: &str, size: f64) -> i32 {
    let ems: f64 = text.chars().map(ems).sum();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "texts are far shorter than i32::MAX pixels"
    )]
    let width = (ems * size).ceil() as i32;
    width
}

fn ems(character: char) -> f64 {
    match character {
        '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{ffef}' => 1.0,
        '\u{20000}'.. => 1.0,
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | ' ' => 0.3,
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 0.88,
        'A'..='Z' => 0.68,
        _ => 0.57,
    }
}

/// The text, shortened with an ellipsis where it is wider than `most` pixels.
pub(crate) fn shortened(text: &str, size: f64, most: i32) -> String {
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
