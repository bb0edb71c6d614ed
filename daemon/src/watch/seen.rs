//! Which files of a folder read in place are known already, so that a scan does not read them again.
//!
//! Losing this costs only reading: importing a file again changes nothing. So it is a list that is appended to without
//! waiting for the disk, one a folder, in the state folder:
//!
//! ```text
//!  kith-seen 1
//!  1f2e3d4c5b6a7988 0011223344556677 ana.vcf
//!  1f2e3d4c5b6a7988 -
//! ```
//!
//! Where the text of mail is read, too, the first line says so: `kith-seen 1 promises …`. A list whose first line is another is
//! begun anew, and so everything is read again when the user switches that on or off.
//! A line is the key's hash, what the file looked like, and the name where it must be known when the file is gone.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use kith_core::settle::Stat;

use super::{names, scan};
use crate::config::Layout;
use crate::paths;

const HEADER: &str = "kith-seen 1";

/// Which files of a folder are known.
#[derive(Debug)]
pub(crate) struct Seen {
    root: PathBuf,
    layout: Layout,
    list: PathBuf,
    header: String,
    marks: BTreeMap<u64, u64>,
    names: BTreeMap<u64, Box<str>>,
}

impl Seen {
    /// Reads what is known of the folder `root` from its list in `folder`, as far as mail was read at this depth.
    pub(crate) fn load(folder: &Path, root: &Path, layout: Layout, mail_depth: &str) -> Self {
        let name = format!("{}-{:016x}", layout.as_str(), hash(&root.to_string_lossy()));
        let (marks, names) = (BTreeMap::new(), BTreeMap::new());
        let header = match layout {
            Layout::Maildir | Layout::Plain => format!("{HEADER} {mail_depth}").trim_end().to_owned(),
            Layout::Drop | Layout::Vdir => HEADER.to_owned(),
        };
        let mut seen = Self { root: root.to_owned(), layout, list: folder.join(name), header, marks, names };
        let text = fs::read_to_string(&seen.list).unwrap_or_default();
        let mut lines = text.lines();
        if lines.next() == Some(seen.header.as_str()) {
            // A torn or unknown line says nothing; its file is read again.
            let read = lines.filter(|line| seen.read(line).is_some()).count();
            tracing::trace!(path = %seen.list.display(), read, "list of known files");
        }
        seen.rewrite();
        seen
    }

    /// Returns whether the file is known as it is.
    pub(crate) fn knows(&self, path: &Path, stat: &Stat) -> bool {
        self.marks.get(&self.key(path)) == Some(&self.mark(stat))
    }

    /// Returns how many files are known.
    pub(crate) fn len(&self) -> usize {
        self.marks.len()
    }

