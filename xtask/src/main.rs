//! `cargo xtask setup | serve | test | dist`: everything that a newcomer needs, in one program.

#![allow(clippy::print_stdout)] // a command says what it does

mod command;
mod setup;

mod app;
mod page;
mod publish;

mod hosting;
mod site;

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
    /// Assemble the built portal and the published folder for a static host.
    Dist {
        #[command(flatten)]
        instance: Instance,
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
            port,
            no_build,
        } => {
            let build = if no_build {
                app::Build::AsItIs
            } else {
                app::Build::WhenChanged
            };
            serve::run(&instance, port, build)
        }
        Task::Test { no_browser } => test::run(if no_browser {
            test::Scope::Native
        } else {
            test::Scope::Everything
        }),
        Task::Dist { instance, out } => dist::run(&instance, &out),
    }
}
