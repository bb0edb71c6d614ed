//! Where kith's files are: the folders of the XDG base directory specification, and how they are made.
//!
//! What lies in them is decided elsewhere; the folders that the user chooses (drop folder, watched folders) are in `config`.

use std::env;
use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

/// The mode of every folder that kith makes.
pub const DIR_MODE: u32 = 0o700;

/// The mode of every file that kith makes.
pub const FILE_MODE: u32 = 0o600;

/// Where kith's files are, steered by `HOME`, `XDG_*` and `KITH_PLUGIN_PATH` alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// The user's home, which `~` in the config means.
    pub home: PathBuf,
    /// The config file, which need not exist.
    pub config: PathBuf,
    /// The folder of the user's hooks.
    pub hooks: PathBuf,
    /// The ledger: a folder a device.
    pub ledger: PathBuf,
    /// kith's folder of local state.
    pub state: PathBuf,
    /// The file that holds this device's id.
    pub device: PathBuf,
    /// The store, which can be deleted at any time.
    pub store: PathBuf,
    /// The reports of imports.
    pub reports: PathBuf,
    /// What is for this session only: the socket, and cards opened from a notification.
    pub runtime: PathBuf,
    /// The API's socket.
    pub socket: PathBuf,
    /// Where plugins are looked for, the first first.
    pub plugins: Vec<PathBuf>,
}

/// kith's folders cannot be found or made.
#[derive(Debug, thiserror::Error)]
pub enum PathsError {
    /// `HOME` is unset or relative.
    #[error("find the home folder: HOME is not set to an absolute path")]
    NoHome,
    /// A folder could not be made private.
    #[error("make the folder {path}")]
    Make {
        /// The folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A folder belongs to somebody else, who could read what is put there.
    #[error("use the folder {0}: it belongs to another user")]
    NotOurs(PathBuf),
}

impl Paths {
    /// Returns the paths that this process's environment asks for.
    ///
    /// # Errors
    /// When there is no home folder.
    pub fn from_env() -> Result<Self, PathsError> {
        let program = fs::read_link("/proc/self/exe").ok();
        Self::new(|name| env::var_os(name), program.as_deref())
    }

    /// Returns the paths for these variables, of the program that lies at `program`.
    ///
    /// A relative `XDG_*` path is ignored, as the specification wants.
    ///
    /// # Errors
    /// When there is no home folder.
    pub fn new(variable: impl Fn(&str) -> Option<OsString>, program: Option<&Path>) -> Result<Self, PathsError> {
        let absolute = |name| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let home = absolute("HOME").ok_or(PathsError::NoHome)?;
        let config = absolute("XDG_CONFIG_HOME").unwrap_or_else(|| home.join(".config")).join("kith");
        let data = absolute("XDG_DATA_HOME").unwrap_or_else(|| home.join(".local/share")).join("kith");
        let state = absolute("XDG_STATE_HOME").unwrap_or_else(|| home.join(".local/state")).join("kith");
        let runtime = absolute("XDG_RUNTIME_DIR").map_or_else(|| state.join("run"), |dir| dir.join("kith"));
        let named = variable("KITH_PLUGIN_PATH").unwrap_or_default();
        let mut plugins: Vec<PathBuf> = env::split_paths(&named).filter(|path| path.is_absolute()).collect();
        plugins.push(data.join("plugins"));
        plugins.extend(program.and_then(beside).map(|prefix| prefix.join("lib/kith/plugins")));
        Ok(Self {
            config: config.join("config.toml"),
            hooks: config.join("hooks"),
            ledger: data.join("ledger"),
            device: state.join("device"),
            store: state.join("store"),
            reports: state.join("reports"),
            socket: runtime.join("kith.sock"),
            home,
            state,
            runtime,
            plugins,
        })
    }

    /// Makes the folders that the daemon writes to, readable by nobody else.
    ///
    /// # Errors
    /// When a folder cannot be made, or belongs to another user.
    pub fn make(&self) -> Result<(), PathsError> {
        [&self.ledger, &self.state, &self.reports, &self.runtime].into_iter().try_for_each(|path| make_private(path))
    }

    /// Returns the folder of people's photos: within the ledger, so that whoever copies that has all.
    #[must_use]
    pub fn photos(&self) -> PathBuf {
        self.ledger.join("photos")
    }

