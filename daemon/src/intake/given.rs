//! Imports paths that were given by hand, `kith import FILE…`: read in place, moved nowhere.

use std::fs;
use std::path::{Path, PathBuf};

use tokio::sync::mpsc;

use super::import::{Cut, Order};
use super::open::Input;
use super::progress::{Listener, Outcome, Teller, Told};
use super::{Fault, Importer, Inner, Wish};
use crate::clock;
use crate::config::Layout;
use crate::keeper::Mode;
use crate::watch::scan;

impl Inner {
    /// Imports the paths one after another and tells what became of each.
    pub(super) async fn given(&self, paths: Vec<PathBuf>, (mode, wish): (Mode, Wish), asker: mpsc::Sender<Told>) {
        let importer = self.importer.wishing(wish);
        if mode == Mode::Real {
            self.under_way.begin(paths.iter().map(PathBuf::as_path), clock::now());
        }
        let mut paths = paths.into_iter();
        while let Some(path) = paths.next() {
            let begun = path.clone();
            let outcome = match importer.one_given(&path, mode, &asker).await {
                Ok(outcome) => outcome,
                Err(fault) => Outcome { path, reports: Vec::new(), refused: vec![(String::new(), fault.to_string())] },
            };
            if mode == Mode::Real {
                self.under_way.end(&begun);
                self.under_way.keep();
            }
            if asker.send(Told::Ended(outcome)).await.is_err() {
                // Nobody waits for the rest any more.
                paths.by_ref().for_each(|path| self.under_way.end(&path));
                self.under_way.keep();
            }
        }
    }
}

impl Importer {
    async fn one_given(&self, path: &Path, mode: Mode, asker: &mpsc::Sender<Told>) -> Result<Outcome, Fault> {
        let missing = |error: std::io::Error| {
            let is_missing = error.kind() == std::io::ErrorKind::NotFound;
            let words =
                if is_missing { "there is no such file".to_owned() } else { format!("it cannot be read: {error}") };
            Fault::Refused(words)
        };
        let meta = fs::symlink_metadata(path).map_err(missing)?;
        let words = path.to_string_lossy();
        if !meta.is_dir() {
            let stat = scan::stat(&meta);
            if meta.is_file() && stat.size == 0 {
                return Err(Fault::Refused("the file is empty".to_owned()));
            }
            let mut told = Teller::new(path.to_owned(), stat.size, Listener::Asker(asker.clone()));
            let order = Order { path: &words, mode, cut: Cut::Keeps };
            let report = self.stream(&Input::file(path, stat), order, &mut told).await?;
            super::log_imported(&report);
            return Ok(Outcome { path: path.to_owned(), reports: vec![report], refused: Vec::new() });
        }
        let layout = detect(path);
        let files = scan::files(path, layout).map_err(|fault| Fault::Refused(fault.to_string()))?;
        if files.is_empty() {
            return Err(Fault::Refused("there is nothing in it that kith reads".to_owned()));
        }
        let input = Input { base: path.to_owned(), files };
        let mut told = Teller::new(path.to_owned(), input.bytes(), Listener::Asker(asker.clone()));
        let mut many = self.many(&input, (&words, layout), mode, &mut told).await?;
        for (index, _) in
            many.faults.extract_if(.., |(_, fault)| matches!(fault, Fault::Truncated(_))).collect::<Vec<_>>()
        {
            match self.before_cut(&input, index, mode, &mut told).await {
                Ok(report) => many.reports.push(report),
                Err(fault) => many.faults.push((index, fault)),
            }
        }
        many.reports.iter().for_each(super::log_imported);
        let name = |index: usize| input.files.get(index).map(|(name, _)| name.to_string_lossy().into_owned());
        let refused =
            many.faults.into_iter().map(|(index, fault)| (name(index).unwrap_or_default(), fault.to_string()));
        Ok(Outcome { path: path.to_owned(), reports: many.reports, refused: refused.collect() })
    }
}

/// Returns what lies in a folder how, as far as its look tells.
pub(super) fn detect(folder: &Path) -> Layout {
    if folder.join("cur").is_dir() && folder.join("new").is_dir() {
        return Layout::Maildir;
    }
    let count = |layout| scan::files(folder, layout).map_or(0, |files| files.len());
    let cards = count(Layout::Vdir);
    if cards > 0 && cards == count(Layout::Plain) { Layout::Vdir } else { Layout::Plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(files: &[&str], expected: Layout) {
        let root = tempfile::tempdir().unwrap();
        for file in files {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        assert_eq!(detect(root.path()), expected);
    }

    #[test]
    fn a_folders_look_tells_its_layout() {
        check(&["cur/1.a:2,S", "new/2.a"], Layout::Maildir);
        check(&["ana.vcf", "friends/bo.vcf", ".color"], Layout::Vdir);
        check(&["Connections.csv", "messages.csv"], Layout::Plain);
        check(&["ana.vcf", "mail.mbox"], Layout::Plain);
        check(&[], Layout::Plain);
    }
}
