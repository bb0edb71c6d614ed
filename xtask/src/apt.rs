//! Programs that some tests need, installed from the distribution where that is allowed.

use kith_tests::skip::is_installed;
use rustix::process::geteuid;

use crate::shell::Shell;

/// A program, and the Debian package that holds it.
const NEEDED: [(&str, &str); 13] = [
    ("cc", "gcc"),
    ("dbus-daemon", "dbus"),
    ("dbus-run-session", "dbus-daemon"),
    ("Xvfb", "xvfb"),
    ("dunst", "dunst"),
    ("import", "imagemagick"),
    ("faketime", "faketime"),
    ("systemd", "systemd"),
    ("unshare", "util-linux"),
    ("vdirsyncer", "vdirsyncer"),
    ("radicale", "radicale"),
    ("xfce4-notifyd-config", "xfce4-notifyd"),
    ("xdotool", "xdotool"),
];

/// Installs what is missing, saying so; without the right to, says what the tests will be skipped for.
pub(crate) fn install_missing(shell: &Shell) {
    let mut packages: Vec<&str> =
        NEEDED.iter().filter(|(program, _)| !is_installed(program)).map(|(_, package)| *package).collect();
    if packages.contains(&"dunst") {
        packages.push("fonts-dejavu-core");
    }
    if packages.is_empty() {
        return;
    }
    let packages = packages.join(" ");
    if !is_installed("apt-get") {
        return println!("Some tests need {packages}, and there is no apt-get here: those tests are skipped.");
    }
    let sudo = if geteuid().is_root() { "" } else { "sudo -n " };
    println!("Some tests need {packages}: installing with apt-get.");
    let installed = apt(shell, sudo, "update -qq")
        .and_then(|()| apt(shell, sudo, &format!("install -y -qq --no-install-recommends {packages}")));
    if let Err(error) = installed {
        println!("Not installed ({error}): the tests that need them are skipped.");
    }
}

fn apt(shell: &Shell, sudo: &str, arguments: &str) -> Result<(), crate::shell::XtaskError> {
    if sudo.is_empty() {
        shell.run("env", &format!("DEBIAN_FRONTEND=noninteractive apt-get {arguments}"))
    } else {
        shell.run("sudo", &format!("-n env DEBIAN_FRONTEND=noninteractive apt-get {arguments}"))
    }
}
