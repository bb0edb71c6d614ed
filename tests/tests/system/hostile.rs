//! Plugins that do what they must not: each deed is refused with its reason, the daemon goes on as the same process, and
//! the next file is imported.
//!
//! What a deed does is in `tests/hostile`. What is only wrong in an item costs that item, and a line of the report says so.

use std::fs;

use kith_tests::binaries::{self, HOSTILE};
use kith_tests::fixtures::person;
use kith_tests::{Home, export, wait_until};
use serde_json::Value;

use crate::scene::{LIMIT, cards_of};

/// Nothing takes long here but what is to take too long, and a flood is soon one.
const CONFIG: &str = "[limits]\ntime = \"5 seconds\"\noutput = \"4 MiB\"\n";

const FORBIDDEN: &str =
    "the plugin tried what plugins may not do: open a file, use the network, start a process or a thread";

fn home_with_the_plugin() -> Home {
    let home = Home::new().unwrap();
    home.configure(CONFIG).unwrap();
    home.add_plugin(&binaries::folder().unwrap().join(HOSTILE)).unwrap();
    home
}

/// The daemon is the process that it was, and imports the next file.
#[track_caller]
fn goes_on(home: &Home, pid: u32, deed: &str) {
    home.drop_file("next.vcf", &cards_of(1, 1)).unwrap();
    home.wait_for_empty_drop(LIMIT).unwrap();
    assert!(export(home).unwrap().person(&person(1).name()).is_some(), "after {deed}");
    assert_eq!(home.json(&["status"]).unwrap()[0]["pid"], pid, "after {deed}");
}

/// A file that has the plugin do the deed becomes a problem with this reason, or one of these, parted by `|`. `PID` in the
/// order is the daemon's.
#[track_caller]
fn refused(order: &str, reason: &str) {
    let home = home_with_the_plugin();
    let daemon = home.start().unwrap();
    let order = order.replace("PID", &daemon.pid().to_string());
    home.drop_file("deed.hostile", order.as_bytes()).unwrap();
    home.wait_for_empty_drop(LIMIT).unwrap();
    let problem = home.path("Kith/Problem/deed.hostile");
    let written = fs::read_to_string(home.path("Kith/Problem/deed.hostile.reason.txt"));
    let written = written.unwrap_or_else(|_| panic!("{order} went well: {:#?}", home.json(&["problems"])));
    assert!(reason.split('|').any(|reason| written.contains(reason)), "{order}: {written}");
    assert_eq!(fs::read(problem).unwrap(), order.as_bytes(), "the file is as it was");
    assert_eq!(export(&home).unwrap().people().len(), 0, "nothing of it counts: {order}");
    goes_on(&home, daemon.pid(), &order);
}

/// A file that has the plugin do the deed is imported without the item, and the report says why.
#[track_caller]
fn left_out(order: &str, problem: &str) {
    let home = home_with_the_plugin();
    let daemon = home.start().unwrap();
    let file = home.path("deed.hostile");
    fs::write(&file, order).unwrap();
    let report = home.json(&["import", &file.to_string_lossy()]).unwrap().remove(0);
    let told = report.to_string();
    assert!(told.contains(problem), "{order}: {report:#}");
    assert_eq!(export(&home).unwrap().people().len(), 1, "the good item is kept: {report:#}");
    goes_on(&home, daemon.pid(), order);
}

/// A plugin whose constructor does the deed is not used, for this reason.
#[track_caller]
fn not_loaded(constructor: &[u8], reason: &str) {
    let home = home_with_the_plugin();
    let path = home.path("plugins").join(HOSTILE);
    let mut library = fs::read(&path).unwrap();
    let nothing = b"constructor:nothing.";
    assert_eq!(constructor.len(), nothing.len());
    let at = library.windows(nothing.len()).position(|window| window == nothing).unwrap();
    library[at..at + nothing.len()].copy_from_slice(constructor);
    fs::write(&path, library).unwrap();
    let daemon = home.start().unwrap();
    let listed = || home.json(&["plugins"]).unwrap().into_iter().find(|plugin| plugin["name"] == "hostile");
    let plugin: Value = wait_until("the plugin", LIMIT, listed).unwrap();
    let refused = plugin["refused"].as_str().unwrap_or_default();
    assert!(refused.contains(reason), "{plugin:#}");
    goes_on(&home, daemon.pid(), reason);
}

/// A test for each deed: its name, what is checked, the order, and what the user reads.
macro_rules! deeds {
    ($($name:ident: $check:ident($order:expr, $reason:expr);)*) => {
        $(#[test]
        fn $name() {
            $check($order, $reason);
        })*
    };
}

