//! `kith setup`: kithd as a background service of this user; printed, done, or taken back.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use crate::error::CliError;
use crate::printer::Printer;

/// The unit, with the place of kithd left open.
const UNIT: &str = include_str!("../../../systemd/kithd.service");

/// What the desktop shows as the sender of notifications.
const ENTRY: &str = include_str!("../../../systemd/kith.desktop");

/// What Plasma lists it by among the programs whose notifications can be set; it passes over entries that are in no menu.
const NOTIFYRC: &str = include_str!("../../../systemd/kith.notifyrc");

/// The folders in which Plasma looks for that, 6 and 5.
const NOTIFYRC_FOLDERS: [&str; 2] = ["knotifications6", "knotifications5"];

/// Its icon.
const ICON: &str = include_str!("../../../systemd/kith.svg");

/// What stands in the unit for the place of kithd.
const PLACE: &str = "/usr/bin/kithd";

const RELOAD: &[&str] = &["daemon-reload"];
const ENABLE: &[&str] = &["enable", "--now", "kithd.service"];
const DISABLE: &[&str] = &["disable", "--now", "kithd.service"];

/// A file that is installed, with its text.
struct Installed {
    path: PathBuf,
    text: String,
}

/// Does, prints or takes back the set-up.
pub(super) fn run(print: bool, undo: bool, printer: &mut Printer) -> Result<(), CliError> {
    let files = files().ok_or(CliError::NoHome)?;
    if undo {
        return take_back(&files, printer);
    }
    let mut told = Told::default();
    if print {
        for file in &files {
            told.tell(format!("# would write {}\n{}", file.path.display(), file.text.trim_end()), printer)?;
        }
        for command in [RELOAD, ENABLE] {
            told.tell(format!("# would run: systemctl --user {}", command.join(" ")), printer)?;
        }
        return told.end(printer);
    }
    reach_manager()?;
    for file in &files {
        write(&file.path, &file.text)?;
        told.tell(format!("wrote {}", file.path.display()), printer)?;
    }
    told.tell(systemctl(RELOAD)?, printer)?;
    told.tell(systemctl(ENABLE)?, printer)?;
    told.tell("kithd runs in the background. Drop your first export into ~/Kith/Drop".to_owned(), printer)?;
    told.end(printer)
}

/// Returns where the unit of this user goes.
pub(super) fn unit_path() -> Option<PathBuf> {
    Some(folder("XDG_CONFIG_HOME", ".config")?.join("systemd/user/kithd.service"))
}

/// Returns what is installed: the unit first, for nothing runs without it.
fn files() -> Option<Vec<Installed>> {
    let data = folder("XDG_DATA_HOME", ".local/share")?;
    let (entry, icon) = (data.join("applications/kith.desktop"), data.join("icons/hicolor/scalable/apps/kith.svg"));
    let notifyrc = NOTIFYRC_FOLDERS.map(|folder| data.join(folder).join("kith.notifyrc"));
    let mut files = vec![
        Installed { path: unit_path()?, text: UNIT.replace(PLACE, &kithd().display().to_string()) },
        Installed { path: entry, text: ENTRY.to_owned() },
        Installed { path: icon, text: ICON.to_owned() },
    ];
    files.extend(notifyrc.map(|path| Installed { path, text: NOTIFYRC.to_owned() }));
    Some(files)
}

/// Returns one of the user's folders, as the XDG base directory specification names them.
pub(super) fn folder(variable: &str, within_home: &str) -> Option<PathBuf> {
    let absolute = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    absolute(variable).or_else(|| Some(absolute("HOME")?.join(within_home)))
}

fn take_back(files: &[Installed], printer: &mut Printer) -> Result<(), CliError> {
    let there: Vec<&Path> = files.iter().map(|file| file.path.as_path()).filter(|path| path.exists()).collect();
    let mut told = Told::default();
    if there.is_empty() {
        told.tell("Nothing to take back: the service is not installed.".to_owned(), printer)?;
        return told.end(printer);
    }
    // Where nobody answers for the service, none runs.
    let is_managed = reach_manager().is_ok();
    if is_managed {
        told.tell(systemctl(DISABLE)?, printer)?;
    }
    for path in there {
        fs::remove_file(path).map_err(|source| CliError::File { doing: "remove", path: path.to_owned(), source })?;
        told.tell(format!("removed {}", path.display()), printer)?;
    }
    if is_managed {
        told.tell(systemctl(RELOAD)?, printer)?;
    }
    told.tell("What kith knows is still there: ~/.local/share/kith and ~/Kith".to_owned(), printer)?;
    told.end(printer)
}

/// What was done so far: said at once to people, and at the end to programs.
#[derive(Default)]
struct Told(Vec<String>);

impl Told {
    fn tell(&mut self, line: String, printer: &mut Printer) -> Result<(), CliError> {
        if printer.is_json() {
            self.0.push(line);
            return Ok(());
        }
        printer.line(line)
    }

    fn end(self, printer: &mut Printer) -> Result<(), CliError> {
        printer.show(&self.0, |_, _| Ok(()))
    }
}

/// kithd lies beside kith.
pub(super) fn kithd() -> PathBuf {
    env::current_exe().ok().and_then(|kith| Some(kith.parent()?.join("kithd"))).unwrap_or_else(|| PathBuf::from(PLACE))
}

fn write(path: &Path, text: &str) -> Result<(), CliError> {
    let failed = |source| CliError::File { doing: "write", path: path.to_owned(), source };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(path, text).map_err(failed)
}

/// Says whether systemd answers for this user, before anything is changed.
fn reach_manager() -> Result<(), CliError> {
    let asked = Command::new("systemctl").args(["--user", "show-environment"]).output();
    if asked.is_ok_and(|asked| asked.status.success()) { Ok(()) } else { Err(CliError::NoManager) }
}

fn systemctl(words: &[&str]) -> Result<String, CliError> {
    let line = format!("systemctl --user {}", words.join(" "));
    let ended = Command::new("systemctl").arg("--user").args(words).status();
    if !ended.is_ok_and(|status| status.success()) {
        return Err(CliError::Program(line));
    }
    Ok(format!("ran {line}"))
}
