//! `cargo xtask serve`: the portal on this machine.

use std::io::Write;

use anyhow::Result;

use crate::{
    app::Build,
    command::root,
    publish::Instance,
    server,
    site::{self, At, Base},
    told::Address,
};

/// Assembles the site in `.mingshi/site` and serves it until the program is stopped.
pub fn run(instance: &Instance, base: &Base, port: u16, build: Build) -> Result<()> {
    let folder = root().join(".mingshi/site");
    let at = match port {
        // Any free one: known too late.
        0 => At::Path(base.clone()),
        _ => At::Address(Address::local(port, base)),
    };
    site::assemble(instance, build, &at, &folder)?;
    let server = server::start(&folder, base, port)?;
    println!("serving {}; stop with Ctrl-C", folder.display());
    println!("{}", server.address);
    std::io::stdout().flush()?;
    server.wait()
}
