//! Maps a card's properties to the words of kith. What has no word is kept verbatim; nothing is dropped unsaid.
//!
//! One file a subject: `map/name` who it is, `map/reach` how to reach them, `map/days` their days, `map/online` profiles and
//! relations. This file only says which property goes where.

mod days;
mod name;
mod online;
mod reach;

use std::collections::{BTreeMap, BTreeSet};

use kith_plugin::card::{Card, CardKind};
use kith_plugin::diagnostic::Diagnostic;

use crate::vcard::property::Property;

/// The most text of a card as JSON writes it, photos apart: a record must fit in a frame of 1 MiB, and some values stand twice.
const TEXT_LIMIT_BYTES: usize = 384 * 1024;

/// The most properties of a card.
const PROPERTY_LIMIT: usize = 4_000;

/// The largest photo.
const PHOTO_LIMIT_BYTES: usize = 8 * 1024 * 1024;

/// What a diagnostic says of a property that could not be used.
pub(crate) const KEPT_WITHOUT: &str = "card kept without it";

/// How many problems of one card are told, each by itself.
const PROBLEMS_TOLD: usize = 100;

/// A card as mapped, before its photo was handed over.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) card: Card,
    pub(crate) photo: Option<Vec<u8>>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Maps content lines, each with its line in the file.
pub(crate) fn map_card<'a>(lines: impl Iterator<Item = (u64, &'a str)>) -> Draft {
    let mut mapper = Mapper::default();
    let mut room = TEXT_LIMIT_BYTES;
    let mut properties = Vec::with_capacity(16);
    let mut beyond: Option<(u64, usize)> = None;
    for (line, text) in lines {
        if properties.len() >= PROPERTY_LIMIT {
            beyond = Some(beyond.map_or((line, 1), |(first, count)| (first, count + 1)));
            continue;
        }
        let Some(property) = Property::parse(line, text) else {
            mapper.say(Diagnostic::kept("not a property", KEPT_WITHOUT).at_line(line).with_value(text));
            continue;
        };
        if !property.is("PHOTO") {
            let Some(rest) = room.checked_sub(bytes_in_json(text)) else {
                mapper.complain(&property, "the card's text is over 384 KiB");
                continue;
            };
            room = rest;
        }
        if property.is("X-ABLABEL")
            && let Some(group) = property.group
        {
            mapper.labels.insert(group.to_ascii_lowercase(), property.value());
        }
        properties.push(property);
    }
    if let Some((line, count)) = beyond {
        let consequence = format!("card kept without the other {count}");
        mapper.say(Diagnostic::kept("more than 4,000 properties", consequence).at_line(line));
    }
    // FN says better than N what the whole name is, and LABEL belongs to an ADR.
    properties.sort_by_key(|property| if property.is("FN") { 0 } else { 1 + u8::from(property.is("LABEL")) });
    for property in &properties {
        mapper.take(property);
    }
    mapper.finish(&properties)
}

/// How many bytes JSON takes for a text.
fn bytes_in_json(text: &str) -> usize {
    let byte = |byte: u8| match byte {
        b'"' | b'\\' | b'\n' | b'\t' | b'\r' => 2,
        0..0x20 => 6,
        _ => 1,
    };
    text.bytes().map(byte).sum()
}

/// A card under way.
#[derive(Debug, Default)]
struct Mapper {
    draft: Draft,
    /// What `X-ABLabel` calls each item group.
    labels: BTreeMap<String, String>,
    /// The item groups whose label was used.
    labelled: BTreeSet<String>,
    /// The first line of those that [`PROBLEMS_TOLD`] left untold, and how many they are.
    untold: Option<(Option<u64>, usize)>,
}

/// Whether a property found its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Taken {
    Yes,
    /// It is kept verbatim.
    No,
}

impl Mapper {
    fn take(&mut self, property: &Property<'_>) {
        let name = property.upper_name();
        let name = name.as_ref();
        if property.raw.trim().is_empty() || matches!(name, "VERSION" | "X-ABLABEL") {
            return;
        }
        let taken = match name {
            _ if property.is_odd() => {
                let diagnostic = Diagnostic::kept("not a property name", "kept as written");
                self.say(diagnostic.at_line(property.line).with_value(property.name));
                Taken::No
            }
            "UID"
            | "REV"
            | "KIND"
            | "X-ADDRESSBOOKSERVER-KIND"
            | "X-ABSHOWAS"
            | "N"
            | "FN"
            | "NICKNAME"
            | "ORG"
            | "TITLE"
            | "ROLE"
            | "CATEGORIES"
            | "NOTE" => self.identity(name, property),
            "EMAIL" => self.email(property),
            "TEL" => self.phone(property),
            "ADR" => self.address(property),
            "LABEL" => self.address_label(property),
            "BDAY" | "DEATHDATE" | "ANNIVERSARY" | "X-ABDATE" => self.day(name, property),
            "URL" | "IMPP" | "SOCIALPROFILE" | "X-SOCIALPROFILE" => self.online(name, property),
            "RELATED" | "X-ABRELATEDNAMES" => self.relation(property),
            "X-ANDROID-CUSTOM" => self.android(property),
            "PHOTO" => self.photo(property),
            "X-KITH-HEADLINE" | "X-KITH-COLUMN" | "X-KITH-VERBATIM" => self.own(name, property),
            _ => self.extension(name, property),
        };
        if taken == Taken::No {
            self.draft.card.v_card_props.push(property.verbatim());
        }
    }

