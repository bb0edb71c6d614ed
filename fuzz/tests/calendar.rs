//! What the fuzzer once found in the importer `calendar`, and what it starts from.

use kith_calendar::CalendarImporter;
use kith_fuzz::{folder, hold_all};

#[test]
fn stands_what_the_fuzzer_found() {
    assert!(hold_all::<CalendarImporter>("a.ics", &folder("cases/calendar")) > 0);
}

#[test]
fn stands_the_fixtures() {
    assert!(hold_all::<CalendarImporter>("a.ics", &folder("../plugins/calendar/tests/fixtures")) > 0);
}
