//! What becomes of the cards and calendars that are attached to messages: cards and meetings, the newest version of each.

use std::io::{Read, Seek};

use jiff::Timestamp;
use kith_formats::calendar::{self, Meetings};
use kith_formats::newest::{Added, Held, Newest};
use kith_formats::vcard;
use kith_plugin::diagnostic::Diagnostic;
use kith_plugin::emit::{Part as Collection, Place};
use kith_plugin::record::{BulkClass, Record};
use kith_plugin::{Output, Stop};

use crate::content::{Content, Kind};
use crate::parts::{Part, Parts};
use crate::say;
use crate::window::Window;

/// What is attached to the messages of a job.
#[derive(Debug, Default)]
pub(crate) struct Attached {
    meetings: Meetings,
    /// Of the cards of a UID that counts which is attached to the message that was sent last.
    cards: Newest<Option<Timestamp>>,
}

/// A message that something may be attached to.
#[derive(Debug)]
pub(crate) struct Carrier<'a> {
    pub(crate) path: &'a str,
    pub(crate) place: Place,
    pub(crate) content: Content,
    pub(crate) at: Option<Timestamp>,
    /// A person wrote it: cards count, too.
    pub(crate) personal: bool,
}

impl<'a> Carrier<'a> {
    /// Returns the message of a record as a carrier, if it may carry what counts.
    ///
    /// Programs send invitations in people's names, so what a program sent may be one; a list, bulk mail and spam may not.
    pub(crate) fn of(path: &'a str, place: Place, content: Content, record: &Record) -> Option<Self> {
        let (at, personal) = match record {
            Record::Interaction(mail) => (mail.at, true),
            Record::Bulk(bulk) if bulk.class == BulkClass::Automatic => (bulk.at, false),
            Record::Bulk(_) | Record::Card(_) => return None,
        };
        content.may_hold_files().then_some(Self { path, place, content, at, personal })
    }
}

fn cards() -> Collection {
    Collection { collection: "cards".to_owned(), ..messages() }
}

/// That of calendars: what lies in a mailbox and in a calendar is one meeting.
fn meetings() -> Collection {
    Collection { source: "calendar".to_owned(), collection: "meetings".to_owned(), ..Collection::default() }
}

/// The collection of messages.
pub(crate) fn messages() -> Collection {
    Collection { source: "mail".to_owned(), collection: "messages".to_owned(), ..Collection::default() }
}

impl Attached {
    /// Emits what was attached to the messages: now no newer version can follow.
    pub(crate) fn finish(&mut self, out: &mut Output<'_>) -> Result<(), Stop> {
        if !self.cards.is_empty() {
            out.part(&cards())?;
            self.cards.drain().try_for_each(|held| emit(&held, out))?;
        }
        if self.meetings.is_empty() {
            return Ok(());
        }
        out.part(&meetings())?;
        self.meetings
            .finish(&mut |item| if let calendar::Item::Record(held) = item { emit(&held, out) } else { Ok(()) })
    }

    /// Looks at what is attached to a message whose body begins where the window stands, and ends at the offset `end`.
    pub(crate) fn look<R: Read + Seek>(
        &mut self,
        mut carrier: Carrier<'_>,
        (window, end): (&mut Window<R>, u64),
        out: &mut Output<'_>,
    ) -> Result<(), Stop> {
        let mut parts = Parts::of(window, end, core::mem::take(&mut carrier.content));
        let mut seen = Vec::new();
        let mut is_elsewhere = false;
        while let Some(part) = parts.next()? {
            let (kind, bytes) = match part {
                Part::Whole(kind, bytes) => (kind, bytes),
                Part::Refused(reason) => {
                    carrier.say(Diagnostic::refused(reason, "card or calendar left out"), out)?;
                    continue;
                }
                Part::Beyond(reason) => {
                    carrier.say(Diagnostic::kept(reason, "message kept, and what is attached before"), out)?;
                    continue;
                }
            };
            // An invitation is attached as a file, too.
            let hash = blake3::hash(bytes.trim_ascii());
            if seen.contains(&hash) || (kind == Kind::Card && !carrier.personal) {
                continue;
            }
            seen.push(hash);
            is_elsewhere = true;
            if kind == Kind::Card {
                self.cards(&carrier, &bytes, out)?;
            } else {
                self.meetings(&carrier, &bytes, out)?;
            }
        }
        if is_elsewhere { out.part(&messages()) } else { Ok(()) }
    }

    fn cards(&mut self, carrier: &Carrier<'_>, bytes: &[u8], out: &mut Output<'_>) -> Result<(), Stop> {
        out.part(&cards())?;
        let newest = &mut self.cards;
        let read = vcard::read(bytes, &mut |item| match item {
            vcard::Item::Told(told) => carrier.say(attached("card", told), out),
            vcard::Item::Card { mut card, photo, .. } => {
                card.photo = photo.map(|photo| out.photo(&photo)).transpose()?;
                let held = Held { place: carrier.place, key: card.uid.clone(), record: Record::Card(card) };
                if newest.add(carrier.at, held) == Added::TooLate {
                    let told = Diagnostic::refused("a newer version, too far behind the older", "the older kept");
                    carrier.say(attached("card", told), out)?;
                }
                if newest.is_full() { newest.drain().try_for_each(|held| emit(&held, out)) } else { Ok(()) }
            }
        })?;
        if read.cards == 0 {
            carrier.say(Diagnostic::refused("no vCard in what is attached as one", "left out"), out)?;
        }
        Ok(())
    }

    fn meetings(&mut self, carrier: &Carrier<'_>, bytes: &[u8], out: &mut Output<'_>) -> Result<(), Stop> {
        out.part(&meetings())?;
        let end = self.meetings.read(bytes, |_, _| carrier.place, &mut |item| match item {
            calendar::Item::Told(told) => carrier.say(attached("calendar", told), out),
            // Of the message itself there is a record.
            calendar::Item::Counted(_) => Ok(()),
            calendar::Item::Record(held) => emit(&held, out),
        })?;
        match end {
            calendar::End::Whole => Ok(()),
            calendar::End::Cut(reason) => {
                carrier.say(attached("calendar", Diagnostic::kept(reason, "what stands before is kept")), out)
            }
            calendar::End::None => {
                carrier.say(Diagnostic::refused("no calendar in what is attached as one", "left out"), out)
            }
        }
    }
}

fn emit(held: &Held, out: &mut Output<'_>) -> Result<(), Stop> {
    out.record(held.place, held.key.as_deref(), &held.record)
}

impl Carrier<'_> {
    fn say(&self, diagnostic: Diagnostic, out: &mut Output<'_>) -> Result<(), Stop> {
        say(out, self.path, diagnostic.at_line(self.place.line))
    }
}

/// Says of a diagnostic in which of a message's parts it is, and where there.
fn attached(what: &str, diagnostic: Diagnostic) -> Diagnostic {
    let line = diagnostic.line.map(|line| format!(", line {line}")).unwrap_or_default();
    let problem = format!("attached {what}{line}: {}", diagnostic.problem);
    Diagnostic { problem, ..diagnostic }
}
