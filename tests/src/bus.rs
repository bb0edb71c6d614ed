//! A private D-Bus session bus.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use crate::HarnessError;

/// A private session bus; ended when it is dropped.
#[derive(Debug)]
pub struct Bus {
    child: Child,
    address: String,
}

impl Bus {
    /// Starts one.
    ///
    /// # Errors
    /// When dbus-daemon cannot be started or says no address.
    pub fn start() -> Result<Self, HarnessError> {
        let failed = |source| HarnessError::Start { program: "dbus-daemon".to_owned(), source };
        let mut child = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--print-address=1"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed)?;
        let mut address = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut address).map_err(failed)?;
        }
        Ok(Self { child, address: address.trim().to_owned() })
    }

    /// Returns its address, for `DBUS_SESSION_BUS_ADDRESS`.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        if self.child.kill().is_ok() {
            drop(self.child.wait());
        }
    }
}
