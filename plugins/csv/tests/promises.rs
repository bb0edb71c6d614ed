//! What a user is promised of odd exports, each in a table of its own, seen from outside.

use std::collections::BTreeSet;
use std::io::{Cursor, Write as _};

use kith_csv::CsvImporter;
use kith_plugin::card::Card;
use kith_plugin::emit::Completeness;
use kith_plugin::interaction::Interaction;
use kith_plugin::record::Record;
use kith_plugin::testing::{Emitted, probe, run};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const CONNECTIONS: &str = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n";
const MESSAGES: &str = "CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,SUBJECT,CONTENT,FOLDER\n";
const ANA: &str = "https://www.linkedin.com/in/ana-silva";
const BO: &str = "https://www.linkedin.com/in/bo-ek";

#[track_caller]
fn import(name: &str, bytes: &[u8]) -> Vec<Emitted> {
    let emitted = run::<CsvImporter>(&[(name, bytes)]);
    assert_eq!(emitted.last(), Some(&Emitted::End));
    emitted
}

fn cards(emitted: &[Emitted]) -> Vec<&Card> {
    emitted
        .iter()
        .filter_map(|e| if let Emitted::Record { record: Record::Card(card), .. } = e { Some(&**card) } else { None })
        .collect()
}

fn interactions(emitted: &[Emitted]) -> Vec<(&str, &Interaction)> {
    let mut found = Vec::new();
    for e in emitted {
        if let Emitted::Record { key, record: Record::Interaction(interaction), .. } = e {
            found.push((key.as_deref().unwrap_or_default(), &**interaction));
        }
    }
    found
}

/// What is wrong; which column was read as what is told too, and is no problem.
fn problems(emitted: &[Emitted]) -> Vec<String> {
    let said = emitted.iter().filter_map(|e| if let Emitted::Diagnostic(d) = e { Some(d) } else { None });
    said.filter(|d| !d.problem.contains("are read as")).map(ToString::to_string).collect()
}

#[test]
fn a_mail_or_an_address_book_is_left_to_others() {
    for text in [
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana Silva\r\nEND:VCARD\r\n",
        "From ana@example.com Mon Jun  1 09:00:00 2026\nFrom: Ana <ana@example.com>\nTo: bo@example.com\nSubject: Name, email, phone\n\nhi\n",
        "Return-Path: <ana@example.com>\nFrom: Ana <ana@example.com>\nTo: bo@example.com\nDate: Mon, 1 Jun 2026 09:00:00 +0000\n\nName,Email\nAna,ana@example.com\n",
    ] {
        assert_eq!(probe::<CsvImporter>(&[("note.txt", text.as_bytes())]), 0, "{text}");
        assert_eq!(probe::<CsvImporter>(&[("x", text.as_bytes())]), 0, "{text}");
    }
}

#[test]
fn connections_in_utf16_with_semicolons_read_as_any_other() {
    let text = format!("\u{feff}{CONNECTIONS}Zoë,Brandt,{ANA},,Example,Sailor,07 Jun 2026\n").replace(',', ";");
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let emitted = import("Connections.csv", &bytes);
    assert_eq!(cards(&emitted)[0].name.full.as_deref(), Some("Zoë Brandt"));
    assert_eq!(problems(&emitted), [] as [String; 0]);
}

#[test]
fn an_ambiguous_day_costs_the_day_and_not_the_card() {
    let text = format!("{CONNECTIONS}Ana,Silva,{ANA},,,,03/04/2021\nBo,Ek,{BO},,,,2021-04-03\n");
    let emitted = import("Connections.csv", text.as_bytes());
    let days: Vec<_> = cards(&emitted).iter().map(|card| card.connected_on).collect();
    assert_eq!((days, problems(&emitted).len()), (vec![None, Some(jiff::civil::date(2021, 4, 3))], 1));
    assert!(problems(&emitted)[0].starts_with("Connections.csv:2: Connected On:"), "{:?}", problems(&emitted));
}

#[test]
fn only_a_date_is_a_closed_profile() {
    let text = format!("{CONNECTIONS},,,,,,07 Jun 2026\r\n,,,,,,08 Jun 2026\r\nAna,Silva,{ANA},,,,09 Jun 2026");
    let emitted = import("Connections.csv", text.as_bytes());
    assert!(emitted.contains(&Emitted::Tally { class: "closed profile".to_owned(), count: 2 }));
    assert_eq!(cards(&emitted).len(), 1);
}

