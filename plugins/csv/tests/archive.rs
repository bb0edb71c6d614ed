//! LinkedIn archives, honest and hostile.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::io::{Cursor, Write as _};

use kith_csv::CsvImporter;
use kith_plugin::card::NameComponentKind;
use kith_plugin::record::Record;
use kith_plugin::testing::{Emitted, probe, run};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const CONNECTIONS: &str =
    "First Name,Last Name,URL,Connected On\nAna,Silva,https://www.linkedin.com/in/ana-silva,07 Jun 2026\n";

fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn import(bytes: &[u8]) -> Vec<Emitted> {
    run::<CsvImporter>(&[("export.zip", bytes)])
}

fn records(emitted: &[Emitted]) -> usize {
    emitted.iter().filter(|e| matches!(e, Emitted::Record { .. })).count()
}

fn problems(emitted: &[Emitted]) -> Vec<String> {
    let said = emitted.iter().filter_map(|e| if let Emitted::Diagnostic(d) = e { Some(d.to_string()) } else { None });
    said.collect()
}

#[test]
fn tables_are_found_by_content_and_other_files_are_counted() {
    let bytes = archive(&[
        ("Skills.csv", b"Name\nSailing\n"),
        ("Jobs/some other name.csv", CONNECTIONS.as_bytes()),
        ("Positions.csv", b"Company Name,Title\nExample,Sailor\n"),
        ("photo.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF"),
    ]);
    let emitted = import(&bytes);
    assert_eq!((records(&emitted), problems(&emitted).len()), (1, 0));
    let unused: Vec<_> = emitted.iter().filter(|e| matches!(e, Emitted::Tally { .. })).collect();
    assert_eq!(unused.len(), 3);
    assert_eq!(emitted.last(), Some(&Emitted::End));
    assert_eq!(probe::<CsvImporter>(&[("x", &bytes)]), 60);
}

#[test]
fn an_archive_is_as_new_as_the_newest_message_in_it() {
    let messages = "CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,SUBJECT,CONTENT,FOLDER\n\
        c1,,Ana Silva,https://www.linkedin.com/in/ana-silva,Sam Field,https://www.linkedin.com/in/sam-field,2026-11-20 08:00:00 UTC,,Hello,INBOX\n";
    let bytes = archive(&[("Connections.csv", CONNECTIONS.as_bytes()), ("messages.csv", messages.as_bytes())]);
    let emitted = import(&bytes);
    let parts = emitted.iter().filter_map(|e| if let Emitted::Part(part) = e { Some(part) } else { None });
    let newest = parts.filter(|part| part.collection == "connections").filter_map(|part| part.snapshot).max();
    assert_eq!(newest.map(|newest| newest.to_string()).as_deref(), Some("2026-11-20T08:00:00Z"));
}

/// Each who is named in what people gave each other, with the profile that was found.
fn named(emitted: &[Emitted]) -> Vec<(String, Option<String>)> {
    let interactions = emitted.iter().filter_map(|e| {
        if let Emitted::Record { record: Record::Interaction(interaction), .. } = e { Some(interaction) } else { None }
    });
    let participants = interactions.flat_map(|interaction| interaction.participants.clone());
    participants.map(|p| (p.name.unwrap_or_default(), p.profile)).collect()
}

#[test]
fn a_name_without_a_profile_is_the_only_connection_of_that_name() {
    let connections = "First Name,Last Name,URL,Connected On\n\
        Ana,Silva,https://www.linkedin.com/in/ana-silva,07 Jun 2026\n\
        Bo,Ek,https://www.linkedin.com/in/bo-ek,07 Jun 2026\n\
        Bo,Ek,https://www.linkedin.com/in/bo-ek-2,08 Jun 2026\n";
    let given = "First Name,Last Name,Company,Job Title,Text,Creation Date,Status\n\
        Ana,Silva,,,Calm at sea,\"04/05/23, 10:03 AM\",VISIBLE\n\
        Bo,Ek,,,A good cook,\"04/05/23, 10:03 AM\",VISIBLE\n";
    let ana = || ("Ana Silva".to_owned(), Some("https://www.linkedin.com/in/ana-silva".to_owned()));
    let expected = [ana(), ("Bo Ek".to_owned(), None)];
    // Whichever stands first, in an archive as in a folder.
    let members = [("Recommendations_Given.csv", given.as_bytes()), ("Connections.csv", connections.as_bytes())];
    assert_eq!(named(&import(&archive(&members))), expected);
    assert_eq!(named(&run::<CsvImporter>(&members)), expected);
}

