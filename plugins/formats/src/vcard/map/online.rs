//! Where they are online, and whom the card names as related.

use kith_plugin::card::{AnniversaryKind, Link, OnlineService, Relation};

use super::{Mapper, Taken};
use crate::vcard::property::Property;

/// Services as they spell themselves, by the words that programs write for them.
const SERVICES: [(&str, &str); 24] = [
    ("aim", "AIM"),
    ("discord", "Discord"),
    ("facebook", "Facebook"),
    ("gadugadu", "Gadu-Gadu"),
    ("gg", "Gadu-Gadu"),
    ("github", "GitHub"),
    ("google-talk", "Google Talk"),
    ("googletalk", "Google Talk"),
    ("gtalk", "Google Talk"),
    ("icq", "ICQ"),
    ("instagram", "Instagram"),
    ("jabber", "XMPP"),
    ("linkedin", "LinkedIn"),
    ("mastodon", "Mastodon"),
    ("matrix", "Matrix"),
    ("msn", "MSN"),
    ("qq", "QQ"),
    ("signal", "Signal"),
    ("skype", "Skype"),
    ("telegram", "Telegram"),
    ("twitter", "Twitter"),
    ("whatsapp", "WhatsApp"),
    ("xmpp", "XMPP"),
    ("yahoo", "Yahoo"),
];

/// What `X-ANDROID-CUSTOM` numbers its relations (Android's `ContactsContract.CommonDataKinds.Relation`).
const ANDROID_RELATIONS: [&str; 15] = [
    "",
    "assistant",
    "brother",
    "child",
    "partner",
    "father",
    "friend",
    "manager",
    "mother",
    "parent",
    "partner",
    "referred by",
    "relative",
    "sister",
    "spouse",
];

/// Returns the relation that a program's own property stands for.
pub(super) fn relation_of(name: &str) -> Option<&'static str> {
    Some(match name {
        "X-SPOUSE" | "X-EVOLUTION-SPOUSE" | "X-MS-SPOUSE" | "X-KADDRESSBOOK-X-SPOUSENAME" => "spouse",
        "X-MANAGER" | "X-EVOLUTION-MANAGER" | "X-MS-MANAGER" | "X-KADDRESSBOOK-X-MANAGERSNAME" => "manager",
        "X-ASSISTANT" | "X-EVOLUTION-ASSISTANT" | "X-MS-ASSISTANT" | "X-KADDRESSBOOK-X-ASSISTANTSNAME" => "assistant",
        "X-MS-CHILD" => "child",
        _ => return None,
    })
}

/// Returns the service of a property such as `X-SKYPE-USERNAME`.
pub(super) fn service_of(name: &str) -> Option<&'static str> {
    let word = name.strip_prefix("X-")?.to_ascii_lowercase();
    if word == "ms-imaddress" {
        return Some("IM");
    }
    let word = word.strip_suffix("-username").or_else(|| word.strip_suffix("-id")).unwrap_or(&word);
    SERVICES.iter().find(|(key, _)| *key == word).map(|(_, service)| *service)
}

impl Mapper {
    pub(super) fn online(&mut self, name: &str, property: &Property<'_>) -> Taken {
        let value = property.value();
        let label = self.label(property);
        if name == "URL" {
            return self.link(value, label.or_else(|| use_of(property)));
        }
        let stated = ["X-SERVICE-TYPE", "SERVICE-TYPE"].into_iter().find_map(|param| property.param_text(param));
        let typed = || {
            (name == "X-SOCIALPROFILE")
                .then(|| property.types().find(|word| !is_use(word)))
                .flatten()
                .map(str::to_owned)
        };
        let scheme = || scheme_of(&value).map(str::to_owned);
        let service = stated.or_else(typed).or(label).or_else(scheme);
        let stated_user = ["X-USER", "USERNAME", "X-USERID"].into_iter().find_map(|param| property.param_text(param));
        let handle = scheme_of(&value).and_then(|scheme| value.get(scheme.len() + 1..)).filter(|_| name == "IMPP");
        let text_value = property.param("VALUE").is_some_and(|value| value.eq_ignore_ascii_case("text"));
        let user = stated_user.or_else(|| handle.or(text_value.then_some(value.as_str())).map(str::to_owned));
        let user = user.filter(|user| !user.is_empty());
        // Apple writes the handle again where it knows no page.
        let apple = value.strip_prefix("x-apple:").map(str::to_owned);
        let (user, text_value) = (user.or_else(|| apple.clone()), text_value || apple.is_some());
        let service = if is_linkedin(&value) { Some("LinkedIn".to_owned()) } else { service.map(|word| spell(&word)) };
        self.service(OnlineService { service, uri: Some(value).filter(|_| !text_value), user })
    }

