//! The dependency arrows between rooms point one way.

use std::process::Command;

use serde_json::Value;

const MAY: [(&str, &[&str]); 10] = [
    ("locales", &[]),
    ("contract", &["locales"]),
    ("disclosure", &[]),
    ("query", &["contract"]),
    ("charts", &["contract", "query"]),
    ("views", &["contract", "query", "charts", "locales"]),
    (
        "data-pipeline",
        &["contract", "disclosure", "query", "charts", "views"],
    ),
    (
        "app",
        &["contract", "disclosure", "query", "charts", "views"],
    ),
    (
        "tests",
        &[
            "app",
            "charts",
            "contract",
            "data-pipeline",
            "disclosure",
            "query",
            "views",
        ],
    ),
    ("xtask", &["contract", "locales"]),
];

#[test]
fn rooms_depend_only_on_the_rooms_they_may() {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let output = Command::new(cargo)
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .current_dir(super::common::root())
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo prints JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    assert_eq!(packages.len(), MAY.len(), "a room is missing from the list");
    for package in packages {
        let name = package["name"].as_str().expect("a name");
        let (_, may) = MAY
            .iter()
            .find(|(room, _)| *room == name)
            .expect("a known room");
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let to = dependency["name"].as_str().expect("a name");
            // A room's own tests may read what it wrote through `query`.
            let allowed = may.contains(&to) || dependency["kind"] == "dev";
            assert!(
                dependency["path"].is_null() || allowed,
                "{name} may not depend on {to}"
            );
        }
    }
}
