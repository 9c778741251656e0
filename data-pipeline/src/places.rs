//! The register of places, read from the raw zone: who holds whom, from when to when, and how many
//! households and residents there were year by year.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use contract::{Level, Localised, Period, Place, place::YearCount, portal::PlaceSource};
use pinyin::ToPinyin;

use crate::{
    ingest::{self, IngestError},
    values,
};

/// The headers by which the register's table is found in a file.
fn expected(source: &PlaceSource) -> ingest::Expected {
    let levels = source.levels.iter();
    ingest::Expected::headers(levels.flat_map(|level| [level.code.as_str(), level.name.as_str()]))
}

/// Every header that the register is made from.
pub(crate) fn headers(source: &PlaceSource) -> Vec<String> {
    let of_rows = [
        &source.year,
        &source.valid_from,
        &source.valid_to,
        &source.kind,
    ];
    let mut headers: Vec<String> = of_rows.into_iter().flatten().cloned().collect();
    for level in &source.levels {
        headers.extend([level.code.clone(), level.name.clone()]);
        let optional = [&level.name_en, &level.households, &level.population];
        headers.extend(optional.into_iter().flatten().cloned());
    }
    headers
}

/// The register, by code and by name.
#[derive(Clone, Debug, Default)]
pub struct Register {
    places: BTreeMap<String, Place>,
    by_name: HashMap<String, BTreeSet<String>>,
}

/// Positions of a file's headers for one level.
struct Columns {
    level: Level,
    code: usize,
    name: usize,
    name_en: Option<usize>,
    households: Option<usize>,
    population: Option<usize>,
}

impl Register {
    /// Reads the register: each row names one place at each level, the widest first, and counts of one
    /// year. Of several rows about one place the last one says its name and its days. Counts are of
    /// `year` where no column names theirs.
    ///
    /// # Errors
    /// When no file, or a declared header, is missing.
    pub fn read(
        raw: &[std::path::PathBuf],
        source: &PlaceSource,
        year: i32,
    ) -> Result<Self, IngestError> {
        let mut register = Self::default();
        for file in ingest::matching(raw, &source.files)? {
            let mut rows = ingest::open_as(&file, &expected(source))?;
            let headers = rows.headers();
            let shown = rows.table().headers.iter().map(ingest::Header::shown);
            let shown: Vec<String> = shown.collect();
            let at = |name: &str| {
                headers
                    .iter()
                    .position(|h| h == name)
                    .ok_or_else(|| IngestError::MissingColumn {
                        file: file.clone(),
                        column: name.to_owned(),
                        found: shown.join(", "),
                        advice: Localised::new(
                            "请补上，或修改 portal.toml 中该级地区的列名",
                            "Add it, or change the level's columns in portal.toml",
                        ),
                    })
            };
            let optional = |name: &Option<String>| name.as_deref().map(&at).transpose();
            let mut columns = Vec::new();
            for level in &source.levels {
                columns.push(Columns {
                    level: level.level,
                    code: at(&level.code)?,
                    name: at(&level.name)?,
                    name_en: optional(&level.name_en)?,
                    households: optional(&level.households)?,
                    population: optional(&level.population)?,
                });
            }
            let (year_at, kind) = (optional(&source.year)?, optional(&source.kind)?);
            let (from, to) = (optional(&source.valid_from)?, optional(&source.valid_to)?);
            while let Some(row) = rows.next_row()? {
                let text = |at: usize| {
                    let field = row.fields.get(at).map(|field| values::normalise(field));
                    field.map(|f| f.trim().to_owned()).unwrap_or_default()
                };
                let given = |at: Option<usize>| at.map(&text).filter(|text| !text.is_empty());
                let day = |at| {
                    let day = values::datetime(&given(at)?)?;
                    Some(day.format("%Y-%m-%d").to_string())
                };
                let year = match year_at {
                    None => Some(year),
                    Some(at) => text(at).trim_end_matches('年').parse().ok(),
                };
                let count = |at| {
                    let count = given(at)?.replace(',', "").parse().ok()?;
                    year.map(|year| YearCount { year, count })
                };
                let mut parent = None;
                for (depth, column) in columns.iter().enumerate() {
                    let (code, name) = (text(column.code), text(column.name));
                    if code.is_empty() || name.is_empty() {
                        break;
                    }
                    let last = depth + 1 == columns.len();
                    register.insert(Place {
                        code: code.clone(),
                        level: column.level,
                        parent: parent.replace(code),
                        name: Localised::new(
                            &*name,
                            given(column.name_en).unwrap_or_else(|| name.clone()),
                        ),
                        households: count(column.households).into_iter().collect(),
                        population: count(column.population).into_iter().collect(),
                        kind: given(kind).filter(|_| last),
                        pinyin: pinyin(&name),
                        valid_from: day(from).filter(|_| last),
                        valid_to: day(to).filter(|_| last),
                    });
                }
            }
        }
        register.add_up();
        Ok(register)
    }

