//! Intruders who know more than the file: one links what they know of people with the records, one subtracts
//! successive files.

use std::collections::{BTreeMap, BTreeSet};

use disclosure::microdata::{Anonymised, Microdata, Policy, Recoding, anonymise, measure};

/// Random numbers (splitmix64): the same seed, the same people.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    }

    /// Small numbers are commoner.
    fn skewed(&mut self, n: u64) -> u64 {
        self.below(n).min(self.below(n))
    }
}

/// One complaint: community, day, category, outcome.
#[derive(Clone)]
struct Case {
    id: u64,
    community: u64,
    day: u64,
    category: u64,
    outcome: &'static str,
}

fn cases(random: &mut Random, n: u64, days: u64) -> Vec<Case> {
    (0..n)
        .map(|id| Case {
            id,
            community: random.skewed(60),
            day: random.below(days),
            category: random.skewed(12),
            outcome: ["on time", "on time", "on time", "late", "open"][random.below(5) as usize],
        })
        .collect()
}

/// What is known of a case at each recoding: community, street, district; day, month, quarter; category, group.
fn forms(case: &Case) -> [Vec<String>; 3] {
    let Case {
        community,
        day,
        category,
        ..
    } = case;
    // The level is part of the text: a street is not taken for the community of its number.
    let text = |(level, number): (usize, &u64)| format!("{level}:{number}");
    let texts = |numbers: &[u64]| numbers.iter().enumerate().map(text).collect();
    [
        texts(&[*community, community / 6, community / 18]),
        texts(&[*day, day / 30, day / 90]),
        texts(&[*category, category / 4]),
    ]
}

fn microdata(cases: &[Case]) -> Microdata {
    let mut data = Microdata::new(cases.len());
    for (key, name) in ["place", "period", "category"].into_iter().enumerate() {
        let all: Vec<Vec<String>> = cases.iter().map(|case| forms(case)[key].clone()).collect();
        let levels: Vec<Vec<&str>> = (0..all[0].len())
            .map(|level| all.iter().map(|texts| texts[level].as_str()).collect())
            .collect();
        let levels: Vec<&[&str]> = levels.iter().map(Vec::as_slice).collect();
        data = data.key(name, &levels).expect("nested");
    }
    let outcome: Vec<&str> = cases.iter().map(|case| case.outcome).collect();
    data.outcome("outcome", &outcome).expect("sound")
}

type Shown = (Vec<Option<String>>, String);

/// The published file, as an intruder reads it.
fn file(cases: &[Case], data: &Microdata, result: &Anonymised) -> Vec<Shown> {
    let shown = |(row, case): (usize, &Case)| {
        let value = |key| result.value(data, key, row).map(str::to_owned);
        ((0..3).map(value).collect(), case.outcome.to_owned())
    };
    cases.iter().enumerate().map(shown).collect()
}

/// How many of the people that an intruder knows down to the day are matched with one record, and of how many
/// the outcome is certain.
fn link(targets: &[Case], file: &[Shown]) -> (usize, usize) {
    let (mut matched, mut learnt) = (0, 0);
    for target in targets {
        let known = forms(target);
        // A record fits when each value it tells is a form of what is known.
        let fits = |(keys, _): &&Shown| {
            keys.iter()
                .zip(&known)
                .all(|(value, forms)| value.as_ref().is_none_or(|v| forms.contains(v)))
        };
        let records: Vec<&Shown> = file.iter().filter(fits).collect();
        let outcomes: BTreeSet<&str> = records.iter().map(|r| r.1.as_str()).collect();
        matched += usize::from(records.len() == 1);
        learnt += usize::from(outcomes.len() == 1);
    }
    (matched, learnt)
}

#[test]
fn planted_identities_are_not_found() {
    let mut random = Random(7);
    let cases = cases(&mut random, 6_000, 360);
    let targets: Vec<Case> = cases.iter().step_by(12).cloned().collect();
    let data = microdata(&cases);
    let raw: Vec<Shown> = cases
        .iter()
        .map(|case| {
            let finest = forms(case).map(|forms| Some(forms[0].clone()));
            (finest.to_vec(), case.outcome.to_owned())
        })
        .collect();
    let before = link(&targets, &raw);
    assert!(before.0 > targets.len() / 3, "the attack works: {before:?}");
    println!("before: {:?}", measure(&data, &data.unrecoded()));
    for suppression in [0.0, 0.05] {
        let policy = Policy {
            l: 2,
            suppression,
            ..Policy::default()
        };
        let result = anonymise(&data, &policy).expect("reached");
        let after = link(&targets, &file(&cases, &data, &result));
        println!(
            "{} planted: {} matched and {} outcomes learnt before; {} and {} after (suppression {suppression}: {:?}, {} cases touched)",
            targets.len(),
            before.0,
            before.1,
            after.0,
            after.1,
            result.recoding.keys,
            result.report.suppressed_cases
        );
        println!("after: {:?}", result.report.measures);
        assert_eq!(after, (0, 0));
        assert!(
            result
                .recoding
                .keys
                .iter()
                .zip([3, 3, 2])
                .any(|(&l, all)| l < all)
        );
    }
}

