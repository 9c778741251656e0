//! The annex: pages and dialogs that most readers never open, in a program of their own.

use app::{guest, pages::annex, site::Program};

fn main() {
    guest::start(
        Program::Annex,
        &[
            ("page", annex::page),
            ("definition", annex::definition),
            ("dictionary", annex::dictionary),
            ("embed", annex::embedding),
            ("picture", annex::picturing),
            ("stages", annex::stages_of),
            ("table", annex::twin),
            ("code", annex::code),
            ("save", annex::saving),
            ("cite", annex::cite),
        ],
    );
}
