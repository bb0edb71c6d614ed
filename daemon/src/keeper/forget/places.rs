//! Where records of somebody who is forgotten stand in the files of an import, so that what was wrong with them is not told.

use kith_proto::diagnostic::Diagnostic;

/// The lines at which an import's records begin, as they come, with whether each is of somebody who is forgotten.
#[derive(Debug, Default)]
pub(in crate::keeper) struct Places(Vec<(u64, bool)>);

impl Places {
    /// Notes a record.
    pub(in crate::keeper) fn note(&mut self, line: u64) {
        self.0.push((line, false));
    }

    /// Notes that the last record was left out.
    pub(in crate::keeper) fn left_out(&mut self) {
        if let Some((_, is_theirs)) = self.0.last_mut() {
            *is_theirs = true;
        }
    }

    /// Takes out what was wrong with those records, or may have been; returns how many diagnostics that are.
    pub(in crate::keeper) fn clean(&self, diagnostics: &mut Vec<Diagnostic>) -> u64 {
        let before = diagnostics.len();
        diagnostics.retain(|diagnostic| !diagnostic.line.is_some_and(|line| self.may_be_theirs(line)));
        u64::try_from(before - diagnostics.len()).unwrap_or(0)
    }

    /// A record reaches to the next one; in another file of the import the same line may be another's, and is not told either.
    fn may_be_theirs(&self, line: u64) -> bool {
        let ends = self.0.iter().skip(1).map(|(next, _)| *next).chain([u64::MAX]);
        let spans = self.0.iter().zip(ends).filter(|((_, is_theirs), _)| *is_theirs);
        let mut reached = spans.map(|((begin, _), end)| (*begin, if end <= *begin { u64::MAX } else { end }));
        reached.any(|(begin, end)| (begin..end).contains(&line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_wrong_with_a_record_that_was_left_out_is_not_told() {
        let mut places = Places::default();
        for (line, is_theirs) in [(1, false), (8, true), (15, false), (20, true)] {
            places.note(line);
            if is_theirs {
                places.left_out();
            }
        }
        let at = |line: u64| Diagnostic::kept("not a date", "left out").at_line(line);
        let mut diagnostics: Vec<Diagnostic> = [3, 8, 14, 15, 19, 33].into_iter().map(at).collect();
        assert_eq!(places.clean(&mut diagnostics), 3);
        assert_eq!(diagnostics.iter().filter_map(|diagnostic| diagnostic.line).collect::<Vec<_>>(), [3, 15, 19]);
    }
}
