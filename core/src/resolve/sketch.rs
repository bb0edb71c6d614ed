//! A sketch: a record's traits as numbers of words and hashes, resident and quick to compare; and the keys under which it may
//! meet others.

use crate::digest::{Identifier, IdentifierKind};
use crate::id::RecordId;
use crate::identity::IdentifierHash;
use crate::resolve::blocks::Key;
use crate::resolve::keys::keys;
use crate::resolve::lexicon::{Lexicon, NONE, Word};
use crate::resolve::scale::Scale;
use crate::resolve::traits::{Place, Reading, Traits};

/// How many given names, and surnames, of a reading are compared.
const NAMES: usize = 3;
/// How many words of a street are compared.
pub(super) const STREET: usize = 4;

/// What a record is known by, and what tells it apart.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// Its identifiers.
    pub identifiers: &'a [Identifier],
    /// Its traits.
    pub traits: &'a Traits,
    /// The UID of a card that kith itself wrote: it joins for certain.
    pub certain: &'a [IdentifierHash],
}

/// A record as it is compared.
#[derive(Debug, Default)]
pub(super) struct Sketch {
    pub(super) names: Box<[NameSketch]>,
    pub(super) emails: Box<[Email]>,
    pub(super) phones: Box<[Reach]>,
    pub(super) profiles: Box<[Profile]>,
    pub(super) certain: Box<[IdentifierHash]>,
    pub(super) companies: Box<[Word]>,
    pub(super) titles: Box<[Word]>,
    pub(super) born: Option<(u16, u8, u8)>,
    /// The generation that the name gives; 0 where it gives none.
    pub(super) generation: u8,
    /// The name is that of two people.
    pub(super) is_of_two: bool,
    pub(super) places: Box<[PlaceSketch]>,
    pub(super) keys: Box<[Key]>,
    /// It is a card that kith wrote: one for each person.
    pub(super) is_echo: bool,
    pub(super) scale: Scale,
}

/// A reading of the name.
#[derive(Debug, Clone, Copy)]
pub(super) struct NameSketch {
    pub(super) given: [Word; NAMES],
    pub(super) surname: [Word; NAMES],
    pub(super) is_handle: bool,
}

/// An identifier.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reach {
    pub(super) hash: IdentifierHash,
    /// Many people go by it.
    pub(super) shared: bool,
}

/// A mail address.
#[derive(Debug, Clone, Copy)]
pub(super) struct Email {
    pub(super) reach: Reach,
    /// What stands before the @, letters and digits only.
    pub(super) local: Word,
    /// The name of a company's domain; none of a provider's.
    pub(super) company: Word,
}

/// A profile with a service.
#[derive(Debug, Clone, Copy)]
pub(super) struct Profile {
    pub(super) reach: Reach,
    pub(super) service: Word,
}

/// A postal address.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlaceSketch {
    pub(super) street: [Word; STREET],
    pub(super) number: Word,
    pub(super) postcode: Word,
    pub(super) locality: Word,
}

impl Sketch {
    pub(super) fn of(id: RecordId, evidence: Evidence<'_>, lexicon: &mut Lexicon) -> Self {
        let Evidence { identifiers, traits, certain } = evidence;
        let mut sketch = Self {
            names: traits.names.iter().map(|name| NameSketch::of(name, lexicon)).collect(),
            companies: traits.companies.iter().map(|company| lexicon.word(company)).collect(),
            titles: traits.titles.iter().map(|title| lexicon.word(title)).collect(),
            born: traits.born,
            generation: traits.generation,
            is_of_two: traits.is_of_two,
            places: traits.places.iter().map(|place| PlaceSketch::of(place, lexicon)).collect(),
            is_echo: !certain.is_empty(),
            scale: Scale::of(id),
            ..Self::default()
        };
        sketch.extend(identifiers, certain, lexicon);
        sketch
    }

