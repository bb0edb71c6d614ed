//! Fuzzes the importer `addressbook`: `cargo xtask fuzz addressbook`.
#![no_main]

use kith_addressbook::AddressBookImporter;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| kith_fuzz::hold::<AddressBookImporter>("a.ldif", bytes));
