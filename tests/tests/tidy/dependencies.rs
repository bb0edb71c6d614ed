//! Rules about who may depend on what.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use kith_tests::binaries::root;
use serde_json::Value;

/// All that `core` may use: no runtime, file, network or clock is among it (chrono comes without its clock; cron speaks it).
const CORE: [&str; 17] = [
    "blake3",
    "bm25",
    "chrono",
    "crc32fast",
    "cron",
    "deunicode",
    "foldhash",
    "jiff",
    "kith-proto",
    "kith-sentence",
    "postcard",
    "rapidfuzz",
    "rlibphonenumber",
    "serde",
    "serde_json",
    "thiserror",
    "unicode-normalization",
];

/// What only the daemon may link.
const DAEMON_ONLY: [&str; 9] =
    ["sled", "notify", "libloading", "landlock", "seccompiler", "axum", "sd-notify", "zbus", "kithd"];

/// Returns the dependencies of each package of the workspace, without those of its tests.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(root())
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap().iter();
    packages.map(|package| (package["name"].as_str().unwrap().to_owned(), shipped(package))).collect()
}

fn shipped(package: &Value) -> BTreeSet<String> {
    let all = package["dependencies"].as_array().unwrap().iter();
    all.filter(|dependency| dependency["kind"].as_str() != Some("dev"))
        .map(|dependency| dependency["name"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn core_is_pure() {
    let all = dependencies();
    let foreign: Vec<_> = all["kith-core"].iter().filter(|name| !CORE.contains(&name.as_str())).collect();
    assert!(foreign.is_empty(), "core depends on {foreign:?}");
}

#[test]
fn what_reads_sentences_knows_words_and_days_alone() {
    assert_eq!(dependencies()["kith-sentence"], BTreeSet::from(["jiff".to_owned()]));
}

#[test]
fn proto_depends_on_nothing_of_ours_and_does_nothing() {
    let all = dependencies();
    let allowed = ["jiff", "postcard", "serde", "serde_json", "thiserror"];
    let foreign: Vec<_> = all["kith-proto"].iter().filter(|name| !allowed.contains(&name.as_str())).collect();
    assert!(foreign.is_empty(), "proto depends on {foreign:?}");
}

#[test]
fn the_client_knows_the_daemon_by_its_api_only() {
    let all = dependencies();
    let client = &all["kith-cli"];
    let foreign: Vec<_> = client.iter().filter(|name| DAEMON_ONLY.contains(&name.as_str())).collect();
    assert!(foreign.is_empty() && !client.contains("kith-core"), "the client depends on {client:?}");
}

#[test]
fn importers_depend_on_the_sdk_and_on_parsers() {
    let foreign = ["kith-core", "kith-proto", "kithd", "tokio", "rustix", "libc"];
    for (name, dependencies) in dependencies() {
        if !["kith-csv", "kith-addressbook", "kith-calendar", "kith-vcard", "kith-email"].contains(&name.as_str()) {
            continue;
        }
        assert!(dependencies.contains("kith-plugin"), "{name} does not use the SDK");
        let found: Vec<_> = dependencies
            .iter()
            .filter(|one| foreign.contains(&one.as_str()) || DAEMON_ONLY.contains(&one.as_str()))
            .collect();
        assert!(found.is_empty(), "{name} depends on {found:?}");
    }
}

#[test]
fn only_the_daemon_links_what_only_the_daemon_does() {
    for (name, dependencies) in dependencies() {
        if ["kithd", "kith-bench"].contains(&name.as_str()) {
            continue;
        }
        let found: Vec<_> = dependencies.iter().filter(|one| DAEMON_ONLY.contains(&one.as_str())).collect();
        assert!(found.is_empty(), "{name} depends on {found:?}");
    }
}

#[test]
fn only_the_program_that_sends_one_message_speaks_to_the_network() {
    for (name, dependencies) in dependencies() {
        let network = ["ureq", "lettre", "rustls", "rustls-native-certs"];
        let found: Vec<_> = dependencies.iter().filter(|one| network.contains(&one.as_str())).collect();
        assert!(found.is_empty() || name == "kith-channel", "{name} depends on {found:?}");
        assert!(!dependencies.contains("kith-channel"), "{name} links the sender");
    }
}

#[test]
fn every_dependency_says_what_it_is_for() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let table = manifest.split("[workspace.dependencies]").nth(1).unwrap().split("\n[").next().unwrap();
    let silent: Vec<_> = table
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.starts_with('#') && !line.contains("path = "))
        .filter(|line| line.split_once("# ").is_none_or(|(_, reason)| reason.len() <= 5))
        .collect();
    assert!(silent.is_empty(), "no reason beside {silent:#?}");
}

#[test]
fn versions_stand_in_the_workspace_table_only() {
    let metadata_names = dependencies();
    let folders = [
        "proto",
        "sentence",
        "core",
        "daemon",
        "cli",
        "channels",
        "plugins/sdk",
        "plugins/vcard",
        "plugins/csv",
        "plugins/email",
        "tests",
        "xtask",
    ];
    assert!(metadata_names.len() >= folders.len());
    for folder in folders {
        let manifest = fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap();
        let own: Vec<_> = manifest
            .split("\n[")
            .filter(|table| table.split(']').next().is_some_and(|name| name.ends_with("dependencies")))
            .flat_map(|table| table.lines().skip(1))
            .filter(|line| line.contains('=') && !line.contains("workspace = true") && !line.contains("path ="))
            .collect();
        assert!(own.is_empty(), "{folder} has versions of its own: {own:#?}");
    }
}