deeds! {
    it_reads_where_nothing_is: refused("segfault", "the plugin crashed (SIGSEGV)");
    it_aborts: refused("abort", "the plugin crashed (SIGABRT)");
    it_panics: refused("panic", "the plugin failed: panicked: on purpose");
    it_loops: refused("loop", "the plugin hung: not finished after 5 seconds");
    it_sleeps: refused("sleep", "the plugin hung: not finished after 5 seconds");
    it_reads_for_ever: refused("read", "the plugin hung: not finished after 5 seconds");
    it_takes_all_memory: refused("allocate", "the plugin ran out of memory");
    it_exits: refused("exit", "the plugin ended (exit code 0) without finishing");

    it_opens_a_file: refused("open", FORBIDDEN);
    it_removes_a_file: refused("unlink", FORBIDDEN);
    it_connects: refused("connect", FORBIDDEN);
    it_starts_a_thread: refused("thread", FORBIDDEN);
    it_starts_a_program: refused("spawn", FORBIDDEN);
    it_forks: refused("fork", FORBIDDEN);
    it_becomes_another_program: refused("exec", FORBIDDEN);
    it_traces_the_daemon: refused("ptrace:PID", FORBIDDEN);
    it_reads_the_daemons_memory: refused("memory-of-kithd:PID", FORBIDDEN);
    it_kills_the_daemon: refused("kill:PID", FORBIDDEN);
    it_kills_a_thread_of_the_daemon: refused("tgkill:PID", FORBIDDEN);
    it_sets_a_limit: refused("limit", FORBIDDEN);
    it_outlives_the_daemon: refused("prctl", FORBIDDEN);
    it_sets_a_filter_of_its_own: refused("seccomp", FORBIDDEN);
    it_becomes_another_user: refused("setuid", FORBIDDEN);
    it_mounts: refused("mount", FORBIDDEN);
    it_asks_for_a_ring_of_calls: refused("io-uring", FORBIDDEN);
    it_makes_a_file_in_memory: refused("memfd", FORBIDDEN);
    it_duplicates_its_socket: refused("duplicate", FORBIDDEN);
    it_maps_code: refused("mmap-exec", FORBIDDEN);
    it_makes_data_code: refused("mprotect-exec", FORBIDDEN);

    it_emits_without_end: refused("flood", "the plugin flooded kith: it emitted more than");
    it_complains_without_end: refused("diagnostics", "the plugin flooded kith: it emitted more than");
    it_forges_an_end: refused("lying-end", "the plugin lied about its end: the hash differs");
    it_forges_an_end_of_more_records: refused("lying-count", "the plugin lied about its end: 1 records said, 0 received");
    it_ends_twice: refused("two-ends", "the plugin lied about its end: more came after it");
    it_goes_on_after_its_end: refused("after-end", "the plugin lied about its end: more came after it");
    it_writes_noise_to_the_socket: refused("garbage", "the plugin sent");
    it_announces_a_frame_of_two_gibibytes: refused("long-frame", "the plugin sent");
    it_writes_to_every_descriptor: refused("every-descriptor", "the plugin sent");
    it_closes_every_descriptor: refused("close", "without finishing|the plugin crashed (SIGABRT)");
    it_reads_outside_its_input: refused("outside", "reading outside came to [-4, -4, 0, -4]");
    it_looks_at_the_environment: refused("environment", "the environment has 0 variables");

    it_hands_over_a_negative_length: left_out("negative-size", "the importer made a record that kith does not understand");
    it_hands_over_half_an_object: left_out("not-json", "the importer made a record that kith does not understand");
    it_hands_over_two_lines: left_out("two-lines", "the importer made a record that kith does not understand");
    it_hands_over_what_is_not_utf8: left_out("not-utf8", "the importer made a record that kith does not understand");
    it_hands_over_deep_json: left_out("deep-json", "the importer made a record that kith does not understand");
    it_hands_over_a_tebibyte: left_out("huge-size", "the importer made a record of over 1 MiB");
    it_hands_over_two_mebibytes: left_out("long-record", "the importer made a record of over 1 MiB");
    it_hands_over_a_photo_beyond_the_cap: left_out("photo", "the importer made a photo of over 8 MiB");
    it_names_a_file_that_there_is_not: left_out("no-place", "the importer made a record of a file that there is not");

    its_constructor_aborts: not_loaded(b"constructor:abort!!.", "the plugin crashed (SIGABRT)");
    its_constructor_loops: not_loaded(b"constructor:forever.", "the plugin hung: no");
    its_constructor_forks: not_loaded(b"constructor:process.", FORBIDDEN);
    its_constructor_writes_a_file: not_loaded(b"constructor:writeit.", "the plugin ended (exit code 13)");
}

#[test]
fn what_a_folders_files_emit_beyond_measure_is_not_held_in_memory() {
    let home = Home::new().unwrap();
    home.configure("[limits]\ntime = \"60 seconds\"\n").unwrap();
    home.add_plugin(&binaries::folder().unwrap().join(HOSTILE)).unwrap();
    let _daemon = home.start().unwrap();
    let folder = home.path("cards");
    fs::create_dir(&folder).unwrap();
    let file_of_report = |order: &str, read: u64| {
        fs::write(folder.join("a.hostile"), order).unwrap();
        let reports = home.json(&["import", &folder.to_string_lossy()]).unwrap();
        let report = reports.iter().find(|report| report["read"] == read).unwrap_or_else(|| panic!("{reports:#?}"));
        report["file"].as_str().unwrap().to_owned()
    };
    assert_eq!(file_of_report("good", 2), folder.to_string_lossy());
    // Too much to be held back, it is streamed as an import of its own.
    assert_eq!(file_of_report("large", 100), folder.join("a.hostile").to_string_lossy());
}
