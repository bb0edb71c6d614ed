//! Mail addresses in the form by which two of them are the same.
//!
//! What follows a plus sign and the dots of Gmail stay: they are rules of single providers, and no standard's.

use super::text::text_cow;
use super::{punycode, role, uri};

/// The longest local part and domain in octets, RFC 5321 §4.5.3.1.
const LOCAL_LIMIT_BYTES: usize = 64;
const DOMAIN_LIMIT_BYTES: usize = 255;

/// Returns the address in normal form: lower-case, the domain as it goes over the wire; `None` for what is no address.
///
/// A `mailto:` and a name with angle brackets around the address are taken off. The local part is lower-cased although
/// RFC 5321 §2.4 calls it case-sensitive: the same section discourages making use of that, and no large provider does; so
/// this is the form to compare by, and the card keeps the form to write to.
///
/// ```
/// use kith_core::normalize::email;
/// assert_eq!(email(" <Ana.Silva@Example.COM> ").as_deref(), Some("ana.silva@example.com"));
/// assert_eq!(email("mailto:zoe@Bücher.example?subject=Hi").as_deref(), Some("zoe@xn--bcher-kva.example"));
/// assert_eq!(email("ana at example"), None);
/// ```
#[must_use]
pub fn email(raw: &str) -> Option<String> {
    let raw = text_cow(raw);
    let bare = bare_address(&raw);
    let (local, domain) = bare.rsplit_once('@')?;
    // What begins with an apostrophe is quoted by a mailer, and not by whom it belongs to.
    let local = local_part(local).filter(|local| !local.starts_with('\''))?;
    let domain = domain_name(domain)?;
    let mut address = String::with_capacity(local.len() + 1 + domain.len());
    address.push_str(&local);
    address.push('@');
    address.push_str(&domain);
    Some(address)
}

/// Returns whether many people, or none, read an address in normal form: `info@`, `no-reply@`, a list, a host of one's own.
///
/// Such an address never shows that two records are one person.
#[must_use]
pub fn is_shared_email(address: &str) -> bool {
    let Some((local, domain)) = address.rsplit_once('@') else { return false };
    // A domain without a dot is known on one machine or network only (RFC 5321 §2.3.5), as is a literal address.
    !domain.contains('.') || domain.starts_with('[') || role::is_shared_domain(domain) || role::is_role(local)
}

/// Returns whether an address in normal form is a place within an organisation, `office@acme.example`, and neither a list nor a
/// relay, at which everybody writes under one address.
#[must_use]
pub fn is_office_email(address: &str) -> bool {
    let Some((local, domain)) = address.rsplit_once('@') else { return false };
    is_shared_email(address) && domain.contains('.') && !role::is_shared_domain(domain) && role::is_role(local)
}

/// Takes off what stands around an address: a name and angle brackets, `mailto:` (RFC 6068), quotes.
fn bare_address(raw: &str) -> std::borrow::Cow<'_, str> {
    let inner = match (raw.rfind('<'), raw.rfind('>')) {
        (Some(open), Some(close)) if open < close => raw.get(open + 1..close).unwrap_or_default(),
        _ => raw,
    };
    let inner = inner.trim_matches([' ', '\'', ',', ';']);
    match inner.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => {
            let address = inner.get(7..).unwrap_or_default().split('?').next().unwrap_or_default();
            uri::percent_decoded(address.trim())
        }
        _ => inner.into(),
    }
}

/// A dot-atom of any script (RFC 6531 §3.3), also with the stray dots that some providers gave out, or a quoted string.
fn local_part(local: &str) -> Option<String> {
    // A quoted string that needs no quotes is the same mailbox without them, RFC 5321 §4.1.2.
    let unquoted = local.strip_prefix('"').and_then(|l| l.strip_suffix('"')).filter(|l| l.chars().all(is_atext));
    let local = unquoted.unwrap_or(local);
    let quoted = local.len() > 2 && local.starts_with('"') && local.ends_with('"');
    let well_formed = !local.is_empty() && (quoted || local.chars().all(is_atext));
    let lower =
        |local: &str| if local.is_ascii() { local.to_ascii_lowercase() } else { super::text(&local.to_lowercase()) };
    (well_formed && local.len() <= LOCAL_LIMIT_BYTES).then(|| lower(local))
}

