//! Provenance: which value of a field is shown, by which rule, and who says each.
//!
//! The rule is one for all fields: what the user said, then the newest of the most trusted source. Of a field that has one value
//! (name, headline) the first is shown, of the others all of them, in this order. What is shown of a whole person is `portrait`.
//!
//! ```text
//!  you said ─▶ you added ─▶ cards of files, newest first ─▶ kith's own export ─▶ how mail and messages name them
//! ```

use kith_proto::card::{AnniversaryKind, Card};
use kith_proto::date::PartialDate;

use crate::digest::{IdentifierKind, headline};
use crate::normalize::{self, Region, tidy};
use crate::noted::{Noted, NotedDay};
use crate::own;
use crate::portrait::{Account, address, in_a_line, is_linkedin, profile_address};

/// How far an account is trusted, the most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trust {
    /// The user gave the field this value.
    Own,
    /// The user added the card by hand.
    Manual,
    /// A card of a file.
    Card,
    /// A card that kith itself wrote: an older export that is read again must not hide what came later.
    Echo,
    /// How others wrote to them.
    Participant,
}

/// A field of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// The name.
    Name,
    /// What they do, in a line.
    Headline,
    /// Other names.
    Nickname,
    /// Mail addresses.
    Email,
    /// Telephone numbers.
    Phone,
    /// Profiles.
    Profile,
    /// Organisations.
    Organization,
    /// Titles.
    Title,
    /// The birthday.
    Birthday,
    /// The day on which they began where they work.
    Started,
    /// Postal addresses.
    Address,
    /// Labels.
    Keyword,
    /// Web pages.
    Link,
}

/// A value of a field, and who says so.
#[derive(Debug, Clone)]
pub struct Value<'a> {
    /// The value, as it is shown.
    pub value: String,
    /// Who says so.
    pub account: &'a Account,
}

impl Field {
    /// All fields, in the order in which they are told.
    pub const ALL: [Self; 13] = [
        Self::Name,
        Self::Headline,
        Self::Nickname,
        Self::Email,
        Self::Phone,
        Self::Profile,
        Self::Organization,
        Self::Title,
        Self::Birthday,
        Self::Started,
        Self::Address,
        Self::Keyword,
        Self::Link,
    ];

    /// Returns how it is called; as in `kith set`, where it can be set.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Headline => "headline",
            Self::Nickname => "nickname",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Profile => "profile",
            Self::Organization => "organization",
            Self::Title => "title",
            Self::Birthday => "birthday",
            Self::Started => "started",
            Self::Address => "address",
            Self::Keyword => "keyword",
            Self::Link => "link",
        }
    }

    /// Returns the field of this name, or of the word beside which `kith show` tells it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "also" => Some(Self::Nickname),
            "mail" => Some(Self::Email),
            "at" => Some(Self::Organization),
            "labels" => Some(Self::Keyword),
            "web" => Some(Self::Link),
            _ => Self::ALL.into_iter().find(|field| field.as_str() == text),
        }
    }

    /// Returns whether one value is shown, and not all.
    #[must_use]
    pub const fn is_single(self) -> bool {
        match self {
            Self::Name | Self::Headline => true,
            Self::Nickname
            | Self::Email
            | Self::Phone
            | Self::Profile
            | Self::Organization
            | Self::Title
            | Self::Birthday
            | Self::Started
            | Self::Address
            | Self::Keyword
            | Self::Link => false,
        }
    }
}

/// Returns every value of a field with who says it, the one to show first. `accounts` come in order of trust.
#[must_use]
pub fn values<'a>(field: Field, accounts: &[&'a Account], region: Option<Region>) -> Vec<Value<'a>> {
    if field == Field::Name {
        return names(accounts);
    }
    let of_account = |account: &&'a Account| -> Vec<Value<'a>> {
        let account: &'a Account = account;
        let texts = unique(of(field, account, region));
        texts.into_iter().map(|value| Value { value, account }).collect()
    };
    accounts.iter().flat_map(of_account).collect()
}

