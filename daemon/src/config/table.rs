//! Reads a table of the config file key by key, and keeps a list of what is wrong.
//!
//! A key that nobody asked for is a mistake, and the nearest of those that were asked for is its remedy.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Mistake;

/// What is wrong in the file, so far.
pub(super) struct Mistakes<'a> {
    pub(super) path: &'a Path,
    pub(super) text: &'a str,
    /// In the order of the lines.
    pub(super) found: Vec<Mistake>,
}

impl Mistakes<'_> {
    pub(super) fn add(&mut self, at: &Range<usize>, key: &str, problem: String, remedy: &str) {
        let line = self.text.get(..at.start).unwrap_or_default().matches('\n').count() + 1;
        let mistake =
            Mistake { path: self.path.to_owned(), line, key: key.to_owned(), problem, remedy: remedy.to_owned() };
        let place = self.found.partition_point(|known| known.line <= line);
        self.found.insert(place, mistake);
    }
}

/// A table whose keys are being read.
pub(super) struct Table<'t, 'm, 'a> {
    name: String,
    table: &'t DeTable<'a>,
    at: Range<usize>,
    asked: BTreeSet<&'static str>,
    mistakes: &'m mut Mistakes<'a>,
}

impl<'t, 'm, 'a> Table<'t, 'm, 'a> {
    /// The file's own table.
    pub(super) fn root(table: &'t Spanned<DeTable<'a>>, mistakes: &'m mut Mistakes<'a>) -> Self {
        Self { name: String::new(), table: table.get_ref(), at: 0..0, asked: BTreeSet::new(), mistakes }
    }

    /// Reads a key with `read`; `None` when it is absent, or wrong and noted as such.
    ///
    /// `read` returns the value or what is expected in its place: "a number from 1 to 50".
    pub(super) fn value<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&DeValue<'a>) -> Result<T, String>,
    ) -> Option<T> {
        let value = self.get(key)?;
        match read(value.get_ref()) {
            Ok(read) => Some(read),
            Err(expected) => {
                let problem = format!("not understood: {}", self.quoted(value));
                self.mistakes.add(&value.span(), &full(&self.name, key), problem, &format!("write {expected}"));
                None
            }
        }
    }

    /// As [`Table::value`], for a key that must be there.
    pub(super) fn required<T>(
        &mut self,
        key: &'static str,
        example: &str,
        read: impl FnOnce(&DeValue<'a>) -> Result<T, String>,
    ) -> Option<T> {
        if self.get(key).is_none() {
            let remedy = format!("add a line such as `{key} = {example}`");
            self.mistakes.add(&self.at, &full(&self.name, key), "missing".to_owned(), &remedy);
        }
        self.value(key, read)
    }

    /// Reads the table under `key` with `read`, if there is one.
    pub(super) fn table<T>(&mut self, key: &'static str, read: impl FnOnce(&mut Table<'t, '_, 'a>) -> T) -> Option<T> {
        let value = self.get(key)?;
        let Some(table) = value.get_ref().as_table() else {
            let remedy = format!("write `[{key}]` on a line of its own, and its keys below");
            self.mistakes.add(&value.span(), key, "not a table".to_owned(), &remedy);
            return None;
        };
        Some(self.read_table(key, table, value.span(), read))
    }

    /// Reads each table under `key`, `[[key]]`, with `read`; `None` when there is none.
    pub(super) fn tables<T>(
        &mut self,
        key: &'static str,
        mut read: impl FnMut(&mut Table<'t, '_, 'a>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let value = self.get(key)?;
        let tables = value.get_ref().as_array().map(|array| {
            array.iter().filter_map(|item| Some((item.get_ref().as_table()?, item.span()))).collect::<Vec<_>>()
        });
        let Some(tables) = tables.filter(|tables| Some(tables.len()) == value.get_ref().as_array().map(|a| a.len()))
        else {
            let remedy = format!("write `[[{key}]]` on a line of its own, and its keys below");
            self.mistakes.add(&value.span(), key, "not a list of tables".to_owned(), &remedy);
            return None;
        };
        Some(tables.into_iter().filter_map(|(table, at)| self.read_table(key, table, at, &mut read)).collect())
    }

    /// Notes a mistake about a key as a whole.
    pub(super) fn mistake(&mut self, key: &'static str, problem: String, remedy: &str) {
        let at = self.table.iter().find(|(k, _)| k.get_ref() == key).map_or(self.at.clone(), |(k, _)| k.span());
        self.mistakes.add(&at, &full(&self.name, key), problem, remedy);
    }

    /// Notes the keys that nobody asked for.
    pub(super) fn finish(self) {
        for (key, _) in self.table {
            if self.asked.contains(key.get_ref().as_ref()) {
                continue;
            }
            let near = self.asked.iter().map(|known| (distance(key.get_ref(), known), known)).min();
            let remedy = match near {
                Some((0..=3, known)) => format!("did you mean `{known}`?"),
                Some(_) | None => format!("known are {}", self.asked.iter().copied().collect::<Vec<_>>().join(", ")),
            };
            self.mistakes.add(&key.span(), &full(&self.name, key.get_ref()), "unknown key".to_owned(), &remedy);
        }
    }

    fn get(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'a>>> {
        self.asked.insert(key);
        self.table.iter().find(|(k, _)| k.get_ref() == key).map(|(_, value)| value)
    }

    fn read_table<T>(
        &mut self,
        key: &str,
        table: &'t DeTable<'a>,
        at: Range<usize>,
        read: impl FnOnce(&mut Table<'t, '_, 'a>) -> T,
    ) -> T {
        let mut table =
            Table { name: full(&self.name, key), table, at, asked: BTreeSet::new(), mistakes: self.mistakes };
        let result = read(&mut table);
        table.finish();
        result
    }

    fn quoted(&self, value: &Spanned<DeValue<'a>>) -> String {
        let text = self.mistakes.text.get(value.span()).unwrap_or_default();
        text.lines().next().unwrap_or_default().chars().take(80).collect()
    }
}

fn full(table: &str, key: &str) -> String {
    if table.is_empty() { key.to_owned() } else { format!("{table}.{key}") }
}

/// Returns how many letters must be changed, added or taken away to make `a` of `b`.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        for (j, (other, above)) in b.iter().zip(row.windows(2)).enumerate() {
            let [diagonal, up] = above else { continue };
            let left = next.get(j).copied().unwrap_or(usize::MAX - 1);
            next.push((diagonal + usize::from(letter != *other)).min(up + 1).min(left + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_how_far_two_words_are_apart() {
        assert_eq!(distance("cadense", "cadence"), 1);
        assert_eq!(distance("", "me"), 2);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
