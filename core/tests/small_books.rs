//! Small books: who is found by which words, whom forgetting finds and spares, and what mail seems to promise.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::collections::BTreeMap;
use std::convert::Infallible;

use jiff::{Timestamp, Zoned};
use kith_core::book::Book;
use kith_core::book::imports::ImportRow;
use kith_core::book::people::Person;
use kith_core::book::proposals::Proposal;
use kith_core::fact::{Begin, Care, Listed, MailPeople, OccurrenceId, Planned, Reminder, Said, Settings};
use kith_core::fold::{Folding, Rows, settle};
use kith_core::forget::{Forget, ForgetKey};
use kith_core::hlc::Hlc;
use kith_core::id::{DeviceId, FactId, RecordId};
use kith_core::row::{Row, RowNo, content_hash};
use kith_proto::emit::{Completeness, Part};
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// Rows in memory.
#[derive(Debug, Default, Clone)]
struct InMemory(BTreeMap<RowNo, Row>);

impl Rows for InMemory {
    type Error = Infallible;

    fn row(&self, no: RowNo) -> Result<Option<Row>, Infallible> {
        Ok(self.0.get(&no).cloned())
    }

    fn put(&mut self, rows: &[(RowNo, Row)]) -> Result<(), Infallible> {
        self.0.extend(rows.iter().cloned());
        Ok(())
    }

    fn scan(&self, each: &mut dyn FnMut(RowNo, &Row)) -> Result<(), Infallible> {
        self.0.iter().for_each(|(no, row)| each(*no, row));
        Ok(())
    }
}

/// A book, and the facts that made it.
#[derive(Debug, Default)]
struct Small {
    book: Book,
    rows: InMemory,
    facts: u64,
    /// Up to when things took place; as long as none is said, all of them did.
    now: Option<Timestamp>,
}

impl Small {
    /// Imports records of a source, each with its key.
    fn import(&mut self, source: &str, records: &[(&str, Value)]) -> &mut Self {
        let (id, at) = self.fact();
        let part = Part {
            source: source.into(),
            collection: "cards".into(),
            completeness: Completeness::Additive,
            ..Part::default()
        };
        let begin = Begin { path: format!("{id}"), plugin: "test".into(), record_version: 1, content: None };
        let count = u64::try_from(records.len()).unwrap();
        let row = ImportRow { id: id.clone(), at, begin, parts: vec![part], count, same_as: None };
        let mut folding = Folding::begin(&mut self.book, row);
        for (position, (key, body)) in (1u64..).zip(records) {
            let body = body.to_string();
            let hash = RecordId::from_bytes(content_hash(&body)).to_string();
            let body = Some(RawValue::from_string(body).unwrap());
            let (key, file) = ((*key).to_owned(), String::new());
            let listed = Listed { import: id.seq, part: 0, key, hash, file, position, body };
            let prepared = folding.prepare(listed).unwrap();
            folding.list(&self.book, &mut self.rows, prepared).unwrap();
        }
        folding.finish(&self.book, &mut self.rows).unwrap().show(&mut self.book);
        self.settle();
        self
    }

    fn settle(&mut self) {
        settle(&mut self.book, &self.rows, self.now.unwrap_or(Timestamp::MAX)).unwrap();
    }

    /// Lets time come to this instant.
    fn reach(&mut self, now: &str) {
        self.now = now.parse().ok();
        self.settle();
    }

    fn say(&mut self, said: Said) -> &mut Self {
        let (id, at) = self.fact();
        self.book.say(&id, at, said);
        self.settle();
        self
    }

    fn set(&mut self, record: RecordId, field: &str, value: &str) -> &mut Self {
        self.say(Said::Set { record, field: field.to_owned(), value: Some(value.to_owned()) })
    }

    fn forget(&mut self, record: RecordId) -> &mut Self {
        let person = self.book.person(&record).unwrap();
        let marks = self.book.marks_of(&person, &self.rows).unwrap();
        self.say(Said::Forget(Forget::new(ForgetKey::from_random([9; 32]), &marks)))
    }

    fn fact(&mut self) -> (FactId, Hlc) {
        self.facts += 1;
        let second = 1_775_000_000 + i64::try_from(self.facts).unwrap() * 3_600;
        let at = Hlc::default().next(Timestamp::from_second(second).unwrap());
        (FactId { device: DeviceId::from_random([0; 4]), seq: 1_000 * self.facts }, at)
    }

