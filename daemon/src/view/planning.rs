//! What the plan is made from: those in a circle or with a cadence of their own, those with a day that comes back, those with whom something is open, and of
//! those the owner really writes to the lost and who may have news.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _, civil};
use kith_core::book::Book;
use kith_core::book::introductions::Introduction;
use kith_core::book::people::Person;
use kith_core::cadence::Rhythm;
use kith_core::give::own::fitted;
use kith_core::id::PersonId;
use kith_core::noted::{Noted, NotedDay, labels};
use kith_core::plan::gives::{Fit, GIVING_DAYS, Suggested};
use kith_core::plan::reason::{INTRODUCTION_DAYS, LOST_DAYS};
use kith_core::plan::suggest::{Correspondent, is_silent};
use kith_core::plan::{Candidate, Circle, Introducing, Particulars, Promised, Unanswered, counts_from, rhythm_of};
use kith_core::portrait::{first_name, portrait};
use kith_core::row::month_and_day;

use crate::keeper::Keeper;
use crate::store::StoreError;
use crate::view::accounts::Accounts;
use crate::view::giving::{could_meet, needs_to_tell};
use crate::view::{self, changes, introductions, threads, work};

/// How many days a birthday, or another day that comes back, may lie back and still be mentioned.
const BELATED_DAYS: i32 = 8;

/// How many days ahead a birthday, or another day that comes back, may be told at most.
pub const LEAD_DAYS_AT_MOST: i32 = 60;

/// How many days back a message may have come that waits for an answer, to be in a plan.
const WAITING_DAYS: i32 = 60;

/// How many days a promise without a day has.
pub const PROMISED_FOR_DAYS: i32 = 7;

/// How many correspondents are looked at for a proposal.
const CORRESPONDENTS: usize = 50;

/// The civil days of a plan or of several: which days that come back may be mentioned.
#[derive(Debug, Clone, Copy)]
pub struct Days {
    /// The first.
    pub first: civil::Date,
    /// The last.
    pub last: civil::Date,
    /// How many days before a day that comes back it is told, besides the day itself.
    pub lead_days: i32,
}

impl Days {
    /// The months and days that may be mentioned: on these days, shortly before, or told ahead. Whoever was born on 29 February
    /// celebrates on the 28th in common years.
    fn told(self) -> BTreeSet<(i8, i8)> {
        let first = self.first.saturating_sub(BELATED_DAYS.days());
        let last = self.last.saturating_add(self.lead_days.days());
        let days = first.series(1.day()).take_while(|day| *day <= last).take(366);
        let mut told: BTreeSet<(i8, i8)> = days.map(|day| (day.month(), day.day())).collect();
        if told.contains(&(2, 28)) {
            told.insert((2, 29));
        }
        told
    }

    /// Whoever was in touch since then is not lost on any of these days.
    fn lost_before(self, zone: &TimeZone) -> Timestamp {
        let first_not_lost = self.last.saturating_sub((LOST_DAYS - 1).days());
        first_not_lost.to_zoned(zone.clone()).map_or(Timestamp::MAX, |day| day.timestamp())
    }
}

/// What is open between the owner and people, by person.
#[derive(Debug, Default)]
struct Open {
    promises: BTreeMap<PersonId, Vec<Promised>>,
    waiting: BTreeMap<PersonId, Unanswered>,
    introductions: BTreeMap<PersonId, Introducing>,
    needs: BTreeMap<PersonId, Vec<Fit>>,
    suggestions: BTreeMap<PersonId, Vec<Suggested>>,
}

impl Open {
    fn people(&self) -> impl Iterator<Item = PersonId> {
        let begun = self.promises.keys().chain(self.waiting.keys()).chain(self.introductions.keys());
        begun.chain(self.needs.keys()).chain(self.suggestions.keys()).copied()
    }
}

/// Returns everyone whom a plan of these days could mention: those in a circle or with a cadence of their own, with a birthday or another day that comes back,
/// with something open between them and the owner, and of those whom the owner wrote to the lost, and who may have news.
///
/// # Errors
/// When the store cannot be read.
pub fn candidates(keeper: &Keeper, days: Days, zone: &TimeZone) -> Result<Vec<Candidate>, StoreError> {
    let told = days.told();
    let open = open(keeper, days.first, zone)?;
    let mut found = {
        let book = keeper.book();
        let people = book.mentionable(book.words().chosen().chain(open.people()), &told, days.lost_before(zone));
        let wanted =
            |person: &Person| person.may_be_reminded_of() && !book.words().giving().is_muted(&person.records());
        // Candidates are large, and would be moved again and again while their list grows.
        let (mut circles, mut all) = (BTreeMap::new(), Vec::with_capacity(people.len()));
        let people = people.into_iter().filter(wanted);
        all.extend(people.map(|person| (candidate(&book, &person, &open, &mut circles), person)));
        all
    };
    for (candidate, person) in &mut found {
        candidate.news = news(keeper, candidate, person, zone)?;
        let began = |noted: &&NotedDay| noted.what == Noted::Began && told.contains(&(noted.month, noted.day));
        if is_close(candidate) && person.days.iter().any(|noted| began(&noted)) {
            candidate.began = work::began(keeper, person)?;
        }
    }
    Ok(found.into_iter().map(|(candidate, _)| candidate).collect())
}

