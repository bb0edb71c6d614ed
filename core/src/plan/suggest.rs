//! Proposals: which circle would suit somebody the owner really writes to.
//!
//! Nobody is put in a circle unasked. Whom the owner really writes to is decided in `book`.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Circle;
use crate::cadence::Cadence;
use crate::fact::{OccurrenceId, Planned, Reminder};
use crate::id::RecordId;

/// The name under which the word after the first import is written down, as if a schedule had planned it. That it is there
/// means that the word was said.
pub const WELCOME: &str = "welcome";

/// How many names the word after the first import mentions.
const NAMED_AT_MOST: usize = 3;

/// After how many days without contact it is not said that the owner writes to somebody.
const LATELY_DAYS: i64 = 365;

/// As so many gaps counts how long somebody has been silent: who wrote each week, and not for a year, does so no more.
const SILENT_GAPS: u64 = 3;

/// How many days after a message another still belongs to the same exchange.
const ANSWER_DAYS: i64 = 2;

/// How long a day is.
const DAY_SECONDS: i64 = 86_400;

/// Somebody the owner really writes to, in no circle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correspondent {
    /// The person's id.
    pub record: RecordId,
    /// The name.
    pub name: String,
    /// How many messages the owner wrote to the person.
    pub written: u32,
    /// How many the person wrote to the owner.
    pub received: u32,
    /// When there was contact, where known, in any order.
    pub contacts: Vec<Timestamp>,
}

/// A circle that is proposed for somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The person's id.
    pub record: RecordId,
    /// The name.
    pub name: String,
    /// The circle's name.
    pub circle: String,
    /// How often the owner wants to talk to those in it.
    pub cadence: Cadence,
    /// Why, in words.
    pub reason: String,
    /// When there last was contact, where known.
    pub last: Option<Timestamp>,
}

/// Proposes a circle for each: the one with the shortest cadence in which their usual gap fits, else the one with the longest.
///
/// Those in touch within a year come first, and of them those written to most. For whom is silent a longer cadence is
/// proposed. Without circles there is nothing to propose.
#[must_use]
pub fn suggest(
    correspondents: impl IntoIterator<Item = Correspondent>,
    circles: &[Circle],
    now: Timestamp,
) -> Vec<Proposal> {
    let mut circles: Vec<_> = circles.iter().collect();
    circles.sort_by_key(|circle| circle.cadence.ideal().approximate_days());
    let mut correspondents: Vec<_> = correspondents.into_iter().collect();
    let order = |c: &Correspondent| (is_silent(c.last(), now), core::cmp::Reverse(c.written), c.name.clone(), c.record);
    correspondents.sort_by_cached_key(order);
    correspondents.into_iter().filter_map(|correspondent| propose(correspondent, &circles, now)).collect()
}

/// Returns the one word to the owner after the first import with messages: kith could remind you of these people.
///
/// It names those in touch within a year, and others only where there are none. `None` while there is nobody to propose. Ask only while no plan named [`WELCOME`] was ever written.
#[must_use]
pub fn first_import_word(proposals: &[Proposal], now: Timestamp) -> Option<Planned> {
    let is_lately = |proposal: &&Proposal| !is_silent(proposal.last, now);
    let lately: Vec<&Proposal> = proposals.iter().filter(is_lately).collect();
    let (verb, all) = if lately.is_empty() { ("wrote", proposals.iter().collect()) } else { ("write", lately) };
    let names: Vec<_> = all.iter().take(NAMED_AT_MOST).map(|proposal| proposal.name.as_str()).collect();
    let (last, others) = names.split_last()?;
    let more = all.len() - names.len();
    let people = match (others.is_empty(), more) {
        (true, 0) => (*last).to_owned(),
        (false, 0) => format!("{} and {last}", others.join(", ")),
        (_, more) => format!("{} and {more} more", names.join(", ")),
    };
    let reminder = Reminder {
        step: Some("Run kith circle suggest and answer yes or no.".to_owned()),
        ..Reminder::new(
            OccurrenceId(format!("{WELCOME}/1")),
            vec![format!("You {verb} to {people}. kith can tell you when it has been a while, if you like.")],
        )
    };
    Some(Planned { schedule: WELCOME.to_owned(), due: now, missed: 0, reminders: vec![reminder] })
}

