//! Writes cards as vCard 4.0 (RFC 6350), with the profiles of RFC 9554 and what Apple's programs read: item groups with labels.
//!
//! What kith's own importer reads of it is the same card again. Whose records are united in a card is `unite`; where the
//! photo lies is the daemon's affair. What vCard has no word for is written as `X-KITH-…`:
//!
//! | property | what |
//! |---|---|
//! | `X-KITH-HEADLINE` | what the person does, where titles and organisations in their order do not say it |
//! | `X-KITH-COLUMN;X-KITH-HEADER=…` | a column of a table without a word |
//! | `X-KITH-VERBATIM` | a property that cannot stand by itself, as one text |

pub(crate) mod line;
mod photo;
mod verbatim;

use std::collections::{BTreeMap, BTreeSet};

use kith_proto::card::{
    Address, Anniversary, AnniversaryKind, Card, CardKind, Context, Name, NameComponentKind, OnlineService, Relation,
};

use crate::uid::CardUid;
use crate::vcard::line::{Line, escape, push_folded};
use crate::vcard::photo::data_address;
use crate::vcard::verbatim::verbatim_line;

/// Says which program wrote the card. It has no version, so that the same person is the same card.
const PRODUCT: &str = "-//kith//kith//EN";

/// The relations that RFC 6350 §6.6.6 has words for.
const RELATIONS: [&str; 20] = [
    "acquaintance",
    "agent",
    "child",
    "co-resident",
    "co-worker",
    "colleague",
    "contact",
    "crush",
    "date",
    "emergency",
    "friend",
    "kin",
    "me",
    "met",
    "muse",
    "neighbor",
    "parent",
    "sibling",
    "spouse",
    "sweetheart",
];

/// The types of TEL (RFC 6350 §6.4.1, RFC 9555 §2.6.1) for JSContact's features.
const FEATURES: [(&str, &str); 8] = [
    ("mobile", "cell"),
    ("voice", "voice"),
    ("text", "text"),
    ("fax", "fax"),
    ("pager", "pager"),
    ("video", "video"),
    ("textphone", "textphone"),
    ("main-number", "main-number"),
];

/// Returns whether kith itself wrote the card, and no other program has written it anew since.
#[must_use]
pub fn is_own(card: &Card) -> bool {
    let written =
        card.v_card_props.iter().any(|prop| prop.name.eq_ignore_ascii_case("PRODID") && prop.value == PRODUCT);
    written && card.uid.as_deref().is_some_and(|uid| CardUid::parse(uid).is_some())
}

/// Returns the card as vCard 4.0, with the bytes of its photo where they are at hand.
#[must_use]
pub fn write_card(card: &Card, photo: Option<&[u8]>) -> String {
    let mut writer = Writer::new(card);
    writer.line("BEGIN:VCARD");
    writer.line("VERSION:4.0");
    writer.line(&Line::new("PRODID").written(PRODUCT));
    writer.identity(card);
    writer.name(&card.name);
    writer.work(card);
    writer.reach(card);
    writer.online(card);
    writer.days(&card.anniversaries);
    writer.texts(card);
    card.related_to.iter().for_each(|relation| writer.relation(relation));
    if let Some(bytes) = photo.filter(|bytes| !bytes.is_empty()) {
        writer.line(&Line::new("PHOTO").written(&data_address(bytes)));
    }
    for (header, value) in &card.extra {
        writer.line(&Line::new("X-KITH-COLUMN").with("X-KITH-HEADER", header).text(value));
    }
    writer.verbatim(card);
    writer.line("END:VCARD");
    writer.text
}

/// A card under way.
#[derive(Debug)]
struct Writer {
    text: String,
    /// The item groups in use.
    groups: BTreeSet<String>,
    next_group: usize,
}

impl Writer {
    fn new(card: &Card) -> Self {
        let groups = card.v_card_props.iter().filter_map(|prop| prop.group.as_ref());
        Self {
            text: String::with_capacity(512),
            groups: groups.map(|group| group.to_ascii_lowercase()).collect(),
            next_group: 1,
        }
    }

    fn line(&mut self, line: &str) {
        push_folded(&mut self.text, line);
    }

    fn texts_of(&mut self, name: &str, values: &[String]) {
        for value in values {
            self.line(&Line::new(name).text(value));
        }
    }

