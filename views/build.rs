//! Turns the files of `locales/` into the constants of `Message` in `src/messages.rs`.
//!
//! The build fails when a key or a placeholder does not stand in every language, and when no source file uses a key.

use std::{env, fs, path::Path};

/// Where texts are used.
const SOURCES: [&str; 2] = ["src", "../app/src"];

fn main() {
    println!("cargo::rerun-if-changed=../locales");
    let mut source = String::new();
    for folder in SOURCES {
        println!("cargo::rerun-if-changed={folder}");
        collect(Path::new(folder), &mut source);
    }
    let (locales, mut problems) = match locales::read(Path::new("../locales")) {
        Ok(locales) => (locales, Vec::new()),
        Err(problems) => (Vec::new(), problems),
    };
    let first = locales.first();
    problems.extend(first.map_or_else(Vec::new, |it| locales::unused(it, &source)));
    for problem in problems {
        println!("cargo::error={problem}");
    }
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(
        Path::new(&out).join("messages.rs"),
        locales::messages(&locales),
    )
    .expect("OUT_DIR is writable");
}

fn collect(folder: &Path, source: &mut String) {
    let entries = fs::read_dir(folder).expect("the source folder is readable");
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, source);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            source.push_str(&fs::read_to_string(&path).unwrap_or_default());
        }
    }
}
