//! Questions worth asking somebody next time: what kith does not know of them, and what one would want to know as a friend.

use jiff::civil;

/// How long a note is news.
const NOTE_DAYS: i32 = 365;

/// How many questions are told.
const TOLD: usize = 3;

/// What is known of somebody, as far as it makes questions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// How the questions call them.
    pub first_name: String,
    /// What they look for.
    pub needs: Vec<String>,
    /// What is new about their work, lately.
    pub news: Option<String>,
    /// The day of the newest note, or of the newest word about a meeting.
    pub last_note: Option<civil::Date>,
    /// Their birthday is known.
    pub birthday: bool,
}

/// Returns questions worth asking next time, the most useful first.
#[must_use]
pub fn questions(known: &Known, today: civil::Date) -> Vec<String> {
    let name = &known.first_name;
    let mut asked: Vec<String> = Vec::new();
    asked.extend(known.needs.iter().map(|need| format!("How did it go with what {name} looks for: {need}?")));
    asked.extend(known.news.as_ref().map(|news| format!("{news}: how is it going?")));
    let old = |last: civil::Date| last.until(today).is_ok_and(|span| span.get_days() >= NOTE_DAYS);
    match known.last_note {
        None => asked.push(format!("What keeps {name} busy?")),
        Some(last) if old(last) => {
            asked.push(format!("What is new with {name}? Your last note is of {}.", last.strftime("%B %Y")));
        }
        Some(_) => {}
    }
    if !known.birthday {
        asked.push(format!("When is {name}'s birthday?"));
    }
    asked.truncate(TOLD);
    asked
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: civil::Date = date(2026, 11, 23);

    fn ana() -> Known {
        Known { first_name: "Ana".to_owned(), last_note: Some(date(2026, 11, 1)), birthday: true, ..Known::default() }
    }

    #[test]
    fn nothing_is_asked_of_whom_everything_is_known() {
        assert_eq!(questions(&ana(), TODAY), [""; 0]);
    }

    #[test]
    fn what_they_look_for_comes_first_and_the_birthday_last() {
        let known = Known { needs: vec!["Rust mentor".to_owned()], birthday: false, last_note: None, ..ana() };
        let asked = questions(&known, TODAY);
        assert_eq!(
            asked,
            ["How did it go with what Ana looks for: Rust mentor?", "What keeps Ana busy?", "When is Ana's birthday?",]
        );
        let news = Known { news: Some("Ana moved to Acme as CTO".to_owned()), ..known };
        assert_eq!(questions(&news, TODAY)[1], "Ana moved to Acme as CTO: how is it going?");
        assert_eq!(questions(&news, TODAY).len(), TOLD);
    }

    #[test]
    fn a_note_of_more_than_a_year_ago_asks_what_is_new() {
        let noted = |last| questions(&Known { last_note: Some(last), ..ana() }, TODAY);
        assert_eq!(noted(date(2025, 11, 24)), [""; 0]);
        assert_eq!(noted(date(2025, 11, 23)), ["What is new with Ana? Your last note is of November 2025."]);
    }
}
