//! Who is looked for: words of a query, in every spelling, against the search text of each record.
//!
//! ```text
//!  "Müller Acme" ─▶ [muller | mueller] and [acme] ─▶ Jan Mueller of Acme, Ana Müller of Acme
//! ```

use crate::book::Book;
use crate::book::people::Person;
use crate::digest::owner_identifiers;
use crate::id::RecordId;
use crate::identity::IdentifierHash;
use crate::normalize::spellings;

/// How many digits of an id are enough to look for it.
const ID_PREFIX: usize = 6;

/// A query, taken apart.
#[derive(Debug)]
struct Wanted {
    /// The spellings of the whole.
    wholes: Vec<String>,
    /// The spellings of each word.
    words: Vec<Vec<String>>,
    /// The beginning of an id, where it could be one.
    id_prefix: Option<String>,
}

/// How well a person fits, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Grade {
    /// The id begins so.
    Id,
    /// What is known of them begins with the whole query.
    Whole,
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

impl Book {
    /// Returns the people of whom every word of the query is known, exact names first; all whose id begins with it, for 6
    /// digits or more of an id. After them come organisations, groups and shared mailboxes, which are not `listed`.
    ///
    /// A word is known in any of its spellings: `Mueller` finds Müller, and `Müller` Mueller.
    #[must_use]
    pub fn find(&self, query: &str) -> Vec<Person> {
        let wanted = Wanted::new(query);
        if wanted.words.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<(Grade, Person)> = Vec::new();
        for no in self.heads().chain(self.heads_of_others()) {
            found.extend(self.grade(no, &wanted).zip(self.person_at(no)));
        }
        found.sort_by_key(|(grade, person)| (!person.listed, *grade, person.id));
        found.into_iter().map(|(_, person)| person).collect()
    }

    /// Returns whether it is the owner of whom every word of the query is known, or whose address it is.
    #[must_use]
    pub fn finds_owner(&self, query: &str) -> bool {
        let named = owner_identifiers(&[query.to_owned()]);
        if named.iter().any(|identifier| self.me.contains(&IdentifierHash::of(identifier))) {
            return true;
        }
        let wanted = Wanted::new(query);
        !wanted.words.is_empty() && self.my_records.iter().any(|no| self.grade(*no, &wanted).is_some())
    }

    /// Returns the record that was meant by the words that led to a person: the one whose id it is, that has the address or
    /// the name; of several, and where none says more than the others, the earliest.
    #[must_use]
    pub fn record_meant(&self, person: &Person, query: &str) -> RecordId {
        let wanted = Wanted::new(query);
        let grade = |record: &RecordId| {
            let entry = self.entries.get(*self.by_id.get(record)? as usize)?;
            if wanted.is_id(record) { Some(Exactness::Id) } else { wanted.exactness(&entry.search) }
        };
        let graded = person.members.iter().map(|member| (grade(&member.record), member.record));
        graded.rev().max_by_key(|(grade, _)| *grade).map_or(person.id, |(_, record)| record)
    }

    fn grade(&self, no: u32, wanted: &Wanted) -> Option<Grade> {
        if self.member_entries(no).any(|(_, entry)| wanted.is_id(&entry.id)) {
            return Some(Grade::Id);
        }
        wanted.grade(|| self.member_entries(no).map(|(_, entry)| &*entry.search))
    }
}

impl Wanted {
    fn new(query: &str) -> Self {
        let spelled = |text: &str| -> Vec<String> { spellings(text).into_iter().filter(|s| !s.is_empty()).collect() };
        let could_be_id = query.len() >= ID_PREFIX && query.bytes().all(|byte| byte.is_ascii_hexdigit());
        Self {
            wholes: spelled(query),
            words: query.split_whitespace().map(spelled).filter(|word| !word.is_empty()).collect(),
            id_prefix: could_be_id.then(|| query.to_lowercase()),
        }
    }

    fn is_id(&self, record: &RecordId) -> bool {
        self.id_prefix.as_deref().is_some_and(|prefix| record.to_string().starts_with(prefix))
    }

    fn exactness(&self, search: &str) -> Option<Exactness> {
        let padded = format!(" {search} ");
        let places = self.wholes.iter().filter_map(|whole| padded.find(&format!(" {whole} ")));
        match places.min() {
            Some(0) => Some(Exactness::Name),
            Some(_) => Some(Exactness::Whole),
            None => self.grade(|| core::iter::once(search)).map(|_| Exactness::Words),
        }
    }

    /// Returns how well these texts fit; `None` where a word is in none of them.
    fn grade<'a, T: Iterator<Item = &'a str>>(&self, texts: impl Fn() -> T) -> Option<Grade> {
        let stands = |word: &String| texts().any(|text| text.contains(word.as_str()));
        if !self.words.iter().all(|word| word.iter().any(stands)) {
            return None;
        }
        let begins_text = |whole: &String| {
            let rest = |text: &'a str| text.strip_prefix(whole.as_str());
            texts().filter_map(rest).any(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        let begins_word = |word: &String| texts().any(|text| text.split(' ').any(|w| w.starts_with(word.as_str())));
        Some(if self.wholes.iter().any(begins_text) {
            Grade::Whole
        } else if self.words.iter().all(|word| word.iter().any(begins_word)) {
            Grade::Words
        } else {
            Grade::Somewhere
        })
    }
}

#[cfg(test)]
mod tests {
    use kith_proto::card::{Card, Name, Organization};

    use super::*;
    use crate::digest::digest_card;

    #[track_caller]
    fn check(query: &str, name: &str, expected: Option<Grade>) {
        let name = Name { full: Some(name.to_owned()), components: Vec::new() };
        let acme = Organization { name: "Acme Works".to_owned(), units: Vec::new() };
        let search = digest_card(&Card { name, organizations: vec![acme], ..Card::default() }, None).search;
        let grade = Wanted::new(query).grade(|| std::iter::once(&*search));
        assert_eq!(grade, expected, "{query:?} in {search:?}");
    }

    #[test]
    fn a_name_is_found_with_its_umlaut_written_out_and_the_other_way_round() {
        check("Mueller", "Jan Müller", Some(Grade::Words));
        check("Muller", "Jan Müller", Some(Grade::Words));
        check("Müller", "Jan Mueller", Some(Grade::Words));
        check("Jan Müller", "Jan Mueller", Some(Grade::Whole));
        check("Jörg Müller", "Joerg Müller", Some(Grade::Words));
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
    fn another_script_is_found_as_it_reads_in_latin_letters() {
        check("Anna", "Анна", Some(Grade::Words));
        check("Анна", "Anna", Some(Grade::Whole));
    }

    #[test]
    fn words_of_marks_alone_look_for_nobody() {
        assert!(Wanted::new(" ' \u{301} ").words.is_empty());
    }

    #[test]
    fn six_digits_could_be_an_id() {
        assert_eq!(Wanted::new("00FFaa").id_prefix.as_deref(), Some("00ffaa"));
        assert_eq!(Wanted::new("00ffa").id_prefix, None);
        assert_eq!(Wanted::new("00ffag").id_prefix, None);
    }
}
