//! What the owner's people have to do with a company: who works or worked there, who knows somebody there, whom to ask.
//!
//! Who worked there stands in earlier contents of records, which no index holds: the rows are read through once a question.

use std::collections::{BTreeMap, BTreeSet};

use kith_core::book::people::Person;
use kith_core::company::{Contact, Tie, to_ask};
use kith_core::fact::Said;
use kith_core::fold::Rows as _;
use kith_core::id::{PersonId, RecordId};
use kith_core::normalize::company_key;
use kith_core::row::{Gist, Row, card};
use kith_proto::api::{Company, CompanyAcquaintance, CompanyAsk, CompanyItem, CompanyPerson};
use kith_proto::card::Card;

use crate::keeper::Keeper;
use crate::store::StoreError;
use crate::view;
use crate::view::accounts::Accounts;

/// The records that name a company, each with the title that stood beside it.
type Named = BTreeMap<RecordId, Option<String>>;

/// How many companies are named of whose names a word is a part.
const LIKE: usize = 10;

/// Returns the companies that the owner cares about, by name.
///
/// # Errors
/// When the store cannot be read.
pub fn cared(keeper: &Keeper) -> Result<Vec<CompanyItem>, StoreError> {
    let names: Vec<String> = keeper.book().words().giving().companies().map(str::to_owned).collect();
    let keys: BTreeSet<String> = names.iter().map(|name| company_key(name)).collect();
    let mut found = records(keeper, &keys)?;
    let item = |name: String| {
        let company = company(keeper, &name, found.remove(&company_key(&name)).unwrap_or_default())?;
        let now = company.people.iter().filter(|person| person.now).count();
        let before = company.people.len() - now;
        Ok(CompanyItem { name, now, before, know: company.know.len(), ask: company.ask.len() })
    };
    names.into_iter().map(item).collect()
}

/// Returns what the owner's people have to do with a company; with the only one of whose name these are words, where nobody is
/// known at one of this name. A beginning of a word ("Meta" of "Metalworks") may be the name of another: it is only named.
///
/// # Errors
/// When the store cannot be read.
pub fn of(keeper: &Keeper, name: &str) -> Result<Company, StoreError> {
    let exact = exactly(keeper, name)?;
    if !exact.people.is_empty() {
        return Ok(exact);
    }
    let key = company_key(name);
    let like = like(keeper, &key)?;
    let has_the_words = |only: &str| format!(" {} ", company_key(only)).contains(&format!(" {key} "));
    match like.as_slice() {
        [only] if !exact.cared && has_the_words(only) => exactly(keeper, only),
        _ => Ok(Company { like, ..exact }),
    }
}

/// Returns the name of the company that is meant: of the only one of whose name these are words, where nobody is known at one of
/// this name, and the owner cares about none.
///
/// # Errors
/// When the store cannot be read.
pub fn called(keeper: &Keeper, name: &str) -> Result<String, StoreError> {
    Ok(of(keeper, name)?.name)
}

fn exactly(keeper: &Keeper, name: &str) -> Result<Company, StoreError> {
    let key = company_key(name);
    let named = records(keeper, &BTreeSet::from([key.clone()]))?.remove(&key).unwrap_or_default();
    company(keeper, name, named)
}

/// Returns the names of the companies of whose names this one is a part, from the beginning of a word on, of those where the
/// owner knows somebody; each once.
fn like(keeper: &Keeper, part: &str) -> Result<Vec<String>, StoreError> {
    let mut found: BTreeMap<String, (String, Named)> = BTreeMap::new();
    each_named(keeper, &mut |record, name, _| {
        let key = company_key(name);
        if format!(" {key}").contains(&format!(" {part}")) {
            let (_, named) = found.entry(key).or_insert_with(|| (name.to_owned(), Named::new()));
            named.insert(record, None);
        }
    })?;
    let known = found.into_values().filter(|(_, named)| !whose(keeper, named.clone()).is_empty());
    Ok(known.map(|(name, _)| name).take(LIKE).collect())
}

