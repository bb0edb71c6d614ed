//! The daemon as a process, seen from its folders: what is dropped or lies in a watched folder is imported, and nothing is lost.
//!
//! The plugin is the hostile one, which does as the file says.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "these are tests")]

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::process::{Child, Command};

/// How long anything may take.
const DEADLINE: Duration = Duration::from_secs(60);

/// A home of its own with a plugin in it.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        let plugin = home.path("plugins/libkith_hostile.so");
        fs::create_dir_all(plugin.parent().unwrap()).unwrap();
        fs::copy(std::env::current_exe().unwrap().with_file_name("libkith_hostile.so"), &plugin).unwrap();
        fs::set_permissions(&plugin, fs::Permissions::from_mode(0o755)).unwrap();
        home
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn config(&self, text: &str) -> &Self {
        put(&self.path(".config/kith/config.toml"), text);
        self
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kithd"));
        command.env_clear().env("HOME", self.0.path()).env("KITH_PLUGIN_PATH", self.path("plugins"));
        command.stdin(Stdio::null()).stdout(Stdio::null()).kill_on_drop(true);
        command.env("KITH_LOG", "debug").stderr(File::create(self.path("log")).unwrap());
        command
    }

    async fn start(&self) -> Child {
        let daemon = self.command().spawn().unwrap();
        self.until("ready", || self.log().contains("INFO ready") && self.path(".local/state/kith/seen").is_dir()).await;
        self.until("drop folder", || self.path("Kith/Drop").is_dir() || self.path("In").is_dir()).await;
        daemon
    }

    fn log(&self) -> String {
        fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    fn imported(&self) -> Vec<String> {
        let months = names(&self.path("Kith/Imported"));
        months.iter().flat_map(|month| names(&self.path("Kith/Imported").join(month))).collect()
    }

    /// How many files of folders read in place are known.
    fn known(&self) -> usize {
        let folder = self.path(".local/state/kith/seen");
        let lists = names(&folder).into_iter().filter(|name| !name.starts_with("drop"));
        lists.map(|name| fs::read_to_string(folder.join(name)).unwrap_or_default().lines().skip(1).count()).sum()
    }

    async fn until(&self, what: &str, mut reached: impl FnMut() -> bool) {
        let wait = async {
            while !reached() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        if tokio::time::timeout(DEADLINE, wait).await.is_err() {
            panic!("never came: {what}\n{}", self.log());
        }
    }
}

fn put(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn signal(daemon: &Child, signal: Signal) {
    let pid = i32::try_from(daemon.id().unwrap()).ok().and_then(Pid::from_raw).unwrap();
    kill_process(pid, signal).unwrap();
}

async fn end(mut daemon: Child) -> Option<i32> {
    signal(&daemon, Signal::TERM);
    let status = tokio::time::timeout(Duration::from_secs(5), daemon.wait()).await;
    status.expect("it did not end within five seconds").unwrap().code()
}

#[tokio::test]
async fn a_dropped_file_is_imported_and_moved_and_never_overwrites_another() {
    let home = Home::new();
    let daemon = home.start().await;
    for count in 1..=2 {
        put(&home.path("Kith/Drop/a.hostile"), "good");
        home.until("imported", || home.imported().len() == count).await;
    }
    assert_eq!(home.imported(), ["a (2).hostile", "a.hostile"]);
    assert_eq!(end(daemon).await, Some(0));
}

#[tokio::test]
async fn what_lies_there_already_is_imported_at_the_start() {
    let home = Home::new();
    put(&home.path("Kith/Drop/a.hostile"), "good");
    put(&home.path("Kith/Drop/folder/b.hostile"), "good");
    let _daemon = home.start().await;
    home.until("imported", || home.imported() == ["a.hostile", "folder"]).await;
}

#[tokio::test]
async fn a_problem_is_put_aside_with_its_reason_and_the_next_file_is_imported() {
    let home = Home::new();
    let _daemon = home.start().await;
    symlink("/etc/hostname", home.path("Kith/Drop/link")).unwrap();
    put(&home.path("Kith/Drop/bad.hostile"), "segfault");
    put(&home.path("Kith/Drop/good.hostile"), "good");
    home.until("imported", || home.imported() == ["good.hostile"]).await;
    let problems = ["bad.hostile", "bad.hostile.reason.txt", "link", "link.reason.txt"];
    home.until("put aside", || names(&home.path("Kith/Problem")) == problems).await;
    let reason = fs::read_to_string(home.path("Kith/Problem/bad.hostile.reason.txt")).unwrap();
    assert!(reason.contains("What is wrong: the plugin crashed (SIGSEGV)."), "{reason}");
}

#[tokio::test]
async fn a_bad_file_of_a_dropped_folder_costs_only_itself() {
    let home = Home::new();
    let _daemon = home.start().await;
    put(&home.path("Kith/Drop/folder/bad.hostile"), "abort");
    put(&home.path("Kith/Drop/folder/good.hostile"), "good");
    home.until("imported", || home.imported() == ["folder"]).await;
    assert_eq!(names(&home.path("Kith/Problem")), ["bad.hostile", "bad.hostile.reason.txt"]);
}

#[tokio::test]
async fn a_file_that_still_grows_or_ends_in_the_middle_is_left_where_it_is() {
    let home = Home::new();
    let _daemon = home.start().await;
    let mut growing = File::create(home.path("Kith/Drop/growing.hostile")).unwrap();
    growing.write_all(b"good").unwrap();
    put(&home.path("Kith/Drop/half.hostile"), "truncated");
    put(&home.path("Kith/Drop/other.hostile"), "good");
    home.until("imported", || {
        growing.write_all(b" ").unwrap();
        home.imported() == ["other.hostile"]
    })
    .await;
    assert_eq!(names(&home.path("Kith/Drop")), ["growing.hostile", "half.hostile"]);
    drop(growing);
    home.until("imported", || home.imported() == ["growing.hostile", "other.hostile"]).await;
    // What was held becomes whole.
    let mut half = OpenOptions::new().write(true).truncate(true).open(home.path("Kith/Drop/half.hostile")).unwrap();
    half.write_all(b"good").unwrap();
    drop(half);
    home.until("imported", || home.imported().len() == 3).await;
}

#[tokio::test]
async fn twenty_thousand_files_at_once_are_all_read_and_none_is_touched() {
    let home = Home::new();
    home.config(&format!("[[watch]]\npath = {:?}\nlayout = \"plain\"", home.path("many")));
    fs::create_dir(home.path("many")).unwrap();
    let daemon = home.start().await;
    let files = |number: u32| home.path(&format!("many/{}/{number}.hostile", number % 10));
    (0..20_000).for_each(|number| put(&files(number), "good"));
    home.until("all known", || home.known() >= 20_000).await;
    assert_eq!(home.known(), 20_000);
    assert_eq!(fs::read_to_string(files(19_999)).unwrap(), "good");
    assert_eq!(end(daemon).await, Some(0));

    // After a restart nothing of it is read again.
    let daemon = home.start().await;
    put(&files(20_000), "good");
    home.until("one more known", || home.known() == 20_001).await;
    assert_eq!(home.log().matches("INFO imported").count(), 1);
    assert_eq!(end(daemon).await, Some(0));
}

#[tokio::test]
async fn a_folder_that_is_missing_is_a_fault_until_it_comes_back() {
    let home = Home::new();
    let path = home.path("mail");
    home.config(&format!("rescan = \"1 second\"\n[[watch]]\npath = {path:?}\nlayout = \"maildir\""));
    let _daemon = home.start().await;
    home.until("fault", || home.log().contains("watched folder cannot be trusted")).await;
    put(&path.join("cur/1.hostile:2,S"), "good");
    put(&path.join("tmp/2.hostile"), "good");
    home.until("known", || home.known() == 1).await;
    // Suddenly empty: unmounted perhaps.
    fs::rename(path.join("cur"), home.path("elsewhere")).unwrap();
    home.until("fault", || home.log().contains("suddenly empty")).await;
    assert_eq!(home.known(), 1);
}

#[tokio::test]
async fn a_wrong_config_at_sighup_is_not_used() {
    let home = Home::new();
    let daemon = home.start().await;
    home.config("darily = 3");
    signal(&daemon, Signal::HUP);
    home.until("refused", || home.log().contains("config is wrong and not used")).await;
    home.config(&format!("drop = {:?}", home.path("In")));
    signal(&daemon, Signal::HUP);
    home.until("read", || home.log().contains("config is read again")).await;
    home.until("made", || home.path("In").is_dir()).await;
    put(&home.path("In/a.hostile"), "good");
    home.until("imported", || home.imported() == ["a.hostile"]).await;
    assert_eq!(end(daemon).await, Some(0));
}

#[tokio::test]
async fn a_wrong_config_at_the_start_is_named_and_exits_78() {
    let home = Home::new();
    home.config("darily = 3");
    let status = home.command().status().await.unwrap();
    assert_eq!(status.code(), Some(78));
    assert!(home.log().contains("config.toml:1: darily: unknown key (did you mean `daily`?)"), "{}", home.log());
}

#[tokio::test]
async fn a_second_daemon_on_the_same_ledger_says_so_and_ends() {
    let home = Home::new();
    let daemon = home.start().await;
    let output = home.command().stderr(Stdio::piped()).output().await.unwrap();
    assert_eq!(output.status.code(), Some(1));
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.contains("another kithd is running"), "{words}");
    assert_eq!(end(daemon).await, Some(0));
}

#[tokio::test]
async fn what_it_makes_is_private() {
    let home = Home::new();
    let daemon = home.start().await;
    put(&home.path("Kith/Drop/bad.hostile"), "abort");
    home.until("put aside", || names(&home.path("Kith/Problem")).len() == 2).await;
    assert_eq!(end(daemon).await, Some(0));
    for folder in [".local/share/kith", ".local/state/kith", "Kith"] {
        open_to_others(&home.path(folder));
    }
}

/// Fails when others may read anything in the folder; what the test made itself has its own mode.
fn open_to_others(path: &Path) {
    let meta = fs::symlink_metadata(path).unwrap();
    assert!(meta.mode() & 0o077 == 0 || path.ends_with("bad.hostile"), "{} is open", path.display());
    if meta.is_dir() {
        fs::read_dir(path).unwrap().for_each(|entry| open_to_others(&entry.unwrap().path()));
    }
}

#[tokio::test]
async fn systemd_is_told_how_it_goes() {
    let home = Home::new();
    let socket = UnixDatagram::bind(home.path("notify")).unwrap();
    socket.set_nonblocking(true).unwrap();
    let mut command = home.command();
    command.env("NOTIFY_SOCKET", home.path("notify")).env("WATCHDOG_USEC", "200000");
    let daemon = command.spawn().unwrap();
    let mut told = String::new();
    let mut hear = || {
        let mut buffer = [0; 4096];
        while let Ok(length) = socket.recv(&mut buffer) {
            told.push_str(&String::from_utf8_lossy(buffer.get(..length).unwrap_or_default()));
            told.push('\n');
        }
        told.clone()
    };
    home.until("ready", || hear().contains("READY=1")).await;
    home.until("status", || hear().contains("STATUS=0 people")).await;
    home.until("watchdog", || hear().matches("WATCHDOG=1").count() > 2).await;
    signal(&daemon, Signal::HUP);
    home.until("reloading", || hear().contains("RELOADING=1")).await;
    assert_eq!(end(daemon).await, Some(0));
    home.until("stopping", || hear().contains("STOPPING=1")).await;
}
