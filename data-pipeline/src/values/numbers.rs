//! Numbers with their units: money to fen, areas to hundredths of a square metre, exactly.

/// A unit that an export declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// 分.
    Fen,
    /// 元.
    Yuan,
    /// 千元.
    ThousandYuan,
    /// 万元.
    TenThousandYuan,
    /// 亿元.
    HundredMillionYuan,
    /// 平方米.
    SquareMetre,
    /// 万平方米.
    TenThousandSquareMetres,
}

/// What a text says about units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declared {
    /// Nothing.
    Nothing,
    /// A unit of money, of area, or of both.
    Units(Option<Unit>, Option<Unit>),
    /// A unit that is not known, or two of one kind.
    Unclear,
}

const NAMES: [(&str, Unit); 22] = [
    ("亿元", Unit::HundredMillionYuan),
    ("億元", Unit::HundredMillionYuan),
    ("万元", Unit::TenThousandYuan),
    ("萬元", Unit::TenThousandYuan),
    ("千元", Unit::ThousandYuan),
    ("仟元", Unit::ThousandYuan),
    ("元", Unit::Yuan),
    ("圆", Unit::Yuan),
    ("yuan", Unit::Yuan),
    ("分", Unit::Fen),
    ("fen", Unit::Fen),
    ("万平方米", Unit::TenThousandSquareMetres),
    ("萬平方公尺", Unit::TenThousandSquareMetres),
    ("平方米", Unit::SquareMetre),
    ("平方公尺", Unit::SquareMetre),
    ("平米", Unit::SquareMetre),
    ("㎡", Unit::SquareMetre),
    ("m²", Unit::SquareMetre),
    ("m2", Unit::SquareMetre),
    ("square_metre", Unit::SquareMetre),
    ("thousand_yuan", Unit::ThousandYuan),
    ("ten_thousand_yuan", Unit::TenThousandYuan),
];

impl Unit {
    /// The unit that a text names, as `万元`, `人民币元`, `㎡` or `ten_thousand_yuan`.
    pub fn named(text: &str) -> Option<Self> {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let text = ["人民币", "人民幣", "新臺幣", "新台幣", "新台币"]
            .iter()
            .find_map(|currency| text.strip_prefix(currency))
            .unwrap_or(&text)
            .to_lowercase();
        NAMES
            .iter()
            .find(|(name, _)| *name == text)
            .map(|(_, unit)| *unit)
    }

    /// How exports write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fen => "分",
            Self::Yuan => "元",
            Self::ThousandYuan => "千元",
            Self::TenThousandYuan => "万元",
            Self::HundredMillionYuan => "亿元",
            Self::SquareMetre => "平方米",
            Self::TenThousandSquareMetres => "万平方米",
        }
    }

    /// Fen in one, for units of money.
    pub fn fen(self) -> Option<i64> {
        match self {
            Self::Fen => Some(1),
            Self::Yuan => Some(100),
            Self::ThousandYuan => Some(100_000),
            Self::TenThousandYuan => Some(1_000_000),
            Self::HundredMillionYuan => Some(10_000_000_000),
            Self::SquareMetre | Self::TenThousandSquareMetres => None,
        }
    }

    /// Hundredths of a square metre in one, for units of area.
    pub fn hundredths(self) -> Option<i64> {
        match self {
            Self::SquareMetre => Some(100),
            Self::TenThousandSquareMetres => Some(1_000_000),
            _ => None,
        }
    }

    /// What a title cell declares: `单位:万元`, `金额单位:元、面积单位:平方米`. 单位 also means an organisation
    /// (填报单位:…), so only what looks like a unit counts. The text must have passed [`super::normalise`].
    pub fn declared(text: &str) -> Declared {
        let (mut money, mut area, mut unclear) = (None, None, false);
        let mut rest = text;
        while let Some(at) = rest.find("单位").or_else(|| rest.find("單位")) {
            rest = &rest[at + "单位".len()..];
            let after = rest.trim_start();
            let Some(list) = after.strip_prefix([':', '为', '是']) else {
                continue;
            };
            for word in list
                .split(['、', ',', ';', '/', '(', ')', ' ', '。'])
                .take(4)
            {
                let word = word.trim().trim_matches(|c: char| "[]【】".contains(c));
                if word.contains("单位") || word.contains("單位") {
                    break;
                }
                match Self::named(word) {
                    Some(unit) => {
                        let place = if unit.fen().is_some() {
                            &mut money
                        } else {
                            &mut area
                        };
                        unclear |= place.is_some_and(|other| other != unit);
                        *place = Some(unit);
                    }
                    None => {
                        let measure = ["元", "平方米", "平方公尺", "㎡", "m²", "m2"];
                        unclear |= measure.iter().any(|end| word.ends_with(end))
                            || ["亩", "公顷", "坪", "平方公里"].contains(&word);
                    }
                }
            }
        }
        match (unclear, money, area) {
            (true, ..) => Declared::Unclear,
            (_, None, None) => Declared::Nothing,
            (_, money, area) => Declared::Units(money, area),
        }
    }

    /// A number with a unit behind it (`3.5万元`, `120㎡`) without the unit, and the unit.
    pub fn split(text: &str) -> (&str, Option<Self>) {
        let end = text
            .rfind(|c: char| c.is_ascii_digit() || c == ')')
            .map_or(0, |at| at + 1);
        // `m2` ends in a digit.
        let trimmed = text.to_lowercase();
        let end = if trimmed.ends_with("m2") {
            text.len() - 2
        } else {
            end
        };
        match Self::named(&text[end..]) {
            Some(unit) => (text[..end].trim_end(), Some(unit)),
            None => (text, None),
        }
    }
}