fn company(keeper: &Keeper, name: &str, named: Named) -> Result<Company, StoreError> {
    let key = company_key(name);
    let (mut people, mut contacts) = (Vec::new(), Vec::new());
    let mut there: BTreeMap<PersonId, String> = BTreeMap::new();
    for (person, title) in whose(keeper, named) {
        let shown = view::shown(keeper, &person)?;
        let accounts = Accounts::of(keeper, &person)?;
        let works_here = |organization: &str| company_key(organization) == key;
        let now = works_at(&accounts).any(works_here);
        if now {
            there.insert(person.id, shown.name.clone());
        }
        // What the owner calls them is said of where they work first of all.
        let own = accounts.own.iter().find(|own| own.field == "title").map(|own| own.value.clone());
        let title = own.filter(|_| works_at(&accounts).next().is_some_and(works_here)).or(title);
        let tie = if now { Tie::Works(title.clone()) } else { Tie::Worked(title.clone()) };
        contacts.push(contact(keeper, &person, shown.name.clone(), tie));
        people.push(CompanyPerson { person: shown.id, name: shown.name, now, title });
    }
    people.sort_by(|a, b| (!a.now, &a.name, &a.person).cmp(&(!b.now, &b.name, &b.person)));
    let mut know = Vec::new();
    for (person, knows) in acquainted(keeper, &there) {
        let name = view::name(keeper, &person)?;
        // Who works there is asked as such.
        if there.contains_key(&person.id) {
            continue;
        }
        // Those whom the owner introduced to them, the owner knows better.
        let introduced: BTreeSet<PersonId> =
            keeper.book().introduced().filter_map(|introduction| introduction.other(person.id)).collect();
        let through_others = knows.iter().filter(|(id, _)| !introduced.contains(id));
        let through_others: Vec<String> = through_others.map(|(_, name)| name.clone()).collect();
        if !through_others.is_empty() {
            contacts.retain(|contact| contact.person != person.id);
            contacts.push(contact(keeper, &person, name.clone(), Tie::Knows(through_others)));
        }
        let knows = knows.into_iter().map(|(_, name)| name).collect();
        know.push(CompanyAcquaintance { person: person.id.to_string(), name, knows });
    }
    know.sort_by(|a, b| (&a.name, &a.person).cmp(&(&b.name, &b.person)));
    let ask = |asked: kith_core::company::Asked| CompanyAsk {
        person: asked.person.to_string(),
        name: asked.name,
        why: asked.why,
        first: asked.first,
    };
    let cared = keeper.book().words().giving().cares_about(name);
    let (name, ask) = (name.to_owned(), to_ask(contacts).into_iter().map(ask).collect());
    Ok(Company { name, cared, people, know, ask, like: Vec::new() })
}

/// Where somebody works: as the owner says, else as the account says that is trusted most of those that name a company. What
/// older files say besides is where they worked.
fn works_at(accounts: &Accounts) -> Box<dyn Iterator<Item = &str> + '_> {
    if let Some(own) = accounts.own.iter().find(|own| own.field == "organization") {
        return Box::new(core::iter::once(own.value.as_str()));
    }
    let names = |account: &kith_core::portrait::Account| account.card.organizations.iter().any(|o| !o.name.is_empty());
    let trusted = accounts.all.iter().find(|account| names(account));
    Box::new(trusted.into_iter().flat_map(|account| account.card.organizations.iter().map(|o| o.name.as_str())))
}

/// The people of these records, each once, whom the owner may have to do with.
fn whose(keeper: &Keeper, named: Named) -> Vec<(Person, Option<String>)> {
    let book = keeper.book();
    let mut people: BTreeMap<PersonId, (Person, Option<String>)> = BTreeMap::new();
    for (record, title) in named {
        let Some(person) = book.person(&record).filter(|person| person.listed && !person.me && !person.has_died())
        else {
            continue;
        };
        let known = people.entry(person.id).or_insert((person, None));
        known.1 = known.1.take().or(title);
    }
    people.into_values().collect()
}

/// Those who know somebody there, and whom, by name.
fn acquainted(keeper: &Keeper, there: &BTreeMap<PersonId, String>) -> Vec<(Person, Vec<(PersonId, String)>)> {
    let book = keeper.book();
    let knows = book.acquainted(&there.keys().copied().collect());
    let names =
        |ids: BTreeSet<PersonId>| ids.into_iter().filter_map(|id| Some((id, there.get(&id)?.clone()))).collect();
    knows
        .into_iter()
        .filter_map(|(id, known)| Some((book.person(&id).filter(|person| !person.has_died())?, names(known))))
        .collect()
}

fn contact(keeper: &Keeper, person: &Person, name: String, tie: Tie) -> Contact {
    let book = keeper.book();
    let records = person.records();
    Contact {
        person: person.id,
        name,
        circle: book.words().circle(&records).map(str::to_owned),
        cadence: book.words().giving().cadence(&records),
        written: person.sent,
        correspondent: person.is_correspondent(),
        tie,
        needs: book.words().giving().needs_of(&records),
    }
}

/// Returns the records that name one of these companies, or did.
fn records(keeper: &Keeper, keys: &BTreeSet<String>) -> Result<BTreeMap<String, Named>, StoreError> {
    let mut found: BTreeMap<String, Named> = BTreeMap::new();
    each_named(keeper, &mut |record, name, title| {
        let key = company_key(name);
        if keys.contains(&key) {
            let known = found.entry(key).or_default().entry(record).or_default();
            *known = title.cloned().or(known.take());
        }
    })?;
    Ok(found)
}

/// Tells of each company that a record names or named, with the title that stands beside it: cards of sources, of the owner's,
/// and values of the owner's.
fn each_named(keeper: &Keeper, take: &mut dyn FnMut(RecordId, &str, Option<&String>)) -> Result<(), StoreError> {
    let mut of_card = |record: RecordId, card: &Card| {
        for (place, organization) in card.organizations.iter().enumerate() {
            take(record, &organization.name, card.titles.get(place));
        }
    };
    keeper.store().scan(&mut |_, row: &Row| {
        let cards = row.versions.iter().filter(|version| matches!(version.gist, Gist::Card(_)));
        cards.filter_map(|version| card(&version.body)).for_each(|card| of_card(row.id, &card));
    })?;
    let book = keeper.book();
    let words = book.words();
    for (record, fact) in words.added() {
        if let Some((_, Said::Add { card, .. })) = words.get(fact) {
            of_card(record, card);
        }
    }
    for record in words.with_sets() {
        for (_, name) in words.sets_of(record).filter(|(field, _)| *field == "organization") {
            take(record, name, None);
        }
    }
    Ok(())
}
