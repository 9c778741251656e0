use anyhow::Result;
use contract::{
    Wording,
    notes::{NOTE_CHARACTERS, Note, NoteKind},
};
use proptest::prelude::*;

use super::*;
use crate::portal;

/// An entry in which everything is right.
const GOOD: &str = r#"
[[note]]
snapshot = "2020-12-r1"
dataset = "whistle"
indicators = ["resolution_rate"]
period = "2020-Q3"
kind = "late_data"
text = { zh = "永宁县第三季度回访结果补报。", en = "Follow-ups of Yongning's third quarter arrived late." }
"#;

fn read(entries: &str) -> Result<Notes, NotesError> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(FILE);
    fs::write(&path, format!("format = 1\n{entries}")).expect("a file");
    Notes::read(&path)
}

/// The good entry with something else in the place of a part.
fn with(part: &str, other: &str) -> String {
    assert!(GOOD.contains(part), "{part}");
    GOOD.replace(part, other)
}

/// What is said of a file, in English and Chinese.
fn refused(entries: &str) -> [String; 2] {
    let error = read(entries).expect_err("it is refused");
    let said = error.localised();
    [said.en, said.zh]
}

fn reference() -> Instance {
    portal::load(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the reference portal")
}

fn note(snapshot: &str, text: &str) -> String {
    with("2020-12-r1", snapshot).replace("永宁县第三季度回访结果补报。", text)
}

fn texts(notes: &[Note]) -> Vec<(&str, &str)> {
    let notes = notes.iter();
    notes
        .map(|note| (note.snapshot.as_str(), note.text.wording(Wording::Zh)))
        .collect()
}

#[test]
fn a_note_says_what_it_is_about_and_why_in_both_languages() -> Result<()> {
    let notes = read(GOOD)?.of(&["2020-11-r1", "2020-12-r1"], &[]);
    let [note] = &notes[..] else {
        panic!("one note: {notes:?}");
    };
    assert_eq!(
        (note.dataset.as_str(), note.kind),
        ("whistle", NoteKind::LateData)
    );
    assert!(note.names("resolution_rate"));
    assert_eq!(note.period, "2020-Q3".parse().ok());
    assert!(note.text.en.ends_with("arrived late."));
    assert!(read("")?.of(&["2020-12-r1"], &[]).is_empty());
    Ok(())
}

#[test]
fn what_is_wrong_is_told_with_entry_line_and_remedy() {
    let long = "长".repeat(NOTE_CHARACTERS + 1);
    let zh = "永宁县第三季度回访结果补报。";
    for (entries, said) in [
        (
            with("snapshot = \"2020-12-r1\"\n", ""),
            "entry 1 (line 3): snapshot is missing",
        ),
        (
            with("dataset = \"whistle\"\n", ""),
            "dataset is missing: add it",
        ),
        (
            with("2020-12-r1", "2020-12"),
            "entry 1 (line 4): snapshot is the id of one, as 2020-12-r1",
        ),
        (
            with("2020-Q3", "autumn"),
            "(line 7): write period as a year, a quarter or a month",
        ),
        (with("\"2020-Q3\"", "2020"), "write period as a year"),
        (
            with("late_data", "whim"),
            "(line 8): write kind as one of correction, late_data",
        ),
        (
            with(zh, " "),
            "(line 9): the Chinese text is missing: write text.zh",
        ),
        (
            with("en = ", "fr = "),
            "the English text is missing: write text.en",
        ),
        (
            with(zh, &long),
            "the Chinese text has 601 characters, the most is 600",
        ),
        (
            with(zh, "甲\\n乙"),
            "holds line breaks or control characters",
        ),
        (
            with(zh, "甲\\u202e乙"),
            "holds line breaks or control characters",
        ),
        (with("kind = ", "sort = "), "there is no field \"sort\""),
        (
            with("[\"resolution_rate\"]", "\"resolution_rate\""),
            "write indicators as a list",
        ),
        (
            format!("{GOOD}{GOOD}"),
            "entry 2 (line 11): entry 1 is about the same change",
        ),
        ("note = 3".to_owned(), "line 2: write note as entries"),
        (
            "[[remark]]".to_owned(),
            "line 2: there is no field \"remark\"",
        ),
        ("[[note".to_owned(), "line 2: this is no TOML"),
    ] {
        let [en, zh] = refused(&entries);
        assert!(en.contains(said), "{said:?} is not in {en:?}");
        assert!(zh.contains("不能发布") && zh.contains("行"), "{zh}");
    }
    let all = format!("{}{}", with("late_data", "whim"), with("2020-Q3", "autumn"));
    let [en, _] = refused(&all);
    assert!(
        en.contains("entry 1 (line 8)") && en.contains("entry 2 (line 15)"),
        "everything is told at once: {en}"
    );
}

#[test]
fn another_format_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(FILE);
    for text in ["", "format = 2", "format = \"1\""] {
        fs::write(&path, format!("{text}\n{GOOD}")).expect("a file");
        let error = Notes::read(&path).expect_err("another format").to_string();
        assert!(error.contains("write format = 1"), "{error}");
    }
}

