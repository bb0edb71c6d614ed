//! Invitations.csv: an invitation a row.

use std::io::Read;

use jiff::Timestamp;
use kith_plugin::Stop;
use kith_plugin::diagnostic::Diagnostic;
use kith_plugin::emit::Completeness;
use kith_plugin::interaction::{Direction, Interaction, InteractionKind, Role};
use kith_plugin::record::Record;

use super::name::folded;
use super::ordinal::Ordinals;
use super::{Whose, closing, part, participant, report_unknown, report_width};
use crate::date;
use crate::desk::Desk;
use crate::layout::{Columns, Invitation};
use crate::sheet::Sheet;
use crate::table::{Next, Table};

const COLLECTION: &str = "invitations";

/// Reads the invitations to their end. Returns how it ended.
pub(super) fn import<R: Read>(
    sheet: &Sheet,
    table: &mut Table<R>,
    desk: &mut Desk<'_, '_>,
    whose: &mut Whose,
) -> Result<Next, Stop> {
    let columns = Columns::new(sheet.kind.layout(), &sheet.header);
    report_unknown(table, sheet, columns.unknown(), desk)?;
    desk.part(&part(COLLECTION))?;
    let (mut newest, mut empty, mut ordinals) = (None, 0, Ordinals::default());
    let end = loop {
        match table.next()? {
            Next::Row => newest = newest.max(row(&columns, table, desk, (whose, &mut ordinals))?),
            Next::Empty => empty += 1,
            end @ (Next::Open | Next::End) => break end,
        }
    };
    desk.part(&closing(COLLECTION, newest, Completeness::Additive))?;
    desk.tally("empty row", empty)?;
    Ok(end)
}

fn row<R: Read>(
    columns: &Columns,
    table: &Table<R>,
    desk: &mut Desk<'_, '_>,
    (whose, ordinals): (&mut Whose, &mut Ordinals),
) -> Result<Option<Timestamp>, Stop> {
    let value = |column: Invitation| table.value(columns.get(column as usize));
    let place = table.place();
    report_width(table, desk)?;
    let inviter = participant(Role::From, value(Invitation::From), value(Invitation::InviterUrl));
    let invitee = participant(Role::To, value(Invitation::To), value(Invitation::InviteeUrl));
    if inviter.is_none() && invitee.is_none() {
        let values: Vec<&str> = table.values().collect();
        let diagnostic = Diagnostic::refused("neither inviter nor invitee", "row left out");
        desk.say(diagnostic.at_line(place.line).with_value(&values.join(",")))?;
        return Ok(None);
    }
    let say = |property: &str, problem: &str, consequence: &str, value: &str| {
        Diagnostic::kept(problem, consequence).at_line(place.line).in_property(property).with_value(value)
    };
    let sent_at = value(Invitation::SentAt);
    let at = match date::instant(sent_at) {
        Ok(at) => Some(at),
        Err(problem) => {
            desk.say(say("Sent At", &problem.to_string(), "invitation kept without its time", sent_at))?;
            None
        }
    };
    let direction = match value(Invitation::Direction) {
        word if word.eq_ignore_ascii_case("outgoing") => Some(Direction::Outgoing),
        word if word.eq_ignore_ascii_case("incoming") => Some(Direction::Incoming),
        word => {
            desk.say(say("Direction", "neither INCOMING nor OUTGOING", "invitation kept without it", word))?;
            None
        }
    };
    match direction {
        Some(Direction::Outgoing) => whose.invitation(inviter.as_ref()),
        Some(Direction::Incoming) => whose.invitation(invitee.as_ref()),
        Some(Direction::Unknown) | None => {}
    }
    let message = value(Invitation::Message);
    let interaction = Interaction {
        kind: InteractionKind::Invitation,
        at,
        participants: inviter.into_iter().chain(invitee).collect(),
        thread: None,
        answers: None,
        subject: None,
        size: None,
        text: (!message.is_empty()).then(|| message.to_owned()),
        direction,
        answered: false,
        promises: Vec::new(),
        on: None,
        recurs: false,
    };
    let other = if direction == Some(Direction::Outgoing) { Invitation::To } else { Invitation::From };
    let mut key = key(value(Invitation::Direction), at, sent_at, value(other));
    ordinals.number(&mut key);
    desk.record(place, Some(&key), &Record::Interaction(Box::new(interaction)))?;
    Ok(at)
}

/// By what it is the same one in the next export: older ones have no profiles and no seconds, and surnames change with the
/// degrees behind them; the minute and the other's first name stay.
fn key(direction: &str, at: Option<Timestamp>, written: &str, other: &str) -> String {
    let minute = at.map_or_else(|| folded(written), |at| at.strftime("%Y-%m-%dT%H:%MZ").to_string());
    let first = other.split_whitespace().next().unwrap_or_default();
    [&folded(direction), &*minute, &folded(first)].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation_is_the_same_one_in_the_next_export() {
        let at = |text: &str| date::instant(text).ok();
        let early = key("INCOMING", at("6/7/26, 9:05 AM"), "", "Ana Silva");
        assert_eq!(early, key("incoming", at("2026-06-07 09:05:31 UTC"), "", "Ana Silva, PhD"));
        assert_ne!(early, key("OUTGOING", at("6/7/26, 9:05 AM"), "", "Ana Silva"));
        assert_ne!(early, key("INCOMING", at("6/7/26, 9:06 AM"), "", "Ana Silva"));
        assert_ne!(early, key("INCOMING", at("6/7/26, 9:05 AM"), "", "Bo Ek"));
        assert_eq!(key("INCOMING", None, "soon", "Bo"), "incoming\nsoon\nbo");
    }
}
