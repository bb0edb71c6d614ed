//! What the keeper knows of people, in the words of planning.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use kith_core::book::Book;
use kith_core::book::giving::Promise;
use kith_core::book::introductions::Introduction;
use kith_core::book::people::Person;
use kith_core::book::reminders::ReminderState;
use kith_core::fact::{Kind, Reminder, Tells};
use kith_core::id::RecordId;
use kith_core::plan::brief::is_brief;
use kith_core::plan::event::is_of_event;
use kith_core::plan::outbox::Newer;
use kith_core::plan::reason::Reason;
use kith_core::plan::retell::{is_of_another_offer, is_of_need, is_of_promise, other, retell, settle};
use kith_core::plan::suggest::{Proposal, suggest};
use kith_core::plan::{self, Candidate, Chosen, Day, OPEN_DAYS, Rules};
use kith_proto::api;

use crate::clock;
use crate::config::{Config, Schedule};
use crate::keeper::Keeper;
use crate::remind::when::{end_of, made, next_day, next_occurrence, open_since, rests};
use crate::remind::{events, rules};
use crate::store::StoreError;
use crate::view::giving::may_be_named;
use crate::view::planning::{Days, PROMISED_FOR_DAYS};
use crate::view::{self, planning};

/// Plans the day and returns its reminders: none on a day off and during a pause.
///
/// # Errors
/// When the store cannot be read.
pub fn plan(keeper: &Keeper, config: &Config, schedule: &str, now: Timestamp) -> Result<Vec<Reminder>, StoreError> {
    let day = day(&keeper.book(), config, now);
    if rests(&keeper.book(), config, day.today) {
        return Ok(Vec::new());
    }
    let rules = rules::rules(config, &keeper.book());
    let days = Days { first: day.today, last: day.today, lead_days: rules.lead_days };
    let candidates = planning::candidates(keeper, days, &day.zone)?;
    let named = named(&keeper.book(), schedule, day.today);
    let chosen = plan::plan(&candidates, &rules, &day).into_iter().take(rules.number().saturating_sub(named));
    chosen.map(|chosen| reminder(keeper, &chosen, &rules, schedule, &day)).collect()
}

/// Puts in words that somebody is named.
fn reminder(
    keeper: &Keeper,
    chosen: &Chosen<'_>,
    rules: &Rules,
    schedule: &str,
    day: &Day,
) -> Result<Reminder, StoreError> {
    let who = planning::particulars(keeper, chosen.candidate)?;
    let said = chosen.said(who, rules.season, day.today).into_reminder(schedule, day.today);
    Ok(Reminder { answered_from: chosen.answered_from(day), ..said })
}

/// A reminder that is to come, as things stand.
#[derive(Debug, Clone)]
pub struct Coming {
    /// When its plan is made.
    pub at: Timestamp,
    /// The reminder.
    pub reminder: Reminder,
}

/// Returns what the plans of the next days will name, as if nothing happened meanwhile.
///
/// # Errors
/// When the store cannot be read.
pub fn ahead(keeper: &Keeper, config: &Config, now: Timestamp, days: u16) -> Result<Vec<Coming>, StoreError> {
    let mut day = day(&keeper.book(), config, now);
    let last = day.today.saturating_add(i64::from(days).days());
    let rules = rules::rules(config, &keeper.book());
    let days = Days { first: day.today, last, lead_days: rules.lead_days };
    let candidates = planning::candidates(keeper, days, &day.zone)?;
    let (mut found, mut after) = (Vec::new(), open_since(config, now));
    while let Some(next) = next_occurrence(config, after) {
        day.today = day.zone.to_datetime(made(config, next)).date();
        if day.today > last {
            break;
        }
        if !rests(&keeper.book(), config, day.today) {
            day.next = next_day(&keeper.book(), config, day.today);
            found.extend(of_day(keeper, config, (&candidates, &rules), &mut day, after)?);
        }
        let Some(end) = end_of(day.today, &day.zone) else { break };
        after = open_since(config, end);
    }
    Ok(found)
}

