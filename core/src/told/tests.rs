//! Tests of what is read out of a sentence.

use jiff::civil::date;
use proptest::prelude::*;

use super::names::{Beside, also, before, behind, runs};
use super::*;

/// A Monday.
const TODAY: Date = date(2026, 11, 23);

/// Who is known: the first run that is one of these names is the person, as the book would say.
const KNOWN: [&str; 6] = ["ana", "ana silva", "bob berg", "bob", "cleo@example.com", "chiara"];

fn who(sentence: &str) -> Option<Run> {
    runs(sentence).into_iter().find(|run| KNOWN.contains(&run.text.to_lowercase().as_str()))
}

#[track_caller]
fn understood(sentence: &str) -> (String, Told) {
    let who = who(sentence).unwrap_or_else(|| panic!("{:?}", runs(sentence)));
    let told = told(sentence, std::slice::from_ref(&who), TODAY);
    (who.text, told)
}

fn texts(wishes: Vec<Saying>) -> Vec<String> {
    wishes.into_iter().map(|wish| wish.text).collect()
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
            in_touch: true,
            kind: Some(InteractionKind::Meeting),
            on: Some(date(2026, 11, 22)),
            text: Some("coffee with Ana".to_owned()),
            notes: vec![Saying { text: "her daughter starts school".to_owned(), ..Saying::default() }],
            needs: vec![Saying { text: "Rust mentor".to_owned(), ..Saying::default() }],
            offers: Vec::new(),
            promises: Vec::new(),
            favours: Vec::new(),
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
    on("coffee with Ana on 5 November", Some(date(2026, 11, 5)));
    on("coffee with Ana on Friday 13 November", Some(date(2026, 11, 13)));
    on("coffee with Ana on the 5th of July", Some(date(2026, 7, 5)));
    on("coffee with Ana on the 5th of December", Some(date(2026, 12, 5)));
    on("coffee with Ana on 5.11.", Some(date(2026, 11, 5)));
    on("coffee with Ana at 9.10", None);
    on("coffee with Bob and Jan 2 weeks ago", Some(date(2026, 11, 9)));
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
    let needs = |sentence: &str| texts(understood(sentence).1.needs);
    assert_eq!(needs("coffee with Ana, who is looking for a flat in Graz"), ["flat in Graz"]);
    assert_eq!(needs("Ana called. She needs a designer, a lawyer and time."), ["designer, a lawyer and time"]);
    assert_eq!(needs("call with Ana; still searching for work"), ["work"]);
    assert_eq!(needs("coffee with Ana; I am looking for a flat and she looks for a job"), ["job"]);
    assert_eq!(needs("coffee with Ana; looks for somebody who needs a room"), ["somebody who needs a room"]);
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
    assert_eq!(texts(told.notes), ["her brother looks for a job"], "whose need it is, the note keeps");
    assert_eq!(texts(told.needs), ["job"]);
}

#[test]
fn an_initial_ends_no_sentence() {
    let runs: Vec<String> = runs("met J. Smith. He paid").into_iter().map(|run| run.text).collect();
    assert_eq!(runs, ["J. Smith", "J", "Smith"]);
}

/// The names in a list that begins with who is found first, and what is named but known to nobody in this test.
fn list(sentence: &str) -> (Vec<String>, Vec<String>) {
    let first = who(sentence).unwrap_or_else(|| panic!("{sentence}"));
    let (mut named, mut unknown) = (vec![first.text.clone()], Vec::new());
    unknown.extend(before(sentence, &first).map(|run| run.text));
    let mut last = first;
    while let Some(Beside { runs, name }) = behind(sentence, &last) {
        let known = runs.into_iter().find(|run| KNOWN.contains(&run.text.to_lowercase().as_str()));
        match (known, name) {
            (Some(run), _) => {
                named.push(run.text.clone());
                last = run;
            }
            (None, Some(run)) => {
                unknown.push(run.text.clone());
                last = run;
            }
            (None, None) => break,
        }
    }
    (named, unknown)
}

#[track_caller]
fn names(sentence: &str, named: &[&str], unknown: &[&str]) {
    let found = list(sentence);
    assert_eq!((found.0.join("|"), found.1.join("|")), (named.join("|"), unknown.join("|")), "{sentence}");
}

