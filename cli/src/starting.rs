//! Whether kithd is there and does not answer yet: it holds its lock from early on, and listens once it has read what it knows.

use std::fs;
use std::path::Path;

/// What the process of the daemon is called.
const DAEMON: &str = "kithd";

/// Returns whether the process that the lock names is a kithd.
pub(crate) fn is_starting(lock: &Path) -> bool {
    let pid = fs::read_to_string(lock).ok().and_then(|pid| pid.trim().parse::<u32>().ok());
    pid.is_some_and(is_daemon)
}

/// One that has ended, and was not yet taken note of, still has its name, but no command line (`proc_pid_cmdline(5)`).
fn is_daemon(pid: u32) -> bool {
    let says = |what: &str| fs::read(format!("/proc/{pid}/{what}")).unwrap_or_default();
    says("comm").trim_ascii_end() == DAEMON.as_bytes() && !says("cmdline").is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_of_nobody_or_of_another_program_is_no_kithd() {
        let folder = std::env::temp_dir().join(format!("kith-starting-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let lock = folder.join("lock");
        assert!(!is_starting(&lock), "there is none");
        for text in [String::new(), "no number".to_owned(), std::process::id().to_string()] {
            fs::write(&lock, &text).unwrap();
            assert!(!is_starting(&lock), "{text:?}");
        }
        fs::remove_dir_all(folder).unwrap();
    }
}