/// Returns what the plans of one day will name behind an instant. Each schedule names so many, however often it comes.
fn of_day(
    keeper: &Keeper,
    config: &Config,
    (candidates, rules): (&[Candidate], &Rules),
    day: &mut Day,
    after: Timestamp,
) -> Result<Vec<Coming>, StoreError> {
    let room = |schedule: &str| rules.number().saturating_sub(named(&keeper.book(), schedule, day.today));
    let names = config.schedules.iter().map(|schedule| schedule.name.as_str());
    let mut rooms: BTreeMap<&str, usize> = names.map(|name| (name, room(name))).collect();
    let (mut found, mut at) = (Vec::new(), after);
    let zone = day.zone.clone();
    loop {
        let has_room = |schedule: &&Schedule| rooms.get(schedule.name.as_str()).is_some_and(|room| *room > 0);
        let next = |schedule: &&Schedule| schedule.cron.next_after(at, &zone);
        let open: Vec<&Schedule> = config.schedules.iter().filter(has_room).collect();
        let Some(first) = open.iter().filter_map(next).min() else { return Ok(found) };
        let made = made(config, first);
        if zone.to_datetime(made).date() != day.today {
            return Ok(found);
        }
        for schedule in open.iter().filter(|schedule| next(schedule) == Some(first)) {
            let due = plan::plan(candidates, rules, day);
            day.planned_before = Some(day.today);
            if due.is_empty() {
                // Nor will a later plan of the day name anybody.
                return Ok(found);
            }
            let Some(room) = rooms.get_mut(schedule.name.as_str()) else { continue };
            for chosen in due.into_iter().take(*room) {
                *room -= 1;
                day.open.insert(chosen.candidate.record, day.today);
                if chosen.kind() == Kind::Rediscover {
                    day.rediscovered = Some(day.today);
                }
                day.tell(chosen.candidate.record, chosen.reasons.iter().map(Reason::tells), made);
                let reminder = reminder(keeper, &chosen, rules, &schedule.name, day)?;
                day.give(chosen.candidate.record, &reminder.tells, &reminder.reasons, made);
                found.push(Coming { at: made, reminder });
            }
        }
        at = first;
    }
}

/// Counts whom a schedule named on a day. The same day comes again on a flight to the west, and when the clock is set back.
fn named(book: &Book, schedule: &str, today: Date) -> usize {
    let of_today = format!("{today}/");
    let reminders = book.words().reminders().iter();
    reminders.filter(|(id, state)| state.schedule == schedule && id.0.starts_with(&of_today)).count()
}

/// Proposes circles for those the owner really writes to.
///
/// # Errors
/// When the store cannot be read.
pub fn proposals(keeper: &Keeper, config: &Config) -> Result<Vec<Proposal>, StoreError> {
    let named = planning::correspondents(keeper, clock::now())?
        .into_iter()
        .filter(|correspondent| !correspondent.name.is_empty());
    Ok(suggest(named, &config.circles, clock::now()))
}

/// Returns a person whole; `None` when the record or the store cannot be read, for a reminder is told all the same.
#[must_use]
pub fn person(keeper: &Keeper, record: &RecordId, config: &Config) -> Option<api::Person> {
    let person = keeper.book().person(record)?;
    let shown = view::person(keeper, &person, &config.circles, &config.zone());
    shown.inspect_err(|error| tracing::warn!(%error, "a person cannot be read from the store")).ok()
}

/// Returns a person's name, if the store can tell it.
#[must_use]
pub fn name(keeper: &Keeper, record: &RecordId) -> Option<String> {
    let person = keeper.book().person(record)?;
    let name = view::name(keeper, &person);
    let name = name.inspect_err(|error| tracing::warn!(%error, "a name cannot be read from the store")).ok();
    name.filter(|name| !name.is_empty())
}

