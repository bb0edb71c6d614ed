//! Files that are made to use up memory, disk or patience: each ends with a clear reason or costs only what is too much, the
//! daemon's memory stays as it was, and the next file is imported.

use std::fs;
use std::io::{Cursor, Write as _};

use kith_tests::fixtures::person;
use kith_tests::{Home, export};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::scene::{LIMIT, cards_of};

const MIB: usize = 1024 * 1024;

/// What the daemon may grow by while it takes a bomb in: what is on its way from the worker is bounded, and so are reports.
const ROOM_KIB: u64 = 32 * 1024;

/// Returns the most memory that a process ever had, in KiB.
fn peak_kib(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    peak.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Drops a bomb of this name, and looks at what the user reads of it.
#[track_caller]
fn bomb(name: &str, bytes: &[u8], expected: &str) {
    let home = Home::new().unwrap();
    let daemon = home.start().unwrap();
    home.drop_file("first.vcf", &cards_of(2, 20)).unwrap();
    home.wait_for_empty_drop(LIMIT).unwrap();
    let before = peak_kib(daemon.pid());
    home.drop_file(name, bytes).unwrap();
    home.wait_for_empty_drop(LIMIT).unwrap();
    let grown = peak_kib(daemon.pid()).saturating_sub(before);
    let reason = fs::read_to_string(home.path("Kith/Problem").join(format!("{name}.reason.txt")));
    let told = reason.unwrap_or_else(|_| home.run("kith", &["report"]).unwrap());
    assert!(told.contains(expected), "{name}: {told}");
    assert!(grown < ROOM_KIB, "{name}: the daemon grew by {grown} KiB\n{told}");
    home.drop_file("next.vcf", &cards_of(1, 1)).unwrap();
    home.wait_for_empty_drop(LIMIT).unwrap();
    assert!(export(&home).unwrap().person(&person(1).name()).is_some(), "after {name}");
    assert_eq!(home.json(&["status"]).unwrap()[0]["pid"], daemon.pid(), "after {name}");
}

/// A test for each bomb: its name, the file's, what is in it, and what the user reads.
macro_rules! bombs {
    ($($name:ident: $file:expr, $bytes:expr, $expected:expr;)*) => {
        $(#[test]
        fn $name() {
            bomb($file, &$bytes, $expected);
        })*
    };
}

bombs! {
    a_file_of_nothing_but_zeros: "zeros.vcf", vec![0; 64 * MIB], "no vCard in it";
    a_zip_that_unpacks_out_of_measure: "export.zip", zipped(&[("Connections.csv", &zeros_behind(CONNECTIONS))]), "out of measure";
    a_zip_of_very_many_files: "export.zip", many_files(), "at most 20000 are read";
    a_zip_whose_files_overlap: "export.zip", overlapping(), "overlap, as no honest program writes them";
    a_zip_within_a_zip: "export.zip", zipped(&[("Connections.csv", CONNECTIONS), ("inner.zip", &zipped(&[("a.csv", CONNECTIONS)]))]), "an archive within the archive";
    a_zip_that_leads_out_of_itself: "export.zip", zipped(&[("Connections.csv", CONNECTIONS), ("../../.profile", CONNECTIONS)]), "its name leads out of the archive";
    a_zip_with_a_link: "export.zip", with_a_link(), "a link to another file";
    a_table_of_one_endless_line: "endless.csv", endless("Name,Email\nAna Silva,", b"x", ""), "larger than 8 MiB";
    a_table_whose_quotes_never_end: "quotes.csv", endless("Name,Email\nAna Silva,\"", b"x\n", ""), "larger than 8 MiB";
    a_table_of_very_many_columns: "wide.csv", endless("Name,Email", b",x", "\n"), "more than 2000 columns";
    a_card_of_one_endless_line: "endless.vcf", endless("BEGIN:VCARD\nFN:Ana\nNOTE:", b"x", "\nEND:VCARD\n"), "larger than 16 MiB";
    a_card_of_an_endless_uid: "uid.vcf", card(format!("UID:{}\n", "u".repeat(300_000))), "1 read: 1 new";
    a_card_of_very_many_lines: "lines.vcf", card("x\n".repeat(8_000_000)), "more than a million lines";
    a_card_of_very_many_properties: "many.vcf", card("EMAIL:ana@example.com\n".repeat(200_000)), "more than 4,000 properties";
    a_card_within_a_card_within_a_card: "deep.vcf", ["BEGIN:VCARD\nAGENT:\n".repeat(200_000), "END:VCARD\n".repeat(200_000)].concat().into_bytes(), "the card's text is over 384 KiB";
    a_card_with_a_huge_photo: "photo.vcf", card(format!("PHOTO;ENCODING=b:{}\n", "QUJD".repeat(3 * MIB))), "larger than 8 MiB";
    a_mail_of_one_endless_header: "endless.eml", endless("From: ana@example.com\nSubject: ", b"x", "\n\nHi\n"), "header longer than 1 MiB";
    a_mail_to_very_many: "many.eml", endless("From: ana@example.com\nTo: ", b"a@example.com,\n ", "b@example.com\n\nHi\n"), "header longer than 1 MiB";
    a_mail_of_very_many_parts: "parts.eml", mail(&"--b\nContent-Type: text/vcard\n\n".repeat(200_000)), "more than 1,000 parts";
    a_mail_of_parts_within_parts: "deep.eml", mail(&nested(5_000)), "nested more than 20 deep";
    a_mail_with_a_huge_card: "card.eml", mail(&format!("--b\nContent-Type: text/vcard\n\n{}\n--b--\n", "x".repeat(32 * MIB))), "longer than 8 MiB";
    a_mailbox_of_very_many_messages_of_nothing: "nothing.mbox", "From - Mon Jun  1 10:00:00 2026\nX: y\n\n".repeat(200_000).into_bytes(), "no header is one of mail";
    a_calendar_of_one_endless_event: "endless.ics", endless("BEGIN:VCALENDAR\nBEGIN:VEVENT\n", b"ATTENDEE:mailto:a@example.com\n", "END:VEVENT\nEND:VCALENDAR\n"), "longer than 256 KiB";
    a_calendar_of_a_series_without_end: "series.ics", series(), "4040 read: 4040 new";
    an_address_book_of_one_endless_entry: "endless.ldif", endless("dn: cn=Ana\ncn: Ana\n", b"mail: a@example.com\n", "\n"), "the entry at line 1 is larger than 12 MiB";
    a_list_of_friends_of_lists_of_lists: "friends.json", endless("{\"friends_v2\":", b"[", ""), "it is no whole JSON";
}

const CONNECTIONS: &[u8] = b"First Name,Last Name,URL,Email Address,Company,Position,Connected On\n\
    Ana,Silva,https://www.linkedin.com/in/ana-example,,Acme,CTO,07 Jun 2026\n";

/// A beginning, then the same for 48 MiB, and an end: a file without one would be given time.
fn endless(begin: &str, again: &[u8], end: &str) -> Vec<u8> {
    [begin.as_bytes(), &again.repeat(48 * MIB / again.len()), end.as_bytes()].concat()
}

fn card(lines: impl AsRef<str>) -> Vec<u8> {
    format!("BEGIN:VCARD\nVERSION:3.0\nFN:Ana Silva\n{}END:VCARD\n", lines.as_ref()).into_bytes()
}

fn mail(body: &str) -> Vec<u8> {
    let head =
        "From: ana@example.com\nTo: sam@example.com\nDate: Mon, 1 Jun 2026 10:00:00 +0000\nMessage-ID: <1@example.com>";
    format!("{head}\nContent-Type: multipart/mixed; boundary=b\n\n{body}").into_bytes()
}

/// Parts within parts.
fn nested(depth: u32) -> String {
    let part = |n: u32| {
        format!(
            "--{}\nContent-Type: multipart/mixed; boundary=b{n}\n\n",
            if n == 0 { "b".to_owned() } else { format!("b{}", n - 1) }
        )
    };
    (0..depth).map(part).collect()
}

/// A series that would go on for ever, and one that never takes place.
fn series() -> Vec<u8> {
    let event = |uid: u32, rule: &str| {
        format!(
            "BEGIN:VEVENT\nUID:{uid}\nDTSTAMP:99981231T000000Z\nDTSTART:19000101T000000Z\nRRULE:{rule}\n\
             ORGANIZER:mailto:sam@example.com\nATTENDEE;CN=Ana Silva:mailto:ana@example.com\nEND:VEVENT\n"
        )
    };
    let rules = [
        "FREQ=SECONDLY",
        "FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=1,2,3;BYSECOND=1,2,3",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    ];
    let events: String = rules.iter().cycle().zip(0..60).map(|(rule, uid)| event(uid, rule)).collect();
    format!("BEGIN:VCALENDAR\n{events}END:VCALENDAR\n").into_bytes()
}

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn zeros_behind(begin: &[u8]) -> Vec<u8> {
    [begin, &vec![b'\n'; 256 * MIB]].concat()
}

fn many_files() -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for n in 0..30_000 {
        zip.start_file(format!("{n}.csv"), SimpleFileOptions::default()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn with_a_link() -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.add_symlink("Connections.csv", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    zip.start_file("more.csv", SimpleFileOptions::default()).unwrap();
    zip.write_all(CONNECTIONS).unwrap();
    zip.finish().unwrap().into_inner()
}

/// A zip whose directory names the same bytes twice, as bombs do that unpack to more than any ratio tells.
fn overlapping() -> Vec<u8> {
    let mut bytes = zipped(&[("Connections.csv", CONNECTIONS), ("Connectionz.csv", CONNECTIONS)]);
    let entries: Vec<usize> =
        bytes.windows(4).enumerate().filter(|(_, window)| *window == b"PK\x01\x02").map(|(at, _)| at).collect();
    let [_, second] = entries.as_slice() else { panic!("{entries:?}") };
    // The offset of the second's data becomes that of the first.
    bytes[second + 42..second + 46].copy_from_slice(&[0; 4]);
    bytes
}
