//! Whom to give first, and whom one may ask: from what was given and received, in words. There is no score and no debt.

use crate::book::balance::{Balance, Counts};
use crate::company::list;
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
    /// What they look for.
    pub needs: Vec<String>,
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

/// Returns to whom one could give first, by name: those who look for something, and those who gave and got nothing back.
#[must_use]
pub fn give_first(partners: &[Partner]) -> Vec<Named> {
    let why = |partner: &Partner| match (partner.needs.as_slice(), partner.balance) {
        ([_, ..], _) if partner.close => {
            let looks = format!("Looks for: {}.", partner.needs.join("; "));
            let made = (!partner.introduced.is_empty())
                .then(|| format!(" You introduced them to {}.", list(&partner.introduced)));
            Some(looks + &made.unwrap_or_default())
        }
        (_, Balance { given, received }) if given.is_empty() && !received.is_empty() => {
            Some(format!("You received: {}.", words(&received)))
        }
        (_, Balance { .. }) => None,
    };
    named(partners, why)
}

/// Returns whom one may ask for something, by name: those close to whom one gave something.
#[must_use]
pub fn may_ask(partners: &[Partner]) -> Vec<Named> {
    let why = |partner: &Partner| {
        let gave = partner.close && !partner.balance.given.is_empty();
        gave.then(|| format!("You gave: {}.", words(&partner.balance.given)))
    };
    named(partners, why)
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
    let told: Vec<String> =
        told.map(|(count, what)| if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }).collect();
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
            introduced: Vec::new(),
            close: true,
        }
    }

    fn names(named: &[Named]) -> Vec<&str> {
        named.iter().map(|named| named.name.as_str()).collect()
    }

    #[test]
    fn whoever_gave_and_got_nothing_back_or_looks_for_something_is_given_first() {
        let seeks = Partner { needs: vec!["Rust mentor".to_owned()], ..partner("Ana", 1, 0) };
        let stranger = Partner { close: false, needs: vec!["work".to_owned()], ..partner("Zoe", 0, 0) };
        let people = [partner("Dan", 0, 2), seeks, partner("Bob", 1, 1), stranger];
        let first = give_first(&people);
        assert_eq!(names(&first), ["Ana", "Dan"]);
        assert_eq!(first[0].why, "Looks for: Rust mentor.");
        assert_eq!(first[1].why, "You received: 2 endorsements.");
    }

    #[test]
    fn who_was_introduced_since_they_look_for_something_is_told_to_whom() {
        let introduced = ["Bob", "Cleo", "Dan"].map(str::to_owned).to_vec();
        let seeks = Partner { needs: vec!["Rust mentor".to_owned()], introduced, ..partner("Ana", 1, 0) };
        let first = give_first(&[seeks]);
        assert_eq!(first[0].why, "Looks for: Rust mentor. You introduced them to Bob, Cleo and Dan.");
    }

    #[test]
    fn whom_one_gave_something_may_be_asked_if_they_are_close() {
        let far = Partner { close: false, ..partner("Zoe", 2, 0) };
        let may = may_ask(&[partner("Bob", 1, 3), partner("Ana", 0, 1), far]);
        assert_eq!(names(&may), ["Bob"]);
        assert_eq!(may[0].why, "You gave: 1 endorsement.");
    }

    #[test]
    fn counts_are_told_in_words() {
        let counts = Counts { endorsements: 2, recommendations: 1, introductions: 0, promises: 1 };
        assert_eq!(words(&counts), "1 recommendation, 2 endorsements, 1 kept promise");
        assert_eq!(words(&Counts::default()), "nothing yet");
    }
}
