//! What a page's reader sees first: until the program has opened the snapshot, and for good without JavaScript.

use std::{fmt::Write, fs};

use anyhow::Result;
use locales::Locale;
use serde_json::Value;

use super::{Teller, Words, escaped, found};
use crate::site::program;

/// The pages of the menu, in the order of the program's header (`app/src/components/header.rs`).
const MENU: [&str; 9] = [
    "data",
    "places",
    "commitments",
    "changes",
    "explorer",
    "downloads",
    "methods",
    "protection",
    "about",
];

impl Teller<'_> {
    /// For the body: what stands there until the program has opened the snapshot, or for good without JavaScript.
    /// Nothing of the data is told but by the static first view, which says that nobody has checked it.
    pub(super) fn first(
        &self,
        language: &str,
        route: &str,
        words: &Words,
        drawn: Option<&str>,
    ) -> Result<String> {
        let name = escaped(self.said(&self.manifest["title"], language));
        // The program's header has a search box on all pages but those that begin with one.
        let bar = match route {
            "" | "places" => "bar-top",
            _ => "bar-top searched",
        };
        let mut out = format!(
            "<div id=\"first\"><div role=\"banner\"><div class=\"top\"><div class=\"wide {bar}\"><a class=\"brand\" href=\"/{language}/\"><span class=\"logo\" aria-hidden=\"true\"></span>{name}</a>{}</div>{}</div>",
            self.switches(language, route)?,
            self.menu(language, route)?
        );
        if self.manifest["demonstration"] == true {
            let mark = escaped(self.text(language, "site", "demonstration")?);
            write!(
                out,
                "<div class=\"demonstration\"><p class=\"wide\">{mark}</p></div>"
            )?;
        }
        write!(
            out,
            "</div><div class=\"wide\" role=\"main\"><h1>{}</h1><p class=\"lead\">{}</p>",
            escaped(&words.title),
            escaped(&words.lead)
        )?;
        if let Some(program) = program(route) {
            out.push_str(&self.failed(language, program)?);
        }
        out.push_str(drawn.unwrap_or_default());
        let datasets = self.manifest["datasets"].as_array();
        match route.split_once('/') {
            Some(("data", id)) => {
                let dataset = found(&self.manifest["datasets"], "id", id);
                let title = escaped(self.text(language, "nav", "downloads")?);
                write!(
                    out,
                    "<h2>{title}</h2><ul>{}</ul>",
                    self.files(dataset, language)?
                )?;
            }
            None if matches!(route, "" | "data" | "downloads") => {
                let title = escaped(self.text(language, "home", "datasets")?);
                write!(out, "<h2>{title}</h2><ul>")?;
                for dataset in datasets.into_iter().flatten() {
                    let id = escaped(dataset["id"].as_str().unwrap_or_default());
                    let title = escaped(self.said(&dataset["title"], language));
                    write!(
                        out,
                        "<li><a href=\"/{language}/data/{id}/\">{title}</a></li>"
                    )?;
                }
                out.push_str("</ul>");
            }
            _ => {}
        }
        out.push_str("</div></div>");
        Ok(out)
    }

    /// The same page in the other languages.
    fn switches(&self, language: &str, route: &str) -> Result<String> {
        let slash = if route.is_empty() { "" } else { "/" };
        let route = escaped(route);
        let mut out = "<div class=\"switches\">".to_owned();
        for Locale { tag, facts, .. } in &self.locales {
            let (name, hint) = (escaped(&facts.name), escaped(&facts.switch));
            if tag != language {
                write!(
                    out,
                    "<a class=\"switch language\" href=\"/{tag}/{route}{slash}\" hreflang=\"{tag}\" lang=\"{tag}\" title=\"{hint}\">{name}</a>"
                )?;
            }
        }
        out.push_str("</div>");
        Ok(out)
    }

    /// The menu, as the program's header shows it.
    fn menu(&self, language: &str, route: &str) -> Result<String> {
        let label = escaped(self.text(language, "site", "navigation")?);
        let mut out = format!("<nav class=\"wide pages\" aria-label=\"{label}\"><ul>");
        for page in MENU {
            let title = escaped(self.text(language, "nav", page)?);
            let current = match route.strip_prefix(page) {
                Some("") => " aria-current=\"page\"",
                Some(rest) if rest.starts_with('/') => " aria-current=\"true\"",
                _ => "",
            };
            write!(
                out,
                "<li><a href=\"/{language}/{page}/\"{current}>{title}</a></li>"
            )?;
        }
        out.push_str("</ul></nav>");
        Ok(out)
    }

    /// The static first view of a page, as the snapshot was published with it; none of another snapshot.
    pub(super) fn drawn(&self, language: &str, route: &str) -> Option<String> {
        let name = match route {
            "" => "home.html".to_owned(),
            _ => format!("data/{}.html", route.strip_prefix("data/")?),
        };
        let drawn = fs::read_to_string(self.drawn.join(language).join(name)).ok()?;
        let id = escaped(self.manifest["id"].as_str()?);
        drawn
            .starts_with(&format!("<div id=\"drawn\" data-snapshot=\"{id}\">"))
            .then_some(drawn)
    }

    /// What is shown where the program of the page does not come. Another load of the page asks for it again.
    fn failed(&self, language: &str, program: &str) -> Result<String> {
        let text = |key: &str| self.text(language, "failed", key);
        let remedy = text("unreachable_remedy")?.replace("{what}", &format!("{program}.js"));
        let (title, remedy) = (escaped(text("unreachable")?), escaped(&remedy));
        let retry = escaped(text("retry")?);
        Ok(format!(
            "<section id=\"failed\" class=\"notice\" role=\"alert\" hidden=\"\"><h2>{title}</h2><p>{remedy}</p><p class=\"actions\"><a class=\"button\" href=\"\">{retry}</a></p></section>"
        ))
    }

    /// The files of a dataset as items of a list: one for each table, in every form.
    fn files(&self, dataset: &Value, language: &str) -> Result<String> {
        let files = self.manifest["files"].as_array();
        let known: Vec<&str> = files
            .into_iter()
            .flatten()
            .filter_map(|file| file["path"].as_str())
            .collect();
        let tables = dataset["breakdowns"].as_array().into_iter().flatten();
        let tables = tables.map(|it| (self.said(&it["title"], language), it["path"].as_str()));
        let rows = dataset["table"]["path"].as_str();
        let rows = rows.map(|path| (self.said(&dataset["title"], language), Some(path)));
        let mut out = String::new();
        for (title, path) in tables.chain(rows) {
            let Some(stem) = path.and_then(|path| path.strip_suffix(".parquet")) else {
                continue;
            };
            write!(out, "<li>{}", escaped(title))?;
            for form in ["parquet", "csv", "xlsx", "json"] {
                let path = format!("{stem}.{form}");
                if known.contains(&path.as_str()) {
                    let (path, form) = (escaped(&path), form.to_uppercase());
                    write!(out, " <a href=\"/{path}\">{form}</a>")?;
                }
            }
            out.push_str("</li>");
        }
        Ok(out)
    }
}
