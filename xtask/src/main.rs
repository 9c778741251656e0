//! `cargo xtask setup | serve | test | dist`: everything that a newcomer needs, in one program.

#![allow(clippy::print_stdout)] // a command says what it does

mod command;
mod server;
mod setup;
mod site;
mod test;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};

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
    },
    /// Run every test, browser tests included.
    Test {
        /// Leave out the tests that need a browser.
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

/// A portal instance and its raw zone.
#[derive(Args, Clone)]
pub struct Instance {
    /// The portal instance; the reference portal when absent.
    #[arg(long)]
    portal: Option<PathBuf>,
    /// The raw zone; demonstration data when absent.
    #[arg(long)]
    raw: Option<PathBuf>,
}

fn main() -> Result<()> {
    match Cli::parse().command {
        Task::Setup => {
            setup::wasm()?;
            setup::browser()?;
            println!("setup: done; tools are in {}", command::cache().display());
            Ok(())
        }
        Task::Serve { instance, port } => {
            let folder = site::assemble(&instance, &command::root().join(".mingshi/site"))?;
            server::serve(&folder, port, true)
        }
        Task::Test { no_browser } => test::run(no_browser),
        Task::Dist { instance, out } => {
            let folder = site::assemble(&instance, &out)?;
            println!("dist: the portal stands in {}", folder.display());
            Ok(())
        }
    }
}
