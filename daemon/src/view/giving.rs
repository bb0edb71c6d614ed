//! What people need and offer, and what of the owner's meets it, as it is shown and as the plan tells of it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use kith_core::book::Book;
use kith_core::book::giving::Wish;
use kith_core::book::people::Person;
use kith_core::book::proposals::Proposal;
use kith_core::give::own::fitted;
use kith_core::give::{Field, Words};
use kith_core::id::{FactId, PersonId};
use kith_core::plan::gives::Fit;
use kith_proto::api::{WishItem, WishKind};

use crate::config::Config;
use crate::keeper::Keeper;
use crate::store::StoreError;
use crate::view;

/// How many digits of a proposal's id are shown.
const PROPOSAL_DIGITS: usize = 10;

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

/// Returns what people look for, with since when: as far as it is confirmed, and of whom the plan may tell of their own accord.
#[must_use]
pub fn needs_to_tell(book: &Book) -> BTreeMap<(PersonId, String), Timestamp> {
    let mut found: BTreeMap<(PersonId, String), Timestamp> = BTreeMap::new();
    for (_, need) in book.words().giving().needs().filter(|(_, need)| !need.proposed) {
        let Some(person) = need.record.and_then(|record| book.person(&record)) else { continue };
        if may_be_named(book, &person) {
            let since = found.entry((person.id, need.text)).or_insert(need.at);
            *since = need.at.min(*since);
        }
    }
    found
}

/// Whether the plan may tell of what could be given to somebody, or through them: whom the owner knows by LinkedIn alone it
/// leaves alone.
#[must_use]
pub fn may_be_named(book: &Book, person: &Person) -> bool {
    let records = person.records();
    let is_close = || book.words().is_chosen(&records) || !book.is_known_by_linkedin_alone(person);
    person.may_be_reminded_of() && !book.words().giving().is_muted(&records) && is_close()
}

/// Returns which of these needs the owner's offers surely meet, by whose they are; each with that which fits best.
#[must_use]
pub fn could_meet(book: &Book, needs: &BTreeMap<(PersonId, String), Timestamp>) -> BTreeMap<PersonId, Vec<Fit>> {
    let mut own: BTreeMap<&str, Timestamp> = BTreeMap::new();
    for (_, offer) in book.words().giving().offers().filter(|(_, offer)| offer.record.is_none()) {
        let since = own.entry(&offer.text).or_insert(offer.at);
        *since = offer.at.min(*since);
    }
    let own: Vec<(&str, Words, Timestamp)> = own.into_iter().map(|(offer, at)| (offer, Words::of(offer), at)).collect();
    let mut found: BTreeMap<PersonId, Vec<Fit>> = BTreeMap::new();
    for ((person, need), at) in needs.iter().filter(|_| !own.is_empty()) {
        let sought = Words::of(need);
        let sure = own.iter().filter(|(_, words, _)| sought.are_met_by(Field::Offer, words));
        let sure: Vec<String> = sure.map(|(offer, ..)| (*offer).to_owned()).collect();
        let Some(offer) = fitted(vec![need.clone()], &sure).into_iter().find_map(|fitted| fitted.own) else { continue };
        let offered = own.iter().find(|(own, ..)| *own == offer).map_or(*at, |(.., offered)| *offered);
        let since = offered.max(*at);
        found.entry(*person).or_default().push(Fit { need: need.clone(), offer, needed: *at, since });
    }
    found
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
