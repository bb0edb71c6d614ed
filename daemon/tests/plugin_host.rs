//! Plugins in real workers: what good ones and hostile ones come to.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "these are tests")]

use std::fs::{self, File, Permissions};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use kith_proto::diagnostic::Diagnostic;
use kithd::plugin::{Bundle, Emission, End, Entry, Limits, PluginFault, PluginInfo, Plugins};
use tempfile::TempDir;
use tokio::sync::mpsc;

/// A plugin folder with the hostile plugin in it, and the host.
struct Bench {
    _folder: TempDir,
    plugins: Plugins,
}

impl Bench {
    fn new() -> Self {
        Self::with(Limits { silence: Duration::from_secs(2), ..Limits::default() }, |_| {})
    }

    fn with(limits: Limits, change: impl FnOnce(&mut Vec<u8>)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut library = fs::read(built("libkith_hostile.so")).unwrap();
        change(&mut library);
        place(&folder.path().join("libkith_hostile.so"), &library);
        let plugins = start(folder.path(), limits);
        Self { _folder: folder, plugins }
    }

    async fn import(&self, order: &str) -> (Vec<Emission>, Result<End, PluginFault>) {
        let (sink, mut emitted) = mpsc::channel(4);
        let import = self.plugins.import("hostile", bundle("a.hostile", order.as_bytes()), sink);
        let collect = async {
            let mut all = Vec::new();
            while let Some(batch) = emitted.recv().await {
                all.extend(batch);
            }
            all
        };
        let (result, all) = tokio::join!(import, collect);
        (all, result)
    }

    async fn only(&self) -> PluginInfo {
        let mut list = self.plugins.list().await;
        assert_eq!(list.len(), 1, "{list:?}");
        list.remove(0)
    }
}

/// Returns where cargo put a library that the tests depend on: beside the test itself.
fn built(name: &str) -> PathBuf {
    std::env::current_exe().unwrap().with_file_name(name)
}

fn place(path: &Path, library: &[u8]) {
    fs::write(path, library).unwrap();
    fs::set_permissions(path, Permissions::from_mode(0o755)).unwrap();
}

fn start(folder: &Path, limits: Limits) -> Plugins {
    Plugins::start_with(env!("CARGO_BIN_EXE_kithd").into(), vec![folder.to_owned()], limits)
}

fn bundle(name: &str, bytes: &[u8]) -> Bundle {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    Bundle { entries: vec![Entry { name: name.to_owned(), file, size: bytes.len() as u64 }], read: Arc::default() }
}

/// Overwrites `from` by `to` in a library.
fn patch(library: &mut [u8], from: &[u8], to: &[u8]) {
    assert_eq!(from.len(), to.len());
    let at = library.windows(from.len()).position(|window| window == from).expect("nothing to overwrite");
    library[at..at + to.len()].copy_from_slice(to);
}

fn records(emitted: &[Emission]) -> usize {
    emitted.iter().filter(|emission| matches!(emission, Emission::Record { .. })).count()
}

/// The order is refused for this reason, and the next file is imported.
async fn check(order: &str, expected: &str) {
    let bench = Bench::new();
    let (_, result) = bench.import(order).await;
    assert_eq!(result.unwrap_err().to_string(), expected, "{order}");
    let (emitted, result) = bench.import("good").await;
    assert_eq!(result.unwrap().records, 2, "after {order}");
    assert_eq!(records(&emitted), 2, "after {order}");
}

const FORBIDDEN: &str =
    "the plugin tried what plugins may not do: open a file, use the network, start a process or a thread";

