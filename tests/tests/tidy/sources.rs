//! Rules about single files.

use crate::source::{Source, all};

/// The longest file, in lines of code without its unit tests.
const LONGEST: usize = 400;

/// Files that are a table of words and no code, and may be as long as the table.
const TABLES: [&str; 1] = ["plugins/csv/src/contacts/words.rs"];

/// Where a clock is read: the daemon's one file, and programs that measure or wait from outside.
const CLOCKS: [&str; 5] =
    ["daemon/src/clock.rs", "tests/src/wait.rs", "cli/src/clock.rs", "xtask/src/demo.rs", "bench/src/main.rs"];

/// Where `unsafe` stands.
const UNSAFE: [&str; 4] = ["proto/src/abi.rs", "plugins/sdk/", "daemon/src/plugin/load.rs", "tests/hostile/"];

#[track_caller]
fn check(rule: &str, broken: impl Fn(&Source) -> Vec<String>) {
    let places: Vec<String> = all()
        .iter()
        .flat_map(|source| broken(source).into_iter().map(|place| format!("{}{place}", source.path)))
        .collect();
    assert!(places.is_empty(), "{rule}:\n{}", places.join("\n"));
}

fn lines_with<'a>(lines: impl Iterator<Item = (usize, &'a str)>, words: &[&str]) -> Vec<String> {
    lines
        .filter(|(_, line)| words.iter().any(|word| line.contains(word)))
        .map(|(number, line)| format!(":{number}: {line}"))
        .collect()
}

#[test]
fn no_file_is_longer_than_400_lines_of_code() {
    check("files are at most 400 lines of code", |source| {
        let lines = source.code().count();
        if lines > LONGEST && !TABLES.contains(&source.path.as_str()) {
            vec![format!(": {lines} lines")]
        } else {
            Vec::new()
        }
    });
}

#[test]
fn every_file_opens_with_what_it_is_for() {
    check(
        "files open with //!",
        |source| {
            if source.text.starts_with("//! ") { Vec::new() } else { vec![String::new()] }
        },
    );
}

#[test]
fn no_file_is_called_mod_rs() {
    check("a module is foo.rs and foo/", |source| {
        if source.path.ends_with("/mod.rs") { vec![String::new()] } else { Vec::new() }
    });
}

#[test]
fn no_file_is_named_after_no_concept() {
    let vague = ["util.rs", "utils.rs", "helpers.rs", "helper.rs", "common.rs", "misc.rs", "manager.rs"];
    check("a file is named after its concept", |source| {
        let name = source.path.rsplit('/').next().unwrap_or_default();
        if vague.contains(&name) { vec![String::new()] } else { Vec::new() }
    });
}

#[test]
fn the_clock_is_read_in_one_file() {
    let clocks = ["SystemTime::now", "Instant::now", "Timestamp::now", "Zoned::now", "thread::sleep"];
    let called: Vec<String> = clocks.iter().map(|clock| format!("{clock}(")).collect();
    let called: Vec<&str> = called.iter().map(String::as_str).collect();
    check("the clock is read in daemon/src/clock.rs", |source| {
        if CLOCKS.contains(&source.path.as_str()) { Vec::new() } else { lines_with(source.code(), &called) }
    });
}

#[test]
fn nothing_that_ships_unwraps() {
    check("what ships neither unwraps nor expects nor switches a lint off in silence", |source| {
        lines_with(source.shipped(), &[".unwrap()", ".expect(\"", "#[allow(", "#![allow(", "todo!(", "dbg!("])
    });
}

#[test]
fn unsafe_stands_in_three_places() {
    check("unsafe stands in proto/abi.rs, plugins/sdk and daemon/plugin/load.rs", |source| {
        if UNSAFE.iter().any(|place| source.path.starts_with(place)) {
            return Vec::new();
        }
        lines_with(source.shipped(), &["unsafe {", "unsafe fn", "unsafe impl", "unsafe extern", "#[unsafe("])
    });
}

#[test]
fn no_test_is_ignored() {
    let ignored = ["#[", "ignore"].concat();
    check("no test is ignored", |source| lines_with(source.code(), &[&ignored]));
}
