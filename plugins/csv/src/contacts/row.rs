//! A row of a contact list as a card.
//!
//! Where two columns mean the same, the card has the first that says anything; what another says besides is kept as text.

use kith_plugin::birth::{BirthFields, BirthPart};
use kith_plugin::card::{
    Address, Anniversary, AnniversaryKind, Card, Email, Link, NameComponent, NameComponentKind, OnlineService,
    Organization, Phone, Relation,
};
use kith_plugin::diagnostic::Diagnostic;

use super::columns::{Column, Columns};
use super::labels;
use super::meaning::{AddressPart, Field, Many};
use super::values;
use crate::date;

/// What a card calls the day on which somebody began where they work, as address books label it.
const WORK_ANNIVERSARY: &str = "Work anniversary";

/// Joins several values in one field of Google's.
const JOINT: &str = " ::: ";

/// A card in the making, and what was wrong on the way.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) card: Card,
    pub(crate) diagnostics: Vec<Diagnostic>,
    addresses: Vec<Address>,
    organizations: Vec<Organization>,
    birth: BirthFields,
}

/// Makes a card of the values of a row.
pub(crate) fn draft(columns: &Columns, values: &[&str]) -> Draft {
    let mut draft = Draft::default();
    for (index, column) in columns.columns.iter().enumerate() {
        let value = values.get(index).copied().unwrap_or_default();
        if value.is_empty() {
            continue;
        }
        let usage = column.meaning.map_or("", |meaning| meaning.usage);
        let label = column.label.and_then(|label| values.get(label)).copied().unwrap_or(usage);
        let header = columns.header.get(index).map_or("", String::as_str);
        draft.take(column, header, value, label);
    }
    for (index, value) in values.iter().enumerate().skip(columns.columns.len()) {
        if !value.is_empty() {
            draft.extra(&format!("Column {}", index + 1), value);
        }
    }
    draft.card.name.components = in_reading_order(core::mem::take(&mut draft.card.name.components));
    draft.close();
    draft
}

/// Puts the parts of a name as they are read, whatever the order of the columns: a name in Chinese, Japanese or Korean
/// writing keeps theirs, for there it is that of the name.
fn in_reading_order(mut components: Vec<NameComponent>) -> Vec<NameComponent> {
    let is_eastern = |c: char| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}');
    if !components.iter().any(|component| component.value.contains(is_eastern)) {
        components.sort_by_key(|component| match component.kind {
            NameComponentKind::Title => 0,
            NameComponentKind::Given => 1,
            NameComponentKind::Given2 => 2,
            NameComponentKind::Surname => 3,
            NameComponentKind::Surname2 => 4,
            NameComponentKind::Generation => 5,
            NameComponentKind::Credential | NameComponentKind::Unknown => 6,
        });
    }
    components
}

impl Draft {
    /// Returns whether nothing tells who this is.
    pub(crate) fn is_nobody(&self) -> bool {
        let card = &self.card;
        card.name.is_empty()
            && card.nicknames.is_empty()
            && card.emails.is_empty()
            && card.phones.is_empty()
            && card.organizations.is_empty()
            && card.online_services.is_empty()
    }

    fn take(&mut self, column: &Column, header: &str, value: &str, label: &str) {
        let Some(field) = column.meaning.map(|meaning| meaning.field) else { return self.extra(header, value) };
        match field {
            Field::Full => {
                if !is_first(&mut self.card.name.full, value) {
                    self.extra(header, value);
                }
            }
            Field::Prefix => self.component(NameComponentKind::Title, value),
            Field::Given => self.component(NameComponentKind::Given, value),
            Field::Middle => self.component(NameComponentKind::Given2, value),
            Field::Surname => self.component(NameComponentKind::Surname, value),
            Field::Suffix => self.component(NameComponentKind::Credential, value),
            Field::Company => self.company(column.slot, header, value),
            Field::Department => self.organization(column.slot).units.push(value.to_owned()),
            Field::Address(part) => self.address((column.slot, part), header, value, label),
            Field::Birthday => self.day(AnniversaryKind::Birth, header, value, None),
            Field::Wedding => self.day(AnniversaryKind::Wedding, header, value, None),
            Field::Started => {
                self.day(AnniversaryKind::Other, header, value, Some(WORK_ANNIVERSARY.to_owned()));
            }
            Field::Event => self.event(header, value, label),
            Field::BirthYear => self.birth_part(BirthPart::Year, header, value),
            Field::BirthMonth => self.birth_part(BirthPart::Month, header, value),
            Field::BirthDay => self.birth_part(BirthPart::Day, header, value),
            Field::Custom if label.is_empty() => self.extra(header, value),
            Field::Custom => self.extra(label, value),
            Field::Beside => self.extra(header, value),
            Field::Label(_) | Field::Skip => {}
            Field::Notes => self.card.notes.push(value.to_owned()),
            Field::Many(many) => self.many(many, header, value, label),
        }
    }

