//! Tests of what is taken as a promise, and what is not.

use jiff::civil::date;
use proptest::prelude::*;

use super::*;

/// A Monday.
const TODAY: Date = date(2026, 11, 23);
const TOMORROW: Option<Date> = Some(date(2026, 11, 24));
const FRIDAY: Option<Date> = Some(date(2026, 11, 27));
const NEXT_WEEK: Option<Date> = Some(date(2026, 12, 4));

#[track_caller]
fn check(text: &str, expected: Option<Date>) {
    let expected = vec![Promise { text: text.to_owned(), due: expected }];
    assert_eq!(promises(text, Some(TODAY)), expected, "{text}");
}

#[track_caller]
fn none(text: &str) {
    assert_eq!(promises(text, Some(TODAY)), [], "{text}");
}

#[test]
fn with_a_day_it_is_a_promise_in_english() {
    check("I'll send you the draft by Friday.", FRIDAY);
    check("I’ll send you the draft by Friday", FRIDAY);
    check("I will introduce you to Ana next week.", NEXT_WEEK);
    check("Thanks, I'll call you tomorrow.", TOMORROW);
    check("I'm going to review your slides this week.", FRIDAY);
    check("Tomorrow I'll check with Bob and get back to you.", TOMORROW);
    check("By Friday I will have the budget ready.", FRIDAY);
    check("Sure - I'll let you know by Friday!", FRIDAY);
    check("And I will gladly finish the translation in two weeks.", Some(date(2026, 12, 7)));
    check("Will send you the minutes tomorrow.", TOMORROW);
    check("I'll definitely get it to you on the 3rd of December.", Some(date(2026, 12, 3)));
    check("I promise to read your chapter by the end of the month.", Some(date(2026, 11, 30)));
    check("I'll send it when I'm back next week.", NEXT_WEEK);
    check("So I'll book the room on 2026-12-03.", Some(date(2026, 12, 3)));
    check("I'll sign the contract by 5 May.", Some(date(2027, 5, 5)));
}

#[test]
fn without_a_day_only_giving_is_a_promise_in_english() {
    check("I'll send you the draft.", None);
    check("Great, I'll introduce you to Ana.", None);
    check("I will look into it and get back to you.", None);
    check("I'll forward your note to Bob.", None);
    check("I'll put you in touch with our lawyer.", None);
    check("I'll check and get back to you.", None);
    none("I'll call you.");
    none("I'll review it.");
    none("I'll send it when I'm back.");
    none("I'll send it as soon as I have it.");
}

#[test]
fn what_is_no_promise_in_english() {
    for text in [
        "I will be there on Friday.",
        "I'll be in Graz next week.",
        "I'll let you know if that works by Friday.",
        "If you like, I'll send you the draft by Friday.",
        "Shall I send you the draft by Friday?",
        "I'll send you the draft by Friday, ok?",
        "I sent you the draft on Friday.",
        "I won't send the draft by Friday.",
        "I will not send it tomorrow.",
        "I'll never send such a thing tomorrow.",
        "I'll try to send it by Friday.",
        "Maybe I'll send it tomorrow.",
        "She said I'll send it by Friday.",
        "You think that I will send it tomorrow.",
        "He'll send you the draft by Friday.",
        "They will send you the draft by Friday.",
        "Will you send me the draft by Friday",
        "I would send you the draft by Friday.",
        "I'll have lunch with Bob tomorrow.",
        "I'll see you on Friday.",
        "I'll meet her tomorrow.",
        "I'll introduce myself.",
        "I'll travel to Graz next week.",
        "Please send me the draft by Friday.",
        "The draft will be sent on Friday.",
        "I'll think about it.",
        "",
    ] {
        none(text);
    }
}

#[test]
fn with_a_day_it_is_a_promise_in_german() {
    check("Ich schicke dir den Entwurf bis Freitag.", FRIDAY);
    check("Bis Freitag schicke ich dir den Entwurf.", FRIDAY);
    check("Den Entwurf sende ich Ihnen morgen.", TOMORROW);
    check("Danke, ich rufe dich morgen an.", TOMORROW);
    check("Ich werde dir nächste Woche die Unterlagen schicken.", NEXT_WEEK);
    check("Ich prüfe das bis Ende der Woche.", FRIDAY);
    check("Nächste Woche stelle ich dich Ana vor.", NEXT_WEEK);
    check("Und ich überweise das Geld am 3. Dezember.", Some(date(2026, 12, 3)));
    check("Morgen kläre ich das mit Bernd.", TOMORROW);
}