impl Correspondent {
    fn last(&self) -> Option<Timestamp> {
        self.contacts.iter().max().copied()
    }
}

/// Whether the last contact is more than a year ago.
#[must_use]
pub fn is_silent(last: Option<Timestamp>, now: Timestamp) -> bool {
    last.is_some_and(|last| last.as_second() < now.as_second() - LATELY_DAYS * DAY_SECONDS)
}

fn propose(correspondent: Correspondent, circles: &[&Circle], now: Timestamp) -> Option<Proposal> {
    let last = correspondent.last();
    let silent = last.map_or(0, |last| (now.as_second() - last.as_second()).max(0) / DAY_SECONDS);
    let gap_days = usual_gap_days(&correspondent).max(silent.unsigned_abs() / SILENT_GAPS);
    let fits = |circle: &&&Circle| u64::from(circle.cadence.ideal().approximate_days()) >= gap_days;
    let circle = circles.iter().find(fits).or_else(|| circles.last())?;
    let times = |count: u32| if count == 1 { "once".to_owned() } else { format!("{count} times") };
    let reason = match correspondent.received {
        0 => format!("You wrote {}", times(correspondent.written)),
        received => format!("You wrote {} and got {received} back", times(correspondent.written)),
    };
    let year = last.filter(|_| is_silent(last, now)).map(|last| last.to_zoned(TimeZone::UTC).year());
    let reason = year.map_or_else(|| format!("{reason}."), |year| format!("{reason}, the last time in {year}."));
    Some(Proposal {
        last,
        record: correspondent.record,
        name: correspondent.name,
        circle: circle.name.clone(),
        cadence: circle.cadence.ideal(),
        reason,
    })
}

