//! Days and moments as cities write them.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

/// Days and moments: `2020-03-05 14:30:00`, `2020/3/5 14:30`, `2020/3/5 下午 2:30`, `2020年3月5日14时30分`,
/// `二〇二〇年三月五日`, `20200305`, and years of the Republic of China (`105年3月5日`, `民國105年3月5日`,
/// `105/3/5`). The text must have passed [`super::normalise`].
pub fn datetime(text: &str) -> Option<NaiveDateTime> {
    let (date, time) = parts(text)?;
    let &[year, month, day] = date.as_slice() else {
        return None;
    };
    let date = NaiveDate::from_ymd_opt(western(year)?, month, day)?;
    Some(date.and_time(time))
}

/// A day; a month alone (`2020-03`, `104年12月`) means its first day.
pub fn date(text: &str) -> Option<NaiveDateTime> {
    if let Some(at) = datetime(text) {
        return Some(at);
    }
    let (date, time) = parts(text)?;
    // `3-5` is a day of some year: only a year that shows itself may stand alone with a month.
    let &[year, month] = date.as_slice() else {
        return None;
    };
    if year < 1900 && !text.contains('年') {
        return None;
    }
    let day = NaiveDate::from_ymd_opt(western(year)?, month, 1)?;
    Some(day.and_time(time))
}

/// Years below 200 are those of the Republic of China, which count from 1912.
fn western(year: u32) -> Option<i32> {
    match year {
        1..=199 => Some(year.cast_signed() + 1911),
        1900..=2999 => Some(year.cast_signed()),
        _ => None,
    }
}

/// The numbers of the date, and the time.
fn parts(text: &str) -> Option<(Vec<u32>, NaiveTime)> {
    let text = text.trim();
    let text = ["中华民国", "中華民國", "民国", "民國"]
        .iter()
        .find_map(|era| text.strip_prefix(era))
        .unwrap_or(text)
        .trim_start();
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        let number = |range: std::ops::Range<usize>| text[range].parse().ok();
        return Some((
            vec![number(0..4)?, number(4..6)?, number(6..8)?],
            NaiveTime::MIN,
        ));
    }
    let text = if text.contains(['年', '月']) {
        arabic(text)?
    } else {
        text.to_owned()
    };
    let (mut numbers, mut digits, mut half) = (Vec::new(), String::new(), None);
    let (mut colons, mut fraction) = (0, false);
    let lower = text
        .replace("上午", " a ")
        .replace("下午", " p ")
        .replace("AM", " a ")
        .replace("PM", " p ");
    for c in lower.chars().chain([' ']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        match c {
            'a' | 'p' if half.is_none() => half = Some(c),
            ':' | '时' | '時' => colons += 1,
            '年' | '月' | '日' | '号' | '號' | '分' | '秒' | '点' | '點' | '-' | '/' | '.'
            | ' ' | 'T' => {}
            _ => return None,
        }
        if !digits.is_empty() {
            if fraction {
                digits.clear(); // fractions of a second
            } else {
                numbers.push(std::mem::take(&mut digits).parse::<u32>().ok()?);
            }
        }
        fraction = c == '.' && colons == 2 && numbers.len() == 6;
    }
    let split = if numbers.len() < 3 { numbers.len() } else { 3 };
    let time = numbers.split_off(split);
    let hour = |h: u32| match half {
        Some(_) if !(1..=12).contains(&h) => None,
        Some('p') => Some(h % 12 + 12),
        Some(_) => Some(h % 12),
        None => Some(h),
    };
    let time = match *time {
        [] => NaiveTime::MIN,
        [h] if lower.contains(['时', '時', '点', '點']) => {
            NaiveTime::from_hms_opt(hour(h)?, 0, 0)?
        }
        [h, m] => NaiveTime::from_hms_opt(hour(h)?, m, 0)?,
        [h, m, s] => NaiveTime::from_hms_opt(hour(h)?, m, s)?,
        _ => return None,
    };
    Some((numbers, time))
}

