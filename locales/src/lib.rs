//! One file for each language of the portal: `zh-CN.toml`, `en.toml`. Its name is the language's BCP 47 tag.
//!
//! The table `[language]` says how the language writes ([`Facts`]); every other table holds texts, which have to be
//! the same keys with the same `{placeholders}` in every file. The build scripts of `contract` and `views` turn the
//! files into Rust: a file more is a language more, and a file that does not fit fails the build with what is wrong
//! in it.

mod facts;
mod generated;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

pub use facts::{Chart, Citation, Dates, Facts, Numbers, Scale, Wording, Writing};
pub use generated::{languages, messages};

/// The languages that contracts are written in, so that the portal always has them.
pub const REQUIRED: [&str; 2] = ["zh-CN", "en"];

/// A language of the portal.
#[derive(Clone, Debug, PartialEq)]
pub struct Locale {
    /// BCP 47 tag, as in addresses.
    pub tag: String,
    /// How it writes.
    pub facts: Facts,
    /// Its texts by `table.key`.
    pub texts: BTreeMap<String, String>,
}

/// Reads the languages of a folder in their order.
///
/// # Errors
///
/// Everything that is wrong with the files, each with its file and key.
pub fn read(folder: &Path) -> Result<Vec<Locale>, Vec<String>> {
    let entries = fs::read_dir(folder)
        .map_err(|error| vec![format!("{}: {error}", folder.display())])?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .filter(|path| path.file_stem().is_some_and(|stem| stem != "Cargo"));
    let (mut locales, mut problems) = (Vec::new(), Vec::new());
    for path in entries {
        let tag = path.file_stem().unwrap_or_default().to_string_lossy();
        let text = fs::read_to_string(&path).map_err(|error| error.to_string());
        match text.and_then(|text| parse(&tag, &text)) {
            Ok(locale) => locales.push(locale),
            Err(problem) => problems.push(format!("locales/{tag}.toml: {problem}")),
        }
    }
    locales.sort_by_key(|it| (it.facts.order, it.tag.clone()));
    let all_read = problems.is_empty();
    for tag in REQUIRED {
        if all_read && !locales.iter().any(|it| it.tag == tag) {
            problems.push(format!("locales/{tag}.toml is missing"));
        }
    }
    for locale in &locales {
        let faults = locale.facts.faults().into_iter();
        problems.extend(faults.map(|fault| format!("locales/{}.toml: {fault}", locale.tag)));
    }
    problems.extend(differences(&locales));
    if problems.is_empty() {
        Ok(locales)
    } else {
        problems.sort();
        Err(problems)
    }
}

fn parse(tag: &str, text: &str) -> Result<Locale, String> {
    let is_tag = tag.split('-').enumerate().all(|(at, part)| {
        let length = if at == 0 { 2..=3 } else { 2..=8 };
        length.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    if !is_tag {
        return Err("name the file by the language's BCP 47 tag, such as fr or pt-BR".to_owned());
    }
    let mut tables: toml::Table =
        toml::from_str(text).map_err(|error| error.to_string().replace('\n', " "))?;
    let facts = tables
        .remove("language")
        .ok_or("the table [language] is missing: copy that of en.toml")?;
    let facts = facts
        .try_into()
        .map_err(|error| format!("[language]: {}", error.to_string().replace('\n', " ")))?;
    let mut texts = BTreeMap::new();
    for (table, keys) in tables {
        let toml::Value::Table(keys) = keys else {
            return Err(format!("{table} stands in no table"));
        };
        for (key, text) in keys {
            let toml::Value::String(text) = text else {
                return Err(format!("{table}.{key} is not a text"));
            };
            texts.insert(format!("{table}.{key}"), text);
        }
    }
    Ok(Locale {
        tag: tag.to_owned(),
        facts,
        texts,
    })
}

/// Keys and placeholders that stand in some of the files only.
fn differences(locales: &[Locale]) -> Vec<String> {
    let keys: BTreeSet<&String> = locales.iter().flat_map(|it| it.texts.keys()).collect();
    let mut problems = Vec::new();
    for key in keys {
        let holder = locales.iter().find(|it| it.texts.contains_key(key));
        let Some((first, expected)) =
            holder.map(|it| (&it.tag, placeholders(it.texts.get(key).map_or("", |it| it))))
        else {
            continue;
        };
        for locale in locales {
            let tag = &locale.tag;
            match locale.texts.get(key) {
                None => problems.push(format!("locales/{tag}.toml: {key} is missing")),
                Some(text) if placeholders(text) != expected => problems.push(format!(
                    "locales/{tag}.toml: {key} has other placeholders than in {first}.toml"
                )),
                Some(_) => {}
            }
        }
    }
    problems
}

/// The names between braces.
pub(crate) fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
        .collect()
}

/// Texts that no source uses as `Message::TableKey`.
pub fn unused(locale: &Locale, source: &str) -> Vec<String> {
    let used: BTreeSet<&str> = source
        .split("Message::")
        .skip(1)
        .map(|rest| {
            rest.split(|c: char| !c.is_ascii_alphanumeric())
                .next()
                .unwrap_or("")
        })
        .collect();
    locale
        .texts
        .keys()
        .filter(|key| !used.contains(generated::variant(key).as_str()))
        .map(|key| format!("locales: no source file uses {key}"))
        .collect()
}
