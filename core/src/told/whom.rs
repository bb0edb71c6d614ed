//! Whom a sentence is about, where several people bear the name in it: who has the address that stands in it, else the only
//! one whom the owner has to do with.

use jiff::civil::Date;

use crate::normalize::email;

/// Within how many days contact makes somebody the likelier one.
const LATELY_DAYS: i32 = 365;

/// One of several people who could be meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Namesake {
    /// They are in a circle.
    pub in_circle: bool,
    /// When there last was contact.
    pub last: Option<Date>,
}

/// Returns the addresses that stand in a sentence, in their normal form.
#[must_use]
pub fn addresses(sentence: &str) -> Vec<String> {
    let around = |c: char| !c.is_alphanumeric();
    let words = sentence.split_whitespace().filter(|word| word.contains('@'));
    words.filter_map(|word| email(word.trim_matches(around))).collect()
}

/// Returns the place of the only one who is in a circle or with whom there was contact within a year.
#[must_use]
pub fn likeliest(namesakes: &[Namesake], today: Date) -> Option<usize> {
    let lately = |last: Date| last.until(today).is_ok_and(|span| span.get_days() <= LATELY_DAYS);
    let is_close = |namesake: &Namesake| namesake.in_circle || namesake.last.is_some_and(lately);
    let mut close = (0..).zip(namesakes).filter(|(_, namesake)| is_close(namesake));
    let (place, _) = close.next()?;
    close.next().is_none().then_some(place)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 11, 23);

    const fn namesake(in_circle: bool, last: Option<Date>) -> Namesake {
        Namesake { in_circle, last }
    }

    #[test]
    fn the_only_one_whom_the_owner_has_to_do_with_is_meant() {
        let circle = namesake(true, None);
        let lately = namesake(false, Some(date(2025, 11, 23)));
        let long_ago = namesake(false, Some(date(2025, 11, 22)));
        let never = namesake(false, None);
        assert_eq!(likeliest(&[never, circle, long_ago], TODAY), Some(1));
        assert_eq!(likeliest(&[lately, never], TODAY), Some(0));
        assert_eq!(likeliest(&[lately, circle], TODAY), None, "either may be meant");
        assert_eq!(likeliest(&[never, long_ago], TODAY), None);
        assert_eq!(likeliest(&[], TODAY), None);
    }

    #[test]
    fn addresses_are_read_with_what_stands_around_them() {
        let found = addresses("coffee with Ana (Ana@Example.com), see <ana@umbra.example>; @home at 5");
        assert_eq!(found, ["ana@example.com", "ana@umbra.example"]);
    }
}
