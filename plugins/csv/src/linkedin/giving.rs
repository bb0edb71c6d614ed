//! What people gave each other: endorsements of skills, and recommendations.
//!
//! LinkedIn writes given and received recommendations with the same columns, so which way they went only the file's name tells.

use std::collections::BTreeMap;
use std::io::Read;

use jiff::Timestamp;
use kith_plugin::Stop;
use kith_plugin::diagnostic::Diagnostic;
use kith_plugin::emit::Completeness;
use kith_plugin::interaction::{Direction, Interaction, InteractionKind, Participant, Role};
use kith_plugin::record::Record;

use super::name::folded;
use super::namesakes::Namesakes;
use super::ordinal::Ordinals;
use super::{closing, part, participant, report_unknown, report_width};
use crate::date;
use crate::desk::Desk;
use crate::layout::{self, Columns, Endorsement, Kind, Recommendation};
use crate::sheet::Sheet;
use crate::table::{Next, Table};

/// How many words for a status are told apart.
const STATUSES: usize = 8;

/// What a table is made of, whichever it is.
struct Import<'n> {
    columns: Columns,
    kind: InteractionKind,
    direction: Direction,
    namesakes: Option<&'n Namesakes>,
    ordinals: Ordinals,
    newest: Option<Timestamp>,
    /// Endorsements and recommendations that are not shown, by their status.
    not_shown: BTreeMap<String, u64>,
    empty: u64,
}

/// Reads the endorsements to their end. Returns how it ended.
pub(super) fn import_endorsements<R: Read>(
    sheet: &Sheet,
    table: &mut Table<R>,
    desk: &mut Desk<'_, '_>,
    namesakes: Option<&Namesakes>,
) -> Result<Next, Stop> {
    let direction = if sheet.kind == Kind::EndorsementsGiven { Direction::Outgoing } else { Direction::Incoming };
    Import::new(sheet, InteractionKind::Endorsement, direction, namesakes).all(sheet, table, desk)
}

/// Reads the recommendations to their end. Returns how it ended.
pub(super) fn import_recommendations<R: Read>(
    sheet: &Sheet,
    table: &mut Table<R>,
    desk: &mut Desk<'_, '_>,
    namesakes: Option<&Namesakes>,
) -> Result<Next, Stop> {
    let direction = direction_of(desk.path());
    if direction == Direction::Unknown {
        let problem = "the file's name says neither Given nor Received";
        desk.say(Diagnostic::kept(problem, "recommendations kept without saying whose they are"))?;
    }
    Import::new(sheet, InteractionKind::Recommendation, direction, namesakes).all(sheet, table, desk)
}

/// `Recommendations_Given.csv`, `Recommendations Received_34875879.csv`.
fn direction_of(path: &str) -> Direction {
    let name = layout::fold(path.rsplit('/').next().unwrap_or_default());
    match (name.contains("given"), name.contains("received")) {
        (true, false) => Direction::Outgoing,
        (false, true) => Direction::Incoming,
        (true, true) | (false, false) => Direction::Unknown,
    }
}

impl<'n> Import<'n> {
    fn new(sheet: &Sheet, kind: InteractionKind, direction: Direction, namesakes: Option<&'n Namesakes>) -> Self {
        let columns = Columns::new(sheet.kind.layout(), &sheet.header);
        Self {
            columns,
            kind,
            direction,
            namesakes,
            ordinals: Ordinals::default(),
            newest: None,
            not_shown: BTreeMap::new(),
            empty: 0,
        }
    }

    fn all<R: Read>(&mut self, sheet: &Sheet, table: &mut Table<R>, desk: &mut Desk<'_, '_>) -> Result<Next, Stop> {
        let is_endorsement = self.kind == InteractionKind::Endorsement;
        let collection = if is_endorsement { "endorsements" } else { "recommendations" };
        report_unknown(table, sheet, self.columns.unknown(), desk)?;
        desk.part(&part(collection))?;
        let end = loop {
            match table.next()? {
                Next::Row => {
                    report_width(table, desk)?;
                    if is_endorsement { self.endorsement(table, desk)? } else { self.recommendation(table, desk)? }
                }
                Next::Empty => self.empty += 1,
                end @ (Next::Open | Next::End) => break end,
            }
        };
        desk.part(&closing(collection, self.newest, Completeness::Additive))?;
        for (status, count) in &self.not_shown {
            desk.tally(&format!("{status} on LinkedIn"), *count)?;
        }
        desk.tally("empty row", self.empty)?;
        Ok(end)
    }