    /// Notes that these files are known as they are.
    pub(crate) fn add<'p>(&mut self, files: impl IntoIterator<Item = (&'p Path, Stat)>) {
        let mut lines = String::new();
        for (path, stat) in files {
            let (key, mark) = (self.key(path), self.mark(&stat));
            self.marks.insert(key, mark);
            if self.layout == Layout::Vdir {
                self.names.insert(key, self.relative(path).into_boxed_str());
            }
            lines.push_str(&self.line(key, mark));
        }
        self.append(&lines);
    }

    /// Notes until the next start that this file is known as it is, though it could not be read.
    pub(crate) fn add_for_this_run(&mut self, path: &Path, stat: &Stat) {
        self.marks.insert(self.key(path), self.mark(stat));
    }

    /// Returns the names of known files that a scan found no more, where that says something.
    ///
    /// They stay known until [`Seen::forget`]; files whose absence says nothing are forgotten here.
    pub(crate) fn gone(&mut self, found: &[(PathBuf, Stat)]) -> Vec<String> {
        let there: BTreeSet<u64> = found.iter().map(|(path, _)| self.key(path)).collect();
        let gone: Vec<u64> = self.marks.keys().filter(|key| !there.contains(key)).copied().collect();
        let (named, nameless): (Vec<u64>, Vec<u64>) = gone.into_iter().partition(|key| self.names.contains_key(key));
        self.remove(&nameless);
        named.iter().filter_map(|key| self.names.get(key).map(|name| name.to_string())).collect()
    }

    /// Forgets files that are gone, by the names that [`Seen::gone`] returned.
    pub(crate) fn forget(&mut self, gone: &[String]) {
        let keys: Vec<u64> = gone.iter().map(|name| hash(&names::key(self.layout, Path::new(name)))).collect();
        self.remove(&keys);
    }

    fn remove(&mut self, keys: &[u64]) {
        for key in keys {
            self.marks.remove(key);
            self.names.remove(key);
        }
        self.append(&keys.iter().map(|key| format!("{key:016x} -\n")).collect::<String>());
    }

    fn key(&self, path: &Path) -> u64 {
        hash(&names::key(self.layout, path.strip_prefix(&self.root).unwrap_or(path)))
    }

    fn mark(&self, stat: &Stat) -> u64 {
        match self.layout {
            // Messages never change, and a rename alone changes the time of change.
            Layout::Maildir => scan::fingerprint("", stat),
            Layout::Drop | Layout::Plain | Layout::Vdir => scan::fingerprint(&stat.changed_ns.to_string(), stat),
        }
    }

    fn relative(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).to_string_lossy().into_owned()
    }

    fn line(&self, key: u64, mark: u64) -> String {
        let name = self.names.get(&key).filter(|name| !name.contains('\n'));
        name.map_or_else(|| format!("{key:016x} {mark:016x}\n"), |name| format!("{key:016x} {mark:016x} {name}\n"))
    }

    /// Takes in one line of the list; a torn or unknown one is `None` and skipped.
    fn read(&mut self, line: &str) -> Option<()> {
        let (key, rest) = line.split_once(' ')?;
        let key = u64::from_str_radix(key, 16).ok().filter(|_| key.len() == 16)?;
        if rest == "-" {
            self.marks.remove(&key);
            self.names.remove(&key);
            return Some(());
        }
        let (mark, name) = rest.split_once(' ').map_or((rest, None), |(mark, name)| (mark, Some(name)));
        self.marks.insert(key, u64::from_str_radix(mark, 16).ok().filter(|_| mark.len() == 16)?);
        self.names.extend(name.map(|name| (key, name.into())));
        Some(())
    }

    fn rewrite(&self) {
        let lines: String = self.marks.iter().map(|(key, mark)| self.line(*key, *mark)).collect();
        let written = paths::replace(&self.list, format!("{}\n{lines}", self.header).as_bytes());
        self.told(written);
    }

    fn append(&self, lines: &str) {
        if lines.is_empty() {
            return;
        }
        let list = OpenOptions::new().append(true).create(true).mode(paths::FILE_MODE).open(&self.list);
        self.told(list.and_then(|mut list| list.write_all(lines.as_bytes())));
    }

    fn told(&self, written: io::Result<()>) {
        if let Err(error) = written {
            tracing::warn!(path = %self.list.display(), %error, "known files could not be noted; they are read again next time");
        }
    }
}

fn hash(text: &str) -> u64 {
    scan::first_eight(&blake3::hash(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stat(size: u64) -> Stat {
        Stat { size, ..Stat::default() }
    }

    #[test]
    fn what_was_read_is_known_after_a_restart() {
        let state = tempfile::tempdir().unwrap();
        let load = || Seen::load(state.path(), Path::new("/cards"), Layout::Vdir, "promises 1");
        let (ana, bo) = (Path::new("/cards/ana.vcf"), Path::new("/cards/bo.vcf"));
        load().add([(ana, stat(1)), (bo, stat(2))]);
        let mut seen = load();
        assert!(seen.knows(ana, &stat(1)) && !seen.knows(ana, &stat(3)));
        let gone = seen.gone(&[(bo.to_owned(), stat(2))]);
        assert_eq!(gone, ["ana.vcf"]);
        assert!(load().knows(ana, &stat(1)));
        seen.forget(&gone);
        assert!(!load().knows(ana, &stat(1)));
        assert_eq!(load().len(), 1);
    }

    #[test]
    fn a_torn_line_costs_only_itself() {
        let state = tempfile::tempdir().unwrap();
        let load = || Seen::load(state.path(), Path::new("/mail"), Layout::Maildir, "");
        let mut seen = load();
        seen.add([(Path::new("/mail/new/1"), stat(1))]);
        fs::write(&seen.list, fs::read_to_string(&seen.list).unwrap() + "0011\u{fffd} 22").unwrap();
        assert!(load().knows(Path::new("/mail/cur/1:2,S"), &stat(1)));
    }

    #[test]
    fn mail_is_read_again_when_it_is_read_at_another_depth() {
        let state = tempfile::tempdir().unwrap();
        let load = |depth: &str| Seen::load(state.path(), Path::new("/mail"), Layout::Maildir, depth);
        let mail = (Path::new("/mail/cur/1:2,S"), stat(1));
        load("").add([mail]);
        assert!(load("").knows(mail.0, &mail.1));
        let mut deeper = load("promises 1");
        assert_eq!(deeper.len(), 0);
        deeper.add([mail]);
        assert!(load("promises 1").knows(mail.0, &mail.1));
        assert_eq!(load("promises 2").len(), 0);
        assert_eq!(load("").len(), 0);
    }

    #[test]
    fn a_list_of_another_version_is_begun_anew() {
        let state = tempfile::tempdir().unwrap();
        let load = || Seen::load(state.path(), Path::new("/mail"), Layout::Plain, "");
        fs::write(load().list, "kith-seen 2\n0000000000000001 0000000000000001\n").unwrap();
        assert_eq!(load().len(), 0);
    }
}
