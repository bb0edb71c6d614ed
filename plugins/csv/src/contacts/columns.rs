//! What each column of a contact list is, decided once from its header.

use super::words::{self, AddressPart, Family, Field, Many, Usage};

/// A column and what else is needed to read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) field: Option<Field>,
    pub(crate) usage: Usage,
    /// The column that holds its label.
    pub(crate) label: Option<usize>,
    /// Which of a card's addresses or organisations it is part of.
    pub(crate) slot: usize,
}

/// The columns of a contact list.
#[derive(Debug)]
pub(crate) struct Columns {
    pub(crate) columns: Vec<Column>,
    pub(crate) header: Vec<String>,
}

/// A name looked up, with its number.
type Named = (Option<(Field, Usage)>, u32);

impl Columns {
    /// Decides what each column is.
    pub(crate) fn new(header: &[String]) -> Self {
        let named = look_up(header);
        let mut addresses: Vec<(Usage, u32)> = Vec::new();
        let mut column = |(found, number): &Named| {
            let Some((field, usage)) = *found else {
                return Column { field: None, usage: "", label: None, slot: 0 };
            };
            let label = family(field).and_then(|family| label_of(&named, family, *number));
            let slot = if matches!(field, Field::Address(_)) {
                // The numbers of Outlook's street lines count lines, those of Google's columns addresses.
                let key = (usage, if usage.is_empty() { *number } else { 0 });
                addresses.iter().position(|known| *known == key).unwrap_or_else(|| {
                    addresses.push(key);
                    addresses.len() - 1
                })
            } else {
                usize::try_from(*number).unwrap_or_default()
            };
            Column { field: Some(field), usage, label, slot }
        };
        let columns = named.iter().map(&mut column).collect();
        Self { columns, header: header.to_vec() }
    }

    /// Returns the names of the columns that are not known.
    pub(crate) fn unknown(&self) -> Vec<&str> {
        let named = self.columns.iter().zip(&self.header);
        named
            .filter(|(column, name)| column.field.is_none() && !name.is_empty())
            .map(|(_, name)| name.as_str())
            .collect()
    }
}

/// Names of a column that holds the surname where a column for the given name stands beside it: `Name;Vorname`.
const SURNAME_OR_WHOLE: &[&str] = &["name", "naam"];

/// The given names of the languages that do so.
const BESIDE_GIVEN: &[&str] = &["vorname", "voornaam"];

/// Looks names up, and decides by the other columns where a name may be two things.
fn look_up(header: &[String]) -> Vec<Named> {
    let folded: Vec<(String, u32)> = header.iter().map(|name| words::fold(name)).collect();
    let mut named: Vec<Named> = folded.iter().map(|(name, number)| (words::look_up(name), *number)).collect();
    let has = |wanted: (Field, Usage)| named.iter().any(|(found, _)| *found == Some(wanted));
    let is_prefix = has((Field::Many(Many::Title), "job")) || has((Field::Suffix, ""));
    // `nome` is a given name beside a surname, else a whole one; `nombre` and `имя` likewise.
    let has_surname = named.iter().any(|(found, _)| matches!(found, Some((Field::Surname, _))));
    let has_given = named.iter().any(|(found, _)| matches!(found, Some((Field::Given, _))));
    let is_half = !has_surname && BESIDE_GIVEN.iter().any(|given| folded.iter().any(|(name, _)| name == given));
    let in_parts = has((Field::BirthYear, ""));
    let cities: Vec<Usage> = named
        .iter()
        .filter_map(|(found, _)| found.filter(|(field, _)| *field == Field::Address(AddressPart::Locality)))
        .map(|(_, usage)| usage)
        .collect();
    let has_parts = |usage: &Usage| !usage.is_empty() && cities.contains(usage);
    for ((found, _), (name, _)) in named.iter_mut().zip(&folded) {
        match found {
            Some((field @ Field::Full, _)) if is_half && SURNAME_OR_WHOLE.contains(&name.as_str()) => {
                *field = Field::Surname;
            }
            Some((field @ Field::Many(Many::Title), "")) if is_prefix => *field = Field::Prefix,
            Some((field @ Field::Given, _)) if !has_surname && !is_half => *field = Field::Full,
            // Thunderbird's day is Google's birthday but for the year beside it.
            Some((field @ Field::Birthday, _)) if in_parts => *field = Field::BirthDay,
            // The first of several lines.
            Some((Field::Address(part @ AddressPart::Full), usage)) if has_parts(usage) => *part = AddressPart::Street,
            Some((field @ Field::Surname, _)) if !has_given => {
                *field = if named_surname_only(&folded) { Field::Surname } else { Field::Full };
            }
            Some(_) | None => {}
        }
    }
    named
}