#[test]
fn a_text_begins_with_a_day_and_a_kind_or_tells_of_others_further_behind() {
    let sunday = date(2026, 11, 29);
    let day = |day| Some(date(2026, 11, day));
    for (text, expected) in [
        ("coffee yesterday", (Some(InteractionKind::Meeting), day(28))),
        ("long call on Friday, about her flat", (Some(InteractionKind::Call), day(27))),
        ("yesterday, over lunch", (None, day(28))),
        ("good talk, she flies to Oslo on Friday", (None, None)),
        ("she starts at Acme next Monday", (None, None)),
        ("spoke about her letter of last month", (None, None)),
        ("", (None, None)),
    ] {
        let (kind, on) = opening(text, sunday);
        assert_eq!((kind, on), expected, "{text}");
    }
}

#[test]
fn a_list_names_several() {
    names("met Ana and Bob", &["Ana", "Bob"], &[]);
    names("met Ana Silva, Bob Berg and Chiara yesterday", &["Ana Silva", "Bob Berg", "Chiara"], &[]);
    names("coffee with Bob & cleo@example.com at noon", &["Bob", "cleo@example.com"], &[]);
    names("lunch with Ana and with Bob", &["Ana", "Bob"], &[]);
    names("Ana and Bob called", &["Ana", "Bob"], &[]);
    names("met ana and bob in Graz", &["ana", "bob"], &[]);
    names("met Ana, Bob", &["Ana", "Bob"], &[]);
    names("promised Ana and Bob to send the slides", &["Ana", "Bob"], &[]);
}

#[test]
fn who_is_known_to_nobody_in_a_list_is_told() {
    names("met Ana and Zoe Zorn", &["Ana"], &["Zoe Zorn"]);
    names("met Zoe and Ana", &["Ana"], &["Zoe"]);
    names("met Zoe, Ana", &["Ana"], &["Zoe"]);
    names("met Ana, Zoe, Bob", &["Ana", "Bob"], &["Zoe"]);
}

#[test]
fn who_was_there_may_stand_apart_from_the_list() {
    let others = |sentence: &str| {
        let first = who(sentence).unwrap();
        let known = |run: &Run| KNOWN.contains(&run.text.to_lowercase().as_str());
        let found = also(sentence, &first).into_iter();
        let named: Vec<String> =
            found.filter_map(|beside| beside.runs.into_iter().find(known)).map(|run| run.text).collect();
        (first.text, named)
    };
    let (ana, bob) = ("Ana".to_owned(), "Bob".to_owned());
    assert_eq!(others("met Bob with Ana"), (ana.clone(), vec![bob.clone()]));
    assert_eq!(others("Ana and I met Bob"), (bob, vec![ana.clone()]));
    for sentence in [
        "coffee with Ana, talked about Bob",
        "coffee with Ana, who works with Bob",
        "coffee with Ana, saw Bob's paintings",
    ] {
        assert_eq!(others(sentence), (ana.clone(), Vec::new()), "{sentence}");
    }
}

#[test]
fn what_stands_behind_a_name_is_not_always_another() {
    for sentence in [
        "met Ana and talked about Bob",
        "met Ana and she showed Bob the house",
        "met Ana and I was late",
        "met Ana, Monday",
        "coffee with Ana, Bob pays the next time",
        "On Friday, met Ana",
        "coffee with Ana and will call again",
        "talked with Ana about Bob and Chiara",
        "lunch with Ana's sister and Bob",
    ] {
        names(sentence, &["Ana"], &[]);
    }
}

#[track_caller]
fn promised(sentence: &str, text: &str, due: Option<Date>) -> Told {
    let (who, told) = understood(sentence);
    let [promise] = told.promises.as_slice() else { panic!("{sentence}: {told:?}") };
    assert_eq!((who.as_str(), promise.text.as_str(), promise.due), ("Ana", text, due), "{sentence}");
    told
}

