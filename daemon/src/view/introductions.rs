//! Who could be introduced to whom, as it is shown and as the plan tells of it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use kith_core::book::Book;
use kith_core::give::{self, Acquainted, Field, Helper, Introduction, Seeker};
use kith_core::id::PersonId;
use kith_core::normalize::{company_key, fold_text};
use kith_core::plan::{Fit, Suggested};
use kith_proto::api::{self, IntroductionSuggestion};

use crate::keeper::Keeper;
use crate::store::StoreError;
use crate::view;
use crate::view::giving::may_be_named;

/// How many people are looked at for each word of a need, besides those who offer something.
const FOR_EACH_WORD: usize = 40;

/// A stem of so many letters is whole.
const SHORT_STEM: usize = 3;

/// How many notes of a person are read.
const NOTES: usize = 20;

/// Suggests introductions, the best first.
///
/// # Errors
/// When the store cannot be read.
pub fn suggestions(keeper: &Keeper) -> Result<Vec<IntroductionSuggestion>, StoreError> {
    let needs: Vec<(PersonId, String)> = {
        let book = keeper.book();
        let of_people = book.words().giving().needs().filter(|(_, need)| !need.proposed);
        of_people.filter_map(|(_, need)| Some((book.person_id(&need.record?), need.text))).collect()
    };
    let who = who_could_help(&keeper.book(), &needs);
    let mut people = Portraits::default();
    let found = introductions(keeper, &needs, &who, &mut people)?;
    Ok(found.into_iter().map(|introduction| suggestion(introduction, &people)).collect())
}

/// Returns the introductions that the plan may tell of, by who would be helped: for each of these needs the best that is sure
/// and not begun, with somebody whom the plan may name. Who only knows or does something is looked for in circles, where a need
/// was said since an instant.
///
/// # Errors
/// When the store cannot be read.
pub fn to_make(
    keeper: &Keeper,
    needs: &BTreeMap<(PersonId, String), Timestamp>,
    lately: Timestamp,
) -> Result<BTreeMap<PersonId, Vec<Suggested>>, StoreError> {
    if needs.is_empty() {
        return Ok(BTreeMap::new());
    }
    let texts: Vec<(PersonId, String)> = needs.keys().cloned().collect();
    let (offers, who) = {
        let book = keeper.book();
        let offers = offers(&book);
        let mut who: BTreeSet<PersonId> = offers.keys().map(|(person, _)| *person).collect();
        let young = needs.iter().filter(|(_, at)| **at >= lately).map(|((_, need), _)| give::stems(need));
        let young: Vec<Vec<String>> = young.filter(|stems| !stems.is_empty()).map(beginnings).collect();
        who.extend(book.whose_words_have(book.words().chosen(), &young));
        who.retain(|person| book.person(person).is_some_and(|person| may_be_named(&book, &person)));
        (offers, who)
    };
    let mut found: BTreeMap<PersonId, Vec<Suggested>> = BTreeMap::new();
    let mut met: BTreeSet<(PersonId, String)> = BTreeSet::new();
    for introduction in
        introductions(keeper, &texts, &who, &mut Portraits::default())?.into_iter().filter(give::is_sure)
    {
        let Introduction { a, b, need, offer, by, .. } = introduction;
        let key = (a, need);
        let Some(at) = needs.get(&key) else { continue };
        let offered = offers.get(&(b, offer.clone())).filter(|_| by == Field::Offer);
        let since = offered.map_or(*at, |offered| *offered.max(at));
        if met.insert(key.clone()) {
            let fit = Fit { need: key.1, offer, since };
            found.entry(a).or_default().push(Suggested { other: b, fit, by });
        }
    }
    Ok(found)
}

/// Returns how words of these stems begin, in every form: "compani" is of "company", too.
fn beginnings(stems: Vec<String>) -> Vec<String> {
    let beginning = |stem: String| {
        let length = stem.chars().count();
        stem.chars().take(if length > SHORT_STEM { length - 1 } else { length }).collect()
    };
    stems.into_iter().map(beginning).collect()
}

/// Returns what people can help with, with since when.
fn offers(book: &Book) -> BTreeMap<(PersonId, String), Timestamp> {
    let mut found: BTreeMap<(PersonId, String), Timestamp> = BTreeMap::new();
    for (_, offer) in book.words().giving().offers() {
        let Some(record) = offer.record else { continue };
        let since = found.entry((book.person_id(&record), offer.text.clone())).or_insert(offer.at);
        *since = offer.at.min(*since);
    }
    found
}

