//! Whom to give first, and whom one may ask: from what was given and received, in words. There is no score and no debt.

use crate::book::balance::{Balance, Counts};
use crate::company::list;
use crate::give::own::Fitted;
use crate::id::PersonId;

/// Somebody with whom something was given or received, or who looks for something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partner {
    /// Who.
    pub person: PersonId,
    /// The name.
    pub name: String,
    /// What was given and received.
    pub balance: Balance,
    /// What they look for, and what the owner offers of that.
    pub needs: Vec<Fitted>,
    /// What they can help with, and what the owner looks for of that.
    pub offers: Vec<Fitted>,
    /// To whom the owner introduced them since they look for it, by name.
    pub introduced: Vec<String>,
    /// They are in a circle, or the owner really writes to them.
    pub close: bool,
}

/// Somebody who is named, and why, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Who.
    pub person: PersonId,
    /// The name.
    pub name: String,
    /// Why, in words.
    pub why: String,
}

/// Returns to whom one could give first, by name: those who look for something that the owner offers, of those who are close
/// all who look for something, and those who gave clearly more than they received.
#[must_use]
pub fn give_first(partners: &[Partner]) -> Vec<Named> {
    named(partners, why_give)
}

/// Returns whom one may ask for something, by name: those who offer what the owner looks for, and those close to whom one gave
/// something. Who gave clearly more than they received is none of them.
#[must_use]
pub fn may_ask(partners: &[Partner]) -> Vec<Named> {
    named(partners, why_ask)
}

/// Returns why one could give this one first, in words, if there is a reason.
#[must_use]
pub fn why_give(partner: &Partner) -> Option<String> {
    let needs: Vec<&Fitted> = partner.needs.iter().filter(|need| partner.close || need.own.is_some()).collect();
    let mut why = Vec::new();
    if !needs.is_empty() {
        let offered = |need: &&Fitted| match &need.own {
            Some(offer) => format!("{}, and you offer \"{offer}\"", need.text),
            None => need.text.clone(),
        };
        why.push(format!("Looks for: {}.", needs.iter().map(offered).collect::<Vec<_>>().join("; ")));
        if !partner.introduced.is_empty() {
            why.push(format!("You introduced them to {}.", list(&partner.introduced)));
        }
    }
    let Balance { given, received } = partner.balance;
    if gave_more(partner.balance) {
        let gave = if given.is_empty() { String::new() } else { format!("; you gave: {}", words(&given)) };
        why.push(format!("You received: {}{gave}.", words(&received)));
        why.extend(helps(partner));
    }
    (!why.is_empty()).then(|| why.join(" "))
}

/// Returns why one may ask this one, in words, if there is a reason.
#[must_use]
pub fn why_ask(partner: &Partner) -> Option<String> {
    if gave_more(partner.balance) {
        return None;
    }
    let given = &partner.balance.given;
    let gave = (partner.close && !given.is_empty()).then(|| format!("You gave: {}.", words(given)));
    let why: Vec<String> = helps(partner).into_iter().chain(gave).collect();
    (!why.is_empty()).then(|| why.join(" "))
}

/// What they can help with that the owner looks for.
fn helps(partner: &Partner) -> Option<String> {
    let sought = |offer: &Fitted| Some(format!("{}, and you look for \"{}\"", offer.text, offer.own.as_ref()?));
    let sought: Vec<String> = partner.offers.iter().filter_map(sought).collect();
    (!sought.is_empty()).then(|| format!("Can help with: {}.", sought.join("; ")))
}

/// Whether they gave more than twice as much as they received. An endorsement is a click, and counts where there is nothing
/// else.
fn gave_more(Balance { given, received }: Balance) -> bool {
    let deeds = |counts: &Counts| counts.recommendations + counts.introductions + counts.promises + counts.help;
    match (deeds(&given), deeds(&received)) {
        (0, 0) => received.endorsements > 2 * given.endorsements,
        (to_them, from_them) => from_them > 2 * to_them,
    }
}

