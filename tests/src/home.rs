//! A throw-away home: its own HOME and XDG folders, its own plugin folder, no way to the real desktop.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, DirBuilder, OpenOptions};
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::fixtures::OWNER;
use crate::skip::{skip, skip_without};
use crate::{Daemon, HarnessError, at, binaries, wait_until};

/// How long a daemon may take to answer; generous, for machines that are busy.
pub const START_LIMIT: Duration = Duration::from_secs(60);

/// A throw-away home. Everything in it is removed when it is dropped.
#[derive(Debug)]
pub struct Home {
    root: TempDir,
    binaries: PathBuf,
    environment: BTreeMap<String, OsString>,
    user: Option<u32>,
}

impl Home {
    /// Makes a home with a config that names the owner.
    ///
    /// # Errors
    /// When the programs cannot be built or the folders not be made.
    pub fn new() -> Result<Self, HarnessError> {
        let home = Self::bare()?;
        home.configure("")?;
        Ok(home)
    }

    /// Makes a home without a config.
    ///
    /// # Errors
    /// When the programs cannot be built or the folders not be made.
    pub fn bare() -> Result<Self, HarnessError> {
        let binaries = binaries::folder()?;
        let root = tempfile::Builder::new()
            .prefix("kith-")
            .permissions(fs::Permissions::from_mode(0o700))
            .tempdir()
            .map_err(at("/tmp"))?;
        let environment = BTreeMap::new();
        let mut home = Self { root, binaries, environment, user: None };
        for (name, folder) in [
            ("HOME", ""),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_DATA_HOME", "data"),
            ("XDG_STATE_HOME", "state"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_RUNTIME_DIR", "run"),
            ("KITH_PLUGIN_PATH", "plugins"),
        ] {
            let path = home.path(folder);
            DirBuilder::new().recursive(true).mode(0o700).create(&path).map_err(at(&path))?;
            home.set(name, path);
        }
        home.set("TZ", "UTC");
        home.set("LANG", "C.UTF-8");
        home.set("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus");
        for plugin in binaries::PLUGINS {
            home.add_plugin(&home.binaries.join(plugin))?;
        }
        Ok(home)
    }

    /// Returns the path of something in the home; the home itself for `""`.
    #[must_use]
    pub fn path(&self, relative: &str) -> PathBuf {
        if relative.is_empty() { self.root.path().to_path_buf() } else { self.root.path().join(relative) }
    }

    /// Sets a variable for every program started from now on.
    pub fn set(&mut self, name: &str, value: impl Into<OsString>) {
        self.environment.insert(name.to_owned(), value.into());
    }

    /// Returns the variables that every program gets.
    #[must_use]
    pub const fn environment(&self) -> &BTreeMap<String, OsString> {
        &self.environment
    }

    /// Writes the config: who the owner is, then `rest`, which may begin with further keys before its tables.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn configure(&self, rest: &str) -> Result<(), HarnessError> {
        let folder = self.path("config/kith");
        DirBuilder::new().recursive(true).mode(0o700).create(&folder).map_err(at(&folder))?;
        let path = folder.join("config.toml");
        let text = format!("me = [\"{}\", \"{}\"]\nregion = \"DE\"\n{rest}", OWNER.email, OWNER.profile);
        fs::write(&path, text).map_err(at(path))
    }

    /// Copies a plugin into the home's plugin folder, writable for nobody else.
    ///
    /// # Errors
    /// When it cannot be copied.
    pub fn add_plugin(&self, plugin: &Path) -> Result<(), HarnessError> {
        let copy = self.path("plugins").join(plugin.file_name().unwrap_or_default());
        fs::copy(plugin, &copy).map_err(at(plugin))?;
        fs::set_permissions(&copy, fs::Permissions::from_mode(0o755)).map_err(at(copy))
    }

    /// Copies the programs into the home and runs everything from now on as `user`, who may know no other folder.
    pub(crate) fn belong_to(&mut self, user: u32) -> Result<(), HarnessError> {
        let own = self.path("bin");
        fs::create_dir_all(&own).map_err(at(&own))?;
        for program in ["kithd", "kith", "kith-channel"] {
            fs::copy(self.binaries.join(program), own.join(program)).map_err(at(program))?;
        }
        self.binaries = own;
        self.user = Some(user);
        Ok(())
    }