/// Whether nothing more is to be said about a reminder: it was answered, put off, they talked since, the person is gone or muted,
/// all that it tells of is settled, or it is of no use any more.
#[must_use]
pub fn is_over(book: &Book, state: &ReminderState) -> bool {
    if state.reminder.until.is_some_and(|until| until <= clock::now()) {
        return true;
    }
    let Some(record) = state.reminder.record else {
        if is_brief(&state.schedule) {
            return state.done || events::is_off(book, state);
        }
        if is_of_event(&state.schedule) {
            return state.done || events::is_answered(book, state);
        }
        return state.done || book.words().chosen().next().is_some();
    };
    let Reminder { tells, reasons, .. } = &state.reminder;
    let talked = |person: &Person| person.last_interaction.is_some_and(|last| last > state.planned_at);
    let reason = |no: usize| reasons.get(no).filter(|_| reasons.len() == tells.len()).map(String::as_str);
    let answered = |person: &Person| match tells.as_slice() {
        [] => talked(person),
        tells => tells.iter().enumerate().all(|(no, told)| is_settled(book, state, person, told, reason(no))),
    };
    let muted = |person: &Person| book.words().giving().is_muted(&person.records());
    let gone = |person: &Person| !person.may_be_reminded_of() || muted(person);
    let over = |person: Person| gone(&person) || answered(&person);
    state.done || state.snoozed || book.person(&record).is_none_or(over)
}

/// Whether nothing is open any more of one thing that a reminder told: they were in contact since, a promise was kept, an answer
/// was given or is not needed, introductions went on. What they wrote since keeps no promise, and answers no mail of theirs.
fn is_settled(book: &Book, state: &ReminderState, person: &Person, told: &Tells, reason: Option<&str>) -> bool {
    let since = |last: Option<Timestamp>| last.is_some_and(|last| last > state.planned_at);
    let talked = || since(person.last_interaction);
    let is_of_another = |offers: &[String]| reason.is_some_and(|reason| is_of_another_offer(reason, offers));
    let days_before = |days: i64| state.planned_at.checked_sub((24 * days).hours()).unwrap_or(Timestamp::MIN);
    match told.kind {
        Kind::Promise => {
            let is_it = |promise: &Promise| reason.is_none_or(|reason| is_of_promise(reason, &promise.text));
            !promises_of(book, person, told.on).any(is_it) || since(book.last_reached(person))
        }
        // The plan tells of what waits for two days.
        Kind::Waiting => since(book.last_reached(person)) || !book.has_waited(person, days_before(1)),
        Kind::Introduction => {
            // And of what rests for a week.
            let rests = |of: &Introduction| !of.stage.is_over() && of.at <= days_before(6);
            talked() || !book.introductions().iter().any(|of| of.a == person.id && rests(of))
        }
        Kind::Need => {
            talked() || !looks_for(book, person, reason) || is_of_another(&book.words().giving().own_offers())
        }
        Kind::Suggestion => {
            let other = reason.and_then(|reason| other(&state.reminder, reason));
            let is_off = |other: RecordId| book.person(&other).is_none_or(|other| is_off(book, person, &other, reason));
            talked() || !looks_for(book, person, reason) || other.is_some_and(is_off)
        }
        Kind::Cadence | Kind::Rediscover => {
            let from = state.reminder.answered_from;
            talked() || person.last_interaction.zip(from).is_some_and(|(last, from)| last >= from)
        }
        Kind::Birthday | Kind::Day | Kind::News | Kind::Anniversary | Kind::Other => talked(),
    }
}

/// Whether nobody is to be asked any more whether to meet: the introduction is begun, they know each other, the other is to be
/// left alone or does not offer it any more.
fn is_off(book: &Book, person: &Person, other: &Person, reason: Option<&str>) -> bool {
    let is_begun = |of: &Introduction| of.other(person.id) == Some(other.id);
    let offers = book.words().giving().offers_of(&other.records());
    person.id == other.id
        || !may_be_named(book, other)
        || reason.is_some_and(|reason| is_of_another_offer(reason, &offers))
        || book.introductions().iter().any(is_begun)
        || book.know_each_other(person.id, other.id)
}

/// Whether somebody looks still for what a reason tells of.
fn looks_for(book: &Book, person: &Person, reason: Option<&str>) -> bool {
    let needs = book.words().giving().needs_of(&person.records());
    needs.iter().any(|need| reason.is_none_or(|reason| is_of_need(reason, need)))
}

/// Whether a promise was told as due on this day; where it names none, that day depends on the zone.
fn is_due(promise: &Promise, on: Date) -> bool {
    let likely = || {
        let due = promise.at.to_zoned(TimeZone::UTC).date().saturating_add(PROMISED_FOR_DAYS.days());
        due.yesterday().is_ok_and(|from| from <= on) && due.tomorrow().is_ok_and(|to| on <= to)
    };
    promise.due.map_or_else(likely, |due| due == on)
}

