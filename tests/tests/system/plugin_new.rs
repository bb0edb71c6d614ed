//! `kith plugin new`: what it writes builds by the words that it prints, passes `kith plugin check`, and imports.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use kith_tests::binaries::root;
use kith_tests::{Home, wait_until};
use serde_json::Value;

use crate::scene::LIMIT;

/// Begins a plugin in a folder of the home; returns the folder and the words that build it.
fn begin(home: &Home, name: &str, language: &str) -> (PathBuf, String) {
    let folder = home.path(name);
    let told = home.json(&["plugin", "new", name, "--lang", language, "--folder", &folder.to_string_lossy()]).unwrap();
    (folder, told[0]["next"][0].as_str().unwrap().to_owned())
}

fn passes(home: &Home, folder: &Path, library: &str) {
    let (library, golden) = (folder.join(library), folder.join("golden"));
    let report = home
        .json(&["plugin", "check", &library.to_string_lossy(), "--golden", &golden.to_string_lossy()])
        .unwrap()
        .remove(0);
    assert_eq!(report["passed"], true, "{report:#}");
    let golden = report["checks"].as_array().unwrap().iter().find(|check| check["topic"] == "golden").unwrap();
    assert_eq!(golden["finding"], "ok");
}

#[test]
fn a_plugin_that_is_begun_in_c_builds_passes_and_imports() {
    let home = Home::new().unwrap();
    let (folder, build) = begin(&home, "my-notes", "c");
    let built = Command::new("sh").args(["-c", &build]).current_dir(&folder).output().unwrap();
    assert!(built.status.success() && built.stderr.is_empty(), "{built:?}");
    passes(&home, &folder, "libmy-notes.so");

    let _daemon = home.start().unwrap();
    home.add_plugin(&folder.join("libmy-notes.so")).unwrap();
    let listed = || home.json(&["plugins"]).unwrap().into_iter().find(|plugin| plugin["name"] == "my-notes");
    wait_until("the plugin", LIMIT, listed).unwrap();
    home.drop_file("friends.my-notes", "Ana Silva\n".as_bytes()).unwrap();
    home.wait_for_empty_drop(LIMIT).unwrap();
    assert_eq!(home.json(&["problems"]).unwrap(), Vec::<Value>::new());
    assert_eq!(home.json(&["status"]).unwrap()[0]["people"], 1);
}

#[test]
fn a_plugin_that_is_begun_in_rust_builds_and_passes() {
    let home = Home::new().unwrap();
    let (folder, build) = begin(&home, "my-list", "rust");
    assert_eq!(build, "cargo build --release");
    // Without a network: of the versions that kith itself is built with.
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("plugin-new");
    let built = Command::new(env!("CARGO"))
        .args(["build", "--offline"])
        .env("CARGO_TARGET_DIR", &target)
        .env("CARGO_PROFILE_DEV_OPT_LEVEL", "1")
        .current_dir(&folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&built.stderr).into_owned();
    assert!(built.status.success() && !said.contains("warning"), "{said}");
    passes(&home, &folder, &target.join("debug/libkith_my_list.so").to_string_lossy());
}

#[test]
fn a_name_of_kiths_own_and_a_folder_with_something_in_it_are_refused() {
    let home = Home::new().unwrap();
    let folder = home.path("full");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("names.c"), "mine").unwrap();
    let full = folder.to_string_lossy().into_owned();
    let output = home.kith(&["plugin", "new", "names", "--lang", "c", "--folder", &full]).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("it is there, and not empty"), "{output:?}");
    assert_eq!(fs::read_to_string(folder.join("names.c")).unwrap(), "mine");
    let output = home.kith(&["plugin", "new", "csv", "--folder", &home.path("csv").to_string_lossy()]).unwrap();
    assert_eq!(output.status.code(), Some(64));
    assert!(!home.path("csv").exists());
}
