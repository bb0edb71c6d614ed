//! Who is found by which words, whom forgetting finds and spares, and what is told of them.

use std::collections::BTreeSet;

use jiff::Timestamp;
use kith_core::book::balance::Balance;
use kith_core::book::facet::participant_record;
use kith_core::book::find::Called;
use kith_core::fact::{OccurrenceId, Planned, Reminder, Said, Settings};
use kith_core::id::RecordId;
use serde_json::{Value, json};

use super::{Small, card, of, records, titled};

#[test]
fn who_bears_a_word_as_a_name_is_meant_rather_than_who_has_it_elsewhere() {
    let mut small = Small::default();
    small.import(
        "vcard",
        &[
            ("ana", card("Maria Ana Silva", "", "m.silva@a.example")),
            ("manager", titled("Rui Costa", "Manager", "rui@b.example")),
            ("anabel", card("Anabel Krug", "", "krug@c.example")),
            ("banana", card("Jo Wren", "Ana Bananas", "jo@d.example")),
        ],
    );
    assert_eq!(records(&small.book.meant("ana")), [of("vcard", "ana")]);
    assert_eq!(records(&small.book.meant("anab")), [of("vcard", "anabel")]);
    assert_eq!(records(&small.book.meant("bananas")), [of("vcard", "banana")]);
    let found = small.book.find("ana");
    assert!(found.len() == 3 && !records(&found).contains(&of("vcard", "manager")), "no part of a manager");
    assert_eq!(records(&small.book.find("anage")), [of("vcard", "manager")]);
    small.import("vcard", &[("ana-2", card("Ana Quint", "", "quint@e.example"))]);
    assert_eq!(small.book.meant("ana").len(), 2);
}

#[test]
fn whom_the_owner_never_wrote_to_is_found_by_address_and_id_alone() {
    let mut small = Small::default();
    let mail = json!({"interaction": {"kind": "mail", "at": "2026-11-20T09:00:00Z", "participants": [
        {"role": "from", "email": "yuki@a.example", "name": "Yuki Tanaka"}, {"role": "to", "email": "sam@example.com"}]}});
    small.import("mail", &[("m1", mail)]);
    let yuki = participant_record("mail", "yuki@a.example\nYuki Tanaka");
    assert_eq!(records(&small.book.meant("yuki@a.example")), [yuki]);
    assert_eq!(records(&small.book.meant(&yuki.to_string()[..8])), [yuki]);
    assert_eq!(records(&small.book.find("Yuki")), []);
}

#[test]
fn by_an_address_whose_it_is_is_meant_and_not_whose_begins_or_ends_so() {
    let mut small = Small::default();
    let cards = [
        ("ana", card("Ana Silva", "", "ana@a.example")),
        ("longer", card("Ana Costa", "", "ana@a.example.net")),
        ("joana", card("Jo Wren", "", "joana@a.example")),
        ("firm", json!({"card": {"kind": "org", "name": {"full": "Acme"}, "emails": [{"address": "ana@a.example"}]}})),
    ];
    small.import("vcard", &cards);
    assert_eq!(records(&small.book.meant("Ana@A.example")), [of("vcard", "ana")], "a person rather than a company");
    assert_eq!(records(&small.book.meant("ana@a.example.net")), [of("vcard", "longer")]);
    assert_eq!(small.book.meant("ana@a.ex").len(), 2, "a part of an address is a word as any other");
    assert_eq!(small.book.find("ana@a.example").len(), 3, "all whose address begins so are found");
    small.set(of("vcard", "joana"), "email", "ana@a.example");
    assert_eq!(small.book.meant("ana@a.example").len(), 2);
}