/// Returns the day as the plan of this instant would see it.
#[must_use]
pub fn day(book: &Book, config: &Config, now: Timestamp) -> Day {
    let zone = config.zone();
    let date = |at: Timestamp| zone.to_datetime(at).date();
    let planned_before = book.words().last_plan_until(now).map(date);
    let (open, told, given) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let today = date(now);
    let next = next_day(book, config, today);
    let mut day = Day { today, next, zone: zone.clone(), planned_before, open, told, given, rediscovered: None };
    // Facts may run a day ahead of a clock that was set back; what is later was written by a clock that was wrong.
    let believed_until = now.checked_add(24.hours()).unwrap_or(Timestamp::MAX);
    for state in book.words().reminders().values().filter(|state| state.planned_at <= believed_until) {
        let Some(record) = state.reminder.record else { continue };
        let (person, reminded) = (book.person_id(&record), date(state.planned_at));
        if state.reminder.kind == Some(Kind::Rediscover) {
            day.rediscovered = day.rediscovered.max(Some(reminded));
        }
        let Reminder { tells, reasons, .. } = &state.reminder;
        day.tell(person, tells.iter().copied(), state.planned_at);
        // What comes once comes when the time is over for which its person was put off.
        if !state.snoozed {
            day.give(person, tells, reasons, state.planned_at);
        }
        // Whoever was named today is not named again today, whatever came of it; who was put off comes again when that ends.
        if reminded == day.today || !state.snoozed {
            let latest = day.open.entry(person).or_insert(reminded);
            *latest = reminded.max(*latest);
        }
    }
    day
}

/// Returns the reminders that are open, the newest first, without those that have nothing to say besides newer ones; each as it
/// reads today.
#[must_use]
pub fn open_reminders(keeper: &Keeper, now: Timestamp, zone: &TimeZone) -> Vec<ReminderState> {
    let mut open = all_open(keeper, now);
    let (book, mut newer) = (keeper.book(), Newer::default());
    let said = |state: &ReminderState, newer: &mut Newer| {
        let person = state.reminder.record.map(|record| book.person_id(&record));
        person.is_some_and(|person| newer.say_all(person, &state.reminder.tells))
    };
    open.retain(|state| !said(state, &mut newer));
    open.iter_mut().for_each(|state| as_it_reads(&book, state, zone, now));
    open
}

/// Puts a reminder as it reads by now: without what is settled, and with the day of what counts from it.
pub fn as_it_reads(book: &Book, state: &mut ReminderState, zone: &TimeZone, now: Timestamp) {
    let date = |at: Timestamp| zone.to_datetime(at).date();
    if let Some(person) = state.reminder.record.and_then(|record| book.person(&record)) {
        let known = state.clone();
        let settled = |told: &Tells, reason: &str| is_settled(book, &known, &person, told, Some(reason));
        settle(&mut state.reminder, date(now), settled);
    }
    retell(&mut state.reminder, date(state.planned_at), date(now));
}

/// Returns the promises to somebody that are open, and due on a day.
fn promises_of<'a>(book: &'a Book, person: &'a Person, due: Option<Date>) -> impl Iterator<Item = &'a Promise> {
    let promises = book.words().giving().promises().map(|(_, promise)| promise);
    promises
        .filter(move |promise| due.is_none_or(|on| is_due(promise, on)))
        .filter(move |promise| book.person_id(&promise.record) == person.id)
}

/// Returns all reminders that are open, the newest first: not answered, and from the last days.
#[must_use]
pub fn all_open(keeper: &Keeper, now: Timestamp) -> Vec<ReminderState> {
    let book = keeper.book();
    let since = now.checked_sub((i64::from(OPEN_DAYS) * 24).hours()).unwrap_or(Timestamp::MIN);
    let recent = book.words().reminders().values().filter(|state| state.planned_at >= since && !is_over(&book, state));
    let mut open: Vec<ReminderState> = recent.cloned().collect();
    open.sort_by(|a, b| (b.due, a.place, &a.reminder.occurrence).cmp(&(a.due, b.place, &b.reminder.occurrence)));
    open
}