#[tokio::test]
async fn a_good_plugin_is_listed_chosen_and_imported() {
    let bench = Bench::new();
    let info = bench.only().await;
    assert_eq!((info.name.as_str(), info.refused, info.accepts), ("hostile", None, vec![".hostile".to_owned()]));
    assert!(info.landlock);
    let chosen = bench.plugins.choose(&bundle("a.txt", b"good")).await.unwrap();
    assert_eq!(chosen.as_deref(), Some("hostile"));
    let (emitted, result) = bench.import("good").await;
    assert_eq!(result.unwrap().records, 2);
    let Emission::Part(part) = &emitted[0] else { panic!("{emitted:?}") };
    assert_eq!(part.source, "hostile");
    let Emission::Record { place, key, body } = &emitted[2] else { panic!("{emitted:?}") };
    assert_eq!((place.position, key.as_deref()), (2, Some("ana")));
    assert_eq!(body.get(), r#"{"card":{"name":{"full":"Ana Silva"}}}"#);
    bench.plugins.shut_down().await;
    assert!(matches!(bench.import("good").await.1, Err(PluginFault::Stopped)));
}

#[tokio::test]
async fn a_hundred_thousand_records_arrive_in_order_and_in_batches() {
    let bench = Bench::new();
    let (sink, mut emitted) = mpsc::channel(4);
    let import = bench.plugins.import("hostile", bundle("a.hostile", b"many"), sink);
    let collect = async {
        let mut last = 0;
        while let Some(batch) = emitted.recv().await {
            assert!(batch.len() <= 512);
            for emission in batch {
                let Emission::Record { place, .. } = emission else { continue };
                assert_eq!(place.position, last + 1);
                last = place.position;
            }
        }
        last
    };
    let (result, last) = tokio::join!(import, collect);
    assert_eq!((result.unwrap().records, last), (100_000, 100_000));
}

#[tokio::test]
async fn nobody_wants_a_file_that_no_plugin_knows() {
    let bench = Bench::new();
    assert_eq!(bench.plugins.choose(&bundle("a.txt", b"not-mine")).await.unwrap(), None);
    let fault = bench.plugins.choose(&bundle("a.txt", b"probe-crash")).await.unwrap_err();
    assert_eq!(fault.to_string(), "the plugin crashed (SIGABRT)");
    let fault = bench.plugins.choose(&bundle("a.txt", b"probe-panic")).await.unwrap_err();
    assert_eq!(fault.to_string(), "the plugin failed: it could not look at the file");
    assert!(bench.plugins.choose(&bundle("a.txt", b"good")).await.unwrap().is_some());
}

#[tokio::test]
async fn a_segfault_is_a_fault_of_its_file() {
    check("segfault", "the plugin crashed (SIGSEGV)").await;
}

#[tokio::test]
async fn an_abort_is_a_fault_of_its_file() {
    check("abort", "the plugin crashed (SIGABRT)").await;
}

#[tokio::test]
async fn a_panic_is_a_fault_of_its_file() {
    check("panic", "the plugin failed: panicked: on purpose").await;
}

#[tokio::test]
async fn an_endless_loop_is_a_fault_of_its_file() {
    check("loop", "the plugin hung: no sign of life for 2 seconds").await;
}

#[tokio::test]
async fn allocating_all_memory_is_a_fault_of_its_file() {
    check("allocate", "the plugin ran out of memory").await;
}

#[tokio::test]
async fn an_exit_is_a_fault_of_its_file() {
    check("exit", "the plugin ended (exit code 0) without finishing").await;
}

#[tokio::test]
async fn a_flood_is_a_fault_of_its_file() {
    check("flood", "the plugin flooded kith: it emitted more than 100005 records").await;
}

#[tokio::test]
async fn a_lying_end_is_a_fault_of_its_file() {
    check("lying-end", "the plugin lied about its end: the hash differs").await;
    check("lying-count", "the plugin lied about its end: 1 records said, 0 received").await;
}

#[tokio::test]
async fn opening_a_file_is_a_fault_of_its_file() {
    check("open", FORBIDDEN).await;
}

#[tokio::test]
async fn connecting_a_socket_is_a_fault_of_its_file() {
    check("connect", FORBIDDEN).await;
}

#[tokio::test]
async fn starting_a_process_or_a_thread_is_a_fault_of_its_file() {
    check("spawn", FORBIDDEN).await;
    check("thread", FORBIDDEN).await;
}

#[tokio::test]
async fn setting_a_limit_is_a_fault_of_its_file() {
    check("limit", FORBIDDEN).await;
}

#[tokio::test]
async fn garbage_on_the_socket_is_a_fault_of_its_file() {
    check("garbage", "the plugin sent a frame of the unknown kind 255").await;
}

#[tokio::test]
async fn reading_for_ever_ends_with_the_time_of_the_job() {
    let time = Duration::from_secs(2);
    let bench = Bench::with(Limits { time, time_per_mebibyte: Duration::ZERO, ..Limits::default() }, |_| {});
    let (_, result) = bench.import(&format!("read{}", " ".repeat(1 << 20))).await;
    assert_eq!(result.unwrap_err().to_string(), "the plugin hung: not finished after 2 seconds");
}

#[tokio::test]
async fn what_the_plugin_says_of_the_file_is_no_fault_of_the_plugin() {
    let bench = Bench::new();
    let (_, result) = bench.import("what?").await;
    assert!(matches!(result, Err(PluginFault::Refused(reason)) if reason == "no such order: what?"));
    let (_, result) = bench.import("truncated").await;
    assert!(matches!(result, Err(PluginFault::Truncated(reason)) if reason == "the card has no end"));
    // The same worker goes on.
    assert!(bench.plugins.choose(&bundle("a.txt", b"good")).await.unwrap().is_some());
    assert_eq!(bench.import("good").await.1.unwrap().records, 2);
}

#[tokio::test]
async fn a_plugin_that_talks_to_itself_is_imported_all_the_same() {
    let (emitted, result) = Bench::new().import("chatter").await;
    assert_eq!((records(&emitted), result.unwrap().records), (1, 1));
}

#[tokio::test]
async fn a_record_without_a_place_is_left_out_with_a_diagnostic() {
    let (emitted, result) = Bench::new().import("no-place").await;
    assert_eq!(result.unwrap().records, 1);
    let Some(Emission::Diagnostic(Diagnostic { problem, refused: true, .. })) = emitted.last() else {
        panic!("{emitted:?}")
    };
    assert_eq!(problem, "the importer made a record of a file that there is not");
}

#[tokio::test]
async fn a_slow_receiver_is_not_a_hanging_plugin() {
    let limits = Limits { silence: Duration::from_millis(500), emitted_bytes: 1 << 20, ..Limits::default() };
    let bench = Bench::with(limits, |_| {});
    let (sink, mut emitted) = mpsc::channel(1);
    let import = bench.plugins.import("hostile", bundle("a.hostile", b"flood"), sink);
    let collect = async {
        // Far longer than the plugin may be silent.
        for _ in 0..3 {
            tokio::time::timeout(Duration::from_millis(700), std::future::pending::<()>()).await.unwrap_err();
            emitted.recv().await.unwrap();
        }
        while emitted.recv().await.is_some() {}
    };
    let (result, ()) = tokio::join!(import, collect);
    assert!(matches!(result, Err(PluginFault::Flooded(_))), "{result:?}");
}

#[tokio::test]
async fn an_import_whose_receiver_is_gone_is_stopped() {
    let bench = Bench::new();
    let (sink, emitted) = mpsc::channel(1);
    drop(emitted);
    let result = bench.plugins.import("hostile", bundle("a.hostile", b"good"), sink).await;
    assert!(matches!(result, Err(PluginFault::Stopped)));
    assert!(bench.import("good").await.1.is_ok());
}

#[tokio::test]
async fn a_constructor_runs_in_the_sandbox() {
    let (silent, word) = (b"constructor:nothing.", b"constructor:openafi.");
    let bench = Bench::with(Limits::default(), |library| patch(library, silent, word));
    let (emitted, result) = bench.import("constructor").await;
    assert!(result.is_ok(), "{result:?}");
    let Some(Emission::Tally { count, .. }) = emitted.last() else { panic!("{emitted:?}") };
    assert_eq!(*count, 13, "EACCES, by Landlock");

    let word = b"constructor:connect.";
    let bench = Bench::with(Limits::default(), |library| patch(library, silent, word));
    assert_eq!(bench.only().await.refused.as_deref(), Some(FORBIDDEN));
}

#[tokio::test]
async fn a_plugin_is_refused_by_its_note_before_it_runs() {
    let bench = Bench::with(Limits::default(), |library| patch(library, b"x86_64-linux-gnu", b"x86_64-solar-gnu"));
    let refused = bench.only().await.refused.unwrap();
    assert!(refused.starts_with("it is made for x86_64-solar-gnu, this kith is made for "), "{refused}");

    let bench = Bench::with(Limits::default(), |library| patch(library, b"kith\0\0\0\0\x01\0", b"kith\0\0\0\0\x09\0"));
    let refused = bench.only().await.refused.unwrap();
    assert_eq!(refused, "it speaks version 9 of the plugin interface, this kith speaks version 1");
}

#[tokio::test]
async fn of_two_plugins_of_one_name_the_first_is_run() {
    let folder = tempfile::tempdir().unwrap();
    let library = fs::read(built("libkith_hostile.so")).unwrap();
    place(&folder.path().join("liba.so"), &library);
    place(&folder.path().join("libb.so"), &library);
    let list = start(folder.path(), Limits::default()).list().await;
    assert_eq!(list[0].refused, None);
    let refused = list[1].refused.as_deref().unwrap();
    assert!(refused.starts_with("another plugin of this name comes first: ") && refused.ends_with("liba.so"));
}

#[tokio::test]
async fn an_idle_worker_ends() {
    let bench = Bench::with(Limits { idle: Duration::from_millis(50), ..Limits::default() }, |_| {});
    bench.import("good").await.1.unwrap();
    let children = format!("/proc/self/task/{}/children", std::process::id());
    let gone = async {
        while !fs::read_to_string(&children).unwrap().trim().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), gone).await.unwrap();
    assert!(bench.import("good").await.1.is_ok());
}

