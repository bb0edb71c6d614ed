//! Where the findings of one table go: the host, with the table's path beside each.

use jiff::Timestamp;
use kith_plugin::diagnostic::Diagnostic;
use kith_plugin::emit::{Completeness, Part, Place};
use kith_plugin::record::Record;
use kith_plugin::{Output, Stop};

/// Takes the findings of one table.
#[derive(Debug)]
pub(crate) struct Desk<'o, 'h> {
    out: &'o mut Output<'h>,
    path: String,
    newest: Option<Timestamp>,
}

impl<'o, 'h> Desk<'o, 'h> {
    /// A desk for the table with this path.
    pub(crate) fn new(out: &'o mut Output<'h>, path: String) -> Self {
        Self { out, path, newest: None }
    }

    /// Returns the table's path.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Returns the newest date that a part of the table showed.
    pub(crate) const fn newest(&self) -> Option<Timestamp> {
        self.newest
    }

    /// Begins a collection, or goes back to one.
    pub(crate) fn part(&mut self, part: &Part) -> Result<(), Stop> {
        self.newest = self.newest.max(part.snapshot);
        self.out.part(part)
    }

    /// Emits a record.
    pub(crate) fn record(&mut self, place: Place, key: Option<&str>, record: &Record) -> Result<(), Stop> {
        self.out.record(place, key, record)
    }

    /// Tells of something wrong in the table.
    pub(crate) fn say(&mut self, diagnostic: Diagnostic) -> Result<(), Stop> {
        self.out.diagnostic(Diagnostic { path: self.path.clone(), ..diagnostic })
    }

    /// Counts what is no record; nothing when there is none.
    pub(crate) fn tally(&mut self, class: &str, count: u64) -> Result<(), Stop> {
        if count == 0 { Ok(()) } else { self.out.tally(class, count) }
    }
}

/// Returns an additive part of a source.
pub(crate) fn part(source: &str, collection: &str) -> Part {
    Part {
        source: source.to_owned(),
        collection: collection.to_owned(),
        completeness: Completeness::Additive,
        ..Part::default()
    }
}