/// Chinese numerals to digits: years digit by digit (二〇二〇), others by tens (二十五, 廿五).
fn arabic(text: &str) -> Option<String> {
    let value = |c: char| "〇一二三四五六七八九".chars().position(|d| d == c);
    let mut out = String::new();
    let mut run: Vec<char> = Vec::new();
    for c in text.chars().chain(['\n']) {
        let c = match c {
            '零' | '○' | 'Ｏ' => '〇',
            '元' if run.is_empty() && out.is_empty() => '一', // the first year of an era
            other => other,
        };
        if value(c).is_some() || matches!(c, '十' | '廿' | '卅') {
            run.push(c);
            continue;
        }
        if !run.is_empty() {
            out.push_str(&number(&run, value)?);
            run.clear();
        }
        out.push(c);
    }
    out.pop();
    Some(out)
}

fn number(run: &[char], value: impl Fn(char) -> Option<usize>) -> Option<String> {
    let Some(at) = run.iter().position(|c| matches!(c, '十' | '廿' | '卅')) else {
        return run
            .iter()
            .map(|&c| value(c).map(|d| d.to_string()))
            .collect();
    };
    let tens = match (run[at], &run[..at]) {
        ('廿', []) => 2,
        ('卅', []) => 3,
        ('十', []) => 1,
        ('十', [before]) => value(*before)?,
        _ => return None,
    };
    let ones = match &run[at + 1..] {
        [] => 0,
        [after] => value(*after)?,
        _ => return None,
    };
    Some((tens * 10 + ones).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_every_form_are_read() {
        for text in [
            "2020-03-05 14:30:00",
            "2020/3/5 14:30",
            "2020年3月5日 14:30",
            "2020年3月5日14时30分",
            "109年3月5日14:30",
            "民國109年3月5日14:30",
            "中華民國109/3/5 14:30:00",
            "2020-03-05T14:30:00",
            "2020-03-05 14:30:00.000",
            "2020/3/5 下午 2:30:00",
            "2020/3/5 2:30 PM",
            "二〇二〇年三月五日14时30分",
        ] {
            let read = datetime(text).map(|d| d.to_string());
            assert_eq!(read.as_deref(), Some("2020-03-05 14:30:00"), "{text}");
        }
        for (text, day) in [
            ("20200305", "2020-03-05 00:00:00"),
            ("二〇二〇年十二月二十五日", "2020-12-25 00:00:00"),
            ("二零二零年十月廿一日", "2020-10-21 00:00:00"),
            ("一○九年三月五日", "2020-03-05 00:00:00"),
            ("2020年3月5日9时", "2020-03-05 09:00:00"),
            ("105/3/5", "2016-03-05 00:00:00"),
            ("2020/3/5 上午 12:05", "2020-03-05 00:05:00"),
        ] {
            assert_eq!(
                datetime(text).map(|d| d.to_string()).as_deref(),
                Some(day),
                "{text}"
            );
        }
        for text in [
            "",
            "2020-13-01",
            "2020-02-30",
            "昨天",
            "2020-03-05 25:00",
            "2020-03-05 下午 14:30",
            "12",
            "43895",
            "2020-03",
            "2020-03-05 14:30:00+08:00",
            "99999999999-1-1",
            "二〇二〇年十十月五日",
        ] {
            assert_eq!(datetime(text), None, "{text}");
        }
    }

    #[test]
    fn a_month_is_a_day_only_where_days_are_asked_for() {
        for text in [
            "2015-12",
            "2015年12月",
            "104年12月",
            "民國104年12月",
            "二〇一五年十二月",
        ] {
            assert_eq!(
                date(text).map(|d| d.to_string()).as_deref(),
                Some("2015-12-01 00:00:00"),
                "{text}"
            );
        }
        for text in ["3-5", "12月5日", "2015", "2015-13"] {
            assert_eq!(date(text), None, "{text}");
        }
    }
}
