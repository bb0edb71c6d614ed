//! Files in the encodings of their time and place, labelled and not.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail as tests do")]

use encoding_rs::Encoding;
use kith_plugin::record::Record;
use kith_plugin::testing::{Emitted, run};
use kith_vcard::VcardImporter;

/// Returns the name of the only card, and what was said.
fn read(bytes: &[u8]) -> (String, Vec<String>) {
    let emitted = run::<VcardImporter>(&[("a.vcf", bytes)]);
    let mut names = Vec::new();
    let mut said = Vec::new();
    for item in &emitted {
        if let Emitted::Record { record: Record::Card(card), .. } = item {
            names.push(card.name.full.clone().unwrap());
        } else if let Emitted::Diagnostic(diagnostic) = item {
            said.push(diagnostic.to_string());
        }
    }
    let [name] = names.as_slice() else { panic!("{emitted:?}") };
    (name.clone(), said)
}

fn encoded(label: &str, text: &str) -> Vec<u8> {
    let (bytes, _, unmappable) = Encoding::for_label(label.as_bytes()).unwrap().encode(text);
    assert!(!unmappable);
    bytes.into_owned()
}

/// A card without a label is read as what its bytes look like, and that is said once.
#[track_caller]
fn check_guess(encoding: &str, name: &str, note: &str) {
    let text = format!("BEGIN:VCARD\r\nVERSION:2.1\r\nFN:{name}\r\nNOTE:{note}\r\nEND:VCARD\r\n");
    let (read_name, said) = read(&encoded(encoding, &text));
    assert_eq!(read_name, name);
    assert_eq!(said, [format!("a.vcf:3: neither UTF-8 nor labelled (decoded as {encoding})")]);
}

#[test]
fn the_code_page_of_a_file_without_labels_is_guessed_and_named() {
    check_guess("windows-1252", "Jürgen Großmann", "Nächste Woche für längere Zeit außer Haus");
    check_guess("windows-1250", "Jiří Dvořák", "Příští týden bude déle mimo kancelář, žádné schůzky");
    check_guess("windows-1251", "Ольга Петрова", "Познакомились на ярмарке, любит долгие прогулки");
    check_guess("windows-1253", "Γιώργος Παπαδόπουλος", "Γνωριστήκαμε στην έκθεση της Θεσσαλονίκης");
    check_guess("Shift_JIS", "表 ソノ子", "展示会でお会いしました。散歩がお好きだそうです");
    check_guess("GBK", "王小明", "我们在展览会上认识，他喜欢长时间散步");
    check_guess("Big5", "王小明", "我們在展覽會上認識，他喜歡長時間散步");
    check_guess("EUC-KR", "김민수", "박람회에서 만났고 긴 산책을 좋아합니다");
}

#[test]
fn a_label_is_believed_line_by_line() {
    for (label, name) in
        [("SHIFT_JIS", "表 能"), ("windows-1250", "Łukasz"), ("KOI8-R", "Ольга"), ("ISO-8859-15", "Zoë €")]
    {
        let text = format!("BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET={label}:{name}\nEND:VCARD\n");
        assert_eq!(read(&encoded(label, &text)), (name.to_owned(), Vec::new()), "{label}");
        let quoted: String = encoded(label, name).iter().map(|byte| format!("={byte:02X}")).collect();
        let head = format!("BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET={label};ENCODING=QUOTED-PRINTABLE:");
        let text = format!("{head}{quoted}\nEND:VCARD\n");
        assert_eq!(read(text.as_bytes()), (name.to_owned(), Vec::new()), "{label}");
    }
}

#[test]
fn a_fold_within_a_character_parts_nothing() {
    let bytes = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Zoë 🦊 Zimmer\r\nEND:VCARD\r\n".as_bytes();
    let from = bytes.iter().position(|byte| *byte == 0xc3).unwrap();
    for at in from..from + 10 {
        let (head, tail) = bytes.split_at(at);
        assert_eq!(read(&[head, b"\r\n ", tail].concat()).0, "Zoë 🦊 Zimmer", "{at}");
    }
}

#[test]
fn utf_16_is_read_in_either_order_with_and_without_a_mark() {
    let text = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Zoë 🦊\r\nEND:VCARD\r\n";
    for mark in ["\u{feff}", ""] {
        let units = || mark.encode_utf16().chain(text.encode_utf16());
        let little: Vec<u8> = units().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = units().flat_map(u16::to_be_bytes).collect();
        assert_eq!(read(&little), ("Zoë 🦊".to_owned(), Vec::new()));
        assert_eq!(read(&big), ("Zoë 🦊".to_owned(), Vec::new()));
    }
}
