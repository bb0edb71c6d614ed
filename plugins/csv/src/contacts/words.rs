//! The names that columns of contact lists go by. They are data, in `layouts/`: one file a program, each with its languages,
//! and `words.toml` for any other table. A new layout or language is a new file or section there, and a line below.
//!
//! A name is folded: letters and digits in lower case, each number as `#`. So `E-mail 2 - Value` is `email#value`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::meaning;

/// The layouts of known programs, the likeliest first.
const LAYOUTS: &[&str] = &[
    include_str!("../../layouts/google.toml"),
    include_str!("../../layouts/linkedin.toml"),
    include_str!("../../layouts/outlook-google.toml"),
    include_str!("../../layouts/outlook-com.toml"),
    include_str!("../../layouts/outlook.toml"),
    include_str!("../../layouts/thunderbird.toml"),
    include_str!("../../layouts/yahoo.toml"),
];

const WORDS: &str = include_str!("../../layouts/words.toml");

const OTHERS: &str = include_str!("../../layouts/others.toml");

/// The columns that a program writes in one language.
#[derive(Debug)]
pub(crate) struct Language {
    /// The source that such a table belongs to.
    pub(crate) source: String,
    needs: Vec<Vec<String>>,
    columns: BTreeMap<String, &'static str>,
}

impl Language {
    /// Returns what a folded name means in this language; a program names no other column so.
    pub(crate) fn meaning(&self, folded: &str) -> Option<&'static str> {
        self.columns.get(folded).copied()
    }
}

/// Another kind of table.
#[derive(Debug)]
struct Other {
    what: String,
    names: Vec<String>,
}

#[derive(Debug, Default)]
struct Dictionary {
    words: BTreeMap<String, &'static str>,
    /// What the programs' layouts name, where they agree.
    agreed: BTreeMap<String, Option<&'static str>>,
    languages: Vec<Language>,
    others: Vec<Other>,
}

#[derive(Deserialize)]
struct LayoutFile {
    source: String,
    language: Vec<LanguageTable>,
}

#[derive(Deserialize)]
struct LanguageTable {
    #[cfg(test)]
    code: String,
    needs: Vec<Vec<String>>,
    columns: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct OtherTable {
    what: String,
    names: String,
}

/// The data is part of the library, and a test reads it whole: a mistake in it does not get so far as to be met here.
static DICTIONARY: LazyLock<Dictionary> = LazyLock::new(|| Dictionary::read().unwrap_or_default());

impl Dictionary {
    fn read() -> Result<Self, toml::de::Error> {
        let mut read = Self::default();
        let words: BTreeMap<String, String> = toml::from_str(WORDS)?;
        for (name, words) in &words {
            let Some(meaning) = meaning::meaning(name) else { continue };
            read.words.extend(words.split_whitespace().map(|word| (word.to_owned(), meaning.name)));
        }
        for layout in LAYOUTS {
            let file: LayoutFile = toml::from_str(layout)?;
            read.languages.extend(file.language.into_iter().map(|table| language(&file.source, table)));
        }
        for language in read.languages.iter().filter(|language| language.source != "yahoo") {
            for (name, meaning) in language.columns.iter().filter(|(_, meaning)| !meaning.starts_with("birthday.")) {
                let agreed = read.agreed.entry(name.clone()).or_insert(Some(meaning));
                *agreed = agreed.filter(|known| known == meaning);
            }
        }
        let others: BTreeMap<String, OtherTable> = toml::from_str(OTHERS)?;
        let other = |table: OtherTable| Other {
            what: table.what,
            names: table.names.split_whitespace().map(ToOwned::to_owned).collect(),
        };
        read.others = others.into_values().map(other).collect();
        Ok(read)
    }
}

fn language(source: &str, table: LanguageTable) -> Language {
    let folded = |names: Vec<String>| names.into_iter().map(|name| fold(&name).0).collect::<Vec<_>>();
    let columns = table.columns.into_iter().filter_map(|(name, names)| Some((meaning::meaning(&name)?.name, names)));
    Language {
        source: source.to_owned(),
        needs: table.needs.into_iter().map(folded).collect(),
        columns: columns
            .flat_map(|(name, names)| folded(names).into_iter().map(move |folded| (folded, name)))
            .collect(),
    }
}

/// Returns the language of the program that wrote a header, if a known one did: the one that knows most of its names.
pub(crate) fn language_of(folded: &[(String, u32)]) -> Option<&'static Language> {
    let holds = |set: &Vec<String>| set.iter().all(|need| folded.iter().any(|(name, _)| name == need));
    let known = |language: &Language| folded.iter().filter(|(name, _)| language.columns.contains_key(name)).count();
    let mut best: Option<(usize, &Language)> = None;
    for language in DICTIONARY.languages.iter().filter(|language| language.needs.iter().any(holds)) {
        let known = known(language);
        if best.is_none_or(|(most, _)| known > most) {
            best = Some((known, language));
        }
    }
    best.map(|(_, language)| language)
}