    fn knows(&self, record: RecordId) -> bool {
        self.book.person(&record).is_some()
    }
}

fn card(name: &str, company: &str, email: &str) -> Value {
    let listed = |field: &str, value: &str| if value.is_empty() { json!([]) } else { json!([{field: value}]) };
    json!({"card": {"name": {"full": name}, "organizations": listed("name", company),
        "emails": listed("address", email)}})
}

fn titled(name: &str, title: &str, email: &str) -> Value {
    json!({"card": {"name": {"full": name}, "titles": [title], "emails": [{"address": email}]}})
}

/// Returns the record of this key in this source.
fn of(source: &str, key: &str) -> RecordId {
    RecordId::new(&format!("{source}/cards"), key)
}

fn records(people: &[Person]) -> Vec<RecordId> {
    people.iter().map(|person| person.id).collect()
}

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
    assert_eq!(small.book.find("ana").len(), 4);
    small.import("vcard", &[("ana-2", card("Ana Quint", "", "quint@e.example"))]);
    assert_eq!(small.book.meant("ana").len(), 2);
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
        card["card"]["online_services"] = json!([{"uri": uri}]);
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

/// A mail of 23 November 2026, at this hour, that promises these sentences for these days.
fn promising(to: &[&str], hour: u8, promises: &[(&str, &str)]) -> Value {
    let to = to.iter().map(|address| json!({"role": "to", "name": address.split('@').next(), "email": address}));
    let participants: Vec<Value> =
        std::iter::once(json!({"role": "from", "name": "Sam", "email": "sam@example.com"})).chain(to).collect();
    let dated = |(text, due): &(&str, &str)| {
        if due.is_empty() { json!({"text": text}) } else { json!({"text": text, "due": due}) }
    };
    json!({"interaction": {"kind": "mail", "at": format!("2026-11-23T{hour:02}:00:00Z"), "participants": participants,
        "promises": promises.iter().map(dated).collect::<Vec<_>>()}})
}

/// A book that knows who Sam is, with this mail of his.
fn with_mail(mail: Value) -> Small {
    let mut small = Small::default();
    let (me, mail_people) = (vec!["sam@example.com".to_owned()], MailPeople::Answered);
    small.say(Said::Settings(Settings { me, region: None, mail_people, machine: None }));
    small.import("mail", &[("one", mail)]);
    small
}

fn proposed_on(small: &Small, day: &str) -> Vec<Proposal> {
    let now: Zoned = format!("{day}T12:00:00+00:00[UTC]").parse().unwrap();
    small.book.proposals(&now)
}

const DRAFT: (&str, &str) = ("I'll send you the draft by Friday.", "2026-11-27");

#[test]
fn a_promise_in_a_mail_of_the_owners_is_proposed_until_thirty_days_behind_its_day() {
    let small = with_mail(promising(&["ana@example.com"], 9, &[DRAFT, ("I'll get back to you.", "")]));
    let found = proposed_on(&small, "2026-11-24");
    let texts: std::collections::BTreeSet<&str> = found.iter().map(|one| one.text.as_str()).collect();
    assert_eq!(texts, [DRAFT.0, "I'll get back to you."].into());
    let ana = small.book.person(&found[0].record).unwrap();
    assert_eq!((found[0].person, ana.me), (ana.id, false));
    assert_eq!(proposed_on(&small, "2026-12-23").len(), 2);
    assert_eq!(proposed_on(&small, "2026-12-24").len(), 1, "without a day it is the mail's that counts");
    assert_eq!(proposed_on(&small, "2026-12-27").len(), 1);
    assert_eq!(proposed_on(&small, "2026-12-28"), []);
    assert_eq!(small.book.words().giving().promises().count(), 0);
}

#[test]
fn what_others_promise_or_what_is_promised_to_several_is_not_proposed() {
    let several = with_mail(promising(&["ana@example.com", "bo@example.com"], 9, &[DRAFT]));
    assert_eq!(proposed_on(&several, "2026-11-24"), []);
    let with_owner = with_mail(promising(&["ana@example.com", "sam@example.com"], 9, &[DRAFT]));
    assert_eq!(proposed_on(&with_owner, "2026-11-24").len(), 1, "the owner is nobody else");
    let to_a_machine = with_mail(promising(&["info@example.com"], 9, &[DRAFT]));
    assert_eq!(proposed_on(&to_a_machine, "2026-11-24"), []);
    let mut theirs = promising(&["sam@example.com"], 9, &[DRAFT]);
    theirs["interaction"]["participants"][0]["email"] = json!("ana@example.com");
    assert_eq!(proposed_on(&with_mail(theirs), "2026-11-24"), []);
}

