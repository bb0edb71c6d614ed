//! What the fuzzer once found in the importer `vcard`, and what it starts from.

use kith_fuzz::{folder, hold_all};
use kith_vcard::VcardImporter;

#[test]
fn stands_what_the_fuzzer_found() {
    assert!(hold_all::<VcardImporter>("a.vcf", &folder("cases/vcard")) > 0);
}

#[test]
fn stands_the_fixtures() {
    assert!(hold_all::<VcardImporter>("a.vcf", &folder("../plugins/vcard/tests/fixtures")) > 0);
}
