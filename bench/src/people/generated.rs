//! Reads what `kithgen.py dups` writes: `records.csv` with its truth, and the files that the records stand in.
//!
//! A LinkedIn row and a card are read by their importers from `Connections.csv` and `contacts.vcf`, which stand in the order
//! of `records.csv`; a mail's author is taken from `records.csv` itself. The folder must be as generated: `shuffle.py` loses
//! that order.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use kith_csv::CsvImporter;
use kith_formats::vcard::{self, Item};
use kith_plugin::testing::{Emitted, run};
use kith_proto::card::Card;
use kith_proto::interaction::{Participant, Role};
use kith_proto::record::Record as Imported;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{PeopleError, Record, RecordSet, Said, Trap, at, in_table, unlike};

/// A line of `records.csv`, as far as it is read.
#[derive(Debug, Deserialize)]
struct Row {
    record_id: String,
    source: String,
    display: String,
    emails: String,
}

/// A line of `truth.csv`, as far as it is read.
#[derive(Debug, Deserialize)]
struct Truth {
    record_id: String,
    entity_id: u32,
    variation: String,
}

/// A line of `traps.csv`.
#[derive(Debug, Deserialize)]
struct Pair {
    record_a: String,
    record_b: String,
    kind: String,
}

/// Reads a folder that `kithgen.py dups` wrote.
///
/// # Errors
/// When a file is missing, or the files do not belong together.
pub fn load(folder: &Path) -> Result<RecordSet, PeopleError> {
    let table = folder.join("records.csv");
    let rows: Vec<Row> = read_table(&table)?;
    let truth: BTreeMap<String, Truth> =
        read_table(&folder.join("truth.csv"))?.into_iter().map(|line: Truth| (line.record_id.clone(), line)).collect();
    let mut connections = connections(&folder.join("Connections.csv"))?.into_iter();
    let mut cards = cards(&folder.join("contacts.vcf"))?.into_iter();
    let mut records = Vec::with_capacity(rows.len());
    for row in rows {
        let missing = || unlike(&table, format!("record {} is missing in the other files", row.record_id));
        let said = match row.source.as_str() {
            "linkedin" => Said::LinkedIn(Box::new(connections.next().ok_or_else(missing)?)),
            "vcard" => Said::Card(Box::new(keyed(cards.next().ok_or_else(missing)?, &row.record_id))),
            _ => Said::Mail(author(&row)),
        };
        let known = truth.get(&row.record_id).ok_or_else(missing)?;
        records.push(Record { id: row.record_id, person: known.entity_id, variation: known.variation.clone(), said });
    }
    if connections.next().is_some() || cards.next().is_some() {
        return Err(unlike(&table, "the other files hold more"));
    }
    let traps = traps(&folder.join("traps.csv"), &records)?;
    Ok(RecordSet { records, traps })
}

fn read_table<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, PeopleError> {
    let mut reader = csv::Reader::from_path(path).map_err(in_table(path))?;
    reader.deserialize().collect::<Result<_, _>>().map_err(in_table(path))
}

/// Returns the cards that the importer makes of a LinkedIn export, in order.
fn connections(path: &Path) -> Result<Vec<Card>, PeopleError> {
    let bytes = fs::read(path).map_err(at(path))?;
    let emitted = run::<CsvImporter>(&[("Connections.csv", &bytes)]);
    let cards = emitted.into_iter().filter_map(|emitted| match emitted {
        Emitted::Record { record: Imported::Card(card), .. } => Some(*card),
        Emitted::Record { .. }
        | Emitted::Part(_)
        | Emitted::Diagnostic(_)
        | Emitted::Tally { .. }
        | Emitted::Photo { .. }
        | Emitted::End
        | Emitted::Refused(_)
        | Emitted::Truncated(_) => None,
    });
    Ok(cards.collect())
}

