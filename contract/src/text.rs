//! Text in the two wordings of a contract.

use serde::{Deserialize, Serialize};

pub use crate::language::{Language, Wording};

/// One text in Chinese and in English. In TOML: `title = { zh = "响应率", en = "Response rate" }`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Localised {
    /// Simplified Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Localised {
    /// A text from its Chinese and its English form.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            zh: zh.into(),
            en: en.into(),
        }
    }

    /// The text that a language of the portal shows.
    pub fn get(&self, language: Language) -> &str {
        self.wording(language.locale().wording)
    }

    /// The text in one wording.
    pub fn wording(&self, wording: Wording) -> &str {
        match wording {
            Wording::Zh => &self.zh,
            Wording::En => &self.en,
        }
    }
}
