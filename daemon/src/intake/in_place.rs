//! Imports what is ready in a folder that is read in place: all of it as one import, and nothing is moved.

use super::open::Input;
use super::progress::{Listener, Teller};
use super::{Batch, Fault, Inner, Problem, Unit, Verdict, words};
use crate::clock;
use crate::keeper::Mode;

impl Inner {
    /// Imports a batch of a folder read in place; returns what became of each file.
    ///
    /// # Errors
    /// When the disk is full, or the keeper has ended; then nothing of it was imported.
    pub(super) async fn in_place(&self, batch: &Batch) -> Result<Vec<(Unit, Verdict)>, Fault> {
        let relative = |unit: &Unit| (unit.path.strip_prefix(&batch.root).unwrap_or(&unit.path).to_owned(), unit.stat);
        let input = Input { base: batch.root.clone(), files: batch.units.iter().map(relative).collect() };
        let mut told = Teller::new(batch.root.clone(), input.bytes(), Listener::Status(self.status.clone()));
        let path = batch.root.to_string_lossy();
        let mut many = self.importer.many(&input, (&path, batch.layout), Mode::Followed, &mut told).await?;
        for (index, fault) in &mut many.faults {
            let waited = batch.units.get(*index).is_some_and(|unit| unit.waited);
            if let (Fault::Truncated(_), true) = (&*fault, waited) {
                match self.importer.before_cut(&input, *index, Mode::Followed, &mut told).await {
                    Ok(report) => {
                        *fault = Fault::Refused(words::cut_short(&report));
                        many.reports.push(report);
                    }
                    Err(other) => *fault = other,
                }
            }
        }
        many.reports.iter().for_each(super::log_imported);
        many.faults.sort_by_key(|(index, _)| *index);
        let mut faults = many.faults.into_iter().peekable();
        let mut verdicts = Vec::with_capacity(batch.units.len());
        for (index, unit) in batch.units.iter().enumerate() {
            let fault = faults.next_if(|(of, _)| *of == index).map(|(_, fault)| fault);
            verdicts.push((unit.clone(), self.verdict(unit, fault)));
        }
        let refused = verdicts.iter().filter(|(_, verdict)| *verdict == Verdict::Refused).count();
        if refused > 0 {
            tracing::warn!(files = refused, "files could not be imported; `kith problems` says which and why");
        }
        Ok(verdicts)
    }

    fn verdict(&self, unit: &Unit, fault: Option<Fault>) -> Verdict {
        let Some(fault) = fault else {
            self.count_imported(1);
            self.solved(&unit.path);
            return Verdict::Done;
        };
        match fault {
            Fault::Truncated(_) if !unit.waited => Verdict::Truncated,
            Fault::Truncated(reason) | Fault::Refused(reason) => {
                tracing::debug!(path = %unit.path.display(), reason, "could not be imported");
                self.add_problem(Problem { path: unit.path.clone(), reason, at: clock::now(), in_place: true });
                Verdict::Refused
            }
            Fault::Changed => Verdict::Changed,
            Fault::Later(_) | Fault::DiskFull | Fault::Keeper(_) => {
                self.set_fault(format!("{}: {fault}", unit.path.display()));
                Verdict::Later
            }
        }
    }
}