/// The days that usually lie between two exchanges; a year's worth of messages is assumed where it is not known when they were.
///
/// Messages of one day are one exchange, and so is an answer within a few days: who wrote and answered twice, two months apart,
/// writes every two months.
fn usual_gap_days(correspondent: &Correspondent) -> u64 {
    let mut days: Vec<i64> = correspondent.contacts.iter().map(|at| at.as_second().div_euclid(DAY_SECONDS)).collect();
    days.sort_unstable();
    // Each is as far as the first of its exchange allows, so that a lively week is one.
    days.dedup_by(|day, begun| *day - *begun <= ANSWER_DAYS);
    match (days.first(), days.last()) {
        (Some(first), Some(last)) if days.len() > 1 => {
            let gaps = u64::try_from(days.len() - 1).unwrap_or(u64::MAX);
            (last - first).unsigned_abs() / gaps
        }
        _ => 365 / u64::from(correspondent.written.saturating_add(correspondent.received).max(1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn correspondent(name: &str, written: u32, received: u32, first: Option<&str>) -> Correspondent {
        let last: Timestamp = "2026-11-01T12:00:00Z".parse().unwrap();
        let first = first.map(|at| at.parse::<Timestamp>().unwrap());
        let count = i32::try_from(written + received).unwrap();
        // Evenly between the first and the last.
        let nth = |first: Timestamp, n: i32| first + last.duration_since(first) / (count - 1).max(1) * n;
        let contacts = first.map(|first| (0..count).map(|n| nth(first, n)).collect()).unwrap_or_default();
        Correspondent { record: RecordId::new("mail", name), name: name.to_owned(), written, received, contacts }
    }

    fn circles() -> Vec<Circle> {
        let circle = |name: &str, cadence: &str| Circle { name: name.to_owned(), cadence: cadence.parse().unwrap() };
        vec![circle("far", "6 months"), circle("close", "3 weeks"), circle("friends", "2 months")]
    }

    fn now() -> Timestamp {
        "2026-11-23T12:00:00Z".parse().unwrap()
    }

    #[track_caller]
    fn proposes(correspondent: Correspondent, circle: &str) {
        let proposals = suggest([correspondent], &circles(), now());
        assert_eq!(proposals.iter().map(|p| p.circle.as_str()).collect::<Vec<_>>(), [circle]);
        let cadence = circles().into_iter().find(|known| known.name == circle).map(|known| known.cadence.ideal());
        assert_eq!(proposals.first().map(|proposal| proposal.cadence), cadence);
    }

    #[test]
    fn proposes_the_circle_in_which_the_usual_gap_fits() {
        proposes(correspondent("weekly", 52, 52, Some("2025-11-01T12:00:00Z")), "close");
        proposes(correspondent("every other month", 4, 3, Some("2025-11-01T12:00:00Z")), "friends");
        proposes(correspondent("twice a year", 3, 0, Some("2025-11-01T12:00:00Z")), "far");
        proposes(correspondent("less than that", 2, 0, Some("2020-11-01T12:00:00Z")), "far");
        proposes(correspondent("first unknown", 9, 9, None), "close");
        proposes(correspondent("once", 1, 0, None), "far");
    }

    #[test]
    fn many_messages_of_one_exchange_are_one_contact() {
        let of_days = |days: &[&str]| {
            let contacts = days.iter().map(|day| format!("{day}:00:00Z").parse().unwrap()).collect();
            Correspondent { contacts, ..correspondent("Ana", 4, 4, None) }
        };
        let days =
            ["2026-06-01T08", "2026-06-01T09", "2026-06-02T09", "2026-07-31T08", "2026-08-01T09", "2026-08-02T07"];
        proposes(of_days(&days), "friends");
        proposes(of_days(&["2026-10-01T08", "2026-10-01T09", "2026-10-15T08", "2026-10-31T08"]), "close");
    }

    #[test]
    fn whoever_fell_silent_is_proposed_for_less_and_behind_the_others() {
        let of = |name: &str, days: &[&str]| {
            let contacts = days.iter().map(|day| format!("{day}T12:00:00Z").parse().unwrap()).collect();
            Correspondent { contacts, ..correspondent(name, 3, 1, None) }
        };
        let burst = of("Ana", &["2022-11-01", "2022-11-10", "2022-11-20"]);
        let due = Correspondent { written: 2, ..of("Bo", &["2026-10-01", "2026-10-10", "2026-10-19"]) };
        let told: Vec<_> = suggest([burst, due], &circles(), now()).into_iter().map(|p| (p.circle, p.reason)).collect();
        let told: Vec<_> = told.iter().map(|(circle, reason)| (circle.as_str(), reason.as_str())).collect();
        let says = ["You wrote 2 times and got 1 back.", "You wrote 3 times and got 1 back, the last time in 2022."];
        assert_eq!(told, [("close", says[0]), ("far", says[1])]);
    }

    #[test]
    fn proposes_nothing_without_circles() {
        assert_eq!(suggest([correspondent("Ana", 9, 9, None)], &[], now()), []);
    }

    #[test]
    fn the_word_after_the_first_import_names_the_most_written_to() {
        let word = |names: &[(&str, u32)]| {
            let people = names.iter().map(|(name, written)| correspondent(name, *written, 1, None));
            let planned = first_import_word(&suggest(people, &circles(), now()), now())?;
            planned.reminders.first().map(|reminder| reminder.reasons.join(" "))
        };
        let offer = "kith can tell you when it has been a while, if you like.";
        assert_eq!(word(&[]), None);
        assert_eq!(word(&[("Ana", 1)]), Some(format!("You write to Ana. {offer}")));
        assert_eq!(word(&[("Ana", 1), ("Bo", 9)]), Some(format!("You write to Bo and Ana. {offer}")));
        let five = [("Ana", 5), ("Bo", 4), ("Cleo", 3), ("Dan", 2), ("Eva", 1)];
        assert_eq!(word(&five), Some(format!("You write to Ana, Bo, Cleo and 2 more. {offer}")));
    }

    #[test]
    fn whoever_was_not_in_touch_for_a_year_is_named_only_where_nobody_else_is() {
        let ana = correspondent("Ana", 9, 9, Some("2026-01-01T12:00:00Z"));
        let at = "2024-05-01T12:00:00Z".parse().unwrap();
        let bo = Correspondent { contacts: vec![at], ..correspondent("Bo", 30, 30, None) };
        let word = |people: Vec<Correspondent>| {
            let planned = first_import_word(&suggest(people, &circles(), now()), now())?;
            planned.reminders.first().and_then(|reminder| reminder.reasons.first().cloned())
        };
        assert!(word(vec![bo.clone(), ana]).unwrap().starts_with("You write to Ana."));
        assert!(word(vec![bo]).unwrap().starts_with("You wrote to Bo."));
    }
}
