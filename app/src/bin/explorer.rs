//! The explorer: a program of its own.

use app::{guest, pages::explorer, site::Program};

fn main() {
    guest::start(Program::Explorer, &[("explorer", explorer::page)]);
}