/// A lone `nom` is a whole name; a lone `last name` is a surname beside a whole name, or all there is.
fn named_surname_only(folded: &[(String, u32)]) -> bool {
    !folded.iter().any(|(name, _)| name == "nom")
}

fn label_of(named: &[Named], family: Family, number: u32) -> Option<usize> {
    named.iter().position(|(found, n)| *n == number && matches!(found, Some((Field::Label(f), _)) if *f == family))
}

/// Returns which labels say more of a field. Of an address one part takes it, which every address has.
fn family(field: Field) -> Option<Family> {
    let pairs = [
        (Field::Many(Many::Email), Family::Email),
        (Field::Many(Many::Phone), Family::Phone),
        (Field::Address(AddressPart::Full), Family::Address),
        (Field::Address(AddressPart::Street), Family::Address),
        (Field::Address(AddressPart::Locality), Family::Address),
        (Field::Many(Many::Link), Family::Link),
        (Field::Many(Many::Messenger), Family::Messenger),
        (Field::Many(Many::Relation), Family::Relation),
        (Field::Event, Family::Event),
        (Field::Custom, Family::Custom),
    ];
    pairs.into_iter().find(|(known, _)| *known == field).map(|(_, family)| family)
}

/// Returns how sure the header is that of a contact list: 0 where it is not. And whether Google wrote it.
pub(crate) fn score(header: &[String]) -> (usize, bool) {
    let named = look_up(header);
    let has = |wanted: &[Field]| named.iter().any(|(found, _)| found.is_some_and(|(field, _)| wanted.contains(&field)));
    let whole = [Field::Given, Field::Surname].iter().all(|field| has(&[*field]));
    let is_named = has(&[Field::Full, Field::Given, Field::Surname]);
    let reach = has(&[Field::Many(Many::Email), Field::Many(Many::Phone), Field::Many(Many::LinkedIn)]);
    // A name alone may be that of a song or a language.
    let beside = has(&[Field::Birthday, Field::Company, Field::Many(Many::Nickname)]);
    let is_list = has(&[Field::Many(Many::Email)]) || whole || (is_named && (reach || beside));
    if !is_list {
        return (0, false);
    }
    let google = header.iter().any(|name| words::holds(words::GOOGLE, &words::fold(name).0));
    (named.iter().filter(|(found, _)| found.is_some()).count(), google)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(names: &str) -> Vec<Option<Field>> {
        let header: Vec<String> = names.split(',').map(ToOwned::to_owned).collect();
        Columns::new(&header).columns.into_iter().map(|column| column.field).collect()
    }

    #[test]
    fn a_title_beside_a_job_title_is_a_form_of_address() {
        assert_eq!(fields("Name,Title"), [Some(Field::Full), Some(Field::Many(Many::Title))]);
        assert_eq!(fields("Title,Job Title"), [Some(Field::Prefix), Some(Field::Many(Many::Title))]);
    }

    #[test]
    fn a_given_name_without_a_surname_is_the_whole_name() {
        assert_eq!(fields("Nome,Email"), [Some(Field::Full), Some(Field::Many(Many::Email))]);
        assert_eq!(fields("Nome,Cognome"), [Some(Field::Given), Some(Field::Surname)]);
        assert_eq!(fields("Nom,Courriel"), [Some(Field::Full), Some(Field::Many(Many::Email))]);
        assert_eq!(fields("Prénom,Nom"), [Some(Field::Given), Some(Field::Surname)]);
        assert_eq!(fields("Имя,Фамилия"), [Some(Field::Given), Some(Field::Surname)]);
        assert_eq!(fields("Имя,Телефон"), [Some(Field::Full), Some(Field::Many(Many::Phone))]);
    }

    #[test]
    fn a_german_name_beside_a_given_name_is_the_surname() {
        assert_eq!(fields("Name,Vorname"), [Some(Field::Surname), Some(Field::Given)]);
        assert_eq!(fields("Voornaam,Naam"), [Some(Field::Given), Some(Field::Surname)]);
        assert_eq!(fields("Name,Vorname,Nachname"), [Some(Field::Full), Some(Field::Given), Some(Field::Surname)]);
        assert_eq!(fields("Name,E-Mail"), [Some(Field::Full), Some(Field::Many(Many::Email))]);
    }

    #[test]
    fn no_name_stands_for_two_things() {
        let mut seen = std::collections::BTreeSet::new();
        for (field, usage, names) in words::WORDS {
            for name in names.split_whitespace() {
                let (folded, _) = words::fold(name);
                let again = matches!(words::look_up(name), Some(found) if found != (*field, *usage));
                assert!(!again, "{name} of {field:?}");
                assert!(folded == name.replace('#', "") || name.contains('#'), "{name}");
                seen.insert(name);
            }
        }
        assert!(seen.len() > 400);
    }
}
