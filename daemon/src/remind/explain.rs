//! Why a reminder of one person comes or not: what the plan would look at, gathered for `kith_core::plan::explain`.

use jiff::Timestamp;
use kith_core::book::people::{Life, Person};
use kith_core::book::reminders::ReminderState;
use kith_core::plan::explain::{Gone, Last, Linkedin, NAMED, Standing, explain};
use kith_core::plan::{self, Candidate, Rules};

use crate::config::Config;
use crate::keeper::Keeper;
use crate::remind::people::{Coming, ahead, day, is_over};
use crate::remind::rules;
use crate::store::StoreError;
use crate::view::planning::{self, Days};

/// How far ahead the next reminder is looked for.
const AHEAD_DAYS: u16 = 92;

/// Why a reminder comes or not, and when the next one will, as things stand.
#[derive(Debug)]
pub struct Explained {
    /// Why, each in a sentence.
    pub why: Vec<String>,
    /// The next one, within three months.
    pub next: Option<Coming>,
}

/// Explains why a reminder of a person comes or not.
///
/// # Errors
/// When the store cannot be read.
pub fn of(keeper: &Keeper, config: &Config, person: &Person, now: Timestamp) -> Result<Explained, StoreError> {
    let day = day(&keeper.book(), config, now);
    let rules = rules::rules(config, &keeper.book());
    let days = Days { first: day.today, last: day.today, lead_days: rules.lead_days };
    let candidates = planning::candidates(keeper, days, &day.zone)?;
    let known = candidates.iter().find(|candidate| candidate.record == person.id).cloned();
    let candidate = match known {
        Some(candidate) => candidate,
        None => planning::of(keeper, person, day.today, &day.zone)?,
    };
    let mut standing = standing(keeper, config, person, now);
    (standing.before, standing.more_before) = before(keeper, &candidates, &candidate, &rules, &day)?;
    let who = planning::particulars(keeper, &candidate)?;
    let coming = ahead(keeper, config, now, AHEAD_DAYS)?;
    let next = coming.into_iter().find(|coming| coming.reminder.record == Some(person.id));
    Ok(Explained { why: explain(&candidate, &who, &rules, &day, &standing), next })
}

/// Returns those whom the plan names before somebody, where they take up the day's number: the first few, and how many more.
fn before(
    keeper: &Keeper,
    candidates: &[Candidate],
    who: &Candidate,
    rules: &Rules,
    day: &plan::Day,
) -> Result<(Vec<String>, usize), StoreError> {
    let due = plan::ranked(candidates, rules, day);
    let place = due.iter().position(|due| due.candidate.record == who.record);
    let place = place.filter(|place| *place >= rules.number()).unwrap_or(0);
    let named = due.iter().take(place.min(NAMED)).map(|due| Ok(planning::particulars(keeper, due.candidate)?.name));
    Ok((named.collect::<Result<_, StoreError>>()?, place.saturating_sub(NAMED)))
}

fn standing(keeper: &Keeper, config: &Config, person: &Person, now: Timestamp) -> Standing {
    let elsewhere = !rules::delivers(keeper, config, now);
    let zone = config.zone();
    let book = keeper.book();
    let only = book.is_known_by_linkedin_alone(person);
    let giving = book.words().giving();
    let gone = match person {
        Person { me: true, .. } => Some(Gone::Owner),
        Person { life: Life::Died, .. } => Some(Gone::Died),
        Person { retired: true, .. } => Some(Gone::Retired),
        Person { listed: false, .. } => Some(Gone::NoPerson),
        Person { .. } => None,
    };
    let states = book.words().reminders().values();
    let theirs =
        states.filter(|state| state.reminder.record.is_some_and(|record| book.person_id(&record) == person.id));
    let waiting = book.waiting().into_iter().find(|waiting| waiting.known && waiting.person == person.id);
    let newest = theirs.max_by_key(|state| (state.planned_at, state.due));
    Standing {
        gone,
        muted: giving.is_muted(&person.records()),
        paused_until: giving.paused_until(),
        day_off: config.days_off.contains(&zone.to_datetime(now).weekday()),
        quiet_until: config.quiet.and_then(|quiet| quiet.until(now, &zone)).map(|at| zone.to_datetime(at).time()),
        elsewhere,
        waiting: waiting.map(|waiting| zone.to_datetime(waiting.since).date()),
        linkedin_only: if only { Linkedin::Only } else { Linkedin::NotOnly },
        before: Vec::new(),
        more_before: 0,
        last: newest.map(|state| Last {
            on: zone.to_datetime(state.planned_at).date(),
            channels: channels(state),
            answered: is_over(&book, state),
        }),
    }
}

fn channels(state: &ReminderState) -> Vec<(String, Option<kith_core::fact::Outcome>)> {
    let names = state.intents.iter().chain(state.outcomes.keys()).collect::<std::collections::BTreeSet<_>>();
    names.into_iter().map(|name| (name.clone(), state.outcomes.get(name).cloned())).collect()
}
