//! Plugins that come, change, go, fail too often, or are refused unread, while kithd runs.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "these are tests")]

use std::fs::{self, File, Permissions};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::sync::Arc;

use kithd::plugin::{Bundle, Entry, Limits, PluginFault, PluginInfo, Plugins};
use tempfile::TempDir;
use tokio::sync::mpsc;

/// A plugin folder, and the host.
struct Bench {
    folder: TempDir,
    plugins: Plugins,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let executable = env!("CARGO_BIN_EXE_kithd").into();
        let plugins = Plugins::start_with(executable, vec![folder.path().to_owned()], Limits::default());
        Self { folder, plugins }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("libkith_hostile.so")
    }

    /// Puts a build in place as a package manager does: written beside, then renamed.
    async fn place(&self, library: &[u8]) {
        let beside = self.folder.path().join("new");
        File::create(&beside).unwrap().write_all(library).unwrap();
        fs::set_permissions(&beside, Permissions::from_mode(0o755)).unwrap();
        fs::rename(&beside, self.path()).unwrap();
        self.plugins.refresh().await;
    }

    async fn import(&self, order: &str) -> Result<u64, PluginFault> {
        let (sink, mut emitted) = mpsc::channel(4);
        let import = self.plugins.import("hostile", bundle(order), sink);
        let drain = async { while emitted.recv().await.is_some() {} };
        tokio::join!(import, drain).0.map(|end| end.records)
    }

    async fn only(&self) -> PluginInfo {
        let mut list = self.plugins.list().await;
        assert_eq!(list.len(), 1, "{list:?}");
        list.remove(0)
    }

    /// Returns why a library is refused.
    async fn refusal(library: &[u8]) -> String {
        let bench = Self::new();
        bench.place(library).await;
        bench.only().await.refused.unwrap_or_else(|| "not refused".to_owned())
    }
}

fn bundle(order: &str) -> Bundle {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(order.as_bytes()).unwrap();
    Bundle {
        entries: vec![Entry { name: "a.hostile".to_owned(), file, size: order.len() as u64 }],
        read: Arc::default(),
    }
}

fn hostile() -> Vec<u8> {
    fs::read(std::env::current_exe().unwrap().with_file_name("libkith_hostile.so")).unwrap()
}

/// Returns the plugin with `from` overwritten by `to`.
fn patched(mut library: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let at = library.windows(from.len()).position(|window| window == from).expect("nothing to overwrite");
    library[at..at + to.len()].copy_from_slice(to);
    library
}

/// The plugin, whose constructor ends the process that runs it.
fn ends_when_loaded() -> Vec<u8> {
    patched(hostile(), b"constructor:nothing.", b"constructor:abort!!.")
}

#[tokio::test]
async fn a_plugin_that_comes_is_used_and_one_that_goes_is_not() {
    let bench = Bench::new();
    assert_eq!(bench.plugins.list().await, Vec::new());
    bench.place(&hostile()).await;
    assert_eq!(bench.import("good").await.unwrap(), 2);
    fs::remove_file(bench.path()).unwrap();
    bench.plugins.refresh().await;
    assert_eq!(bench.plugins.list().await, Vec::new());
    assert!(matches!(bench.import("good").await, Err(PluginFault::Unknown(_))));
}

#[tokio::test]
async fn a_newer_build_takes_over_and_the_job_that_runs_finishes_on_the_older_one() {
    let bench = Bench::new();
    bench.place(&hostile()).await;
    let (sink, mut emitted) = mpsc::channel(1);
    let import = bench.plugins.import("hostile", bundle("many"), sink);
    let change = async {
        emitted.recv().await.unwrap();
        bench.place(&ends_when_loaded()).await;
        assert!(bench.only().await.refused.is_some());
        while emitted.recv().await.is_some() {}
    };
    assert_eq!(tokio::join!(import, change).0.unwrap().records, 100_000);
    assert!(matches!(bench.import("good").await, Err(PluginFault::Unknown(_))));
    bench.place(&hostile()).await;
    assert_eq!(bench.import("good").await.unwrap(), 2);
}

#[tokio::test]
async fn three_faults_switch_a_plugin_off_until_it_is_enabled_or_a_newer_build_comes() {
    let bench = Bench::new();
    bench.place(&hostile()).await;
    for deed in ["segfault", "exit"] {
        bench.import(deed).await.unwrap_err();
        assert!(!bench.only().await.switched_off, "after {deed}");
    }
    bench.import("truncated").await.unwrap_err();
    assert!(!bench.only().await.switched_off, "a fault of the file does not count");
    bench.import("panic").await.unwrap_err();
    let reason = bench.only().await.refused.unwrap();
    let expected = "switched off after three faults in ten minutes, the last: the plugin failed: panicked: on purpose";
    assert!(reason.starts_with(expected), "{reason}");
    assert!(matches!(bench.import("good").await, Err(PluginFault::SwitchedOff(_))));
    let chosen = bench.plugins.choose(&bundle("good")).await;
    assert!(matches!(chosen, Err(PluginFault::SwitchedOff(_))), "{chosen:?}");

    assert!(bench.plugins.enable("other").await.is_none());
    assert_eq!(bench.plugins.enable("hostile").await.unwrap().refused, None);
    assert_eq!(bench.import("good").await.unwrap(), 2);

    for deed in ["segfault", "exit", "panic"] {
        bench.import(deed).await.unwrap_err();
    }
    bench.place(&hostile()).await;
    assert!(bench.only().await.switched_off, "the same build put there again is not a newer one");
    let mut newer = hostile();
    newer.push(0);
    bench.place(&newer).await;
    assert_eq!(bench.import("good").await.unwrap(), 2);
}

#[tokio::test]
async fn what_cannot_be_run_here_is_refused_before_any_of_its_code_runs() {
    let library = ends_when_loaded();
    assert_eq!(
        Bench::refusal(&library).await,
        "the plugin crashed (SIGABRT)",
        "the constructor runs when it is loaded"
    );

    let other_abi = patched(library.clone(), b"kith\0\0\0\0\x01\0", b"kith\0\0\0\0\x09\0");
    let expected = "it speaks version 9 of the plugin interface, this kith speaks version 1";
    assert_eq!(Bench::refusal(&other_abi).await, expected);

    let mut other_machine = library.clone();
    other_machine[18..20].copy_from_slice(&[40, 0]);
    let refusal = Bench::refusal(&other_machine).await;
    assert!(refusal.starts_with("it is made for another machine (ELF number 40), this kith is made for "), "{refusal}");

    let other_target = patched(library.clone(), b"x86_64-linux-gnu", b"x86_64-solar-gnu");
    let refusal = Bench::refusal(&other_target).await;
    assert!(refusal.starts_with("it is made for x86_64-solar-gnu, this kith is made for "), "{refusal}");

    let no_note = patched(library.clone(), b"kith\0\0\0\0\x01\0", b"hitk\0\0\0\0\x01\0");
    assert_eq!(Bench::refusal(&no_note).await, "it is not a kith plugin: it has no note .note.kith");

    let cut = &library[..library.len() - 1];
    let expected = format!("it is cut off: {} bytes long, and its parts reach to {}", cut.len(), library.len());
    assert_eq!(Bench::refusal(cut).await, expected);
    for length in [0, 3, 40, 64, 1000, library.len() / 2] {
        let refusal = Bench::refusal(&library[..length]).await;
        assert!(!refusal.contains("crashed") && refusal != "not refused", "{length}: {refusal}");
    }
    assert_eq!(Bench::refusal(b"#!/bin/sh\n").await, "it is not a shared library for this machine");
}
