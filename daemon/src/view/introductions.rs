//! Who could be introduced to whom, as it is shown and as the plan tells of it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use kith_core::book::Book;
use kith_core::give::{self, Acquainted, Field, Helper, Introduction, Seeker, Words};
use kith_core::id::PersonId;
use kith_core::normalize::{company_key, fold_text};
use kith_core::plan::gives::{Fit, Suggested};
use kith_proto::api::{self, IntroductionSuggestion};

use crate::keeper::Keeper;
use crate::store::StoreError;
use crate::view;
use crate::view::giving::may_be_named;

/// How many people are looked at for each word of a need, besides those who offer something.
const FOR_EACH_WORD: usize = 40;

/// How many notes of a person are read.
const NOTES: usize = 20;

/// Suggests introductions, the best first.
///
/// # Errors
/// When the store cannot be read.
pub fn suggestions(keeper: &Keeper) -> Result<Vec<IntroductionSuggestion>, StoreError> {
    let needs: BTreeSet<(PersonId, String)> = {
        let book = keeper.book();
        let of_people = book.words().giving().needs().filter(|(_, need)| !need.proposed);
        of_people.filter_map(|(_, need)| Some((book.person_id(&need.record?), need.text))).collect()
    };
    let needs: Vec<(PersonId, String)> = needs.into_iter().collect();
    let who = who_could_help(&keeper.book(), &needs);
    let (mut people, mut helpers) = (Portraits::default(), Vec::new());
    for person in who {
        let Some(shown) = people.of(keeper, &person)? else { continue };
        helpers.push(helper(&keeper.book(), person, shown));
    }
    let found = introductions(keeper, &needs, &helpers, &mut people)?;
    Ok(found.into_iter().map(|introduction| suggestion(introduction, &people)).collect())
}

/// Returns the introductions that the plan may tell of, by who would be helped: for each of these needs the best of those that
/// surely fit and are not begun, with somebody whom the plan may name. Who only knows or does something is looked for among those
/// whom the owner chose, where a need was said since an instant, or its person was put off.
///
/// # Errors
/// When the store cannot be read.
pub fn to_make(
    keeper: &Keeper,
    needs: &BTreeMap<(PersonId, String), Timestamp>,
    lately: Timestamp,
) -> Result<BTreeMap<PersonId, Vec<Suggested>>, StoreError> {
    let offers = offers(&keeper.book());
    let sought: Vec<Words> = needs.keys().map(|(_, need)| Words::of(need)).collect();
    let who = {
        let book = keeper.book();
        let is_put_off = |who: &PersonId| {
            let records = book.person(who).map(|person| person.records()).unwrap_or_default();
            book.words().put_off(&records).until().is_some()
        };
        let beginnings = |(words, ((who, _), at)): (&Words, (&(PersonId, String), &Timestamp))| {
            if *at >= lately || is_put_off(who) { words.beginnings() } else { Vec::new() }
        };
        let beginnings: Vec<Vec<String>> = sought.iter().zip(needs).map(beginnings).collect();
        let doers = book.whose_words_have(book.words().chosen(), &beginnings);
        let who = sought.iter().zip(doers).map(|(sought, doers)| who_surely_fits(&book, sought, &offers, doers));
        who.collect::<Vec<_>>()
    };
    let mut people = Portraits::default();
    let mut found: BTreeMap<PersonId, Vec<Suggested>> = BTreeMap::new();
    for (((person, need), at), (sought, who)) in needs.iter().zip(sought.iter().zip(who)) {
        let mut helpers = Vec::new();
        for helper in who.into_iter().filter(|helper| helper != person) {
            let Some(shown) = people.of(keeper, &helper)? else { continue };
            let mut helper = self::helper(&keeper.book(), helper, shown);
            helper.speaks.retain(|(field, text)| sought.are_met_by(*field, &Words::of(text)));
            helpers.push(helper);
        }
        let best = introductions(keeper, &[(*person, need.clone())], &helpers, &mut people)?.into_iter().next();
        if let Some(Introduction { b, offer, by, .. }) = best {
            let offered = offers.iter().find(|known| known.person == b && known.text == offer);
            let since = offered.filter(|_| by == Field::Offer).map_or(*at, |offered| offered.since.max(*at));
            let fit = Fit { need: need.clone(), offer, needed: *at, since };
            found.entry(*person).or_default().push(Suggested { other: b, fit, by });
        }
    }
    Ok(found)
}

/// Returns who surely offers what is sought, and who may know or do it, as far as the plan may name them.
fn who_surely_fits(book: &Book, sought: &Words, offers: &[Offered], doers: BTreeSet<PersonId>) -> BTreeSet<PersonId> {
    let fitting = offers.iter().filter(|offered| sought.are_met_by(Field::Offer, &offered.words));
    let mut who: BTreeSet<PersonId> = fitting.map(|offered| offered.person).chain(doers).collect();
    who.retain(|person| book.person(person).is_some_and(|person| may_be_named(book, &person)));
    who
}

/// What somebody can help with.
struct Offered {
    person: PersonId,
    text: String,
    words: Words,
    since: Timestamp,
}

/// Returns what people can help with, what was said twice once, as it was said first.
fn offers(book: &Book) -> Vec<Offered> {
    let mut found: BTreeMap<(PersonId, &str), Timestamp> = BTreeMap::new();
    for (_, offer) in book.words().giving().offers() {
        let Some(record) = offer.record else { continue };
        let since = found.entry((book.person_id(&record), &offer.text)).or_insert(offer.at);
        *since = offer.at.min(*since);
    }
    let offered =
        |((person, text), since)| Offered { person, text: str::to_owned(text), words: Words::of(text), since };
    found.into_iter().map(offered).collect()
}

/// Returns which of these could help with which of these needs, the best first.
fn introductions(
    keeper: &Keeper,
    needs: &[(PersonId, String)],
    helpers: &[Helper],
    people: &mut Portraits,
) -> Result<Vec<Introduction>, StoreError> {
    if helpers.is_empty() {
        return Ok(Vec::new());
    }
    let mut seekers = Vec::new();
    for (person, need) in needs {
        let Some(shown) = people.of(keeper, person)? else { continue };
        seekers.push(Seeker { person: *person, name: shown.name.clone(), need: need.clone(), places: places(shown) });
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
    Ok(give::suggest(&seekers, helpers, |a, b| colleagues(a, b) || know_each_other(a, b)))
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
    let known = book.person(&person);
    let offers = known.iter().flat_map(|known| book.words().giving().offers_of(&known.records()));
    speaks.extend(offers.map(|offer| (Field::Offer, offer)));
    speaks.extend(shown.keywords.iter().map(|keyword| (Field::Skill, keyword.clone())));
    speaks.extend(shown.titles.iter().map(|title| (Field::Title, title.clone())));
    speaks.extend(shown.organizations.iter().map(|organization| (Field::Organization, organization.clone())));
    if let Some(known) = known {
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
