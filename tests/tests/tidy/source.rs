//! The repository's Rust files, parted into what ships and what tests it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use kith_tests::binaries::root;

/// A Rust file of the repository.
pub(crate) struct Source {
    /// Its path relative to the repository's root.
    pub(crate) path: String,
    /// All of it.
    pub(crate) text: String,
    /// Its parent declares it behind `#[cfg(test)]`.
    for_tests: bool,
}

impl Source {
    /// Lines that ship, with their number: neither empty nor a comment nor behind `#[cfg(test)]` at the file's end.
    pub(crate) fn shipped(&self) -> impl Iterator<Item = (usize, &str)> {
        let whole = if self.is_test() { "" } else { self.text.as_str() };
        code(before_tests(whole))
    }

    /// Lines of code, with those of a file that is a test itself, without a file's unit tests.
    pub(crate) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        code(before_tests(&self.text))
    }

    /// Whether the whole file is a test.
    pub(crate) fn is_test(&self) -> bool {
        let in_folder = self.path.contains("/tests/") || self.path.contains("/benches/");
        self.for_tests || in_folder || self.path.ends_with("/tests.rs") || self.path.ends_with("_tests.rs")
    }
}

fn before_tests(text: &str) -> &str {
    text.split("\n#[cfg(test)]\nmod tests").next().unwrap_or(text)
}

fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line.trim()))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with("//"))
}

/// Reads all Rust files of the repository, in the order of their paths.
pub(crate) fn all() -> Vec<Source> {
    let mut found = Vec::new();
    walk(&root(), &mut found);
    let for_tests: BTreeSet<String> = found.iter().flat_map(test_modules).collect();
    for source in &mut found {
        source.for_tests = for_tests.contains(&source.path);
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    assert!(found.len() > 30, "the sources are not where they should be");
    found
}

/// Returns the files of the modules that `source` declares behind `#[cfg(test)]`.
fn test_modules(source: &Source) -> Vec<String> {
    let folder = match source.path.rsplit_once('/') {
        Some((folder, "lib.rs" | "main.rs")) => folder.to_owned(),
        _ => source.path.trim_end_matches(".rs").to_owned(),
    };
    let after = source.text.split("#[cfg(test)]\n").skip(1);
    let declared = after.filter_map(|text| text.lines().next()?.split_once("mod ")?.1.strip_suffix(';'));
    declared.map(|name| format!("{folder}/{name}.rs")).collect()
}

fn walk(folder: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if name != "target" && !name.starts_with('.') {
                walk(&path, found);
            }
        } else if name.ends_with(".rs") {
            let relative = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
            found.push(Source { path: relative, text: fs::read_to_string(&path).unwrap(), for_tests: false });
        }
    }
}