    /// Takes a field that may hold several values.
    fn many(&mut self, field: Many, header: &str, value: &str, label: &str) {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        for value in pieces(field, value) {
            let owned = value.to_owned();
            match field {
                Many::Nickname => self.card.nicknames.push(owned),
                Many::Title => self.card.titles.push(owned),
                Many::Keywords => self.card.keywords.push(value.trim_start_matches("* ").to_owned()),
                Many::Email => self.email(header, value, label),
                Many::Phone => self.phone(value, label),
                Many::Link if values::is_linkedin(value) => self.service("LinkedIn", value),
                Many::Link => self.card.links.push(Link { uri: owned, label: labels::read(label).other }),
                Many::LinkedIn => self.service("LinkedIn", value),
                Many::Twitter => self.service("Twitter", value),
                Many::Messenger => self.service(label, value),
                Many::Relation => self.card.related_to.push(Relation { to: owned, relation: some(label) }),
            }
        }
    }

    fn component(&mut self, kind: NameComponentKind, value: &str) {
        self.card.name.components.push(NameComponent { kind, value: value.to_owned() });
    }

    fn organization(&mut self, slot: usize) -> &mut Organization {
        // Numbers in headers are small, but they come from the file.
        slot_of(&mut self.organizations, slot.min(64))
    }

    fn company(&mut self, slot: usize, header: &str, value: &str) {
        let name = &mut self.organization(slot).name;
        if name.is_empty() {
            value.clone_into(name);
        } else if name != value {
            self.extra(header, value);
        }
    }

    fn address(&mut self, (slot, part): (usize, AddressPart), header: &str, value: &str, label: &str) {
        let address = slot_of(&mut self.addresses, slot);
        let label = labels::read(label);
        if address.contexts.is_empty() {
            address.contexts = label.contexts;
        }
        address.label = address.label.take().or(label.other);
        let held = match part {
            AddressPart::Street => return address.street.push(value.to_owned()),
            AddressPart::Full => &mut address.full,
            AddressPart::Locality => &mut address.locality,
            AddressPart::Region => &mut address.region,
            AddressPart::Postcode => &mut address.postcode,
            AddressPart::Country => &mut address.country,
        };
        if !is_first(held, value) {
            self.extra(header, value);
        }
    }

    fn email(&mut self, header: &str, value: &str, label: &str) {
        if !value.contains('@') {
            let diagnostic = Diagnostic::kept("not a mail address", "kept as text, the rest of the card as it is");
            self.diagnostics.push(diagnostic.in_property(header).with_value(value));
            return self.extra(header, value);
        }
        let label = labels::read(label);
        let email = Email { address: value.to_owned(), contexts: label.contexts, label: label.other, pref: label.pref };
        self.card.emails.push(email);
    }

    fn phone(&mut self, value: &str, label: &str) {
        let labels::Label { contexts, features, other, pref } = labels::read(label);
        self.card.phones.push(Phone { number: value.to_owned(), features, contexts, label: other, pref });
    }

    fn service(&mut self, service: &str, value: &str) {
        let is_uri = value.contains('/');
        let text = Some(value.to_owned());
        let (uri, user) = if is_uri { (text, None) } else { (None, text) };
        let service = (!service.is_empty()).then(|| service.to_owned());
        self.card.online_services.push(OnlineService { service, uri, user });
    }

    fn event(&mut self, header: &str, value: &str, label: &str) {
        let name = label.trim_start_matches("* ").trim();
        if name.eq_ignore_ascii_case("anniversary") {
            return self.day(AnniversaryKind::Wedding, header, value, None);
        }
        let label = (!name.is_empty()).then(|| name.to_owned());
        self.day(AnniversaryKind::Other, header, value, label);
    }

