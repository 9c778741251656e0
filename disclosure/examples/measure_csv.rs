//! Measures the anonymity of a comma-separated table without quotation marks: k, l, entropy l, t, uniques.
//!
//! `cargo run -p disclosure --example measure_csv FILE KEY,KEY… OUTCOME` (`OUTCOME:number` when its values are
//! integers whose order counts)
#![expect(clippy::print_stdout, reason = "the figures are what it is for")]

use disclosure::microdata::{Microdata, measure};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, keys, outcome] = arguments.as_slice() else {
        return Err("usage: measure_csv FILE KEY,KEY… OUTCOME[:number]".into());
    };
    let text = std::fs::read_to_string(file)?;
    let mut lines = text.lines();
    let header: Vec<&str> = lines
        .next()
        .ok_or("the file is empty")?
        .split(',')
        .collect();
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    let column = |name: &str| -> Result<Vec<&str>, String> {
        let at = header.iter().position(|h| *h == name);
        let at = at.ok_or_else(|| format!("no column {name:?}"))?;
        let values = rows.iter().map(|row| row.get(at).copied());
        let values = values.collect::<Option<_>>();
        values.ok_or_else(|| format!("a row has no column {name:?}"))
    };
    let mut data = Microdata::new(rows.len());
    for key in keys.split(',') {
        data = data.key(key, &[&column(key)?])?;
    }
    data = match outcome.strip_suffix(":number") {
        None => data.outcome(outcome, &column(outcome)?)?,
        Some(name) => {
            let values = column(name)?;
            let mut order: Vec<(i64, &str)> = Vec::new();
            for value in &values {
                order.push((value.parse()?, value));
            }
            order.sort_unstable();
            order.dedup();
            let order: Vec<&str> = order.into_iter().map(|(_, text)| text).collect();
            data.ordered_outcome(name, &values, &order)?
        }
    };
    let found = measure(&data, &data.unrecoded());
    println!("k {}", found.k);
    println!("l {}", found.l);
    println!("entropy_l {:.9}", found.entropy_l);
    println!("t {:.9}", found.t);
    println!("uniques {}", found.uniques);
    println!("classes {}", found.classes);
    Ok(())
}
