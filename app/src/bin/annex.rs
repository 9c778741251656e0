//! The annex: pages and dialogs that most readers never open, in a program of their own.

use app::{
    guest,
    pages::annex::{definition, embedding, page, picturing},
};

fn main() {
    guest::start(&[
        ("page", page),
        ("definition", definition),
        ("embed", embedding),
        ("picture", picturing),
    ]);
}