fn is_atext(c: char) -> bool {
    match c {
        '!' | '#' | '$' | '%' | '&' | '\'' | '*' | '+' | '-' | '/' => true,
        '=' | '?' | '^' | '_' | '`' | '{' | '|' | '}' | '~' | '.' => true,
        _ => c.is_ascii_alphanumeric() || (!c.is_ascii() && !c.is_whitespace() && !c.is_control()),
    }
}

fn domain_name(domain: &str) -> Option<String> {
    let is_literal = domain.starts_with('[') && domain.ends_with(']');
    if is_literal {
        let literal_ok = domain.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '[' | ']' | '.' | ':' | '-'));
        return literal_ok.then(|| domain.to_ascii_lowercase());
    }
    let domain = punycode::domain_to_ascii(domain.trim_end_matches('.'))?;
    (domain.len() <= DOMAIN_LIMIT_BYTES && domain.split('.').all(is_label)).then_some(domain)
}

/// Letters, digits and hyphens (RFC 1034 §3.5), and the underscore that some hosts carry.
fn is_label(label: &str) -> bool {
    let hyphen_ok = !label.starts_with('-') && !label.ends_with('-');
    (1..=63).contains(&label.len())
        && hyphen_ok
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(raw: &str, expected: &str) {
        assert_eq!(email(raw).unwrap_or_default(), expected, "{raw:?}");
    }

    #[test]
    fn lower_cases_domain_and_local_part_rfc_5321_2_4() {
        check("Ana.Silva@Example.COM", "ana.silva@example.com");
        check("ÁNA@example.com", "ána@example.com");
    }

    #[test]
    fn takes_off_what_stands_around() {
        check("  <ana@example.com> ", "ana@example.com");
        check("Ana Silva <ana@example.com>", "ana@example.com");
        check("\"Silva, Ana\" <ana@example.com>", "ana@example.com");
        check("'ana@example.com'", "ana@example.com");
        check("MailTo:ana%2Bwork@example.com?subject=x", "ana+work@example.com");
        check("\u{feff}ana@example.com\u{200b}", "ana@example.com");
    }

    #[test]
    fn keeps_what_a_provider_means_by_plus_and_dot() {
        check("ana.silva+kith@example.com", "ana.silva+kith@example.com");
        // Given out by a Japanese provider against RFC 5322's dot-atom.
        check("ana..silva.@example.jp", "ana..silva.@example.jp");
    }

    #[test]
    fn a_quoted_local_part_rfc_5321_4_1_2() {
        check("\"ana\"@example.com", "ana@example.com");
        check("\"Ana Silva\"@example.com", "\"ana silva\"@example.com");
    }

    #[test]
    fn a_domain_in_another_script_reads_as_on_the_wire_rfc_5890() {
        check("zoe@Bücher.example", "zoe@xn--bcher-kva.example");
        check("zoe@BU\u{308}CHER.example.", "zoe@xn--bcher-kva.example");
        check("zoe@XN--BCHER-KVA.example", "zoe@xn--bcher-kva.example");
        check("ana@例え。example", "ana@xn--r8jz45g.example");
    }

    #[test]
    fn what_is_no_address_has_no_normal_form() {
        for raw in
            ["", "@", "ana", "ana@", "@example.com", "ana silva@example.com", "ana@exa mple.com", "a,b@example.com"]
        {
            check(raw, "");
        }
        for raw in ["ana@example..com", "ana@-example.com", "ana@example.com/x", "a@b@", "<>", "ana@[1 2]"] {
            check(raw, "");
        }
        check(&format!("{}@example.com", "a".repeat(65)), "");
        check(&format!("ana@{}.example", "a".repeat(64)), "");
    }

    #[test]
    fn knows_addresses_that_many_people_read() {
        for address in ["info@example.com", "no-reply@example.com", "root@localhost", "ana@[192.0.2.1]"] {
            assert!(is_shared_email(address), "{address}");
        }
        for address in ["ana@example.com", "informatik.ana@example.com", "support.ana@example.com"] {
            assert!(!is_shared_email(address), "{address}");
        }
    }

    proptest! {
        #[test]
        fn a_second_time_changes_nothing(raw in "[\\PC]{1,12}@[a-zäöß.-]{1,12}\\.[a-z]{2,5}|<?[a-zA-Z\"' .%+<>]{1,9}@[a-zA-Zé.。\\[\\]0-9]{1,9}>?") {
            if let Some(once) = email(&raw) {
                prop_assert_eq!(email(&once), Some(once));
            }
        }

        #[test]
        fn never_panics(raw in any::<String>()) {
            prop_assert!(email(&raw).is_none_or(|address| address.contains('@')));
        }
    }
}