#[test]
fn what_was_likely_kept_is_not_proposed() {
    let undated = ("I'll get back to you.", "");
    let mut small = with_mail(promising(&["ana@example.com"], 9, &[DRAFT, undated]));
    small.import("mail", &[("other", promising(&["bo@example.com"], 10, &[]))]);
    assert_eq!(proposed_on(&small, "2026-11-30").len(), 2, "that was to somebody else");
    small.import("mail", &[("later", promising(&["ana@example.com"], 11, &[]))]);
    let left = |day: &str| proposed_on(&small, day).into_iter().map(|one| one.text).collect::<Vec<_>>();
    assert_eq!(left("2026-11-24"), [DRAFT.0], "its day is still to come");
    assert_eq!(left("2026-11-27"), [DRAFT.0]);
    assert_eq!(left("2026-11-28"), [""; 0]);
}

#[test]
fn a_proposal_is_confirmed_or_dropped_once_and_the_same_mail_again_makes_no_second() {
    let mail = promising(&["ana@example.com"], 9, &[DRAFT]);
    let mut small = with_mail(mail.clone());
    small.import("mail", &[("one", mail.clone())]);
    let [Proposal { id, record, text, due, .. }]: [Proposal; 1] = proposed_on(&small, "2026-11-24").try_into().unwrap();
    small.say(Care::Promise { record, text, due, of: Some(id) }.into());
    assert_eq!(proposed_on(&small, "2026-11-24"), []);
    let promised = small.book.words().giving().promises().map(|(_, one)| one.text.clone()).collect::<Vec<_>>();
    assert_eq!(promised, [DRAFT.0]);
    let confirmed = small.book.words().giving().promises().next().unwrap().0.clone();
    let mut taken_back = with_mail(mail.clone());
    let Proposal { record, text, due, .. } = proposed_on(&taken_back, "2026-11-24").remove(0);
    taken_back.say(Care::Promise { record, text, due, of: Some(id) }.into());
    taken_back.say(Said::Undo { of: vec![FactId { seq: 3_000, ..confirmed }] });
    assert_eq!(proposed_on(&taken_back, "2026-11-24").len(), 1, "a word taken back leaves the proposal");
    small.import("mail", &[("one", mail.clone())]);
    assert_eq!(proposed_on(&small, "2026-11-24"), []);
    let mut dropped = with_mail(mail);
    let record = proposed_on(&dropped, "2026-11-24")[0].record;
    dropped.say(Care::NotPromised { record, of: id }.into());
    assert_eq!(proposed_on(&dropped, "2026-11-24"), []);
    assert_eq!(dropped.book.words().giving().kept().count(), 0);
}

#[test]
fn a_mail_that_is_undone_read_without_its_text_or_forgotten_promises_nothing() {
    let mail = promising(&["ana@example.com"], 9, &[DRAFT]);
    let mut small = with_mail(mail.clone());
    let import = FactId { device: DeviceId::from_random([0; 4]), seq: 2_000 };
    small.say(Said::Undo { of: vec![import] });
    assert_eq!(proposed_on(&small, "2026-11-24"), []);
    let mut small = with_mail(mail.clone());
    small.import("mail", &[("one", promising(&["ana@example.com"], 9, &[]))]);
    assert_eq!(proposed_on(&small, "2026-11-24"), []);
    let mut small = with_mail(mail);
    let record = proposed_on(&small, "2026-11-24")[0].record;
    small.forget(record);
    assert_eq!(proposed_on(&small, "2026-11-24"), []);
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
            occurrence: OccurrenceId(schedule.clone()),
            record: None,
            reasons: vec![format!("{name} is tomorrow: people you want to meet.")],
            step: None,
            kind: None,
            names,
            until: None,
        };
        Said::Planned(Planned { schedule, due: Timestamp::UNIX_EPOCH, missed: 0, reminders: vec![reminder] })
    };
    small.say(brief("RustConf", vec![ana, bo])).say(brief("Fair", vec![bo])).forget(ana);
    let left: Vec<&str> = small.book.words().reminders().keys().map(|id| id.0.as_str()).collect();
    assert_eq!(left, ["brief/2026-12-01/Fair"]);
    assert!(small.book.words().last_planned("brief/2026-12-01/RustConf").is_some(), "it does not come again");
}
