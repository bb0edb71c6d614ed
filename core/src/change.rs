//! What changed about somebody from one content of a source to the next: a new position, another company, a new name, and how
//! they are reached.
//!
//! Only what one would tell a friend is news; how they are reached is history besides. Spelling is neither: names are compared as
//! they are searched for.

use kith_proto::card::Card;

use crate::normalize::{self, Region, display_name, first_name_of, fold_text};
use crate::portrait::{address, in_a_line};
use crate::provenance::unique;
use crate::vcard::is_own;

/// What became different.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Another company, and the position there where it is known.
    Company {
        /// The company; `None` when there is none any more.
        to: Option<String>,
        /// The position there.
        title: Option<String>,
        /// The company before.
        from: Option<String>,
    },
    /// Another position at the same company.
    Position {
        /// The position.
        title: String,
        /// The company.
        at: Option<String>,
    },
    /// Another name.
    Name {
        /// The name before.
        from: String,
        /// The name.
        to: String,
    },
    /// Another way to reach them.
    Reach {
        /// Of which kind.
        way: Way,
        /// What is new; `None` when something is only gone.
        to: Option<String>,
        /// What is gone; `None` when something only came.
        from: Option<String>,
    },
}

/// A way to reach somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// By mail.
    Email,
    /// By telephone.
    Phone,
    /// At a postal address.
    Address,
}

impl Way {
    const fn noun(self) -> &'static str {
        match self {
            Self::Email => "mail address",
            Self::Phone => "number",
            Self::Address => "address",
        }
    }
}

impl Change {
    /// Returns whether it is about work.
    #[must_use]
    pub const fn is_of_job(&self) -> bool {
        match self {
            Self::Company { .. } | Self::Position { .. } => true,
            Self::Name { .. } | Self::Reach { .. } => false,
        }
    }

    /// Returns whether one congratulates on it: another company or position, and not to have lost one, or to look for one.
    #[must_use]
    pub fn is_glad(&self) -> bool {
        match self {
            Self::Company { to: Some(_), title, .. } => !title.as_deref().is_some_and(tells_of_no_job),
            Self::Position { title, .. } => !tells_of_no_job(title),
            Self::Company { to: None, .. } | Self::Name { .. } | Self::Reach { .. } => false,
        }
    }

    /// Returns it as a sentence about the one called `who`, without its full stop: "Ana moved to Acme as CTO".
    #[must_use]
    pub fn words(&self, who: &str) -> String {
        match self {
            Self::Company { to: Some(to), title: Some(title), .. } => format!("{who} moved to {to} as {title}"),
            Self::Company { to: Some(to), title: None, .. } => format!("{who} moved to {to}"),
            Self::Company { to: None, from: Some(from), .. } => format!("{who} is no longer at {from}"),
            Self::Company { to: None, from: None, .. } => format!("{who} has no company any more"),
            Self::Position { title, at: Some(at) } => format!("{who} is now {title} at {at}"),
            Self::Position { title, at: None } => format!("{who} is now {title}"),
            Self::Name { from, to } => format!("{from} is now called {to}"),
            Self::Reach { way, to: Some(to), from: Some(from) } => {
                format!("{who} has the {} {to} instead of {from}", way.noun())
            }
            Self::Reach { way, to: Some(to), from: None } => format!("{who} has the {} {to} as well", way.noun()),
            Self::Reach { way, to: None, from: Some(from) } => format!("{who} no longer has the {} {from}", way.noun()),
            Self::Reach { way, to: None, from: None } => format!("{who} has another {}", way.noun()),
        }
    }
}

/// Words with which a position tells that somebody has none.
const NO_JOB: [&str; 15] = [
    "seeking",
    "looking for",
    "open to",
    "new opportunit",
    "available",
    "job search",
    "job seeker",
    "unemployed",
    "between jobs",
    "career break",
    "in transition",
    "former",
    "retired",
    "jobsuch",
    "arbeitssuch",
];

