//! What other sites show of a page: OpenGraph, oEmbed, the same page in other languages.

use std::{fmt::Write, fs, path::Path, str::FromStr};

use anyhow::Result;
use locales::Locale;
use serde_json::{Value, json};

use super::{Teller, Words, escaped, found};
use crate::{hosting::EMBED, site::Base};

/// The frame that oEmbed names: that of the portal's own code before it has been fitted.
const WIDTH: u32 = 720;
const HEIGHT: u32 = 560;

/// Where a portal is reached: `https://host/` or `https://host/city/portal/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    origin: String,
    base: Base,
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("{text:?} is no address: write it as https://host/city/portal/");
        let (scheme, rest) = text.split_once("://").ok_or_else(wrong)?;
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let plain = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
        if !matches!(scheme, "http" | "https") || host.is_empty() || !host.chars().all(plain) {
            return Err(wrong());
        }
        Ok(Self {
            origin: format!("{scheme}://{host}"),
            base: path.parse().map_err(|_| wrong())?,
        })
    }
}

impl Address {
    /// That of a portal on this machine.
    pub fn local(port: u16, base: &Base) -> Self {
        Self {
            origin: format!("http://127.0.0.1:{port}"),
            base: base.clone(),
        }
    }

    /// The path under which the portal stands.
    pub fn base(&self) -> &Base {
        &self.base
    }

    /// The whole address of a path below the portal's root.
    fn of(&self, path: &str) -> String {
        format!("{}{}{path}", self.origin, self.base.path())
    }
}

impl Teller<'_> {
    /// For the head: what other sites show of the page, and where its charts are to be had.
    pub(super) fn cards(&self, language: &str, route: &str, words: &Words) -> Result<String> {
        let name = self.said(&self.manifest["title"], language);
        let mut lead = words.lead.clone();
        if self.manifest["demonstration"] == true {
            let mark = self.text(language, "site", "demonstration")?;
            lead = format!("{mark} {lead}");
        }
        let mut out = String::new();
        let mut tag = |name: &str, content: &str| {
            let content = escaped(content);
            write!(out, "<meta property=\"og:{name}\" content=\"{content}\" />")
        };
        tag("type", "website")?;
        tag("site_name", name)?;
        tag("title", &words.title)?;
        tag("description", &lead)?;
        tag("locale", &self.locale(language)?.facts.open_graph)?;
        let Some(address) = self.address else {
            return Ok(out);
        };
        let page = |language: &str| {
            let slash = if route.is_empty() { "" } else { "/" };
            address.of(&format!("{language}/{route}{slash}"))
        };
        tag("url", &page(language))?;
        for Locale { tag, .. } in &self.locales {
            let href = escaped(&page(tag));
            write!(
                out,
                "<link rel=\"alternate\" hreflang=\"{tag}\" href=\"{href}\" />"
            )?;
        }
        let dataset = route.strip_prefix("data/").unwrap_or_default();
        if let Some(picture) = self.pictures.of(language, dataset) {
            let mut tag = |name: &str, content: &str| {
                let content = escaped(content);
                write!(out, "<meta property=\"og:{name}\" content=\"{content}\" />")
            };
            tag("image", &address.of(&picture.path))?;
            tag("image:type", "image/png")?;
            tag("image:width", &picture.size.0.to_string())?;
            tag("image:height", &picture.size.1.to_string())?;
            tag("image:alt", &words.title)?;
            out.push_str("<meta name=\"twitter:card\" content=\"summary_large_image\" />");
        }
        if let Some(id) = self.charted(route) {
            let href = escaped(&address.of(&oembed_path(language, id)));
            let title = escaped(&words.title);
            write!(
                out,
                "<link rel=\"alternate\" type=\"application/json+oembed\" title=\"{title}\" href=\"{href}\" />"
            )?;
        }
        Ok(out)
    }

    /// The dataset of a route, where it has charts.
    fn charted<'b>(&self, route: &'b str) -> Option<&'b str> {
        let id = route.strip_prefix("data/")?;
        has_charts(found(&self.manifest["datasets"], "id", id)).then_some(id)
    }

    /// The answer of oEmbed for the charts of a dataset: the whole text of a file, where the address is known.
    fn oembed(&self, language: &str, dataset: &Value) -> Option<String> {
        let address = self.address?;
        let id = dataset["id"].as_str()?;
        let mut title = self.said(&dataset["title"], language).to_owned();
        if self.manifest["demonstration"] == true {
            let mark = self.text(language, "site", "demonstration_label").ok()?;
            let aside = &self.locale(language).ok()?.facts.writing.aside;
            title = aside.replace("{text}", &title).replace("{aside}", mark);
        }
        let frame = escaped(&address.of(&format!("{language}/{EMBED}/{id}/")));
        let answer = json!({
            "version": "1.0",
            "type": "rich",
            "provider_name": self.said(&self.manifest["title"], language),
            "provider_url": address.of(&format!("{language}/")),
            "title": title,
            "width": WIDTH,
            "height": HEIGHT,
            "html": format!(
                "<iframe src=\"{frame}\" title=\"{}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" frameborder=\"0\" loading=\"lazy\" referrerpolicy=\"no-referrer\" sandbox=\"allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-downloads\"></iframe>",
                escaped(&title)
            ),
        });
        Some(answer.to_string())
    }

    /// Writes the answers of oEmbed for a language, each beside the embedded charts that it names.
    pub fn write_oembed(&self, language: &str, out: &Path) -> Result<()> {
        for dataset in self.manifest["datasets"].as_array().into_iter().flatten() {
            let id = dataset["id"].as_str().unwrap_or_default();
            let folder = out.join(language).join(EMBED).join(id);
            if has_charts(dataset)
                && folder.is_dir()
                && let Some(answer) = self.oembed(language, dataset)
            {
                fs::write(out.join(oembed_path(language, id)), answer)?;
            }
        }
        Ok(())
    }
}

/// Whether a dataset has charts to embed.
fn has_charts(dataset: &Value) -> bool {
    dataset["indicators"]
        .as_array()
        .is_some_and(|indicators| !indicators.is_empty())
}

/// The file with the answer of oEmbed for a dataset.
fn oembed_path(language: &str, dataset: &str) -> String {
    format!("{language}/{EMBED}/{dataset}/oembed.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_host_and_a_plain_path() {
        for (text, whole) in [
            ("https://data.example", "https://data.example/en/"),
            ("https://data.example/", "https://data.example/en/"),
            ("http://127.0.0.1:8080/x/y", "http://127.0.0.1:8080/x/y/en/"),
        ] {
            let address: Address = text.parse().unwrap();
            assert_eq!(address.of("en/"), whole, "{text}");
        }
        for text in [
            "data.example",
            "ftp://data.example/",
            "https:///x",
            "https://a b/",
            "https://a/\"",
            "https://user@host/",
        ] {
            assert!(text.parse::<Address>().is_err(), "{text}");
        }
    }
}
