//! How somebody is put off, and the cadence of their own, by what the owner said of their records.

use jiff::civil::date;
use kith_core::fact::{Care, Said};
use kith_core::id::{DeviceId, FactId, RecordId};
use kith_core::plan::put_off::{PutOff, Skip};

use super::{Small, card, of};

#[test]
fn to_snooze_a_reminder_that_a_skip_let_through_leaves_the_skip_and_to_snooze_a_person_ends_it() {
    let ana = of("vcard", "ana");
    let skip = Skip { on: date(2026, 11, 23), until: date(2027, 2, 23) };
    let soon = date(2026, 12, 12);
    let snooze = |until, skipped, occurrence: Option<&str>| Said::Snooze {
        record: ana,
        until,
        skipped,
        occurrence: occurrence.map(|id| OccurrenceId(id.to_owned())),
    };
    let mut small = Small::default();
    small.import("vcard", &[("ana", card("Ana Silva", "", "ana@a.example"))]);
    let put_off = |small: &Small| small.book.words().put_off(&[ana]);
    assert_eq!(put_off(&small), PutOff::NOT);
    small.say(snooze(skip.until, Some(skip.on), Some("first")));
    assert_eq!(put_off(&small), PutOff { snoozed_until: None, skip: Some(skip) });
    small.say(snooze(soon, None, Some("birthday")));
    assert_eq!(put_off(&small), PutOff { snoozed_until: Some(soon), skip: Some(skip) });
    small.say(snooze(soon, None, None));
    assert_eq!(put_off(&small), PutOff::snooze(soon));
    small.say(snooze(skip.until, Some(skip.on), None));
    assert_eq!(put_off(&small), PutOff { snoozed_until: None, skip: Some(skip) });
}

#[test]
fn a_cadence_of_somebodys_own_stays_with_its_record_until_it_is_taken_back_undone_or_they_are_forgotten() {
    let [ana, her_mail] = [("vcard", "ana"), ("csv", "ana")].map(|(source, key)| of(source, key));
    let mut small = Small::default();
    small.import("vcard", &[("ana", card("Ana Silva", "", "ana@example.com"))]);
    small.import("csv", &[("ana", card("A. Silva", "", "a.silva@other.example"))]);
    let own = |small: &Small, of: RecordId| {
        let records = small.book.person(&of).unwrap().records();
        let words = small.book.words();
        let cadence = words.giving().cadence(&records).map(|cadence| cadence.to_string());
        assert_eq!((words.is_chosen(&records), words.circle(&records)), (cadence.is_some(), None));
        cadence.unwrap_or_default()
    };
    let say = |small: &mut Small, record, cadence: &str| {
        small.say(Care::Cadence { record, cadence: cadence.parse().ok() }.into());
        1_000 * small.facts
    };
    say(&mut small, ana, "5 weeks");
    assert_eq!((own(&small, ana).as_str(), own(&small, her_mail).as_str()), ("5 weeks", ""));
    let newer = say(&mut small, her_mail, "2 weeks (1 week to a month)");
    small.say(Said::Same { a: ana, b: her_mail });
    assert_eq!(own(&small, ana), "2 weeks (week to month)", "of one person the newest counts");
    small.say(Said::Undo { of: vec![FactId { device: DeviceId::from_random([0; 4]), seq: newer }] });
    assert_eq!(own(&small, ana), "5 weeks");
    let off = say(&mut small, her_mail, "off");
    assert_eq!(own(&small, ana), "");
    small.say(Said::Undo { of: vec![FactId { device: DeviceId::from_random([0; 4]), seq: off }] });
    assert_eq!(small.book.words().chosen().count(), 1);
    small.forget(ana);
    assert_eq!(small.book.words().chosen().count(), 0);
}