/// Whether a position says that somebody left one or looks for one: "Seeking new opportunities", "Former CTO".
fn tells_of_no_job(title: &str) -> bool {
    let title = fold_text(title);
    let begins = |word: &str| {
        let pieces: Vec<&str> = title.split(word).collect();
        let before = pieces.split_last().map_or(&[][..], |(_, before)| before);
        before.iter().any(|before| !before.ends_with(char::is_alphanumeric))
    };
    NO_JOB.into_iter().any(begins)
}

/// Returns all that changed from one content of a card to the next: the news, and how they are reached.
#[must_use]
pub fn history(before: &Card, after: &Card, region: Option<Region>) -> Vec<Change> {
    let mut changes = changes(before, after);
    if is_own(before) || is_own(after) {
        return changes;
    }
    changes.extend(of_way(Way::Email, emails(before), &emails(after)));
    changes.extend(of_way(Way::Phone, phones(before, region), &phones(after, region)));
    changes.extend(of_way(Way::Address, places(before), &places(after)));
    changes
}

/// What was not known before is no change, and a file that leaves all of a kind out may not hold that kind.
fn of_way(way: Way, was: Vec<String>, is: &[String]) -> Vec<Change> {
    if was.is_empty() || is.is_empty() {
        return Vec::new();
    }
    let new: Vec<String> = is.iter().filter(|value| !was.contains(value)).cloned().collect();
    let gone: Vec<String> = was.into_iter().filter(|value| !is.contains(value)).collect();
    let count = new.len().max(gone.len());
    let (mut new, mut gone) = (new.into_iter(), gone.into_iter());
    (0..count).map(|_| Change::Reach { way, to: new.next(), from: gone.next() }).collect()
}

/// Returns what changed from one content of a card to the next, as far as it is news.
///
/// Where a company was not known before, learning it is no change. What kith itself wrote, and is read again, is no news.
#[must_use]
pub fn changes(before: &Card, after: &Card) -> Vec<Change> {
    if is_own(after) {
        return Vec::new();
    }
    let mut changes = Vec::new();
    let (from, to) = (display_name(before), display_name(after));
    if !from.is_empty() && !to.is_empty() && fold_text(&from) != fold_text(&to) {
        changes.push(Change::Name { from, to });
    }
    let title = title(after).filter(|new| !has_title(before, new));
    match (company(before), company(after)) {
        (Some(_), Some(to)) if !has_company(before, to) => changes.push(Change::Company {
            to: Some(to.to_owned()),
            title: self::title(after).map(str::to_owned),
            from: company(before).map(str::to_owned),
        }),
        (Some(from), None) => {
            changes.push(Change::Company { to: None, title: None, from: Some(from.to_owned()) });
        }
        (_, at) => {
            if let Some(title) = title.filter(|_| self::title(before).is_some()) {
                changes.push(Change::Position { title: title.to_owned(), at: at.map(str::to_owned) });
            }
        }
    }
    changes
}

/// Returns how the one is called whom a change is about.
#[must_use]
pub fn called(card: &Card) -> String {
    first_name_of(card)
}

fn emails(card: &Card) -> Vec<String> {
    unique(card.emails.iter().filter_map(|email| normalize::email(&email.address)))
}

fn phones(card: &Card, region: Option<Region>) -> Vec<String> {
    unique(card.phones.iter().filter_map(|phone| normalize::phone(&phone.number, region)))
}

fn places(card: &Card) -> Vec<String> {
    unique(card.addresses.iter().filter_map(address).map(|address| in_a_line(&address)))
}

fn company(card: &Card) -> Option<&str> {
    card.organizations.iter().map(|organization| organization.name.trim()).find(|name| !name.is_empty())
}

fn title(card: &Card) -> Option<&str> {
    card.titles.iter().map(|title| title.trim()).find(|title| !title.is_empty())
}

fn has_company(card: &Card, name: &str) -> bool {
    card.organizations.iter().any(|organization| fold_text(&organization.name) == fold_text(name))
}

fn has_title(card: &Card, title: &str) -> bool {
    card.titles.iter().any(|known| fold_text(known) == fold_text(title))
}

#[cfg(test)]
mod tests {
    use kith_proto::card::{Name, Organization};

    use super::*;

