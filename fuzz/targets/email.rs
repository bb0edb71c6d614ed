//! Fuzzes the importer `email`: `cargo xtask fuzz email`.
#![no_main]

use kith_email::EmailImporter;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| kith_fuzz::hold_mail::<EmailImporter>("a.mbox", bytes));
