#![no_main]

use fuzz::values;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let text = values::normalise(text);
    let _ = (values::datetime(&text), values::date(&text));
    let (number, unit) = values::Unit::split(&text);
    let scale = unit.and_then(values::Unit::fen).unwrap_or(100);
    if let Some(value) = values::scaled(number, scale) {
        // A number that is read is written back to itself.
        assert_eq!(values::scaled(&value.to_string(), 1), Some(value));
    }
    let _ = (values::Unit::declared(&text), values::boolean(&text), values::glob(&text, &text));
    let _ = values::header_key(&text);
});