    /// Writes a line, in a group with its label where it has one.
    fn labelled(&mut self, name: &str, label: Option<&str>, finish: impl FnOnce(Line) -> String) {
        let Some(label) = label.filter(|label| !label.trim().is_empty()) else {
            return self.line(&finish(Line::new(name)));
        };
        let group = self.fresh_group();
        self.line(&finish(Line::in_group(&group, name)));
        self.line(&Line::in_group(&group, "X-ABLabel").text(label));
    }

    fn fresh_group(&mut self) -> String {
        loop {
            let group = format!("item{}", self.next_group);
            self.next_group += 1;
            if self.groups.insert(group.clone()) {
                return group;
            }
        }
    }

    fn identity(&mut self, card: &Card) {
        if let Some(uid) = &card.uid {
            let head = Line::new("UID");
            let is_uri = uid.to_ascii_lowercase().starts_with("urn:");
            self.line(&if is_uri { head.address(uid) } else { head.with("VALUE", "text").text(uid) });
        }
        let kind = match card.kind {
            CardKind::Individual | CardKind::Unknown => return,
            CardKind::Org => "org",
            CardKind::Group => "group",
            CardKind::Location => "location",
            CardKind::Device => "device",
            CardKind::Application => "application",
        };
        self.line(&Line::new("KIND").written(kind));
    }

    /// FN must be there (RFC 6350 §6.2.1), also where nobody knows the name.
    fn name(&mut self, name: &Name) {
        self.line(&Line::new("FN").text(name.full.as_deref().unwrap_or_default()));
        if name.components.is_empty() {
            return;
        }
        let mut parts = vec![String::new(); 7];
        for component in &name.components {
            let place = match component.kind {
                NameComponentKind::Surname => 0,
                NameComponentKind::Given => 1,
                NameComponentKind::Given2 => 2,
                NameComponentKind::Title => 3,
                NameComponentKind::Credential => 4,
                NameComponentKind::Surname2 => 5,
                NameComponentKind::Generation => 6,
                NameComponentKind::Unknown => continue,
            };
            let Some(part) = parts.get_mut(place) else { continue };
            if !part.is_empty() {
                part.push(',');
            }
            part.push_str(&escape(&component.value));
        }
        // RFC 9554 §2.2 adds two parts to the five of RFC 6350 §6.2.2.
        let last = parts.iter().rposition(|part| !part.is_empty()).unwrap_or(0);
        parts.truncate((last + 1).max(5));
        self.line(&Line::new("N").parts(&parts));
    }

    fn work(&mut self, card: &Card) {
        if !card.nicknames.is_empty() {
            self.line(&Line::new("NICKNAME").written(&list(&card.nicknames)));
        }
        for organization in &card.organizations {
            let parts = core::iter::once(&organization.name).chain(&organization.units);
            let parts: Vec<String> = parts.map(|part| escape(part).into_owned()).collect();
            self.line(&Line::new("ORG").parts(&parts));
        }
        self.texts_of("TITLE", &card.titles);
        if let Some(headline) = &card.headline {
            self.line(&Line::new("X-KITH-HEADLINE").text(headline));
        }
    }

    fn reach(&mut self, card: &Card) {
        for email in &card.emails {
            self.labelled("EMAIL", email.label.as_deref(), |line| {
                used(line, &email.contexts, email.pref).text(&email.address)
            });
        }
        for phone in &card.phones {
            self.labelled("TEL", phone.label.as_deref(), |line| {
                let known = |feature: &String| FEATURES.iter().find(|(word, _)| word == feature).map(|(_, kind)| *kind);
                let line = phone.features.iter().filter_map(known).fold(line, |line, kind| line.with("TYPE", kind));
                let line = used(line, &phone.contexts, phone.pref);
                if phone.number.starts_with('+') && phone.number.contains(";ext=") {
                    return line.with("VALUE", "uri").address(&format!("tel:{}", phone.number));
                }
                line.text(&phone.number)
            });
        }
        card.addresses.iter().for_each(|address| self.address(address));
    }

    fn address(&mut self, address: &Address) {
        let part = |part: &Option<String>| escape(part.as_deref().unwrap_or_default()).into_owned();
        let street = escape(&address.street.join("\n")).into_owned();
        let Address { locality, region, postcode, country, .. } = address;
        let none = String::new;
        let parts = [none(), none(), street, part(locality), part(region), part(postcode), part(country)];
        self.labelled("ADR", address.label.as_deref(), |line| {
            let line = used(line, &address.contexts, None);
            let line = if let Some(full) = &address.full { line.with("LABEL", full) } else { line };
            line.parts(&parts)
        });
    }