#[test]
fn personal_data_are_refused_wherever_they_stand_and_never_repeated() {
    let zh = "永宁县第三季度回访结果补报。";
    let mobile = "19900001234";
    let id = "11010119900307758X";
    for entries in [
        with(zh, &format!("经办人电话{mobile}")),
        with(zh, &format!("按{id}的来信更正")),
        with(
            "arrived late",
            &format!("arrived from clerk@{mobile}.example.org"),
        ),
        with("{ zh", &format!("{{ {mobile} = 1, zh")),
        with(
            GOOD.lines().last().expect("the text"),
            &format!("text = \"{mobile}\""),
        ),
        with("late_data", mobile),
        with("2020-Q3", mobile),
        with("2020-12-r1", mobile),
        with("kind", &format!("\"{mobile}\"")),
        format!("{GOOD}{mobile} = 1\n{mobile} = 2"),
        format!("{GOOD}{mobile}"),
    ] {
        for said in refused(&entries) {
            assert!(!said.contains(mobile) && !said.contains(id), "{said}");
        }
    }
    let [en, zh] = refused(&with(zh, &format!("经办人电话{mobile}")));
    assert!(
        en.contains("mobile numbers (1)") && zh.contains("手机号 (1)"),
        "{en} {zh}"
    );
    let unknown = read(&with("\"whistle\"", &format!("\"{mobile}\""))).expect("well formed");
    let error = unknown.check(&reference(), None).expect_err("unknown");
    assert!(!error.to_string().contains(mobile));
}

#[test]
fn unknown_names_are_refused_with_what_is_known() -> Result<()> {
    let instance = reference();
    read(GOOD)?.check(&instance, None)?;
    let said = |entries: &str| -> Result<String> {
        let error = read(entries)?.check(&instance, None);
        Ok(error.expect_err("unknown").to_string())
    };
    let dataset = said(&with("\"whistle\"", "\"whistel\""))?;
    assert!(
        dataset.contains("entry 1 (line 3): there is no dataset \"whistel\": write one of whistle"),
        "{dataset}"
    );
    let indicator = said(&with("resolution_rate", "resolution_rates"))?;
    assert!(
        indicator.contains("did you mean \"resolution_rate\"?"),
        "{indicator}"
    );
    let far = said(&with("resolution_rate", "zzz"))?;
    assert!(far.contains("see the names of the files"), "{far}");
    // What was withdrawn is declared no more.
    let gone = with("late_data", "withdrawal").replace("whistle", "parking");
    read(&gone)?.check(&instance, None)?;
    Ok(())
}

