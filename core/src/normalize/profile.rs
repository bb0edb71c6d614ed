//! Profiles with online services, by service and user.
//!
//! The user's name is decoded, lower-case and in NFC, which is how all of these services compare names.

use super::fold_text;
use super::text::text_cow;
use super::uri::{WebAddress, percent_decoded};

/// A profile in normal form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The service: `linkedin`, `github`, `x`, `mastodon`, `facebook`, `instagram`, `xing`, a messenger, or the host.
    pub service: String,
    /// The user with that service; with an unknown host the path as written.
    pub user: String,
    /// The service is known, and gives such an address to a person.
    pub is_known: bool,
}

impl Profile {
    fn known(service: &str, user: &str) -> Option<Self> {
        let user = user_name(user)?;
        Some(Self { service: service.to_owned(), user, is_known: true })
    }
}

/// Parts of a path at the root of a service that are no user.
const RESERVED: &[&str] = &[
    "about",
    "channel",
    "events",
    "explore",
    "features",
    "groups",
    "hashtag",
    "help",
    "home",
    "i",
    "intent",
    "login",
    "marketplace",
    "orgs",
    "p",
    "pages",
    "pg",
    "privacy",
    "reel",
    "search",
    "settings",
    "share",
    "sharer",
    "sponsors",
    "stories",
    "topics",
    "watch",
];

/// Messengers whose addresses are URIs of their own scheme.
const MESSENGERS: &[&str] = &["xmpp", "skype", "sip", "sips", "im", "aim", "icq", "ymsgr", "msnim", "matrix"];

/// Returns service and user of a profile's address; `None` where it names no person's profile.
///
/// ```
/// use kith_core::normalize::profile;
/// let ana = Some(("linkedin".to_owned(), "ana-silva".to_owned()));
/// assert_eq!(profile("https://de.linkedin.com/in/Ana-Silva/?trk=x"), ana);
/// assert_eq!(profile("https://www.linkedin.com/company/example"), None);
/// ```
#[must_use]
pub fn profile(raw: &str) -> Option<(String, String)> {
    Profile::parse(raw).map(|p| (p.service, p.user))
}

/// Returns the profile of a handle with a named service: `LinkedIn` and `ana-silva`, `Twitter` and `@ana`.
#[must_use]
pub fn profile_of(service: &str, handle: &str) -> Option<Profile> {
    // Apple writes `x-apple:ana` where it knows a handle only.
    let handle = handle.trim().trim_start_matches("x-apple:");
    if handle.contains('/') {
        return Profile::parse(handle);
    }
    let service = match fold_text(service).as_str() {
        "linkedin" => "linkedin",
        "github" => "github",
        "twitter" | "x" => "x",
        "facebook" => "facebook",
        "instagram" => "instagram",
        "xing" => "xing",
        "mastodon" => return mastodon_handle(handle),
        "skype" => "skype",
        "xmpp" | "jabber" | "google talk" | "googletalk" => "xmpp",
        "telegram" => "telegram",
        _ => return None,
    };
    Profile::known(service, handle)
}

impl Profile {
    /// Reads a profile's address; `None` where it names no person's profile.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        let raw = text_cow(raw);
        if let Some(profile) = messenger(&raw).or_else(|| mastodon_handle(&raw)) {
            return Some(profile);
        }
        let address = WebAddress::parse(&raw)?;
        if address.is_at("linkedin.com") {
            return linkedin(&address);
        }
        if let Some(service) = root_service(&address) {
            return at_root(service, &address);
        }
        if address.is_at("facebook.com") || address.host == "fb.com" {
            return facebook(&address);
        }
        if address.is_at("xing.com") {
            let named = address.segment(0)?.eq_ignore_ascii_case("profile");
            return named.then(|| address.segment(1)).flatten().and_then(|user| Self::known("xing", user));
        }
        federated(&address).or_else(|| elsewhere(&address))
    }
}

/// `/in/slug` of any country and kind of page, and `/pub/name/a/b/c`, which LinkedIn made into `/in/name-cba`.
fn linkedin(address: &WebAddress<'_>) -> Option<Profile> {
    let is = |segment: &str, word: &str| segment.eq_ignore_ascii_case(word);
    let skipped = address.segments.iter().take_while(|s| ["comm", "m", "mwlite"].iter().any(|w| is(s, w))).count();
    let kind = address.segment(skipped)?;
    let slug = address.segment(skipped + 1)?;
    if is(kind, "in") {
        return Profile::known("linkedin", slug);
    }
    if !is(kind, "pub") || is(slug, "dir") {
        return None;
    }
    let numbers = address.segments.get(skipped + 2..).unwrap_or_default();
    match numbers {
        [a, b, c, ..] => Profile::known("linkedin", &format!("{slug}-{c:0>3}{b:0>3}{a}")),
        _ => Profile::known("linkedin", slug),
    }
}

