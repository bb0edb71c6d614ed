//! The SDK in Rust, as it lies in this kith: a plugin that is begun with `kith plugin new` gets a copy, so that it builds
//! wherever it lies, and for the interface that this kith speaks.

/// Files of the SDK: where they go, and what they hold.
pub(super) const FILES: &[(&str, &str)] = &[
    ("kith/proto/Cargo.toml", PROTO),
    ("kith/plugin/Cargo.toml", PLUGIN),
    ("kith/plugin/src/birth.rs", include_str!("../../../../plugins/sdk/src/birth.rs")),
    ("kith/plugin/src/export.rs", include_str!("../../../../plugins/sdk/src/export.rs")),
    ("kith/plugin/src/host.rs", include_str!("../../../../plugins/sdk/src/host.rs")),
    ("kith/plugin/src/input.rs", include_str!("../../../../plugins/sdk/src/input.rs")),
    ("kith/plugin/src/lib.rs", include_str!("../../../../plugins/sdk/src/lib.rs")),
    ("kith/plugin/src/output.rs", include_str!("../../../../plugins/sdk/src/output.rs")),
    ("kith/plugin/src/stop.rs", include_str!("../../../../plugins/sdk/src/stop.rs")),
    ("kith/plugin/src/testing.rs", include_str!("../../../../plugins/sdk/src/testing.rs")),
    ("kith/proto/src/abi.rs", include_str!("../../../../proto/src/abi.rs")),
    ("kith/proto/src/api.rs", include_str!("../../../../proto/src/api.rs")),
    ("kith/proto/src/api/balance.rs", include_str!("../../../../proto/src/api/balance.rs")),
    ("kith/proto/src/api/company.rs", include_str!("../../../../proto/src/api/company.rs")),
    ("kith/proto/src/api/event.rs", include_str!("../../../../proto/src/api/event.rs")),
    ("kith/proto/src/api/explain.rs", include_str!("../../../../proto/src/api/explain.rs")),
    ("kith/proto/src/api/channel.rs", include_str!("../../../../proto/src/api/channel.rs")),
    ("kith/proto/src/api/forget.rs", include_str!("../../../../proto/src/api/forget.rs")),
    ("kith/proto/src/api/import.rs", include_str!("../../../../proto/src/api/import.rs")),
    ("kith/proto/src/api/giving.rs", include_str!("../../../../proto/src/api/giving.rs")),
    ("kith/proto/src/api/person.rs", include_str!("../../../../proto/src/api/person.rs")),
    ("kith/proto/src/api/reminder.rs", include_str!("../../../../proto/src/api/reminder.rs")),
    ("kith/proto/src/api/same.rs", include_str!("../../../../proto/src/api/same.rs")),
    ("kith/proto/src/api/shapes.rs", include_str!("../../../../proto/src/api/shapes.rs")),
    ("kith/proto/src/api/state.rs", include_str!("../../../../proto/src/api/state.rs")),
    ("kith/proto/src/api/told.rs", include_str!("../../../../proto/src/api/told.rs")),
    ("kith/proto/src/card.rs", include_str!("../../../../proto/src/card.rs")),
    ("kith/proto/src/channel.rs", include_str!("../../../../proto/src/channel.rs")),
    ("kith/proto/src/column.rs", include_str!("../../../../proto/src/column.rs")),
    ("kith/proto/src/date.rs", include_str!("../../../../proto/src/date.rs")),
    ("kith/proto/src/diagnostic.rs", include_str!("../../../../proto/src/diagnostic.rs")),
    ("kith/proto/src/emit.rs", include_str!("../../../../proto/src/emit.rs")),
    ("kith/proto/src/frame.rs", include_str!("../../../../proto/src/frame.rs")),
    ("kith/proto/src/interaction.rs", include_str!("../../../../proto/src/interaction.rs")),
    ("kith/proto/src/lib.rs", include_str!("../../../../proto/src/lib.rs")),
    ("kith/proto/src/mail.rs", include_str!("../../../../proto/src/mail.rs")),
    ("kith/proto/src/record.rs", include_str!("../../../../proto/src/record.rs")),
];

/// The C header, which is the SDK in C.
pub(super) const HEADER: &str = include_str!("../../../../plugins/sdk/include/kith_plugin.h");

const PROTO: &str = r#"[package]
name = "kith-proto"
version = "0.1.0"
edition = "2024"
rust-version = "1.95"
publish = false

[dependencies]
jiff = { version = "0.2.46", default-features = false, features = ["std", "serde"] }
serde = { version = "1.0.229", features = ["derive"] }
serde_json = { version = "1.0", features = ["raw_value"] }

# The lints that kith itself is built with are not here.
[lints.rust]
unfulfilled_lint_expectations = "allow"
"#;

const PLUGIN: &str = r#"[package]
name = "kith-plugin"
version = "0.1.0"
edition = "2024"
rust-version = "1.95"
publish = false

[dependencies]
kith-proto = { path = "../proto" }
serde = { version = "1.0.229", features = ["derive"] }
serde_json = { version = "1.0", features = ["raw_value"] }

# The lints that kith itself is built with are not here.
[lints.rust]
unfulfilled_lint_expectations = "allow"
"#;

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::*;

    fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
    }

    fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { sources(&path, found) } else { found.push(path) }
        }
    }

    #[test]
    fn no_file_of_the_sdk_is_forgotten() {
        for (folder, copy) in [("proto/src", "kith/proto/src"), ("plugins/sdk/src", "kith/plugin/src")] {
            let mut found = Vec::new();
            sources(&root().join(folder), &mut found);
            for path in found {
                let within = path.strip_prefix(root().join(folder)).unwrap().to_string_lossy().into_owned();
                let name = format!("{copy}/{within}");
                assert!(FILES.iter().any(|(file, _)| *file == name), "{name} is not in the copy");
            }
        }
    }

    #[test]
    fn the_copy_asks_for_what_kith_itself_asks_for() {
        let workspace = fs::read_to_string(root().join("Cargo.toml")).unwrap();
        let versions = |text: &'static str| text.lines().filter(|line| line.contains("{ version = "));
        for line in versions(PROTO).chain(versions(PLUGIN)) {
            assert!(workspace.contains(&format!("\n{line}")), "{line}");
        }
        for (copy, source) in [(PROTO, "proto/Cargo.toml"), (PLUGIN, "plugins/sdk/Cargo.toml")] {
            let manifest = fs::read_to_string(root().join(source)).unwrap();
            let needed = manifest.split("[dependencies]\n").nth(1).unwrap().split("\n\n").next().unwrap();
            for dependency in needed.lines().map(|line| line.split('.').next().unwrap()) {
                assert!(copy.contains(&format!("\n{dependency} = ")), "{dependency} of {source}");
            }
        }
    }
}
