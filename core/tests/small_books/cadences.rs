//! Cadences of somebody's own: whose they are, as people join and words are taken back.

use kith_core::fact::{Care, Said};
use kith_core::id::{DeviceId, FactId, RecordId};

use super::{Small, card, of};

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
