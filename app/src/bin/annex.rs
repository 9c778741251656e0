//! The annex: pages and dialogs that most readers never open, in a program of their own.

use app::{guest, pages::annex};

fn main() {
    guest::start(&[
        ("page", annex::page),
        ("definition", annex::definition),
        ("dictionary", annex::dictionary),
        ("embed", annex::embedding),
        ("picture", annex::picturing),
        ("stages", annex::stages_of),
        ("code", annex::code),
        ("save", annex::saving),
        ("cite", annex::cite),
    ]);
}
