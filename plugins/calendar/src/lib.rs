//! Importer of calendars (.ics): meetings with those who took part. How an event is read is in `kith-formats`.

use std::collections::BTreeMap;

use kith_formats::calendar::{End, Item, Meetings, is_calendar};
use kith_formats::newest::Held;
use kith_plugin::diagnostic::Diagnostic;
use kith_plugin::emit::{Part, Place};
use kith_plugin::{Importer, Input, Output, Stop};

/// Reads calendars.
#[derive(Debug)]
pub struct CalendarImporter;

impl Importer for CalendarImporter {
    const NAME: &'static str = "calendar";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const ACCEPTS: &'static [&'static str] = &[".ics", ".ical", ".ifb", ".icalendar"];

    fn probe(_: &[&str], head: &[u8]) -> u8 {
        if is_calendar(head) { 95 } else { 0 }
    }

    fn import(input: &Input<'_>, out: &mut Output<'_>) -> Result<(), Stop> {
        out.part(&Part { source: "calendar".to_owned(), collection: "meetings".to_owned(), ..Part::default() })?;
        let alone = input.entries().len() == 1;
        let (mut meetings, mut counted) = (Meetings::default(), BTreeMap::<_, u64>::new());
        let entries = u32::try_from(input.entries().len()).unwrap_or(u32::MAX);
        for (entry, ordinal) in (0..input.entries().len()).zip(0..) {
            let path = input.path_of(entry);
            let place = |position, line| Place { entry: ordinal, position, line };
            let mut found = |item| match item {
                Item::Record(held) => emit(&held, out),
                Item::Counted(class) => {
                    *counted.entry(class).or_default() += 1;
                    Ok(())
                }
                Item::Told(diagnostic) => say(out, path, diagnostic),
            };
            let end = meetings.read(input.open(entry), place, &mut found)?;
            if ordinal + 1 == entries {
                meetings.finish(&mut found)?;
            }
            let missing = "not a calendar: it does not begin with BEGIN:VCALENDAR";
            match end {
                End::Whole => {}
                End::Cut(reason) if alone => return Err(Stop::truncated(reason)),
                End::None if alone => return Err(Stop::refuse(missing)),
                End::Cut(reason) => say(out, path, Diagnostic::kept(reason, "what stands before is kept"))?,
                End::None => say(out, path, Diagnostic::refused(missing, "file left out, the others are read"))?,
            }
        }
        counted.into_iter().try_for_each(|(class, count)| out.tally(class, count))
    }
}

kith_plugin::export_importer!(CalendarImporter);

fn emit(held: &Held, out: &mut Output<'_>) -> Result<(), Stop> {
    out.record(held.place, held.key.as_deref(), &held.record)
}

fn say(out: &mut Output<'_>, path: &str, diagnostic: Diagnostic) -> Result<(), Stop> {
    out.diagnostic(Diagnostic { path: path.to_owned(), ..diagnostic })
}
