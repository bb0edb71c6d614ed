//! What two records say about each other: for each feature a level, such as "name: full" or "birth: differs".
//!
//! Levels say what is the case; how much each weighs is `weights`.

use crate::identity::IdentifierHash;
use crate::resolve::lexicon::{Agreement, Lexicon, NONE, Word};
use crate::resolve::mates::Met;
use crate::resolve::names::{NameClass, compare_names};
use crate::resolve::sketch::{PlaceSketch, Reach, Sketch};

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Feature {
    /// How the names agree.
    Name,
    /// How rare a name is that both have, in this very address book.
    Rarity,
    /// How the name was read.
    Reading,
    /// Mail addresses.
    Email,
    /// Whether an address spells the name of a record that has none.
    Spelling,
    /// Telephone numbers.
    Phone,
    /// Profiles with services.
    Profile,
    /// Companies, and domains of companies.
    Company,
    /// Titles.
    Title,
    /// Days of birth.
    Birth,
    /// Streets.
    Street,
    /// House numbers.
    House,
    /// Postcodes.
    Postcode,
    /// Towns.
    Locality,
    /// Father and son: senior and junior, the second and the third.
    Generation,
    /// Who else is on their mail threads.
    Thread,
    /// How many kinds of evidence agree, with the name and without it.
    Together,
}

/// How many features there are.
pub const FEATURES: usize = 17;

/// How many levels a feature has at most.
pub const LEVELS: usize = 17;

/// The features with the names of their levels. The first level says that nothing can be compared, but for the name.
pub const NAMES: [(&str, &[&str]); FEATURES] = [
    (
        "name",
        &[
            "full",
            "variant",
            "part-of-surname",
            "initial",
            "slip-in-surname",
            "slip-in-given",
            "variant-and-slip",
            "surname-alike",
            "both-alike",
            "given-alike",
            "given-only",
            "surname-only",
            "other-surname",
            "other-call-name",
            "other-given",
            "different",
            "missing",
        ],
    ),
    ("rarity", &["none", "unique", "very-rare", "rare", "seldom", "frequent", "common"]),
    ("reading", &["straight", "swapped", "by-handle", "of-two"]),
    ("email", &["none", "same", "shared-by-few", "shared-by-many", "same-local-part", "same-company", "differs"]),
    ("spelling", &["none", "whole", "abbreviated", "partly", "otherwise"]),
    ("phone", &["none", "same", "shared-by-few", "shared-by-many", "differs"]),
    ("profile", &["none", "same", "shared-by-few", "shared-by-many", "other-of-one-service", "other"]),
    ("company", &["none", "same-rare", "same", "same-common", "begins-alike", "differs"]),
    ("title", &["none", "same", "differs"]),
    (
        "birth",
        &[
            "none",
            "same",
            "same-day",
            "slip",
            "two-slips",
            "year-only",
            "differs",
            "of-two-generations",
            "slip-of-a-generation",
        ],
    ),
    ("street", &["none", "same", "alike", "differs"]),
    ("house", &["none", "same", "alike", "differs"]),
    ("postcode", &["none", "same", "slip", "differs"]),
    ("locality", &["none", "same", "alike", "differs"]),
    ("generation", &["none", "same", "differs", "on-one-side"]),
    ("thread", &["none", "one-thread", "same-others"]),
    (
        "together",
        &[
            "none",
            "one-without-name",
            "two-without-name",
            "three-without-name",
            "four-without-name",
            "name-alone",
            "name-and-one",
            "name-and-two",
            "name-and-three",
            "name-and-four",
        ],
    ),
];

/// From so many years on two birthdays are those of a parent and a child, and no slip.
const GENERATION_YEARS: u16 = 15;

/// The levels of two records, by feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comparison {
    levels: [u8; FEATURES],
}

/// How many names go by an identifier.
pub(super) trait Spread {
    /// Returns how many different names go by it.
    fn names(&self, hash: IdentifierHash) -> u32;
}

