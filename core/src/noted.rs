//! Days that a card notes besides the birthday: when somebody began where they work, a wedding day, any day with a label.
//!
//! A card has no word for the day on which somebody began; programs write it as a day with a label. Which of these days is
//! told, and when, is `plan`. Of a day without month and day nothing comes back; of the dead no such day is kept.
//!
//! ```text
//!  X-ABDATE "Hire date" ─▶ Began     ANNIVERSARY ─▶ Wedding     X-ABDATE "Name day" ─▶ Labelled
//! ```

use jiff::Timestamp;
use jiff::civil::Date;
use kith_proto::card::{Anniversary, AnniversaryKind, Card};
use serde::{Deserialize, Serialize};

use crate::normalize::{company_key, fold_text, tidy};
use crate::portrait::Account;
use crate::provenance::unique;

/// The label of the day on which somebody began where they work.
pub const WORK_ANNIVERSARY: &str = "Work anniversary";

/// On which day of February those days come back in common years that were on the 29th.
const COMMON_YEARS_DAY: i8 = 28;

/// How many days of a card are kept: what has more is a calendar.
const DAYS_LIMIT: usize = 32;

/// Labels of the day on which somebody began where they work, folded and without spaces. "Start date" alone is none: of what?
const BEGAN: &[&str] = &[
    "workanniversary",
    "jobanniversary",
    "serviceanniversary",
    "hiredate",
    "hiredon",
    "hired",
    "datehired",
    "dateofhire",
    "jobstart",
    "jobstartdate",
    "workstart",
    "workstartdate",
    "employmentstart",
    "employmentstartdate",
    "employedsince",
    "joinedcompany",
    "startedwork",
    "arbeitsbeginn",
    "arbeitsjubilaum",
    "betriebsjubilaum",
    "dienstjubilaum",
    "eintrittsdatum",
    "einstellungsdatum",
    "firmeneintritt",
    "firmenjubilaum",
    "anniversaireprofessionnel",
    "datedembauche",
    "embauche",
    "aniversariolaboral",
    "fechadecontratacion",
    "aniversariodetrabalho",
    "datadeadmissao",
    "datadicontratto",
    "datadiassunzione",
    "datumindiensttreding",
    "indiensttreding",
];

/// Labels that say nothing, or that a day does not come back.
const NO_DAY: &[&str] = &[
    "",
    "added",
    "andere",
    "andre",
    "autre",
    "benutzerdefiniert",
    "created",
    "custom",
    "date",
    "datum",
    "day",
    "event",
    "lastcontact",
    "lastcontacted",
    "lastmet",
    "lastseen",
    "modified",
    "other",
    "otro",
    "sonstige",
    "tag",
    "updated",
];

/// What a day is that a card notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Noted {
    /// They began where they work.
    Began,
    /// They married.
    Wedding,
    /// What its label says.
    Labelled,
}

/// A day that a card notes, and that comes back every year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NotedDay {
    /// What it is.
    pub what: Noted,
    /// The month, 1 to 12.
    pub month: i8,
    /// The day of the month, 1 to 31.
    pub day: i8,
    /// The year, where it is known.
    pub year: Option<i16>,
}

/// Returns whether a card says that its person died, also where it does not say when: RFC 6474 §2.3 allows a text.
#[must_use]
pub fn has_died(card: &Card) -> bool {
    let day = card.anniversaries.iter().any(|anniversary| anniversary.kind == AnniversaryKind::Death);
    day || card
        .v_card_props
        .iter()
        .any(|prop| prop.name.eq_ignore_ascii_case("DEATHDATE") && !prop.value.trim().is_empty())
}

/// Returns the days that a card notes, each once.
#[must_use]
pub fn noted_days(card: &Card) -> Vec<NotedDay> {
    if has_died(card) {
        return Vec::new();
    }
    let births = || card.anniversaries.iter().filter(|anniversary| anniversary.kind == AnniversaryKind::Birth);
    let is_birth = |day: &NotedDay| {
        day.what == Noted::Labelled
            && births().any(|birth| (birth.date.month(), birth.date.day()) == (Some(day.month), Some(day.day)))
    };
    let days = card.anniversaries.iter().take(DAYS_LIMIT).filter_map(noted_day);
    merged(days.filter(|day| !is_birth(day)))
}

