//! The programs under test, built once a run.
//!
//! `cargo xtask test` builds them and says where they are in `KITH_BIN_DIR`. Under a plain `cargo nextest run` the first
//! test of the run builds them, while the others wait for its lock.

use std::env;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::{HarnessError, at};

/// The packages whose programs and plugins a home needs, and the plugin that is in a home only when a test puts it there.
pub const PACKAGES: [&str; 9] = [
    "kithd",
    "kith-cli",
    "kith-channel",
    "kith-csv",
    "kith-addressbook",
    "kith-calendar",
    "kith-vcard",
    "kith-email",
    "kith-hostile",
];

/// The plugins' file names.
pub const PLUGINS: [&str; 5] =
    ["libkith_csv.so", "libkith_addressbook.so", "libkith_calendar.so", "libkith_vcard.so", "libkith_email.so"];

/// The file name of the plugin that does what plugins must not do.
pub const HOSTILE: &str = "libkith_hostile.so";

/// Where they are.
static FOLDER: OnceLock<PathBuf> = OnceLock::new();

/// Returns the folder that holds `kithd`, `kith` and the plugins.
///
/// # Errors
/// When they cannot be built.
pub fn folder() -> Result<PathBuf, HarnessError> {
    if let Some(folder) = FOLDER.get() {
        return Ok(folder.clone());
    }
    let folder = match env::var_os("KITH_BIN_DIR") {
        Some(folder) => PathBuf::from(folder),
        None => build_once()?,
    };
    Ok(FOLDER.get_or_init(|| folder).clone())
}

/// Takes the programs as they lie beside this one, for whoever has just built them: they are not built again.
///
/// # Errors
/// When this program does not know where it lies.
pub fn take_built() -> Result<(), HarnessError> {
    let folder = own_folder()?;
    FOLDER.get_or_init(|| folder);
    Ok(())
}

/// Returns the repository's root.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_path_buf)
}

fn build_once() -> Result<PathBuf, HarnessError> {
    let folder = own_folder()?;
    let lock_path = folder.join(".kith-tests.lock");
    let lock = File::create(&lock_path).map_err(at(&lock_path))?;
    lock.lock().map_err(at(&lock_path))?;
    let run = env::var("NEXTEST_RUN_ID").unwrap_or_default();
    let stamp = folder.join(".kith-tests.built");
    if run.is_empty() || fs::read_to_string(&stamp).unwrap_or_default() != run {
        build(folder.ends_with("release"))?;
        fs::write(&stamp, run).map_err(at(stamp))?;
    }
    Ok(folder)
}

/// Builds the programs and plugins: with all the rest as the tests are built, so that nothing is built twice; for release alone.
fn build(release: bool) -> Result<(), HarnessError> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(root()).args(["build", "--quiet", "--locked"]);
    if release {
        command.arg("--release").args(PACKAGES.map(|package| format!("--package={package}")));
    } else {
        command.args(["--workspace", "--all-targets"]);
    }
    let status =
        command.status().map_err(|source| HarnessError::Start { program: "cargo build".to_owned(), source })?;
    if status.success() {
        return Ok(());
    }
    Err(HarnessError::Ended { command: "cargo build".to_owned(), status, output: String::new() })
}

/// Returns `target/debug` or `target/release`, in whose `deps` the running test lies.
fn own_folder() -> Result<PathBuf, HarnessError> {
    let own = env::current_exe().map_err(at("/proc/self/exe"))?;
    let deps = own.parent().unwrap_or(&own);
    let folder = if deps.ends_with("deps") { deps.parent() } else { Some(deps) };
    folder.map(Path::to_path_buf).ok_or_else(|| at(&own)(io::ErrorKind::NotFound.into()))
}
