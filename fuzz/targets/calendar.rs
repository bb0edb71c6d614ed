//! Fuzzes the importer `calendar`: `cargo xtask fuzz calendar`.
#![no_main]

use kith_calendar::CalendarImporter;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| kith_fuzz::hold::<CalendarImporter>("a.ics", bytes));
