//! `cargo xtask dist`: the portal in one folder, ready for any static host.

use std::path::{Path, absolute};

use anyhow::Result;

use crate::{
    app::Build,
    publish::Instance,
    site::{self, At},
};

/// Builds, publishes what is missing, and assembles the site in `out`, to be served there.
pub fn run(instance: &Instance, at: &At, out: &Path) -> Result<()> {
    let out = absolute(out)?;
    site::assemble(instance, Build::WhenChanged, at, &out)?;
    println!("dist: the portal stands in {}", out.display());
    println!(
        "dist: _headers (Netlify and alike), nginx.conf and Caddyfile in it carry the security headers"
    );
    Ok(())
}
