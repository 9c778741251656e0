//! `cargo xtask serve`: the portal on this machine.

use std::io::Write;

use anyhow::Result;

use crate::{
    app::Build,
    command::root,
    publish::Instance,
    server,
    site::{self, Base},
};

/// Assembles the site in `.mingshi/site` and serves it until the program is stopped.
pub fn run(instance: &Instance, base: &Base, port: u16, build: Build) -> Result<()> {
    let folder = root().join(".mingshi/site");
    site::assemble(instance, build, base, &folder)?;
    let server = server::start(&folder, base, port)?;
    println!("serving {}; stop with Ctrl-C", folder.display());
    println!("{}", server.address);
    std::io::stdout().flush()?;
    server.wait()
}
