//! One chart inside another site's page: a program of its own, so that the page loads little.

fn main() {
    console_error_panic_hook::set_once();
    app::embed::start();
}
