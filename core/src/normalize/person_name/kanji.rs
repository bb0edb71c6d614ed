//! Chinese characters read as a Japanese name, by tables of names and of the characters that names are made of.

use super::super::table::Pairs;
use super::script::name;
use super::{PersonName, Reading, kana};

static SURNAMES: Pairs = Pairs::new(include_str!("kanji_surnames.txt"));
static GIVEN: Pairs = Pairs::new(include_str!("kanji_given.txt"));
/// Characters: as they read at the beginning of a surname, at its end, at the beginning of a given name, at its end.
static CHARACTERS: Pairs = Pairs::new(include_str!("kanji_characters.txt"));

/// How many readings of one name are worth keeping.
const READINGS_LIMIT: usize = 3;

/// Where a character stands; the number is its column in the table.
#[derive(Debug, Clone, Copy)]
enum Place {
    SurnameStart = 0,
    SurnameEnd = 1,
    GivenStart = 2,
    GivenEnd = 3,
}

/// The readings of a name, the likeliest first; none where a character is not known.
pub(super) fn read(surname: &str, given: &str) -> Vec<PersonName> {
    let parted = if surname.is_empty() { parted(given) } else { Some((surname, given)) };
    let Some((surname, given)) = parted else { return Vec::new() };
    let surnames = readings(surname, &SURNAMES, Place::SurnameStart, Place::SurnameEnd);
    let givens = readings(given, &GIVEN, Place::GivenStart, Place::GivenEnd);
    let mut pairs: Vec<(usize, &str, &str)> = Vec::new();
    for (rank, family) in surnames.iter().enumerate() {
        pairs.extend(
            givens.iter().enumerate().map(|(other, personal)| (rank + other, family.as_str(), personal.as_str())),
        );
    }
    pairs.sort_by_key(|(rank, ..)| *rank);
    pairs.iter().take(READINGS_LIMIT).map(|(_, family, personal)| name(Reading::Kanji, family, personal)).collect()
}

/// Whether a name, parted after its first character or not, begins with a known surname.
pub(super) fn is_surname_start(surname: &str, given: &str) -> bool {
    let whole = [surname, given].concat();
    let characters = whole.chars().count();
    let after = |count| whole.char_indices().nth(count).map_or(whole.len(), |(at, _)| at);
    let is_known = |count| whole.get(..after(count)).is_some_and(|start| SURNAMES.get(start).is_some());
    characters > 2 && (is_known(2) || is_known(3))
}

/// Parts a name written in one after the longest known surname, else after two characters.
fn parted(whole: &str) -> Option<(&str, &str)> {
    let characters = whole.chars().count();
    let at = |count| whole.char_indices().nth(count).map(|(at, _)| at);
    // Of four characters two are the surname, unless three are known as one; of three, one may be.
    let shortest = if characters > 3 { 2 } else { 1 };
    let known = (shortest..=3)
        .rev()
        .filter(|&count| count < characters)
        .filter_map(at)
        .find(|&end| whole.get(..end).is_some_and(|start| SURNAMES.get(start).is_some()));
    let end = known.or_else(|| at(if characters > 2 { 2 } else { 1 }))?;
    whole.split_at_checked(end)
}

fn readings(written: &str, names: &Pairs, start: Place, end: Place) -> Vec<String> {
    if written.is_empty() {
        return vec![String::new()];
    }
    let mut found: Vec<String> = names.get(written).map_or("", |known| known).split(' ').map(str::to_owned).collect();
    found.retain(|read| !read.is_empty());
    found.extend(composed(written, start, end).filter(|read| !found.contains(read)));
    found
}

/// A reading put together from its characters.
fn composed(written: &str, start: Place, end: Place) -> Option<String> {
    let mut out = String::new();
    for (index, c) in written.chars().enumerate() {
        let place = if index == 0 { start } else { end };
        let mut buffer = [0; 4];
        let kana = kana::latin(c.encode_utf8(&mut buffer));
        if !kana.is_empty() {
            out.push_str(&kana);
            continue;
        }
        let row = CHARACTERS.get(c.encode_utf8(&mut buffer))?;
        let read = row.split(' ').nth(place as usize).filter(|read| *read != "-")?;
        out.push_str(read);
    }
    Some(out)
}
