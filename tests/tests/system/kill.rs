//! kill -9 at random moments of imports.

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use kith_tests::fixtures::{Dice, linkedin, mail};
use kith_tests::wait::{Stopwatch, pause};
use kith_tests::{Home, export, wait_until};

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

#[test]
fn an_import_that_a_kill_cut_off_is_told_until_it_is_repeated() {
    let home = Home::new().unwrap();
    let daemon = home.start().unwrap();
    let file = home.path("people.vcf");
    fs::write(&file, cards_of(0, 20_000)).unwrap();
    let path = file.to_string_lossy().into_owned();
    let mut client = home.command("kith");
    let mut client = client.args(["import", &path]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let begun = || home.path("state/kith/imports.json").exists().then_some(());
    wait_until("an import under way", LIMIT, begun).unwrap();
    daemon.kill().unwrap();
    assert!(!client.wait().unwrap().success());

    let _daemon = home.start().unwrap();
    assert!(export(&home).unwrap().is_empty());
    let doctor = home.run("kith", &["doctor"]).unwrap();
    let told = format!("{path}: its import was cut off when kithd ended; nothing of it counts\n");
    assert!(doctor.contains(&told) && doctor.contains("next: import it again: kith import FILE"), "{doctor}");
    let problems = home.json(&["problems"]).unwrap();
    assert_eq!((problems.len(), &problems[0]["path"]), (1, &path.clone().into()), "{problems:?}");
    home.run("kith", &["import", "--dry-run", &path]).unwrap();
    assert_eq!(home.json(&["problems"]).unwrap().len(), 1, "a dry run imports nothing");

    home.run("kith", &["import", &path]).unwrap();
    assert_eq!(home.json(&["problems"]).unwrap().len(), 0);
    assert_eq!(export(&home).unwrap().people().len(), 20_000);
    assert!(!home.run("kith", &["doctor"]).unwrap().contains("cut off"));
}

#[test]
fn a_dropped_file_whose_import_a_kill_cut_off_is_told_to_come_by_itself() {
    let home = Home::new().unwrap();
    let daemon = home.start().unwrap();
    let path = home.drop_file("people.vcf", &cards_of(0, 20_000)).unwrap();
    let begun = || home.path("state/kith/imports.json").exists().then_some(());
    wait_until("an import under way", LIMIT, begun).unwrap();
    daemon.kill().unwrap();

    let _daemon = home.start().unwrap();
    let doctor = home.run("kith", &["doctor"]).unwrap();
    assert!(doctor.contains(&format!("{}: its import was cut off", path.display())), "{doctor}");
    assert!(doctor.contains("is taken again by itself"), "{doctor}");
    home.wait_for_empty_drop(LIMIT).unwrap();
    assert_eq!(export(&home).unwrap().people().len(), 20_000);
    let settled = || home.json(&["problems"]).ok()?.is_empty().then_some(());
    wait_until("nothing that was cut off", LIMIT, settled).unwrap();
}

#[test]
fn the_report_of_an_import_is_kept_at_its_commit_before_it_is_folded() {
    let home = Home::new().unwrap();
    let daemon = home.start().unwrap();
    let first = home.path("known.vcf");
    fs::write(&first, cards_of(0, 10)).unwrap();
    let first = home.json(&["import", &first.to_string_lossy()]).unwrap().remove(0);
    let first = home.path(&format!("state/kith/reports/{}.json", first["import"].as_str().unwrap()));
    // The people are known by then, their cards are not: the fold tells that, and nothing before it.
    let cards = String::from_utf8(cards_of(0, 10_000)).unwrap().replace("UID:", "UID:other-");
    let file = home.path("people.vcf");
    let flawed = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana Silva\r\nBDAY:1985-13-40\r\nEND:VCARD\r\n";
    fs::write(&file, cards + flawed).unwrap();
    let path = file.to_string_lossy().into_owned();
    let mut client = home.command("kith");
    let mut client = client.args(["import", &path]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let kept = || {
        let reports = fs::read_dir(home.path("state/kith/reports")).ok()?.flatten().map(|entry| entry.path());
        let report =
            reports.filter(|path| path.extension().is_some_and(|end| end == "json")).find(|path| *path != first)?;
        serde_json::from_slice::<serde_json::Value>(&fs::read(report).ok()?).ok()
    };
    let report = wait_until("the report", LIMIT, kept).unwrap();
    daemon.kill().unwrap();
    client.wait().unwrap();
    assert_eq!((&report["joined"], &report["new"]), (&0.into(), &10_001.into()), "it tells nothing of the fold yet");

    let _daemon = home.start().unwrap();
    let again = home.json(&["import", &path]).unwrap().remove(0);
    assert_eq!((&again["same"], &again["new"]), (&10_001.into(), &0.into()), "{again:#}");
    assert_eq!(again["diagnostics"][0]["property"], "BDAY", "{again:#}");
    assert_eq!(home.json(&["problems"]).unwrap().len(), 0, "it was not cut off: it counts");
}