#[test]
fn an_address_or_a_profile_calls_whose_it_is_however_it_is_written() {
    let mut small = Small::default();
    let mut ana = card("Ana Silva", "", "ana@a.example");
    ana["card"]["onlineServices"] = json!([{"uri": "https://www.linkedin.com/in/ana-silva"}]);
    let titled_so = titled("Jo Wren", "linkedin.com/in/ana-silva", "jo@b.example");
    small.import("vcard", &[("ana", ana), ("other", card("Ana Silva", "", "ana.silva@b.example")), ("jo", titled_so)]);
    let profiles = ["https://www.linkedin.com/in/ana-silva", "linkedin.com/in/Ana-Silva/", "linkedin.com/in/ana-silva"];
    for query in profiles.into_iter().chain(["mailto:Ana@a.example"]) {
        let meant = small.book.meant(query);
        assert_eq!(records(&meant), [of("vcard", "ana")], "{query}");
        assert_eq!(small.book.called(&meant[0], query), Some(Called::Wholly), "{query}");
        assert_eq!(small.book.record_meant(&meant[0], query), of("vcard", "ana"), "{query}");
        assert!(records(&small.book.find(query)).contains(&of("vcard", "ana")), "{query}");
    }
    let meant = small.book.meant("linkedin.com/in/ana-silva");
    let called = small.book.called(&meant[0], "Jo Wren <ana@a.example>");
    assert_ne!(called, Some(Called::Wholly), "the name is somebody else's");
    assert_eq!(small.book.find("linkedin.com/in/ana-silva").len(), 2, "whoever has it in the title is found, too");
}

#[test]
fn the_balance_of_one_is_what_it_is_among_all() {
    let mut small = Small::default();
    let linked = |kind: &str, role: &str, email: &str| json!({"interaction": {"kind": kind, "at": "2026-11-20T09:00:00Z", "participants": [{"role": role, "email": email}]}});
    small.import(
        "vcard",
        &[("ana", card("Ana Silva", "", "ana@a.example")), ("jo", card("Jo Wren", "", "jo@b.example"))],
    );
    let given_and_received = [
        ("e1", linked("endorsement", "from", "ana@a.example")),
        ("e2", linked("endorsement", "to", "ana@a.example")),
        ("e3", linked("recommendation", "from", "jo@b.example")),
        ("e4", linked("endorsement", "from", "ana@a.example")),
    ];
    small.import("linkedin", &given_and_received);
    let all = small.book.balances();
    let balances: Vec<Balance> = small
        .book
        .people()
        .map(|person| {
            let balance = small.book.balance(&person);
            assert_eq!(all.get(&person.id), Some(&balance));
            balance
        })
        .collect();
    let counted = |of: fn(&Balance) -> usize| balances.iter().map(of).collect::<BTreeSet<_>>();
    assert_eq!(counted(|balance| balance.received.endorsements), [0, 2].into());
    assert_eq!(counted(|balance| balance.given.endorsements), [0, 1].into());
    assert_eq!(counted(|balance| balance.received.recommendations), [0, 1].into());
}

#[test]
fn what_is_said_of_somebody_leaves_the_name_first_now_as_after_a_restart() {
    let cards =
        [("ana", card("Ana Silva", "", "ana@a.example")), ("other", card("Ana Silva Costa", "", "c@b.example"))];
    let values = [("title", "Chief"), ("organization", "Reef"), ("name", "Anusha Silva")];
    let mut step_by_step = Small::default();
    step_by_step.import("vcard", &cards);
    for (field, value) in values {
        step_by_step.set(of("vcard", "ana"), field, value);
    }
    let mut at_once = Small::default();
    for (field, value) in values {
        at_once.set(of("vcard", "ana"), field, value);
    }
    at_once.import("vcard", &cards);
    for small in [&step_by_step, &at_once] {
        assert_eq!(records(&small.book.meant("Ana Silva Costa")), [of("vcard", "other")]);
        assert_eq!(records(&small.book.meant("Anusha")), [of("vcard", "ana")]);
        assert_eq!(records(&small.book.meant("Reef Chief")), [of("vcard", "ana")]);
        assert_eq!(small.book.meant("Ana Silva").len(), 2, "the title stands before the name");
        let person = small.book.person(&of("vcard", "ana")).unwrap();
        assert_eq!(small.book.record_meant(&person, "Ana Silva"), of("vcard", "ana"));
    }
}

#[test]
fn a_namesake_of_the_same_company_is_not_forgotten_along() {
    for other in ["Ana Silva", "Dr. Ana Silva", "Silva, Ana", "Ana Silva Costa"] {
        let mut small = Small::default();
        small.import("vcard", &[("ana", card("Ana Silva", "Umbra", "ana@a.example"))]);
        small.import("csv", &[("other", card(other, "Umbra", "other@b.example"))]);
        small.say(Said::Apart { these: vec![of("vcard", "ana")], those: vec![of("csv", "other")] });
        small.forget(of("vcard", "ana"));
        assert!(!small.knows(of("vcard", "ana")) && small.knows(of("csv", "other")), "{other}");
        small.import("list", &[("row", card(other, "Umbra", ""))]);
        assert!(small.knows(of("list", "row")), "{other}: the row may be the other's");
    }
}

