//! Speed of the search for personal data, in MB/s (the fastest of nine runs), over texts made here and over any files named.
//!
//! `cargo run -p disclosure --profile pipeline --example scan_speed [FILE…]`
#![expect(clippy::print_stdout, reason = "the figures are what it is for")]

use std::{fmt::Write as _, time::Instant};

use disclosure::pii::scan;

fn main() -> std::io::Result<()> {
    let mut texts = vec![
        ("prose".to_owned(), "居民反映小区门口长期堆放杂物，物业多次承诺清理均未落实，希望有关部门尽快协调解决并予以答复。".repeat(60_000)),
        ("rows of numbers".to_owned(), table()),
        ("dense personal data".to_owned(), people()),
    ];
    for file in std::env::args().skip(1) {
        texts.push((
            file.clone(),
            String::from_utf8_lossy(&std::fs::read(&file)?).into_owned(),
        ));
    }
    println!("{:<40} {:>8} {:>9} {:>8}", "text", "MB", "findings", "MB/s");
    for (name, text) in texts {
        #[expect(clippy::cast_precision_loss, reason = "megabytes")]
        let megabytes = text.len() as f64 / 1e6;
        let mut seconds = Vec::new();
        let mut findings = 0;
        for _ in 0..9 {
            let start = Instant::now();
            findings = scan(&text).count();
            seconds.push(start.elapsed().as_secs_f64());
        }
        seconds.sort_by(f64::total_cmp);
        println!(
            "{name:<40} {megabytes:>8.1} {findings:>9} {:>8.0}",
            megabytes / seconds[0]
        );
    }
    Ok(())
}

/// Rows as exports hold them: codes, moments, amounts.
fn table() -> String {
    let mut text = String::new();
    for row in 0u64..100_000 {
        let _ = writeln!(
            text,
            "{row},龙田街道综合执法队,{},12345,2018-07-{:02} 17:{:02}:41,市容环卫,6401{:08},{}.{:02}",
            8000 + row % 500,
            row % 28 + 1,
            row % 60,
            row % 10_000,
            row * 37,
            row % 100
        );
    }
    text
}

/// Invented people of region 990000.
fn people() -> String {
    let mut text = String::new();
    for row in 0u64..60_000 {
        let _ = writeln!(
            text,
            "联系人：张三，电话199 0000 {:04}，身份证99000019860428{:04}，邮箱z{row}@example.org，住在解放西街{}号3栋2单元501室",
            row % 10_000,
            row % 10_000,
            row % 300 + 1
        );
    }
    text
}
