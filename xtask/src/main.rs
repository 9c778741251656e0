//! `cargo xtask setup | serve | test | bench | dist`: everything that a newcomer needs, in one program.

#![allow(clippy::print_stdout)] // a command says what it does

mod command;
mod setup;

mod app;
mod page;
mod publish;

mod hosting;
mod site;
mod told;

mod bench;
mod dist;
mod serve;
mod server;
mod test;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::publish::Instance;

/// Set-up, preview server, tests and distribution of Mingshi.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Make the machine ready: WebAssembly target, Trunk, wasm-bindgen, a browser for the tests.
    Setup,
    /// Build everything, publish a demonstration snapshot if none is there, and serve the portal.
    Serve {
        #[command(flatten)]
        instance: Instance,
        /// Path under which the portal stands, as on a host that it shares with others: /city/portal/.
        #[arg(long, default_value = "/")]
        base: site::Base,
        /// Port on 127.0.0.1; 0 for any free one.
        #[arg(long, default_value_t = 8080)]
        port: u16,
        /// Serve the front end as it was last built.
        #[arg(long)]
        no_build: bool,
    },
    /// Run every test, browser tests included.
    Test {
        /// Leave out the front end's build and the tests that need a browser.
        #[arg(long)]
        no_browser: bool,
    },
    /// Measure speed and size; prints figures and asserts nothing.
    Bench {
        /// What to measure; everything when absent.
        #[arg(value_enum)]
        benches: Vec<bench::Bench>,
        /// Sizes of the demonstration exports, as multiples of the reference city's.
        #[arg(long, value_delimiter = ',', default_values_t = [1.0, 4.0, 16.0])]
        scales: Vec<f64>,
    },
    /// Assemble the built portal and the published folder for a static host.
    Dist {
        #[command(flatten)]
        instance: Instance,
        /// Path under which the host serves the folder: only the page for unknown addresses depends on it.
        #[arg(long, default_value = "/")]
        base: site::Base,
        /// Address at which the portal will be reached: https://host/city/portal/. With it, pages tell other sites
        /// how to embed their charts (oEmbed) and where they stand in each language.
        #[arg(long, conflicts_with = "base")]
        address: Option<told::Address>,
        /// The folder to write.
        #[arg(long, default_value = "dist")]
        out: PathBuf,
    },
}

fn main() -> Result<()> {
    match Cli::parse().command {
        Task::Setup => setup::run(),
        Task::Serve {
            instance,
            base,
            port,
            no_build,
        } => {
            let build = if no_build {
                app::Build::AsItIs
            } else {
                app::Build::WhenChanged
            };
            serve::run(&instance, &base, port, build)
        }
        Task::Test { no_browser } => test::run(if no_browser {
            test::Scope::Native
        } else {
            test::Scope::Everything
        }),
        Task::Bench { benches, scales } => bench::run(&benches, &scales),
        Task::Dist {
            instance,
            base,
            address,
            out,
        } => {
            let at = address.map_or(site::At::Path(base), site::At::Address);
            dist::run(&instance, &at, &out)
        }
    }
}
