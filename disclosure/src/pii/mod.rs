//! Personal data in text: what looks like a resident ID, a telephone number, a bank card, a plate, an e-mail
//! address, an account of a messenger, an address, a name or a travel document. Rules only: no I/O, no model, one pass.
//!
//! # What is found
//!
//! - Digits in every guise that clerks type: full width, Chinese numerals, circled, Arabic-Indic, several of these in
//!   one number, with spaces, hyphens, dots or invisible characters between them, an `x` or 叉 at the end of an ID;
//!   letters that look like digits (`199OOOO1234`), where the number is one from end to end: IDs and cards by their
//!   check digit, mobile numbers by prefix and length.
//! - E-mail addresses, and those that are spelled: `name(at)host.org`, `name艾特host点com`, `name#host.com`.
//! - Accounts that a word announces: 微信号, VX, 加V, QQ号, 抖音号.
//! - Addresses down to the house or the door; in villages those of a group (光明村三组) where a word such as 家住, a
//!   house number or somebody's name says that people live there.
//! - Names that a word or a title stands beside (联系人, 先生), names of several parts (阿卜杜拉·买买提) included, and
//!   names with sex and age behind them.
//!
//! # What is not
//!
//! The search knows forms, not meanings. It does not see: names in running text without such a word (网格员陈敏未上门),
//! nicknames and surnames alone; accounts in new slang, or that no word announces, such as those of a column that
//! holds nothing else; numbers of which a part stands elsewhere in the sentence, or in quotation marks; hosts in
//! Chinese characters; places told by description (小区东门对面三楼), floors without a number of the door. A village
//! and its group alone may be where a public work is: in a column they count where most values are such. Who can be
//! recognised by what happened to them, no search for forms finds. `tests/pii/hotline/` lists sentences of both sorts.
//!
//! ```
//! use disclosure::pii::{Kind, scan};
//!
//! let text = "联系人：张三，电话１９９ ００００-１２３４";
//! let kinds: Vec<Kind> = scan(text).map(|finding| finding.kind).collect();
//! assert_eq!(kinds, [Kind::Name, Kind::Mobile]);
//! assert!(scan("2018年7月4日，六联社区，第12345号").next().is_none());
//! ```

mod account;
mod address;
mod chain;
mod chars;
mod checks;
mod column;
mod document;
mod dotted;
mod email;
mod mixed;
mod name;
mod number;
mod phone;
mod plate;
mod village;
mod words;

use std::{collections::VecDeque, ops::Range};

pub use checks::{luhn, resident_id_check_digit};
pub use column::ColumnScan;

use chars::{Class, TABLE};

/// What a piece of text looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// An 18-digit resident ID (GB 11643-1999), residence permits of Hong Kong, Macau and Taiwan residents and
    /// of foreigners included: they are numbered alike.
    ResidentId,
    /// A 15-digit resident ID as issued until 1999.
    LegacyResidentId,
    /// A mobile number of mainland China or Taiwan.
    Mobile,
    /// A landline or foreign number: with area code, in E.164 form, or next to a word such as 电话.
    Telephone,
    /// A bank card (ISO/IEC 7812, Luhn).
    BankCard,
    /// A vehicle plate (GA 36), new-energy plates included.
    Plate,
    /// An e-mail address.
    Email,
    /// An account of a messenger or the like, announced by a word such as 微信 or QQ.
    Account,
    /// A Chinese street address down to the number, or a building down to the door.
    Address,
    /// A person's name, by its surname and the words around it.
    Name,
    /// A passport.
    Passport,
    /// A permit for travel between the mainland, Hong Kong, Macau and Taiwan.
    TravelPermit,
    /// A national identity number of Taiwan, Hong Kong or Korea, with its check digit.
    OtherNationalId,
}

impl Kind {
    /// Every kind, in the order of reports.
    pub const ALL: [Self; 13] = [
        Self::ResidentId,
        Self::LegacyResidentId,
        Self::Mobile,
        Self::Telephone,
        Self::BankCard,
        Self::Plate,
        Self::Email,
        Self::Account,
        Self::Address,
        Self::Name,
        Self::Passport,
        Self::TravelPermit,
        Self::OtherNationalId,
    ];

    /// What a message to a publisher calls values of this kind.
    pub fn plural(self) -> &'static str {
        match self {
            Self::ResidentId | Self::LegacyResidentId => "resident ID numbers",
            Self::Mobile => "mobile numbers",
            Self::Telephone => "telephone numbers",
            Self::BankCard => "bank card numbers",
            Self::Plate => "vehicle plates",
            Self::Email => "e-mail addresses",
            Self::Account => "messenger accounts",
            Self::Address => "street addresses",
            Self::Name => "names of persons",
            Self::Passport => "passport numbers",
            Self::TravelPermit => "travel permit numbers",
            Self::OtherNationalId => "national identity numbers",
        }
    }
}

