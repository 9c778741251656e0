//! Records that their moment, street and category single out.

use disclosure::microdata::{Microdata, Policy, anonymise, measure};

use crate::{Verdict, draw::Draw};

/// Cases of one class that file asks for.
const K: u64 = 5;

/// One record as the forms of each key, the finest first: moment, street, category.
type Record = [Vec<String>; 3];

fn record(day: usize, minute: usize, street: usize, category: usize) -> Record {
    let moment = format!(
        "2020-03-{:02} {:02}:{:02}",
        day + 1,
        minute / 60,
        minute % 60
    );
    let [hour, date, month] = [13, 10, 7].map(|length| moment[..length].to_owned());
    [
        vec![moment, hour, date, month],
        vec![format!("street {street}")],
        vec![format!("category {category}")],
    ]
}

/// Who saw somebody complain in a street, about something, at some minute, finds one record in the file.
pub(crate) fn moments(draw: &mut Draw) -> Verdict {
    let [streets, categories] = [(); 2].map(|()| 2 + draw.below(4));
    let mut records = Vec::new();
    for street in 0..streets {
        for category in 0..categories {
            // Crowds, each at one minute of its own.
            let (day, minute) = (draw.below(20), draw.below(12 * 60));
            let crowd = record(day, minute, street, category);
            records.extend(vec![crowd; draw.value(6, 5) as usize]);
        }
    }
    let (street, category) = (draw.below(streets as u64), draw.below(categories as u64));
    let (day, minute) = (20 + draw.below(10), 12 * 60 + draw.below(12 * 60));
    let planted = record(day, minute, street, category);
    let at = draw.below(records.len() as u64 + 1);
    records.insert(at, planted.clone());
    let seen = records.iter().filter(|record| **record == planted).count();
    assert_eq!(seen, 1, "the record is nobody else's");
    let mut data = Microdata::new(records.len());
    for (key, name) in ["moment", "street", "category"].into_iter().enumerate() {
        let forms: Vec<Vec<&str>> = (0..planted[key].len())
            .map(|form| records.iter().map(|r| r[key][form].as_str()).collect())
            .collect();
        let forms: Vec<&[&str]> = forms.iter().map(Vec::as_slice).collect();
        data = data.key(name, &forms).expect("nested");
    }
    let fine = measure(&data, &data.unrecoded());
    let policy = Policy {
        k: K,
        ..Policy::default()
    };
    let result = anonymise(&data, &policy).expect("months of a street and category are large");
    // Records that show, in every key, a form of what was seen, or nothing.
    let fits = |row: &usize| {
        (0..3).all(|key| {
            let shown = result.value(&data, key, *row);
            shown.is_none_or(|shown| planted[key].iter().any(|form| form == shown))
        })
    };
    let matching = (0..records.len()).filter(fits).count() as u64;
    Verdict {
        found: (fine.k, fine.uniques) == (1, 1),
        closed: result.report.measures.k >= K && matching >= K,
    }
}