    /// Takes a handle such as that of `X-SKYPE`.
    pub(super) fn handle(&mut self, service: &str, property: &Property<'_>) -> Taken {
        let value = property.value();
        let uri = is_web(&value).then(|| value.clone());
        let user = uri.is_none().then_some(value);
        self.service(OnlineService { service: Some(service.to_owned()), uri, user })
    }

    fn link(&mut self, uri: String, label: Option<String>) -> Taken {
        if is_linkedin(&uri) {
            return self.service(OnlineService { service: Some("LinkedIn".to_owned()), uri: Some(uri), user: None });
        }
        self.draft.card.links.push(Link { uri, label });
        Taken::Yes
    }

    fn service(&mut self, service: OnlineService) -> Taken {
        if !self.draft.card.online_services.contains(&service) {
            self.draft.card.online_services.push(service);
        }
        Taken::Yes
    }

    pub(super) fn relation(&mut self, property: &Property<'_>) -> Taken {
        let label = self.label(property).map(|label| label.to_lowercase());
        let typed = property.types().find(|word| !is_use(word)).map(str::to_lowercase);
        self.related(property.value(), label.or(typed))
    }

    pub(super) fn related(&mut self, to: String, relation: Option<String>) -> Taken {
        let relation = Relation { to, relation };
        if !self.draft.card.related_to.contains(&relation) {
            self.draft.card.related_to.push(relation);
        }
        Taken::Yes
    }

    /// Takes what Android writes for what vCard 2.1 has no property for: `vnd.android.cursor.item/KIND;value;type;label;…`.
    pub(super) fn android(&mut self, property: &Property<'_>) -> Taken {
        let value = property.value();
        let mut parts = value.split(';').map(str::trim);
        let kind = parts.next().and_then(|kind| kind.strip_prefix("vnd.android.cursor.item/")).unwrap_or_default();
        let text = parts.next().unwrap_or_default().to_owned();
        let number: usize = parts.next().and_then(|number| number.parse().ok()).unwrap_or(0);
        let own = parts.next().filter(|label| !label.is_empty()).map(str::to_owned);
        match kind {
            _ if text.is_empty() => Taken::No,
            "nickname" => {
                self.draft.card.nicknames.push(text);
                Taken::Yes
            }
            "relation" => {
                let numbered =
                    ANDROID_RELATIONS.get(number).filter(|word| !word.is_empty()).map(|word| (*word).to_owned());
                self.related(text, own.or(numbered))
            }
            "contact_event" => {
                let kind = match number {
                    1 => AnniversaryKind::Wedding,
                    3 => AnniversaryKind::Birth,
                    _ => AnniversaryKind::Other,
                };
                self.anniversary(kind, &text, own, property)
            }
            _ => Taken::No,
        }
    }
}

/// Returns the service's own spelling of its name.
fn spell(word: &str) -> String {
    let key = word.to_ascii_lowercase();
    SERVICES.iter().find(|(k, _)| *k == key).map_or_else(|| word.to_owned(), |(_, service)| (*service).to_owned())
}

/// Whether the word says where or how something is used, not what it is.
fn is_use(word: &str) -> bool {
    ["pref", "home", "work", "internet", "other"].iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// Returns where a page is used, as a label: `work`.
fn use_of(property: &Property<'_>) -> Option<String> {
    let words: Vec<String> =
        property.types().map(str::to_lowercase).filter(|word| word != "pref" && word != "internet").collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// Returns the scheme of an address that is not a web page: `skype` of `skype:ana`.
fn scheme_of(value: &str) -> Option<&str> {
    let (scheme, _) = value.split_once(':')?;
    let word = !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-+.".contains(&byte));
    (word && !is_web(value)).then_some(scheme)
}

fn is_web(value: &str) -> bool {
    let start = value.get(..8).unwrap_or(value).to_ascii_lowercase();
    start.starts_with("http://") || start.starts_with("https://")
}

/// Whether the address is a person's LinkedIn profile.
fn is_linkedin(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://")).unwrap_or(&lower);
    let Some((host, path)) = rest.split_once('/') else { return false };
    let ours = host == "linkedin.com" || host.ends_with(".linkedin.com");
    ours && (path.starts_with("in/") || path.starts_with("pub/"))
}
