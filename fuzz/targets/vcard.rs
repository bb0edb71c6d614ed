//! Fuzzes the importer `vcard`: `cargo xtask fuzz vcard`.
#![no_main]

use kith_vcard::VcardImporter;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| kith_fuzz::hold::<VcardImporter>("a.vcf", bytes));