    /// Adds identifiers, and such by which the record joins for certain.
    pub(super) fn extend(&mut self, identifiers: &[Identifier], certain: &[IdentifierHash], lexicon: &mut Lexicon) {
        let of_kind = |kind: IdentifierKind| identifiers.iter().filter(move |i| i.kind == kind);
        let reach = |i: &Identifier| Reach { hash: IdentifierHash::of(i), shared: i.shared };
        let is_surname = |word: Word| self.names.iter().any(|name| name.surname.contains(&word));
        let email = |i: &Identifier| {
            let email = Email::of(reach(i), &i.value, lexicon);
            // A domain that is the surname is the family's.
            if is_surname(email.company) { Email { company: NONE, ..email } } else { email }
        };
        append(&mut self.emails, of_kind(IdentifierKind::Email), email, |email| email.reach.hash);
        append(&mut self.phones, of_kind(IdentifierKind::Phone), reach, |phone| phone.hash);
        let profile = |i: &Identifier| Profile::of(reach(i), &i.value, lexicon);
        append(&mut self.profiles, of_kind(IdentifierKind::Profile), profile, |profile| profile.reach.hash);
        append(&mut self.certain, certain.iter(), |hash| *hash, |hash| *hash);
        self.keys = keys(self, lexicon);
    }

    /// Returns the readings of the name as somebody wrote it.
    pub(super) fn written(&self) -> impl Iterator<Item = &NameSketch> {
        self.names.iter().filter(|name| !name.is_handle)
    }

    /// Returns the readings of addresses and profiles.
    pub(super) fn handles(&self) -> impl Iterator<Item = &NameSketch> {
        self.names.iter().filter(|name| name.is_handle)
    }

    /// Returns every identifier that may be one person's own.
    pub(super) fn reaches(&self) -> impl Iterator<Item = Reach> + '_ {
        let emails = self.emails.iter().map(|e| e.reach);
        let profiles = self.profiles.iter().map(|p| p.reach);
        emails.chain(self.phones.iter().copied()).chain(profiles).filter(|reach| !reach.shared)
    }
}

impl NameSketch {
    fn of(reading: &Reading, lexicon: &mut Lexicon) -> Self {
        Self {
            given: words(&reading.given, lexicon),
            surname: words(&reading.surname, lexicon),
            is_handle: reading.is_handle,
        }
    }

    /// Returns the name with given names and surnames in each other's place.
    pub(super) const fn swapped(self) -> Self {
        Self { given: self.surname, surname: self.given, is_handle: self.is_handle }
    }

    /// Returns its words, given names and surnames.
    pub(super) fn words(&self) -> impl Iterator<Item = Word> + '_ {
        self.given.iter().chain(&self.surname).copied().filter(|word| *word != NONE)
    }

    pub(super) fn first_given(&self) -> Word {
        self.given.first().copied().unwrap_or(NONE)
    }

    pub(super) fn first_surname(&self) -> Word {
        self.surname.first().copied().unwrap_or(NONE)
    }
}

impl Email {
    fn of(reach: Reach, address: &str, lexicon: &mut Lexicon) -> Self {
        let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
        let local: String =
            local.split('+').next().unwrap_or_default().chars().filter(|c| c.is_alphanumeric()).collect();
        let company = crate::normalize::company_domain(domain).unwrap_or_default();
        let company: String = company.chars().filter(|c| c.is_alphanumeric()).collect();
        Self { reach, local: lexicon.word(&local), company: lexicon.word(&company) }
    }
}

impl Profile {
    fn of(reach: Reach, value: &str, lexicon: &mut Lexicon) -> Self {
        Self { reach, service: lexicon.word(value.split('/').next().unwrap_or_default()) }
    }
}

impl PlaceSketch {
    fn of(place: &Place, lexicon: &mut Lexicon) -> Self {
        Self {
            street: words(&place.street, lexicon),
            number: lexicon.word(&place.number),
            postcode: lexicon.word(&place.postcode),
            locality: lexicon.word(&place.locality),
        }
    }
}

/// Adds what is made of these, where it is not there yet.
fn append<S, T>(
    list: &mut Box<[T]>,
    more: impl Iterator<Item = S> + Clone,
    make: impl FnMut(S) -> T,
    hash: impl Fn(&T) -> IdentifierHash,
) {
    let count = more.clone().count();
    if count == 0 {
        return;
    }
    let mut all = core::mem::take(list).into_vec();
    all.reserve_exact(count);
    for one in more.map(make) {
        if !all.iter().any(|known| hash(known) == hash(&one)) {
            all.push(one);
        }
    }
    *list = all.into();
}

fn words<const N: usize>(texts: &[String], lexicon: &mut Lexicon) -> [Word; N] {
    let mut words = [NONE; N];
    for (slot, text) in words.iter_mut().zip(texts) {
        *slot = lexicon.word(text);
    }
    words
}
