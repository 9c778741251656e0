//! When things happen, and how clerks write it down.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

use super::Random;

/// Weight of each hour of a day: people report in daytime.
const HOURS: [u64; 24] = [
    2, 1, 1, 1, 1, 2, 6, 18, 46, 60, 58, 44, 24, 30, 50, 56, 52, 44, 30, 24, 20, 14, 8, 4,
];

/// A year whose days differ: by month, by weekday, and by chance.
#[derive(Clone, Debug)]
pub(super) struct Calendar {
    first: NaiveDate,
    /// Weight of all days before each day, and of the whole year.
    before: Vec<u64>,
}

impl Calendar {
    /// A year whose months bear the given weights.
    pub(super) fn new(random: &mut Random, year: i32, months: &[u64; 12]) -> Self {
        let first = new_year(year);
        let mut before = vec![0];
        let mut sum = 0;
        let mut day = first;
        while day.year() == year {
            let weekday = if day.weekday().number_from_monday() > 5 {
                55
            } else {
                100
            };
            let month = months[day.month0() as usize];
            sum += month * weekday * (60 + random.below(81));
            before.push(sum);
            day += TimeDelta::days(1);
        }
        Self { first, before }
    }

    /// The moment of the `n`th of `count` events: later ones are never earlier.
    pub(super) fn moment(&self, random: &mut Random, n: u64, count: u64) -> NaiveDateTime {
        let whole = u128::from(self.before.last().copied().unwrap_or(1));
        let position = (u128::from(n) * whole + u128::from(random.below(whole as u64)))
            / u128::from(count.max(1));
        let at = position as u64;
        let day = self
            .before
            .partition_point(|&before| before <= at)
            .clamp(1, self.before.len() - 1);
        let within = at.saturating_sub(self.before[day - 1]);
        let length = self.before[day] - self.before[day - 1];
        // The same share of the day's hours, which have weights of their own.
        let hours: u64 = HOURS.iter().sum();
        let mut rest = u128::from(within) * u128::from(hours * 3600) / u128::from(length);
        let mut seconds = 0;
        for weight in HOURS {
            let hour = u128::from(weight * 3600);
            if rest < hour {
                seconds += (rest / u128::from(weight)) as i64;
                break;
            }
            rest -= hour;
            seconds += 3600;
        }
        let day = self.first + TimeDelta::days(day as i64 - 1);
        day.and_time(NaiveTime::MIN) + TimeDelta::seconds(seconds.min(86_399))
    }
}

/// The first day of a year.
pub(super) fn new_year(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default()
}

/// The same day, as different clerks write it.
pub(super) fn day(day: NaiveDate, n: u64) -> String {
    match n % 9 {
        2 => day.format("%Y/%-m/%-d").to_string(),
        4 => day.format("%Y年%-m月%-d日").to_string(),
        6 => day.format("%Y%m%d").to_string(),
        8 => full_width(&iso(day)),
        _ => iso(day),
    }
}

/// A day as the standard has it.
pub(super) fn iso(day: NaiveDate) -> String {
    day.format("%Y-%m-%d").to_string()
}

/// The same moment, as different clerks write it.
pub(super) fn moment(at: NaiveDateTime, n: u64) -> String {
    match n % 11 {
        3 => at.format("%Y/%-m/%-d %H:%M:%S").to_string(),
        5 => at.format("%Y年%-m月%-d日 %H:%M:%S").to_string(),
        7 => full_width(&at.format("%Y-%m-%d %H:%M:%S").to_string()),
        9 => at.format("%Y年%-m月%-d日%H时%M分%S秒").to_string(),
        _ => at.format("%Y-%m-%d %H:%M:%S").to_string(),
    }
}

/// Digits as they come out of a Chinese input method.
pub(super) fn full_width(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_ascii_digit() {
                char::from_u32(c as u32 + 0xFEE0).unwrap_or(c)
            } else {
                c
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_come_in_order_and_fill_the_year_unevenly() {
        let mut random = Random::new(1, "calendar");
        let mut months = [10; 12];
        months[6] = 30;
        let calendar = Calendar::new(&mut random, 2020, &months);
        let moments: Vec<_> = (0..5000)
            .map(|n| calendar.moment(&mut random, n, 5000))
            .collect();
        assert!(moments.is_sorted() && moments.iter().all(|at| at.year() == 2020));
        let of = |month| moments.iter().filter(|at| at.month() == month).count();
        assert!(of(7) > 2 * of(6) && of(6) > 200 && of(12) > 200);
        let night = moments
            .iter()
            .filter(|at| at.format("%H").to_string().as_str() < "06")
            .count();
        assert!(night > 0 && night < 150);
    }
}