/// Returns what a plan would know of one person, whoever they are.
///
/// # Errors
/// When the store cannot be read.
pub fn of(keeper: &Keeper, person: &Person, today: civil::Date, zone: &TimeZone) -> Result<Candidate, StoreError> {
    let open = open(keeper, today, zone)?;
    let mut found = candidate(&keeper.book(), person, &open, &mut BTreeMap::new());
    found.news = news(keeper, &found, person, zone)?;
    if is_close(&found) {
        found.began = work::began(keeper, person)?;
    }
    Ok(found)
}

/// Returns what is said of one whom the plan names.
///
/// # Errors
/// When the store cannot be read.
pub fn particulars(keeper: &Keeper, candidate: &Candidate) -> Result<Particulars, StoreError> {
    let Some(person) = keeper.book().person(&candidate.record) else { return Ok(Particulars::default()) };
    let accounts = Accounts::of(keeper, &person)?;
    let shown = portrait(person.id, &accounts.all, &accounts.own, accounts.region);
    let subject = candidate.waiting.map(|waiting| threads::subject(keeper, waiting.row)).transpose()?.flatten();
    let other = candidate.introduction.and_then(|introducing| keeper.book().person(&introducing.other));
    let other = other.map(|other| view::name(keeper, &other)).transpose()?.unwrap_or_default();
    let introduction = candidate.introduction.and_then(|introducing| {
        let mut all = keeper.book().introductions().into_iter();
        all.find(|known| known.other(person.id) == Some(introducing.other))?.text
    });
    let helpers = candidate.suggestions.iter().filter_map(|suggested| keeper.book().person(&suggested.other));
    let helpers: Vec<Person> = helpers.collect();
    let helpers = helpers.iter().map(|helper| Ok((helper.id, view::name(keeper, helper)?)));
    let helpers: BTreeMap<PersonId, String> = helpers.collect::<Result<_, StoreError>>()?;
    let news = if candidate.news.is_some() { changes::of_job(keeper, &person)? } else { None };
    let book = keeper.book();
    let giving = book.words().giving();
    let records = person.records();
    let mut needs = fitted(giving.needs_of(&records), &giving.own_offers());
    let (need, offer) = match needs.iter().position(|need| need.own.is_some()) {
        Some(place) => Some(needs.swap_remove(place)),
        None => needs.pop(),
    }
    .map_or((None, None), |need| (Some(need.text), need.own));
    let own_needs = giving.own_needs();
    let helps = fitted(giving.offers_of(&records), &own_needs).into_iter().find_map(|offer| offer.own);
    Ok(Particulars {
        first_name: first_name(&accounts.all, &shown.name),
        name: shown.name,
        organization: shown.organizations.into_iter().next(),
        last_kind: book.last_kind(&person),
        subject,
        other,
        helpers,
        introduction,
        news_is_glad: news.as_ref().is_some_and(|news| news.is_glad),
        news: news.map(|news| news.text),
        need,
        offer,
        sought: helps.or_else(|| Some(own_needs.join("; ")).filter(|sought| !sought.is_empty())),
        labels: candidate.days.iter().map(|day| (*day, labels(&accounts.all, *day).join(", "))).collect(),
    })
}

/// What waits for longest of the last weeks counts, for one answer leads to the next.
fn open(keeper: &Keeper, today: civil::Date, zone: &TimeZone) -> Result<Open, StoreError> {
    let needs = needs_to_tell(&keeper.book());
    let begins = |days: i32| today.checked_sub(days.days()).and_then(|day| day.to_zoned(zone.clone()));
    let since = |days: i32| begins(days).map_or(Timestamp::MIN, |day| day.timestamp());
    let suggestions = introductions::to_make(keeper, &needs, since(*GIVING_DAYS.end()))?;
    let book = keeper.book();
    let mut open = Open { needs: could_meet(&book, &needs), suggestions, ..Open::default() };
    let giving = book.words().giving();
    let date = |at: Timestamp| zone.to_datetime(at).date();
    for (_, promise) in giving.promises() {
        let due = promise.due.unwrap_or_else(|| date(promise.at).saturating_add(PROMISED_FOR_DAYS.days()));
        let promised = Promised { text: promise.text.clone(), due, at: promise.at };
        open.promises.entry(book.person_id(&promise.record)).or_default().push(promised);
    }
    for waiting in book.waiting_since(since(WAITING_DAYS)).into_iter().filter(|waiting| waiting.known) {
        open.waiting.insert(waiting.person, Unanswered { since: date(waiting.since), row: waiting.row });
    }
    let begun_since = today.saturating_sub(INTRODUCTION_DAYS.end().days());
    for Introduction { a, b, stage, at, .. } in book.introductions() {
        if date(at) < begun_since {
            continue;
        }
        let Some(other) = book.person(&b).filter(|other| !stage.is_over() && !other.has_died()) else { continue };
        let step = Introducing { other: other.id, stage, since: date(at) };
        let oldest = open.introductions.entry(a).or_insert(step);
        if step.since < oldest.since {
            *oldest = step;
        }
    }
    Ok(open)
}

