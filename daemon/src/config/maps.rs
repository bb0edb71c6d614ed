//! The user's mappings of tables: which column of a kind of table holds what, one TOML file a kind in the folder `maps`.
//!
//! ```toml
//! header = true
//!
//! [[column]]
//! name = "Wer"
//! as = "name"
//! ```

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use kith_proto::column::{self, MappedColumn, TableMap};
use toml::de::{DeTable, DeValue};

use super::table::{Mistakes, Table};
use super::{ConfigError, Mistake};
use crate::paths;

/// How large a mapping may be.
const LIMIT_BYTES: u64 = 1 << 20;

/// A mapping cannot be kept.
#[derive(Debug, thiserror::Error)]
#[error("keep the mapping in {path}")]
pub struct SaveError {
    /// Where.
    pub path: PathBuf,
    /// Why.
    #[source]
    pub source: io::Error,
}

/// Makes a mapping of a file's text.
///
/// # Errors
/// When something in it is wrong, each mistake with its line and key.
pub fn parse(text: &str, path: &Path) -> Result<TableMap, ConfigError> {
    let mut mistakes = Mistakes { path, text, found: Vec::new() };
    let table = match DeTable::parse(text) {
        Ok(table) => table,
        Err(error) => {
            let at = error.span().unwrap_or(0..0);
            mistakes.add(&at, "TOML", error.message().to_owned(), "see https://toml.io for how values are written");
            return Err(ConfigError::Wrong(mistakes.found));
        }
    };
    let mut root = Table::root(&table, &mut mistakes);
    let header = root.value("header", yes_or_no).unwrap_or(true);
    let columns = root.tables("column", read_column);
    if columns.is_none() {
        root.mistake("column", "no column is named".to_owned(), "add `[[column]]` with `name` and `as`, once a column");
    }
    root.finish();
    let map = TableMap { header, columns: columns.unwrap_or_default() };
    if mistakes.found.is_empty() { Ok(map) } else { Err(ConfigError::Wrong(mistakes.found)) }
}

fn read_column(table: &mut Table<'_, '_, '_>) -> Option<MappedColumn> {
    let name = table.required("name", "\"Name\"", text);
    let meaning = table.required("as", "\"email\"", meaning);
    Some(MappedColumn { name: name?, meaning: meaning? })
}

fn text(value: &DeValue<'_>) -> Result<String, String> {
    value.as_str().map(ToOwned::to_owned).ok_or_else(|| "the column's name, in quotes".to_owned())
}

fn meaning(value: &DeValue<'_>) -> Result<String, String> {
    let known = || column::MEANINGS.iter().map(|meaning| meaning.name).collect::<Vec<_>>().join(", ");
    let found = value.as_str().and_then(column::meaning);
    found.map(|meaning| meaning.name.to_owned()).ok_or_else(|| format!("one of {}", known()))
}

fn yes_or_no(value: &DeValue<'_>) -> Result<bool, String> {
    value.as_bool().ok_or_else(|| "true or false".to_owned())
}

/// Reads the mappings that are kept, in the order of their names, and what is wrong with those that cannot be used.
#[must_use]
pub fn load(folder: &Path) -> (Vec<TableMap>, Vec<Mistake>) {
    let (mut maps, mut mistakes) = (Vec::new(), Vec::new());
    for path in files(folder) {
        let wrong = |problem: String, remedy: &str| {
            let (key, remedy) = ("TOML".to_owned(), remedy.to_owned());
            Mistake { path: path.clone(), line: 1, key, problem, remedy }
        };
        match read(&path) {
            Ok(text) => match parse(&text, &path) {
                Ok(map) => maps.push(map),
                Err(ConfigError::Wrong(found)) => mistakes.extend(found),
                Err(error @ ConfigError::Read { .. }) => mistakes.push(wrong(error.to_string(), "make it readable")),
            },
            Err(error) => mistakes.push(wrong(format!("cannot be read: {error}"), "make it readable, or remove it")),
        }
    }
    (maps, mistakes)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    files
}