    fn insert(&mut self, mut place: Place) {
        let codes = self.by_name.entry(place.name.zh.clone()).or_default();
        codes.insert(place.code.clone());
        if let Some(known) = self.places.remove(&place.code) {
            let merged = |mut old: Vec<YearCount>, new: Vec<YearCount>| {
                for count in new {
                    old.retain(|other| other.year != count.year);
                    old.push(count);
                }
                old.sort_by_key(|count| count.year);
                old
            };
            place.households = merged(known.households, place.households);
            place.population = merged(known.population, place.population);
        }
        self.places.insert(place.code.clone(), place);
    }

    /// Gives wider places the sum of their communities, for years in which every community has a count.
    fn add_up(&mut self) {
        let finest = self.places.values().map(|p| p.level).max();
        let wider: Vec<String> = self
            .places()
            .filter(|p| Some(p.level) != finest)
            .map(|p| p.code.clone())
            .collect();
        let Some(finest) = finest else { return };
        for code in wider {
            let parts: Vec<&Place> = self
                .places()
                .filter(|p| p.level == finest && self.is_within(&p.code, &code))
                .collect();
            let sums = |of: fn(&Place) -> &Vec<YearCount>| -> Vec<YearCount> {
                let years: BTreeSet<i32> = parts
                    .iter()
                    .flat_map(|p| of(p).iter().map(|count| count.year))
                    .collect();
                let sum = |year: i32| -> Option<YearCount> {
                    let end = format!("{year:04}-12-31");
                    let counts = parts.iter().filter(|p| is_valid_on(p, &end)).map(|p| {
                        let count = of(p).iter().find(|count| count.year == year);
                        count.map(|count| count.count)
                    });
                    let count = counts.sum::<Option<i64>>().filter(|&sum| sum > 0)?;
                    Some(YearCount { year, count })
                };
                years.into_iter().filter_map(sum).collect()
            };
            let (households, population) = (sums(|p| &p.households), sums(|p| &p.population));
            if let Some(place) = self.places.get_mut(&code) {
                if place.households.is_empty() {
                    place.households = households;
                }
                if place.population.is_empty() {
                    place.population = population;
                }
            }
        }
    }

    fn is_within(&self, code: &str, wider: &str) -> bool {
        let level = self.places.get(wider).map(|place| place.level);
        level.is_some_and(|level| self.ancestor(code, level) == Some(wider))
    }

    /// The code that a text means: a code of the register, or a name that only one place bears.
    pub fn resolve(&self, text: &str) -> Option<&str> {
        if let Some((code, _)) = self.places.get_key_value(text) {
            return Some(code);
        }
        let codes = self.by_name.get(text)?;
        codes
            .first()
            .map(String::as_str)
            .filter(|_| codes.len() == 1)
    }

    /// The code that a path of names means, such as `银川市/西夏区/盈北社区`: each name is that of one place
    /// within the one before, whether or not levels are left out between them.
    pub fn resolve_path(&self, path: &str) -> Option<&str> {
        let mut found: Option<&str> = None;
        for name in path.split('/').map(str::trim) {
            let codes = self.by_name.get(name)?.iter().map(String::as_str);
            let mut inside = codes.filter(|code| found.is_none_or(|f| self.is_within(code, f)));
            found = Some(inside.next()?).filter(|_| inside.next().is_none());
            found?;
        }
        found
    }

    /// The code of the place at a level that holds a place; none when the place is wider than the level.
    pub fn ancestor(&self, code: &str, level: Level) -> Option<&str> {
        let mut place = self.places.get(code)?;
        loop {
            if place.level == level {
                return Some(&place.code);
            }
            place = self.places.get(place.parent.as_deref()?)?;
        }
    }

    /// The place of a code.
    pub fn place(&self, code: &str) -> Option<&Place> {
        self.places.get(code)
    }

    /// Whether a place was there on a day, as far as the register says.
    pub fn existed(&self, code: &str, day: NaiveDate) -> bool {
        let Some(place) = self.places.get(code) else {
            return false;
        };
        let bound =
            |text: &Option<String>| text.as_deref().and_then(|t| t.parse::<NaiveDate>().ok());
        bound(&place.valid_from).is_none_or(|from| day >= from)
            && bound(&place.valid_to).is_none_or(|to| day <= to)
    }

