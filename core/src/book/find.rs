//! Who is looked for: words of a query, in every spelling, against the search text of each record.
//!
//! ```text
//!  "Müller Acme" ─▶ [muller | mueller] and [acme] ─▶ Jan Mueller of Acme, Ana Müller of Acme
//! ```

use crate::book::Book;
use crate::book::people::Person;
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

impl Book {
    /// Returns the people of whom every word of the query is known, exact names first; all whose id begins with it, for 6
    /// digits or more of an id.
    ///
    /// A word is known in any of its spellings: `Mueller` finds Müller, and `Müller` Mueller.
    #[must_use]
    pub fn find(&self, query: &str) -> Vec<Person> {
        let wanted = Wanted::new(query);
        if wanted.words.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<(Grade, Person)> = Vec::new();
        for no in self.heads() {
            let by_id = wanted.id_prefix.as_deref().is_some_and(|prefix| {
                self.member_entries(no).any(|(_, entry)| entry.id.to_string().starts_with(prefix))
            });
            let texts = || self.member_entries(no).map(|(_, entry)| &*entry.search);
            let grade = if by_id { Some(Grade::Id) } else { wanted.grade(texts) };
            found.extend(grade.zip(self.person_at(no)));
        }
        found.sort_by_key(|(grade, person)| (*grade, person.id));
        found.into_iter().map(|(_, person)| person).collect()
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
