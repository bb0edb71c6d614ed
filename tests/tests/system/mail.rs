//! Mail as it lies in folders: who the owner is by what was sent, and whom they really write to.

use std::fs;

use kith_tests::fixtures::OWNER;
use kith_tests::{Home, wait_until};

use crate::scene::LIMIT;

fn put(home: &Home, folder: &str, name: &str, from: &str, to: &str) {
    let folder = home.path("Mail").join(folder);
    for part in ["cur", "new", "tmp"] {
        fs::create_dir_all(folder.join(part)).unwrap();
    }
    let text = format!(
        "From: {from}\r\nTo: {to}\r\nDate: Mon, 2 Mar 2026 10:00:00 +0000\r\nMessage-ID: <{name}@example.com>\r\nSubject: Hello\r\n\r\nHi\r\n"
    );
    fs::write(folder.join("cur").join(format!("{name}:2,S")), text).unwrap();
}

#[test]
fn who_wrote_the_sent_mail_is_the_owner_and_who_was_written_to_is_a_person() {
    let home = Home::bare().unwrap();
    let config = home.path("config/kith");
    fs::create_dir_all(&config).unwrap();
    let watch = format!("[[watch]]\npath = \"{}\"\nlayout = \"maildir\"\n", home.path("Mail").display());
    fs::write(config.join("config.toml"), watch).unwrap();
    for n in 0..3 {
        put(&home, ".Gesendet", &format!("sent{n}"), "Sam Example <sam@example.com>", "Bo Berg <bo@example.com>");
    }
    // Somebody else's mail that was moved there by hand.
    put(&home, ".Gesendet", "moved", "Cleo Costa <cleo@example.com>", "Sam Example <sam@example.com>");
    put(&home, "", "received", "Bo Berg <bo@example.com>", "sam@example.com");
    put(&home, "", "stranger", "Dan Diaz <dan@example.com>", "sam@example.com");
    let _daemon = home.start().unwrap();
    let bo = || home.json(&["find", "bo"]).ok()?.first().cloned();
    wait_until("Bo", LIMIT, bo).unwrap();
    let doctor = home.run("kith", &["doctor"]).unwrap();
    assert!(doctor.contains("you are sam@example.com (from mail)"), "{doctor}");
    assert!(!doctor.contains("you are cleo"), "{doctor}");
    let people = home.json(&["find"]).unwrap();
    assert_eq!(people.iter().map(|person| person["name"].as_str().unwrap()).collect::<Vec<_>>(), ["Bo Berg"]);
    let suggested = home.json(&["circle", "suggest"]).unwrap();
    assert_eq!(suggested[0]["name"], "Bo Berg");
}

#[test]
fn of_a_shared_thread_the_one_who_wrote_is_named() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    home.run("kith", &["add", "Ana Silva", "--email", "ana@example.com"]).unwrap();
    home.run("kith", &["add", "Cleo Costa", "--email", "cleo@example.com"]).unwrap();
    let owner = OWNER.email;
    let mails = [
        ("<ana@example.com>", format!("<{owner}>"), 1),
        ("<cleo@example.com>", format!("<{owner}>, <ana@example.com>"), 2),
        ("Dan Diaz <dan@example.com>", format!("<{owner}>, <ana@example.com>"), 3),
        (owner, "<ana@example.com>, <cleo@example.com>".to_owned(), 4),
    ];
    for (from, to, day) in mails {
        let mail = format!(
            "From: {from}\r\nTo: {to}\r\nDate: {day} Nov 2026 10:00:00 +0000\r\nMessage-ID: <{day}@mail.example>\r\n\
            In-Reply-To: <1@mail.example>\r\nSubject: Seeds {day}\r\n\r\nHello.\r\n"
        );
        let file = home.path(&format!("{day}.eml"));
        fs::write(&file, mail).unwrap();
        home.run("kith", &["import", file.to_str().unwrap()]).unwrap();
    }
    let shown = home.run("kith", &["show", "ana"]).unwrap();
    for line in ["they: Seeds 1", "Cleo Costa: Seeds 2", "Dan Diaz: Seeds 3", "you: Seeds 4"] {
        assert!(shown.contains(line), "{line}: {shown}");
    }
    let cleo = home.json(&["show", "cleo"]).unwrap().remove(0);
    let authors: Vec<_> = cleo["interactions"].as_array().unwrap().iter().map(|mail| &mail["author"]).collect();
    assert_eq!(authors, [&serde_json::Value::Null; 2], "what she wrote needs no name: {cleo}");
}

#[test]
fn a_mail_is_the_same_in_an_mbox_and_in_a_file_of_its_own_whatever_its_lines_end_with() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    let mail = |n: u32| {
        format!(
            "From: Bo Berg <bo@example.com>\nTo: me@example.com\nDate: Mon, 2 Mar 2026 10:0{n}:00 +0000\nMessage-ID: <{n}@example.com>\nSubject: Hello\n\nHi\n"
        )
    };
    let import = |name: &str, text: String| {
        fs::write(home.path(name), text).unwrap();
        let report = home.json(&["import", &home.path(name).to_string_lossy()]).unwrap().remove(0);
        ["new", "changed", "same"].map(|count| report[count].as_u64().unwrap())
    };
    let separated = |n| format!("From bo@example.com Mon Mar  2 10:00:00 2026\n{}\n", mail(n));
    assert_eq!(import("mail.mbox", separated(1) + &separated(2)), [2, 0, 0]);
    assert_eq!(import("one.eml", mail(1)), [0, 0, 1]);
    // Of another size in bytes, as the mbox's messages also are in what was kept by kith's first versions.
    assert_eq!(import("two.eml", mail(2).replace('\n', "\r\n")), [0, 0, 1]);
    assert_eq!(import("three.eml", mail(3)), [1, 0, 0]);
    assert_eq!(import("more.mbox", separated(3) + &separated(1) + &separated(4)), [1, 0, 2]);
}
