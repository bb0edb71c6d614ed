//! What the fuzzer once found in the importer `addressbook`, and what it starts from.

use kith_addressbook::AddressBookImporter;
use kith_fuzz::{folder, hold_all};

#[test]
fn stands_what_the_fuzzer_found() {
    for name in ["a.ldif", "friends.json"] {
        assert!(hold_all::<AddressBookImporter>(name, &folder("cases/addressbook")) > 0);
    }
}
