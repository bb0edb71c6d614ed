//! Who is looked for: words of a query, in every spelling, against the search text of each record.
//!
//! ```text
//!  "Müller Acme" ─▶ [muller | mueller] and [acme] ─▶ Jan Mueller of Acme, Ana Müller of Acme
//! ```

use std::collections::BTreeSet;

use kith_proto::api::ID_DIGITS_ENOUGH;

use crate::book::Book;
use crate::book::entry::{Entry, SearchText};
use crate::book::people::Person;
use crate::digest::{Identifier, IdentifierKind, owner_identifiers};
use crate::id::{PersonId, RecordId};
use crate::identity::IdentifierHash;
use crate::normalize::{Region, phone, spellings};
use crate::own::is_number;

/// So many digits are somebody's number.
const NUMBER_DIGITS: usize = 7;

/// A query, taken apart.
#[derive(Debug)]
struct Wanted {
    /// The spellings of the whole.
    wholes: Vec<String>,
    /// The spellings of each word.
    words: Vec<Vec<String>>,
    /// The beginning of an id, where it could be one.
    id_prefix: Option<String>,
    /// The digits of a telephone number, as they are known and as they are dialled at home; empty where it is none.
    numbers: Vec<String>,
}

/// How well a person fits, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Grade {
    /// The id begins so.
    Id,
    /// What is known of them begins with the whole query.
    Whole,
    /// Each word is a word of a name.
    Name,
    /// Each word begins a word of a name.
    NameBegins,
    /// Each word begins a word.
    Words,
    /// Each word stands somewhere.
    Somewhere,
}

/// How exactly a record is meant, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Exactness {
    /// Each word stands somewhere.
    Words,
    /// The whole stands somewhere, as whole words: an address.
    Whole,
    /// It begins with the whole: a name.
    Name,
    /// It is its id.
    Id,
}

/// How a query calls somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Called {
    /// By an id, a number, an address, a profile, or whole words of the name alone.
    Wholly,
    /// By words that each begin one of the name or an address.
    Begun,
    /// By a part of the name or of an address, or with words that stand elsewhere.
    Partly,
}

impl Book {
    /// Returns who has the address or the profile that the query is, then the people of whom every word of it is known, exact
    /// names first; all whose id begins with it, for 6 digits or more of an id. After them come organisations, groups and
    /// shared mailboxes, which are not `listed`.
    ///
    /// A word is known in any of its spellings: `Mueller` finds Müller, and `Müller` Mueller.
    #[must_use]
    pub fn find(&self, query: &str) -> Vec<Person> {
        let exact_first = self.who_has(&addresses(query)).into_iter().chain(self.graded(query));
        let mut seen = BTreeSet::new();
        let mut found: Vec<Person> =
            exact_first.map(|(_, person)| person).filter(|person| seen.insert(person.id)).collect();
        found.sort_by_key(|person| !person.listed);
        found
    }

    /// Returns those who may be meant by a query: of all whom [`Book::find`] finds, those whom it fits best.
    ///
    /// Who has the words as words of the name is meant rather than who has them as beginnings, in another field, or within
    /// words; by an address or a profile of one's own, whose it is rather than whose is longer, and then nobody else is looked
    /// at. An address that many share, as info@, is looked for as any other word.
    #[must_use]
    pub fn meant(&self, query: &str) -> Vec<Person> {
        let mut found = self.who_has(&addresses(query));
        if found.is_empty() {
            found = self.graded(query);
        }
        let is_named = found.iter().any(|(grade, _)| grade.meant() == Grade::Name);
        // Of whom nobody gave a whole word of the name, people are meant rather than companies.
        if !is_named && found.iter().any(|(_, person)| person.listed) {
            found.retain(|(_, person)| person.listed);
        }
        let best = found.iter().map(|(grade, _)| grade.meant()).min();
        found.retain(|(grade, _)| Some(grade.meant()) == best);
        found.into_iter().map(|(_, person)| person).collect()
    }