    fn day(&mut self, kind: AnniversaryKind, header: &str, value: &str, label: Option<String>) {
        // Outlook writes an empty date so.
        if value.chars().all(|c| matches!(c, '0' | '/' | '.' | '-')) {
            return;
        }
        match date::partial(value) {
            Ok(date) => {
                let raw = (date.to_string() != value).then(|| value.to_owned());
                self.card.anniversaries.push(Anniversary { kind, date, raw, label });
            }
            Err(problem) => {
                let diagnostic = Diagnostic::kept(problem.to_string(), "kept as text, the rest of the card as it is");
                self.diagnostics.push(diagnostic.in_property(header).with_value(value));
                self.extra(header, value);
            }
        }
    }

    fn birth_part(&mut self, part: BirthPart, header: &str, value: &str) {
        if !self.birth.take(part, header, value) {
            self.extra(header, value);
        }
    }

    fn extra(&mut self, header: &str, value: &str) {
        let mut name = header.to_owned();
        let mut ordinal = 2;
        while self.card.extra.contains_key(&name) {
            name = format!("{header} {ordinal}");
            ordinal += 1;
        }
        self.card.extra.insert(name, value.to_owned());
    }

    fn close(&mut self) {
        self.card.organizations = std::mem::take(&mut self.organizations);
        self.card.organizations.retain(|o| *o != Organization::default());
        let addresses = std::mem::take(&mut self.addresses);
        self.card.addresses = addresses.into_iter().filter(|a| *a != Address::default()).flat_map(parted).collect();
        let birth = std::mem::take(&mut self.birth).close();
        self.card.anniversaries.extend(birth.anniversary);
        self.diagnostics.extend(birth.diagnostic);
        for (header, value) in birth.left {
            self.extra(&header, &value);
        }
    }
}

/// Takes a value where there is none yet. Returns whether it is what is held then.
fn is_first(held: &mut Option<String>, value: &str) -> bool {
    held.get_or_insert_with(|| value.to_owned()) == value
}

fn slot_of<T: Default + Clone>(slots: &mut Vec<T>, slot: usize) -> &mut T {
    if slots.len() <= slot {
        slots.resize(slot + 1, T::default());
    }
    let last = slots.len() - 1;
    #[expect(clippy::indexing_slicing, reason = "it was made as long just above")]
    &mut slots[slot.min(last)]
}

/// Returns the values of a field that may hold several: as Google joins them, or with commas or semicolons between them
/// where each by itself is what the field is for.
fn pieces(field: Many, value: &str) -> impl Iterator<Item = &str> {
    let is_one: fn(&str) -> bool = match field {
        Many::Keywords => |_| true,
        Many::Email => values::is_email,
        Many::Phone => values::is_phone,
        Many::Link | Many::LinkedIn => values::is_link,
        Many::Nickname | Many::Title | Many::Twitter | Many::Messenger | Many::Relation => |_| false,
    };
    let marks: &[char] = if field == Many::Keywords { &[';'] } else { &[',', ';'] };
    let between = |text: &str| text.contains(marks) && text.split(marks).map(str::trim).all(is_one);
    let split_at = if value.contains(JOINT) || !between(value) { &[][..] } else { marks };
    value.split(JOINT).flat_map(move |value| value.split(split_at)).map(str::trim).filter(|value| !value.is_empty())
}

/// Parts an address of which each part holds several values.
fn parted(address: Address) -> Vec<Address> {
    let count = address.full.as_deref().or(address.locality.as_deref()).map_or(1, |text| text.split(JOINT).count());
    if count == 1 {
        return vec![address];
    }
    let nth = |text: &Option<String>, n: usize| {
        let value = text.as_deref()?.split(JOINT).nth(n)?.trim();
        (!value.is_empty()).then(|| value.to_owned())
    };
    let one = |n| Address {
        full: nth(&address.full, n),
        street: address.street.iter().filter_map(|line| nth(&Some(line.clone()), n)).collect(),
        locality: nth(&address.locality, n),
        region: nth(&address.region, n),
        postcode: nth(&address.postcode, n),
        country: nth(&address.country, n),
        contexts: address.contexts.clone(),
        label: address.label.clone(),
    };
    (0..count).map(one).collect()
}
