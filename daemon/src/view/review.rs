//! Questions: pairs of people who may be one, as the user sees them side by side.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil;
use kith_core::book::Book;
use kith_core::book::people::Person;
use kith_core::id::RecordId;
use kith_core::portrait::{Account, portrait, said};
use kith_core::provenance::{Field, unique, values};
use kith_proto::api;

use crate::keeper::Keeper;
use crate::store::StoreError;
use crate::view::accounts::Accounts;
use crate::view::why::reasons;

/// Digits of a question's id.
const ID_DIGITS: usize = 12;

/// Two records of people who may be one.
pub type Asked = (RecordId, RecordId);

/// Returns what is to be asked today, the likeliest first.
#[must_use]
pub fn waiting(book: &Book, today: civil::Date) -> Vec<Asked> {
    let mut put_off: BTreeMap<(RecordId, RecordId), civil::Date> = BTreeMap::new();
    for later in book.words().rulings().put_off() {
        put_off.insert(pair(book, &later.a, &later.b), later.until);
    }
    let mut asked = BTreeSet::new();
    let mut questions = book.questions();
    questions.retain(|(a, b)| {
        let people = pair(book, a, b);
        let rests = put_off.get(&people).is_some_and(|until| today < *until);
        !rests && asked.insert(people)
    });
    questions
}

/// Returns the question with this id, also one that was put off.
#[must_use]
pub fn find(book: &Book, text: &str) -> Option<Asked> {
    book.questions().into_iter().find(|asked| id(book, asked) == text)
}

/// Returns a question with both sides; `None` when one of them is gone by now.
///
/// # Errors
/// When the store cannot be read.
pub fn question(keeper: &Keeper, asked: &Asked) -> Result<Option<api::Question>, StoreError> {
    let (people, link) = {
        let book = keeper.book();
        ([book.person(&asked.0), book.person(&asked.1)], book.compare(&asked.0, &asked.1))
    };
    let ([Some(a), Some(b)], Some(link)) = (people, link) else { return Ok(None) };
    Ok(Some(api::Question {
        id: id(&keeper.book(), asked),
        a: side(keeper, &a)?,
        b: side(keeper, &b)?,
        likelihood: link.likelihood,
        reasons: reasons(&link.reasons),
    }))
}

/// Returns a question's id, which is about its two people, whichever of their records gave rise to it.
fn id(book: &Book, (a, b): &Asked) -> String {
    let (first, second) = pair(book, a, b);
    let mut id = RecordId::new("question", &format!("{first} {second}")).to_string();
    id.truncate(ID_DIGITS);
    id
}

/// Returns the people of two records, in an order of their own.
fn pair(book: &Book, a: &RecordId, b: &RecordId) -> (RecordId, RecordId) {
    let (a, b) = (book.person_id(a), book.person_id(b));
    (a.min(b), a.max(b))
}

fn side(keeper: &Keeper, person: &Person) -> Result<api::QuestionSide, StoreError> {
    let accounts = Accounts::of(keeper, person)?;
    let shown = portrait(person.id, &accounts.all, &accounts.own, accounts.region);
    let told = said(&accounts.own, accounts.region);
    let all: Vec<&Account> = told.iter().chain(&accounts.all).collect();
    let texts = |field: Field| unique(values(field, &all, accounts.region).into_iter().map(|value| value.value));
    Ok(api::QuestionSide {
        person: person.id.to_string(),
        birthdays: texts(Field::Birthday),
        places: texts(Field::Address),
        name: shown.name,
        emails: shown.emails,
        phones: shown.phones,
        profiles: shown.profiles,
        organizations: shown.organizations,
        titles: shown.titles,
        sources: unique(accounts.all.iter().map(|account| account.origin.source.clone())),
        origins: accounts.all.iter().map(origin).collect(),
        last_interaction: person.last_interaction,
    })
}

fn origin(account: &Account) -> api::QuestionOrigin {
    let api::ExportRecord { source, file, position, .. } = account.origin.clone();
    api::QuestionOrigin { source, file, position, seen: account.seen }
}
