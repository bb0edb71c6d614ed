//! What people need and offer, and who could help whom, as it is shown.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use kith_core::book::Book;
use kith_core::book::giving::Wish;
use kith_core::book::people::Person;
use kith_core::book::proposals::Proposal;
use kith_core::give::own::fitted;
use kith_core::give::{self, Acquainted, Field, Helper, Introduction, Seeker};
use kith_core::id::{FactId, PersonId};
use kith_core::normalize::{company_key, fold_text};
use kith_proto::api::{self, IntroductionSuggestion, WishItem, WishKind};

use crate::config::Config;
use crate::keeper::Keeper;
use crate::store::StoreError;
use crate::view;

/// How many people are looked at for each word of a need, besides those who offer something.
const FOR_EACH_WORD: usize = 40;

/// How many digits of a proposal's id are shown.
const PROPOSAL_DIGITS: usize = 10;

/// How many notes of a person are read.
const NOTES: usize = 20;

/// Returns what is open: needs, offers and promises, of everybody and of the owner; with what is proposed at `now`, where the
/// config wants promises found in mail.
///
/// # Errors
/// When the store cannot be read.
pub fn wishes(keeper: &Keeper, config: &Config, now: Timestamp) -> Result<Vec<WishItem>, StoreError> {
    all_named(keeper, open(keeper, &proposals(keeper, config, now)))
}

/// Returns what of it is about one person.
///
/// # Errors
/// When the store cannot be read.
pub fn wishes_of(keeper: &Keeper, person: PersonId, proposals: &[Proposal]) -> Result<Vec<WishItem>, StoreError> {
    all_named(keeper, open(keeper, proposals).into_iter().filter(|(who, _)| *who == Some(person)).collect())
}

/// Adds the names, and what of the owner's fits needs and offers of others.
fn all_named(keeper: &Keeper, mut items: Vec<(Option<PersonId>, WishItem)>) -> Result<Vec<WishItem>, StoreError> {
    let (needs, offers) = {
        let book = keeper.book();
        let giving = book.words().giving();
        (giving.own_needs(), giving.own_offers())
    };
    for (kind, own) in [(WishKind::Need, offers), (WishKind::Offer, needs)] {
        let theirs = items.iter_mut().filter(|(who, item)| who.is_some() && item.kind == kind);
        let mut theirs: Vec<&mut WishItem> = theirs.map(|(_, item)| item).collect();
        let texts = theirs.iter().map(|item| item.text.clone()).collect();
        for (item, fitted) in theirs.iter_mut().zip(fitted(texts, &own)) {
            item.own = fitted.own;
        }
    }
    items.into_iter().map(|(person, item)| named(keeper, person, item)).collect()
}

/// Returns what the owner's mail seems to promise, where the config wants that found.
#[must_use]
pub fn proposals(keeper: &Keeper, config: &Config, now: Timestamp) -> Vec<Proposal> {
    let zoned = || now.to_zoned(config.zone());
    if config.mail_promises { keeper.book().proposals(&zoned()) } else { Vec::new() }
}

/// Returns the id by which a proposal is shown and named; no fact has one like it.
#[must_use]
pub fn proposal_name(proposal: &Proposal) -> String {
    let id = proposal.id.to_string();
    format!("mail-{}", id.get(..PROPOSAL_DIGITS).unwrap_or(&id))
}

fn open(keeper: &Keeper, proposals: &[Proposal]) -> Vec<(Option<PersonId>, WishItem)> {
    let mut items: Vec<(Option<PersonId>, WishItem)> = Vec::new();
    {
        let book = keeper.book();
        let giving = book.words().giving();
        let person = |wish: &Wish| wish.record.map(|record| book.person_id(&record));
        items.extend(giving.needs().map(|(id, wish)| (person(&wish), wish_item(id, WishKind::Need, &wish))));
        items.extend(giving.offers().map(|(id, wish)| (person(wish), wish_item(id, WishKind::Offer, wish))));
        items.extend(giving.promises().map(|(id, promise)| {
            let item = WishItem {
                fact: id.to_string(),
                kind: WishKind::Promise,
                text: promise.text.clone(),
                due: promise.due,
                at: Some(promise.at),
                ..WishItem::default()
            };
            (Some(book.person_id(&promise.record)), item)
        }));
    }
    items.extend(proposals.iter().map(|proposal| (Some(proposal.person), proposed(proposal))));
    items
}

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
    let mut people = Portraits::default();
    let mut seekers = Vec::new();
    for (person, need) in &needs {
        let Some(shown) = people.of(keeper, person)? else { continue };
        seekers.push(Seeker { person: *person, name: shown.name.clone(), need: need.clone(), places: places(shown) });
    }
    let mut helpers = Vec::new();
    for person in who_could_help(&keeper.book(), &needs) {
        let Some(shown) = people.of(keeper, &person)? else { continue };
        helpers.push(helper(&keeper.book(), person, shown));
    }
    let companies = people.companies();
    let found = {
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
        give::suggest(&seekers, &helpers, |a, b| colleagues(a, b) || know_each_other(a, b))
    };
    Ok(found.into_iter().map(|introduction| suggestion(introduction, &people)).collect())
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

fn proposed(proposal: &Proposal) -> WishItem {
    WishItem {
        fact: proposal_name(proposal),
        kind: WishKind::Promise,
        text: proposal.text.clone(),
        due: proposal.due,
        at: Some(proposal.at),
        proposed: true,
        ..WishItem::default()
    }
}

fn wish_item(id: &FactId, kind: WishKind, wish: &Wish) -> WishItem {
    WishItem {
        fact: id.to_string(),
        kind,
        text: wish.text.clone(),
        at: Some(wish.at),
        proposed: wish.proposed,
        ..WishItem::default()
    }
}

fn named(keeper: &Keeper, person: Option<PersonId>, item: WishItem) -> Result<WishItem, StoreError> {
    let Some(id) = person else { return Ok(WishItem { name: "you".to_owned(), ..item }) };
    let known: Option<Person> = keeper.book().person(&id);
    let name = known.map(|person| view::name(keeper, &person)).transpose()?.unwrap_or_default();
    Ok(WishItem { person: Some(id.to_string()), name, ..item })
}