#[test]
fn a_sentence_tells_what_was_promised_and_by_when() {
    let friday = Some(date(2026, 11, 27));
    for sentence in [
        "promised Ana to send the slides by Friday",
        "I promised Ana to send the slides by Friday.",
        "I've promised Ana to send the slides, by Friday",
        "promised to Ana to send the slides by friday",
        "Promised Ana to send by Friday the slides",
        "promised Ana yesterday to send the slides by Friday",
    ] {
        let told = promised(sentence, "send the slides", friday);
        assert!(!told.in_touch, "nothing tells of a meeting: {sentence}");
    }
    promised("promised to send Ana the slides by Friday", "send Ana the slides", friday);
    promised("promised to send the slides to Ana by 4 December", "send the slides to Ana", Some(date(2026, 12, 4)));
    promised("promised Ana the slides", "the slides", None);
    promised("promised Ana that I will call her next week", "I will call her", Some(date(2026, 12, 4)));
    promised("promised Ana lunch on Friday with the team", "lunch on Friday with the team", friday);
    promised("promised Ana to book a table for 12 December", "book a table for 12 December", Some(date(2026, 12, 12)));
    promised("promised Ana", "", None);
    promised("promised Ana by Friday", "", friday);
}

#[test]
fn a_promise_beside_a_meeting_is_both() {
    let told = promised(
        "coffee with Ana yesterday, promised to send her the slides by Friday",
        "send her the slides",
        Some(date(2026, 11, 27)),
    );
    assert_eq!(
        (told.in_touch, told.text.as_deref(), told.on),
        (true, Some("coffee with Ana"), Some(date(2026, 11, 22)))
    );
    let told = promised("coffee with Ana; and I promised her an intro to Bob", "an intro to Bob", None);
    assert_eq!((told.text.as_deref(), told.notes.len()), (Some("coffee with Ana"), 0));
    let (_, told) = understood("coffee with Ana; promised Bob the slides");
    let whom = |told: &Told| -> Vec<Vec<String>> {
        told.promises.iter().map(|promise| promise.whom.iter().map(|run| run.text.clone()).collect()).collect()
    };
    assert_eq!(whom(&told), [["Bob"]]);
    let (_, told) = understood("coffee with Ana; promised Bob and Chiara to send the slides");
    assert_eq!(
        (whom(&told), told.promises[0].text.as_str()),
        (vec![vec!["Bob".into(), "Chiara".into()]], "send the slides")
    );
    let (_, told) = understood("coffee with Ana; promised Bob lunch");
    assert_eq!((whom(&told), told.promises[0].text.as_str()), (vec![vec!["Bob".to_owned()]], "lunch"));
    let (_, told) = understood("coffee with Ana; promised her the slides and promised Bob an intro");
    assert_eq!(whom(&told), [vec!["Bob".to_owned()], Vec::new()]);
    assert_eq!(texts(told.promises), ["an intro", "the slides"]);
}

#[test]
fn what_others_promise_is_no_promise_of_the_owner() {
    for sentence in [
        "Ana promised to send the slides",
        "coffee with Ana, who promised to write",
        "met Ana; she promised me a book",
        "met Ana; never promised anything",
        "met Ana; promised nothing",
        "Ana called and promised to send the slides",
        "met Ana; she was ill and promised to call",
    ] {
        assert_eq!(understood(sentence).1.promises, [], "{sentence}");
        assert!(understood(sentence).1.in_touch);
    }
}

#[test]
fn an_offer_is_what_they_can_help_with() {
    let offers = |sentence: &str| texts(understood(sentence).1.offers);
    assert_eq!(offers("Ana can help with German taxes"), ["German taxes"]);
    assert_eq!(offers("coffee with Ana, she can help with the taxes."), ["taxes"]);
    assert_eq!(offers("met Ana; could help with a flat"), ["flat"]);
    assert_eq!(offers("Ana can help us with Rust"), ["Rust"]);
    assert_eq!(offers("met Ana; Ana can help with taxes"), ["taxes"]);
    for none in [
        "told Ana that I can help with taxes",
        "coffee with Ana; her brother can help with taxes",
        "coffee with Ana; she cannot help with taxes",
    ] {
        let found = runs(none).into_iter().find(|run| run.text == "Ana").unwrap_or_else(Run::nowhere);
        assert_eq!(told(none, &[found], TODAY).offers, [], "{none}");
    }
    let (_, told) = understood("Ana needs a designer and can help with Rust");
    assert_eq!((texts(told.needs), texts(told.offers)), (vec!["designer".to_owned()], vec!["Rust".to_owned()]));
    assert!(!told.in_touch, "nothing tells of a meeting");
    let (_, told) = understood("spoke to Ana, she can help with Rust");
    assert!(told.in_touch);
}