#[test]
fn in_a_folder_of_linkedins_tables_the_others_are_counted_too() {
    let emitted =
        run::<CsvImporter>(&[("Skills.csv", b"Name\nSailing\n"), ("Connections.csv", CONNECTIONS.as_bytes())]);
    assert_eq!((records(&emitted), problems(&emitted).len()), (1, 0));
    let tally = Emitted::Tally { class: "archive file not used: Skills.csv".to_owned(), count: 1 };
    assert!(emitted.contains(&tally));
}

#[test]
fn beside_linkedins_tables_one_of_no_known_program_is_counted_in_a_folder_as_in_an_archive() {
    let members = [
        ("Verifications/Verifications.csv", "First Name,Last Name,Document Type\nCy,Roe,Passport\n".as_bytes()),
        ("Connections.csv", CONNECTIONS.as_bytes()),
        ("contacts.csv", include_bytes!("fixtures/layouts/outlook-com.csv")),
    ];
    let surname = |e: &Emitted| {
        let Emitted::Record { record: Record::Card(card), .. } = e else { return None };
        let surname = card.name.components.iter().find(|part| part.kind == NameComponentKind::Surname);
        surname.map(|part| part.value.clone())
    };
    let unused =
        Emitted::Tally { class: "archive file not used: Verifications/Verifications.csv".to_owned(), count: 1 };
    for emitted in [import(&archive(&members)), run::<CsvImporter>(&members)] {
        assert_eq!(emitted.iter().filter_map(surname).collect::<Vec<_>>(), ["Silva", "Brandt", "Ek"]);
        assert!(emitted.contains(&unused), "{emitted:?}");
    }
}

#[test]
fn an_archive_of_linkedin_is_known_by_its_members() {
    for name in ["Connections.csv", "Company_Follows.csv", "messages_34875879.csv"] {
        assert_eq!(probe::<CsvImporter>(&[("x", &archive(&[(name, b"")]))]), 95, "{name}");
    }
    assert_eq!(probe::<CsvImporter>(&[("photos.zip", &archive(&[("a.jpg", b"")]))]), 10);
}

#[test]
fn a_member_may_not_leave_the_archive_or_be_one() {
    let inner = archive(&[("Connections.csv", CONNECTIONS.as_bytes())]);
    let emitted = import(&archive(&[
        ("../Connections.csv", CONNECTIONS.as_bytes()),
        ("/etc/Connections.csv", CONNECTIONS.as_bytes()),
        ("..\\Connections.csv", CONNECTIONS.as_bytes()),
        ("inner.zip", &inner),
        ("Connections.csv", CONNECTIONS.as_bytes()),
    ]));
    assert_eq!(records(&emitted), 1);
    let left_out = "(file left out, the others are read)";
    assert_eq!(
        problems(&emitted),
        [
            format!("export.zip/../Connections.csv: its name leads out of the archive {left_out}"),
            format!("export.zip//etc/Connections.csv: its name leads out of the archive {left_out}"),
            format!("export.zip/..\\Connections.csv: its name leads out of the archive {left_out}"),
            format!("export.zip/inner.zip: an archive within the archive {left_out}"),
        ]
    );
}

#[test]
fn a_link_is_not_followed() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.add_symlink("Connections.csv", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    let emitted = import(&zip.finish().unwrap().into_inner());
    assert!(problems(&emitted)[0].contains("a link to another file"));
    assert!(matches!(emitted.last(), Some(Emitted::Refused(_))));
}

#[test]
fn a_member_out_of_measure_is_left_out_with_its_reason() {
    let mut bomb = CONNECTIONS.as_bytes().to_vec();
    bomb.resize(40 << 20, b'\n');
    let emitted = import(&archive(&[("bomb.csv", &bomb), ("Connections.csv", CONNECTIONS.as_bytes())]));
    assert_eq!(records(&emitted), 1);
    let problems = problems(&emitted);
    assert!(problems[0].contains("out of measure"), "{problems:?}");
}

#[test]
fn an_archive_that_ends_early_is_truncated() {
    let whole = archive(&[("Connections.csv", CONNECTIONS.as_bytes())]);
    for end in 4..whole.len() {
        let emitted = import(&whole[..end]);
        assert!(matches!(emitted.last(), Some(Emitted::Truncated(_) | Emitted::Refused(_))), "{end}: {emitted:?}");
    }
    assert!(matches!(import(&whole[..whole.len() / 2]).last(), Some(Emitted::Truncated(_))));
}

#[test]
fn a_flipped_byte_is_no_crash() {
    let whole = archive(&[("Connections.csv", CONNECTIONS.as_bytes()), ("messages.csv", b"x")]);
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        assert!(!import(&bytes).is_empty());
    }
}
