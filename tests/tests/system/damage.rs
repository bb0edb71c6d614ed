//! A store that is gone or damaged is made again from the ledger.

use std::fs;

use kith_tests::export::Export;
use kith_tests::fixtures::Dice;
use kith_tests::{Home, export, wait_until};

use crate::scene::{LIMIT, copy, files, settle_in};

const TIMES: u64 = 20;

/// Starts kithd as systemd would, again when it ends, until everything is known.
fn known_after_restarts(home: &Home) -> Export {
    let mut daemon = home.spawn().unwrap();
    let mut starts = 1;
    let known = wait_until("everything that was known", LIMIT, || {
        if daemon.ended().is_some() {
            starts += 1;
            daemon = home.spawn().unwrap();
        }
        export(home).ok()
    });
    assert!(starts <= 4, "{starts} starts\n{}", daemon.log());
    known.unwrap_or_else(|error| panic!("{error}\n{}", daemon.log()))
}

#[test]
fn a_store_deleted_or_with_a_flipped_bit_is_made_again_twenty_times_of_twenty() {
    let first = Home::new().unwrap();
    let daemon = settle_in(&first);
    let expected = export(&first).unwrap();
    drop(daemon);
    let mut dice = Dice::new(7);
    for time in 0..TIMES {
        let home = Home::new().unwrap();
        copy(&first.path("data"), &home.path("data"));
        copy(&first.path("state"), &home.path("state"));
        let store = home.path("state/kith/store");
        let what = if time % 4 == 0 {
            fs::remove_dir_all(&store).unwrap();
            "the store deleted".to_owned()
        } else {
            flip(&files(&store), &mut dice)
        };
        assert_eq!(known_after_restarts(&home).difference(&expected), Vec::<String>::new(), "{what}");
    }
}

/// Flips one bit of one of the files, and says which.
fn flip(files: &[std::path::PathBuf], dice: &mut Dice) -> String {
    let full: Vec<_> = files.iter().filter(|path| path.metadata().unwrap().len() > 0).collect();
    let path = full[usize::try_from(dice.below(full.len() as u64)).unwrap()];
    let mut bytes = fs::read(path).unwrap();
    let place = usize::try_from(dice.below(bytes.len() as u64)).unwrap();
    bytes[place] ^= 1 << dice.below(8);
    fs::write(path, bytes).unwrap();
    format!("byte {place} of {}", path.display())
}
