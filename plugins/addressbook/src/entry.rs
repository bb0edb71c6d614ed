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
    organizations: Vec<Organization>,
    units: Vec<String>,
    display_name: Option<String>,
    birth: BirthFields,
    is_list: bool,
    change: Option<String>,
    is_seen: bool,
    is_cut: bool,
    problems: Vec<Diagnostic>,
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

    /// Returns whether the file ends within it.
    pub(crate) fn is_cut(&self) -> bool {
        self.is_cut
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
                if !(self.name(&lower, name, &text) || self.reach(&lower, &text) || self.place(&lower, name, &text)) {
                    self.other(&lower, name, text);
                }
                Ok(true)
            }
        }
    }

    /// Takes an attribute within which the file ends; a value is kept as text.
    pub(crate) fn cut(&mut self, line: u64, name: &str, value: &str) {
        self.is_cut = true;
        if !value.is_empty() {
            let told =
                Diagnostic::kept("the file ends within this line", "kept as text, the rest of the entry as it is");
            self.problems.push(told.at_line(line).in_property(name).with_value(value));
            self.extra(name, value);
        }
    }

    fn name(&mut self, lower: &str, name: &str, text: &str) -> bool {
        let kind = match lower {
            "givenname" | "gn" => NameComponentKind::Given,
            "sn" | "surname" => NameComponentKind::Surname,
            "personaltitle" => NameComponentKind::Title,
            "generationqualifier" => NameComponentKind::Generation,
            "cn" | "commonname" => {
                if !is_first(&mut self.card.name.full, text) {
                    self.extra(name, text);
                }
                return true;
            }
            "displayname" => {
                if !is_first(&mut self.display_name, text) {
                    self.extra(name, text);
                }
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

    fn place(&mut self, lower: &str, name: &str, text: &str) -> bool {
        let (work, home) = (&mut self.work, &mut self.home);
        let held = match lower {
            "street" | "streetaddress" | "mozillaworkstreet2" => {
                work.street.push(text.to_owned());
                return true;
            }
            "mozillahomestreet" | "homestreet" | "mozillahomestreet2" => {
                home.street.push(text.to_owned());
                return true;
            }
            "l" | "localityname" | "locality" => &mut work.locality,
            "st" | "stateorprovincename" | "region" => &mut work.region,
            "postalcode" | "zip" => &mut work.postcode,
            "c" | "co" | "countryname" => &mut work.country,
            "postaladdress" => &mut work.full,
            "mozillahomelocalityname" => &mut home.locality,
            "mozillahomestate" => &mut home.region,
            "mozillahomepostalcode" => &mut home.postcode,
            "mozillahomecountryname" => &mut home.country,
            "homepostaladdress" => &mut home.full,
            _ => return false,
        };
        // Lines of a postal address are parted so (RFC 4517 §3.3.28).
        let text = if lower.ends_with("postaladdress") { text.replace('$', "\n") } else { text.to_owned() };
        if !is_first(held, &text) {
            self.extra(name, &text);
        }
        true
    }

    fn other(&mut self, lower: &str, name: &str, text: String) {
        match lower {
            "o" | "organizationname" | "company" => self.organization(text),
            "ou" | "department" | "departmentnumber" | "orgunit" => self.units.push(text),
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

    fn organization(&mut self, name: String) {
        if !self.organizations.iter().any(|known| known.name == name) {
            self.organizations.push(Organization { name, ..Organization::default() });
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
    pub(crate) fn card(mut self) -> (Option<Card>, Vec<Diagnostic>) {
        if self.card.name.full.is_none() {
            self.card.name.full = self.display_name.take();
        } else if let Some(name) = self.display_name.take().filter(|name| Some(name) != self.card.name.full.as_ref()) {
            self.extra("displayName", &name);
        }
        let birth = std::mem::take(&mut self.birth).close();
        self.card.anniversaries.extend(birth.anniversary);
        self.problems.extend(birth.diagnostic);
        for (name, value) in birth.left {
            self.extra(&name, &value);
        }
        self.work.contexts = vec![Context::Work];
        self.home.contexts = vec![Context::Private];
        for address in [self.work, self.home] {
            let said = Address { contexts: Vec::new(), ..address.clone() };
            self.card.addresses.extend((said != Address::default()).then_some(address));
        }
        // Nothing says of which organization a unit is; the first is as good as any.
        if self.organizations.is_empty() && !self.units.is_empty() {
            self.organizations.push(Organization::default());
        }
        if let Some(first) = self.organizations.first_mut() {
            first.units = self.units;
        }
        self.card.organizations = self.organizations;
        let card = self.card;
        let is_nobody = card.name.is_empty()
            && card.nicknames.is_empty()
            && card.emails.is_empty()
            && card.phones.is_empty()
            && card.organizations.is_empty();
        ((!is_nobody).then_some(card), self.problems)
    }
}

/// Takes a value where there is none yet. Returns whether it is what is held then.
fn is_first(held: &mut Option<String>, value: &str) -> bool {
    held.get_or_insert_with(|| value.to_owned()) == value
}
