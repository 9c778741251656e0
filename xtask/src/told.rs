//! What a page tells before its program runs: to readers who wait or have no JavaScript, to search engines, and to
//! sites that show a link to it (OpenGraph, <https://ogp.me>; oEmbed, <https://oembed.com>).
//!
//! Static hosts answer with files: the answer of oEmbed stands in one, and cannot heed what a consumer asks in its
//! query (`maxwidth`, the view of the address). Its addresses have to be whole ones, so it is only written for a
//! portal whose address is known.

mod cards;
mod first;
mod pictures;

use std::{fs, path::Path};

use anyhow::{Context, Result, anyhow};
use locales::{Locale, Wording};
use serde_json::Value;

pub use cards::Address;
pub use pictures::Pictures;

use crate::{command::root, page};

/// What is told of a portal's pages.
pub struct Teller<'a> {
    manifest: &'a Value,
    places: &'a Value,
    address: Option<&'a Address>,
    /// The folder of the static first views.
    drawn: &'a Path,
    /// What other sites show of charts.
    pictures: &'a Pictures,
    /// The languages of the portal, with its texts.
    locales: Vec<Locale>,
}

/// A page's own words.
struct Words {
    title: String,
    lead: String,
}

impl<'a> Teller<'a> {
    /// Of a snapshot, with its static first views and pictures.
    ///
    /// # Errors
    /// When a file of the portal's languages does not fit.
    pub fn new(
        manifest: &'a Value,
        places: &'a Value,
        address: Option<&'a Address>,
        (drawn, pictures): (&'a Path, &'a Pictures),
    ) -> Result<Self> {
        let locales = locales::read(&root().join("locales"))
            .map_err(|problems| anyhow!("{}", problems.join("\n")))?;
        Ok(Self {
            manifest,
            places,
            address,
            drawn,
            pictures,
            locales,
        })
    }

    /// The page at a route, with its language, title and description, what other sites show of it, and what its
    /// reader sees first. Root-relative addresses are still to be put behind the portal's path.
    pub fn page(&self, html: &str, language: &str, route: &str) -> Result<String> {
        let words = self.words(language, route)?;
        let name = self.said(&self.manifest["title"], language);
        let title = match route {
            "" => name.to_owned(),
            _ => format!("{} · {name}", words.title),
        };
        let html = between(html, "<html lang=\"", "\"", language)?;
        let html = between(&html, "<title>", "</title>", &escaped(&title))?;
        let described = "<meta name=\"description\" content=\"";
        let html = between(&html, described, "\"", &escaped(&words.lead))?;
        let html = before(&html, "</head>", &self.ahead())?;
        let html = before(&html, "</head>", &self.cards(language, route, &words)?)?;
        let drawn = self.drawn(language, route);
        let html = match drawn {
            Some(_) => {
                let guard = format!("<script src=\"/{}\"></script>", guard());
                before(&html, "</head>", &guard)?
            }
            None => html,
        };
        let first = self.first(language, route, &words, drawn.as_deref())?;
        after(&html, "<body>", &first)
    }

    /// Asks for the files that every page opens, while its program is on its way: the program learns of the second
    /// from the first. A page that is pinned to an older snapshot asks for them in vain.
    fn ahead(&self) -> String {
        let manifest = self.manifest["id"]
            .as_str()
            .map(|id| format!("snapshots/{id}/manifest.json"));
        let places = self.manifest["places"].as_str().map(str::to_owned);
        let files = manifest.into_iter().chain(places);
        files
            .map(|path| {
                let path = escaped(&path);
                format!(
                    "<link rel=\"preload\" href=\"/{path}\" as=\"fetch\" crossorigin=\"anonymous\" />"
                )
            })
            .collect()
    }

    fn locale(&self, language: &str) -> Result<&Locale> {
        let mut locales = self.locales.iter();
        locales
            .find(|it| it.tag == language)
            .with_context(|| format!("locales/{language}.toml is missing"))
    }

    fn text(&self, language: &str, section: &str, key: &str) -> Result<&str> {
        let key = format!("{section}.{key}");
        let text = self.locale(language)?.texts.get(&key);
        text.map(String::as_str)
            .with_context(|| format!("locales/{language}.toml: {key} is missing"))
    }

    /// A text of the manifest in the wording that a language shows.
    fn said<'b>(&self, text: &'b Value, language: &str) -> &'b str {
        let wording = match self.locale(language).map(|it| it.facts.wording) {
            Ok(Wording::Zh) => "zh",
            _ => "en",
        };
        text[wording].as_str().unwrap_or_default()
    }

    fn words(&self, language: &str, route: &str) -> Result<Words> {
        let text = |section: &str, key: &str| self.text(language, section, key).map(str::to_owned);
        let (page, of) = route.split_once('/').unwrap_or((route, ""));
        let words = match (page, of) {
            ("", _) => Words {
                title: self.said(&self.manifest["title"], language).to_owned(),
                lead: text("site", "tagline")?,
            },
            ("data", "") => Words {
                title: text("nav", "data")?,
                lead: text("datasets", "lead")?,
            },
            ("data", id) => {
                let dataset = found(&self.manifest["datasets"], "id", id);
                Words {
                    title: self.said(&dataset["title"], language).to_owned(),
                    lead: self.said(&dataset["summary"], language).to_owned(),
                }
            }
            ("places", code) if !code.is_empty() => Words {
                title: self
                    .said(&found(self.places, "code", code)["name"], language)
                    .to_owned(),
                lead: text("places", "lead")?,
            },
            ("briefing", _) => Words {
                title: text("briefing", "title")?,
                lead: text("briefing", "lead")?,
            },
            (page, _) => Words {
                title: text("nav", page)?,
                lead: text(page, "lead")?,
            },
        };
        Ok(words)
    }
}

/// What a page with a static first view runs before anything is painted.
const GUARD: &str = include_str!("told/guard.js");

/// The name of its file.
fn guard() -> String {
    format!("guard-{:016x}.js", page::fnv(GUARD.as_bytes()))
}

/// Writes what pages with a static first view run before anything is painted.
pub fn write_guard(out: &Path) -> Result<()> {
    Ok(fs::write(out.join(guard()), GUARD)?)
}

fn found<'a>(list: &'a Value, key: &str, value: &str) -> &'a Value {
    let items = list.as_array().into_iter().flatten();
    let mut items = items.filter(|item| item[key] == value);
    items.next().unwrap_or(&Value::Null)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// The page with what stands between two marks replaced.
fn between(html: &str, from: &str, to: &str, new: &str) -> Result<String> {
    let parts = html.split_once(from).and_then(|(start, rest)| {
        let (_, end) = rest.split_once(to)?;
        Some((start, end))
    });
    let (start, end) = parts.with_context(|| format!("index.html holds no {from}…{to}"))?;
    Ok(format!("{start}{from}{new}{to}{end}"))
}

fn before(html: &str, mark: &str, new: &str) -> Result<String> {
    let (start, end) = html
        .split_once(mark)
        .with_context(|| format!("index.html holds no {mark}"))?;
    Ok(format!("{start}{new}{mark}{end}"))
}

fn after(html: &str, mark: &str, new: &str) -> Result<String> {
    let (start, end) = html
        .split_once(mark)
        .with_context(|| format!("index.html holds no {mark}"))?;
    Ok(format!("{start}{mark}{new}{end}"))
}
