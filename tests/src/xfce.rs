//! A second desktop for notifications, with Xfce's server, whose buttons are pressed with the pointer.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::bus::Bus;
use crate::desktop::screen;
use crate::{HarnessError, wait_until};

/// The programs that it needs.
pub const PROGRAMS: [&str; 6] = ["dbus-daemon", "dbus-send", "Xvfb", "xfce4-notifyd-config", "xdotool", "import"];

/// Where Debian has the server.
const SERVER: &str = "/usr/lib/x86_64-linux-gnu/xfce4/notifyd/xfce4-notifyd";

/// How far above a notification's lower edge the middle of its row of buttons is.
const ROW: u32 = 31;

/// A desktop that nobody sees; ended when it is dropped.
#[derive(Debug)]
pub struct Xfce {
    bus: Bus,
    screen: Child,
    server: Child,
    display: String,
}

impl Xfce {
    /// Starts one that keeps its files in `folder`.
    ///
    /// # Errors
    /// When a program cannot be started or does not come up.
    pub fn start(folder: &Path) -> Result<Self, HarnessError> {
        let bus = Bus::start()?;
        let (screen, display) = screen()?;
        let server = Command::new(SERVER)
            .env("DISPLAY", &display)
            .env("DBUS_SESSION_BUS_ADDRESS", bus.address())
            .env("HOME", folder)
            .env("XDG_CONFIG_HOME", folder.join("xfce"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|source| HarnessError::Start { program: "xfce4-notifyd".to_owned(), source })?;
        let desktop = Self { bus, screen, server, display };
        wait_until("Xfce's notification server", Duration::from_secs(60), || desktop.answers().then_some(()))?;
        Ok(desktop)
    }

    /// Returns the address of its bus.
    #[must_use]
    pub fn address(&self) -> &str {
        self.bus.address()
    }

    /// Presses the middle one of three buttons of the notification.
    ///
    /// # Errors
    /// When there is no notification.
    pub fn press_middle(&self) -> Result<(), HarnessError> {
        let [x, y, width, height] =
            wait_until("the notification's window", Duration::from_secs(60), || self.geometry())?;
        let (x, y) = ((x + width / 2).to_string(), (y + height).saturating_sub(ROW).to_string());
        self.xdotool(&["mousemove", &x, &y, "click", "1"])?;
        Ok(())
    }

    /// Returns where the notification is, and how large.
    fn geometry(&self) -> Option<[u32; 4]> {
        let words = ["search", "--onlyvisible", "--class", "notifyd", "getwindowgeometry", "--shell"];
        let told = self.xdotool(&words).ok()?;
        let number = |name: &str| told.lines().find_map(|line| line.strip_prefix(name)?.parse().ok());
        Some([number("X=")?, number("Y=")?, number("WIDTH=")?, number("HEIGHT=")?])
    }

    fn xdotool(&self, words: &[&str]) -> Result<String, HarnessError> {
        let output = Command::new("xdotool").args(words).env("DISPLAY", &self.display).output();
        let output = output.map_err(|source| HarnessError::Start { program: "xdotool".to_owned(), source })?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        if output.status.success() {
            return Ok(text);
        }
        Err(HarnessError::Ended { command: "xdotool".to_owned(), status: output.status, output: text })
    }

    /// Takes a picture of the screen's right upper part.
    ///
    /// # Errors
    /// When it cannot be taken.
    pub fn photograph(&self, file: &Path) -> Result<(), HarnessError> {
        let mut command = Command::new("import");
        command.args(["-window", "root", "-crop", "480x230+544+0", "+repage"]).arg(file).env("DISPLAY", &self.display);
        let status = command.status();
        let status = status.map_err(|source| HarnessError::Start { program: "import".to_owned(), source })?;
        if status.success() {
            return Ok(());
        }
        Err(HarnessError::Ended { command: "import".to_owned(), status, output: String::new() })
    }

    fn answers(&self) -> bool {
        let mut command = Command::new("dbus-send");
        command
            .arg(format!("--bus={}", self.address()))
            .args(["--print-reply", "--dest=org.freedesktop.Notifications", "/org/freedesktop/Notifications"])
            .arg("org.freedesktop.Notifications.GetServerInformation");
        command.output().is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("Xfce"))
    }
}

impl Drop for Xfce {
    fn drop(&mut self) {
        for child in [&mut self.server, &mut self.screen] {
            if child.kill().is_ok() {
                drop(child.wait());
            }
        }
    }
}