/// Says by which rule the first of these values is shown first.
#[must_use]
pub fn rule(values: &[Value<'_>]) -> &'static str {
    let Some(shown) = values.first() else { return "nobody says one" };
    let trust = |trust: Trust| values.iter().filter(move |value| value.account.trust == trust);
    match shown.account.trust {
        Trust::Own => "you said so",
        Trust::Manual => "you added it by hand, which counts before all files",
        Trust::Card if trust(Trust::Card).any(|card| is_fuller(shown, card)) => {
            "the newest of your files that gives a whole name says so"
        }
        Trust::Card if trust(Trust::Card).any(|card| card.value != shown.value) => "the newest of your files says so",
        Trust::Card if trust(Trust::Echo).any(|echo| echo.value != shown.value) => {
            "your files say so, which count before an export that kith wrote"
        }
        Trust::Card if trust(Trust::Participant).any(|other| other.value != shown.value) => {
            "your files say so, which count before how mail and messages name somebody"
        }
        Trust::Card => "your files say so",
        Trust::Echo if values.iter().any(|other| completes(shown, other)) => {
            "an export that kith wrote gives the whole of the name that your files say"
        }
        Trust::Echo if values.iter().any(|other| other.account.trust == Trust::Participant) => {
            "an export that kith wrote says so, which counts before how mail and messages name somebody"
        }
        Trust::Echo => "an export that kith wrote says so, and nothing else does",
        Trust::Participant if values.iter().any(|other| completes(shown, other)) => {
            "mail or messages give the whole of the name that your files say"
        }
        Trust::Participant => "mail or messages say so, and no file does",
    }
}

/// Whether a name is shown before a newer one because that is a single word.
fn is_fuller(shown: &Value<'_>, other: &Value<'_>) -> bool {
    let is_name = |value: &Value<'_>| value.value == value.account.digest.name;
    is_name(shown) && is_name(other) && !is_short(&shown.value) && is_short(&other.value)
}

/// Returns each of these once, in order.
#[must_use]
pub fn unique<T: PartialEq>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut unique = Vec::new();
    for item in items {
        if !unique.contains(&item) {
            unique.push(item);
        }
    }
    unique
}

/// A card without a name has one made of something else, and that only where no other has a real one.
fn names<'a>(accounts: &[&'a Account]) -> Vec<Value<'a>> {
    let named = |is_real: bool| {
        let of_sort = accounts.iter().filter(move |account| account.card.name.is_empty() != is_real);
        let of_sort = of_sort.filter(|account| !account.digest.name.is_empty());
        of_sort.map(|account| Value { value: account.digest.name.clone(), account })
    };
    let mut names: Vec<Value<'a>> = named(true).collect();
    // "Bob" of a newer card does not hide "Robert Chen".
    names.sort_by_key(|name| (name.account.trust, is_short(&name.value)));
    // Nor does "Ana" of a card hide the "Ana Silva" of mail.
    let whole = names.iter().position(|name| names.first().is_some_and(|shown| completes(name, shown)));
    if let Some(whole) = whole.and_then(|at| names.get_mut(..=at)) {
        whole.rotate_right(1);
    }
    names.extend(named(false));
    names
}

/// A name of more words is a line about somebody.
const WHOLE_NAME: usize = 4;

/// Whether a name gives the rest of one of which a file gives only the given name.
fn completes(name: &Value<'_>, short: &Value<'_>) -> bool {
    let is_of_a_file = matches!(short.account.trust, Trust::Card | Trust::Echo);
    let short_word = normalize::fold_text(&short.value);
    let gives = |name: &normalize::PersonName| {
        let words = name.given.len() + name.particles.len() + name.surname.len();
        let is_whole = name.given.iter().chain(&name.surname).all(|word| word.chars().count() > 1);
        is_whole && words <= WHOLE_NAME && !name.surname.is_empty() && name.given.first() == Some(&short_word)
    };
    // "Ana from Acme" is no more of the name than "Ana" is.
    let words = name.value.split_whitespace().count();
    let readings = || normalize::person_names_of(&name.value).into_iter();
    is_of_a_file
        && name.account.trust > short.account.trust
        && is_short(&short.value)
        && !normalize::is_of_two_people(&name.value)
        && readings().any(|name| gives(&name) && words == name.given.len() + name.particles.len() + name.surname.len())
}

/// Whether a name is a single word, in a script that parts words.
fn is_short(name: &str) -> bool {
    !name.trim().contains(' ') && name.chars().all(|c| c < '\u{530}')
}

fn of(field: Field, account: &Account, region: Option<Region>) -> Vec<String> {
    let card = &account.card;
    let identifiers = |kind: IdentifierKind| account.digest.identifiers.iter().filter(move |i| i.kind == kind);
    match field {
        Field::Name => vec![account.digest.name.clone()],
        Field::Headline => headline(card).into_iter().collect(),
        Field::Nickname => texts(card.nicknames.iter()),
        Field::Email => identifiers(IdentifierKind::Email).map(|i| i.value.clone()).collect(),
        Field::Phone => card.phones.iter().filter_map(|phone| number(&phone.number, region)).collect(),
        Field::Profile => identifiers(IdentifierKind::Profile).map(|i| profile_address(&i.value)).collect(),
        Field::Organization => texts(card.organizations.iter().map(|organization| &organization.name)),
        Field::Title => texts(card.titles.iter()),
        Field::Birthday => birthdays(card),
        Field::Started => account.digest.days.iter().filter(|day| day.what == Noted::Began).map(started).collect(),
        Field::Address => card.addresses.iter().filter_map(address).map(|address| in_a_line(&address)).collect(),
        Field::Keyword => texts(card.keywords.iter()),
        Field::Link => texts(card.links.iter().map(|link| &link.uri).filter(|uri| !is_linkedin(uri))),
    }
}

fn birthdays(card: &Card) -> Vec<String> {
    let births = card.anniversaries.iter().filter(|anniversary| anniversary.kind == AnniversaryKind::Birth);
    births.map(|birth| birth.date.to_string()).collect()
}