    /// Returns `path` with a leading `~` replaced by the home folder; a relative path counts from there, too.
    #[must_use]
    pub fn expand(&self, path: &str) -> PathBuf {
        match path.strip_prefix('~') {
            Some("") => self.home.clone(),
            Some(rest) if rest.starts_with('/') => self.home.join(rest.trim_start_matches('/')),
            Some(_) | None => self.home.join(path),
        }
    }
}

/// The folder that holds the program's `bin`: `/usr` for `/usr/bin/kithd`.
fn beside(program: &Path) -> Option<PathBuf> {
    Some(program.parent()?.parent()?.to_owned())
}

/// Makes a folder and those above it that are missing, each private; one that exists and is ours is made private.
///
/// # Errors
/// When it cannot be made, or belongs to another user.
pub fn make_private(path: &Path) -> Result<(), PathsError> {
    let failed = |source| PathsError::Make { path: path.to_owned(), source };
    make_folder(path).map_err(failed)?;
    let found = fs::metadata(path).map_err(failed)?;
    if found.uid() != rustix::process::geteuid().as_raw() {
        return Err(PathsError::NotOurs(path.to_owned()));
    }
    if found.mode() & 0o077 != 0 {
        fs::set_permissions(path, Permissions::from_mode(DIR_MODE)).map_err(failed)?;
    }
    Ok(())
}

/// Makes a folder and those above it that are missing, each private; one that exists is left as it is.
///
/// # Errors
/// When it cannot be made.
pub fn make_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(DIR_MODE).create(path)
}

/// Returns how much room there is on the disk that holds `path`, in bytes.
///
/// # Errors
/// When that cannot be found out.
pub fn free_bytes(path: &Path) -> io::Result<u64> {
    let disk = rustix::fs::statvfs(path)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Returns whether the error says that there is no room.
#[must_use]
pub fn is_disk_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// Creates a private file that must not exist yet.
///
/// # Errors
/// When it exists or cannot be made.
pub fn create_new(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(path)
}

/// Replaces a private file by `bytes`, so that a reader and a crash see either the old or the new ones.
///
/// # Errors
/// When it cannot be written, or its name says nothing of a folder.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    replace_unsynced(path, bytes)?;
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

/// As [`replace`], but whether the new or the old file is found after a crash is certain only once the folder is synced.
///
/// # Errors
/// When it cannot be written, or its name says nothing of a folder.
pub fn replace_unsynced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(io::Error::from(io::ErrorKind::InvalidInput));
    };
    let mut new_name = OsString::from(".");
    new_name.push(name);
    new_name.push(".new");
    let new = folder.join(new_name);
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(FILE_MODE).open(&new)?;
    io::Write::write_all(&mut file, bytes)?;
    file.sync_data()?;
    fs::rename(&new, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(variables: &[(&str, &str)]) -> Paths {
        let find = |name: &str| variables.iter().find(|(n, _)| *n == name).map(|(_, value)| OsString::from(value));
        Paths::new(find, Some(Path::new("/usr/bin/kithd"))).unwrap()
    }

    #[test]
    fn everything_follows_from_home() {
        let paths = paths(&[("HOME", "/home/ana")]);
        assert_eq!(paths.config, Path::new("/home/ana/.config/kith/config.toml"));
        assert_eq!(paths.ledger, Path::new("/home/ana/.local/share/kith/ledger"));
        assert_eq!(paths.socket, Path::new("/home/ana/.local/state/kith/run/kith.sock"));
        assert_eq!(
            paths.plugins,
            [Path::new("/home/ana/.local/share/kith/plugins"), Path::new("/usr/lib/kith/plugins")]
        );
    }

    #[test]
    fn the_environment_moves_each_folder() {
        let paths = paths(&[
            ("HOME", "/home/ana"),
            ("XDG_STATE_HOME", "/s"),
            ("XDG_RUNTIME_DIR", "/run/user/1"),
            ("XDG_DATA_HOME", "relative"),
            ("KITH_PLUGIN_PATH", "/a:b:/c"),
        ]);
        assert_eq!(paths.device, Path::new("/s/kith/device"));
        assert_eq!(paths.socket, Path::new("/run/user/1/kith/kith.sock"));
        assert_eq!(paths.ledger, Path::new("/home/ana/.local/share/kith/ledger"));
        assert_eq!(paths.plugins[..2], [Path::new("/a"), Path::new("/c")]);
    }

    #[test]
    fn a_tilde_means_home() {
        let paths = paths(&[("HOME", "/home/ana")]);
        assert_eq!(paths.expand("~/Kith/Drop"), Path::new("/home/ana/Kith/Drop"));
        assert_eq!(paths.expand("~"), Path::new("/home/ana"));
        assert_eq!(paths.expand("/srv/mail"), Path::new("/srv/mail"));
        assert_eq!(paths.expand("Mail"), Path::new("/home/ana/Mail"));
    }

    #[test]
    fn folders_and_files_are_private() {
        let home = tempfile::tempdir().unwrap();
        let open = home.path().join("open");
        fs::create_dir(&open).unwrap();
        fs::set_permissions(&open, Permissions::from_mode(0o755)).unwrap();
        make_private(&open).unwrap();
        make_private(&open.join("a/b")).unwrap();
        let file = open.join("a/b/file");
        replace(&file, b"one").unwrap();
        replace(&file, b"two").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"two");
        let mode = |path: &Path| fs::metadata(path).unwrap().mode() & 0o777;
        assert_eq!([mode(&open), mode(&open.join("a")), mode(&open.join("a/b"))], [DIR_MODE; 3]);
        assert_eq!(mode(&file), FILE_MODE);
    }
}
