//! `kith setup`: kithd as a background service of this user; printed, done, or taken back.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use crate::error::CliError;
use crate::printer::Printer;

/// The unit, with the place of kithd left open.
const UNIT: &str = include_str!("../../../systemd/kithd.service");

/// What stands in the unit for the place of kithd.
const PLACE: &str = "/usr/bin/kithd";

/// Does, prints or takes back the set-up.
pub(super) fn run(print: bool, undo: bool, printer: &mut Printer) -> Result<(), CliError> {
    let unit = unit_path().ok_or(CliError::NoHome)?;
    if undo {
        return take_back(&unit, printer);
    }
    let text = UNIT.replace(PLACE, &kithd().display().to_string());
    if print {
        printer.line(format!("# would write {}", unit.display()))?;
        printer.bytes(text.as_bytes())?;
        printer.line("# would run: systemctl --user daemon-reload")?;
        return printer.line("# would run: systemctl --user enable --now kithd.service");
    }
    write(&unit, &text)?;
    printer.line(format!("wrote {}", unit.display()))?;
    systemctl(&["daemon-reload"], printer)?;
    systemctl(&["enable", "--now", "kithd.service"], printer)?;
    printer.line("kithd runs in the background. Drop your first export into ~/Kith/Drop")
}

/// Returns where the unit of this user goes.
pub(super) fn unit_path() -> Option<PathBuf> {
    let folder = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let config = folder("XDG_CONFIG_HOME").or_else(|| Some(folder("HOME")?.join(".config")))?;
    Some(config.join("systemd/user/kithd.service"))
}

fn take_back(unit: &Path, printer: &mut Printer) -> Result<(), CliError> {
    if !unit.exists() {
        return printer.line("Nothing to take back: the service is not installed.");
    }
    systemctl(&["disable", "--now", "kithd.service"], printer)?;
    fs::remove_file(unit).map_err(|source| CliError::File { doing: "remove", path: unit.to_owned(), source })?;
    printer.line(format!("removed {}", unit.display()))?;
    systemctl(&["daemon-reload"], printer)?;
    printer.line("What kith knows is still there: ~/.local/share/kith and ~/Kith")
}

/// kithd lies beside kith.
fn kithd() -> PathBuf {
    env::current_exe().ok().and_then(|kith| Some(kith.parent()?.join("kithd"))).unwrap_or_else(|| PathBuf::from(PLACE))
}

fn write(path: &Path, text: &str) -> Result<(), CliError> {
    let failed = |source| CliError::File { doing: "write", path: path.to_owned(), source };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(path, text).map_err(failed)
}

fn systemctl(words: &[&str], printer: &mut Printer) -> Result<(), CliError> {
    let line = format!("systemctl --user {}", words.join(" "));
    let ended = Command::new("systemctl").arg("--user").args(words).status();
    if !ended.is_ok_and(|status| status.success()) {
        return Err(CliError::Program(line));
    }
    printer.line(format!("ran {line}"))
}