/// Returns each of these days once; where one says the year, with it.
pub(crate) fn merged(days: impl IntoIterator<Item = NotedDay>) -> Vec<NotedDay> {
    let mut days: Vec<NotedDay> = days.into_iter().collect();
    days.sort_unstable_by_key(|day| (day.what, day.month, day.day, core::cmp::Reverse(day.year)));
    days.dedup_by_key(|day| (day.what, day.month, day.day));
    days
}

/// Returns the labels of a day, as these accounts write them, each once.
#[must_use]
pub fn labels(accounts: &[Account], noted: NotedDay) -> Vec<String> {
    let days = accounts.iter().flat_map(|account| &account.card.anniversaries);
    let such = |day: &&Anniversary| {
        noted_day(day).is_some_and(|day| (day.what, day.month, day.day) == (noted.what, noted.month, noted.day))
    };
    let mut labels = unique(days.filter(such).filter_map(|day| day.label.as_deref()).map(tidy));
    let mut seen = Vec::new();
    labels.retain(|label| {
        let folded = fold_text(label);
        let is_new = !seen.contains(&folded);
        seen.push(folded);
        is_new
    });
    labels
}

/// Returns on which day somebody began at the company that is shown of them; `accounts` come in order of trust.
///
/// A day counts while it is about that company: the card that notes it names the company, or names none and was not followed
/// by another company. `moved` is when a source first showed the newest one. That is no day on which somebody began: it says
/// when a file told of it, and people write new work into their profiles weeks later.
#[must_use]
pub fn began<'a>(
    accounts: impl IntoIterator<Item = &'a Account>,
    company: Option<&str>,
    moved: Option<Timestamp>,
) -> Option<NotedDay> {
    let company = company.map(company_key);
    let holds = |account: &&Account| {
        let mut companies = account.card.organizations.iter().map(|organization| company_key(&organization.name));
        let names_one = account.card.organizations.iter().any(|organization| !organization.name.trim().is_empty());
        if names_one {
            companies.any(|named| Some(&named) == company.as_ref())
        } else {
            moved.is_none_or(|moved| account.seen.is_some_and(|seen| seen >= moved))
        }
    };
    accounts.into_iter().filter(holds).find_map(|account| {
        noted_days(&account.card).into_iter().filter(|day| day.what == Noted::Began).max_by_key(|day| day.year)
    })
}

/// Returns the day on which a month and a day come back in a year: 29 February in common years on the day before 1 March.
#[must_use]
pub fn comes_back(month: i8, day: i8, year: i16) -> Option<Date> {
    Date::new(year, month, day).or_else(|_| Date::new(year, month, COMMON_YEARS_DAY)).ok()
}

fn noted_day(anniversary: &Anniversary) -> Option<NotedDay> {
    let (month, day) = (anniversary.date.month()?, anniversary.date.day()?);
    let what = match anniversary.kind {
        AnniversaryKind::Birth | AnniversaryKind::Death => return None,
        AnniversaryKind::Wedding => Noted::Wedding,
        AnniversaryKind::Other => of_label(anniversary.label.as_deref()?)?,
    };
    Some(NotedDay { what, month, day, year: anniversary.date.year() })
}

fn of_label(label: &str) -> Option<Noted> {
    let folded: String = fold_text(label).chars().filter(|c| c.is_alphanumeric()).collect();
    if NO_DAY.contains(&folded.as_str()) {
        return None;
    }
    Some(if BEGAN.contains(&folded.as_str()) { Noted::Began } else { Noted::Labelled })
}

#[cfg(test)]
mod tests {
    use kith_proto::api::ExportRecord;
    use kith_proto::card::Organization;
    use kith_proto::date::PartialDate;

    use super::*;
    use crate::digest::digest_card;
    use crate::id::RecordId;
    use crate::provenance::Trust;