#[test]
fn a_namesake_by_the_users_own_words_is_not_forgotten_along() {
    let mut small = Small::default();
    small.import("csv", &[("ana", card("Ana Silva", "Umbra", "")), ("other", card("A. S.", "Reef", "as@b.example"))]);
    small.set(of("csv", "other"), "name", "Ana Silva").set(of("csv", "other"), "organization", "Umbra");
    small.forget(of("csv", "ana"));
    small.import("list", &[("row", card("Ana Silva", "Umbra", ""))]);
    assert!(small.knows(of("csv", "other")) && small.knows(of("list", "row")));
}

#[test]
fn who_is_forgotten_does_not_come_back_by_name_and_company_from_another_source() {
    let mut small = Small::default();
    small.import("vcard", &[("mia", card("Mia Wolters", "Delta", "mia@delta.example"))]);
    small.forget(of("vcard", "mia"));
    let profile = |card: Value, uri: &str| {
        let mut card = card;
        card["card"]["onlineServices"] = json!([{"uri": uri}]);
        card
    };
    small.import(
        "linkedin",
        &[
            ("bare", card("Mia Wolters", "Delta", "")),
            ("row", profile(card("Mia Wolters", "Delta", ""), "https://www.linkedin.com/in/mia-w")),
            ("elsewhere", profile(card("Mia Wolters", "Echo", ""), "https://www.linkedin.com/in/mia-wolters-2")),
            ("other", card("Mia Wolters", "Delta", "mia.wolters@elsewhere.example")),
        ],
    );
    let known = ["bare", "row", "elsewhere", "other"].map(|key| small.knows(of("linkedin", key)));
    assert_eq!(known, [false, false, true, true], "another address or company is another person's");
}

#[test]
fn what_is_no_person_is_nobody_to_reconnect_with_and_says_what_it_is() {
    let of_company = |name: &str| card(name, name, "");
    let check = |card: Value, expected: Option<&str>| {
        let card: kith_proto::card::Card = serde_json::from_value(card["card"].clone()).unwrap();
        let digest = kith_core::digest::digest_card(&card, None);
        assert_eq!(digest.noun(), expected, "{} {:?}", digest.name, digest.identifiers);
    };
    check(card("Zahnarztpraxis Dr. Lang", "", "praxis@lang.example"), Some("organisation"));
    check(card("Familie Berger", "", ""), Some("organisation"));
    check(card("Lena from Cloudy", "", "support@cloudy.example"), Some("shared mailbox"));
    check(card("Lena from Yoga", "", "lena@yoga.example"), None);
    check(card("Ana Silva via DocuSign", "", "dse@docusign.example"), Some("organisation"));
    check(card("Heliotek", "", "info@heliotek.example"), Some("shared mailbox"));
    check(card("", "", "info@heliotek.example"), Some("shared mailbox"));
    check(card("Ana Silva", "", "info@silva.example"), None);
    check(card("Tom", "", "office@tom.example"), None);
    check(of_company("Tischlerei Holz"), Some("organisation"));
    check(of_company("Heliotek GmbH"), Some("organisation"));
    check(of_company("Ana Silva"), None);
    check(card("ADAC Pannenhilfe", "", ""), Some("organisation"));
    check(card("Uwe Post", "Post", "uwe@post.example"), None);
    let mut small = Small::default();
    small.import("vcard", &[("firm", of_company("Tischlerei Holz")), ("uwe", card("Uwe Post", "", "uwe@a.example"))]);
    assert_eq!(records(&small.book.people().collect::<Vec<_>>()), [of("vcard", "uwe")]);
    assert_eq!(small.book.find("holz").len(), 1);
}

