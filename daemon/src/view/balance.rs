//! What was given and received, and what there is to talk about, as it is shown.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use kith_core::book::balance::{Balance, Counts};
use kith_core::book::introductions::Introduction;
use kith_core::book::people::Person;
use kith_core::give::balance::{Named, Partner, give_first, may_ask, why_ask, why_give, words};
use kith_core::give::own::fitted;
use kith_core::id::PersonId;
use kith_core::portrait::first_name;
use kith_core::questions::{Known, questions};
use kith_proto::api::{self, GivenCounts, GivingPerson, GivingReport};

use crate::config::Config;
use crate::keeper::Keeper;
use crate::store::StoreError;
use crate::view::accounts::Accounts;
use crate::view::{self, giving};

/// For how many days a change of work is asked about.
const NEWS_DAYS: i32 = 180;

/// Returns what was given and received in all, to whom to give first, and whom one may ask.
///
/// # Errors
/// When the store cannot be read.
pub fn report(keeper: &Keeper) -> Result<GivingReport, StoreError> {
    let (all, people): (Balance, Vec<(Person, Balance)>) = {
        let book = keeper.book();
        let balances = book.balances();
        let giving = book.words().giving();
        let seek = giving.needs().filter(|(_, need)| !need.proposed).filter_map(|(_, need)| need.record);
        let offer = giving.offers().filter_map(|(_, offer)| offer.record);
        let with_wishes = seek.chain(offer).map(|record| book.person_id(&record));
        let ids: BTreeSet<PersonId> = balances.keys().copied().chain(with_wishes).collect();
        let known = ids.iter().filter_map(|id| book.person(id)).filter(Person::may_be_reminded_of);
        let with_balance = |person: Person| {
            let balance = balances.get(&person.id).copied().unwrap_or_default();
            (person, balance)
        };
        (book.in_all(&balances), known.map(with_balance).collect())
    };
    let partners: Vec<Partner> =
        people.iter().map(|(person, balance)| partner(keeper, person, *balance)).collect::<Result<_, _>>()?;
    let shown = |named: Vec<Named>| {
        named.into_iter().map(|n| GivingPerson { person: n.person.to_string(), name: n.name, why: n.why }).collect()
    };
    Ok(GivingReport {
        given: counts(&all.given),
        received: counts(&all.received),
        give_first: shown(give_first(&partners)),
        may_ask: shown(may_ask(&partners)),
    })
}

/// Adds to what is shown of a person what is open, what was given and received, and what is worth asking next time.
///
/// # Errors
/// When the store cannot be read.
pub fn add(
    keeper: &Keeper,
    person: &Person,
    mut shown: api::Person,
    (config, now): (&Config, Timestamp),
) -> Result<api::Person, StoreError> {
    let zone = config.zone();
    let today = zone.to_datetime(now).date();
    shown.wishes = giving::wishes_of(keeper, person.id, &giving::proposals(keeper, config, now))?;
    let balance = keeper.book().balance(person);
    shown.given = counts(&balance.given);
    shown.received = counts(&balance.received);
    shown.through = {
        let through = keeper.book().met_through(person.id);
        let known: Vec<Person> = through.iter().filter_map(|id| keeper.book().person(id)).collect();
        known.iter().map(|by| view::summary(keeper, by)).collect::<Result<_, _>>()?
    };
    if person.may_be_reminded_of() {
        let partner = partner(keeper, person, balance)?;
        shown.give_first = why_give(&partner);
        shown.may_ask = why_ask(&partner);
    }
    if person.listed && !person.me && !person.has_died() {
        let accounts = Accounts::of(keeper, person)?;
        let known = known(&shown, first_name(&accounts.all, &shown.name), person, &zone, today);
        shown.questions = questions(&known, today);
    }
    Ok(shown)
}

fn known(shown: &api::Person, first_name: String, person: &Person, zone: &TimeZone, today: Date) -> Known {
    let date = |at: Timestamp| zone.to_datetime(at).date();
    let recent = |change: &&api::Change| date(change.seen).until(today).is_ok_and(|span| span.get_days() <= NEWS_DAYS);
    let needs = shown.wishes.iter().filter(|wish| wish.kind == api::WishKind::Need && !wish.proposed);
    Known {
        first_name,
        needs: needs.map(|wish| wish.text.clone()).collect(),
        news: shown.changes.iter().filter(|change| change.of_job).find(recent).map(|change| change.text.clone()),
        last_note: shown.notes.iter().map(|note| date(note.at)).max(),
        birthday: person.birthday.is_some(),
    }
}

fn partner(keeper: &Keeper, person: &Person, balance: Balance) -> Result<Partner, StoreError> {
    let name = view::name(keeper, person)?;
    let book = keeper.book();
    let close = person.is_correspondent() || book.words().is_chosen(&person.records());
    let records = person.records();
    let giving = book.words().giving();
    let needs = fitted(giving.needs_of(&records), &giving.own_offers());
    let offers = fitted(giving.offers_of(&records), &giving.own_needs());
    let seeks_since = giving.seeks_since(&records);
    let since = |made: &Introduction| seeks_since.zip(made.made).is_some_and(|(since, made)| made >= since);
    let introduced: Vec<PersonId> = book.introduced().filter(since).filter_map(|made| made.other(person.id)).collect();
    let introduced: Vec<Person> = introduced.iter().filter_map(|other| book.person(other)).collect();
    drop(book);
    let introduced = introduced.iter().map(|other| view::name(keeper, other)).collect::<Result<_, _>>()?;
    Ok(Partner { person: person.id, name, balance, needs, offers, introduced, close })
}

fn counts(counts: &Counts) -> GivenCounts {
    let Counts { endorsements, recommendations, introductions, promises, help } = *counts;
    GivenCounts { endorsements, recommendations, introductions, promises, help, words: words(counts) }
}
