//! The explorer: a program of its own, which mounts itself in the page that the main program keeps for it.

use app::{guest, pages::explorer};

fn main() {
    guest::start(&[("explorer", explorer::page)]);
}
