//! What the fuzzer once found in the importer `csv`, and what it starts from.

use kith_csv::CsvImporter;
use kith_fuzz::{folder, hold_all};

#[test]
fn stands_what_the_fuzzer_found() {
    assert!(hold_all::<CsvImporter>("a.csv", &folder("cases/csv")) > 0);
}

#[test]
fn stands_the_fixtures() {
    assert!(hold_all::<CsvImporter>("a.csv", &folder("../plugins/csv/tests/fixtures")) > 0);
}