    /// Puts a file into the drop folder in one go: written elsewhere, then renamed.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn drop_file(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, HarnessError> {
        let (aside, target) = (self.path(".aside"), self.drop_folder()?.join(name));
        fs::write(&aside, bytes).map_err(at(&aside))?;
        if let Some(user) = self.user {
            chown(&aside, Some(user), Some(user)).map_err(at(&aside))?;
        }
        fs::rename(&aside, &target).map_err(at(&target))?;
        Ok(target)
    }

    /// Returns the drop folder; it is made when it is not there.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn drop_folder(&self) -> Result<PathBuf, HarnessError> {
        let folder = self.path("Kith/Drop");
        DirBuilder::new().recursive(true).mode(0o700).create(&folder).map_err(at(&folder))?;
        Ok(folder)
    }

    /// Starts kithd and waits until `kith status` answers.
    ///
    /// # Errors
    /// When it ends or does not answer in time.
    pub fn start(&self) -> Result<Daemon, HarnessError> {
        self.ready(self.spawn()?)
    }

    /// Waits until `kith status` answers for a daemon that was spawned.
    ///
    /// # Errors
    /// When it ends or does not answer in time.
    pub fn ready(&self, mut daemon: Daemon) -> Result<Daemon, HarnessError> {
        let seen = wait_until("an answer of the daemon", START_LIMIT, || {
            if let Some(status) = daemon.ended() {
                return Some(Err(status));
            }
            self.kith(&["status"]).ok().filter(|output| output.status.success()).map(Ok)
        });
        let output = daemon.log();
        match seen {
            Ok(Ok(_)) => Ok(daemon),
            Ok(Err(status)) => Err(HarnessError::Ended { command: "kithd".to_owned(), status, output }),
            Err(HarnessError::TimedOut { what, seconds, .. }) => {
                Err(HarnessError::TimedOut { what, seconds, details: output })
            }
            Err(other) => Err(other),
        }
    }

    /// Starts kithd with this folder, relative to the home, on a disk of its own, of so many bytes; `None`, said aloud, when
    /// `test` cannot have one here.
    ///
    /// # Errors
    /// When it ends or does not answer in time.
    pub fn start_with_disk(&self, test: &str, folder: &str, bytes: usize) -> Result<Option<Daemon>, HarnessError> {
        if skip_without(test, &["unshare", "mount"]) {
            return Ok(None);
        }
        let folder = self.path(folder);
        fs::create_dir_all(&folder).map_err(at(&folder))?;
        let mount = "mount -t tmpfs -o \"size=$1,mode=700\" tmpfs \"$2\"";
        let mut probe = self.command("/usr/bin/unshare");
        probe.args(["-rm", "sh", "-c", mount, "sh", &bytes.to_string()]).arg(&folder);
        if !probe.output().is_ok_and(|output| output.status.success()) {
            skip(test, "a disk cannot be mounted in a namespace of our own here");
            return Ok(None);
        }
        let mut command = self.command("/usr/bin/unshare");
        command.args(["-rm", "sh", "-c", &format!("{mount} && exec \"$3\""), "sh", &bytes.to_string()]);
        command.arg(&folder).arg(self.binaries.join("kithd"));
        self.ready(self.spawn_as(command)?).map(Some)
    }

    /// Starts kithd without the right to read what modes forbid, which root has and users do not.
    ///
    /// # Errors
    /// When it ends or does not answer in time.
    pub fn start_under_modes(&self) -> Result<Daemon, HarnessError> {
        if !rustix::process::geteuid().is_root() {
            return self.start();
        }
        let mut command = self.command("/usr/bin/setpriv");
        command.arg("--bounding-set=-dac_override,-dac_read_search").arg(self.binaries.join("kithd"));
        self.ready(self.spawn_as(command)?)
    }

    /// Starts kithd without waiting for anything.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn spawn(&self) -> Result<Daemon, HarnessError> {
        self.spawn_as(self.command("kithd"))
    }

    fn spawn_as(&self, mut command: Command) -> Result<Daemon, HarnessError> {
        let log = self.path("kithd.log");
        let file = OpenOptions::new().create(true).append(true).open(&log).map_err(at(&log))?;
        let errors = file.try_clone().map_err(at(&log))?;
        let child = command
            .stdin(Stdio::null())
            .stdout(file)
            .stderr(errors)
            .spawn()
            .map_err(|source| HarnessError::Start { program: "kithd".to_owned(), source })?;
        Ok(Daemon { child, log })
    }

    /// Returns a command for one of the programs, or for another program by its absolute path, in this home.
    #[must_use]
    pub fn command(&self, program: &str) -> Command {
        let path = self.binaries.join(program);
        let mut command = match self.user {
            None => Command::new(path),
            Some(user) => {
                let mut command = Command::new("/usr/bin/setpriv");
                command.arg(format!("--reuid={user}")).arg(format!("--regid={user}")).args(["--clear-groups", "--"]);
                command.arg(path);
                command
            }
        };
        command
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .envs(&self.environment)
            .current_dir(self.root.path());
        command
    }

    /// Runs `kith` with `arguments`, whatever becomes of it.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn kith(&self, arguments: &[&str]) -> Result<Output, HarnessError> {
        self.command("kith")
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .map_err(|source| HarnessError::Start { program: "kith".to_owned(), source })
    }

    /// Runs a program of kith and returns what it printed.
    ///
    /// # Errors
    /// When it fails.
    pub fn run(&self, program: &str, arguments: &[&str]) -> Result<String, HarnessError> {
        let output = self
            .command(program)
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .map_err(|source| HarnessError::Start { program: program.to_owned(), source })?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        if output.status.success() {
            return Ok(text);
        }
        Err(HarnessError::Ended {
            command: format!("{program} {}", arguments.join(" ")),
            status: output.status,
            output: text + &String::from_utf8_lossy(&output.stderr),
        })
    }

    /// Runs `kith` with `arguments` and `--json`, and returns the objects that it printed, a list one by one.
    ///
    /// # Errors
    /// When it fails or prints something else.
    pub fn json(&self, arguments: &[&str]) -> Result<Vec<Value>, HarnessError> {
        let mut arguments = arguments.to_vec();
        arguments.push("--json");
        let answer = self.run("kith", &arguments)?;
        let values = serde_json::Deserializer::from_str(&answer).into_iter().collect::<Result<Vec<Value>, _>>();
        let values = values.map_err(|source| HarnessError::NotJson {
            command: format!("kith {}", arguments.join(" ")),
            answer: answer.clone(),
            source,
        })?;
        Ok(values.into_iter().flat_map(spread).collect())
    }

    /// Waits until nothing lies in the drop folder.
    ///
    /// # Errors
    /// When something still lies there after `limit`.
    pub fn wait_for_empty_drop(&self, limit: Duration) -> Result<(), HarnessError> {
        let folder = self.drop_folder()?;
        wait_until("an empty drop folder", limit, || {
            fs::read_dir(&folder).is_ok_and(|mut entries| entries.next().is_none()).then_some(())
        })
    }
}

/// Returns the items of a list, or the value itself.
fn spread(value: Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items,
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => vec![other],
    }
}