fn started(day: &NotedDay) -> String {
    let date = PartialDate::new(day.year, Some(day.month), Some(day.day));
    date.map(|date| date.to_string()).unwrap_or_default()
}

/// Returns a number in normal form; one that cannot be placed without its country is shown as it is written.
fn number(raw: &str, region: Option<Region>) -> Option<String> {
    let as_written = || own::is_number(raw).then(|| normalize::text(raw));
    normalize::phone(raw, region).or_else(as_written)
}

fn texts<'a>(texts: impl Iterator<Item = &'a String>) -> Vec<String> {
    texts.map(|text| tidy(text)).filter(|text| !text.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use kith_proto::api::ExportRecord;
    use kith_proto::card::Name;

    use super::*;
    use crate::digest::digest_card;
    use crate::id::RecordId;

    fn account(name: &str, title: &str, trust: Trust) -> Account {
        let name = Name { full: Some(name.to_owned()).filter(|name| !name.is_empty()), components: Vec::new() };
        let card = Card { name, titles: vec![title.to_owned()], ..Card::default() };
        let digest = digest_card(&card, None);
        let record = RecordId::from_bytes([0; 16]);
        Account { record, origin: ExportRecord::default(), trust, seen: None, card, digest }
    }

    #[track_caller]
    fn check(field: Field, accounts: &[Account], expected: &[&str], words: &str) {
        let accounts: Vec<&Account> = accounts.iter().collect();
        let found = values(field, &accounts, None);
        let texts: Vec<&str> = found.iter().map(|value| value.value.as_str()).collect();
        assert_eq!((texts.as_slice(), rule(&found)), (expected, words));
    }

    #[test]
    fn the_rule_says_who_is_believed_before_whom() {
        let own = account("Annie", "CTO", Trust::Own);
        let (new, old) = (account("Ana", "CTO", Trust::Card), account("Ana Silva", "Engineer", Trust::Card));
        let mail = account("ana", "", Trust::Participant);
        check(Field::Name, &[own, new.clone(), mail.clone()], &["Annie", "Ana", "ana"], "you said so");
        check(Field::Title, &[new.clone(), old.clone()], &["CTO", "Engineer"], "the newest of your files says so");
        check(Field::Title, &[new.clone(), new.clone()], &["CTO", "CTO"], "your files say so");
        let before_mail = "your files say so, which count before how mail and messages name somebody";
        check(Field::Name, &[new, mail.clone()], &["Ana", "ana"], before_mail);
        check(Field::Name, &[mail], &["ana"], "mail or messages say so, and no file does");
        check(Field::Email, &[old], &[], "nobody says one");
    }

    #[test]
    fn the_fuller_name_is_shown_and_an_export_of_kiths_counts_before_mail() {
        let (bob, robert) = (account("Bob", "", Trust::Card), account("Robert Chen", "", Trust::Card));
        check(
            Field::Name,
            &[bob, robert],
            &["Robert Chen", "Bob"],
            "the newest of your files that gives a whole name says so",
        );
        let (echo, mail) = (account("Ana Silva", "", Trust::Echo), account("A. Silva", "", Trust::Participant));
        let before_mail = "an export that kith wrote says so, which counts before how mail and messages name somebody";
        check(Field::Name, &[echo.clone(), mail], &["Ana Silva", "A. Silva"], before_mail);
        check(Field::Name, &[echo], &["Ana Silva"], "an export that kith wrote says so, and nothing else does");
    }

    #[test]
    fn mail_gives_the_rest_of_a_name_that_a_file_says_and_no_other() {
        let (ana, mama) = (account("Ana", "", Trust::Card), account("Mama", "", Trust::Card));
        let mails = ["A. Silva", "Ana Silva", "ana silva"].map(|name| account(name, "", Trust::Participant));
        let all: Vec<Account> = [ana].into_iter().chain(mails.clone()).collect();
        let whole = "mail or messages give the whole of the name that your files say";
        check(Field::Name, &all, &["Ana Silva", "Ana", "A. Silva", "ana silva"], whole);
        let before_mail = "your files say so, which count before how mail and messages name somebody";
        let [_, silva, _] = mails;
        check(Field::Name, &[mama, silva], &["Mama", "Ana Silva"], before_mail);
        for other in ["Ana from Acme", "Ana und Peter Silva", "Maria Ana"] {
            let accounts = [account("Ana", "", Trust::Card), account(other, "", Trust::Participant)];
            check(Field::Name, &accounts, &["Ana", other], before_mail);
        }
    }

    #[test]
    fn a_card_without_a_name_names_nobody_while_another_does() {
        let nameless = account("", "CTO", Trust::Card);
        let mail = account("Ana Silva", "", Trust::Participant);
        let named = values(Field::Name, &[&nameless, &mail], None);
        assert_eq!(named.first().map(|name| name.value.as_str()), Some("Ana Silva"));
    }

    #[test]
    fn every_field_is_found_by_its_name() {
        for field in Field::ALL {
            assert_eq!(Field::parse(field.as_str()), Some(field));
        }
        assert_eq!(Field::parse("shoe"), None);
    }
}
