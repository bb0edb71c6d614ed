//! Addresses of roles and machines: whom they reach is no one person. Names of roles are in `role_name`.

use super::fold_text;

/// Local parts that name a role, in the languages that mail is often written in. Sorted.
///
/// From RFC 2142 (mailbox names for common services) and from what companies write on their pages.
const ROLES: &[&str] = &[
    "abuse",
    "accounting",
    "accounts",
    "admin",
    "administracion",
    "administrador",
    "administration",
    "administrator",
    "anfrage",
    "atendimento",
    "ayuda",
    "bewerbung",
    "billing",
    "biuro",
    "board",
    "booking",
    "bookings",
    "bounce",
    "bounces",
    "buchhaltung",
    "calendar-notification",
    "career",
    "careers",
    "commercial",
    "comptabilite",
    "comunicacion",
    "contabilidad",
    "contact",
    "contacto",
    "contato",
    "contatti",
    "customercare",
    "customerservice",
    "datenschutz",
    "direction",
    "dpo",
    "einkauf",
    "empfang",
    "enquiries",
    "enquiry",
    "events",
    "facturacion",
    "facturation",
    "feedback",
    "finance",
    "finanzen",
    "ftp",
    "hello",
    "help",
    "helpdesk",
    "hola",
    "hostmaster",
    "hr",
    "info",
    "information",
    "infos",
    "inquiries",
    "invoice",
    "invoices",
    "it",
    "jobs",
    "kontakt",
    "legal",
    "mail",
    "mailbox",
    "mailerdaemon",
    "marketing",
    "media",
    "members",
    "membership",
    "messages",
    "news",
    "newsletter",
    "nicht-antworten",
    "nobody",
    "noc",
    "notify",
    "office",
    "ola",
    "orders",
    "payroll",
    "poczta",
    "post",
    "postmaster",
    "press",
    "presse",
    "privacy",
    "purchasing",
    "recepcion",
    "reception",
    "rechnung",
    "rechnungen",
    "recruiting",
    "recruitment",
    "recursoshumanos",
    "redaktion",
    "registrar",
    "reklamacje",
    "reply",
    "reservations",
    "returns",
    "rh",
    "root",
    "rrhh",
    "sales",
    "secretaria",
    "secretariat",
    "security",
    "segreteria",
    "sekretariat",
    "service",
    "shop",
    "soporte",
    "spam",
    "sprzedaz",
    "staff",
    "subscribe",
    "suporte",
    "support",
    "team",
    "usenet",
    "uucp",
    "vendas",
    "ventas",
    "vertrieb",
    "verwaltung",
    "vorstand",
    "webmaster",
    "welcome",
    "www",
    "zakupy",
];

/// Beginnings of local parts that machines write from.
const MACHINE_PREFIXES: &[&str] = &[
    "noreply",
    "no-reply",
    "no_reply",
    "no.reply",
    "donotreply",
    "do-not-reply",
    "do_not_reply",
    "bounce-",
    "bounce+",
    "bounces+",
    "bounces-",
    "mailer-daemon",
    "notification",
    "reply+",
    "owner-",
    "unsubscribe",
];

/// Ends of local parts that machines or lists write from.
const MACHINE_SUFFIXES: &[&str] = &[
    "-noreply",
    "-no-reply",
    "_noreply",
    ".noreply",
    "+noreply",
    "-bounces",
    "-request",
    "-notifications",
    "-owner",
    "-unsubscribe",
];

/// Domains of lists, calendars and relays.
const SHARED_DOMAINS: &[&str] = &[
    "bounce.linkedin.com",
    "calendar-server.bounces.google.com",
    "docs.google.com",
    "googlegroups.com",
    "group.calendar.google.com",
    "import.calendar.google.com",
    "lists.sourceforge.net",
    "notifications.github.com",
    "reply.github.com",
    "reply.linkedin.com",
    "resource.calendar.google.com",
    "unknownorganizer.calendar.google.com",
    "yahoogroups.com",
];

/// Whether a local part in normal form names a role or a machine.
pub(super) fn is_role(local: &str) -> bool {
    let base = local.split('+').next().unwrap_or(local);
    ROLES.binary_search(&base).is_ok()
        || MACHINE_PREFIXES.iter().any(|prefix| local.starts_with(prefix))
        || MACHINE_SUFFIXES.iter().any(|suffix| local.ends_with(suffix))
}

/// Whether everything at a domain in normal form is a list, a calendar or a relay.
pub(super) fn is_shared_domain(domain: &str) -> bool {
    SHARED_DOMAINS.contains(&domain)
}

/// How many tokens of one local part are kept.
const TOKENS_LIMIT: usize = 6;

/// Returns the local part of an address as folded name tokens: `ana.silva+news@example.com` is ana and silva.
///
/// Digits and what follows a plus sign are left out. None for roles and machines, and where letters are too few to be a name.
#[must_use]
pub fn local_part_tokens(address: &str) -> Vec<String> {
    let local = address.rsplit_once('@').map_or(address, |(local, _)| local).to_lowercase();
    let bare = local.split('+').next().unwrap_or_default();
    if is_role(&local) {
        return Vec::new();
    }
    let folded = fold_text(bare);
    let tokens = folded.split(|c: char| !c.is_alphabetic()).filter(|token| !token.is_empty() && token.len() <= 64);
    tokens.take(TOKENS_LIMIT).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_tokens(address: &str, expected: &[&str]) {
        assert_eq!(local_part_tokens(address), expected, "{address}");
    }

    #[test]
    fn a_local_part_may_hold_a_name() {
        check_tokens("ana.silva@example.com", &["ana", "silva"]);
        check_tokens("Ana_Silva-Costa+tag@example.com", &["ana", "silva", "costa"]);
        check_tokens("ana.silva87@example.com", &["ana", "silva"]);
        check_tokens("asilva@example.com", &["asilva"]);
        check_tokens("a.silva", &["a", "silva"]);
        check_tokens("j\u{fc}rgen@example.com", &["jurgen"]);
        check_tokens("info@example.com", &[]);
        check_tokens("12345@example.com", &[]);
        check_tokens("", &[]);
    }

    #[test]
    fn knows_roles_in_many_languages() {
        for local in ["info", "kontakt", "contacto", "sekretariat", "rrhh", "biuro", "contabilidad", "jobs+berlin"] {
            assert!(is_role(local), "{local}");
        }
    }

    #[test]
    fn roles_are_sorted_as_the_search_needs_them() {
        assert!(ROLES.is_sorted());
    }

    #[test]
    fn knows_machines() {
        for local in ["noreply-3f2", "drive-shares-noreply", "list-request", "reply+abc", "mailer-daemon"] {
            assert!(is_role(local), "{local}");
        }
    }

    #[test]
    fn takes_no_person_for_a_role() {
        for local in ["ana", "salesh", "hrant", "info.ana", "jobst", "itamar", "helpman"] {
            assert!(!is_role(local), "{local}");
        }
    }
}