    fn card(name: &str, company: &str, title: &str) -> Card {
        let organization = Organization { name: company.to_owned(), units: Vec::new() };
        Card {
            name: Name { full: Some(name.to_owned()), components: Vec::new() },
            organizations: if company.is_empty() { Vec::new() } else { vec![organization] },
            titles: if title.is_empty() { Vec::new() } else { vec![title.to_owned()] },
            ..Card::default()
        }
    }

    #[track_caller]
    fn check(before: (&str, &str), after: (&str, &str), expected: &[&str]) {
        let (before, after) = (card("Ana Silva", before.0, before.1), card("Ana Silva", after.0, after.1));
        let told: Vec<String> = changes(&before, &after).iter().map(|change| change.words(&called(&after))).collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn tells_where_somebody_moved() {
        check(("Reef", "Engineer"), ("Acme", "CTO"), &["Ana moved to Acme as CTO"]);
        check(("Reef", "Engineer"), ("Acme", ""), &["Ana moved to Acme"]);
        check(("Reef", "Engineer"), ("Reef", "CTO"), &["Ana is now CTO at Reef"]);
        check(("Reef", "Engineer"), ("", ""), &["Ana is no longer at Reef"]);
        check(("", "Engineer"), ("", "Writer"), &["Ana is now Writer"]);
    }

    #[test]
    fn one_congratulates_on_a_job_and_not_on_having_lost_it() {
        let glad = |after: (&str, &str)| {
            changes(&card("Ana", "Reef", "Engineer"), &card("Ana", after.0, after.1))[0].is_glad()
        };
        assert!(glad(("Acme", "CTO")) && glad(("Acme", "")) && glad(("Reef", "Lead Performer")));
        for lost in [
            ("", ""),
            ("Reef", "Seeking new opportunities"),
            ("Acme", "Former CTO"),
            ("", "#OpenToWork | Open to work"),
        ] {
            assert!(!glad(lost), "{lost:?}");
        }
    }

    #[test]
    fn spelling_and_what_was_not_known_before_are_no_news() {
        check(("Reef", "Engineer"), ("REEF ", "engineer"), &[]);
        check(("", ""), ("Acme", "CTO"), &[]);
        check(("Reef", ""), ("Reef", "CTO"), &[]);
        check(("Reef", "CTO"), ("Reef", ""), &[]);
    }

    #[test]
    fn a_new_name_is_told_with_the_old_one() {
        let told = changes(&card("Ana Silva", "", ""), &card("Ana Costa", "", ""));
        assert_eq!(told[0].words("Ana"), "Ana Silva is now called Ana Costa");
        assert!(!told[0].is_of_job());
        assert_eq!(changes(&card("Zoë Brandt", "", ""), &card("zoe brandt", "", "")), []);
    }
    #[test]
    fn how_somebody_is_reached_is_history_and_no_news() {
        use kith_proto::card::Email;
        let with = |addresses: &[&str]| Card {
            emails: addresses.iter().map(|a| Email { address: (*a).to_owned(), ..Email::default() }).collect(),
            ..card("Ana Silva", "", "")
        };
        let told = |before: &[&str], after: &[&str]| {
            assert_eq!(changes(&with(before), &with(after)), []);
            let found = history(&with(before), &with(after), None);
            found.iter().map(|change| change.words("Ana")).collect::<Vec<_>>()
        };
        assert_eq!(
            told(&["ana@a.example"], &["Ana@B.example"]),
            ["Ana has the mail address ana@b.example instead of ana@a.example"]
        );
        assert_eq!(
            told(&["ana@a.example"], &["ana@a.example", "ana@b.example"]),
            ["Ana has the mail address ana@b.example as well"]
        );
        assert_eq!(
            told(&["ana@a.example", "ana@b.example"], &["ana@b.example"]),
            ["Ana no longer has the mail address ana@a.example"]
        );
        assert_eq!(told(&["ana@a.example"], &[]), Vec::<String>::new(), "the file may not hold any");
        assert_eq!(told(&[], &["ana@a.example"]), Vec::<String>::new());
    }
}
