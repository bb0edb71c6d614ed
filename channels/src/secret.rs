//! Reads a secret from its file, which nobody else may read.

use std::fs::File;
use std::io::Read as _;
use std::os::unix::fs::MetadataExt as _;

use crate::Undelivered;

/// The longest secret.
const SECRET_BYTES: u64 = 4096;

/// Returns the secret in a file, without the end of its line.
///
/// It is looked at once it is open, so that what is checked is what is read.
pub(crate) fn read(path: &str) -> Result<String, Undelivered> {
    let failed = |error| Undelivered::Never(format!("the secret file {path} cannot be read: {error}"));
    let file = File::open(path).map_err(failed)?;
    let found = file.metadata().map_err(failed)?;
    if !found.is_file() || found.mode() & 0o077 != 0 {
        let remedy = "chmod 600 makes it yours alone";
        return Err(Undelivered::Never(format!("the secret file {path} may be read by others; {remedy}")));
    }
    let mut secret = String::new();
    file.take(SECRET_BYTES).read_to_string(&mut secret).map_err(failed)?;
    let secret = secret.trim_end_matches(['\r', '\n']);
    if secret.is_empty() || secret.contains(char::is_control) {
        return Err(Undelivered::Never(format!("the secret file {path} does not hold one line of text")));
    }
    Ok(secret.to_owned())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[track_caller]
    fn check(text: &str, mode: u32, expected: Option<&str>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(read(path.to_str().unwrap()).ok().as_deref(), expected, "{text:?} {mode:o}");
    }

    #[test]
    fn a_secret_that_others_may_read_is_refused() {
        check("hunter2\n", 0o600, Some("hunter2"));
        [0o640, 0o604, 0o620].into_iter().for_each(|mode| check("hunter2", mode, None));
    }

    #[test]
    fn more_than_a_line_is_no_secret() {
        ["a\r\nX-Header: b", "\n", ""].into_iter().for_each(|text| check(text, 0o600, None));
    }
}