/// Returns which of these people could help with which of these needs, the best first; of each all that speaks for them is
/// looked at.
fn introductions(
    keeper: &Keeper,
    needs: &[(PersonId, String)],
    who: &BTreeSet<PersonId>,
    people: &mut Portraits,
) -> Result<Vec<Introduction>, StoreError> {
    let mut seekers = Vec::new();
    for (person, need) in needs {
        let Some(shown) = people.of(keeper, person)? else { continue };
        seekers.push(Seeker { person: *person, name: shown.name.clone(), need: need.clone(), places: places(shown) });
    }
    let mut helpers = Vec::new();
    for person in who {
        let Some(shown) = people.of(keeper, person)? else { continue };
        helpers.push(helper(&keeper.book(), *person, shown));
    }
    let companies = people.companies();
    let book = keeper.book();
    let begun: BTreeSet<[PersonId; 2]> = book.introductions().iter().map(|known| pair(known.a, known.b)).collect();
    let knows = book.acquainted(&seekers.iter().map(|seeker| seeker.person).collect());
    let know_each_other = |seeker: PersonId, helper: PersonId| {
        begun.contains(&pair(seeker, helper)) || knows.get(&helper).is_some_and(|known| known.contains(&seeker))
    };
    let colleagues = |a: PersonId, b: PersonId| match (companies.get(&a), companies.get(&b)) {
        (Some(a), Some(b)) => !a.is_disjoint(b),
        (Some(_) | None, _) => false,
    };
    Ok(give::suggest(&seekers, &helpers, |a, b| colleagues(a, b) || know_each_other(a, b)))
}

/// Returns whether two people know each other already, as far as the data tell.
#[must_use]
pub fn acquainted(book: &Book, a: PersonId, b: PersonId) -> Acquainted {
    if book.know_each_other(a, b) { Acquainted::Yes } else { Acquainted::NotKnown }
}

fn pair(a: PersonId, b: PersonId) -> [PersonId; 2] {
    [a.min(b), a.max(b)]
}

/// Those who offer something, and of those whom a word of a need finds the first.
fn who_could_help(book: &Book, needs: &[(PersonId, String)]) -> BTreeSet<PersonId> {
    let offers = book.words().giving().offers().filter_map(|(_, offer)| Some(book.person_id(&offer.record?)));
    let mut who: BTreeSet<PersonId> = offers.collect();
    let with_notes = book.words().with_notes().filter_map(|record| book.person(&record));
    who.extend(with_notes.filter(|person| person.listed && !person.me).map(|person| person.id));
    let stems: BTreeSet<String> = needs.iter().flat_map(|(_, need)| give::stems(need)).collect();
    for stem in stems.iter().filter(|stem| stem.chars().count() >= 3) {
        let found = book.find(stem).into_iter().filter(|person| person.listed && !person.me);
        who.extend(found.take(FOR_EACH_WORD).map(|person| person.id));
    }
    who
}

fn helper(book: &Book, person: PersonId, shown: &api::Person) -> Helper {
    let mut speaks: Vec<(Field, String)> = Vec::new();
    let offers = book.words().giving().offers();
    let of_person = offers.filter(|(_, offer)| offer.record.is_some_and(|record| book.person_id(&record) == person));
    speaks.extend(of_person.map(|(_, offer)| (Field::Offer, offer.text.clone())));
    speaks.extend(shown.keywords.iter().map(|keyword| (Field::Skill, keyword.clone())));
    speaks.extend(shown.titles.iter().map(|title| (Field::Title, title.clone())));
    speaks.extend(shown.organizations.iter().map(|organization| (Field::Organization, organization.clone())));
    if let Some(known) = book.person(&person) {
        let notes = book.words().notes(&known.records()).into_iter().take(NOTES);
        speaks.extend(notes.map(|(.., text)| (Field::Note, text.to_owned())));
    }
    Helper { person, name: shown.name.clone(), speaks, places: places(shown) }
}

/// Portraits read so far.
#[derive(Debug, Default)]
struct Portraits(BTreeMap<PersonId, api::Person>);

impl Portraits {
    fn of(&mut self, keeper: &Keeper, id: &PersonId) -> Result<Option<&api::Person>, StoreError> {
        if !self.0.contains_key(id) {
            let Some(person) = keeper.book().person(id).filter(|person| !person.me && !person.has_died()) else {
                return Ok(None);
            };
            self.0.insert(*id, view::shown(keeper, &person)?);
        }
        Ok(self.0.get(id))
    }

    fn name(&self, id: &PersonId) -> String {
        self.0.get(id).map(|shown| shown.name.clone()).unwrap_or_default()
    }

    /// The companies of each, in their normal form.
    fn companies(&self) -> BTreeMap<PersonId, BTreeSet<String>> {
        let keys = |shown: &api::Person| {
            shown.organizations.iter().map(|name| company_key(name)).filter(|key| !key.is_empty()).collect()
        };
        self.0.iter().map(|(id, shown)| (*id, keys(shown))).collect()
    }
}

fn suggestion(introduction: Introduction, people: &Portraits) -> IntroductionSuggestion {
    IntroductionSuggestion {
        a_name: people.name(&introduction.a),
        b_name: people.name(&introduction.b),
        a: introduction.a.to_string(),
        b: introduction.b.to_string(),
        need: introduction.need,
        offer: introduction.offer,
        why: introduction.why,
        score: introduction.score,
    }
}

/// The places in which somebody lives or works.
fn places(shown: &api::Person) -> BTreeMap<String, String> {
    let places = shown.addresses.iter().filter_map(|address| address.locality.as_deref());
    let places = places.map(|place| (fold_text(place), place.trim().to_owned()));
    places.filter(|(folded, _)| !folded.is_empty()).collect()
}
