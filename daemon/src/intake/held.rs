//! Finds what was put away by what was imported: in `Imported` and `Problem`, by the content where its hash is known, else by
//! the name.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::{open, shelf};
use crate::watch::names;

/// Something that was imported: a file, or files of a folder.
#[derive(Debug, Clone)]
pub(crate) struct Imported {
    /// Where it was then.
    pub(crate) path: PathBuf,
    /// The hash of a single file, as the import was told.
    pub(crate) content: Option<String>,
    /// Which files of a folder are meant.
    pub(crate) files: BTreeSet<String>,
    /// In which of its files others are.
    pub(crate) others: BTreeSet<String>,
}

/// A file that was put away.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PutAway {
    /// Where it lies.
    pub(crate) path: PathBuf,
    /// Others are in it than who is looked for.
    pub(crate) others: bool,
}

/// Returns the files put away that these were, in order.
///
/// # Errors
/// When a folder or file cannot be read.
pub(crate) fn put_away(imported: &Path, problem: &Path, wanted: &[Imported]) -> io::Result<Vec<PutAway>> {
    let mut found = BTreeMap::new();
    let mut known = BTreeSet::new();
    for entry in entries(imported, problem)? {
        if entry.is_dir() {
            let of_folder = wanted.iter().filter(|i| i.content.is_none() && is_named(&entry, &i.path));
            for (file, others) in of_folder.flat_map(|i| i.files.iter().map(|file| (file, i.others.contains(file)))) {
                note(&mut found, entry.join(file), others);
            }
        } else if wanted.iter().any(|imported| imported.content.is_some()) {
            let hash = open::hash(File::open(&entry)?)?.to_hex().to_string();
            for imported in wanted.iter().filter(|imported| imported.content.as_deref() == Some(&hash)) {
                known.insert(hash.clone());
                note(&mut found, entry.clone(), !imported.others.is_empty());
            }
        }
    }
    // Where a mapping was told beside the file, the hash is not the file's alone.
    let unknown = |i: &&Imported| i.content.as_ref().is_some_and(|content| !known.contains(content));
    let unknown: Vec<&Imported> = wanted.iter().filter(unknown).collect();
    if !unknown.is_empty() {
        for entry in entries(imported, problem)? {
            for imported in unknown.iter().filter(|i| is_named(&entry, &i.path)) {
                note(&mut found, entry.clone(), !imported.others.is_empty());
            }
        }
    }
    Ok(found.into_iter().map(|(path, others)| PutAway { path, others }).collect())
}

fn note(found: &mut BTreeMap<PathBuf, bool>, path: PathBuf, others: bool) {
    if path.is_file() {
        *found.entry(path).or_default() |= others;
    }
}

/// Deletes a file that was put away, and the reason beside it.
///
/// # Errors
/// When it cannot be deleted.
pub(crate) fn delete(path: &Path) -> io::Result<()> {
    fs::remove_file(path)?;
    match fs::remove_file(shelf::reason_beside(path)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn entries(imported: &Path, problem: &Path) -> io::Result<Vec<PathBuf>> {
    let mut entries = Vec::new();
    for folder in shelf::months(imported)?.iter().map(PathBuf::as_path).chain([problem]) {
        let read = match fs::read_dir(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            read => read?,
        };
        for entry in read {
            let entry = entry?;
            let is_reason = entry.file_name().to_string_lossy().ends_with(names::REASON);
            // A link leads elsewhere, to what is not kith's.
            if !entry.file_type()?.is_symlink() && !is_reason {
                entries.push(entry.path());
            }
        }
    }
    entries.sort();
    Ok(entries)
}

/// Whether what lies there has this path's name, or the name with the number that it got because another had it.
fn is_named(entry: &Path, path: &Path) -> bool {
    let (Some(found), Some(name)) = (entry.file_name(), path.file_name()) else { return false };
    let (found, name) = (found.to_string_lossy(), name.to_string_lossy());
    let stem = |name: &str| {
        name.rsplit_once('.').map_or((name.to_owned(), String::new()), |(s, e)| (s.to_owned(), e.to_owned()))
    };
    let numbered = |found: &str, stem: &str| {
        let rest = found.strip_prefix(stem).and_then(|rest| rest.strip_prefix(" (")?.strip_suffix(')'));
        rest.is_some_and(|number| number.parse::<u32>().is_ok())
    };
    let ((found_stem, found_end), (name_stem, name_end)) = (stem(&found), stem(&name));
    found == name || numbered(&found, &name) || (found_end == name_end && numbered(&found_stem, &name_stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn imported(path: &str, content: Option<&str>, files: &[&str]) -> Imported {
        let content = content.map(|text| blake3::hash(text.as_bytes()).to_hex().to_string());
        let files = files.iter().map(|&file| file.to_owned()).collect();
        Imported {
            path: PathBuf::from(path),
            content,
            files,
            others: BTreeSet::from(["bob.vcf".to_owned(), "ana.vcf".to_owned()]),
        }
    }

    #[test]
    fn a_file_is_found_by_its_content_and_one_of_a_folder_by_its_name() {
        let home = tempfile::tempdir().unwrap();
        let (shelf, problem) = (home.path().join("Imported"), home.path().join("Problem"));
        for (name, text) in [
            ("Imported/2026-10/renamed.vcf", "ana"),
            ("Imported/2026-11/other.vcf", "bob"),
            ("Imported/2026-11/cards (2)/ana.vcf", "x"),
            ("Imported/2026-11/cards (2)/bob.vcf", "y"),
            ("Imported/2026-11/mapped (3).csv", "z"),
            ("Imported/mine/ana.vcf", "ana"),
            ("Problem/cut.vcf", "cut ana"),
            ("Problem/cut.vcf.reason.txt", "it ends in the middle"),
        ] {
            let path = home.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let wanted = [
            imported("/Drop/ana.vcf", Some("ana"), &[""]),
            imported("/Drop/cards", None, &["ana.vcf"]),
            imported("/Drop/mapped.csv", Some("z, and how it was mapped"), &[""]),
            imported("/Drop/cut.vcf", Some("cut ana"), &[""]),
        ];
        let found = put_away(&shelf, &problem, &wanted).unwrap();
        let names: Vec<_> =
            found.iter().map(|found| found.path.strip_prefix(home.path()).unwrap().to_str().unwrap()).collect();
        let expected = [
            "Imported/2026-10/renamed.vcf",
            "Imported/2026-11/cards (2)/ana.vcf",
            "Imported/2026-11/mapped (3).csv",
            "Problem/cut.vcf",
        ];
        assert_eq!(names, expected);
        assert!(found.iter().all(|found| found.others));
        found.iter().for_each(|found| delete(&found.path).unwrap());
        assert_eq!(fs::read_dir(&problem).unwrap().count(), 0);
        assert_eq!(put_away(&home.path().join("none"), &problem, &wanted).unwrap(), Vec::new());
    }
}
