//! kithd as a service of a real systemd user manager.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use kith_tests::fixtures::{mail, person};
use kith_tests::process::signal;
use kith_tests::session::{Session, skip_without_session};
use kith_tests::wait::Stopwatch;
use kith_tests::{Home, export, wait_until};
use rustix::process::Signal;

use crate::scene::{DAY, LIMIT, cards_of};

const CONFIG: &str = "
[[circle]]
name = \"friends\"
cadence = \"3 weeks\"

[[schedule]]
name = \"often\"
cron = \"* * * * * *\"
";

/// Makes the watchdog wait seconds instead of minutes.
const IMPATIENT: &str = "[Service]\nWatchdogSec=4s\nRestartSec=100ms\n";

fn property(home: &Home, name: &str) -> String {
    let value = format!("--property={name}");
    home.run("/usr/bin/systemctl", &["--user", "show", "kithd.service", "--value", &value]).unwrap().trim().to_owned()
}

fn main_pid(home: &Home) -> u32 {
    property(home, "MainPID").parse().unwrap()
}

/// Waits until another process than `before` is the daemon and answers.
fn restarted(home: &Home, before: u32) -> u32 {
    let what = format!("another daemon than {before}");
    wait_until(&what, LIMIT, || {
        let status = home.json(&["status"]).ok()?;
        let pid = u32::try_from(status[0]["pid"].as_u64()?).ok()?;
        (pid != before && pid == main_pid(home)).then_some(pid)
    })
    .unwrap()
}

fn set_up(test: &str) -> Option<(Session, Home)> {
    if skip_without_session(test) {
        return None;
    }
    let mut home = Home::new().unwrap();
    home.configure(CONFIG).unwrap();
    let drop_in = home.path("config/systemd/user/kithd.service.d");
    fs::create_dir_all(&drop_in).unwrap();
    fs::write(drop_in.join("test.conf"), IMPATIENT).unwrap();
    let session = Session::start(&mut home).unwrap();
    home.run("kith", &["setup"]).unwrap();
    Some((session, home))
}

#[test]
fn setup_is_taken_back_whole_and_the_log_goes_to_the_journal_with_its_fields() {
    let name = "setup_is_taken_back_whole_and_the_log_goes_to_the_journal_with_its_fields";
    let Some((session, home)) = set_up(name) else { return };
    home.drop_file("people.vcf", &cards_of(0, 12)).unwrap();
    let message = wait_until("a message about the import in the journal", LIMIT, || {
        session.logged("kithd").unwrap().into_iter().find(|entry| entry["MESSAGE"] == "imported")
    });
    let message = message.unwrap_or_else(|error| panic!("{error}: {:#?}", session.logged("kithd").unwrap()));
    assert_eq!((&message["SYSLOG_IDENTIFIER"], &message["PRIORITY"]), (&"kithd".into(), &"5".into()));
    assert_eq!(message["F_NEW"], "12");
    assert!(message["F_PLUGIN"].as_str().unwrap().starts_with("vcard "));

    let installed = [
        home.path("config/systemd/user/kithd.service"),
        home.path("data/applications/kith.desktop"),
        home.path("data/icons/hicolor/scalable/apps/kith.svg"),
        home.path("data/knotifications6/kith.notifyrc"),
        home.path("data/knotifications5/kith.notifyrc"),
    ];
    assert!(installed.iter().all(|file| file.exists()));
    home.run("kith", &["setup", "--undo"]).unwrap();
    assert!(!installed.iter().any(|file| file.exists()));
    assert_eq!(property(&home, "ActiveState"), "inactive");
    assert!(home.path("data/kith/ledger").exists());
    let again = home.run("kith", &["setup", "--undo"]).unwrap();
    assert!(again.contains("Nothing to take back"), "{again}");
}