#[test]
fn equal_messages_have_keys_of_their_own_and_the_same_ones_next_time() {
    let row = format!("c1,,Ana Silva,{ANA},Bo Ek,{BO},2026-06-07 10:00:00 UTC,,\"hi\n\"\"there\"\"\",INBOX\n");
    let text = format!("{MESSAGES}{row}{row}{row}");
    let emitted = import("messages.csv", text.as_bytes());
    let keys: BTreeSet<&str> = interactions(&emitted).into_iter().map(|(key, _)| key).collect();
    assert_eq!(keys.len(), 3);
    assert_eq!(interactions(&emitted)[0].1.text.as_deref(), Some("hi\n\"there\""));
    assert_eq!(emitted, import("messages.csv", text.as_bytes()));
    let shorter = import("messages.csv", format!("{MESSAGES}{row}").as_bytes());
    assert!(keys.contains(interactions(&shorter)[0].0));
}

#[test]
fn loose_files_of_one_export_make_one_bundle() {
    let connections = format!("{CONNECTIONS}Ana,Silva,{ANA},,,,07 Jun 2026\n");
    let messages = format!("{MESSAGES}c1,,Ana Silva,{ANA},Bo Ek,{BO},2026-06-07 10:00:00 UTC,,hi,INBOX\n");
    let profile = "First Name,Last Name,Maiden Name,Address,Birth Date,Headline,Summary,Industry\nBo,Ek,,,,Sailor,,\n";
    let addresses = "Email Address,Confirmed,Primary,Updated On\nbo@example.com,Yes,Yes,1/1/26\n";
    let emitted = run::<CsvImporter>(&[
        ("Connections.csv", connections.as_bytes()),
        ("messages.csv", messages.as_bytes()),
        ("Profile.csv", profile.as_bytes()),
        ("Email Addresses.csv", addresses.as_bytes()),
    ]);
    assert_eq!(emitted.last(), Some(&Emitted::End));
    let owners: Vec<&Card> = cards(&emitted).into_iter().filter(|card| card.owner).collect();
    assert_eq!((cards(&emitted).len(), interactions(&emitted).len(), owners.len()), (2, 1, 1));
    assert_eq!(owners[0].emails[0].address, "bo@example.com");
    assert_eq!(owners[0].online_services[0].uri.as_deref(), Some(BO));
    let entries: BTreeSet<u32> = emitted
        .iter()
        .filter_map(|e| if let Emitted::Record { place, .. } = e { Some(place.entry) } else { None })
        .collect();
    assert_eq!(entries.into_iter().collect::<Vec<_>>(), [0, 1, 2]);
}

/// What is said of messages whose owner stays unknown.
fn unknown_owner(emitted: &[Emitted]) -> Vec<&str> {
    let said = emitted.iter().filter_map(|e| if let Emitted::Diagnostic(d) = e { Some(d) } else { None });
    said.filter(|d| d.consequence.contains("which are yours")).map(|d| d.problem.as_str()).collect()
}

#[test]
fn messages_without_an_owner_say_so_and_invitations_that_tell_are_enough() {
    let messages = format!("{MESSAGES}c1,,Ana Silva,{ANA},Bo Ek,{BO},2026-06-07 10:00:00 UTC,,hi,INBOX\n");
    let profile = "First Name,Last Name,Maiden Name,Address,Birth Date,Headline,Summary,Industry\nCy,Roe,,,,Sailor,,\n";
    let invitations = format!(
        "From,To,Sent At,Message,Direction,inviterProfileUrl,inviteeProfileUrl\nBo Ek,Ana Silva,\"6/7/26, 8:00 AM\",,OUTGOING,{BO},{ANA}\n"
    );
    let messages = ("messages.csv", messages.as_bytes());
    let profile = ("Profile.csv", profile.as_bytes());
    let invitations = ("Invitations.csv", invitations.as_bytes());
    assert_eq!(
        unknown_owner(&run::<CsvImporter>(&[messages])),
        ["nothing here says which of the people in the messages you are"]
    );
    let emitted = run::<CsvImporter>(&[messages, profile]);
    assert_eq!(unknown_owner(&emitted), ["nobody in the messages goes under the name of your profile"]);
    assert!(cards(&emitted)[0].owner && cards(&emitted)[0].online_services.is_empty());
    for files in [&[messages, invitations][..], &[invitations, profile, messages]] {
        assert_eq!(unknown_owner(&run::<CsvImporter>(files)), Vec::<&str>::new());
    }
}

