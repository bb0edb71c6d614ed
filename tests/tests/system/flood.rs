//! More files at once than the kernel can tell of.

use std::fs;
use std::time::Duration;

use kith_tests::fixtures::{cards, person};
use kith_tests::{Home, wait_until};
use rustix::process::Signal;

const FILES: u64 = 20_000;

#[test]
fn twenty_thousand_files_at_once_are_all_imported_though_the_queue_overflows() {
    let home = Home::new().unwrap();
    let folder = home.path("cards");
    fs::create_dir(&folder).unwrap();
    home.configure(&format!("[[watch]]\npath = \"{}\"\nlayout = \"plain\"\n", folder.display())).unwrap();
    let daemon = home.start().unwrap();
    // Nobody empties the kernel's queue while the files are made, so that it overflows for certain.
    daemon.signal(Signal::STOP).unwrap();
    for number in 0..FILES {
        let mut bytes = Vec::new();
        cards::card(&mut bytes, &person(number)).unwrap();
        fs::write(folder.join(format!("{number}.vcf")), bytes).unwrap();
    }
    daemon.signal(Signal::CONT).unwrap();
    let seen = wait_until("all people", Duration::from_secs(600), || {
        let status = home.json(&["status"]).ok()?;
        (status[0]["records"] == FILES).then_some(())
    });
    seen.unwrap_or_else(|error| panic!("{error}\n{:?}\n{}", home.json(&["status"]), daemon.log()));
}
