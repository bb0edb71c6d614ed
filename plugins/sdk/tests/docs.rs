//! The JSON that docs/PLUGINS.md shows is JSON that kith reads.

use kith_plugin::diagnostic::Diagnostic;
use kith_plugin::emit::{Completeness, Part};
use kith_plugin::record::Record;

#[test]
fn the_json_of_the_docs_reads_as_what_it_is_said_to_be() {
    let docs = include_str!("../../../docs/PLUGINS.md");
    let (_, rest) = docs.split_once("```json\n").expect("no JSON in the docs");
    let mut lines = rest.lines();
    let mut next = || lines.next().unwrap_or_default();
    let part: Part = serde_json::from_str(next()).unwrap();
    assert_eq!((part.completeness, part.snapshot.is_some()), (Completeness::Additive, true));
    let Record::Card(card) = serde_json::from_str(next()).unwrap() else { unreachable!("not a card") };
    assert_eq!((card.emails.len(), card.name.full.as_deref()), (1, Some("Ana Silva")));
    let Record::Interaction(interaction) = serde_json::from_str(next()).unwrap() else { unreachable!("not one") };
    assert_eq!((interaction.participants.len(), interaction.at.is_some()), (1, true));
    let diagnostic: Diagnostic = serde_json::from_str(next()).unwrap();
    assert_eq!(diagnostic.to_string(), r#"friends.names:4: BDAY: not a date: "1985-13-40" (card kept without it)"#);
}
