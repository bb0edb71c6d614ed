//! Why things are as they are: a person's records, what holds them together, and where each value comes from.

use kith_core::book::Book;
use kith_core::book::people::{Member, Person};
use kith_core::digest::headline;
use kith_core::id::RecordId;
use kith_core::normalize::{Region, shown_name};
use kith_core::own::OwnValue;
use kith_core::portrait::{Account, portrait, said};
use kith_core::provenance::{Field, Trust, Value, rule, values};
use kith_core::resolve::CERTAIN_BITS;
use kith_core::resolve::link::{Link, Reason, Verdict};
use kith_proto::api;
use kith_proto::card::NameComponentKind;

use crate::keeper::Keeper;
use crate::store::StoreError;
use crate::view::accounts::Accounts;
use crate::view::{changes, summary, words};

/// Whose word a value is that no file has.
const YOU: &str = "you";

/// Returns why a person's records are one person, and where the values of each field come from; of one field when it is named.
///
/// # Errors
/// When the store cannot be read.
pub fn why(keeper: &Keeper, person: &Person, field: Option<Field>) -> Result<api::Why, StoreError> {
    let accounts = Accounts::of(keeper, person)?;
    let links = keeper.book().links_within(person);
    let told = said(&accounts.own, accounts.region);
    let all: Vec<&Account> = told.iter().chain(&accounts.all).collect();
    let fields = Field::ALL.into_iter().filter(|known| field.is_none_or(|wanted| wanted == *known));
    let fields = fields.map(|field| field_why(field, &all, &accounts.own, accounts.region));
    Ok(api::Why {
        person: summary(keeper, person)?,
        records: records_of(&keeper.book(), person, &accounts.all, accounts.region),
        links: links
            .iter()
            .map(|found| link(&keeper.book(), found))
            .chain(bound_by_gone(&keeper.book(), person))
            .collect(),
        fields: fields.filter(|why| field.is_some() || !why.values.is_empty()).collect(),
        changes: changes::of(keeper, person)?,
    })
}

/// Returns the records of a person, the earliest first.
///
/// # Errors
/// When the store cannot be read.
pub fn records(keeper: &Keeper, person: &Person) -> Result<Vec<api::PersonRecord>, StoreError> {
    let accounts = Accounts::of(keeper, person)?;
    Ok(records_of(&keeper.book(), person, &accounts.all, accounts.region))
}

/// Returns what speaks for a link and against it.
#[must_use]
pub fn reasons(reasons: &[Reason]) -> Vec<api::LinkReason> {
    reasons.iter().map(|reason| api::LinkReason { words: reason.words.clone(), bits: reason.bits }).collect()
}

fn link(book: &Book, link: &Link) -> api::RecordLink {
    let word = || book.words().rulings().word(&link.a, &link.b);
    api::RecordLink {
        a: link.a.to_string(),
        b: link.b.to_string(),
        likelihood: link.likelihood,
        reasons: reasons(&link.reasons),
        fact: (link.verdict == Verdict::SaidSame).then(word).flatten().map(ToString::to_string),
    }
}

/// What the user said holds also through a record that no file lists any more.
fn bound_by_gone(book: &Book, person: &Person) -> Vec<api::RecordLink> {
    let link = |(record, gone): (RecordId, RecordId)| api::RecordLink {
        a: record.to_string(),
        b: gone.to_string(),
        likelihood: 1.0,
        reasons: vec![api::LinkReason { words: "you said that they are one person".to_owned(), bits: CERTAIN_BITS }],
        fact: book.words().rulings().word(&record, &gone).map(ToString::to_string),
    };
    book.bound_by_gone(person).into_iter().map(link).collect()
}

fn records_of(book: &Book, person: &Person, accounts: &[Account], region: Option<Region>) -> Vec<api::PersonRecord> {
    let said = words::by_record(book.words());
    let record = |member: &Member| {
        let account = accounts.iter().find(|account| account.record == member.record)?;
        let shown = portrait(member.record, core::slice::from_ref(account), &[], region);
        Some(api::PersonRecord {
            id: member.record.to_string(),
            source: account.origin.source.clone(),
            key: account.origin.key.clone(),
            file: account.origin.file.clone(),
            position: account.origin.position,
            seen: account.seen,
            listed: member.present,
            name: with_generation(account),
            headline: headline(&account.card),
            emails: shown.emails,
            phones: shown.phones,
            profiles: shown.profiles,
            birthdays: texts(Field::Birthday, account, region),
            addresses: texts(Field::Address, account, region),
            said: said.get(&member.record).copied().unwrap_or_default(),
        })
    };
    person.members.iter().filter_map(record).collect()
}

/// Returns the name with the suffix that tells father from son, which some write in a field of its own alone.
fn with_generation(account: &Account) -> String {
    let name = &account.digest.name;
    let suffix = account.card.name.component(NameComponentKind::Generation).map(str::trim).unwrap_or_default();
    if suffix.is_empty() || name.contains(suffix) { name.clone() } else { format!("{name} {suffix}") }
}

fn texts(field: Field, account: &Account, region: Option<Region>) -> Vec<String> {
    values(field, &[account], region).into_iter().map(|value| value.value).collect()
}

fn field_why(field: Field, accounts: &[&Account], own: &[OwnValue], region: Option<Region>) -> api::FieldWhy {
    let found = values(field, accounts, region);
    let first = found.first().map(|value| value.value.clone());
    let told = |value: &Value<'_>| {
        let shown = !field.is_single() || Some(&value.value) == first.as_ref();
        field_value(field, value, shown, own, region)
    };
    api::FieldWhy {
        field: field.as_str().to_owned(),
        rule: rule_of(field, &found),
        values: found.iter().map(told).collect(),
    }
}

/// Says by which rule a value comes first, and what is shown besides it or not of it.
fn rule_of(field: Field, found: &[Value<'_>]) -> String {
    let rule = rule(found);
    let Some(first) = found.first() else { return rule.to_owned() };
    if !field.is_single() && found.iter().any(|value| value.value != first.value) {
        format!("all are shown; of the first: {rule}")
    } else if field == Field::Name && shown_name(&first.value) != first.value {
        format!("{rule}; shown without what is no name")
    } else {
        rule.to_owned()
    }
}

fn field_value(
    field: Field,
    value: &Value<'_>,
    shown: bool,
    own: &[OwnValue],
    region: Option<Region>,
) -> api::FieldValue {
    let account = value.account;
    let is_said = account.trust == Trust::Own;
    let word = own.iter().find(|word| is_said && says(word, field, &value.value, region));
    let is_mine = matches!(account.trust, Trust::Own | Trust::Manual);
    api::FieldValue {
        value: value.value.clone(),
        shown,
        source: if is_mine { YOU.to_owned() } else { account.origin.source.clone() },
        file: account.origin.file.clone(),
        position: account.origin.position,
        seen: word.map(|word| word.at).or(account.seen),
        record: word.map_or(account.record, |word| word.record).to_string(),
    }
}

/// Whether it is this word of the user's that gives the field the value, which is shown in normal form.
fn says(word: &OwnValue, field: Field, value: &str, region: Option<Region>) -> bool {
    let account = said(core::slice::from_ref(word), region);
    let told: Vec<&Account> = account.iter().collect();
    word.field == field.as_str() && values(field, &told, region).iter().any(|known| known.value == value)
}