    /// Returns those who have one of these for their own, also whom kith would not name by words.
    fn who_has(&self, addresses: &[IdentifierHash]) -> Vec<(Grade, Person)> {
        let holders = addresses.iter().flat_map(|address| self.resolver.holders(*address));
        let heads: BTreeSet<u32> = holders.map(|no| self.resolver.head(*no)).filter(|no| !self.is_me(*no)).collect();
        let mut people: Vec<Person> = heads.into_iter().filter_map(|no| self.person_at(no)).collect();
        people.sort_by_key(|person| (!person.listed, person.id));
        people.into_iter().map(|person| (Grade::Words, person)).collect()
    }

    fn graded(&self, query: &str) -> Vec<(Grade, Person)> {
        let wanted = Wanted::new(query, self.region());
        if wanted.words.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<(Grade, Person)> = Vec::new();
        // Who is nobody to reconnect with is meant by an id or a whole address all the same: by one of these kith names them.
        let strangers = self.heads_of_strangers().filter(|_| wanted.is_exact());
        for no in self.heads().chain(self.heads_of_others()).chain(strangers) {
            found.extend(self.grade(no, &wanted).zip(self.person_at(no)));
        }
        found.sort_by_key(|(grade, person)| (!person.listed, *grade, person.id));
        // "Ana" is no part of a manager while somebody is called so; letters that part no words begin none.
        let is_in_words = |grade: Grade| grade == Grade::Somewhere;
        if wanted.words_begin() && found.iter().any(|(grade, _)| !is_in_words(*grade)) {
            found.retain(|(grade, _)| !is_in_words(*grade));
        }
        found
    }

    /// Returns, for each group of beginnings, whose words have all of them, of the people of some records.
    #[must_use]
    pub fn whose_words_have(
        &self,
        records: impl IntoIterator<Item = RecordId>,
        groups: &[Vec<String>],
    ) -> Vec<BTreeSet<PersonId>> {
        let mut found = vec![BTreeSet::new(); groups.len()];
        if groups.iter().all(Vec::is_empty) {
            return found;
        }
        let heads = records.into_iter().filter_map(|record| Some(self.resolver.head(*self.by_id.get(&record)?)));
        for head in heads.collect::<BTreeSet<u32>>() {
            let entries: Vec<&Entry> = self.member_entries(head).map(|(_, entry)| entry).collect();
            let has = |beginning: &String| {
                entries.iter().flat_map(|entry| entry.texts()).any(|text| text.text().contains(beginning.as_str()))
            };
            for (group, found) in groups.iter().zip(&mut found) {
                if !group.is_empty() && group.iter().all(has) {
                    found.extend(self.person_at(head).map(|person| person.id));
                }
            }
        }
        found
    }

    /// Returns whether it is the owner of whom every word of the query is known, or whose address it is.
    #[must_use]
    pub fn finds_owner(&self, query: &str) -> bool {
        let named = owner_identifiers(&[query.to_owned()]);
        if named.iter().any(|identifier| self.me.contains(&IdentifierHash::of(identifier))) {
            return true;
        }
        let wanted = Wanted::new(query, self.region());
        !wanted.words.is_empty() && self.my_records.iter().any(|no| self.grade(*no, &wanted).is_some())
    }

    /// Returns the record that was meant by the words that led to a person: the one whose id it is, that has the address or
    /// the name; of several, and where none says more than the others, the earliest.
    #[must_use]
    pub fn record_meant(&self, person: &Person, query: &str) -> RecordId {
        let (wanted, addresses) = (Wanted::new(query, self.region()), addresses(query));
        let grade = |record: &RecordId| {
            let no = *self.by_id.get(record)?;
            let entry = self.entries.get(no as usize)?;
            if wanted.is_id(record) {
                return Some(Exactness::Id);
            }
            let by_words = entry.texts().into_iter().filter_map(|text| wanted.exactness(text)).max();
            by_words.max(self.has_one_of(no, &addresses).then_some(Exactness::Whole))
        };
        let graded = person.members.iter().map(|member| (grade(&member.record), member.record));
        graded.rev().max_by_key(|(grade, _)| *grade).map_or(person.id, |(_, record)| record)
    }

