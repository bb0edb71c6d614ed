//! Tests of what is read out of a sentence.

use jiff::civil::date;
use proptest::prelude::*;

use super::*;

/// A Monday.
const TODAY: Date = date(2026, 11, 23);

/// Who is known: the first run that is one of these names is the person, as the book would say.
const KNOWN: [&str; 5] = ["ana", "ana silva", "bob berg", "bob", "cleo@example.com"];

fn who(sentence: &str) -> Option<Run> {
    runs(sentence).into_iter().find(|run| KNOWN.contains(&run.text.to_lowercase().as_str()))
}

#[track_caller]
fn understood(sentence: &str) -> (String, Told) {
    let who = who(sentence).unwrap_or_else(|| panic!("{:?}", runs(sentence)));
    let told = told(sentence, &who, TODAY);
    (who.text, told)
}

#[track_caller]
fn on(sentence: &str, expected: Option<Date>) {
    assert_eq!(understood(sentence).1.on, expected, "{sentence}");
}

#[test]
fn a_sentence_tells_person_day_kind_note_and_need() {
    let (who, told) = understood("coffee with Ana yesterday; her daughter starts school; looks for a Rust mentor");
    assert_eq!(who, "Ana");
    assert_eq!(
        told,
        Told {
            kind: Some(InteractionKind::Meeting),
            on: Some(date(2026, 11, 22)),
            text: Some("coffee with Ana".to_owned()),
            notes: vec!["her daughter starts school".to_owned()],
            needs: vec!["Rust mentor".to_owned()],
        }
    );
}

#[test]
fn the_longest_run_of_words_comes_first() {
    for sentence in [
        "lunch with Ana Silva",
        "Ana Silva called",
        "wrote to Ana Silva about the garden",
        "coffee at noon with my old friend Ana Silva",
        "met ana silva",
        "Coffee Ana Silva today",
        "coffee at the fair, with Ana Silva's sister",
    ] {
        assert_eq!(who(sentence).map(|run| run.text.to_lowercase()).as_deref(), Some("ana silva"), "{sentence}");
    }
    assert_eq!(who("mail to cleo@example.com").map(|run| run.text).as_deref(), Some("cleo@example.com"));
    assert_eq!(who("went to Berlin with Bob").map(|run| run.text).as_deref(), Some("Bob"));
}

#[test]
fn nobody_is_named_by_a_pronoun_or_an_article() {
    for sentence in ["coffee with her", "lunch with the team", "called him", "coffee", "Coffee yesterday", ""] {
        let named: Vec<String> = runs(sentence).into_iter().map(|run| run.text).collect();
        assert_eq!(named, [""; 0], "{sentence}");
    }
}

#[test]
fn the_day_is_a_word_a_day_of_the_week_or_a_date() {
    on("coffee with Ana", None);
    on("coffee with Ana today", Some(TODAY));
    on("coffee with Ana this morning", Some(TODAY));
    on("yesterday evening dinner with Ana", Some(date(2026, 11, 22)));
    on("coffee with Ana the day before yesterday", Some(date(2026, 11, 21)));
    on("coffee with Ana on Monday", Some(TODAY));
    on("coffee with Ana last Monday", Some(date(2026, 11, 16)));
    on("on Friday I met Ana", Some(date(2026, 11, 20)));
    on("coffee with Ana last Friday", Some(date(2026, 11, 20)));
    on("coffee with Ana 2026-11-20", Some(date(2026, 11, 20)));
    on("coffee with Ana on 2026-11-20.", Some(date(2026, 11, 20)));
    on("coffee with Ana two days ago", Some(date(2026, 11, 21)));
    on("coffee with Ana 3 weeks ago", Some(date(2026, 11, 2)));
    on("coffee with Ana a month ago", Some(date(2026, 10, 23)));
    on("coffee with Ana last week", Some(date(2026, 11, 16)));
    on("coffee with Ana next Friday", Some(date(2026, 11, 27)));
    on("coffee with Ana; school starts on Friday", None);
}

#[test]
fn the_first_word_that_tells_it_is_the_kind() {
    let kind = |sentence: &str| understood(sentence).1.kind;
    assert_eq!(kind("lunch with Ana, she called her brother"), Some(InteractionKind::Meeting));
    assert_eq!(kind("phoned Ana"), Some(InteractionKind::Call));
    assert_eq!(kind("Ana called"), Some(InteractionKind::Call));
    assert_eq!(kind("wrote to Bob about lunch"), Some(InteractionKind::Mail));
    assert_eq!(kind("chat with Bob"), Some(InteractionKind::Message));
    assert_eq!(kind("spoke to Bob"), None);
}

#[test]
fn a_need_is_what_they_look_for_and_not_what_the_owner_does() {
    let needs = |sentence: &str| understood(sentence).1.needs;
    assert_eq!(needs("coffee with Ana, who is looking for a flat in Graz"), ["flat in Graz"]);
    assert_eq!(needs("Ana called. She needs a designer, a lawyer and time."), ["designer, a lawyer and time"]);
    assert_eq!(needs("call with Ana; still searching for work"), ["work"]);
    for none in [
        "coffee with Ana; I am looking for a flat",
        "coffee with Ana; she is no longer looking for a flat",
        "coffee with Ana; needs to go to Graz",
        "coffee with Ana; looks well",
    ] {
        assert_eq!(needs(none), [""; 0], "{none}");
    }
}

#[test]
fn what_stands_before_a_need_stays() {
    let (_, told) = understood("coffee with Ana yesterday and she is looking for a flat");
    assert_eq!((told.text.as_deref(), told.on), (Some("coffee with Ana"), Some(date(2026, 11, 22))));
    let (_, told) = understood("met Ana; her brother looks for a job");
    assert_eq!(told.notes, ["her brother looks for a job"], "whose need it is, the note keeps");
    assert_eq!(told.needs, ["job"]);
}

#[test]
fn an_initial_ends_no_sentence() {
    let runs: Vec<String> = runs("met J. Smith. He paid").into_iter().map(|run| run.text).collect();
    assert_eq!(runs, ["J. Smith", "J", "Smith"]);
}

proptest! {
    #[test]
    fn any_text_can_be_told(sentence in "\\PC{0,80}", today in 0i64..40_000) {
        let today = date(1990, 1, 1).checked_add(jiff::Span::new().days(today)).unwrap();
        for run in runs(&sentence) {
            prop_assert_eq!(sentence.get(run.at.clone()), Some(run.text.as_str()));
            prop_assert!(told(&sentence, &run, today).needs.iter().all(|need| sentence.contains(need)));
        }
    }

    #[test]
    fn any_words_can_be_told(words in prop::collection::vec(prop::sample::select(vec![
        "with", "Ana,", "on", "Monday", "last", "a", "days", "ago", ";", "looks", "for", "the", "needs", ".", "2026-11-20", "she",
    ]), 0..12)) {
        let sentence = words.join(" ");
        for run in runs(&sentence) {
            prop_assert!(told(&sentence, &run, TODAY).needs.iter().all(|need| sentence.contains(need)));
        }
    }
}
