//! A language is a file: what a further one adds, and what is said of one that does not fit.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::{fs, path::Path};

use locales::{Locale, languages, messages, read, unused};

/// The portal's own files in a folder of their own, with one more or one changed.
fn with(tag: &str, change: impl Fn(&str) -> String) -> Result<Vec<Locale>, Vec<String>> {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    for tag in locales::REQUIRED {
        let name = format!("{tag}.toml");
        fs::copy(ours.join(&name), folder.path().join(name)).unwrap();
    }
    let english = fs::read_to_string(ours.join("en.toml")).unwrap();
    fs::write(folder.path().join(format!("{tag}.toml")), change(&english)).unwrap();
    read(folder.path())
}

#[test]
fn one_more_file_is_one_more_language() {
    let locales = with("pt-BR", |english| {
        english
            .replace("order = 2", "order = 3")
            .replace("name = \"English\"", "name = \"Português\"")
            .replace("decimal = \".\"", "decimal = \",\"")
            .replace(
                "skip = \"Skip to content\"",
                "skip = \"Pular \\\"isto\\\"\"",
            )
    })
    .unwrap();
    let tags: Vec<&str> = locales.iter().map(|it| it.tag.as_str()).collect();
    assert_eq!(tags, ["zh-CN", "en", "pt-BR"]);
    let table = languages(&locales);
    for line in [
        "static LOCALES: [Locale; 3]",
        "pub const PT_BR: Self = Self(2);",
        "pub const ALL: [Self; 3] = [Self(0), Self(1), Self(2)];",
        "name: \"Português\"",
        "decimal: \",\"",
    ] {
        assert!(table.contains(line), "{line}");
    }
    let texts = "[\"跳到正文\", \"Skip to content\", \"Pular \\\"isto\\\"\"]";
    assert!(messages(&locales).contains(&format!("pub const SiteSkip: Self = Self(&{texts});")));
}

#[test]
fn what_does_not_fit_is_named() {
    type Change = fn(&str) -> String;
    let cases: [(&str, Change, &str); 10] = [
        (
            "fr",
            |it| it.replace("skip = \"Skip to content\"\n", ""),
            "fr.toml: site.skip is missing",
        ),
        (
            "fr",
            |it| it.replace("[loading]", "[loading]\nmore = \"More\""),
            "en.toml: loading.more is missing",
        ),
        (
            "fr",
            |it| it.replace("Snapshot {id}", "Snapshot {code}"),
            "fr.toml: site.snapshot has other placeholders",
        ),
        (
            "fr",
            |it| it.replace("hour = \"{number} h\"", "hour = \"h\""),
            "fr.toml: language.numbers.hour has to hold {number}",
        ),
        (
            "fr",
            |it| it.replace("day = \"{day} {month} {year}\"", "day = \"{day} {month}\""),
            "language.dates.day has to hold {day} and {month} and {year}",
        ),
        (
            "fr",
            |it| it.replace("from = 1_000_000,", "from = 1,"),
            "yuan_scales: put the smallest `from` first",
        ),
        (
            "fr",
            |it| it.replace("\"Dec\"]", "\"Dec\", \"More\"]"),
            "fr.toml: [language]",
        ),
        (
            "fr",
            |it| it.replace("[language]", "[langue]"),
            "fr.toml: [language]: missing field",
        ),
        (
            "french",
            |it| it.to_owned(),
            "name the file by the language's BCP 47 tag",
        ),
        ("en", |_| "[site".to_owned(), "en.toml: "),
    ];
    for (tag, change, expected) in cases {
        let problems = with(tag, change).unwrap_err();
        assert!(
            problems.iter().any(|it| it.contains(expected)),
            "{expected}: {problems:#?}"
        );
    }
    let lonely = tempfile::tempdir().unwrap();
    let problems = read(lonely.path()).unwrap_err();
    assert_eq!(
        problems,
        [
            "locales/en.toml is missing",
            "locales/zh-CN.toml is missing"
        ]
    );
}

#[test]
fn a_text_that_no_source_uses_is_named() {
    let locales = with("en", str::to_owned).unwrap();
    let english = locales.iter().find(|it| it.tag == "en").unwrap();
    let used: String = english.texts.keys().fold(String::new(), |used, key| {
        let name: String = key
            .split(['.', '_'])
            .map(|word| word[..1].to_uppercase() + &word[1..])
            .collect();
        if key == "site.skip" {
            used
        } else {
            used + "Message::" + &name + ","
        }
    });
    assert_eq!(
        unused(english, &used),
        ["locales: no source file uses site.skip"]
    );
}