    /// Returns how a query calls somebody; `None` where its words are only of their work, a label, or within an address.
    #[must_use]
    pub fn called(&self, person: &Person, query: &str) -> Option<Called> {
        let (wanted, addresses) = (Wanted::new(query, self.region()), addresses(query));
        let members: Vec<u32> = person.members.iter().filter_map(|m| self.by_id.get(&m.record).copied()).collect();
        let entries: Vec<_> = members.iter().filter_map(|no| self.entries.get(*no as usize)).collect();
        let is_id = || entries.iter().any(|entry| wanted.is_id(&entry.id));
        // A name beside the address may be somebody else's.
        let is_address = wanted.words.len() == 1 && members.iter().any(|no| self.has_one_of(*no, &addresses));
        if is_id() || is_address {
            return Some(Called::Wholly);
        }
        wanted.calls(|| entries.iter().flat_map(|entry| entry.texts()))
    }

    fn has_one_of(&self, no: u32, addresses: &[IdentifierHash]) -> bool {
        !addresses.is_empty() && self.resolver.identifiers(no).any(|own| addresses.contains(&own))
    }

    fn grade(&self, no: u32, wanted: &Wanted) -> Option<Grade> {
        if self.member_entries(no).any(|(_, entry)| wanted.is_id(&entry.id)) {
            return Some(Grade::Id);
        }
        wanted.grade(|| self.member_entries(no).flat_map(|(_, entry)| entry.texts()))
    }
}

/// The mail address or the profile that a query is, however it is written: with `mailto:`, with `https://`.
fn addresses(query: &str) -> Vec<IdentifierHash> {
    let is_such = |identifier: &&Identifier| matches!(identifier.kind, IdentifierKind::Email | IdentifierKind::Profile);
    owner_identifiers(&[query.to_owned()]).iter().filter(is_such).map(IdentifierHash::of).collect()
}

impl Wanted {
    fn new(query: &str, region: Option<Region>) -> Self {
        let spelled = |text: &str| -> Vec<String> { spellings(text).into_iter().filter(|s| !s.is_empty()).collect() };
        let could_be_id = query.len() >= ID_DIGITS_ENOUGH && query.bytes().all(|byte| byte.is_ascii_hexdigit());
        Self {
            wholes: spelled(query),
            words: query.split_whitespace().map(spelled).filter(|word| !word.is_empty()).collect(),
            id_prefix: could_be_id.then(|| query.to_lowercase()),
            numbers: numbers(query, region),
        }
    }

    /// Whether it is an id, or the beginning of one, or an address.
    fn is_exact(&self) -> bool {
        let is_address = |word: &Vec<String>| word.iter().any(|spelling| spelling.contains('@'));
        self.id_prefix.is_some() || matches!(self.words.as_slice(), [word] if is_address(word))
    }

    /// Whether each word is of a script that parts words.
    fn words_begin(&self) -> bool {
        self.words.iter().flatten().all(|word| word.is_ascii())
    }

    fn is_id(&self, record: &RecordId) -> bool {
        self.id_prefix.as_deref().is_some_and(|prefix| record.to_string().starts_with(prefix))
    }

    fn exactness(&self, search: &SearchText) -> Option<Exactness> {
        let padded = format!(" {} ", search.text());
        let places = self.wholes.iter().filter_map(|whole| padded.find(&format!(" {whole} ")));
        match places.min() {
            Some(0) => Some(Exactness::Name),
            Some(_) => Some(Exactness::Whole),
            None => self.grade(|| core::iter::once(search)).map(|_| Exactness::Words),
        }
    }

