//! An entry of a directory as a card: the attributes of inetOrgPerson (RFC 2798) and of Mozilla's address book.

use kith_plugin::birth::{BirthFields, BirthPart};
use kith_plugin::card::{Address, Card, Context, Email, Link, NameComponent, NameComponentKind, Organization, Phone};
use kith_plugin::diagnostic::Diagnostic;
use kith_plugin::{Output, Stop};

/// A value of an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Text(String),
    Bytes(Vec<u8>),
}

impl Value {
    pub(crate) fn of(bytes: Vec<u8>) -> Self {
        String::from_utf8(bytes).map_or_else(|error| Self::Bytes(error.into_bytes()), Self::Text)
    }
}

/// A card in the making.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    card: Card,
    work: Address,
    home: Address,
    organization: Organization,
    display_name: Option<String>,
    birth: BirthFields,
    is_list: bool,
    change: Option<String>,
    is_seen: bool,
}

impl Draft {
    /// Returns whether there was no attribute.
    pub(crate) fn is_empty(&self) -> bool {
        !self.is_seen
    }

    /// Returns whether it is a list of addresses and no person.
    pub(crate) fn is_list(&self) -> bool {
        self.is_list
    }

    /// Returns what is to be changed, where it is no plain entry.
    pub(crate) fn change(&self) -> Option<&str> {
        self.change.as_deref().filter(|change| !change.eq_ignore_ascii_case("add"))
    }

    /// Takes an attribute. Returns whether it could be used.
    pub(crate) fn take(&mut self, name: &str, value: Value, out: &mut Output<'_>) -> Result<bool, Stop> {
        let lower = name.to_ascii_lowercase();
        self.is_seen |= lower != "version";
        match value {
            Value::Bytes(bytes) if matches!(lower.as_str(), "jpegphoto" | "thumbnailphoto" | "photo") => {
                self.card.photo = Some(out.photo(&bytes)?);
                Ok(true)
            }
            Value::Bytes(_) => Ok(false),
            Value::Text(text) if text.is_empty() => Ok(true),
            Value::Text(text) => {
                if !(self.name(&lower, &text) || self.reach(&lower, &text) || self.place(&lower, &text)) {
                    self.other(&lower, name, text);
                }
                Ok(true)
            }
        }
    }

    fn name(&mut self, name: &str, text: &str) -> bool {
        let kind = match name {
            "givenname" | "gn" => NameComponentKind::Given,
            "sn" | "surname" => NameComponentKind::Surname,
            "personaltitle" => NameComponentKind::Title,
            "generationqualifier" => NameComponentKind::Generation,
            "cn" | "commonname" => {
                self.card.name.full.get_or_insert_with(|| text.to_owned());
                return true;
            }
            "displayname" => {
                self.display_name = Some(text.to_owned());
                return true;
            }
            "mozillanickname" | "xmozillanickname" | "nickname" => {
                self.card.nicknames.push(text.to_owned());
                return true;
            }
            _ => return false,
        };
        self.card.name.components.push(NameComponent { kind, value: text.to_owned() });
        true
    }

    fn reach(&mut self, name: &str, text: &str) -> bool {
        let (feature, context) = match name {
            "mail" | "mozillasecondemail" | "xmozillasecondemail" | "mailalternateaddress" => {
                self.card.emails.push(Email { address: text.to_owned(), ..Email::default() });
                return true;
            }
            "labeleduri" | "mozillaworkurl" | "workurl" | "mozillahomeurl" | "homeurl" | "homepage" => {
                self.card.links.push(Link { uri: text.to_owned(), label: None });
                return true;
            }
            "telephonenumber" => (None, Some(Context::Work)),
            "homephone" => (None, Some(Context::Private)),
            "mobile" | "cellphone" | "mobiletelephonenumber" => (Some("mobile"), None),
            "facsimiletelephonenumber" | "fax" => (Some("fax"), None),
            "pager" | "pagerphone" | "pagertelephonenumber" => (Some("pager"), None),
            _ => return false,
        };
        let (features, contexts) =
            (feature.into_iter().map(ToOwned::to_owned).collect(), context.into_iter().collect());
        self.card.phones.push(Phone { number: text.to_owned(), features, contexts, ..Phone::default() });
        true
    }

