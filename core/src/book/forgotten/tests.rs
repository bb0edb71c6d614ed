//! Who is found by marks, and what is left of what is another's as well.

use serde_json::json;

use super::*;
use crate::fact::{Care, OccurrenceId, Planned, Reminder, Said};

fn email(address: &str) -> IdentifierHash {
    let card: Card = serde_json::from_value(json!({"emails": [{"address": address}]})).unwrap();
    own_identifiers(&digest_card(&card, None)).next().unwrap()
}

/// Forgets Ana, who is known by an address, a record, and a name among LinkedIn's; Sam is the owner.
fn screen() -> Screen {
    let marks = [
        Mark::Identifier(email("ana@example.com")),
        Mark::Record(RecordId::new("vcard/cards", "ana")),
        Mark::Name { name: "ana silva".to_owned(), beside: "at umbra".to_owned() },
        participant_mark("Ana Silva", "linkedin").unwrap(),
    ];
    let mut forgotten = Forgotten::default();
    forgotten.add(&Forget::new(ForgetKey::from_random([1; 32]), &marks));
    let own = Some(BTreeSet::from([email("sam@example.com")]));
    Screen { forgotten: Arc::new(forgotten), own, region: None }
}

#[track_caller]
fn check(source: &str, body: &serde_json::Value, expected: &Verdict<String>) {
    let id = RecordId::new("source/collection", "key");
    assert_eq!(&screen().judge(source, &id, Some(&body.to_string())), expected);
}

fn mail(others: &[(&str, &str)]) -> serde_json::Value {
    let participants: Vec<_> = others.iter().map(|(role, address)| json!({"role": role, "email": address})).collect();
    json!({"interaction": {"kind": "mail", "subject": "Lunch", "participants": participants}})
}

#[test]
fn a_card_is_known_by_its_identifiers_and_without_any_by_name_and_company() {
    let card = |card: serde_json::Value| json!({"card": card});
    check("vcard", &card(json!({"name": {"full": "A."}, "emails": [{"address": "Ana@Example.com"}]})), &Verdict::Goes);
    let named = json!({"full": "Ána Silva"});
    check("csv", &card(json!({"name": named, "organizations": [{"name": "Umbra"}]})), &Verdict::Goes);
    check("csv", &card(json!({"name": named, "organizations": [{"name": "Reef"}]})), &Verdict::Stays);
    check("csv", &card(json!({"name": named})), &Verdict::Stays);
    let other = json!({"name": named, "organizations": [{"name": "Umbra"}], "emails": [{"address": "as@example.com"}]});
    check("csv", &card(other), &Verdict::Stays);
    let owner = json!({"owner": true, "emails": [{"address": "ana@example.com"}]});
    check("linkedin", &card(owner), &Verdict::Stays);
}

#[test]
fn an_interaction_with_others_stays_theirs_and_one_with_nobody_else_goes() {
    let (ana, bob, sam) = ("ana@example.com", "bob@example.com", "sam@example.com");
    check("mail", &mail(&[("from", sam), ("to", bob)]), &Verdict::Stays);
    check("mail", &mail(&[("from", sam), ("to", ana)]), &Verdict::Goes);
    check("mail", &mail(&[("from", ana), ("to", "ANA@example.com")]), &Verdict::Goes);
    let left = mail(&[("from", sam), ("cc", bob)]).to_string();
    check("mail", &mail(&[("from", sam), ("to", ana), ("cc", bob)]), &Verdict::Becomes(left));
}

#[test]
fn what_was_promised_goes_with_the_one_to_whom_it_was() {
    let (ana, bob, sam) = ("ana@example.com", "bob@example.com", "sam@example.com");
    let promising = |roles: &[(&str, &str)]| {
        let mut mail = mail(roles);
        mail["interaction"]["promises"] = json!([{"text": "I'll send you the draft."}]);
        mail
    };
    let without = mail(&[("from", sam), ("cc", bob)]).to_string();
    check("mail", &promising(&[("from", sam), ("to", ana), ("cc", bob)]), &Verdict::Becomes(without));
    let still = promising(&[("from", sam), ("to", bob)]).to_string();
    check("mail", &promising(&[("from", sam), ("to", bob), ("cc", ana)]), &Verdict::Becomes(still));
}

