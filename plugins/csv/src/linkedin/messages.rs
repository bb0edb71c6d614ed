//! messages.csv, and the tables of the same columns: a message a row.

use std::io::Read;

use jiff::Timestamp;
use kith_plugin::Stop;
use kith_plugin::diagnostic::Diagnostic;
use kith_plugin::emit::Completeness;
use kith_plugin::interaction::{Interaction, InteractionKind, Participant, Role};
use kith_plugin::record::{Bulk, BulkClass, Record};

use super::ordinal::Ordinals;
use super::{Whose, closing, part, participant, report_unknown, report_width};
use crate::date;
use crate::desk::Desk;
use crate::layout::{Columns, Message};
use crate::sheet::Sheet;
use crate::table::{Next, Table};

const COLLECTION: &str = "messages";

/// How the text of a sponsored message begins.
const SPONSORED: &str = "<p class=\"spinmail-quill-editor__spin-break\">";

/// Known, and not kept: files cannot be fetched.
const ATTACHMENTS: &str = "attachments";

/// Reads the messages to their end. Returns how it ended.
pub(super) fn import<R: Read>(
    sheet: &Sheet,
    table: &mut Table<R>,
    desk: &mut Desk<'_, '_>,
    whose: &mut Whose,
) -> Result<Next, Stop> {
    let columns = Columns::new(sheet.kind.layout(), &sheet.header);
    let is_attachments =
        |index: &usize| sheet.header.get(*index).is_some_and(|name| crate::layout::fold(name) == ATTACHMENTS);
    let unknown: Vec<usize> = columns.unknown().iter().copied().filter(|index| !is_attachments(index)).collect();
    report_unknown(table, sheet, &unknown, desk)?;
    desk.part(&part(COLLECTION))?;
    let mut import =
        Import { columns, ordinals: Ordinals::default(), key: String::new(), newest: None, drafts: 0, empty: 0 };
    let end = loop {
        match table.next()? {
            Next::Row => import.row(table, desk, whose)?,
            Next::Empty => import.empty += 1,
            end @ (Next::Open | Next::End) => break end,
        }
    };
    desk.part(&closing(COLLECTION, import.newest, Completeness::Additive))?;
    desk.tally("draft", import.drafts)?;
    desk.tally("empty row", import.empty)?;
    Ok(end)
}

struct Import {
    columns: Columns,
    ordinals: Ordinals,
    key: String,
    newest: Option<Timestamp>,
    drafts: u64,
    empty: u64,
}

impl Import {
    fn row<R: Read>(&mut self, table: &Table<R>, desk: &mut Desk<'_, '_>, whose: &mut Whose) -> Result<(), Stop> {
        let value = |column: Message| table.value(self.columns.get(column as usize));
        report_width(table, desk)?;
        if is_yes(value(Message::IsDraft)) || is_yes(value(Message::IsConversationDraft)) {
            self.drafts += 1;
            return Ok(());
        }
        let place = table.place();
        let at = match date::instant(value(Message::Date)) {
            Ok(at) => Some(at),
            Err(problem) => {
                let diagnostic = Diagnostic::kept(problem.to_string(), "message kept without its time");
                let diagnostic = diagnostic.in_property("DATE").with_value(value(Message::Date));
                desk.say(diagnostic.at_line(place.line))?;
                None
            }
        };
        let sender = value(Message::SenderUrl);
        let content = value(Message::Content);
        let record = if sender.is_empty() && content.starts_with(SPONSORED) {
            Record::Bulk(Bulk { class: BulkClass::Sponsored, at })
        } else if value(Message::Folder).eq_ignore_ascii_case("spam") {
            Record::Bulk(Bulk { class: BulkClass::Spam, at })
        } else if value(Message::From).is_empty() && sender.is_empty() && content.is_empty() {
            let values: Vec<&str> = table.values().collect();
            let diagnostic = Diagnostic::refused("neither sender nor text", "row left out");
            return desk.say(diagnostic.at_line(place.line).with_value(&values.join(",")));
        } else {
            let message = self.message(table, at);
            whose.message(&message);
            Record::Interaction(Box::new(message))
        };
        self.newest = self.newest.max(at);
        self.find_key(table, at);
        desk.record(place, Some(&self.key), &record)
    }

    fn message<R: Read>(&self, table: &Table<R>, at: Option<Timestamp>) -> Interaction {
        let value = |column: Message| table.value(self.columns.get(column as usize));
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let from = participant(Role::From, value(Message::From), value(Message::SenderUrl));
        let to = recipients(value(Message::To), value(Message::RecipientUrls));
        Interaction {
            kind: InteractionKind::Message,
            at,
            participants: from.into_iter().chain(to).collect(),
            thread: some(value(Message::Conversation)),
            answers: None,
            subject: some(value(Message::Subject)).or_else(|| some(value(Message::Title))),
            size: None,
            text: some(value(Message::Content)),
            direction: None,
            answered: false,
            promises: Vec::new(),
            on: None,
            recurs: false,
        }
    }

    /// Conversation and time; equal ones are numbered in their order. Who sent it is no part of the key: people leave LinkedIn,
    /// and change their profile's address.
    fn find_key<R: Read>(&mut self, table: &Table<R>, at: Option<Timestamp>) {
        let value = |column: Message| table.value(self.columns.get(column as usize));
        let at = at.map_or_else(|| value(Message::Date).to_owned(), |at| at.to_string());
        self.key.clear();
        self.key.extend([value(Message::Conversation), "\n", &at]);
        self.ordinals.number(&mut self.key);
    }
}

fn is_yes(flag: &str) -> bool {
    ["yes", "true", "1"].iter().any(|yes| yes.eq_ignore_ascii_case(flag))
}

/// Names are joined by `, ` though one may hold that; addresses by `,`. Only where there are as many of both they belong together.
fn recipients(names: &str, urls: &str) -> Vec<Participant> {
    let urls: Vec<&str> = urls.split(',').map(str::trim).filter(|url| !url.is_empty()).collect();
    let whole = names;
    let names: Vec<&str> = names.split(", ").map(str::trim).collect();
    let to = |(name, url): (&str, &str)| participant(Role::To, name, url);
    match urls.as_slice() {
        [] => to((whole, "")).into_iter().collect(),
        [url] => to((whole, url)).into_iter().collect(),
        urls if urls.len() == names.len() => names.into_iter().zip(urls.iter().copied()).filter_map(to).collect(),
        urls => urls.iter().filter_map(|url| to(("", url))).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(names: &str, urls: &str, expected: &[(Option<&str>, Option<&str>)]) {
        let found = recipients(names, urls);
        let found: Vec<_> = found.iter().map(|p| (p.name.as_deref(), p.profile.as_deref())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn names_and_addresses_are_paired_only_where_there_are_as_many() {
        check("Ana Silva", "a", &[(Some("Ana Silva"), Some("a"))]);
        check("Jo Smith, PhD", "j", &[(Some("Jo Smith, PhD"), Some("j"))]);
        check("Ana Silva, Bo Ek", "a,b", &[(Some("Ana Silva"), Some("a")), (Some("Bo Ek"), Some("b"))]);
        check("Ana Silva, Jo Smith, PhD", "a,j", &[(None, Some("a")), (None, Some("j"))]);
        check("Ana Silva", "", &[(Some("Ana Silva"), None)]);
        check("", "", &[]);
    }

    #[test]
    fn a_deleted_account_takes_part_unnamed() {
        check("LinkedIn Member", "", &[(None, None)]);
    }
}