#[test]
fn a_split_takes_nobody_else_along() {
    let mut small = Small::default();
    let liz = [("s1", card("Elizabeth Carter", "", "liz@a.example")), ("s2", card("Liz Carter", "", "liz@a.example"))];
    small.import("vcard", &liz);
    small.import("csv", &[("s3", card("Elizabeth Carter", "", "third@c.example")), ("s4", card("Zoe Wren", "", ""))]);
    let (s1, s2, s3, s4) = (of("vcard", "s1"), of("vcard", "s2"), of("csv", "s3"), of("csv", "s4"));
    small.say(Said::Same { a: s3, b: s2 });
    let sides = |small: &Small, a, b| {
        let (mut these, mut those) = small.book.sides(&small.book.person(&s1).unwrap(), &a, &b);
        these.sort_unstable();
        those.sort_unstable();
        (these, those)
    };
    let sorted = |mut records: Vec<RecordId>| {
        records.sort_unstable();
        records
    };
    assert_eq!(sides(&small, s1, s3), (sorted(vec![s1, s2]), vec![s3]), "their address binds the first two");
    small.say(Said::Same { a: s4, b: s3 });
    assert_eq!(
        sides(&small, s1, s3),
        (sorted(vec![s1, s2]), sorted(vec![s3, s4])),
        "the user put the fourth to the third"
    );
}

#[test]
fn the_birthday_is_what_the_user_said_else_what_the_newest_card_says_with_the_year_that_another_knows() {
    let born = |date: Value| {
        json!({"card": {"name": {"full": "Ana Silva"}, "emails": [{"address": "ana@a.example"}],
            "anniversaries": [{"kind": "birth", "date": date}]}})
    };
    let ana = of("vcard", "1");
    let shown = |small: &Small| small.book.person(&ana).unwrap().birthday.unwrap().to_string();
    let mut small = Small::default();
    small.import("vcard", &[("1", born(json!({"year": 1985, "month": 5, "day": 11})))]);
    small.import("csv", &[("1", born(json!({"year": 1985, "month": 5, "day": 1})))]);
    assert_eq!(shown(&small), "1985-05-01", "the newest");
    small.import("phone", &[("1", born(json!({"month": 5, "day": 11})))]);
    assert_eq!(shown(&small), "1985-05-11", "the newest, with its year");
    small.set(ana, "birthday", "1985-05-02");
    assert_eq!(shown(&small), "1985-05-02");
}

#[test]
fn who_is_known_by_linkedin_alone_is_so_until_there_is_a_mail_a_card_or_a_word_of_the_owners() {
    let ana = of("linkedin", "ana");
    let alone = |small: &Small| small.book.is_known_by_linkedin_alone(&small.book.person(&ana).unwrap());
    let who = |role: &str, email: &str| json!({"role": role, "email": email});
    let wrote = |kind: &str| {
        json!({"interaction": {"kind": kind, "at": "2026-10-01T09:00:00Z",
            "participants": [who("from", "sam@example.com"), who("to", "ana@example.com")]}})
    };
    let begun = || {
        let mut small = Small::default();
        small.say(Said::Settings(Settings { me: vec!["sam@example.com".to_owned()], ..Settings::default() }));
        small.import("linkedin", &[("ana", card("Ana Silva", "Reef", "ana@example.com")), ("m", wrote("message"))]);
        small
    };
    assert!(alone(&begun()), "messages there are LinkedIn's");
    assert!(!alone(begun().import("mail", &[("1", wrote("mail"))])));
    assert!(!alone(begun().import("vcard", &[("1", card("Ana Silva", "", "ana@example.com"))])));
    let coffee = Said::Log {
        records: vec![ana],
        kind: kith_proto::interaction::InteractionKind::Meeting,
        at: Timestamp::UNIX_EPOCH,
        text: None,
        occurrence: None,
    };
    assert!(!alone(begun().say(coffee)));
}

fn meeting(at: &str, email: &str) -> Value {
    let who = |role: &str, email: &str| json!({"role": role, "email": email});
    json!({"interaction": {"kind": "meeting", "at": at, "subject": "Coffee", "answered": true,
        "participants": [who("from", "sam@example.com"), who("attendee", email)]}})
}

