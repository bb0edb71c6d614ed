//! `cargo xtask install`: the programs and plugins for this user, below `~/.local`.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::{env, io};

use kith_tests::binaries::PLUGINS;

use crate::shell::{Shell, XtaskError};

/// Builds for use, copies to `~/.local`, and sets the background service up.
pub(crate) fn run(shell: &Shell) -> Result<(), XtaskError> {
    let home = env::var_os("HOME").map(PathBuf::from).ok_or(XtaskError::NoHome)?;
    shell.build("--release")?;
    let built = shell.root().join(env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into())).join("release");
    let (programs, plugins) = (home.join(".local/bin"), home.join(".local/lib/kith/plugins"));
    for name in ["kithd", "kith", "kith-channel"] {
        put(&built.join(name), &programs)?;
    }
    for name in PLUGINS {
        put(&built.join(name), &plugins)?;
    }
    let kith = programs.join("kith");
    println!("kithd and kith are in {}, the importers in {}.", programs.display(), plugins.display());
    if shell.run(&kith.to_string_lossy(), "setup").is_err() {
        println!("The background service could not be set up here. Run {} by hand.", programs.join("kithd").display());
    }
    Ok(())
}

/// Copies a file into a folder, beside it first, so that a program that runs is replaced and not written to.
fn put(file: &Path, folder: &Path) -> Result<(), XtaskError> {
    let target = folder.join(file.file_name().unwrap_or_default());
    let aside = target.with_extension("new");
    let copied = fs::create_dir_all(folder)
        .and_then(|()| fs::copy(file, &aside).map(drop))
        .and_then(|()| fs::set_permissions(&aside, fs::Permissions::from_mode(0o755)))
        .and_then(|()| fs::rename(&aside, &target));
    copied.map_err(|source: io::Error| XtaskError::File { path: target, source })
}