/// A decimal number times `scale`, exactly; none when digits would be lost, it does not fit, or its thousands are
/// not set apart in threes. `(1,234.50)` is negative, as accountants write.
pub fn scaled(text: &str, scale: i64) -> Option<i64> {
    let text = text.trim().trim_start_matches(['¥', '￥']).trim_start();
    let (negative, digits) = match (text.strip_prefix('-'), text.strip_prefix('(')) {
        (Some(rest), _) => (true, rest),
        (_, Some(rest)) => (true, rest.strip_suffix(')')?),
        _ => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let digits = digits.trim().trim_start_matches(['¥', '￥']);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let whole = without_separators(whole)?;
    if (whole.is_empty() && fraction.is_empty())
        || !(whole.bytes().chain(fraction.bytes())).all(|b| b.is_ascii_digit())
    {
        return None;
    }
    let mut value = if whole.is_empty() {
        0
    } else {
        whole.parse::<i64>().ok()?.checked_mul(scale)?
    };
    let mut place = scale;
    for digit in fraction.bytes() {
        let digit = i64::from(digit - b'0');
        if place % 10 != 0 {
            if digit != 0 {
                return None;
            }
            continue;
        }
        place /= 10;
        value = value.checked_add(digit.checked_mul(place)?)?;
    }
    Some(if negative { -value } else { value })
}

/// `1,234,567` and `1 234 567`, but not `1,5`, which may be a decimal comma.
fn without_separators(whole: &str) -> Option<String> {
    if !whole.contains([',', ' ']) {
        return Some(whole.to_owned());
    }
    let mut groups = whole.split([',', ' ']);
    let first = groups.next()?;
    let sound = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    sound.then(|| whole.replace([',', ' '], ""))
}

/// A number of a spreadsheet as its program shows it: 15 significant digits.
pub fn of_float(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return format!("{number:.0}");
    }
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    rounded.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_exact() {
        let cases = [
            ("1234.56", 100, Some(123_456)),
            ("1,234.5", 100, Some(123_450)),
            ("1 234 567", 100, Some(123_456_700)),
            ("¥1,234.50", 100, Some(123_450)),
            ("2.5", 1_000_000, Some(2_500_000)),
            ("-3", 100, Some(-300)),
            ("(3.50)", 100, Some(-350)),
            ("(3.50", 100, None),
            ("1,5", 100, None),
            ("12,34,567", 100, None),
            ("1.2E+06", 100, None),
            ("0.001", 100, None),
            ("0.100", 100, Some(10)),
            (".5", 100, Some(50)),
            ("abc", 100, None),
            ("", 100, None),
            ("99999999999999999999", 1, None),
        ];
        for (text, scale, expected) in cases {
            assert_eq!(scaled(text, scale), expected, "{text}");
        }
    }

    #[test]
    fn floats_are_written_as_spreadsheets_show_them() {
        for (number, text) in [
            (0.1 + 0.2, "0.3"),
            (1234.56, "1234.56"),
            (1e6, "1000000"),
            (-2.0, "-2"),
            (902_902_250.0, "902902250"),
            (1.0 / 3.0, "0.333333333333333"),
        ] {
            assert_eq!(of_float(number), text);
        }
    }

    #[test]
    fn units_are_found_where_they_are_declared() {
        use Declared::{Nothing, Unclear, Units};
        for (text, expected) in [
            ("单位:万元", Units(Some(Unit::TenThousandYuan), None)),
            (
                "  (本表為半年報)     單位:千元",
                Units(Some(Unit::ThousandYuan), None),
            ),
            (
                "单位:人民币元、平方米",
                Units(Some(Unit::Yuan), Some(Unit::SquareMetre)),
            ),
            (
                "金额单位:元 面积单位:㎡",
                Units(Some(Unit::Yuan), Some(Unit::SquareMetre)),
            ),
            ("填报单位:兴庆区民政局", Nothing),
            (
                "填报单位:兴庆区民政局 金额单位:万元",
                Units(Some(Unit::TenThousandYuan), None),
            ),
            ("单位:美元", Unclear),
            ("单位:元、万元", Unclear),
            ("2020年度台账", Nothing),
        ] {
            assert_eq!(Unit::declared(text), expected, "{text}");
        }
        for (text, number, unit) in [
            ("3.5万元", "3.5", Some(Unit::TenThousandYuan)),
            ("120 ㎡", "120", Some(Unit::SquareMetre)),
            ("120m2", "120", Some(Unit::SquareMetre)),
            ("120平方米", "120", Some(Unit::SquareMetre)),
            ("120", "120", None),
            ("12件", "12件", None),
        ] {
            assert_eq!(Unit::split(text), (number, unit), "{text}");
        }
    }
}