    fn online(&mut self, card: &Card) {
        for OnlineService { service, uri, user } in &card.online_services {
            let head = Line::new("SOCIALPROFILE");
            let head = if let Some(service) = service { head.with("SERVICE-TYPE", service) } else { head };
            match (uri, user) {
                (Some(uri), Some(user)) => self.line(&head.with("USERNAME", user).address(uri)),
                (Some(uri), None) => self.line(&head.address(uri)),
                (None, Some(user)) => self.line(&head.with("VALUE", "text").text(user)),
                (None, None) => {}
            }
        }
        for link in &card.links {
            self.labelled("URL", link.label.as_deref(), |line| line.address(&link.uri));
        }
    }

    /// A birthday may stand once; several are told as different views of one (RFC 6350 §5.4).
    fn days(&mut self, days: &[Anniversary]) {
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for day in days {
            *seen.entry(day_name(day.kind)).or_default() += 1;
        }
        for day in days {
            let name = day_name(day.kind);
            let several = name != "X-ABDATE" && seen.get(name).is_some_and(|count| *count > 1);
            self.labelled(name, day.label.as_deref(), |line| {
                let line = if several { line.with("ALTID", "1") } else { line };
                line.written(&day_value(day))
            });
        }
    }

    fn texts(&mut self, card: &Card) {
        if !card.keywords.is_empty() {
            self.line(&Line::new("CATEGORIES").written(&list(&card.keywords)));
        }
        self.texts_of("NOTE", &card.notes);
    }

    fn relation(&mut self, relation: &Relation) {
        let Relation { to, relation } = relation;
        match relation {
            Some(word) if !RELATIONS.contains(&word.as_str()) => {
                self.labelled("X-ABRELATEDNAMES", Some(word), |line| line.text(to));
            }
            Some(_) | None => {
                let line = Line::new("RELATED");
                let line = if let Some(word) = relation { line.with("TYPE", word) } else { line };
                let is_uri = to.get(..9).is_some_and(|scheme| scheme.eq_ignore_ascii_case("urn:uuid:"));
                self.line(&if is_uri { line.address(to) } else { line.with("VALUE", "text").text(to) });
            }
        }
    }

    fn verbatim(&mut self, card: &Card) {
        // The KIND of a kind that kith does not know stands among what it has no word for.
        let kind = (card.kind != CardKind::Unknown).then_some("KIND");
        let taken: Vec<&str> = card.anniversaries.iter().map(|day| day_name(day.kind)).chain(kind).collect();
        for prop in &card.v_card_props {
            let group = prop.group.as_deref().filter(|group| {
                !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            });
            self.line(&verbatim_line(prop, group, &taken));
        }
    }
}

fn list(values: &[String]) -> String {
    values.iter().map(|value| escape(value)).collect::<Vec<_>>().join(",")
}

fn used(line: Line, contexts: &[Context], pref: Option<u8>) -> Line {
    let line = contexts.iter().fold(line, |line, context| match context {
        Context::Private => line.with("TYPE", "home"),
        Context::Work => line.with("TYPE", "work"),
        Context::Unknown => line,
    });
    if let Some(pref) = pref { line.with("PREF", &pref.to_string()) } else { line }
}

const fn day_name(kind: AnniversaryKind) -> &'static str {
    match kind {
        AnniversaryKind::Birth => "BDAY",
        AnniversaryKind::Death => "DEATHDATE",
        AnniversaryKind::Wedding => "ANNIVERSARY",
        AnniversaryKind::Other => "X-ABDATE",
    }
}

/// The date as RFC 6350 §4.3.1 has it; with its time, where it was written so that it reads back.
fn day_value(day: &Anniversary) -> String {
    let date = day.date.to_string();
    let with_time = day.raw.as_ref().filter(|raw| {
        let time = raw.trim().strip_prefix(&date).or_else(|| raw.trim().strip_prefix(&date.replace('-', "")));
        time.is_some_and(|time| time.starts_with('T') && !time.contains(char::is_control))
    });
    match (with_time, day.date.year(), day.date.day()) {
        (Some(raw), ..) => raw.trim().to_owned(),
        (None, Some(_), Some(_)) => date.replace('-', ""),
        (None, None, _) => format!("--{}", date.replace('-', "")),
        (None, Some(_), None) => date,
    }
}

#[cfg(test)]
mod tests;