#[test]
fn notes_of_the_first_snapshot_are_left_out() -> Result<()> {
    let notes = read(GOOD)?;
    assert!(notes.of(&["2020-12-r1", "2021-01-r1"], &[]).is_empty());
    assert_eq!(
        (notes.about("2020-12-r1"), notes.about("2021-01-r1")),
        (1, 0)
    );
    Ok(())
}

#[test]
fn notes_of_snapshots_that_are_not_there_yet_wait() -> Result<()> {
    let notes = read(&format!(
        "{}{}",
        note("2021-01-r1", "后"),
        note("2020-12-r1", "先")
    ))?;
    assert_eq!(
        texts(&notes.of(&["2020-11-r1", "2020-12-r1"], &[])),
        [("2020-12-r1", "先")]
    );
    assert_eq!(notes.waiting(&["2020-11-r1", "2020-12-r1"]), ["2021-01-r1"]);
    let ids = ["2020-11-r1", "2020-12-r1", "2021-01-r1"];
    let both = notes.of(&ids, &[]);
    assert_eq!(texts(&both), [("2020-12-r1", "先"), ("2021-01-r1", "后")]);
    assert!(notes.waiting(&ids).is_empty());
    Ok(())
}

#[test]
fn what_was_published_stays_until_the_file_has_other_words_for_it() -> Result<()> {
    let ids = ["2020-11-r1", "2020-12-r1", "2021-01-r1"];
    let published = read(&note("2020-12-r1", "旧"))?.of(&ids[..2], &[]);
    let deleted = read(&note("2021-01-r1", "新"))?.of(&ids, &published);
    assert_eq!(
        texts(&deleted),
        [("2020-12-r1", "旧"), ("2021-01-r1", "新")]
    );
    let reworded = read(&note("2020-12-r1", "更准确"))?.of(&ids, &published);
    assert_eq!(texts(&reworded), [("2020-12-r1", "更准确")]);
    assert_eq!(Notes::default().of(&ids, &published), published);
    Ok(())
}

#[test]
fn the_reference_portal_explains_its_last_month() -> Result<()> {
    let portal = Path::new(env!("CARGO_MANIFEST_DIR"));
    let notes = Notes::of_portal(portal, None)?;
    notes.check(&reference(), None)?;
    let told = notes.of(&["2020-11-r1", "2020-12-r1"], &[]);
    let about: Vec<&str> = told.iter().map(|note| note.dataset.as_str()).collect();
    assert_eq!(about, ["whistle", "funding", "space"]);
    Ok(())
}

#[test]
fn a_file_that_is_named_has_to_be_there_and_one_that_is_not_need_not() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let portal = folder.path();
    let missing = portal.join("why.toml");
    let error = Notes::of_portal(portal, Some(&missing)).expect_err("it is not there");
    assert!(error.to_string().contains("why.toml"));
    assert!(Notes::of_portal(portal, None)?.waiting(&[]).is_empty());
    // As editors of Windows save it.
    let text = format!("\u{feff}format = 1\r\n{}", GOOD.replace('\n', "\r\n"));
    fs::write(portal.join(FILE), text)?;
    assert_eq!(Notes::of_portal(portal, None)?.waiting(&[]), ["2020-12-r1"]);
    let bytes = folder.path().join("bytes.toml");
    fs::write(&bytes, [0xff, 0xfe, b'a'])?;
    let error = Notes::read(&bytes).expect_err("no text");
    assert!(error.to_string().contains("UTF-8"));
    Ok(())
}

proptest! {
    /// Whatever the file holds, it is read or refused, and no longer piece of it is told.
    #[test]
    fn any_text_is_read_or_refused(value in "[a-zé ]{25,40}", field in 0_usize..6, whole in ".{0,80}") {
        let fields = ["snapshot", "dataset", "indicators", "period", "kind", "text"];
        let text = with(&format!("{} = ", fields[field]), &format!("{} = \"{value}\" # ", fields[field]));
        if let Err(error) = read(&text) {
            prop_assert!(!error.to_string().contains(value.trim()));
        }
        let _ = read(&whole);
    }
}
