//! A desktop for notifications: a private bus, Xvfb, and dunst as the notification server.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use crate::bus::Bus;
use crate::{HarnessError, at, wait_until};

/// The programs that a desktop needs.
pub const PROGRAMS: [&str; 5] = ["dbus-daemon", "Xvfb", "dunst", "dunstctl", "import"];

const DUNSTRC: &str = r##"
[global]
    width = 420
    height = (0, 300)
    notification_limit = 20
    origin = top-right
    offset = (20, 20)
    padding = 14
    horizontal_padding = 16
    frame_width = 2
    frame_color = "#4f6d5a"
    separator_color = frame
    corner_radius = 8
    font = DejaVu Sans 12
    format = "<b>%s</b>\n%b"
    markup = full
    show_indicators = yes
    word_wrap = yes
    ellipsize = end
    dmenu = DMENU
[urgency_low]
    background = "#f7f4ec"
    foreground = "#26332b"
    timeout = 0
[urgency_normal]
    background = "#f7f4ec"
    foreground = "#26332b"
    timeout = 0
[urgency_critical]
    background = "#f7f4ec"
    foreground = "#26332b"
    timeout = 0
"##;

/// A desktop that nobody sees; ended when it is dropped.
#[derive(Debug)]
pub struct Desktop {
    bus: Bus,
    screen: Child,
    server: Child,
    display: String,
    folder: PathBuf,
}

impl Desktop {
    /// Starts one that keeps its files in `folder`.
    ///
    /// # Errors
    /// When a program cannot be started or does not come up.
    pub fn start(folder: &Path) -> Result<Self, HarnessError> {
        let bus = Bus::start()?;
        let (screen, display) = screen()?;
        let dunstrc = folder.join("dunstrc");
        let menu = folder.join("dmenu");
        fs::write(&dunstrc, DUNSTRC.replace("DMENU", &menu.to_string_lossy())).map_err(at(&dunstrc))?;
        let log_path = folder.join("dunst.log");
        let log = File::create(&log_path).map_err(at(&log_path))?;
        let server = Command::new("dunst")
            .arg("-config")
            .arg(&dunstrc)
            .env("DISPLAY", &display)
            .env("DBUS_SESSION_BUS_ADDRESS", bus.address())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .map_err(|source| HarnessError::Start { program: "dunst".to_owned(), source })?;
        let desktop = Self { bus, screen, server, display, folder: folder.to_path_buf() };
        wait_until("the notification server", Duration::from_secs(30), || {
            desktop.ctl(&["count", "displayed"]).ok().filter(|answer| answer.status.success())
        })?;
        Ok(desktop)
    }

    /// Returns the address of its bus.
    #[must_use]
    pub fn address(&self) -> &str {
        self.bus.address()
    }

    /// Returns how many notifications are on the screen or wait for room on it.
    #[must_use]
    pub fn waiting_or_displayed(&self) -> u32 {
        self.displayed() + self.count("waiting")
    }

    /// Returns how many notifications are on the screen.
    #[must_use]
    pub fn displayed(&self) -> u32 {
        self.count("displayed")
    }

    fn count(&self, which: &str) -> u32 {
        let answer = self.ctl(&["count", which]).map(|output| output.stdout).unwrap_or_default();
        String::from_utf8_lossy(&answer).trim().parse().unwrap_or_default()
    }

    /// Presses the button of the shown notification whose label begins with `label`, and returns the menu that was offered.
    ///
    /// # Errors
    /// When the menu does not come.
    pub fn press(&self, label: &str) -> Result<String, HarnessError> {
        let (menu, seen) = (self.folder.join("dmenu"), self.folder.join("menu.txt"));
        let script = format!("#!/bin/sh\ntee '{}' | grep -m1 -F '#{label}'\n", seen.display());
        fs::write(&menu, script).map_err(at(&menu))?;
        fs::set_permissions(&menu, fs::Permissions::from_mode(0o755)).map_err(at(&menu))?;
        self.ctl(&["context"])?;
        wait_until("the notification's menu", Duration::from_secs(20), || {
            fs::read_to_string(&seen).ok().filter(|text| !text.is_empty())
        })
    }

    /// Takes all notifications off the screen and returns what all there were said, as the server tells it.
    ///
    /// # Errors
    /// When the server does not answer.
    pub fn told(&self) -> Result<String, HarnessError> {
        self.ctl(&["close-all"])?;
        Ok(String::from_utf8_lossy(&self.ctl(&["history"])?.stdout).into_owned())
    }

    /// Takes a picture of the top right corner of the screen.
    ///
    /// # Errors
    /// When it cannot be taken.
    pub fn photograph(&self, file: &Path) -> Result<(), HarnessError> {
        let mut command = Command::new("import");
        command.args(["-window", "root", "-crop", "480x230+544+0", "+repage"]).arg(file).env("DISPLAY", &self.display);
        let output = run(&mut command, "import")?;
        if output.status.success() {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        Err(HarnessError::Ended { command: "import".to_owned(), status: output.status, output: text })
    }

    fn ctl(&self, arguments: &[&str]) -> Result<Output, HarnessError> {
        let mut command = Command::new("dunstctl");
        command.args(arguments).env("DISPLAY", &self.display).env("DBUS_SESSION_BUS_ADDRESS", self.bus.address());
        run(&mut command, "dunstctl")
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        for child in [&mut self.server, &mut self.screen] {
            if child.kill().is_ok() {
                drop(child.wait());
            }
        }
    }
}

/// Starts a screen on a display number that it chooses itself.
pub(crate) fn screen() -> Result<(Child, String), HarnessError> {
    let failed = |source| HarnessError::Start { program: "Xvfb".to_owned(), source };
    let mut child = Command::new("Xvfb")
        .args(["-displayfd", "1", "-screen", "0", "1024x600x24", "-nolisten", "tcp"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(failed)?;
    let mut number = String::new();
    if let Some(output) = child.stdout.take() {
        BufReader::new(output).read_line(&mut number).map_err(failed)?;
    }
    Ok((child, format!(":{}", number.trim())))
}

fn run(command: &mut Command, program: &str) -> Result<Output, HarnessError> {
    command.stdin(Stdio::null()).output().map_err(|source| HarnessError::Start { program: program.to_owned(), source })
}