#[tokio::test]
async fn a_full_bundle_is_handed_over_and_a_larger_one_is_not() {
    let bench = Bench::new();
    for (count, fits) in [(129, true), (130, false)] {
        let mut all = bundle("0.hostile", b"good");
        for number in 1..count {
            all.entries.push(Entry { name: format!("{number}"), file: File::open("/dev/null").unwrap(), size: 0 });
        }
        let (sink, _emitted) = mpsc::channel(4);
        assert_eq!(bench.plugins.import("hostile", all, sink).await.is_ok(), fits);
    }
}

/// Builds the C example as docs/PLUGINS.md says.
fn build_c_example(library: &Path) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let status = std::process::Command::new("cc")
        .args(["-std=c11", "-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-I"])
        .arg(root.join("plugins/sdk/include"))
        .arg("-o")
        .arg(library)
        .arg(root.join("docs/examples/names.c"))
        .status()
        .unwrap();
    assert!(status.success());
    fs::set_permissions(library, Permissions::from_mode(0o755)).unwrap();
}

#[tokio::test]
async fn a_plugin_written_in_c_is_imported_and_says_what_it_leaves_out() {
    let folder = tempfile::tempdir().unwrap();
    build_c_example(&folder.path().join("libnames.so"));
    let plugins = start(folder.path(), Limits::default());
    let mut file = b"Ana \"Nana\" Silva\n\nB\xe9la\n".to_vec();
    file.extend_from_slice(&[b'x'; 2000]);
    assert_eq!(plugins.choose(&bundle("friends.names", &file)).await.unwrap().as_deref(), Some("names"));
    assert_eq!(plugins.choose(&bundle("friends.txt", &file)).await.unwrap(), None);
    let (sink, mut emitted) = mpsc::channel(4);
    assert_eq!(plugins.import("names", bundle("friends.names", &file), sink).await.unwrap().records, 1);
    let emitted = emitted.recv().await.unwrap();
    let Emission::Record { place, key: None, body } = &emitted[1] else { panic!("{emitted:?}") };
    assert_eq!((place.line, body.get()), (1, r#"{"card":{"name":{"full":"Ana \u0022Nana\u0022 Silva"}}}"#));
    let problems: Vec<String> = emitted
        .iter()
        .filter_map(|emission| match emission {
            Emission::Diagnostic(diagnostic) => Some(diagnostic.to_string()),
            Emission::Part(_) | Emission::Record { .. } | Emission::Tally { .. } | Emission::Photo { .. } => None,
        })
        .collect();
    assert_eq!(
        problems,
        ["friends.names:3: not UTF-8 (line left out)", "friends.names:4: too long for a name (line left out)"]
    );
}

#[tokio::test]
async fn the_vcard_plugin_reads_the_corpus_within_the_sandbox() {
    let folder = tempfile::tempdir().unwrap();
    place(&folder.path().join("libkith_vcard.so"), &fs::read(built("libkith_vcard.so")).unwrap());
    let plugins = start(folder.path(), Limits::default());
    let card = b"BEGIN:VCARD\r\nVERSION:4.0\r\nUID:ana\r\nFN:Ana Silva\r\nEND:VCARD\r\n".to_vec();
    let mut files = vec![("ana.vcf".to_owned(), card)];
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus/vcard");
    let folders = fs::read_dir(corpus).into_iter().flatten().flatten().map(|folder| folder.path());
    for file in folders.filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten() {
        files.push((file.file_name().to_string_lossy().into_owned(), fs::read(file.path()).unwrap()));
    }
    for (name, bytes) in files.iter().filter(|(name, _)| name.ends_with(".vcf")) {
        // Some files of the corpus only end in .vcf.
        if plugins.choose(&bundle(name, bytes)).await.unwrap().is_none() {
            assert_ne!(name, "ana.vcf");
            continue;
        }
        let (sink, mut emitted) = mpsc::channel(4);
        let import = plugins.import("vcard", bundle(name, bytes), sink);
        let (result, ()) = tokio::join!(import, async { while emitted.recv().await.is_some() {} });
        let of_the_file = result.as_ref().err().is_none_or(PluginFault::is_of_the_file);
        assert!(of_the_file, "{name}: {result:?}");
    }
}
