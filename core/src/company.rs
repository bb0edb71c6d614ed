//! A company: whom one could ask for a way in, and what one could do for them first.
//!
//! Only those are named to whom the owner really writes, whom they chose, or of whom they noted a need: a stranger is not
//! asked for a favour. Who works there, who did, and who knows somebody there is found by `book` and the daemon.

use core::cmp::Reverse;

use crate::cadence::Rhythm;
use crate::id::PersonId;

/// How many of those whom somebody knows there are named.
const NAMED: usize = 3;

/// Somebody with a tie to a company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Who.
    pub person: PersonId,
    /// The name.
    pub name: String,
    /// The circle.
    pub circle: Option<String>,
    /// A cadence of their own.
    pub cadence: Option<Rhythm>,
    /// How often the owner wrote to them.
    pub written: u32,
    /// Whether that, and what came back, makes them somebody the owner really writes to.
    pub correspondent: bool,
    /// What ties them to the company.
    pub tie: Tie,
    /// What they look for.
    pub needs: Vec<String>,
}

/// What ties somebody to a company, the closest first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tie {
    /// They work there, as this.
    Works(Option<String>),
    /// They know these people there.
    Knows(Vec<String>),
    /// They worked there, as this.
    Worked(Option<String>),
}

/// Somebody who could be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Who.
    pub person: PersonId,
    /// The name.
    pub name: String,
    /// Why they could help, and why they would, in words.
    pub why: Vec<String>,
    /// What one could do for them first, in words.
    pub first: String,
}

/// Returns who could be asked about a company, those with the closest tie first, then those in a circle or with a cadence of their own, then those written
/// to most.
#[must_use]
pub fn to_ask(contacts: impl IntoIterator<Item = Contact>) -> Vec<Asked> {
    let chosen = |contact: &Contact| contact.circle.is_some() || contact.cadence.is_some();
    let close = |contact: &Contact| chosen(contact) || contact.correspondent || !contact.needs.is_empty();
    let mut contacts: Vec<Contact> = contacts.into_iter().filter(close).collect();
    contacts.sort_by_cached_key(|contact| {
        let closeness = match contact.tie {
            Tie::Works(_) => 0,
            Tie::Knows(_) => 1,
            Tie::Worked(_) => 2,
        };
        (closeness, !chosen(contact), Reverse(contact.written), contact.name.clone(), contact.person)
    });
    contacts.into_iter().map(asked).collect()
}

fn asked(contact: Contact) -> Asked {
    let tie = match &contact.tie {
        Tie::Works(None) => "They work there.".to_owned(),
        Tie::Works(Some(title)) => format!("They work there: {title}."),
        Tie::Worked(None) => "They worked there.".to_owned(),
        Tie::Worked(Some(title)) => format!("They worked there: {title}."),
        Tie::Knows(people) => format!("They know {}.", list(people)),
    };
    let closeness = match (&contact.circle, contact.cadence, contact.written) {
        (Some(circle), ..) => format!("They are in your circle {circle}."),
        (None, Some(cadence), _) => format!("You want to talk every {}.", cadence.ideal()),
        (None, None, 0) => "You know what they look for.".to_owned(),
        (None, None, 1) => "You wrote to them once.".to_owned(),
        (None, None, written) => format!("You wrote to them {written} times."),
    };
    let first = match contact.needs.as_slice() {
        [] => "Ask what they are working on, and how you could help, before you ask for something.".to_owned(),
        needs => format!("They look for: {}. Help with that first, if you can.", needs.join("; ")),
    };
    Asked { person: contact.person, name: contact.name, why: vec![tie, closeness], first }
}

/// Names in words: "Ana, Bob and 2 more".
pub(crate) fn list(names: &[String]) -> String {
    let shown = names.get(..NAMED.min(names.len())).unwrap_or_default();
    match (shown, names.len() - shown.len()) {
        ([], _) => "somebody there".to_owned(),
        ([one], 0) => one.clone(),
        ([others @ .., last], 0) => format!("{} and {last}", others.join(", ")),
        (_, more) => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::RecordId;

    fn contact(name: &str, tie: Tie) -> Contact {
        Contact {
            person: RecordId::new("manual", name),
            name: name.to_owned(),
            circle: None,
            cadence: None,
            written: 4,
            correspondent: true,
            tie,
            needs: Vec::new(),
        }
    }

    #[test]
    fn who_works_there_comes_before_who_knows_somebody_and_strangers_are_not_asked() {
        let stranger = Contact { correspondent: false, written: 0, ..contact("Zoe", Tie::Works(None)) };
        let friend = Contact { circle: Some("friends".to_owned()), ..stranger.clone() };
        let knows = contact("Bob", Tie::Knows(vec!["Ana".to_owned()]));
        let often = Contact { written: 9, ..contact("Cleo", Tie::Knows(vec!["Ana".to_owned(), "Dan".to_owned()])) };
        let worked = contact("Eva", Tie::Worked(Some("CTO".to_owned())));
        let names = |contacts: Vec<Contact>| to_ask(contacts).into_iter().map(|asked| asked.name).collect::<Vec<_>>();
        let chosen = Contact { cadence: "5 weeks".parse().ok(), ..stranger.clone() };
        assert_eq!(to_ask([chosen])[0].why, ["They work there.", "You want to talk every 5 weeks."]);
        assert_eq!(names(vec![stranger]), [""; 0]);
        assert_eq!(names(vec![worked.clone(), knows, often.clone(), friend]), ["Zoe", "Cleo", "Bob", "Eva"]);
        assert_eq!(to_ask([often])[0].why, ["They know Ana and Dan.", "You wrote to them 9 times."]);
        assert_eq!(to_ask([worked])[0].why[0], "They worked there: CTO.");
    }

    #[test]
    fn what_they_look_for_comes_before_a_favour() {
        let ana = Contact { needs: vec!["Rust mentor".to_owned()], ..contact("Ana", Tie::Works(None)) };
        assert_eq!(to_ask([ana])[0].first, "They look for: Rust mentor. Help with that first, if you can.");
        assert!(to_ask([contact("Bob", Tie::Works(None))])[0].first.starts_with("Ask what they are working on"));
        let met_once = Contact {
            needs: vec!["a desk".to_owned()],
            written: 0,
            correspondent: false,
            ..contact("Cleo", Tie::Works(None))
        };
        assert_eq!(to_ask([met_once])[0].why, ["They work there.", "You know what they look for."]);
    }

    #[test]
    fn of_many_a_few_are_named() {
        let people = ["Ana", "Bob", "Cleo", "Dan", "Eva"].map(str::to_owned);
        assert_eq!(list(&people), "Ana, Bob, Cleo and 2 more");
        assert_eq!(list(&people[..1]), "Ana");
    }
}