#[test]
fn without_a_day_only_giving_is_a_promise_in_german() {
    check("Ich melde mich bei dir.", None);
    check("Ich kümmere mich darum.", None);
    check("Dann leite ich deine Nachricht an Bernd weiter.", None);
    check("Ich schicke dir den Entwurf noch.", None);
    check("Ich werde dich Ana vorstellen.", None);
    check("Gerne stelle ich dich unserer Anwältin vor.", None);
    none("Ich schicke dir den Entwurf.");
    none("Ich rufe dich an.");
}

#[test]
fn what_is_no_promise_in_german() {
    for text in [
        "Ich bin am Freitag da.",
        "Ich werde am Freitag da sein.",
        "Ich melde mich, wenn ich mehr weiß.",
        "Wenn du magst, schicke ich dir den Entwurf bis Freitag.",
        "Soll ich dir den Entwurf bis Freitag schicken?",
        "Ich habe dir den Entwurf am Freitag geschickt.",
        "Ich schicke dir den Entwurf nicht vor Freitag.",
        "Ich schicke dir keine Unterlagen bis Freitag.",
        "Anbei schicke ich dir den Entwurf für Freitag.",
        "Vielleicht schicke ich dir den Entwurf morgen.",
        "Ich hoffe, ich schicke es morgen.",
        "Er schickt dir den Entwurf bis Freitag.",
        "Bitte schick mir den Entwurf bis Freitag.",
        "Ich treffe morgen Bernd.",
        "Ich würde dir den Entwurf bis Freitag schicken.",
        "Du weißt, dass ich dir bis Freitag schreibe.",
    ] {
        none(text);
    }
}

#[test]
fn each_sentence_of_a_text_is_read_by_itself_and_once() {
    let text = "Hi Ana.\nI'll send you the draft by Friday. I was ill. I'll send you the draft by Friday. \
                I'll be in Graz tomorrow; ich melde mich.";
    let found: Vec<(String, Option<Date>)> =
        promises(text, Some(TODAY)).into_iter().map(|promise| (promise.text, promise.due)).collect();
    assert_eq!(
        found,
        [("I'll send you the draft by Friday.".to_owned(), FRIDAY), ("ich melde mich.".to_owned(), None)]
    );
}

#[test]
fn without_the_day_of_writing_no_day_is_read() {
    assert_eq!(promises("I'll call you tomorrow.", None), []);
    assert_eq!(promises("I'll send you the draft by Friday.", None)[0].due, None);
}

#[test]
fn a_text_of_promises_alone_gives_a_few() {
    let text: String = (0..50).map(|n| format!("I'll send you part {n} by Friday.\n")).collect();
    assert_eq!(promises(&text, Some(TODAY)).len(), PROMISES_AT_MOST);
}

proptest! {
    #[test]
    fn what_is_found_stands_in_the_text(text in "\\PC{0,120}", today in 0i64..40_000) {
        let today = date(1990, 1, 1).checked_add(jiff::Span::new().days(today)).unwrap();
        for promise in promises(&text, Some(today)) {
            prop_assert!(text.contains(&promise.text));
        }
    }

    #[test]
    fn any_words_can_be_read(words in prop::collection::vec(prop::sample::select(vec![
        "I'll", "send", "you", "by", "Friday.", "in", "two", "weeks", "31", "February", "of", "the", "end", "next", "week", "ich",
        "schicke", "dir", "bis", "5.", "Mai", "31.2.", "9999-12-31", "-", "und", ",",
    ]), 0..14), today in prop::sample::select(vec![TODAY, Date::MAX, Date::MIN])) {
        for promise in promises(&words.join(" "), Some(today)) {
            prop_assert!(promise.due.is_none_or(|due| due >= today || due.year() > 2000));
        }
    }
}