/// Returns the cards of a vCard file, in order.
pub(super) fn cards(path: &Path) -> Result<Vec<Card>, PeopleError> {
    let bytes = fs::read(path).map_err(at(path))?;
    let mut cards = Vec::new();
    let read = vcard::read(bytes.as_slice(), &mut |item| {
        match item {
            Item::Card { card, .. } => cards.push(*card),
            Item::Told(_) => {}
        }
        Ok(())
    });
    read.map_err(|stop| unlike(path, format!("{stop:?}")))?;
    Ok(cards)
}

/// Gives a card without a UID the one that `shuffle.py` gives it.
fn keyed(mut card: Card, id: &str) -> Card {
    card.uid.get_or_insert_with(|| format!("urn:dup:{id}"));
    card
}

fn author(row: &Row) -> Participant {
    let name = Some(row.display.clone()).filter(|name| !name.is_empty());
    Participant { role: Role::From, name, email: Some(row.emails.clone()), profile: None }
}

fn traps(path: &Path, records: &[Record]) -> Result<Vec<Trap>, PeopleError> {
    let places: BTreeMap<&str, usize> =
        records.iter().zip(0..).map(|(record, place)| (record.id.as_str(), place)).collect();
    let place = |id: &str| places.get(id).copied().ok_or_else(|| unlike(path, format!("there is no record {id}")));
    let pairs: Vec<Pair> = read_table(path)?;
    let trap = |pair: Pair| Ok(Trap { records: (place(&pair.record_a)?, place(&pair.record_b)?), kind: pair.kind });
    pairs.into_iter().map(trap).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORDS: &str = "record_id,source,given,family,display,emails,phones,company,title,url,birthday,city\n\
        0,linkedin,Ana,\"Silva, PhD\",\"Ana Silva, PhD\",,,Acme,CTO,https://www.linkedin.com/in/ana-silva,,\n\
        1,vcard,Ana,Silva,Ana Silva,ana@example.com,+49 30 901820,,,,1985-04-12,\n\
        2,mail,Ana,,Ana,ana@example.com,,,,,,\n\
        3,mail,,,,bo@example.com,,,,,,\n";
    const TRUTH: &str =
        "record_id,entity_id,variation,reachable_group\n0,0,suffix,0\n1,0,exact,0\n2,0,exact,0\n3,1,nodisplay,3\n";
    const CONNECTIONS: &str = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n\
        Ana,\"Silva, PhD\",https://www.linkedin.com/in/ana-silva,,Acme,CTO,01 Jun 2020\n";
    const CARDS: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana Silva\r\nN:Silva;Ana;;;\r\nEMAIL:ana@example.com\r\n\
        BDAY:1985-04-12\r\nEND:VCARD\r\n";

    fn folder(records: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("records.csv", records),
            ("truth.csv", TRUTH),
            ("traps.csv", "record_a,record_b,kind\n2,3,shared-mailbox\n"),
            ("Connections.csv", CONNECTIONS),
            ("contacts.vcf", CARDS),
        ] {
            fs::write(folder.path().join(name), text).unwrap();
        }
        folder
    }

    #[test]
    fn records_are_what_the_importers_make_of_them() {
        let set = load(folder(RECORDS).path()).unwrap();
        let digests: Vec<_> = set.records.iter().map(|record| record.said.digest(None).unwrap()).collect();
        let names: Vec<_> = digests.iter().map(|digest| digest.name.as_str()).collect();
        assert_eq!(names, ["Ana Silva, PhD", "Ana Silva", "Ana", ""]);
        assert_eq!(set.records.iter().map(|record| record.person).collect::<Vec<_>>(), [0, 0, 0, 1]);
        let Said::Card(card) = &set.records[1].said else { panic!("not a card") };
        assert_eq!(card.uid.as_deref(), Some("urn:dup:1"));
        assert!(digests[1].birthday.is_some());
        assert_eq!(set.traps, [Trap { records: (2, 3), kind: "shared-mailbox".to_owned() }]);
    }

    #[test]
    fn files_that_do_not_belong_together_are_refused() {
        let more = RECORDS.replace("3,mail,", "3,vcard,");
        assert!(matches!(load(folder(&more).path()), Err(PeopleError::Unlike { .. })));
    }
}