/// What a finding rests on, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// The form alone.
    Form,
    /// The form, and a word next to it that says what it is.
    Context,
    /// The form, and a check digit that a random number passes once in ten or eleven times.
    Checked,
}

/// One piece of text that looks like personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it looks like.
    pub kind: Kind,
    /// Where it stands, in bytes. Ranges of different kinds may overlap: `19900001234@example.org` is both.
    pub range: Range<usize>,
    /// What the finding rests on.
    pub evidence: Evidence,
}

/// Searches running text.
pub fn scan(text: &str) -> Scan<'_> {
    Scan::new(text, Setting::Text)
}

/// Searches one value of a column: as [`scan`], and a value that is nothing but a name, a village's
/// group or a travel permit is found without a word beside it. To judge a whole column use [`ColumnScan`].
pub fn scan_value(text: &str) -> Scan<'_> {
    Scan::new(text, Setting::Value)
}

/// Where a text comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Setting {
    /// Sentences.
    Text,
    /// One cell of a table.
    Value,
}

/// The findings of a text, in the order in which they are met.
#[derive(Clone, Debug)]
pub struct Scan<'a> {
    text: &'a str,
    setting: Setting,
    at: usize,
    /// Address units before this place belong to an address already reported.
    address_until: usize,
    /// Dots before this place belong to a name already reported.
    name_until: usize,
    pending: VecDeque<Finding>,
    /// The digits at hand; made when the first number is met.
    chain: Option<Box<chain::Chain>>,
}

impl<'a> Scan<'a> {
    fn new(text: &'a str, setting: Setting) -> Self {
        let mut pending = VecDeque::new();
        if setting == Setting::Value {
            pending.extend(name::whole(text));
            pending.extend(village::whole(text));
        }
        Self {
            text,
            setting,
            at: 0,
            address_until: 0,
            name_until: 0,
            pending,
            chain: None,
        }
    }

    /// Queues a finding and goes on behind it.
    fn past(&mut self, found: Option<Finding>) {
        if let Some(found) = found {
            self.at = self.at.max(found.range.end);
            self.pending.push_back(found);
        }
    }

    /// Looks at the character at `self.at`, queues what starts or ends there, and moves on.
    fn step(&mut self, class: Class, width: usize) {
        let (text, at) = (self.text, self.at);
        self.at = at + width;
        match class {
            Class::Other => {}
            Class::Digit | Class::HanDigit | Class::OtherDigit => {
                let (pending, chain) = (&mut self.pending, self.chain.get_or_insert_default());
                let push = &mut |found| pending.push_back(found);
                let next = number::at(text, at, class, self.setting, chain, push);
                self.at = next.max(self.at);
            }
            Class::AtWord => self.past(email::spelled(text, at)),
            Class::Messenger => self.past(account::announced(text, at)),
            Class::NameDot => {
                // Most full stops stand behind letters or digits, which no name ends with.
                if at >= self.name_until
                    && text.as_bytes()[..at].last().is_some_and(|b| !b.is_ascii())
                    && let Some(found) = dotted::around(text, at)
                {
                    self.name_until = found.range.end;
                    self.pending.push_back(found);
                }
            }
            Class::Group => self.past(village::around(text, at)),
            Class::At => self.pending.extend(email::around(text, at, at + width)),
            Class::Province => self.pending.extend(plate::at(text, at, at + width)),
            Class::Unit => {
                if at >= self.address_until
                    && let Some(found) = address::around(text, at)
                {
                    self.address_until = found.range.end;
                    self.pending.push_back(found);
                } else {
                    self.past(account::numbered(text, at));
                }
            }
            Class::CueEnd => self.pending.extend(name::after_cue(text, at + width)),
            Class::TitleStart => {
                let found = name::before_title(text, at).or_else(|| name::before_sex(text, at));
                self.pending.extend(found);
            }
        }
    }
}

impl Iterator for Scan<'_> {
    type Item = Finding;

    fn next(&mut self) -> Option<Finding> {
        loop {
            if let Some(found) = self.pending.pop_front() {
                return Some(found);
            }
            let (class, at, width) = TABLE.find(self.text.as_bytes(), self.at)?;
            self.at = at;
            self.step(class, width);
        }
    }
}