    /// Returns how the query calls the one of whom these texts are.
    fn calls<'a, T: Iterator<Item = &'a SearchText>>(&self, texts: impl Fn() -> T) -> Option<Called> {
        let is_number = |word: &str| self.numbers.iter().any(|number| word.ends_with(number.as_str()));
        let in_names = |fits: &dyn Fn(&str) -> bool| texts().any(|known| known.name().split(' ').any(fits));
        let in_words = |fits: &dyn Fn(&str) -> bool| texts().any(|known| known.text().split(' ').any(fits));
        let is_whole =
            |word: &str| in_names(&|known| known == word) || (word.contains('@') && in_words(&|known| known == word));
        let begins = |word: &str| {
            in_names(&|known| known.starts_with(word))
                || in_words(&|known| known.contains('@') && known.starts_with(word))
        };
        let each =
            |fits: &dyn Fn(&str) -> bool| self.words.iter().all(|word| word.iter().any(|spelling| fits(spelling)));
        let any = |fits: &dyn Fn(&str) -> bool| self.words.iter().flatten().any(|spelling| fits(spelling));
        // Of several words one within a name says nothing.
        let is_within = self.words.len() == 1 && any(&|word| in_names(&|known| known.contains(word)));
        if in_words(&is_number) || each(&is_whole) {
            Some(Called::Wholly)
        } else if each(&begins) {
            Some(Called::Begun)
        } else {
            (is_within || any(&begins)).then_some(Called::Partly)
        }
    }

    /// Returns how well these texts fit; `None` where a word is in none of them.
    fn grade<'a, T: Iterator<Item = &'a SearchText>>(&self, texts: impl Fn() -> T) -> Option<Grade> {
        if self
            .numbers
            .iter()
            .any(|number| texts().any(|known| known.text().split(' ').any(|word| word.ends_with(number.as_str()))))
        {
            return Some(Grade::Whole);
        }
        let each_word = |fits: &dyn Fn(&str) -> bool| self.words.iter().all(|word| word.iter().any(|s| fits(s)));
        if !each_word(&|word| texts().any(|known| known.text().contains(word))) {
            return None;
        }
        let in_names = |fits: &dyn Fn(&str) -> bool| texts().any(|known| known.name().split(' ').any(fits));
        let in_words = |fits: &dyn Fn(&str) -> bool| texts().any(|known| known.text().split(' ').any(fits));
        Some(if self.wholes.iter().any(|whole| texts().any(|known| begins_with_words(known.text(), whole))) {
            Grade::Whole
        } else if each_word(&|word| in_names(&|known| known == word)) {
            Grade::Name
        } else if each_word(&|word| in_names(&|known| known.starts_with(word))) {
            Grade::NameBegins
        } else if each_word(&|word| in_words(&|known| known.starts_with(word))) {
            Grade::Words
        } else {
            Grade::Somewhere
        })
    }
}

impl Grade {
    /// Returns the grade by which one is meant rather than another: it does not matter which word of a name it is.
    const fn meant(self) -> Self {
        if matches!(self, Self::Whole) { Self::Name } else { self }
    }
}

/// How a telephone number may stand in a search text: with its country, or without the zero that is dialled before it.
fn numbers(query: &str, region: Option<Region>) -> Vec<String> {
    if !is_number(query) || query.chars().any(char::is_alphabetic) {
        return Vec::new();
    }
    let digits: String = query.chars().filter(char::is_ascii_digit).collect();
    let national = digits.trim_start_matches('0').to_owned();
    let known = phone(query, region).into_iter();
    known.chain([national].into_iter().filter(|digits| digits.len() >= NUMBER_DIGITS)).collect()
}

