//! Imports what was dropped, and puts it away: imported, or aside with its reason.

use std::fs;
use std::path::Path;

use kith_core::settle::Stat;

use super::import::{Cut, Order};
use super::open::Input;
use super::progress::{Listener, Teller};
use super::shelf::{self, ShelfError};
use super::{Arrival, Fault, Inner, Unit, Verdict, given, words};
use crate::clock;
use crate::config::Layout;
use crate::keeper::{Mode, Report};
use crate::watch::scan;

/// What came of something that was dropped.
struct Dropped {
    /// How it looks now.
    stat: Stat,
    reports: Vec<Report>,
    /// Why it is a problem all the same: it ends in the middle, and only what stands before was imported.
    cut_short: Option<String>,
}

impl Inner {
    /// Imports a file or folder that was dropped, and puts it away.
    ///
    /// # Errors
    /// When the disk is full, or the keeper has ended.
    pub(super) async fn dropped(&self, unit: &Unit) -> Result<Verdict, Fault> {
        let listener = Listener::Status(self.status.clone());
        let mut told = Teller::new(unit.path.clone(), unit.stat.size, listener);
        let result = if unit.path.is_dir() && !unit.path.is_symlink() {
            self.dropped_folder(&unit.path, &mut told).await
        } else {
            self.dropped_file(unit, &mut told).await
        };
        match result {
            Ok(Dropped { stat, reports, cut_short: None }) => {
                let verdict = self.put_away(&unit.path, stat).await?;
                self.arrived(&unit.path, reports);
                Ok(verdict)
            }
            Ok(Dropped { stat, cut_short: Some(reason), .. }) => self.put_aside(&unit.path, stat, &reason).await,
            Err(Fault::Truncated(_)) if !unit.waited => Ok(Verdict::Truncated),
            Err(Fault::Truncated(reason) | Fault::Refused(reason)) => {
                self.put_aside(&unit.path, unit.stat, &reason).await
            }
            Err(Fault::Changed) => Ok(Verdict::Changed),
            Err(Fault::Later(reason)) => {
                self.set_fault(format!("{}: {reason}", unit.path.display()));
                Ok(Verdict::Later)
            }
            Err(fault @ (Fault::DiskFull | Fault::Keeper(_))) => Err(fault),
        }
    }

    /// Imports a file.
    async fn dropped_file(&self, unit: &Unit, told: &mut Teller) -> Result<Dropped, Fault> {
        let meta = fs::symlink_metadata(&unit.path).map_err(|_| Fault::Changed)?;
        if meta.is_file() && meta.len() == 0 {
            return Err(Fault::Refused("the file is empty".to_owned()));
        }
        let path = unit.path.to_string_lossy();
        let cut = if unit.waited { Cut::Keeps } else { Cut::Waits };
        let order = Order { path: &path, mode: Mode::Real, cut };
        let report = self.importer.stream(&Input::file(&unit.path, unit.stat), order, told).await?;
        super::log_imported(&report);
        let cut_short = report.cut_short.is_some().then(|| words::cut_short(&report));
        Ok(Dropped { stat: unit.stat, reports: vec![report], cut_short })
    }

    /// Imports a folder's files; bad ones are put aside, and the folder's state without them is returned.
    async fn dropped_folder(&self, path: &Path, told: &mut Teller) -> Result<Dropped, Fault> {
        let layout = given::detect(path);
        let files = scan::files(path, layout).map_err(|fault| Fault::Later(fault.to_string()))?;
        let input = Input { base: path.to_owned(), files };
        let many = self.importer.many(&input, (&path.to_string_lossy(), layout), Mode::Real, told).await?;
        many.reports.iter().for_each(super::log_imported);
        for (index, fault) in many.faults {
            let Some((name, stat)) = input.files.get(index) else { continue };
            let fault = if let Fault::Truncated(_) = fault {
                let report = self.importer.before_cut(&input, index, Mode::Real, told).await?;
                super::log_imported(&report);
                Fault::Refused(words::cut_short(&report))
            } else {
                fault
            };
            match fault {
                Fault::Refused(reason) | Fault::Truncated(reason) => {
                    self.put_aside(&path.join(name), *stat, &reason).await?;
                }
                fault @ (Fault::Changed | Fault::Later(_) | Fault::DiskFull | Fault::Keeper(_)) => return Err(fault),
            }
        }
        let stat = scan::stat_unit(path, Layout::Drop).ok_or(Fault::Changed)?;
        Ok(Dropped { stat, reports: many.reports, cut_short: None })
    }

    async fn put_away(&self, path: &Path, stat: Stat) -> Result<Verdict, Fault> {
        let config = self.config.borrow().clone();
        let folder = shelf::month(&config.imported, clock::now(), &config.zone());
        let (from, to) = (path.to_owned(), folder.clone());
        let put = shelf::beside(move || shelf::put_away(&from, &stat, &to)).await;
        match put.map_err(|error| shelf::failed(&folder, error)).flatten() {
            Ok(to) => {
                tracing::debug!(path = %to.display(), "put away");
                self.count_imported(1);
                Ok(Verdict::Done)
            }
            Err(error) => self.not_moved(error),
        }
    }

    async fn put_aside(&self, path: &Path, stat: Stat, reason: &str) -> Result<Verdict, Fault> {
        let folder = self.config.borrow().problem.clone();
        let (from, to, text) = (path.to_owned(), folder.clone(), words::reason_text(path, reason));
        let put = shelf::beside(move || shelf::put_aside(&from, &stat, &to, &text)).await;
        match put.map_err(|error| shelf::failed(&folder, error)).flatten() {
            Ok(to) => {
                tracing::debug!(path = %to.display(), reason, "put aside");
                tracing::warn!("a dropped file could not be imported; `kith problems` says which and why");
                self.tell(Arrival::Refused { name: name_of(path), reason: reason.to_owned() });
                Ok(Verdict::Refused)
            }
            Err(error) => self.not_moved(error),
        }
    }

    fn arrived(&self, path: &Path, reports: Vec<Report>) {
        self.tell(Arrival::Imported { name: name_of(path), reports });
    }

    /// What nobody is there to hear needs no telling.
    fn tell(&self, arrival: Arrival) {
        drop(self.arrivals.try_send(arrival));
    }

    fn not_moved(&self, error: ShelfError) -> Result<Verdict, Fault> {
        match error {
            ShelfError::Changed => Ok(Verdict::Changed),
            ShelfError::DiskFull => Err(Fault::DiskFull),
            ShelfError::Io { to, source } => {
                tracing::warn!(error = %source, "a dropped file could not be moved");
                self.set_fault(format!("a dropped file could not be moved to {}: {source}", to.display()));
                Ok(Verdict::Later)
            }
        }
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