    fn place(&mut self, name: &str, text: &str) -> bool {
        let (work, home) = (&mut self.work, &mut self.home);
        match name {
            "street" | "streetaddress" | "mozillaworkstreet2" => work.street.push(text.to_owned()),
            "l" | "localityname" | "locality" => work.locality = Some(text.to_owned()),
            "st" | "stateorprovincename" | "region" => work.region = Some(text.to_owned()),
            "postalcode" | "zip" => work.postcode = Some(text.to_owned()),
            "c" | "co" | "countryname" => work.country = Some(text.to_owned()),
            "postaladdress" => work.full = Some(text.replace('$', "\n")),
            "mozillahomestreet" | "homestreet" | "mozillahomestreet2" => home.street.push(text.to_owned()),
            "mozillahomelocalityname" => home.locality = Some(text.to_owned()),
            "mozillahomestate" => home.region = Some(text.to_owned()),
            "mozillahomepostalcode" => home.postcode = Some(text.to_owned()),
            "mozillahomecountryname" => home.country = Some(text.to_owned()),
            "homepostaladdress" => home.full = Some(text.replace('$', "\n")),
            _ => return false,
        }
        true
    }

    fn other(&mut self, lower: &str, name: &str, text: String) {
        match lower {
            "o" | "organizationname" | "company" => self.organization.name = text,
            "ou" | "department" | "departmentnumber" | "orgunit" => self.organization.units.push(text),
            "title" => self.card.titles.push(text),
            "description" | "notes" | "comment" => self.card.notes.push(text),
            "birthyear" => self.birth_part(BirthPart::Year, name, &text),
            "birthmonth" => self.birth_part(BirthPart::Month, name, &text),
            "birthday" => self.birth_part(BirthPart::Day, name, &text),
            "objectclass" => {
                let lists = ["groupofnames", "groupofuniquenames", "mailgroup", "posixgroup"];
                self.is_list |= lists.contains(&text.to_ascii_lowercase().as_str());
            }
            "changetype" => self.change = Some(text),
            // Where the entry stood in the directory, and when that last changed.
            "dn" | "version" | "modifytimestamp" | "createtimestamp" => {}
            _ => self.extra(name, &text),
        }
    }

    fn birth_part(&mut self, part: BirthPart, name: &str, text: &str) {
        if !self.birth.take(part, name, text) {
            self.extra(name, text);
        }
    }

    fn extra(&mut self, name: &str, text: &str) {
        let value = self.card.extra.entry(name.to_owned()).or_default();
        if !value.is_empty() {
            value.push('\n');
        }
        *value += text;
    }

    /// Returns the card, unless nothing tells who it is, and what is wrong with it.
    pub(crate) fn card(mut self) -> (Option<Card>, Option<Diagnostic>) {
        if self.card.name.full.is_none() {
            self.card.name.full = self.display_name.take();
        } else if let Some(name) = self.display_name.take().filter(|name| Some(name) != self.card.name.full.as_ref()) {
            self.extra("displayName", &name);
        }
        let birth = std::mem::take(&mut self.birth).close();
        self.card.anniversaries.extend(birth.anniversary);
        for (name, value) in birth.left {
            self.extra(&name, &value);
        }
        self.work.contexts = vec![Context::Work];
        self.home.contexts = vec![Context::Private];
        for address in [self.work, self.home] {
            let said = Address { contexts: Vec::new(), ..address.clone() };
            self.card.addresses.extend((said != Address::default()).then_some(address));
        }
        self.card.organizations.extend((self.organization != Organization::default()).then_some(self.organization));
        let card = self.card;
        let is_nobody = card.name.is_empty()
            && card.nicknames.is_empty()
            && card.emails.is_empty()
            && card.phones.is_empty()
            && card.organizations.is_empty();
        ((!is_nobody).then_some(card), birth.diagnostic)
    }
}
