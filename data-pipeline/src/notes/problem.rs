//! What is wrong with a file of notes, in the words of those who write it.

use std::{fmt, path::PathBuf};

use contract::{
    Localised, Wording,
    notes::{NOTE_CHARACTERS, NOTES_FORMAT, NoteKind},
};
use disclosure::pii::{self, Kind};

/// Why the notes cannot be published. No message holds a text of the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotesError {
    /// The file cannot be read.
    #[error("{}", self.localised().en)]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Some of what it says cannot be published: everything that is wrong, in the order of the file.
    #[error("{}", self.localised().en)]
    Refused {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        problems: Vec<Located>,
    },
}

impl NotesError {
    /// The message in both languages.
    pub fn localised(&self) -> Localised {
        let (path, problems) = match self {
            Self::Unreadable { path, source } => {
                let path = path.display();
                return Localised::new(
                    format!("说明文件 {path}：{source}"),
                    format!("the notes {path}: {source}"),
                );
            }
            Self::Refused { path, problems } => (path.display(), problems),
        };
        let mut told = Localised::new(
            format!("说明文件 {path} 不能发布，请改正后重试："),
            format!("the notes {path} cannot be published; correct them and try again:"),
        );
        for located in problems {
            let said = located.localised();
            told.zh += &format!("\n  {}", said.zh);
            told.en += &format!("\n  {}", said.en);
        }
        told
    }
}

/// A problem and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// Line of the file, from 1.
    pub line: usize,
    /// The entry, from 1; none: it is about the file.
    pub entry: Option<usize>,
    /// What is wrong.
    pub problem: Problem,
}

impl Located {
    fn localised(&self) -> Localised {
        let Self {
            line,
            entry,
            problem,
        } = self;
        let said = problem.localised();
        match entry {
            None => Localised::new(
                format!("第 {line} 行：{}", said.zh),
                format!("line {line}: {}", said.en),
            ),
            Some(entry) => Localised::new(
                format!("第 {entry} 条（第 {line} 行）：{}", said.zh),
                format!("entry {entry} (line {line}): {}", said.en),
            ),
        }
    }
}

