//! What the fuzzer once found in the importer `email`, and what it starts from.

use kith_email::EmailImporter;
use kith_fuzz::{folder, hold_all_mail};

#[test]
fn stands_what_the_fuzzer_found() {
    assert!(hold_all_mail::<EmailImporter>("a.mbox", &folder("cases/email")) > 0);
}

#[test]
fn stands_the_fixtures() {
    assert!(hold_all_mail::<EmailImporter>("a.mbox", &folder("../plugins/email/tests/fixtures")) > 0);
}
