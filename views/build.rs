//! Turns `locales/*.toml` into the constants of `Message` in `src/messages.rs`.
//!
//! The build fails when a key or a placeholder stands in one language only, and when no source file uses a key.

use std::{collections::BTreeMap, collections::BTreeSet, env, fs, path::Path};

type Texts = BTreeMap<String, String>;

/// Where texts are used.
const SOURCES: [&str; 2] = ["src", "../app/src"];

fn main() {
    println!("cargo::rerun-if-changed=locales");
    for folder in SOURCES {
        println!("cargo::rerun-if-changed={folder}");
    }
    let chinese = read("locales/zh-CN.toml");
    let english = read("locales/en.toml");
    let problems: Vec<String> = differences(&chinese, &english)
        .into_iter()
        .chain(unused(&chinese))
        .collect();
    for problem in &problems {
        println!("cargo::error={problem}");
    }
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(
        Path::new(&out).join("messages.rs"),
        generated(&chinese, &english),
    )
    .expect("OUT_DIR is writable");
}

/// `section.key` → text.
fn read(path: &str) -> Texts {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let sections: BTreeMap<String, Texts> =
        toml::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
    sections
        .into_iter()
        .flat_map(|(section, texts)| {
            texts
                .into_iter()
                .map(move |(key, text)| (format!("{section}.{key}"), text))
        })
        .collect()
}

fn differences(chinese: &Texts, english: &Texts) -> Vec<String> {
    let keys: BTreeSet<&String> = chinese.keys().chain(english.keys()).collect();
    keys.into_iter()
        .filter_map(|key| match (chinese.get(key), english.get(key)) {
            (Some(zh), Some(en)) if placeholders(zh) != placeholders(en) => Some(format!(
                "locales: the placeholders of {key} differ between zh-CN and en"
            )),
            (Some(_), Some(_)) => None,
            (None, _) => Some(format!("locales/zh-CN.toml: {key} is missing")),
            (_, None) => Some(format!("locales/en.toml: {key} is missing")),
        })
        .collect()
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
        .collect()
}

fn unused(texts: &Texts) -> Vec<String> {
    let mut source = String::new();
    for folder in SOURCES {
        collect(Path::new(folder), &mut source);
    }
    let used: BTreeSet<&str> = source
        .split("Message::")
        .skip(1)
        .map(|rest| {
            rest.split(|c: char| !c.is_ascii_alphanumeric())
                .next()
                .unwrap_or("")
        })
        .collect();
    texts
        .keys()
        .filter(|key| !used.contains(variant(key).as_str()))
        .map(|key| format!("locales: no source file uses {key}"))
        .collect()
}

fn collect(folder: &Path, source: &mut String) {
    let entries = fs::read_dir(folder).expect("the source folder is readable");
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, source);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            source.push_str(&fs::read_to_string(&path).unwrap_or_default());
        }
    }
}

/// `data.chart_title` → `DataChartTitle`.
fn variant(key: &str) -> String {
    key.split(['.', '_'])
        .map(|word| {
            let (first, rest) = word.split_at(word.len().min(1));
            first.to_ascii_uppercase() + rest
        })
        .collect()
}

fn generated(chinese: &Texts, english: &Texts) -> String {
    let mut constants = String::new();
    for (key, text) in english {
        constants += &format!(
            "    /// {text:?}\n    pub const {}: Self = Self(&[{:?}, {text:?}]);\n",
            variant(key),
            chinese.get(key).map_or("", String::as_str),
        );
    }
    format!("#[allow(non_upper_case_globals)]\nimpl Message {{\n{constants}}}\n")
}
