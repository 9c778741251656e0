//! The portal's texts in both languages, generated from `locales/*.toml` by `build.rs`.

use contract::text::Language;

/// A text of the portal, in every language. The constants of one type, not the variants of an enum: a program holds
/// only the texts that it uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message(&'static [&'static str; Language::ALL.len()]);

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

/// The text of a message in one language, with its `{placeholders}` in place.
pub fn text(language: Language, Message([chinese, english]): Message) -> &'static str {
    match language {
        Language::Chinese => chinese,
        Language::English => english,
    }
}

/// The text of a message with its `{name}` placeholders filled.
pub fn fill(language: Language, message: Message, values: &[(&str, &str)]) -> String {
    let mut rest = text(language, message);
    let mut filled = String::with_capacity(rest.len() + 16);
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        let value = values.iter().find(|(key, _)| *key == name);
        filled.push_str(value.map_or("", |(_, value)| *value));
        rest = after;
    }
    filled.push_str(rest);
    filled
}
