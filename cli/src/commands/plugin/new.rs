//! `kith plugin new`: a folder with a plugin that builds and passes `kith plugin check`, to be made into another.
//!
//! It is the example of docs/PLUGINS.md under another name, with a golden file, and the SDK beside it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::sdk;
use crate::args::Language;
use crate::error::CliError;
use crate::printer::Printer;

const IN_C: &str = include_str!("../../../../docs/examples/names.c");
const IN_RUST: &str = include_str!("../../../../docs/examples/names.rs");
const GOLDEN: &[u8] = include_bytes!("../../../../docs/examples/golden/friends.names");
const EXPECTED: &str = include_str!("../../../../docs/examples/golden/friends.names.expected.jsonl");

/// Names that kith itself uses.
const TAKEN: [&str; 7] = ["addressbook", "calendar", "csv", "email", "vcard", "plugin", "proto"];

/// The longest name that fits into the note.
const NAME_LIMIT_BYTES: usize = 32;

const MANIFEST: &str = r#"[package]
name = "kith-{name}"
version = "0.1.0"
edition = "2024"
publish = false

[lib]
crate-type = ["cdylib"]

[dependencies]
kith-plugin = { path = "kith/plugin" }

# kith/ is the SDK as it lay in the kith that began this plugin.
[workspace]
"#;

const README: &str = "# {name}, an importer plugin for kith

It reads one name a line from files that end in `.{name}`: make it read your format instead.
The rules are in docs/PLUGINS.md of kith. `golden/` holds a file of the format, and what it comes to.

```sh
{steps}
```

After a change of what is expected, add `--bless` to the check, and read what it wrote.
";

/// A file of the plugin, by its path within the folder.
type Files = Vec<(String, Vec<u8>)>;

pub(super) fn run(
    name: &str,
    language: Language,
    folder: Option<PathBuf>,
    printer: &mut Printer,
) -> Result<(), CliError> {
    check(name).map_err(|reason| CliError::PluginName(name.to_owned(), reason))?;
    let folder = folder.unwrap_or_else(|| PathBuf::from(name));
    let steps = steps(name, language);
    let mut files = match language {
        Language::C => in_c(name),
        Language::Rust => in_rust(name),
    };
    files.push((format!("golden/friends.{name}"), GOLDEN.to_vec()));
    files.push((format!("golden/friends.{name}.expected.jsonl"), renamed(EXPECTED, name).into_bytes()));
    let readme = README.replace("{name}", name).replace("{steps}", &steps.join("\n"));
    files.push(("README.md".to_owned(), readme.into_bytes()));
    write(&folder, &files)?;
    let written: Vec<&String> = files.iter().map(|(path, _)| path).collect();
    printer.show(&json!({"folder": folder, "files": written, "next": steps}), |printer, _| {
        printer.line(format!("{} is written. Next, in that folder:", folder.display()))?;
        steps.iter().try_for_each(|step| printer.line(format!("  {step}")))
    })
}

fn check(name: &str) -> Result<(), &'static str> {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if !name.starts_with(|first: char| first.is_ascii_lowercase()) || !name.bytes().all(fits) || name.ends_with('-') {
        return Err("it is not a letter followed by letters, digits and hyphens");
    }
    if name.len() > NAME_LIMIT_BYTES {
        return Err("it is longer than 32 letters");
    }
    if TAKEN.contains(&name) { Err("kith itself uses this name") } else { Ok(()) }
}

/// Returns what to run: build, check, install.
fn steps(name: &str, language: Language) -> [String; 3] {
    let (build, library) = match language {
        Language::C => (
            format!("cc -std=c11 -shared -fPIC -O2 -Wall -Wextra -I . -o lib{name}.so {name}.c"),
            format!("lib{name}.so"),
        ),
        Language::Rust => {
            ("cargo build --release".to_owned(), format!("target/release/libkith_{}.so", name.replace('-', "_")))
        }
    };
    [
        build,
        format!("kith plugin check {library} --golden golden"),
        format!("install -D -m 644 {library} ~/.local/share/kith/plugins/lib{name}.so"),
    ]
}

fn in_c(name: &str) -> Files {
    vec![
        (format!("{name}.c"), renamed(IN_C, name).into_bytes()),
        ("kith_plugin.h".to_owned(), sdk::HEADER.as_bytes().to_vec()),
    ]
}

fn in_rust(name: &str) -> Files {
    let own = [("Cargo.toml", MANIFEST.replace("{name}", name)), ("src/lib.rs", renamed(IN_RUST, name))];
    let own = own.into_iter().map(|(path, text)| (path.to_owned(), text.into_bytes()));
    own.chain(sdk::FILES.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()))).collect()
}

/// Returns the text of the example under another name.
fn renamed(text: &str, name: &str) -> String {
    text.replace("docs/examples/names.c", &format!("{name}.c"))
        .replace("plugins/sdk/include", ".")
        .replace("libnames", &format!("lib{name}"))
        .replace(".names", &format!(".{name}"))
        .replace("\\\"names\\\"", &format!("\\\"{name}\\\""))
        .replace("\"names\"", &format!("\"{name}\""))
}

/// Writes the files into a folder that is not there yet, or is empty.
fn write(folder: &Path, files: &Files) -> Result<(), CliError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| CliError::File { doing: "write", path, source }
    };
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(failed(folder)(io::Error::new(io::ErrorKind::AlreadyExists, "it is there, and not empty")));
    }
    for (path, bytes) in files {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(failed(parent))?;
        }
        fs::write(&path, bytes).map_err(failed(&path))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_that_the_note_and_a_file_can_bear() {
        for good in ["names", "my-notes2", "a"] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in ["", "2names", "-names", "names-", "Names", "na mes", "../names", "é", "csv", &"a".repeat(33)] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn nothing_of_the_examples_name_is_left() {
        for text in [IN_C, IN_RUST, EXPECTED] {
            let text = renamed(text, "other");
            for left in ["\"names", ".names", "names\"", "names.c", "libnames"] {
                assert!(!text.contains(left), "{left} in {text}");
            }
        }
    }
}
