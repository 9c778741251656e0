//! Record-level protection: against brute force, against an intruder who links, and one who subtracts.

mod attack;
mod brute;

use disclosure::microdata::{
    Increment, Microdata, MicrodataError, Policy, Recoding, anonymise, increments, measure, risk,
    utility,
};

/// Ten records of a printed example: two streets, three months, an outcome.
fn example() -> Microdata {
    let street = ["n", "n", "n", "n", "n", "s", "s", "s", "s", "s"];
    let month = ["1", "1", "2", "2", "3", "1", "1", "1", "2", "2"];
    let quarter = ["q"; 10];
    let closed = ["y", "n", "y", "y", "n", "y", "y", "y", "y", "n"];
    Microdata::new(10)
        .key("street", &[&street])
        .and_then(|d| d.key("period", &[&month, &quarter]))
        .and_then(|d| d.outcome("closed", &closed))
        .expect("sound")
}

#[test]
fn measures_of_a_printed_example() {
    let data = example();
    let fine = measure(&data, &data.unrecoded());
    assert_eq!((fine.k, fine.l, fine.uniques, fine.classes), (1, 1, 1, 5));
    assert_eq!(fine.outcome_k, 1);
    // The class (n, 3) has only "n", of which the file has 3 in 10: half of |1 - 0.3| + |0 - 0.7|.
    assert!((fine.t - 0.7).abs() < 1e-12);
    let risk = risk(&data, &data.unrecoded());
    assert_eq!((risk.prosecutor, risk.prosecutor_average), (1.0, 0.5));
    assert_eq!((risk.journalist, risk.marketer), (1.0, 0.5));
    let coarse = Recoding {
        keys: vec![0, 1],
        outcomes: vec![true],
    };
    let reached = measure(&data, &coarse);
    assert_eq!((reached.k, reached.l, reached.outcome_k), (5, 2, 1));
    let lost = utility(&data, &coarse);
    assert_eq!(lost.discernibility, 50);
    // One of two steps up, of one key of two; the period could be any of its three months.
    assert_eq!((lost.precision_loss, lost.certainty_penalty), (0.25, 0.5));
    assert!((lost.entropy_loss - 0.5).abs() < 1e-12);
}

#[test]
fn the_population_lowers_the_risk_of_a_record() {
    let place = ["a", "a", "b", "b", "b", "b"];
    let data = Microdata::new(6)
        .key("place", &[&place])
        .and_then(|d| d.outside(vec![false, true, false, false, true, true]))
        .expect("sound");
    let risk = risk(&data, &data.unrecoded());
    assert_eq!((risk.prosecutor, risk.journalist), (1.0, 0.5));
    assert_eq!((risk.sample_uniques, risk.population_uniques), (1, 0));
    // One record of two people, two records of four.
    assert!((risk.marketer - (0.5 + 0.5) / 3.0).abs() < 1e-12);
}

#[test]
fn declarations_are_checked() {
    let data = || Microdata::new(2);
    let nested = data().key("place", &[&["a", "a"], &["x", "y"]]);
    let (key, level) = ("place".to_owned(), 1);
    assert_eq!(nested.err(), Some(MicrodataError::NotNested { key, level }));
    let short = data().outcome("closed", &["y"]);
    assert!(matches!(
        short,
        Err(MicrodataError::Length { found: 1, .. })
    ));
    let order = data().ordered_outcome("band", &["1", "3"], &["1", "2"]);
    assert!(matches!(order, Err(MicrodataError::NotInOrder(_))));
    let release = data().releases(vec![0, 2], Vec::new());
    assert!(matches!(release, Err(MicrodataError::UnknownRelease(0))));
    let few = data().key("place", &[&["a", "a"]]).expect("sound");
    let found = anonymise(&few, &Policy::default());
    assert_eq!(found.err(), Some(MicrodataError::NoRecoding { k: 5, l: 1 }));
}