/// Returns counts in words: "2 endorsements, 1 introduction"; "nothing yet".
#[must_use]
pub fn words(counts: &Counts) -> String {
    let told = [
        (counts.recommendations, "recommendation"),
        (counts.introductions, "introduction"),
        (counts.endorsements, "endorsement"),
        (counts.promises, "kept promise"),
    ];
    let told = told.into_iter().filter(|(count, _)| *count > 0);
    let told = told.map(|(count, what)| if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") });
    let help = match counts.help {
        0 => None,
        1 => Some("help once".to_owned()),
        2 => Some("help twice".to_owned()),
        often => Some(format!("help {often} times")),
    };
    let told: Vec<String> = told.chain(help).collect();
    if told.is_empty() { "nothing yet".to_owned() } else { told.join(", ") }
}

fn named(partners: &[Partner], why: impl Fn(&Partner) -> Option<String>) -> Vec<Named> {
    let with_why = partners.iter().filter_map(|partner| Some((partner, why(partner)?)));
    let mut named: Vec<Named> =
        with_why.map(|(p, why)| Named { person: p.person, name: p.name.clone(), why }).collect();
    named.sort_by(|a, b| (&a.name, a.person).cmp(&(&b.name, b.person)));
    named
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::RecordId;

    fn partner(name: &str, given: usize, received: usize) -> Partner {
        let counts = |endorsements| Counts { endorsements, ..Counts::default() };
        Partner {
            person: RecordId::new("manual", name),
            name: name.to_owned(),
            balance: Balance { given: counts(given), received: counts(received) },
            needs: Vec::new(),
            offers: Vec::new(),
            introduced: Vec::new(),
            close: true,
        }
    }

    fn fitted(text: &str, own: Option<&str>) -> Vec<Fitted> {
        vec![Fitted { text: text.to_owned(), own: own.map(str::to_owned) }]
    }

    fn names(named: &[Named]) -> Vec<&str> {
        named.iter().map(|named| named.name.as_str()).collect()
    }

    #[test]
    fn whoever_gave_and_got_nothing_back_or_looks_for_something_is_given_first() {
        let seeks = Partner { needs: fitted("Rust mentor", None), ..partner("Ana", 1, 0) };
        let stranger = Partner { close: false, needs: fitted("work", None), ..partner("Zoe", 0, 0) };
        let people = [partner("Dan", 0, 2), seeks, partner("Bob", 1, 1), stranger];
        let first = give_first(&people);
        assert_eq!(names(&first), ["Ana", "Dan"]);
        assert_eq!(first[0].why, "Looks for: Rust mentor.");
        assert_eq!(first[1].why, "You received: 2 endorsements.");
    }

    #[test]
    fn who_was_introduced_since_they_look_for_something_is_told_to_whom() {
        let introduced = ["Bob", "Cleo", "Dan"].map(str::to_owned).to_vec();
        let seeks = Partner { needs: fitted("Rust mentor", None), introduced, ..partner("Ana", 1, 0) };
        let first = give_first(&[seeks]);
        assert_eq!(first[0].why, "Looks for: Rust mentor. You introduced them to Bob, Cleo and Dan.");
    }

    #[test]
    fn whom_one_gave_something_may_be_asked_if_they_are_close() {
        let far = Partner { close: false, ..partner("Zoe", 2, 0) };
        let may = may_ask(&[partner("Bob", 1, 2), partner("Ana", 0, 1), far]);
        assert_eq!(names(&may), ["Bob"]);
        assert_eq!(may[0].why, "You gave: 1 endorsement.");
    }

    #[test]
    fn who_gave_clearly_more_than_they_received_is_given_first_and_not_asked() {
        let counts = |endorsements, recommendations| Counts { endorsements, recommendations, ..Counts::default() };
        let cases = [
            ((1, 0), (0, 9), true, "an endorsement is little against nine recommendations"),
            ((1, 0), (3, 0), true, "three times as much"),
            ((1, 0), (2, 0), false, "twice as much may be asked"),
            ((0, 1), (9, 0), false, "endorsements are clicks"),
            ((0, 1), (0, 3), true, "three recommendations for one"),
            ((2, 2), (2, 2), false, "as much"),
        ];
        for (given, received, first, why) in cases {
            let balance = Balance { given: counts(given.0, given.1), received: counts(received.0, received.1) };
            let ana = Partner { balance, ..partner("Ana", 0, 0) };
            assert_eq!((why_give(&ana).is_some(), why_ask(&ana).is_some()), (first, !first), "{why}");
        }
        let nothing = partner("Ana", 0, 0);
        assert_eq!((why_give(&nothing), why_ask(&nothing)), (None, None));
        let three = why_give(&partner("Ana", 1, 3)).unwrap();
        assert_eq!(three, "You received: 3 endorsements; you gave: 1 endorsement.");
    }

    #[test]
    fn what_the_owner_offers_or_looks_for_is_told_also_of_those_who_are_not_close() {
        let looks = fitted("Rust mentor", Some("mentoring in Rust"));
        let bea = Partner { needs: looks, close: false, ..partner("Bea", 0, 0) };
        let why = "Looks for: Rust mentor, and you offer \"mentoring in Rust\".";
        assert_eq!((why_give(&bea).as_deref(), why_ask(&bea)), (Some(why), None));
        let offers = fitted("tax returns", Some("tax adviser"));
        let flora = Partner { offers, close: false, ..partner("Flora", 1, 0) };
        let why = "Can help with: tax returns, and you look for \"tax adviser\".";
        assert_eq!((why_give(&flora), why_ask(&flora).as_deref()), (None, Some(why)));
        let generous = Partner { balance: partner("", 0, 1).balance, ..flora };
        let why = format!("You received: 1 endorsement. {why}");
        assert_eq!((why_give(&generous), why_ask(&generous)), (Some(why), None));
        let other = Partner { offers: fitted("piano lessons", None), ..partner("Pia", 0, 0) };
        assert_eq!(why_ask(&other), None);
    }

    #[test]
    fn counts_are_told_in_words() {
        let counts = Counts { endorsements: 2, recommendations: 1, introductions: 0, promises: 1, help: 2 };
        assert_eq!(words(&counts), "1 recommendation, 2 endorsements, 1 kept promise, help twice");
        assert_eq!(words(&Counts::default()), "nothing yet");
    }
}