fn begins_with_words(text: &str, words: &str) -> bool {
    text.strip_prefix(words).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

#[cfg(test)]
mod tests {
    use kith_proto::card::{Card, Email, Name, Organization, Phone};

    use super::*;
    use crate::digest::digest_card;

    #[track_caller]
    fn check(query: &str, name: &str, expected: Option<Grade>) {
        let name = Name { full: Some(name.to_owned()), components: Vec::new() };
        let acme = Organization { name: "Acme Works".to_owned(), units: Vec::new() };
        let digest = digest_card(&Card { name, organizations: vec![acme], ..Card::default() }, None);
        let search = SearchText::new(&digest.search, &digest.name);
        let grade = Wanted::new(query, None).grade(|| std::iter::once(&search));
        assert_eq!(grade, expected, "{query:?} in {search:?}");
    }

    #[test]
    fn a_name_is_found_with_its_umlaut_written_out_and_the_other_way_round() {
        check("Mueller", "Jan Müller", Some(Grade::Name));
        check("Muller", "Jan Müller", Some(Grade::Name));
        check("Müller", "Jan Mueller", Some(Grade::Name));
        check("Jan Müller", "Jan Mueller", Some(Grade::Whole));
        check("Jörg Müller", "Joerg Müller", Some(Grade::Name));
        check("Müller", "Jan Miller", None);
    }

    #[test]
    fn a_spelling_counts_as_part_of_a_longer_query() {
        check("Mueller Acme", "Jan Müller", Some(Grade::Words));
        check("acme müller", "Jan Mueller", Some(Grade::Words));
        check("works üller", "Jan Mueller", Some(Grade::Somewhere));
        check("Müller Globex", "Jan Mueller", None);
    }

    #[test]
    fn words_of_the_name_come_before_beginnings_and_those_before_other_fields() {
        check("Ana", "Maria Ana Silva", Some(Grade::Name));
        check("Ana", "Maria Anabel Silva", Some(Grade::NameBegins));
        check("Work", "Maria Silva", Some(Grade::Words));
        check("Ana", "Maria Manager", Some(Grade::Somewhere));
    }

    #[test]
    fn another_script_is_found_as_it_reads_in_latin_letters() {
        check("Anna", "Анна", Some(Grade::Name));
        check("Анна", "Anna", Some(Grade::Whole));
    }

    #[test]
    fn a_number_is_found_as_it_is_dialled_at_home() {
        let known = digest_card(
            &Card {
                phones: vec![Phone { number: "+49 171 5550101".to_owned(), ..Phone::default() }],
                ..Card::default()
            },
            None,
        );
        let search = SearchText::new(&known.search, &known.name);
        for (query, region) in [
            ("0171 5550101", None),
            ("0171 5550101", Region::parse("DE")),
            ("+49 (0)171 5550101", None),
            ("+49 (171) 555 01 01", None),
        ] {
            assert_eq!(Wanted::new(query, region).grade(|| std::iter::once(&search)), Some(Grade::Whole), "{query}");
        }
        assert_eq!(Wanted::new("0171 555010", None).grade(|| std::iter::once(&search)), None, "a part of it");
        assert_eq!(Wanted::new("0172 5550101", None).grade(|| std::iter::once(&search)), None);
    }

    #[test]
    fn one_is_called_by_a_name_or_an_address_and_not_by_a_title() {
        let digest = digest_card(
            &Card {
                name: Name { full: Some("Mia Torres".to_owned()), components: Vec::new() },
                titles: vec!["Design Lead".to_owned()],
                emails: vec![Email { address: "mt@reef.example".to_owned(), ..Email::default() }],
                ..Card::default()
            },
            None,
        );
        let search = SearchText::new(&digest.search, &digest.name);
        let called = |query: &str| Wanted::new(query, None).calls(|| std::iter::once(&search));
        for whole in ["Mia", "torres mia", "mt@reef.example"] {
            assert_eq!(called(whole), Some(Called::Wholly), "{whole}");
        }
        for begun in ["Tor", "mi torr", "mt@"] {
            assert_eq!(called(begun), Some(Called::Begun), "{begun}");
        }
        for part in ["Mia Design", "orre", "Lea to"] {
            assert_eq!(called(part), Some(Called::Partly), "{part}");
        }
        for none in ["Lea", "Lead", "design lead", "reef"] {
            assert_eq!(called(none), None, "{none}");
        }
    }

    #[test]
    fn words_of_marks_alone_look_for_nobody() {
        assert!(Wanted::new(" ' \u{301} ", None).words.is_empty());
    }

    #[test]
    fn six_digits_could_be_an_id() {
        assert_eq!(Wanted::new("00FFaa", None).id_prefix.as_deref(), Some("00ffaa"));
        assert_eq!(Wanted::new("00ffa", None).id_prefix, None);
        assert_eq!(Wanted::new("00ffag", None).id_prefix, None);
    }
}