impl Comparison {
    /// Returns the level of a feature.
    #[must_use]
    pub fn level(&self, feature: Feature) -> u8 {
        self.levels.get(feature as usize).copied().unwrap_or_default()
    }

    /// Returns the levels of all features.
    #[must_use]
    pub const fn levels(&self) -> &[u8; FEATURES] {
        &self.levels
    }

    /// Returns the name of a feature's level.
    #[must_use]
    pub fn level_name(&self, feature: Feature) -> &'static str {
        let (_, levels) = NAMES.get(feature as usize).copied().unwrap_or(("", &[]));
        levels.get(usize::from(self.level(feature))).copied().unwrap_or_default()
    }

    /// Adds what mail says of the two, and how many kinds of evidence agree with that.
    pub(super) fn with_mail(mut self, met: Met) -> Self {
        self.set(Feature::Thread, met as u8);
        self.set(Feature::Together, self.together());
        self
    }

    fn set(&mut self, feature: Feature, level: u8) {
        if let Some(slot) = self.levels.get_mut(feature as usize) {
            *slot = level;
        }
    }
}

/// Returns what two records say about each other, without the mail that they are on; `records` is how many there are.
pub(super) fn compare(a: &Sketch, b: &Sketch, lexicon: &Lexicon, spread: &impl Spread, records: u32) -> Comparison {
    let mut found = Comparison { levels: [0; FEATURES] };
    let name = compare_names(a, b, lexicon, records);
    found.set(Feature::Name, name.class as u8);
    if name.class < NameClass::GivenOnly {
        found.set(Feature::Rarity, rarity(name.chance));
        found.set(Feature::Reading, if name.by_handle { 2 } else { u8::from(name.swapped) });
    }
    let is_named = |sketch: &Sketch| sketch.written().next().is_some();
    if a.is_of_two != b.is_of_two && is_named(a) && is_named(b) {
        found.set(Feature::Reading, 3);
    }
    found.set(Feature::Email, email(a, b, spread));
    found.set(Feature::Spelling, spelling(a, b, lexicon));
    found.set(Feature::Phone, reached(&a.phones, &b.phones, spread).unwrap_or(4 * both(&a.phones, &b.phones)));
    found.set(Feature::Profile, profile(a, b, spread));
    found.set(Feature::Company, company(a, b, lexicon, records));
    found.set(Feature::Title, title(a, b));
    found.set(Feature::Birth, birth(a.born, b.born));
    for (feature, level) in place(a, b, lexicon) {
        found.set(feature, level);
    }
    found.set(Feature::Generation, generation(a.generation, b.generation));
    found
}

const fn rarity(chance: i32) -> u8 {
    match chance {
        i32::MIN..=-9 => 1,
        -8..=-6 => 2,
        -5..=-3 => 3,
        -2..=-1 => 4,
        0..=1 => 5,
        2.. => 6,
    }
}

/// 1 when both have some, else 0.
const fn both<T>(a: &[T], b: &[T]) -> u8 {
    if a.is_empty() || b.is_empty() { 0 } else { 1 }
}

/// The level of an identifier that both have: one person's, shared by a few names, by many.
fn reached(a: &[Reach], b: &[Reach], spread: &impl Spread) -> Option<u8> {
    let same = a.iter().flat_map(|x| b.iter().filter(|y| y.hash == x.hash).map(move |y| (x, y)));
    same.map(|(x, y)| if x.shared || y.shared { 3 } else { by_names(spread.names(x.hash)) }).min()
}

const fn by_names(names: u32) -> u8 {
    match names {
        0..=1 => 1,
        2..=3 => 2,
        _ => 3,
    }
}

fn email(a: &Sketch, b: &Sketch, spread: &impl Spread) -> u8 {
    let same =
        a.emails.iter().flat_map(|x| b.emails.iter().filter(|y| y.reach.hash == x.reach.hash).map(move |y| (x, y)));
    let same =
        same.map(|(x, y)| if x.reach.shared || y.reach.shared { 3 } else { by_names(spread.names(x.reach.hash)) });
    if let Some(level) = same.min() {
        return level;
    }
    let personal = |sketch: &Sketch| sketch.emails.iter().filter(|e| !e.reach.shared).copied().collect::<Vec<_>>();
    let (x, y) = (personal(a), personal(b));
    let pairs = || x.iter().flat_map(|x| y.iter().map(move |y| (x, y)));
    if pairs().any(|(x, y)| x.local == y.local) {
        4
    } else if pairs().any(|(x, y)| x.company == y.company && x.company != NONE) {
        5
    } else {
        6 * both(&x, &y)
    }
}