/// What is wrong with the file or an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// It is no TOML; why.
    NotToml(String),
    /// `format` is missing or another.
    Format,
    /// A field that a note needs.
    Missing(&'static str),
    /// A field that no note has.
    UnknownField(Quoted),
    /// A field of another type; what is expected.
    Type(&'static str, Expected),
    /// `snapshot` is no id.
    Snapshot,
    /// `period` is none.
    Period,
    /// `kind` is none of those there are.
    Kind,
    /// A text is missing or empty.
    NoText(Wording),
    /// A text has so many characters.
    TooLong(Wording, usize),
    /// A text holds line breaks or characters that steer a display.
    Control(Wording),
    /// A text holds what looks like personal data: kinds and how often.
    Personal(Wording, Vec<(Kind, usize)>),
    /// An earlier entry is about the same change.
    Twice(usize),
    /// A dataset that is neither declared nor published; those that are.
    Dataset(Quoted, Vec<String>),
    /// An indicator that the dataset has not; the one whose name comes nearest.
    Indicator(Quoted, Option<String>),
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// A text.
    Text,
    /// A list of texts.
    Texts,
    /// A text in both languages.
    Localised,
    /// A list of entries.
    Entries,
}

/// A name of the file as messages may repeat it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quoted(String);

impl Quoted {
    /// Names that are no identifiers, or look like personal data, are not repeated.
    pub(super) fn new(name: &str) -> Self {
        let is_name = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
        let harmless = !name.is_empty()
            && name.len() <= 60
            && name.bytes().all(is_name)
            && pii::scan_value(name).next().is_none();
        Self(match harmless {
            true => format!(" \"{name}\""),
            false => String::new(),
        })
    }
}

impl fmt::Display for Quoted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Problem {
    fn localised(&self) -> Localised {
        let both = |zh: String, en: String| Localised::new(zh, en);
        match self {
            Self::NotToml(why) => both(
                format!("不是有效的 TOML（{why}）"),
                format!("this is no TOML: {why}"),
            ),
            Self::Format => both(
                format!("请在文件开头写 format = {NOTES_FORMAT}"),
                format!("write format = {NOTES_FORMAT} at the top of the file"),
            ),
            Self::Missing(field) => both(
                format!("缺少 {field}，请补上"),
                format!("{field} is missing: add it"),
            ),
            Self::UnknownField(name) => both(
                format!(
                    "没有{name} 这个字段；可用的有 snapshot、dataset、indicators、period、kind、text"
                ),
                format!(
                    "there is no field{name}: an entry has snapshot, dataset, indicators, period, kind and text"
                ),
            ),
            Self::Type(field, expected) => {
                let said = expected.localised();
                both(
                    format!("{field} 应写成{}", said.zh),
                    format!("write {field} as {}", said.en),
                )
            }
            Self::Snapshot => both(
                "snapshot 应为快照编号，如 2020-12-r1；下一个编号可用 mingshi publish --dry-run 查到"
                    .to_owned(),
                "snapshot is the id of one, as 2020-12-r1; `mingshi publish --dry-run` says which comes next"
                    .to_owned(),
            ),
            Self::Period => both(
                "period 应为年、季或月，如 \"2020\"、\"2020-Q4\"、\"2020-12\"".to_owned(),
                "write period as a year, a quarter or a month: \"2020\", \"2020-Q4\" or \"2020-12\""
                    .to_owned(),
            ),
            Self::Kind => {
                let all: Vec<&str> = NoteKind::ALL.iter().map(|kind| kind.name()).collect();
                both(
                    format!("kind 应为以下之一：{}", all.join("、")),
                    format!("write kind as one of {}", all.join(", ")),
                )
            }
            Self::NoText(language) => {
                let (zh, en, field) = named(*language);
                both(
                    format!("缺少{zh}：请写 text.{field}"),
                    format!("the {en} is missing: write text.{field}"),
                )
            }
            Self::TooLong(language, characters) => {
                let (zh, en, _) = named(*language);
                both(
                    format!("{zh}有 {characters} 个字符，最多 {NOTE_CHARACTERS} 个：请写短些"),
                    format!(
                        "the {en} has {characters} characters, the most is {NOTE_CHARACTERS}: shorten it"
                    ),
                )
            }
            Self::Control(language) => {
                let (zh, en, _) = named(*language);
                both(
                    format!("{zh}含换行或控制字符：请写成一段"),
                    format!(
                        "the {en} holds line breaks or control characters: write one paragraph"
                    ),
                )
            }
            Self::Personal(language, found) => {
                let (zh, en, _) = named(*language);
                let list = |one: fn(Kind) -> &'static str| -> Vec<String> {
                    let found = found.iter();
                    found
                        .map(|(kind, count)| format!("{} ({count})", one(*kind)))
                        .collect()
                };
                both(
                    format!(
                        "{zh}疑似含有个人信息：{}；请删去，说明文字会对所有人公开",
                        list(chinese).join("、")
                    ),
                    format!(
                        "the {en} holds what looks like {}: take it out, notes are read by everybody",
                        list(Kind::plural).join(", ")
                    ),
                )
            }
            Self::Twice(entry) => both(
                format!("与第 {entry} 条说的是同一处变更：请合成一条"),
                format!("entry {entry} is about the same change: say it in one entry"),
            ),
            Self::Dataset(name, known) => both(
                format!("没有{name} 这个数据集；现有 {}", known.join("、")),
                format!(
                    "there is no dataset{name}: write one of {}",
                    known.join(", ")
                ),
            ),
            Self::Indicator(name, near) => {
                let (zh, en) = match near {
                    Some(near) => (
                        format!("，是否应为 \"{near}\""),
                        format!("did you mean \"{near}\"?"),
                    ),
                    None => (
                        "，请查 datasets/<数据集>/indicators/ 中的文件名".to_owned(),
                        "see the names of the files in its indicators/".to_owned(),
                    ),
                };
                both(
                    format!("该数据集没有{name} 这个指标{zh}"),
                    format!("the dataset has no indicator{name}: {en}"),
                )
            }
        }
    }
}

impl Expected {
    fn localised(self) -> Localised {
        let (zh, en) = match self {
            Self::Text => ("文字，如 \"…\"", "text: \"…\""),
            Self::Texts => (
                "文字列表，如 [\"…\", \"…\"]",
                "a list of texts: [\"…\", \"…\"]",
            ),
            Self::Localised => (
                "两种语言的文字，如 { zh = \"…\", en = \"…\" }",
                "text in both languages: { zh = \"…\", en = \"…\" }",
            ),
            Self::Entries => (
                "若干条目，每条以 [[note]] 开头",
                "entries, each beginning with [[note]]",
            ),
        };
        Localised::new(zh, en)
    }
}

/// How a text is called in Chinese and English, and its field.
fn named(language: Wording) -> (&'static str, &'static str, &'static str) {
    match language {
        Wording::Zh => ("中文说明", "Chinese text", "zh"),
        Wording::En => ("英文说明", "English text", "en"),
    }
}

fn chinese(kind: Kind) -> &'static str {
    match kind {
        Kind::ResidentId | Kind::LegacyResidentId => "身份证号",
        Kind::Mobile => "手机号",
        Kind::Telephone => "电话号码",
        Kind::BankCard => "银行卡号",
        Kind::Plate => "车牌号",
        Kind::Email => "电子邮箱",
        Kind::Account => "社交账号",
        Kind::Address => "住址",
        Kind::Name => "姓名",
        Kind::Passport => "护照号",
        Kind::TravelPermit => "通行证号",
        _ => "证件号",
    }
}
