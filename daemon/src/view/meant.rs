//! Who is meant by what the user types: an id, an address, a name or words of it.
//!
//! To look at somebody, any words that are known of them will do ([`meant`]); to do something about them, what they are called
//! by ([`called`]). How well words fit is decided in `kith_core::book::find`.

use kith_core::book::find::Called;
use kith_core::book::people::Person;
use kith_core::id::RecordId;
use kith_core::normalize::spellings;

use crate::keeper::Keeper;
use crate::store::StoreError;
use crate::view::accounts::Accounts;
use crate::view::name;

/// Of how many who could be meant the names are read.
const NAMES_READ: usize = 50;

/// Who is meant by what the user typed.
#[derive(Debug)]
pub enum Meant {
    /// One person, by this record of theirs: what is said hangs on it.
    One(Box<Person>, RecordId),
    /// Nobody.
    Nobody,
    /// Several: the likeliest first.
    Several(Vec<Person>),
    /// Nobody is called so; the words stand elsewhere about these: in a title, say.
    Elsewhere(Vec<Person>),
}

/// Returns who is meant: an id, the beginning of one, an address, a name or words of it.
///
/// Of several, those are meant whose name it is a word of, and of them the one whose whole name it is.
///
/// # Errors
/// When the store cannot be read.
pub fn meant(keeper: &Keeper, text: &str) -> Result<Meant, StoreError> {
    if let Ok(id) = text.parse::<RecordId>() {
        return Ok(keeper.book().person(&id).map_or(Meant::Nobody, |person| Meant::One(Box::new(person), id)));
    }
    let mut found = keeper.book().meant(text);
    let one = match found.len() {
        0 => return Ok(Meant::Nobody),
        1 => found.pop(),
        _ => of_that_name(keeper, &found, text)?.or_else(|| only_person(&found)),
    };
    Ok(match one {
        Some(person) => {
            let record = keeper.book().record_meant(&person, text);
            Meant::One(Box::new(person), record)
        }
        None => Meant::Several(found),
    })
}

/// Returns who is meant where something is to be done about them: one is meant by a name, an address or an id, never by a title.
///
/// # Errors
/// When the store cannot be read.
pub fn called(keeper: &Keeper, text: &str) -> Result<Meant, StoreError> {
    only_called(keeper, text, |keeper, person| {
        Ok(keeper.book().called(person, text).is_some() || is_known_as(keeper, person, text, Words::One)?)
    })
}

/// Returns who is meant by words of a sentence: by words that are all of a name or an address. In small letters they are whole
/// words of it, as others begin with what many names begin with.
///
/// # Errors
/// When the store cannot be read.
pub fn called_in(keeper: &Keeper, words: &str) -> Result<Meant, StoreError> {
    let is_written_as_name = words.starts_with(char::is_uppercase);
    only_called(keeper, words, |keeper, person| {
        Ok(match keeper.book().called(person, words) {
            Some(Called::Wholly) => true,
            Some(Called::Begun) => is_written_as_name,
            Some(Called::Partly) | None => is_written_as_name && is_known_as(keeper, person, words, Words::Each)?,
        })
    })
}

/// How many of several words must be known of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Words {
    One,
    Each,
}

fn only_called(
    keeper: &Keeper,
    text: &str,
    is_called: impl Fn(&Keeper, &Person) -> Result<bool, StoreError>,
) -> Result<Meant, StoreError> {
    match meant(keeper, text)? {
        Meant::One(person, record) if record.to_string() == text || is_called(keeper, &person)? => {
            Ok(Meant::One(person, record))
        }
        Meant::One(person, _) => Ok(Meant::Elsewhere(vec![*person])),
        Meant::Several(people) => {
            let mut called = Vec::new();
            for person in people.iter().take(NAMES_READ) {
                called.extend(is_called(keeper, person)?.then(|| person.clone()));
            }
            Ok(match called.as_slice() {
                [] => Meant::Elsewhere(people),
                [one] => Meant::One(Box::new(one.clone()), keeper.book().record_meant(one, text)),
                [..] => Meant::Several(called),
            })
        }
        none @ (Meant::Nobody | Meant::Elsewhere(_)) => Ok(none),
    }
}

/// Whether one of these words, or each, begins a word of a name or a nickname on one of somebody's cards, or the handle of a profile.
fn is_known_as(keeper: &Keeper, person: &Person, text: &str, how_many: Words) -> Result<bool, StoreError> {
    let accounts = Accounts::of(keeper, person)?;
    let cards = accounts.all.iter().map(|account| &account.card);
    let names = cards.flat_map(|card| card.name.components.iter().map(|part| &part.value).chain(&card.nicknames));
    let mut known: Vec<String> = names.flat_map(|name| spellings(name)).collect();
    let profiles = crate::view::shown(keeper, person)?.profiles;
    known.extend(profiles.iter().filter_map(|profile| profile.rsplit('/').next()).flat_map(spellings));
    let begins = |word: &String| {
        !word.is_empty() && known.iter().flat_map(|name| name.split(' ')).any(|name| name.starts_with(word))
    };
    let mut fits = text.split_whitespace().map(|word| spellings(word).iter().any(begins));
    Ok(match how_many {
        Words::One => fits.any(|fits| fits),
        Words::Each => fits.all(|fits| fits),
    })
}

/// Returns the one of several who is a person, where the others are organisations.
fn only_person(several: &[Person]) -> Option<Person> {
    let mut people = several.iter().filter(|found| found.listed);
    people.next().filter(|_| people.next().is_none()).cloned()
}

/// Returns the one of several whose whole name it is: as it is written, else in one of its spellings.
fn of_that_name(keeper: &Keeper, several: &[Person], text: &str) -> Result<Option<Person>, StoreError> {
    let wanted = spellings(text);
    let (mut written, mut spelled) = (Vec::new(), Vec::new());
    let people = several.iter().filter(|found| found.listed).take(NAMES_READ);
    for person in people.chain(several.iter().filter(|found| !found.listed).take(NAMES_READ)) {
        let names = spellings(&name(keeper, person)?);
        if names.first() == wanted.first() {
            written.push(person);
        } else if names.iter().any(|name| wanted.contains(name)) {
            spelled.push(person);
        }
    }
    let only = |named: &[&Person]| if let [person] = named { Some((*person).clone()) } else { None };
    Ok(if written.is_empty() { only(&spelled) } else { only(&written) })
}