    fn endorsement<R: Read>(&mut self, table: &Table<R>, desk: &mut Desk<'_, '_>) -> Result<(), Stop> {
        let value = |column: Endorsement| table.value(self.columns.get(column as usize));
        let name = joined(value(Endorsement::Given), value(Endorsement::Surname));
        let Some(other) = self.other(&name, value(Endorsement::Url)) else { return nobody(table, desk) };
        let (skill, status) = (value(Endorsement::Skill), value(Endorsement::Status).to_owned());
        let at = instant(table, value(Endorsement::Date), ("Endorsement Date", "endorsement"), desk)?;
        let named = (value(Endorsement::Date), value(Endorsement::Given));
        let mut key = self.key(named, skill);
        let interaction = Interaction { subject: some(skill), ..self.interaction(at, other) };
        self.seen(at, &status);
        self.ordinals.number(&mut key);
        desk.record(table.place(), Some(&key), &Record::Interaction(Box::new(interaction)))
    }

    fn recommendation<R: Read>(&mut self, table: &Table<R>, desk: &mut Desk<'_, '_>) -> Result<(), Stop> {
        let value = |column: Recommendation| table.value(self.columns.get(column as usize));
        let name = joined(value(Recommendation::Given), value(Recommendation::Surname));
        let Some(other) = self.other(&name, "") else { return nobody(table, desk) };
        let status = value(Recommendation::Status).to_owned();
        let written = value(Recommendation::CreatedOn);
        let at = instant(table, written, ("Creation Date", "recommendation"), desk)?;
        let mut key = self.key((written, value(Recommendation::Given)), "");
        let at_the_time = [value(Recommendation::JobTitle), value(Recommendation::Company)];
        let subject = at_the_time.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ");
        let interaction = Interaction {
            subject: some(&subject),
            text: some(value(Recommendation::Text)),
            ..self.interaction(at, other)
        };
        self.seen(at, &status);
        self.ordinals.number(&mut key);
        desk.record(table.place(), Some(&key), &Record::Interaction(Box::new(interaction)))
    }

    /// By what it is the same one in the next export: older ones have no profiles, and surnames change with the degrees behind
    /// them; when it was written, and the first name, stay.
    fn key(&self, (at, given): (&str, &str), skill: &str) -> String {
        let way = match self.direction {
            Direction::Incoming => "received",
            Direction::Outgoing => "given",
            Direction::Unknown => "unknown",
        };
        [way, at, &folded(given), &folded(skill)].join("\n").trim_end().to_owned()
    }

    /// Returns the one on the other side, with the profile that the name tells where the table has none.
    fn other(&self, name: &str, url: &str) -> Option<Participant> {
        let role = if self.direction == Direction::Outgoing { Role::To } else { Role::From };
        let profile = match url {
            "" => self.namesakes.and_then(|namesakes| namesakes.profile(name)).unwrap_or_default(),
            url => url,
        };
        participant(role, name, profile)
    }

    fn interaction(&self, at: Option<Timestamp>, other: Participant) -> Interaction {
        Interaction {
            kind: self.kind,
            at,
            participants: vec![other],
            thread: None,
            answers: None,
            subject: None,
            size: None,
            text: None,
            direction: (self.direction != Direction::Unknown).then_some(self.direction),
            answered: false,
            promises: Vec::new(),
            on: None,
            recurs: false,
        }
    }

    fn seen(&mut self, at: Option<Timestamp>, status: &str) {
        self.newest = self.newest.max(at);
        if status.is_empty() || ["accepted", "visible"].iter().any(|shown| shown.eq_ignore_ascii_case(status)) {
            return;
        }
        let status = status.to_lowercase();
        // A handful of words; what else stands there is counted together.
        let is_known = self.not_shown.len() < STATUSES || self.not_shown.contains_key(&status);
        *self.not_shown.entry(if is_known { status } else { "other".to_owned() }).or_default() += 1;
    }
}

fn nobody<R: Read>(table: &Table<R>, desk: &mut Desk<'_, '_>) -> Result<(), Stop> {
    let values: Vec<&str> = table.values().collect();
    let diagnostic = Diagnostic::refused("neither name nor profile", "row left out");
    desk.say(diagnostic.at_line(table.place().line).with_value(&values.join(",")))
}

/// Reads the instant of a row; without one it is kept, which is said.
pub(super) fn instant<R: Read>(
    table: &Table<R>,
    text: &str,
    (property, what): (&str, &str),
    desk: &mut Desk<'_, '_>,
) -> Result<Option<Timestamp>, Stop> {
    match date::instant(text) {
        Ok(at) => Ok(Some(at)),
        Err(problem) => {
            let diagnostic = Diagnostic::kept(problem.to_string(), format!("{what} kept without its time"));
            desk.say(diagnostic.at_line(table.place().line).in_property(property).with_value(text))?;
            Ok(None)
        }
    }
}

fn joined(given: &str, surname: &str) -> String {
    [given, surname].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_name_says_which_way_a_recommendation_went() {
        assert_eq!(direction_of("export.zip/Recommendations_Given.csv"), Direction::Outgoing);
        assert_eq!(direction_of("given/Recommendations Received_3487.csv"), Direction::Incoming);
        assert_eq!(direction_of("recommendations.csv"), Direction::Unknown);
    }
}