#[test]
fn of_several_a_wish_is_whose_its_part_names_else_of_all() {
    let of = |sentence: &str| {
        let who: Vec<Run> = ["Ana", "Bob"]
            .iter()
            .map(|name| runs(sentence).into_iter().find(|run| run.text == *name).unwrap())
            .collect();
        let told = told(sentence, &who, TODAY);
        told.needs.into_iter().chain(told.promises).map(|wish| wish.of).collect::<Vec<_>>()
    };
    assert_eq!(of("met Ana, met Bob; Bob looks for a flat"), [[1]]);
    assert_eq!(of("met Ana, met Bob; promised Ana to send the slides"), [[0]]);
    assert_eq!(of("met Ana, met Bob; promised to send the slides"), [[0_usize; 0]]);
    let two = |sentence: &str, [a, b]: [&str; 2]| {
        let at = |name: &str| sentence.find(name).map(|at| at..at + name.len()).unwrap();
        let run = |name: &str| Run { text: name.to_owned(), at: at(name) };
        let told = told(sentence, &[run(a), run(b)], TODAY);
        told.needs.into_iter().map(|wish| (wish.text, wish.of)).collect::<Vec<_>>()
    };
    let flat = |of: &[usize]| ("flat".to_owned(), of.to_vec());
    assert_eq!(two("met Ana and Bob, Bob needs a flat", ["Ana", "Bob"]), [flat(&[1])]);
    let anas = ["Ana Silva", "Ana Berg"];
    assert_eq!(two("met Ana Silva and Ana Berg; Ana Berg needs a flat", anas), [flat(&[1])]);
    assert_eq!(two("met Ana Silva and Ana Berg; Ana needs a flat", anas), [flat(&[0, 1])], "either may be meant");
    assert_eq!(
        two("met Ana and Bob; Ana needs a room and Bob needs a flat", ["Ana", "Bob"]),
        [flat(&[1]), ("room".to_owned(), vec![0])]
    );
    let sentence = "met Ana and Bob; Bob needs a flat; Ana moves to Graz; the food was good";
    let who: Vec<Run> = ["Ana", "Bob"]
        .iter()
        .map(|name| {
            runs(sentence)
                .into_iter()
                .chain(behind(sentence, &who(sentence).unwrap()).unwrap().runs)
                .find(|run| run.text == *name)
                .unwrap()
        })
        .collect();
    let told = told(sentence, &who, TODAY);
    let notes: Vec<(&str, &[usize])> = told.notes.iter().map(|note| (note.text.as_str(), &*note.of)).collect();
    assert_eq!(notes, [("Ana moves to Graz", &[0_usize][..]), ("the food was good", &[])], "a need is no note as well");
}

proptest! {
    #[test]
    fn any_text_can_be_told(sentence in "\\PC{0,80}", today in 0i64..40_000) {
        let today = date(1990, 1, 1).checked_add(jiff::Span::new().days(today)).unwrap();
        for run in runs(&sentence) {
            prop_assert_eq!(sentence.get(run.at.clone()), Some(run.text.as_str()));
            let told = told(&sentence, &[run], today);
            prop_assert!(told.needs.iter().chain(&told.offers).all(|wish| sentence.contains(&wish.text)));
        }
    }

    #[test]
    fn any_words_can_be_told(words in prop::collection::vec(prop::sample::select(vec![
        "with", "Ana,", "promised", "and", "Bob", "can", "help", "by", "on", "Monday", "last", "a", "days", "ago", ";", "looks", "for", "the", "needs", ".", "2026-11-20", "she",
    ]), 0..12)) {
        let sentence = words.join(" ");
        for run in runs(&sentence) {
            let told = told(&sentence, &[run], TODAY);
            prop_assert!(told.needs.iter().chain(&told.offers).all(|wish| sentence.contains(&wish.text)));
            prop_assert!(told.promises.iter().all(|promise| promise.text.len() <= sentence.len()));
        }
    }
}