#[test]
fn contact_lists_of_many_languages_are_known_by_their_columns() {
    let mut wrong = Vec::new();
    for header in [
        "First Name,Last Name,E-mail Address,Mobile Phone",
        "Vorname,Nachname,E-Mail-Adresse,Mobiltelefon",
        "Prénom,Nom,Adresse de messagerie,Tél. mobile",
        "Nombre,Apellidos,Dirección de correo electrónico,Teléfono móvil",
        "Nome,Cognome,Indirizzo posta elettronica,Cellulare",
        "Nome,Sobrenome,Endereço de email,Celular",
        "Imię,Nazwisko,Adres e-mail,Telefon komórkowy",
        "Имя,Фамилия,Адрес электронной почты,Мобильный телефон",
        "Etunimi,Sukunimi,Sähköpostiosoite,Matkapuhelin",
        "Meno,Priezvisko,E-mailová adresa,Mobilný telefón",
        "Voornaam,Achternaam,E-mailadres,Mobiele telefoon",
        "名,姓,电子邮件地址,移动电话",
    ] {
        let text = format!("{header}\nAna,Silva,ana@example.com,+351 912 345 678\n");
        let emitted = import("book.csv", text.as_bytes());
        let card = cards(&emitted)[0];
        let found = (card.name.components.len(), card.emails.len(), card.phones.len(), card.extra.len());
        if found != (2, 1, 1, 0) {
            wrong.push((header, card.extra.clone()));
        }
    }
    assert_eq!(wrong, []);
}

#[test]
fn columns_without_a_word_are_told_of_once_and_kept_on_each_card() {
    let text = "Name,Email,Shoe size\nAna Silva,ana@example.com,38\nBo Ek,bo@example.com,44\n";
    let emitted = import("book.csv", text.as_bytes());
    let told = |e: &&Emitted| matches!(e, Emitted::Diagnostic(d) if d.problem.contains("Shoe size → beside"));
    assert_eq!(emitted.iter().filter(told).count(), 1);
    let sizes: Vec<_> = cards(&emitted).iter().map(|card| card.extra["Shoe size"].as_str()).collect();
    assert_eq!(sizes, ["38", "44"]);
}

#[test]
fn a_quote_that_never_closes_costs_no_more_than_it_swallows() {
    let rows: String = (0..50).map(|n| format!("P{n},p{n}@example.com\n")).collect();
    let text = format!("Name,Email\n{rows}\"Bo Ek,bo@example.com\n{rows}");
    let emitted = run::<CsvImporter>(&[("book.csv", text.as_bytes())]);
    assert_eq!(cards(&emitted).len(), 50);
    assert!(matches!(emitted.last(), Some(Emitted::Truncated(_))));
}

#[test]
fn bytes_of_no_utf8_in_one_row_cost_nothing_else() {
    let mut text = format!("Name,Email\n{}", "Zoë Brandt,zoe@example.com\n".repeat(30)).into_bytes();
    text.extend_from_slice(b"Caf\xe9,cafe@example.com\nBo Ek,bo@example.com\n");
    let emitted = import("book.csv", &text);
    assert_eq!(cards(&emitted).len(), 32);
    assert_eq!(problems(&emitted).len(), 1);
}

#[test]
fn a_bundle_with_an_archive_and_a_loose_file_reads_both() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("Connections.csv", SimpleFileOptions::default()).unwrap();
    zip.write_all(format!("Notes:\r\n\"a, b\r\nc\"\r\n\r\n{CONNECTIONS}Ana,Silva,{ANA},,,,bad day\n").as_bytes())
        .unwrap();
    let zip = zip.finish().unwrap().into_inner();
    let emitted = run::<CsvImporter>(&[("export.zip", &zip), ("book.csv", b"Name,Email\nBo Ek,bo@example.com\n")]);
    assert_eq!(emitted.last(), Some(&Emitted::End));
    assert_eq!(cards(&emitted).len(), 2);
    assert!(
        problems(&emitted)[0].starts_with("export.zip/Connections.csv:6: Connected On: not a date"),
        "{:?}",
        problems(&emitted)
    );
}

#[test]
fn googles_joined_values_and_birthdays_without_year_are_taken_apart() {
    let text = "First Name,Last Name,Birthday,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Relation 1 - Label,Relation 1 - Value,Custom Field 1 - Label,Custom Field 1 - Value\n\
        Ana,Silva, --12-25,* myContacts ::: Friends,* Home,ana@example.com ::: a.silva@example.com,Mobile,+351 912 345 678,Spouse,Bo Ek,Boat,Gull\n";
    let emitted = import("contacts.csv", text.as_bytes());
    let card = cards(&emitted)[0];
    assert_eq!((card.emails.len(), card.keywords.len(), card.related_to.len()), (2, 2, 1), "{card:?}");
    assert_eq!(card.anniversaries[0].date.to_string(), "--12-25");
    assert_eq!(card.extra.get("Boat").map(String::as_str), Some("Gull"));
    assert_eq!(problems(&emitted), [] as [String; 0]);
}