#[test]
fn a_meeting_is_contact_once_it_has_taken_place_and_not_before() {
    let mut small = Small::default();
    small.reach("2026-11-01T00:00:00Z");
    small.say(Said::Settings(Settings { me: vec!["sam@example.com".to_owned()], ..Settings::default() }));
    small.import("vcard", &[("ana", card("Ana Silva", "", "ana@example.com"))]);
    let ana = of("vcard", "ana");
    let later = "2026-12-01T09:00:00Z";
    small.import(
        "calendar",
        &[("1", meeting("2026-10-01T09:00:00Z", "ana@example.com")), ("2", meeting(later, "ana@example.com"))],
    );
    small.import("calendar", &[("3", meeting(later, "bo@example.com"))]);
    let last = |small: &Small| small.book.person(&ana).unwrap().last_interaction.map(|at| at.to_string());
    assert_eq!(last(&small).as_deref(), Some("2026-10-01T09:00:00Z"));
    assert_eq!(small.book.interactions(&small.book.person(&ana).unwrap()).len(), 1);
    assert_eq!(small.book.counts().people, 1, "nobody met Bo yet");
    assert_eq!(small.book.next_ahead(), later.parse().ok());
    let ahead = small.book.meetings_since("2026-11-01T00:00:00Z".parse().unwrap());
    let people: Vec<_> = ahead.iter().map(|meeting| meeting.people.clone()).collect();
    assert!(people.contains(&vec![small.book.person(&ana).unwrap().id]) && people.contains(&Vec::new()), "{people:?}");
    small.reach("2026-12-01T08:59:59Z");
    assert_eq!(last(&small).as_deref(), Some("2026-10-01T09:00:00Z"));
    small.reach(later);
    assert_eq!(last(&small).as_deref(), Some(later));
    assert_eq!((small.book.counts().people, small.book.next_ahead()), (2, None));
    let met = small.book.last_met(&small.book.person(&ana).unwrap());
    assert_eq!(met, later.parse().ok());
}

#[test]
fn mail_from_a_clock_that_is_years_ahead_is_mail_of_nobody_knows_when() {
    let mut small = Small::default();
    small.reach("2026-11-01T00:00:00Z");
    small.say(Said::Settings(Settings { me: vec!["sam@example.com".to_owned()], ..Settings::default() }));
    small.import("vcard", &[("ana", card("Ana Silva", "", "ana@example.com"))]);
    let mail = |at: &str| {
        let who = |role: &str, email: &str| json!({"role": role, "email": email});
        json!({"interaction": {"kind": "mail", "at": at,
            "participants": [who("from", "ana@example.com"), who("to", "sam@example.com")]}})
    };
    let (known, wrong) = ("2026-10-01T09:00:00Z", "2037-01-01T09:00:00Z");
    small.import("mail", &[("1", mail(known)), ("2", mail(wrong))]);
    let ana = small.book.person(&of("vcard", "ana")).unwrap();
    assert_eq!((ana.last_interaction, ana.received), (known.parse().ok(), 2));
    let soon = "2026-11-01T00:05:00Z";
    small.import("mail", &[("3", mail(soon))]);
    assert_eq!(small.book.person(&of("vcard", "ana")).unwrap().last_interaction, soon.parse().ok());
}

#[test]
fn whoever_is_forgotten_takes_the_word_before_an_event_along() {
    let mut small = Small::default();
    small.import(
        "vcard",
        &[("ana", card("Ana Silva", "", "ana@example.com")), ("bo", card("Bo Ek", "", "bo@example.com"))],
    );
    let (ana, bo) = (of("vcard", "ana"), of("vcard", "bo"));
    let brief = |name: &str, names: Vec<RecordId>| {
        let schedule = format!("brief/2026-12-01/{name}");
        let reminder = Reminder {
            names,
            ..Reminder::new(
                OccurrenceId(schedule.clone()),
                vec![format!("{name} is tomorrow: people you want to meet.")],
            )
        };
        Said::Planned(Planned { schedule, due: Timestamp::UNIX_EPOCH, missed: 0, reminders: vec![reminder] })
    };
    small.say(brief("RustConf", vec![ana, bo])).say(brief("Fair", vec![bo])).forget(ana);
    let left: Vec<&str> = small.book.words().reminders().keys().map(|id| id.0.as_str()).collect();
    assert_eq!(left, ["brief/2026-12-01/Fair"]);
    assert!(small.book.words().last_planned("brief/2026-12-01/RustConf").is_some(), "it does not come again");
}