#[test]
fn whom_an_interaction_only_names_is_found_within_the_source() {
    let told = json!({"interaction": {"kind": "recommendation", "text": "Great.", "participants": [
        {"role": "from", "name": "Ana Silva"}, {"role": "to", "name": "Sam"}]}});
    check("linkedin", &told, &Verdict::Goes);
    check("calendar", &told, &Verdict::Stays);
}

#[test]
fn a_record_goes_by_its_id_alone() {
    let ana = RecordId::new("vcard/cards", "ana");
    assert_eq!(screen().judge("vcard", &ana, None), Verdict::Goes);
    assert_eq!(screen().judge("vcard", &RecordId::new("vcard/cards", "bob"), None), Verdict::Stays);
}

#[test]
fn what_was_said_about_others_stays_with_them() {
    let (ana, bob) = (RecordId::new("vcard/cards", "ana"), RecordId::new("vcard/cards", "bob"));
    let forgotten = &screen().forgotten;
    let log = |records: Vec<RecordId>| Said::Log {
        records,
        kind: InteractionKind::Call,
        at: jiff::Timestamp::UNIX_EPOCH,
        text: None,
        occurrence: None,
    };
    assert_eq!(forgotten.judge_said(&log(vec![ana, bob])), Verdict::Becomes(log(vec![bob])));
    assert_eq!(forgotten.judge_said(&log(vec![ana])), Verdict::Goes);
    let Said::Log { records, kind, at, occurrence, .. } = log(vec![ana, bob]) else { panic!("no log") };
    let told = Said::Log { records, kind, at, text: Some("met Ana and Bob".to_owned()), occurrence };
    assert_eq!(forgotten.judge_said(&told), Verdict::Becomes(log(vec![bob])), "the text names who is forgotten");
    assert_eq!(forgotten.judge_said(&Said::Note { record: bob, text: String::new() }), Verdict::Stays);
    let helped = |record| Said::from(Care::Helped { record, text: None, received: true });
    let through = |record, through| Said::from(Care::MetThrough { record, through });
    for (said, names_ana) in [
        (helped(ana), true),
        (helped(bob), false),
        (through(ana, bob), true),
        (through(bob, ana), true),
        (through(bob, RecordId::new("vcard/cards", "cleo")), false),
    ] {
        let expected = if names_ana { Verdict::Goes } else { Verdict::Stays };
        assert_eq!(forgotten.judge_said(&said), expected, "{said:?}");
    }
    let reminder = |record: Option<RecordId>, reasons: &[&str]| Reminder {
        record,
        ..Reminder::new(
            OccurrenceId(format!("2026-11-23/daily/{}", record.unwrap_or(bob))),
            reasons.iter().map(|&reason| reason.to_owned()).collect(),
        )
    };
    let planned = |reminders: Vec<Reminder>| {
        Said::Planned(Planned { schedule: "daily".to_owned(), due: jiff::Timestamp::UNIX_EPOCH, missed: 0, reminders })
    };
    let all =
        planned(vec![reminder(Some(ana), &["a"]), reminder(Some(bob), &["b"]), reminder(None, &["You write to Ana."])]);
    let Verdict::Becomes(Said::Planned(left)) = forgotten.judge_said(&all) else { panic!("not changed") };
    assert_eq!(left.reminders.len(), 2);
    assert!(!serde_json::to_string(&left).unwrap().contains("Ana"));
    assert_eq!(forgotten.judge_said(&Said::Planned(left)), Verdict::Stays);
    let event = reminder(None, &["RustConf was today: whom did you meet?"]);
    let schedule = "event/2026-12-01/RustConf".to_owned();
    let word = Planned { schedule, due: jiff::Timestamp::UNIX_EPOCH, missed: 0, reminders: vec![event] };
    assert_eq!(forgotten.judge_said(&Said::Planned(word)), Verdict::Stays, "it names the event alone");
    let intent = Said::Intent { occurrence: reminder(Some(ana), &[]).occurrence, channel: "desktop".to_owned() };
    assert_eq!(forgotten.judge_said(&intent), Verdict::Goes);
}