    /// Every place, by code.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        self.places.values()
    }

    /// The places of a level that exist on a day (`YYYY-MM-DD`), by code.
    pub fn valid_on(&self, level: Level, day: &str) -> impl Iterator<Item = &Place> {
        let day = day.to_owned();
        self.places()
            .filter(move |p| p.level == level && is_valid_on(p, &day))
    }

    /// Whether a place exists on a day (`YYYY-MM-DD`); false for an unknown code.
    pub fn is_valid_on(&self, code: &str, day: &str) -> bool {
        self.places.get(code).is_some_and(|p| is_valid_on(p, day))
    }

    /// Whether a place exists on some day of a period.
    pub fn exists_in(&self, code: &str, period: Period) -> bool {
        let (first, last) = (first_day(period), last_day(period));
        self.places.get(code).is_some_and(|place| {
            place.valid_from.as_ref().is_none_or(|from| *from <= last)
                && place.valid_to.as_ref().is_none_or(|to| *to >= first)
        })
    }

    /// Households of a place at the end of a year.
    pub fn households(&self, code: &str, year: i32) -> Option<i64> {
        let counts = &self.places.get(code)?.households;
        counts
            .iter()
            .find(|count| count.year == year)
            .map(|count| count.count)
    }

    /// The codes of a level, sorted.
    pub fn codes(&self, level: Level) -> Vec<String> {
        self.places()
            .filter(|p| p.level == level)
            .map(|p| p.code.clone())
            .collect()
    }
}

/// The syllables of a name, apart and without tones; what is no Chinese character stands as it is.
fn pinyin(name: &str) -> String {
    let syllables = name.chars().map(|c| match c.to_pinyin() {
        Some(pinyin) => format!(" {} ", pinyin.plain()),
        None => c.to_string(),
    });
    let text: String = syllables.collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_valid_on(place: &Place, day: &str) -> bool {
    place.valid_from.as_deref().is_none_or(|from| from <= day)
        && place.valid_to.as_deref().is_none_or(|to| day <= to)
}

/// The first day of a period, `YYYY-MM-DD`.
pub fn first_day(period: Period) -> String {
    format!("{:04}-{:02}-01", period.year(), period.month())
}

/// A day that is not before the last one of a period and before every later one, `YYYY-MM-31`.
pub fn last_day(period: Period) -> String {
    format!("{}-31", period.last_month())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = r#"
        files = ["areas*.csv"]
        year = "年度"
        valid_from = "生效"
        valid_to = "失效"
        kind = "类型"
        level = [
            { level = "city", code = "市代码", name = "市" },
            { level = "street", code = "街道代码", name = "街道" },
            { level = "community", code = "代码", name = "社区", households = "户数", population = "人口" },
        ]"#;

    fn register() -> Register {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("areas.csv");
        let rows = "市代码,市,街道代码,街道,代码,社区,类型,年度,户数,人口,生效,失效
1,甲市,11,东街,111,和园社区,城镇,2019,100,300,2001-01-01,2019年12月31日
1,甲市,11,东街,112,福园社区,城镇,2019,200,500,,
1,甲市,11,东街,112,福园社区,城镇,2020,２５０,600,,
1,甲市,12,西街,121,和园社区,乡村,2019,40,,,
1,甲市,12,西街,121,和园社区,乡村,2020,50,,2001-01-01,
";
        std::fs::write(&file, rows).expect("written");
        let source = toml::from_str(SOURCE).expect("a source");
        Register::read(&[file], &source, 2020).expect("a register")
    }

    #[test]
    fn households_add_up_over_the_communities_that_exist_at_the_end_of_the_year() {
        let register = register();
        for (code, year, households) in [
            ("112", 2020, Some(250)),
            ("11", 2019, Some(300)),
            ("11", 2020, Some(250)),
            ("1", 2019, Some(340)),
            ("1", 2020, Some(300)),
            ("1", 2018, None),
        ] {
            assert_eq!(register.households(code, year), households, "{code} {year}");
        }
        let city = &register.places["1"];
        assert!(
            city.population.is_empty(),
            "one community has no count of residents"
        );
    }

    #[test]
    fn validity_is_by_the_day() {
        let register = register();
        let on = |day| register.valid_on(Level::Community, day).count();
        assert_eq!(
            (on("2000-12-31"), on("2019-12-31"), on("2020-01-01")),
            (1, 3, 2)
        );
        let year = |text: &str| text.parse().expect("a period");
        assert!(
            register.exists_in("111", year("2019-12")) && !register.exists_in("111", year("2020"))
        );
    }

    #[test]
    fn paths_resolve_where_the_names_leave_one_place() {
        let register = register();
        for (path, code) in [
            ("甲市", Some("1")),
            ("甲市/西街/和园社区", Some("121")),
            ("甲市/和园社区", None),
            ("甲市/福园社区", Some("112")),
            ("乙市/福园社区", None),
            ("", None),
        ] {
            assert_eq!(register.resolve_path(path), code, "{path}");
        }
        assert_eq!(register.resolve("和园社区"), None, "two bear the name");
        assert_eq!(register.places["112"].pinyin, "fu yuan she qu");
    }
}