fn read(path: &Path) -> io::Result<String> {
    if fs::metadata(path)?.len() > LIMIT_BYTES {
        return Err(io::Error::other("it is larger than 1 MiB"));
    }
    fs::read_to_string(path)
}

/// Keeps a mapping for the tables of its header, in place of an earlier one. Returns where.
///
/// # Errors
/// When it cannot be written.
pub fn save(folder: &Path, map: &TableMap, text: &str) -> Result<PathBuf, SaveError> {
    let path = folder.join(file_name(map));
    let failed = |source| SaveError { path: path.clone(), source };
    paths::make_folder(folder).map_err(failed)?;
    paths::replace(&path, text.as_bytes()).map_err(failed)?;
    Ok(path)
}

/// The first names of the header, and a hash of all of them.
fn file_name(map: &TableMap) -> String {
    let names: Vec<String> = map.columns.iter().map(|column| column.name.trim().to_lowercase()).collect();
    let hash = blake3::hash(names.join("\n").as_bytes()).to_hex();
    let word = |name: &String| name.chars().filter(|c| c.is_alphanumeric()).take(12).collect::<String>();
    let words: Vec<String> = names.iter().map(word).filter(|word| !word.is_empty()).take(3).collect();
    format!("{}-{}.toml", words.join("-"), hash.get(..8).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "header = true\n\n[[column]]\nname = \"Wer\"\nas = \"name\"\n\n[[column]]\nname = \"E, Post\"\nas = \"email.work\"\n";

    #[track_caller]
    fn check_wrong(text: &str, expected: &str) {
        let Err(ConfigError::Wrong(found)) = parse(text, Path::new("m.toml")) else { panic!("accepted {text}") };
        let told: Vec<String> = found.iter().map(|mistake| mistake.to_string()).collect();
        assert!(told.iter().any(|told| told.starts_with(expected)), "{told:?}");
    }

    #[test]
    fn every_mistake_is_named_with_its_line_and_key() {
        check_wrong(
            "[[column]]\nname = \"A\"\nas = \"shoe\"\n",
            "m.toml:3: column.as: not understood: \"shoe\" (write one of name,",
        );
        check_wrong("[[column]]\nas = \"name\"\n", "m.toml:1: column.name: missing");
        check_wrong("[[column]]\nname = 3\nas = \"name\"\n", "m.toml:2: column.name: not understood: 3");
        check_wrong("header = true\n", "m.toml:1: column: no column is named");
        check_wrong("header = \n", "m.toml:1: TOML:");
        check_wrong(
            "heeder = true\n[[column]]\nname = \"A\"\nas = \"name\"\n",
            "m.toml:1: heeder: unknown key (did you mean `header`?)",
        );
    }

    #[test]
    fn a_kept_mapping_is_read_again_and_replaced_by_one_for_the_same_header() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("maps");
        assert_eq!(load(&folder), (Vec::new(), Vec::new()));
        let map = parse(GOOD, Path::new("m.toml")).unwrap();
        let path = save(&folder, &map, GOOD).unwrap();
        assert!(path.file_name().unwrap().to_str().unwrap().starts_with("wer-epost-"), "{path:?}");
        assert_eq!(load(&folder), (vec![map], Vec::new()));
        let changed = GOOD.replace("email.work", "email");
        let map = parse(&changed, Path::new("m.toml")).unwrap();
        assert_eq!(save(&folder, &map, &changed).unwrap(), path);
        assert_eq!(load(&folder), (vec![map], Vec::new()));
        fs::write(folder.join("broken.toml"), "[[column]]\nname = \"A\"\n").unwrap();
        let (maps, mistakes) = load(&folder);
        assert_eq!((maps.len(), mistakes.len(), mistakes[0].line), (1, 1, 1));
    }
}