fn root_service(address: &WebAddress<'_>) -> Option<&'static str> {
    let host = ["m.", "mobile."].iter().find_map(|prefix| address.host.strip_prefix(prefix)).unwrap_or(&address.host);
    match host {
        "github.com" => Some("github"),
        "x.com" | "twitter.com" => Some("x"),
        "instagram.com" => Some("instagram"),
        _ => None,
    }
}

fn at_root(service: &str, address: &WebAddress<'_>) -> Option<Profile> {
    let [user] = address.segments.as_slice() else { return None };
    Profile::known(service, user)
}

/// Facebook ignores dots in user names, and has numbers for those without one.
fn facebook(address: &WebAddress<'_>) -> Option<Profile> {
    let first = address.segment(0)?;
    if first.eq_ignore_ascii_case("profile.php") {
        let id = address.query.split('&').find_map(|pair| pair.strip_prefix("id="))?;
        return Profile::known("facebook", id);
    }
    if first.eq_ignore_ascii_case("people") {
        return Profile::known("facebook", address.segment(2)?);
    }
    let [user] = address.segments.as_slice() else { return None };
    Profile::known("facebook", &user.replace('.', ""))
}

/// `https://host/@user`, as Mastodon and its kin have it; sites with one host for all have other rules.
fn federated(address: &WebAddress<'_>) -> Option<Profile> {
    let [user] = address.segments.as_slice() else { return None };
    let central = ["medium.com", "youtube.com", "tiktok.com", "threads.net", "threads.com", "t.me", "substack.com"];
    if central.iter().any(|domain| address.is_at(domain)) {
        return None;
    }
    mastodon_handle(&format!("{user}@{}", address.host))
}

/// `@user@host`, RFC 7565's `acct:user@host` as well.
fn mastodon_handle(text: &str) -> Option<Profile> {
    let handle = text.strip_prefix('@').or_else(|| text.strip_prefix("acct:"))?;
    let (user, host) = handle.trim_start_matches('@').split_once('@')?;
    let host_ok = host.contains('.') && !host.contains(['/', '@', ' ']);
    (host_ok && !user.is_empty()).then(|| Profile::known("mastodon", &format!("{user}@{host}"))).flatten()
}

fn messenger(raw: &str) -> Option<Profile> {
    let (scheme, rest) = raw.split_once(':')?;
    let service = MESSENGERS.iter().find(|known| scheme.eq_ignore_ascii_case(known))?;
    let user = rest.trim_start_matches('/').split(['?', ';']).next()?;
    Profile::known(service, user)
}

/// A page of a host without rules of its own; its root says nothing of a person.
fn elsewhere(address: &WebAddress<'_>) -> Option<Profile> {
    let path = address.segments.iter().map(|s| percent_decoded(s)).collect::<Vec<_>>().join("/");
    (!path.is_empty()).then(|| Profile { service: address.host.clone(), user: path, is_known: false })
}

fn user_name(raw: &str) -> Option<String> {
    let decoded = percent_decoded(raw);
    let mut user = text_cow(decoded.trim().trim_start_matches('@')).into_owned();
    if user.is_ascii() {
        user.make_ascii_lowercase();
    } else {
        user = text_cow(&user.to_lowercase()).into_owned();
    }
    let is_user = !user.is_empty() && !user.contains(['/', ' ', '?', '#']) && !RESERVED.contains(&user.as_str());
    is_user.then_some(user)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(raw: &str, expected: &str) {
        let read = profile(raw).map(|(service, user)| format!("{service}/{user}"));
        assert_eq!(read.unwrap_or_default(), expected, "{raw:?}");
    }

    #[test]
    fn reads_a_linkedin_slug_from_every_kind_of_address() {
        for raw in [
            "https://www.linkedin.com/in/ana-silva",
            "http://linkedin.com/in/Ana-Silva/",
            "de.linkedin.com/in/ana-silva/en?trk=people",
            "WWW.LINKEDIN.COM/IN/ANA-SILVA#top",
            "https://m.linkedin.com/in/ana-silva/detail/recent-activity",
            "https://www.linkedin.com/comm/in/ana-silva?lipi=x",
            "https://www.linkedin.com/mwlite/in/ana-silva",
            "http\\://www.linkedin.com/in/ana-silva",
        ] {
            check(raw, "linkedin/ana-silva");
        }
    }

    #[test]
    fn decodes_a_slug_and_composes_it() {
        check("https://www.linkedin.com/in/zo%C3%AB-brandt", "linkedin/zoë-brandt");
        check("https://www.linkedin.com/in/ZOE%CC%88-brandt", "linkedin/zoë-brandt");
        check("https://www.linkedin.com/in/zoë-brandt", "linkedin/zoë-brandt");
        check("https://www.linkedin.com/in/zo%25C3%25AB-brandt", "linkedin/zoë-brandt");
    }

    #[test]
    fn turns_an_old_public_address_into_the_slug_that_it_leads_to() {
        check("https://sy.linkedin.com/pub/ana-silva/a7/576/b50?trk=x", "linkedin/ana-silva-b50576a7");
        check("https://linkedin.com/pub/ana-silva", "linkedin/ana-silva");
        check("https://linkedin.com/pub/dir/Ana/Silva", "");
    }

    #[test]
    fn a_page_of_a_company_is_no_person() {
        for path in [
            "company/example",
            "school/example",
            "showcase/example",
            "groups/1",
            "feed",
            "in",
            "in/",
            "jobs/view/1",
            "",
        ] {
            check(&format!("https://www.linkedin.com/{path}"), "");
        }
        check("https://www.notlinkedin.com/in/ana", "notlinkedin.com/in/ana");
    }

    #[test]
    fn knows_the_other_services() {
        check("https://github.com/Ana", "github/ana");
        check("https://github.com/ana/project", "");
        check("https://twitter.com/@Ana", "x/ana");
        check("https://mobile.twitter.com/ana", "x/ana");
        check("https://x.com/ana?s=20", "x/ana");
        check("https://x.com/intent/user?id=1", "");
        check("https://x.com/home", "");
        check("https://mastodon.example/@Ana", "mastodon/ana@mastodon.example");
        check("@ana@mastodon.example", "mastodon/ana@mastodon.example");
        check("acct:ana@mastodon.example", "mastodon/ana@mastodon.example");
        check("https://m.facebook.com/ana.silva.7", "facebook/anasilva7");
        check("https://www.facebook.com/profile.php?id=100012", "facebook/100012");
        check("https://www.facebook.com/people/Ana-Silva/100012", "facebook/100012");
        check("https://www.facebook.com/pages/Example/1", "");
        check("https://www.instagram.com/ana/", "instagram/ana");
        check("https://www.xing.com/profile/Ana_Silva/cv", "xing/ana_silva");
        check("https://www.xing.com/companies/example", "");
        check("skype:ana.silva?chat", "skype/ana.silva");
        check("xmpp:Ana@example.com", "xmpp/ana@example.com");
    }

    #[test]
    fn any_other_address_is_host_and_path() {
        check("https://www.people.example/~Ana/", "people.example/~Ana");
        check("https://ana.example/", "");
        check("not an address", "");
        check("ana@example.com", "");
    }

    #[test]
    fn reads_a_handle_by_the_name_of_its_service() {
        let read =
            |service: &str, handle: &str| profile_of(service, handle).map(|p| format!("{}/{}", p.service, p.user));
        assert_eq!(read("LinkedIn", "Ana-Silva").as_deref(), Some("linkedin/ana-silva"));
        assert_eq!(read("linkedin", "https://linkedin.com/in/ana-silva").as_deref(), Some("linkedin/ana-silva"));
        assert_eq!(read("Twitter", "x-apple:@ana").as_deref(), Some("x/ana"));
        assert_eq!(read("Myspace", "ana"), None);
        assert_eq!(read("LinkedIn", "Ana Silva"), None);
    }

    proptest! {
        #[test]
        fn a_slug_read_again_is_the_same(slug in "[\\PC&&[^/?#\\s]]{1,12}") {
            if let Some((_, once)) = profile(&format!("https://www.linkedin.com/in/{slug}")) {
                prop_assert_eq!(profile(&format!("linkedin.com/in/{once}")), Some(("linkedin".to_owned(), once)));
            }
        }

        #[test]
        fn never_panics(raw in any::<String>()) {
            prop_assert!(profile(&raw).is_none_or(|(service, user)| !service.is_empty() && !user.is_empty()));
        }
    }
}
