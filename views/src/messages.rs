//! The portal's texts in every language, generated from `locales/*.toml` by `build.rs`.

use contract::text::Language;

/// A text of the portal, in every language. The constants of one type, not the variants of an enum: a program holds
/// only the texts that it uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message(&'static [&'static str; Language::ALL.len()]);

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

/// The text of a message in one language, with its `{placeholders}` in place.
pub fn text(language: Language, Message(texts): Message) -> &'static str {
    texts[language.position()]
}

/// The text of a message in one language with its `{name}` placeholders filled.
pub fn fill(language: Language, message: Message, values: &[(&str, &str)]) -> String {
    contract::language::fill(text(language, message), values)
}
