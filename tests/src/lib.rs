//! Whole-system tests: see `tests/tests/system/`.
