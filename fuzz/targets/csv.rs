//! Fuzzes the importer `csv`: `cargo xtask fuzz csv`.
#![no_main]

use kith_csv::CsvImporter;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| kith_fuzz::hold::<CsvImporter>("a.csv", bytes));
