//! How sure the importer is of a file, by its beginning.

use kith_plugin::column::Maps;

use crate::layout::{self, Kind};
use crate::origin;
use crate::sheet;

/// Names of members that tell a LinkedIn archive, folded: case, spaces, underscores and numbers differ between exports.
const LINKEDIN_MEMBERS: &[&str] = &[
    "connectionscsv",
    "messagescsv",
    "invitationscsv",
    "adtargetingcsv",
    "emailaddressescsv",
    "companyfollowscsv",
    "endorsementgiveninfocsv",
    "endorsementreceivedinfocsv",
    "registrationcsv",
    "richmediacsv",
];

/// Returns how sure it is, 0 to 100.
pub(crate) fn probe(names: &[&str], head: &[u8]) -> u8 {
    let named = |endings: &[&str]| {
        names.iter().any(|name| endings.iter().any(|ending| name.to_ascii_lowercase().ends_with(ending)))
    };
    if origin::is_zip(head) {
        return archive(head, named(&[".zip"]));
    }
    let text = origin::text_of_head(head).map(|(_, text)| text).filter(|text| !is_of_others(text));
    match text.and_then(|text| sheet::recognise(&text, &Maps::default())) {
        Some(sheet) => match sheet.kind {
            Kind::AddressBook => 90,
            Kind::Contacts => 70,
            Kind::Connections
            | Kind::Profile
            | Kind::EmailAddresses
            | Kind::Invitations
            | Kind::Messages
            | Kind::EndorsementsReceived
            | Kind::EndorsementsGiven
            | Kind::Recommendations
            | Kind::Notes
            | Kind::ImportedContacts => 95,
        },
        // A table of something else is ours to explain.
        None if named(&[".csv", ".tsv"]) => 10,
        None => 0,
    }
}

/// A vCard or a mail may quote a table, and is none.
fn is_of_others(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let (first, second) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let is_folded = |line: &str| line.starts_with([' ', '\t']);
    let begins = is_header_field(first) || first.starts_with("From ");
    first.trim().eq_ignore_ascii_case("begin:vcard") || (begins && (is_header_field(second) || is_folded(second)))
}

/// `Subject: Hi` (RFC 5322 §2.2); LinkedIn's `Notes:` has nothing behind it.
fn is_header_field(line: &str) -> bool {
    let Some((name, value)) = line.split_once(':') else { return false };
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    is_name && value.starts_with([' ', '\t']) && !value.trim().is_empty()
}

fn archive(head: &[u8], is_named: bool) -> u8 {
    let mut any_table = false;
    for name in member_names(head) {
        let base = name.rsplit('/').next().unwrap_or_default();
        let folded: String = layout::fold(base).chars().filter(|c| !c.is_ascii_digit()).collect();
        if LINKEDIN_MEMBERS.contains(&folded.as_str()) {
            return 95;
        }
        any_table |= folded.ends_with("csv");
    }
    match (any_table, is_named) {
        (true, _) => 60,
        (false, true) => 10,
        (false, false) => 0,
    }
}

/// Returns the names of the members that begin in the head of an archive (APPNOTE 4.3.7).
fn member_names(head: &[u8]) -> impl Iterator<Item = String> {
    memchr::memmem::find_iter(head, b"PK\x03\x04").filter_map(|at| {
        let header = head.get(at..)?;
        let length = header.get(26..28)?;
        let length = usize::from(u16::from_le_bytes([*length.first()?, *length.get(1)?]));
        Some(String::from_utf8_lossy(header.get(30..30 + length)?).into_owned())
    })
}