#[track_caller]
fn check_twice_meant(header: &str, row: &str, extra: &[(&str, &str)]) -> Card {
    let emitted = import("book.csv", format!("{header}\n{row}\n").as_bytes());
    let card = cards(&emitted).remove(0).clone();
    let found: Vec<_> = card.extra.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!((found.as_slice(), problems(&emitted).as_slice()), (extra, &[] as &[String]), "{header}");
    card
}

#[test]
fn of_two_columns_of_one_meaning_the_first_value_counts_and_another_is_kept_as_text() {
    let companies = "Name,Company,Organization,Email";
    let card = check_twice_meant(companies, "Ana,Acme,Quay Ltd,ana@example.com", &[("Organization", "Quay Ltd")]);
    assert_eq!(card.organizations[0].name, "Acme");
    let card = check_twice_meant(companies, "Ana,,Quay Ltd,ana@example.com", &[]);
    assert_eq!(card.organizations[0].name, "Quay Ltd");
    check_twice_meant(companies, "Ana,Acme,Acme,ana@example.com", &[]);
    let names = "Full Name,Display Name,Email";
    let card = check_twice_meant(names, "Ana Silva,Nita,ana@example.com", &[("Display Name", "Nita")]);
    assert_eq!(card.name.full.as_deref(), Some("Ana Silva"));
    let card = check_twice_meant("Name,Email,City,Town", "Ana,ana@example.com,Porto,Gaia", &[("Town", "Gaia")]);
    assert_eq!(card.addresses[0].locality.as_deref(), Some("Porto"));
}

#[test]
fn a_birthday_in_parts_that_is_no_day_is_told_of_and_kept_as_text() {
    let text = "Name,Email,Birth Year,Birth Month,Birth Day\nAna,ana@example.com,1980,13,5\nBo,bo@example.com,0,9,7\n";
    let emitted = import("book.csv", text.as_bytes());
    let expected = "book.csv:2: Birth Year, Birth Month, Birth Day: not a date: \"1980, 13, 5\" \
        (kept as text, the rest of the card as it is)";
    assert_eq!(problems(&emitted), [expected]);
    let (ana, bo) = (cards(&emitted)[0], cards(&emitted)[1]);
    assert_eq!((ana.anniversaries.len(), ana.extra["Birth Month"].as_str(), ana.extra.len()), (0, "13", 3));
    assert_eq!((bo.anniversaries[0].date.to_string().as_str(), bo.extra.len()), ("--09-07", 0));
}

#[test]
fn a_page_is_a_profile_at_linkedin_only_where_it_lies_there() {
    let text = "Name,Email,Website\nAna,ana@example.com,https://de.linkedin.com/in/ana-silva\nBo,bo@example.com,https://evil.example/linkedin.com/in/bo-ek\n";
    let emitted = import("book.csv", text.as_bytes());
    let found: Vec<_> = cards(&emitted).iter().map(|card| (card.online_services.len(), card.links.len())).collect();
    assert_eq!(found, [(1, 0), (0, 1)]);
}

#[test]
fn connections_that_are_cut_within_their_last_row_are_not_all_there_are() {
    let rows =
        format!("{CONNECTIONS}Ana,Silva,{ANA},,Acme,CTO,07 Jun 2026\nBo,Ek,{BO},,Nordlys,Engineer,05 Jan 2024\n");
    let is_complete = |text: &str| {
        let emitted = import("Connections.csv", text.as_bytes());
        let part = emitted.iter().rev().find_map(|e| if let Emitted::Part(part) = e { Some(part) } else { None });
        part.map(|part| part.completeness) == Some(Completeness::Complete)
    };
    assert!(is_complete(&rows));
    assert!(is_complete(rows.trim_end()));
    for cut in ["Bo", "Bo,Ek", "Bo,Ek,https://www.linkedin.com/in/b", "Nordlys,Engineer,", "Nordlys,Engineer,05 J"] {
        let end = rows.find(cut).unwrap() + cut.len();
        assert!(!is_complete(&rows[..end]), "{cut}");
    }
}