#[test]
fn systemd_starts_it_tells_its_state_and_restarts_it_when_it_hangs_or_dies() {
    let name = "systemd_starts_it_tells_its_state_and_restarts_it_when_it_hangs_or_dies";
    let Some((_session, home)) = set_up(name) else { return };
    assert_eq!(property(&home, "ActiveState"), "active");
    home.drop_file("people.vcf", &cards_of(0, 12)).unwrap();
    home.wait_for_empty_drop(LIMIT).unwrap();
    assert_eq!(export(&home).unwrap().people().len(), 12);
    let status = wait_until("a status with counts", LIMIT, || {
        Some(property(&home, "StatusText")).filter(|status| status.contains("12"))
    });
    status.unwrap_or_else(|error| panic!("{error}: {}", property(&home, "StatusText")));

    let first = main_pid(&home);
    signal(first, Signal::STOP).unwrap();
    let second = restarted(&home, first);
    signal(second, Signal::KILL).unwrap();
    restarted(&home, second);

    let watch = Stopwatch::start();
    home.run("/usr/bin/systemctl", &["--user", "stop", "kithd.service"]).unwrap();
    assert!(watch.elapsed() < Duration::from_secs(5), "{:?}", watch.elapsed());
    assert_eq!(property(&home, "Result"), "success");
}

#[test]
fn a_hook_under_systemd_reaches_the_network_that_the_daemon_itself_may_not() {
    let name = "a_hook_under_systemd_reaches_the_network_that_the_daemon_itself_may_not";
    let Some((_session, home)) = set_up(name) else { return };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let hooks = home.path("config/kith/hooks/reminder-due.d");
    home.run("/bin/mkdir", &["-p", "-m", "700", &hooks.to_string_lossy()]).unwrap();
    let hook = home.path(".hook");
    fs::write(&hook, format!("#!/bin/bash\nexec 3<>/dev/tcp/127.0.0.1/{port}\ncat >&3\n")).unwrap();
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
    home.run("/bin/cp", &[&hook.to_string_lossy(), &hooks.join("10-send").to_string_lossy()]).unwrap();

    home.drop_file("people.vcf", &cards_of(0, 12)).unwrap();
    let mut mbox = Vec::new();
    mail::mbox(&mut mbox, 24, 12, DAY).unwrap();
    home.drop_file("mail.mbox", &mbox).unwrap();
    home.wait_for_empty_drop(LIMIT).unwrap();
    home.run("kith", &["circle", "set", &person(0).name(), "friends"]).unwrap();

    let connection = wait_until("a connection of the hook", LIMIT, || listener.accept().ok());
    let (mut stream, _) = connection
        .unwrap_or_else(|error| panic!("{error}\n{}", home.run("kith", &["hooks", "log"]).unwrap_or_default()));
    stream.set_nonblocking(false).unwrap();
    let mut told = String::new();
    stream.read_to_string(&mut told).unwrap();
    assert!(told.contains("\"event\":\"reminder-due\""), "{told}");
}

#[test]
fn a_channel_under_systemd_sends_although_the_daemon_itself_may_not() {
    let name = "a_channel_under_systemd_sends_although_the_daemon_itself_may_not";
    let Some((_session, home)) = set_up(name) else { return };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            // The whole request fits; what is in it is looked at elsewhere.
            assert!(stream.read(&mut [0; 8192]).unwrap() > 0);
            stream.write_all(b"HTTP/1.1 204 x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
        }
    });
    let channel =
        format!("[[channel]]\nname = \"phone\"\nkind = \"ntfy\"\nurl = \"http://{address}\"\ntopic = \"kith\"\n");
    home.configure(&format!("{CONFIG}{channel}allow_private = true\n")).unwrap();
    home.run("/usr/bin/systemctl", &["--user", "reload", "kithd.service"]).unwrap();
    let sent = || home.run("kith", &["channel", "test", "phone"]).ok();
    let sent = wait_until("a message that is sent", LIMIT, sent);
    let told = || String::from_utf8_lossy(&home.kith(&["channel", "test", "phone"]).unwrap().stderr).into_owned();
    assert!(sent.unwrap_or_else(|error| panic!("{error}\n{}", told())).contains("was delivered"));
}