    /// Kind, label and date of a day.
    type Day<'a> = (AnniversaryKind, &'a str, (Option<i16>, i8, i8));

    fn anniversary((kind, label, date): Day<'_>) -> Anniversary {
        let label = (!label.is_empty()).then(|| label.to_owned());
        let date = PartialDate::new(date.0, Some(date.1), Some(date.2)).unwrap();
        Anniversary { kind, date, raw: None, label }
    }

    fn card(company: &str, days: &[Day<'_>]) -> Card {
        let organization = Organization { name: company.to_owned(), units: Vec::new() };
        Card {
            organizations: if company.is_empty() { Vec::new() } else { vec![organization] },
            anniversaries: days.iter().copied().map(anniversary).collect(),
            ..Card::default()
        }
    }

    #[track_caller]
    fn is(label: &str, expected: Option<Noted>) {
        let card = card("", &[(AnniversaryKind::Other, label, (Some(2020), 3, 1))]);
        assert_eq!(noted_days(&card).first().map(|day| day.what), expected, "{label}");
    }

    #[test]
    fn a_label_says_what_a_day_is() {
        for label in
            [WORK_ANNIVERSARY, "Hire Date", "hire-date", "Employment start", "Firmenjubiläum", "Date d'embauche"]
        {
            is(label, Some(Noted::Began));
        }
        for label in ["Name day", "Start date", "Sobriety", "Work", "誕生日"] {
            is(label, Some(Noted::Labelled));
        }
        for label in ["", "Other", "Custom", "Last contacted"] {
            is(label, None);
        }
    }

    #[test]
    fn a_birthday_noted_twice_and_the_days_of_the_dead_are_no_days_of_their_own() {
        let birth = (AnniversaryKind::Birth, "", (Some(1988), 4, 12));
        let again = (AnniversaryKind::Other, "Geburtstag", (None, 4, 12));
        let wedding = (AnniversaryKind::Wedding, "", (Some(2012), 4, 12));
        let days = noted_days(&card("", &[birth, again, wedding]));
        assert_eq!(days.iter().map(|day| day.what).collect::<Vec<_>>(), [Noted::Wedding]);
        let death = (AnniversaryKind::Death, "", (Some(2024), 4, 12));
        assert_eq!(noted_days(&card("", &[wedding, death])), []);
    }

    #[test]
    fn of_one_day_written_twice_the_year_is_kept() {
        let with = (AnniversaryKind::Wedding, "", (Some(2012), 4, 12));
        let without = (AnniversaryKind::Wedding, "", (None, 4, 12));
        let days = noted_days(&card("", &[without, with, without]));
        assert_eq!(days.iter().map(|day| day.year).collect::<Vec<_>>(), [Some(2012)]);
    }

    fn account(company: &str, begun: i16, seen: &str) -> Account {
        let card = card(company, &[(AnniversaryKind::Other, "Hire date", (Some(begun), 3, 1))]);
        let (digest, record) = (digest_card(&card, None), RecordId::from_bytes([0; 16]));
        let seen = seen.parse().ok();
        Account { record, origin: ExportRecord::default(), trust: Trust::Card, seen, card, digest }
    }

    #[test]
    fn a_begin_counts_while_it_is_about_the_company_that_is_shown() {
        let year = |accounts: &[&Account], company, moved: Option<&str>| {
            began(accounts.iter().copied(), company, moved.map(|at| at.parse().unwrap())).and_then(|day| day.year)
        };
        let old = account("Reef", 2015, "2020-01-01T00:00:00Z");
        assert_eq!(year(&[&old], Some("REEF GmbH"), None), Some(2015));
        assert_eq!(year(&[&old], Some("Acme"), Some("2024-01-01T00:00:00Z")), None, "they left");
        assert_eq!(year(&[&old], None, None), None);
        let bare = account("", 2021, "2023-01-01T00:00:00Z");
        assert_eq!(year(&[&old, &bare], Some("Acme"), None), Some(2021));
        assert_eq!(year(&[&bare], None, None), Some(2021));
        assert_eq!(
            year(&[&bare], Some("Acme"), Some("2024-01-01T00:00:00Z")),
            None,
            "it was written before they moved"
        );
        let new = account("Acme", 2024, "2024-06-01T00:00:00Z");
        assert_eq!(year(&[&old, &new], Some("Acme"), Some("2024-01-01T00:00:00Z")), Some(2024));
    }

    #[test]
    fn a_day_of_29_february_comes_back_on_the_28th_in_common_years() {
        assert_eq!(comes_back(2, 29, 2027).map(|day| day.to_string()).as_deref(), Some("2027-02-28"));
        assert_eq!(comes_back(2, 29, 2028).map(|day| day.to_string()).as_deref(), Some("2028-02-29"));
    }
}
