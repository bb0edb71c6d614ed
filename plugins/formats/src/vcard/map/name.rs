//! Who it is: name, kind, organisation, notes.

use kith_plugin::card::{CardKind, Name, NameComponent, NameComponentKind, Organization};

use super::{Mapper, Taken};
use crate::vcard::property::Property;

/// The parts of N (RFC 6350 §6.2.2, RFC 9554 §2.2) in the order in which a name is said, each with its place in N.
const PARTS: [(usize, NameComponentKind); 7] = [
    (3, NameComponentKind::Title),
    (1, NameComponentKind::Given),
    (2, NameComponentKind::Given2),
    (0, NameComponentKind::Surname),
    (5, NameComponentKind::Surname2),
    (4, NameComponentKind::Credential),
    (6, NameComponentKind::Generation),
];

impl Mapper {
    pub(super) fn identity(&mut self, name: &str, property: &Property<'_>) -> Taken {
        match name {
            "N" => return self.name(property),
            "FN" => return first(&mut self.draft.card.name.full, property.value()),
            "UID" => return first(&mut self.draft.card.uid, property.value()),
            "REV" => return first(&mut self.draft.card.updated, property.raw.trim().to_owned()),
            "KIND" | "X-ADDRESSBOOKSERVER-KIND" => return self.kind(&property.value()),
            "X-ABSHOWAS" => {
                let company = property.value().eq_ignore_ascii_case("COMPANY");
                return if company { self.kind("org") } else { Taken::No };
            }
            "ORG" => return self.organization(property),
            _ => {}
        }
        let card = &mut self.draft.card;
        let (list, values) = match name {
            "NICKNAME" => (&mut card.nicknames, texts(property)),
            "CATEGORIES" => (&mut card.keywords, texts(property)),
            "NOTE" => (&mut card.notes, vec![property.value()]),
            _ => (&mut card.titles, vec![property.value()]),
        };
        for value in values {
            if !value.is_empty() && !list.contains(&value) {
                list.push(value);
            }
        }
        Taken::Yes
    }

    fn name(&mut self, property: &Property<'_>) -> Taken {
        let Name { full, components } = &mut self.draft.card.name;
        if !components.is_empty() {
            return Taken::No;
        }
        let parts = property.values();
        if let [only] = parts.as_slice() {
            // Without a separator it is rather a whole name than a surname.
            let whole = only.join(",").trim().to_owned();
            if full.is_none() {
                *full = Some(whole);
                return Taken::Yes;
            }
            if full.as_ref() == Some(&whole) || whole.is_empty() {
                return Taken::Yes;
            }
        }
        for (place, kind) in PARTS {
            for value in
                parts.get(place).into_iter().flatten().map(|value| value.trim()).filter(|value| !value.is_empty())
            {
                components.push(NameComponent { kind, value: value.to_owned() });
            }
        }
        if parts.len() > PARTS.len() { Taken::No } else { Taken::Yes }
    }

    fn kind(&mut self, value: &str) -> Taken {
        self.draft.card.kind = match value.to_ascii_lowercase().as_str() {
            "individual" => CardKind::Individual,
            "org" | "organization" => CardKind::Org,
            "group" => CardKind::Group,
            "location" => CardKind::Location,
            "device" => CardKind::Device,
            "application" => CardKind::Application,
            _ => {
                self.draft.card.kind = CardKind::Unknown;
                return Taken::No;
            }
        };
        Taken::Yes
    }

    fn organization(&mut self, property: &Property<'_>) -> Taken {
        let mut parts = texts_with_empty(property).into_iter();
        let name = parts.next().unwrap_or_default();
        let units: Vec<String> = parts.filter(|unit| !unit.is_empty()).collect();
        let organization = Organization { name, units };
        let list = &mut self.draft.card.organizations;
        if organization != Organization::default() && !list.contains(&organization) {
            list.push(organization);
        }
        Taken::Yes
    }
}

/// Fills what may be said once; said again and otherwise, it is kept verbatim.
fn first(slot: &mut Option<String>, value: String) -> Taken {
    match slot {
        Some(have) if *have != value => Taken::No,
        Some(_) => Taken::Yes,
        None => {
            *slot = Some(value).filter(|value| !value.is_empty());
            Taken::Yes
        }
    }
}

fn texts(property: &Property<'_>) -> Vec<String> {
    texts_with_empty(property).into_iter().filter(|text| !text.is_empty()).collect()
}

fn texts_with_empty(property: &Property<'_>) -> Vec<String> {
    property.values().into_iter().map(|part| part.join(",").trim().to_owned()).collect()
}