#[test]
fn the_keys_that_matter_are_kept() {
    let many: Vec<(String, String)> = (0..40)
        .map(|n| (format!("p{}", n % 4), format!("c{}", n / 4 % 5)))
        .collect();
    let place: Vec<&str> = many.iter().map(|m| m.0.as_str()).collect();
    let category: Vec<&str> = many.iter().map(|m| m.1.as_str()).collect();
    let data = Microdata::new(40)
        .key("place", &[&place])
        .and_then(|d| d.key("category", &[&category]))
        .expect("sound");
    let kept = |importance: Vec<f64>| {
        let policy = Policy {
            importance,
            ..Policy::default()
        };
        anonymise(&data, &policy).expect("reached").recoding.keys
    };
    assert_eq!(kept(vec![2.0, 1.0]), [0, 1]);
    assert_eq!(kept(vec![1.0, 2.0]), [1, 0]);
    let policy = Policy {
        importance: vec![2.0, 1.0],
        keep: vec![1],
        ..Policy::default()
    };
    let found = anonymise(&data, &policy).expect("reached");
    assert_eq!(
        found.recoding.keys,
        [1, 0],
        "what is to be kept comes first"
    );
}

#[test]
fn a_case_of_several_releases_is_counted_once() {
    let place = ["a", "a", "a", "a"];
    let data = Microdata::new(4)
        .key("place", &[&place])
        .and_then(|d| d.outcome("closed", &["n", "n", "y", "n"]))
        .and_then(|d| d.cases(vec![1, 2, 1, 2]))
        .expect("sound");
    let before = data.unrecoded();
    let data = data
        .releases(vec![0, 0, 1, 1], vec![before])
        .expect("sound");
    let found = measure(&data, &data.unrecoded());
    assert_eq!((found.k, found.l, found.cases), (2, 2, 2));
    // Case 1 was closed in between: it leaves as "n" and enters as "y".
    let change = Increment {
        earlier: 0,
        entered: 1,
        entered_l: 1,
        left: 1,
        left_l: 1,
    };
    let found = increments(&data, &data.unrecoded());
    assert_eq!(found, [change]);
    assert!(!change.holds(2, 1) && change.holds(1, 1));
    let policy = Policy {
        k: 2,
        ..Policy::default()
    };
    let late = anonymise(&data, &policy);
    assert_eq!(late.err(), Some(MicrodataError::Delay { k: 2 }));
}

#[test]
fn what_a_release_did_not_tell_is_no_increment() {
    let place = ["a", "a", "a", "b", "c"];
    let data = Microdata::new(5).key("place", &[&place]).expect("sound");
    let policy = Policy {
        k: 2,
        suppression: 0.5,
        ..Policy::default()
    };
    let first = anonymise(&data, &policy).expect("reached");
    let untold = |row| Vec::from_iter(first.is_suppressed(0, row).then_some(0));
    let untold: Vec<Vec<usize>> = (0..5).map(untold).collect();
    assert_eq!(untold, [vec![], vec![], vec![], vec![0], vec![0]]);
    // The same records again, and one more in "b": what is suppressed has grown by one.
    let again = |more: &[&'static str]| {
        let rows: Vec<&str> = place
            .into_iter()
            .chain(place)
            .chain(more.iter().copied())
            .collect();
        let releases = (0..rows.len()).map(|row| u32::from(row >= 5)).collect();
        let before = untold.iter().cloned().chain(vec![vec![]; rows.len() - 5]);
        let data = Microdata::new(rows.len())
            .key("place", &[&rows])
            .and_then(|d| d.releases(releases, vec![first.recoding.clone()]))
            .and_then(|d| d.untold(&before.collect::<Vec<_>>()))
            .expect("sound");
        anonymise(&data, &policy).map(|result| result.report.suppressed_cases)
    };
    assert_eq!(again(&[]), Ok(2));
    assert_eq!(again(&["c"]), Err(MicrodataError::Delay { k: 2 }));
}
