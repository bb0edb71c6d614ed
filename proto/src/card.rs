//! A card: what one source says about one person, organisation or group, in the words of JSContact (RFC 9553).
//!
//! Importers keep every value as the source wrote it, decoded to UTF-8 and nothing more: `kith-core` normalises, and keeps
//! the raw value beside. JSContact's words are used, not its documents: maps keyed by id become lists.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use crate::date::PartialDate;

/// What one source says about one person, organisation or group.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Card {
    /// The source's own identifier, `uid` (RFC 9553 §2.1.9).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uid: Option<String>,
    /// Person, organisation or group, `kind` (RFC 9553 §2.1.4).
    #[serde(skip_serializing_if = "CardKind::is_individual")]
    pub kind: CardKind,
    /// `name` (RFC 9553 §2.2.1).
    #[serde(skip_serializing_if = "Name::is_empty")]
    pub name: Name,
    /// `nicknames` (RFC 9553 §2.2.2).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub nicknames: Vec<String>,
    /// `organizations` (RFC 9553 §2.2.3).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub organizations: Vec<Organization>,
    /// `titles` (RFC 9553 §2.2.5): positions held, roles played.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub titles: Vec<String>,
    /// What they do, in a line, where the source says so beside organisations and titles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headline: Option<String>,
    /// `emails` (RFC 9553 §2.3.1).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<Email>,
    /// `phones` (RFC 9553 §2.3.3).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<Phone>,
    /// `onlineServices` (RFC 9553 §2.3.2): profiles and handles, a LinkedIn profile among them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub online_services: Vec<OnlineService>,
    /// `addresses` (RFC 9553 §2.5.1).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<Address>,
    /// `anniversaries` (RFC 9553 §2.8.1).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub anniversaries: Vec<Anniversary>,
    /// `notes` (RFC 9553 §2.8.3).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// `keywords` (RFC 9553 §2.8.2): categories, labels, groups.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
    /// `links` (RFC 9553 §2.6.3).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// `relatedTo` (RFC 9553 §2.1.8).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related_to: Vec<Relation>,
    /// The photo, kept once by the hash of its bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub photo: Option<PhotoHash>,
    /// `updated` (RFC 9553 §2.1.10), as the source wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated: Option<String>,
    /// Since which day the source says the owner and this person are connected: an accepted invitation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connected_on: Option<Date>,
    /// The source says that this card is the owner of the export.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub owner: bool,
    /// vCard properties that have no word above, verbatim (RFC 9555 §2.15.1).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub v_card_props: Vec<VCardProp>,
    /// Columns of a table that have no word above, by header, verbatim.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub extra: BTreeMap<String, String>,
}

/// What a card stands for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CardKind {
    /// A single person.
    #[default]
    Individual,
    /// An organisation.
    Org,
    /// A group of persons or of entities.
    Group,
    /// A named place.
    Location,
    /// A device.
    Device,
    /// Software.
    Application,
    /// A kind that this version does not know.
    #[serde(other)]
    Unknown,
}

impl CardKind {
    /// Returns what it is called in words, where it is no person.
    #[must_use]
    pub const fn noun(self) -> Option<&'static str> {
        match self {
            Self::Individual | Self::Unknown => None,
            Self::Org => Some("organisation"),
            Self::Group => Some("group"),
            Self::Location => Some("place"),
            Self::Device => Some("device"),
            Self::Application => Some("program"),
        }
    }

    /// Returns whether the card stands for a single person.
    #[must_use]
    pub fn is_individual(&self) -> bool {
        *self == Self::Individual
    }
}

/// A name: its components in the order the source gives them, and the whole as the source writes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Name {
    /// The whole name as displayed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full: Option<String>,
    /// The parts, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<NameComponent>,
}

impl Name {
    /// Returns whether nothing is known of the name.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.components.is_empty() && self.full.is_none()
    }

    /// Returns the first component of this kind.
    #[must_use]
    pub fn component(&self, kind: NameComponentKind) -> Option<&str> {
        self.components.iter().find(|c| c.kind == kind).map(|c| c.value.as_str())
    }
}

/// One part of a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameComponent {
    /// Which part.
    pub kind: NameComponentKind,
    /// The part as written.
    pub value: String,
}

/// Which part of a name a component is (RFC 9553 §2.2.1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NameComponentKind {
    /// An honorific before the name, "Dr."
    Title,
    /// The first or personal name.
    Given,
    /// A middle name, or a second given name.
    Given2,
    /// The family name.
    Surname,
    /// A second or former family name.
    Surname2,
    /// A credential after the name, such as a degree.
    Credential,
    /// A generation marker, "Jr."
    Generation,
    /// A part that this version does not know.
    #[serde(other)]
    Unknown,
}

/// An organisation that the person belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Organization {
    /// Its name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Units within it, largest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<String>,
}

/// A mail address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Email {
    /// The address as written.
    pub address: String,
    /// Where it is used.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contexts: Vec<Context>,
    /// The source's own label, when it is no context.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Preference, 1 (most) to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pref: Option<u8>,
}

/// A telephone number.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Phone {
    /// The number as written.
    pub number: String,
    /// What it does, in JSContact's words: `mobile`, `voice`, `text`, `fax`, `pager`, `video`, `main-number`, `textphone`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<String>,
    /// Where it is used.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contexts: Vec<Context>,
    /// The source's own label, when it is neither feature nor context.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Preference, 1 (most) to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pref: Option<u8>,
}

/// A profile or handle with an online service.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OnlineService {
    /// The service, "LinkedIn".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// The profile's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
    /// The handle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
}

/// A postal address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Address {
    /// The whole address as displayed, lines parted by newlines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full: Option<String>,
    /// Post office box, apartment and street, as lines.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub street: Vec<String>,
    /// City, town.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locality: Option<String>,
    /// State, province, county.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
    /// Country, by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Where it is used.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contexts: Vec<Context>,
    /// The source's own label, when it is no context.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// Where a mail address, a number or a postal address is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Context {
    /// At home, in private.
    Private,
    /// At work.
    Work,
    /// A context that this version does not know.
    #[serde(other)]
    Unknown,
}

/// A day that comes back every year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anniversary {
    /// What happened on it.
    pub kind: AnniversaryKind,
    /// The civil date.
    pub date: PartialDate,
    /// The date as written, when that says more than `date`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
    /// The source's own label, for `Other`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// What happened on an anniversary (RFC 9553 §2.8.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnniversaryKind {
    /// Birth.
    Birth,
    /// Death.
    Death,
    /// Wedding.
    Wedding,
    /// Any other, also one that this version does not know.
    #[serde(other)]
    Other,
}

/// A web page about the person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Link {
    /// Its address.
    pub uri: String,
    /// The source's own label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// Someone whom the card names as related.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Relation {
    /// A name or a UID, as written.
    pub to: String,
    /// How they are related, in the source's words: `spouse`, `child`, `manager`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relation: Option<String>,
}

/// A vCard property kept verbatim: name, parameters, type and value (RFC 9555 §2.15.1).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VCardProp {
    /// The item group it stood in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The property's name as written.
    pub name: String,
    /// Its parameters as written, without the leading semicolon.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub params: String,
    /// Its value, unfolded and decoded, otherwise as written.
    pub value: String,
}

/// The BLAKE3 hash of a photo's bytes, in lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PhotoHash(pub String);