fn profile(a: &Sketch, b: &Sketch, spread: &impl Spread) -> u8 {
    let reaches = |sketch: &Sketch| sketch.profiles.iter().map(|p| p.reach).collect::<Vec<_>>();
    if let Some(level) = reached(&reaches(a), &reaches(b), spread) {
        return level;
    }
    let own =
        |sketch: &Sketch| sketch.profiles.iter().filter(|p| !p.reach.shared).map(|p| p.service).collect::<Vec<_>>();
    let (x, y) = (own(a), own(b));
    if x.iter().any(|service| y.contains(service)) { 4 } else { 5 * both(&x, &y) }
}

/// Whether the address of a record without a name spells the other's name.
fn spelling(a: &Sketch, b: &Sketch, lexicon: &Lexicon) -> u8 {
    let nameless = |sketch: &Sketch| sketch.written().next().is_none();
    let (address, named) = match (nameless(a), nameless(b)) {
        (true, false) => (a, b),
        (false, true) => (b, a),
        (true, true) | (false, false) => return 0,
    };
    let locals = address.emails.iter().filter(|e| !e.reach.shared).map(|e| lexicon.text(e.local));
    let levels = locals.flat_map(|local| {
        named
            .names
            .iter()
            .map(move |name| spells(local, lexicon.text(name.first_given()), lexicon.text(name.first_surname())))
    });
    levels.min().unwrap_or(0)
}

fn spells(local: &str, given: &str, surname: &str) -> u8 {
    let local = local.trim_end_matches(|c: char| c.is_ascii_digit());
    let has = |name: &str| name.len() >= 3 && local.contains(name);
    let initial = |name: &str| name.chars().next();
    let rest = |name: &str| local.strip_suffix(name).or_else(|| local.strip_prefix(name)).unwrap_or_default();
    let abbreviates = |first: &str, name: &str| {
        has(name) && rest(name).chars().count() == 1 && rest(name).chars().next() == initial(first)
    };
    if has(given) && has(surname) && local.len() <= given.len() + surname.len() + 2 {
        1
    } else if abbreviates(given, surname) || abbreviates(surname, given) {
        2
    } else if (has(given) && local.len() == given.len()) || (has(surname) && local.len() == surname.len()) {
        3
    } else {
        4
    }
}

fn company(a: &Sketch, b: &Sketch, lexicon: &Lexicon, records: u32) -> u8 {
    let same = a.companies.iter().filter(|company| b.companies.contains(company));
    let rarest = same.map(|company| lexicon.company_count(*company)).min();
    if let Some(count) = rarest {
        let times_rarer = |sketch: &Sketch| sketch.scale.order(records) - sketch.scale.order(count);
        return match times_rarer(a).min(times_rarer(b)) {
            8.. => 1,
            5..=7 => 2,
            i32::MIN..=4 => 3,
        };
    }
    let pairs =
        || a.companies.iter().flat_map(|x| b.companies.iter().map(move |y| (lexicon.text(*x), lexicon.text(*y))));
    let begins = |x: &str, y: &str| y.len() >= 4 && x.starts_with(y);
    // A name in another script than a mail domain's cannot be compared with it.
    let comparable = |x: &str, y: &str| x.is_ascii() == y.is_ascii();
    if pairs().any(|(x, y)| begins(x, y) || begins(y, x)) {
        4
    } else {
        5 * u8::from(pairs().any(|(x, y)| comparable(x, y)))
    }
}

fn title(a: &Sketch, b: &Sketch) -> u8 {
    if a.titles.iter().any(|title| b.titles.contains(title)) { 1 } else { 2 * both(&a.titles, &b.titles) }
}