/// Increments of one to k - 1 records that a reader of two files can compute, class by class, at the finest
/// forms that both show.
fn readable(before: (&Recoding, &[Case]), after: (&Recoding, &[Case])) -> usize {
    let levels = before.0.join(after.0).keys;
    let count = |cases: &[Case]| {
        let mut counts: BTreeMap<(Vec<String>, &str), i64> = BTreeMap::new();
        for case in cases {
            let known = forms(case);
            let shown = (0..3).map(|key| known[key].get(levels[key]).cloned().unwrap_or_default());
            *counts.entry((shown.collect(), case.outcome)).or_default() += 1;
        }
        counts
    };
    let (then, now) = (count(before.1), count(after.1));
    let mut changes: BTreeMap<&Vec<String>, [i64; 2]> = BTreeMap::new();
    let keys: BTreeSet<_> = then.keys().chain(now.keys()).collect();
    for key in keys {
        let difference = now.get(key).unwrap_or(&0) - then.get(key).unwrap_or(&0);
        let sides = changes.entry(&key.0).or_default();
        sides[usize::from(difference < 0)] += difference.abs();
    }
    changes
        .values()
        .flatten()
        .filter(|&&n| (1..5).contains(&n))
        .count()
}

#[test]
fn successive_files_cannot_be_subtracted() {
    let mut random = Random(11);
    let mut now = cases(&mut random, 1_500, 150);
    let mut alone: Vec<(Recoding, Vec<Case>)> = Vec::new();
    let mut together: Vec<(Recoding, Vec<Case>)> = Vec::new();
    let mut delayed = 0;
    let (mut leaks, mut left) = (0, 0);
    for month in 0..6u64 {
        if month > 0 {
            // New cases, of the new month and a few late ones; some of the open ones are closed.
            let first = now.len() as u64;
            let mut new = cases(&mut random, 300, 30);
            for case in &mut new {
                case.id += first;
                case.day += if random.below(50) == 0 {
                    90
                } else {
                    120 + 30 * month
                };
            }
            for case in &mut now {
                if case.outcome == "open" && random.below(4) == 0 {
                    case.outcome = "late";
                }
            }
            now.extend(new);
        }
        let policy = Policy::default();
        let by_itself = anonymise(&microdata(&now), &policy).expect("reached");
        leaks += alone.last().map_or(0, |(levels, cases)| {
            readable((levels, cases), (&by_itself.recoding, &now))
        });
        alone.push((by_itself.recoding, now.clone()));
        // The same with everything that was published before as given.
        let all: Vec<Case> = together
            .iter()
            .flat_map(|(_, cases)| cases.clone())
            .chain(now.clone())
            .collect();
        let releases = together
            .iter()
            .map(|(_, cases)| cases.len())
            .chain([now.len()]);
        let releases = (0u32..)
            .zip(releases)
            .flat_map(|(at, n)| vec![at; n])
            .collect();
        let earlier = together.iter().map(|(levels, _)| levels.clone()).collect();
        let data = microdata(&all)
            .cases(all.iter().map(|case| case.id).collect())
            .and_then(|data| data.releases(releases, earlier))
            .expect("sound");
        match anonymise(&data, &policy) {
            Ok(result) => {
                for (levels, cases) in &together {
                    left += readable((levels, cases), (&result.recoding, &now));
                }
                assert!(result.report.measures.k >= 5 && result.report.union.k >= 5);
                together.push((result.recoding, now.clone()));
            }
            Err(_) => delayed += 1,
        }
    }
    println!(
        "six files: {leaks} small increments readable when each is made alone; {left} together, {} published, {delayed} delayed",
        together.len()
    );
    assert!(leaks > 0, "the attack works");
    assert_eq!(left, 0);
    assert!(together.len() > 2, "most are published");
}
