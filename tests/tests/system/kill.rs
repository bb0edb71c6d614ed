//! kill -9 at random moments of imports.

use std::time::Duration;

use kith_tests::fixtures::{Dice, linkedin, mail};
use kith_tests::wait::{Stopwatch, pause};
use kith_tests::{Home, export};

use crate::scene::{DAY, LIMIT, cards_of};

const KILLS: u64 = 100;

/// Returns the name and bytes of the file that is imported in `round`.
fn file(round: u64) -> (String, Vec<u8>) {
    match round % 10 {
        3 => {
            let size = linkedin::Size { connections: 200, closed: 2, messages: 300, invitations: 20 };
            (
                format!("LinkedIn-{round}.zip"),
                linkedin::archive(size, DAY.saturating_sub(jiff::Span::new().days(i64::try_from(round).unwrap())))
                    .unwrap(),
            )
        }
        7 => {
            let mut bytes = Vec::new();
            mail::mbox(&mut bytes, 300 + round, 200, DAY).unwrap();
            (format!("mail-{round}.mbox"), bytes)
        }
        _ => (format!("people-{round}.vcf"), cards_of(round * 60, 300)),
    }
}

#[test]
fn a_hundred_kills_at_random_moments_of_imports_change_nothing_in_the_end() {
    let undisturbed = Home::new().unwrap();
    let daemon = undisturbed.start().unwrap();
    let mut longest = Duration::ZERO;
    for round in 0..KILLS {
        let (name, bytes) = file(round);
        let watch = Stopwatch::start();
        undisturbed.drop_file(&name, &bytes).unwrap();
        undisturbed.wait_for_empty_drop(LIMIT).unwrap();
        longest = longest.max(watch.elapsed().min(Duration::from_secs(2)));
    }
    let expected = export(&undisturbed).unwrap();
    drop(daemon);

    let home = Home::new().unwrap();
    let mut dice = Dice::new(20_261_123);
    for round in 0..KILLS {
        let daemon = home.start().unwrap();
        home.wait_for_empty_drop(LIMIT).unwrap();
        let (name, bytes) = file(round);
        home.drop_file(&name, &bytes).unwrap();
        pause(longest.mul_f64(f64::from(u32::try_from(dice.below(1_000)).unwrap()) / 1_000.0));
        daemon.kill().unwrap();
    }
    let _daemon = home.start().unwrap();
    home.wait_for_empty_drop(LIMIT).unwrap();
    let found = without_home(&export(&home).unwrap(), &home);
    let expected = without_home(&expected, &undisturbed);
    assert_eq!(found.difference(&expected), Vec::<String>::new());
}

fn without_home(export: &kith_tests::Export, home: &Home) -> kith_tests::Export {
    export.replacing(&home.path("").to_string_lossy(), "HOME")
}