const fn generation(a: u8, b: u8) -> u8 {
    match (a, b) {
        (0, 0) => 0,
        (0, _) | (_, 0) => 3,
        (a, b) if a == b => 1,
        _ => 2,
    }
}

fn birth(a: Option<(u16, u8, u8)>, b: Option<(u16, u8, u8)>) -> u8 {
    let (Some(a), Some(b)) = (a, b) else { return 0 };
    let has_day = |date: (u16, u8, u8)| date.1 > 0 && date.2 > 0;
    if !has_day(a) || !has_day(b) {
        return if a.0 == b.0 && a.0 > 0 { 5 } else { 6 * u8::from(a.0 > 0 && b.0 > 0) };
    }
    if a.0 == 0 || b.0 == 0 {
        return if (a.1, a.2) == (b.1, b.2) { 2 } else { 6 };
    }
    let digits = |date: (u16, u8, u8)| format!("{:04}{:02}{:02}", date.0, date.1, date.2);
    let is_turned = a.0 == b.0 && (a.1, a.2) == (b.2, b.1);
    match rapidfuzz::distance::osa::distance(digits(a).chars(), digits(b).chars()) {
        0 => 1,
        1 if a.0.abs_diff(b.0) >= GENERATION_YEARS => 8,
        1 => 3,
        2 if !is_turned && a.0.abs_diff(b.0) < GENERATION_YEARS => 4,
        _ if is_turned => 3,
        // As far apart as a parent and a child.
        _ if a.0.abs_diff(b.0) >= GENERATION_YEARS => 7,
        _ => 6,
    }
}

/// The levels of the two places that agree best.
fn place(a: &Sketch, b: &Sketch, lexicon: &Lexicon) -> [(Feature, u8); 4] {
    let pairs = a.places.iter().flat_map(|x| b.places.iter().map(move |y| place_levels(x, y, lexicon)));
    let agreeing = |levels: &[u8; 4]| {
        levels
            .iter()
            .map(|level| match level {
                1 => 3,
                2 => 2,
                0 => 1,
                _ => 0,
            })
            .sum::<u8>()
    };
    let [street, house, postcode, locality] = pairs.max_by_key(agreeing).unwrap_or_default();
    [(Feature::Street, street), (Feature::House, house), (Feature::Postcode, postcode), (Feature::Locality, locality)]
}

fn place_levels(a: &PlaceSketch, b: &PlaceSketch, lexicon: &Lexicon) -> [u8; 4] {
    let level = |x: Word, y: Word| match lexicon.compare(x, y) {
        Agreement::Same => 1,
        Agreement::Missing => 0,
        Agreement::Close | Agreement::Similar | Agreement::Variant | Agreement::Initial => 2,
        Agreement::Differs => 3,
    };
    let number = |x: Word, y: Word| match (x, y) {
        _ if x == NONE || y == NONE => 0,
        _ if x == y => 1,
        _ => {
            let slips = rapidfuzz::distance::osa::distance(lexicon.text(x).chars(), lexicon.text(y).chars());
            if slips <= 1 { 2 } else { 3 }
        }
    };
    [
        street(&a.street, &b.street, &level),
        number(a.number, b.number),
        number(a.postcode, b.postcode),
        level(a.locality, b.locality),
    ]
}

/// Words of the one street that stand in the other's, whatever their order.
fn street(a: &[Word], b: &[Word], level: &impl Fn(Word, Word) -> u8) -> u8 {
    let words = |street: &[Word]| street.iter().copied().filter(|w| *w != NONE).collect::<Vec<_>>();
    let (a, b) = (words(a), words(b));
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    if short.is_empty() {
        return 0;
    }
    let best = |x: &Word| long.iter().map(|y| level(*x, *y)).min().unwrap_or(3);
    let levels: Vec<u8> = short.iter().map(best).collect();
    if levels.iter().all(|level| *level == 1) {
        1
    } else if levels.iter().any(|level| *level <= 2) {
        2
    } else {
        3
    }
}
