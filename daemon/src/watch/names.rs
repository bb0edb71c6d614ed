//! Which files of a watched folder are meant, told by their names alone.

use std::ffi::OsStr;
use std::path::{Component, Path};

use crate::config::Layout;

/// How deep folders within folders are followed.
const DEPTH: usize = 32;

/// What programs call a file that is not finished.
const UNFINISHED: [&str; 6] = [".part", ".partial", ".crdownload", ".download", ".tmp", "~"];

/// What kith calls the explanation beside a problem file.
pub(crate) const REASON: &str = ".reason.txt";

/// Returns whether a file or folder of this name is to be left alone, wherever it lies.
#[must_use]
pub(crate) fn is_ignored(name: &OsStr) -> bool {
    let name = name.to_string_lossy().to_lowercase();
    name.starts_with('.') || name.ends_with(REASON) || UNFINISHED.iter().any(|ending| name.ends_with(ending))
}

impl Layout {
    /// Returns whether the file with this path, relative to the watched folder, is to be read.
    #[must_use]
    pub(crate) fn wants_file(self, path: &Path) -> bool {
        let Some(name) = path.file_name() else { return false };
        if is_ignored(name) || !self.wants_folder(path.parent().unwrap_or(Path::new(""))) {
            return false;
        }
        match self {
            Self::Drop | Self::Plain => true,
            Self::Maildir => {
                path.parent().and_then(Path::file_name).is_some_and(|folder| folder == "cur" || folder == "new")
            }
            Self::Vdir => path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("vcf")),
        }
    }

    /// Returns whether the folder with this path, relative to the watched folder, may hold files to be read.
    #[must_use]
    pub(crate) fn wants_folder(self, path: &Path) -> bool {
        let mut names = path.components().map(Component::as_os_str);
        match self {
            Self::Drop | Self::Plain => names.clone().count() <= DEPTH && !names.any(is_ignored),
            // Maildir++ begins the names of subfolders with a dot.
            Self::Maildir => names.clone().count() <= DEPTH && !names.any(|name| name == "tmp"),
            Self::Vdir => names.clone().count() <= 1 && !names.any(is_ignored),
        }
    }
}

/// Returns what tells a file of the folder from the others, over renames that mean nothing.
///
/// A Maildir's messages are renamed when they are seen or moved from `new` to `cur`. Only the flag R, "I replied", says
/// something about people.
#[must_use]
pub(crate) fn key(layout: Layout, path: &Path) -> String {
    let text = path.to_string_lossy();
    match layout {
        Layout::Drop | Layout::Plain | Layout::Vdir => text.into_owned(),
        Layout::Maildir => {
            let folder = path.parent().and_then(Path::parent).unwrap_or(Path::new("")).to_string_lossy();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let (unique, flags) = name.rsplit_once(flag_mark).unwrap_or((&name, ""));
            let replied = if flags.contains('R') { "R" } else { "" };
            format!("{folder}/{unique}:{replied}")
        }
    }
}

/// Foreign file systems cannot have the colon that begins a message's flags.
const fn flag_mark(mark: char) -> bool {
    matches!(mark, ':' | ';' | '!')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(layout: Layout, path: &str, expected: bool) {
        assert_eq!(layout.wants_file(Path::new(path)), expected, "{layout:?} {path}");
    }

    #[test]
    fn unfinished_and_hidden_files_are_left_alone() {
        for name in ["a.zip.part", "a.zip.crdownload", "a.TMP", "a.vcf~", ".a.vcf", "a.csv.reason.txt", ".git/a.vcf"] {
            check(Layout::Drop, name, false);
            check(Layout::Plain, name, false);
        }
        check(Layout::Drop, "a.zip", true);
        check(Layout::Plain, "a/b/c.vcf", true);
    }

    #[test]
    fn a_maildir_is_read_with_its_subfolders_but_without_tmp() {
        check(Layout::Maildir, "cur/1.a:2,S", true);
        check(Layout::Maildir, ".Work.Old/new/1.a", true);
        check(Layout::Maildir, "tmp/1.a", false);
        check(Layout::Maildir, "dovecot-uidlist", false);
        check(Layout::Maildir, "cur/.nfs0001", false);
    }

    #[test]
    fn a_vdir_is_read_one_collection_deep() {
        check(Layout::Vdir, "a.vcf", true);
        check(Layout::Vdir, "friends/a.VCF", true);
        check(Layout::Vdir, "friends/more/a.vcf", false);
        check(Layout::Vdir, "friends/a.tmp", false);
        check(Layout::Vdir, "friends/color", false);
    }

    #[test]
    fn a_message_stays_the_same_when_it_is_seen_but_not_when_it_is_answered() {
        let key = |path: &str| key(Layout::Maildir, Path::new(path));
        assert_eq!(key("new/1.a"), key("cur/1.a:2,S"));
        assert_eq!(key(".W/new/1.a"), key(".W/cur/1.a;2,FS"));
        assert_ne!(key("cur/1.a:2,S"), key("cur/1.a:2,RS"));
        assert_ne!(key("cur/1.a"), key(".W/cur/1.a"));
    }
}