/// Returns what a folded name means in any table.
pub(crate) fn look_up(folded: &str) -> Option<&'static str> {
    let word = DICTIONARY.words.get(folded).copied();
    word.or_else(|| DICTIONARY.agreed.get(folded).copied().flatten())
}

/// Returns what a table is that is no list of contacts, by at least so many names that only such a table has.
pub(crate) fn other_kind(header: &[String], least: usize) -> Option<&'static str> {
    let folded: Vec<String> = header.iter().map(|name| fold(name).0).collect();
    let count = |other: &Other| folded.iter().filter(|name| other.names.contains(name)).count();
    let best = DICTIONARY.others.iter().map(|other| (count(other), other)).max_by_key(|(count, _)| *count);
    best.filter(|(count, _)| *count >= least).map(|(_, other)| other.what.as_str())
}

/// Returns a header's folded name and the number in it, 0 where there is none.
pub(crate) fn fold(header: &str) -> (String, u32) {
    let mut folded = String::new();
    let mut number = 0_u32;
    for c in header.chars().filter(|c| c.is_alphanumeric()) {
        match c.to_digit(10) {
            Some(digit) => {
                number = number.saturating_mul(10).saturating_add(digit);
                if !folded.ends_with('#') {
                    folded.push('#');
                }
            }
            None => folded.extend(c.to_lowercase()),
        }
    }
    (folded, number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layout_is_read_whole_and_every_word_in_it_is_known() {
        assert!(Dictionary::read().unwrap().languages.len() > 25);
        for layout in LAYOUTS {
            let file: LayoutFile = toml::from_str(layout).unwrap();
            for table in file.language {
                let title = format!("{} {}", file.source, table.code);
                let names: Vec<&String> = table.columns.values().flatten().collect();
                let mut seen: BTreeMap<String, &str> = BTreeMap::new();
                for (meaning, names) in &table.columns {
                    assert!(meaning::meaning(meaning).is_some(), "{title}: {meaning}");
                    for name in names {
                        let before = seen.insert(fold(name).0, meaning);
                        assert!(
                            before.is_none_or(|before| before == meaning),
                            "{title}: {name}: {before:?}, {meaning}"
                        );
                    }
                }
                for need in table.needs.iter().flatten() {
                    assert!(names.contains(&need), "{title}: {need}");
                }
            }
        }
    }

    #[test]
    fn no_word_stands_for_two_things() {
        let words: BTreeMap<String, String> = toml::from_str(WORDS).unwrap();
        let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
        for (name, words) in &words {
            assert!(meaning::meaning(name).is_some(), "{name}");
            for word in words.split_whitespace() {
                assert_eq!(seen.insert(word, name), None, "{word}");
                let folded = fold(&word.replace('#', "1")).0;
                assert_eq!(folded, word);
            }
        }
        assert!(seen.len() > 700);
    }
}
