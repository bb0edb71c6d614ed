//! Plugins that come and go, and are switched off, while the daemon runs.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use kith_tests::binaries::{self, HOSTILE};
use kith_tests::{Home, wait_until};
use serde_json::Value;

use crate::scene::LIMIT;

fn hostile(home: &Home) -> Option<Value> {
    home.json(&["plugins"]).unwrap().into_iter().find(|plugin| plugin["name"] == "hostile")
}

#[test]
fn a_plugin_is_picked_up_while_kithd_runs_and_disappears_with_its_file() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    assert_eq!(hostile(&home), None);
    home.add_plugin(&binaries::folder().unwrap().join(HOSTILE)).unwrap();
    let usable = || hostile(&home).filter(|plugin| plugin["refused"].is_null());
    wait_until("the plugin", LIMIT, usable).unwrap();
    home.drop_file("a.hostile", b"good").unwrap();
    home.wait_for_empty_drop(LIMIT).unwrap();
    assert_eq!(home.json(&["problems"]).unwrap(), Vec::<Value>::new());
    fs::remove_file(home.path("plugins").join(HOSTILE)).unwrap();
    wait_until("no plugin", LIMIT, || hostile(&home).is_none().then_some(())).unwrap();
}

#[test]
fn a_plugin_that_fails_three_times_is_switched_off_over_a_restart_until_it_is_enabled() {
    let home = Home::new().unwrap();
    home.add_plugin(&binaries::folder().unwrap().join(HOSTILE)).unwrap();
    let daemon = home.start().unwrap();
    for deed in ["segfault", "exit", "abort"] {
        home.drop_file(&format!("{deed}.hostile"), deed.as_bytes()).unwrap();
        home.wait_for_empty_drop(LIMIT).unwrap();
    }
    daemon.stop(LIMIT).unwrap();
    let _daemon = home.start().unwrap();
    let attention = home.json(&["status"]).unwrap()[0]["attention"].to_string();
    assert!(attention.contains("plugin hostile: switched off after three faults in ten minutes"), "{attention}");
    home.drop_file("off.hostile", b"good").unwrap();
    home.wait_for_empty_drop(LIMIT).unwrap();
    let reason = fs::read_to_string(home.path("Kith/Problem/off.hostile.reason.txt")).unwrap();
    assert!(reason.contains("kith plugin enable hostile"), "{reason}");
    home.run("kith", &["plugin", "enable", "hostile"]).unwrap();
    home.drop_file("on.hostile", b"good").unwrap();
    home.wait_for_empty_drop(LIMIT).unwrap();
    assert!(!home.path("Kith/Problem/on.hostile").exists());
}

#[test]
fn a_plugin_in_a_folder_that_is_made_while_kithd_runs_is_picked_up() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    let folder = home.path("data/kith/plugins");
    assert!(!folder.exists());
    fs::create_dir_all(&folder).unwrap();
    let library = fs::read(binaries::folder().unwrap().join(HOSTILE)).unwrap();
    let copy = folder.join(HOSTILE);
    // As a slow copy does: half of it is seen first.
    fs::write(&copy, &library[..library.len() / 2]).unwrap();
    fs::set_permissions(&copy, fs::Permissions::from_mode(0o644)).unwrap();
    let refused = || hostile_file(&home).filter(|plugin| plugin["refused"].to_string().contains("cut off"));
    wait_until("half of the plugin", LIMIT, refused).unwrap();
    fs::write(&copy, &library).unwrap();
    let usable = || hostile(&home).filter(|plugin| plugin["refused"].is_null());
    wait_until("the plugin", LIMIT, usable).unwrap();
}

/// The library, which is named after its file while its note cannot be read.
fn hostile_file(home: &Home) -> Option<Value> {
    let plugins = home.json(&["plugins"]).unwrap();
    plugins.into_iter().find(|plugin| plugin["path"].to_string().contains(HOSTILE))
}