    /// Takes properties that are one program's name for what others have too.
    fn extension(&mut self, name: &str, property: &Property<'_>) -> Taken {
        if !name.starts_with("X-") {
            return Taken::No;
        }
        if days::is_wedding(name) {
            return self.day("ANNIVERSARY", property);
        }
        if let Some(relation) = online::relation_of(name) {
            return self.related(property.value(), Some(relation.to_owned()));
        }
        online::service_of(name).map_or(Taken::No, |service| self.handle(service, property))
    }

    /// Takes what kith's own export writes for what vCard has no word for.
    fn own(&mut self, name: &str, property: &Property<'_>) -> Taken {
        let value = property.value();
        let card = &mut self.draft.card;
        if name == "X-KITH-HEADLINE" {
            card.headline.get_or_insert(value);
            return Taken::Yes;
        }
        if name == "X-KITH-COLUMN" {
            let Some(header) = property.param_text("X-KITH-HEADER") else { return Taken::No };
            card.extra.entry(header).or_insert(value);
            return Taken::Yes;
        }
        let Some(wrapped) = Property::parse(property.line, &value) else { return Taken::No };
        card.v_card_props.push(wrapped.verbatim());
        Taken::Yes
    }

    fn photo(&mut self, property: &Property<'_>) -> Taken {
        match property.bytes() {
            None => Taken::No,
            Some(Ok(bytes)) if bytes.len() > PHOTO_LIMIT_BYTES => self.complain(property, "larger than 8 MiB"),
            Some(Ok(bytes)) if self.draft.photo.as_ref() == Some(&bytes) => Taken::Yes,
            Some(Ok(_)) if self.draft.photo.is_some() => self.complain(property, "a second photo"),
            Some(Ok(bytes)) => {
                self.draft.photo = Some(bytes);
                Taken::Yes
            }
            Some(Err(_)) => self.complain(property, "not base64"),
        }
    }

    /// Says that a property could not be used, and that the card is kept without it.
    fn complain(&mut self, property: &Property<'_>, problem: &str) -> Taken {
        let diagnostic = Diagnostic::kept(problem, KEPT_WITHOUT);
        self.say(diagnostic.at_line(property.line).in_property(property.name).with_value(property.raw));
        Taken::Yes
    }

    fn say(&mut self, diagnostic: Diagnostic) {
        if self.draft.diagnostics.len() < PROBLEMS_TOLD {
            self.draft.diagnostics.push(diagnostic);
        } else {
            self.untold =
                Some(self.untold.map_or((diagnostic.line, 1), |(line, count)| (line.min(diagnostic.line), count + 1)));
        }
    }

    /// Returns what `X-ABLabel` calls the property's item group, without Apple's brackets.
    fn label(&mut self, property: &Property<'_>) -> Option<String> {
        let group = property.group?.to_ascii_lowercase();
        let label = self.labels.get(&group)?;
        let bare = label.strip_prefix("_$!<").and_then(|label| label.strip_suffix(">!$_")).unwrap_or(label);
        let bare = bare.trim().to_owned();
        self.labelled.insert(group);
        Some(bare).filter(|label| !label.is_empty())
    }

    /// Keeps labels of groups that no word took, and closes the card.
    fn finish(mut self, properties: &[Property<'_>]) -> Draft {
        for property in properties.iter().filter(|property| property.is("X-ABLABEL")) {
            let group = property.group.unwrap_or_default().to_ascii_lowercase();
            if !self.labelled.contains(&group) && !property.raw.trim().is_empty() {
                self.draft.card.v_card_props.push(property.verbatim());
            }
        }
        self.draft.diagnostics.sort_by_key(|diagnostic| diagnostic.line);
        if let Some((line, count)) = self.untold {
            let consequence = format!("card kept without the other {count}");
            let told = Diagnostic::kept("and more of this card's lines cannot be used", consequence);
            self.draft.diagnostics.push(Diagnostic { line, ..told });
        }
        self.draft
    }
}

/// Whether nothing is known of whom the card is about.
pub(crate) fn is_empty(draft: &Draft) -> bool {
    let Draft { card, photo, .. } = draft;
    let bare = Card {
        uid: card.uid.clone(),
        kind: CardKind::Individual,
        updated: card.updated.clone(),
        v_card_props: card
            .v_card_props
            .iter()
            .filter(|prop| prop.name.eq_ignore_ascii_case("PRODID"))
            .cloned()
            .collect(),
        ..Card::default()
    };
    photo.is_none() && bare == Card { kind: CardKind::Individual, ..card.clone() }
}
