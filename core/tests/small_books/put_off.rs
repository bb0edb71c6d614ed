//! How somebody is put off, by what the owner said of their records.

use jiff::civil::date;
use kith_core::fact::{OccurrenceId, Said};
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
