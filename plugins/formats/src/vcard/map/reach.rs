//! How to reach them: mail addresses, telephone numbers, postal addresses.

use kith_plugin::card::{Address, Context, Email, Phone};
use kith_plugin::diagnostic::Diagnostic;

use super::{Mapper, Taken};
use crate::vcard::property::Property;

/// What the types and the label of a property say.
#[derive(Debug, Default)]
struct Usage {
    contexts: Vec<Context>,
    features: Vec<String>,
    label: Option<String>,
}

impl Mapper {
    pub(super) fn email(&mut self, property: &Property<'_>) -> Taken {
        let value = property.value();
        let address = strip_scheme(&value, "mailto:").to_owned();
        if address.is_empty() {
            return Taken::Yes;
        }
        if !address.contains('@') {
            let diagnostic = Diagnostic::kept("not a mail address", "kept as written");
            self.say(diagnostic.at_line(property.line).in_property(property.name).with_value(&address));
        }
        let Usage { contexts, label, .. } = self.usage(property);
        self.draft.card.emails.push(Email { address, contexts, label, pref: property.pref() });
        Taken::Yes
    }

    pub(super) fn phone(&mut self, property: &Property<'_>) -> Taken {
        let value = property.value();
        let number = strip_scheme(&value, "tel:").to_owned();
        if number.is_empty() {
            return Taken::Yes;
        }
        let Usage { contexts, features, label } = self.usage(property);
        self.draft.card.phones.push(Phone { number, features, contexts, label, pref: property.pref() });
        Taken::Yes
    }

    pub(super) fn address(&mut self, property: &Property<'_>) -> Taken {
        let parts: Vec<String> = property.values().into_iter().map(|part| part.join(",").trim().to_owned()).collect();
        let full = property.param_text("LABEL").map(|label| label.replace("\\n", "\n").replace("\\N", "\n"));
        if parts.iter().all(String::is_empty) && full.is_none() {
            return Taken::Yes;
        }
        let part = |place: usize| parts.get(place).filter(|part| !part.is_empty()).cloned();
        let lines =
            |place| part(place).into_iter().flat_map(|part| part.lines().map(str::to_owned).collect::<Vec<_>>());
        // RFC 6350 §6.3.1: post office box, extended address, street. RFC 9554 §2.1 repeats these in finer parts behind.
        let street = (0..3).flat_map(lines).collect();
        let Usage { contexts, label, .. } = self.usage(property);
        self.draft.card.addresses.push(Address {
            full,
            street,
            locality: part(3),
            region: part(4),
            postcode: part(5),
            country: part(6),
            contexts,
            label,
        });
        Taken::Yes
    }

    /// Puts LABEL, the whole address as text (vCard 2.1 and 3.0), to the address of the same use.
    pub(super) fn address_label(&mut self, property: &Property<'_>) -> Taken {
        let full = property.value();
        let contexts = self.usage(property).contexts;
        let addresses = &mut self.draft.card.addresses;
        if let Some(address) =
            addresses.iter_mut().find(|address| address.full.is_none() && address.contexts == contexts)
        {
            address.full = Some(full);
        } else if addresses.iter().any(|address| address.contexts == contexts) {
            return Taken::No;
        } else {
            addresses.push(Address { full: Some(full), contexts, ..Address::default() });
        }
        Taken::Yes
    }

    fn usage(&mut self, property: &Property<'_>) -> Usage {
        let mut usage = Usage::default();
        for word in property.types() {
            usage.add(word);
        }
        if let Some(label) = property.custom_type() {
            usage.label = Some(label);
        }
        if let Some(label) = self.label(property) {
            usage.label = None;
            usage.add(&label);
        }
        usage
    }
}

/// What a type or a label of Apple's says.
#[derive(Debug, Clone, Copy)]
enum Word {
    Context(Context),
    Feature(&'static str),
    /// Nothing that is kept here.
    Other,
}

const WORDS: [(&str, Word); 22] = [
    ("home", Word::Context(Context::Private)),
    ("work", Word::Context(Context::Work)),
    ("cell", Word::Feature("mobile")),
    ("mobile", Word::Feature("mobile")),
    ("iphone", Word::Feature("mobile")),
    ("voice", Word::Feature("voice")),
    ("text", Word::Feature("text")),
    ("msg", Word::Feature("text")),
    ("fax", Word::Feature("fax")),
    ("homefax", Word::Feature("fax")),
    ("workfax", Word::Feature("fax")),
    ("pager", Word::Feature("pager")),
    ("video", Word::Feature("video")),
    ("textphone", Word::Feature("textphone")),
    ("main", Word::Feature("main-number")),
    ("main-number", Word::Feature("main-number")),
    ("pref", Word::Other),
    ("internet", Word::Other),
    ("dom", Word::Other),
    ("intl", Word::Other),
    ("postal", Word::Other),
    ("parcel", Word::Other),
];

impl Usage {
    /// Adds a type or a label: a context, a feature, or else what the source calls it.
    fn add(&mut self, word: &str) {
        match WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, word)| *word) {
            Some(Word::Context(context)) if !self.contexts.contains(&context) => self.contexts.push(context),
            Some(Word::Feature(feature)) if !self.features.iter().any(|have| have == feature) => {
                self.features.push(feature.to_owned());
            }
            Some(Word::Context(_) | Word::Feature(_) | Word::Other) => {}
            None if word.eq_ignore_ascii_case("other") => {}
            None => {
                self.label =
                    Some(self.label.take().map_or_else(|| word.to_owned(), |label| format!("{label}, {word}")));
            }
        }
    }
}

fn strip_scheme<'a>(value: &'a str, scheme: &str) -> &'a str {
    match value.split_at_checked(scheme.len()) {
        Some((start, rest)) if start.eq_ignore_ascii_case(scheme) => rest.trim(),
        Some(_) | None => value,
    }
}