/// Whether the owner really writes to somebody, not chosen yet, and not by LinkedIn alone.
fn is_correspondent(book: &Book, person: &Person) -> bool {
    let written = person.is_correspondent() && person.may_be_reminded_of();
    written && is_free(book, person) && !book.is_known_by_linkedin_alone(person)
}

/// Whether nobody chose them, and no circle that was proposed for them was declined.
fn is_free(book: &Book, person: &Person) -> bool {
    let records = person.records();
    !book.words().is_chosen(&records) && !book.words().declined(&records)
}

/// Returns those the owner really writes to, in no circle, whose proposal was not declined.
///
/// # Errors
/// When the store cannot be read.
pub fn correspondents(keeper: &Keeper, now: Timestamp) -> Result<Vec<Correspondent>, StoreError> {
    let people: Vec<(Person, Vec<i64>)> = {
        let book = keeper.book();
        let silent = |p: &Person| is_silent(p.last_interaction, now);
        let mut free = book.correspondents();
        free.sort_by_key(silent);
        let free = free.into_iter().filter(|p| is_free(&book, p)).take(CORRESPONDENTS);
        let contacts = |p: &Person| book.interactions(p).into_iter().filter_map(|(_, at)| at).collect();
        free.map(|p| (contacts(&p), p)).map(|(contacts, p)| (p, contacts)).collect()
    };
    let mut found = Vec::new();
    for (person, contacts) in people.into_iter().filter(|(person, _)| person.last_interaction.is_some()) {
        let name = view::name(keeper, &person)?;
        let contacts = contacts.into_iter().filter_map(|seconds| Timestamp::from_second(seconds).ok()).collect();
        found.push(Correspondent {
            record: person.id,
            name,
            written: person.sent,
            received: person.received,
            contacts,
        });
    }
    Ok(found)
}

/// Returns how often the owner wants to talk to a person: by a cadence of their own, else by that of their circle.
#[must_use]
pub fn rhythm(book: &Book, person: &Person, circles: &[Circle]) -> Option<Rhythm> {
    let records = person.records();
    rhythm_of(book.words().giving().cadence(&records), book.words().circle(&records), circles)
}

/// Returns the day on which a person is due by their cadence.
#[must_use]
pub fn next_due(book: &Book, person: &Person, circles: &[Circle], zone: &TimeZone) -> Option<civil::Date> {
    let ideal = rhythm(book, person, circles)?.ideal();
    Some(ideal.after(counts_from(person.last_interaction, person.first_seen, zone)))
}

/// `circles` are the names of circles that are known already.
fn candidate(book: &Book, person: &Person, open: &Open, circles: &mut BTreeMap<String, Arc<str>>) -> Candidate {
    let records = person.records();
    let circle = book.words().circle(&records);
    let circle = circle.map(|name| Arc::clone(circles.entry(name.to_owned()).or_insert_with(|| name.into())));
    Candidate {
        circle,
        cadence: book.words().giving().cadence(&records),
        last_interaction: person.last_interaction,
        birthday: person.birthday,
        days: apart_from_work(person),
        put_off: book.words().put_off(&records),
        promises: open.promises.get(&person.id).cloned().unwrap_or_default(),
        waiting: open.waiting.get(&person.id).copied(),
        introduction: open.introductions.get(&person.id).copied(),
        needs: open.needs.get(&person.id).cloned().unwrap_or_default(),
        suggestions: open.suggestions.get(&person.id).cloned().unwrap_or_default(),
        correspondent: is_correspondent(book, person),
        ..Candidate::new(person.id, person.first_seen)
    }
}

/// Returns the days that the cards of a person note, but for the birthday, also where another card knows that, and for the
/// day on which they began where they work.
#[must_use]
pub fn apart_from_work(person: &Person) -> Vec<NotedDay> {
    let is_birthday = |noted: &NotedDay| {
        let born = person.birthday.and_then(month_and_day);
        noted.what == Noted::Labelled && born == Some((noted.month, noted.day))
    };
    let others = person.days.iter().filter(|noted| noted.what != Noted::Began && !is_birthday(noted));
    others.copied().collect()
}

/// Whether the owner chose somebody, or really writes to them.
const fn is_close(candidate: &Candidate) -> bool {
    candidate.is_chosen() || candidate.correspondent
}

/// Returns when there was news of somebody; the rows are read only where there may be some.
fn news(
    keeper: &Keeper,
    candidate: &Candidate,
    person: &Person,
    zone: &TimeZone,
) -> Result<Option<civil::Date>, StoreError> {
    if !is_close(candidate) || !person.may_have_news() {
        return Ok(None);
    }
    Ok(changes::of_job(keeper, person)?.map(|news| zone.to_datetime(news.at).date()))
}
