//! Turns the files of `locales/` into the languages of `src/language.rs`.

use std::{env, fs, path::Path};

fn main() {
    println!("cargo::rerun-if-changed=../locales");
    let locales = locales::read(Path::new("../locales")).unwrap_or_else(|problems| {
        for problem in problems {
            println!("cargo::error={problem}");
        }
        Vec::new()
    });
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(
        Path::new(&out).join("languages.rs"),
        locales::languages(&locales),
    )
    .expect("OUT_DIR is writable");
}
