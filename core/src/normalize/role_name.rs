//! Names of organisations, teams and machines, which stand where a person's name might.

use super::fold_text;
use super::nickname::{given_name_cognates, given_name_groups};
use super::role;
use super::table::Words;

/// Words that no person bears.
static SURE: Words = Words::new(include_str!("role_words.txt"));

/// Words that are surnames as well: they count unless a given name stands before.
const AMBIGUOUS: &[&str] = &[
    "academy",
    "agency",
    "airlines",
    "bank",
    "banco",
    "banque",
    "board",
    "bot",
    "cafe",
    "center",
    "centre",
    "church",
    "clinic",
    "club",
    "college",
    "committee",
    "company",
    "council",
    "desk",
    "events",
    "finance",
    "food",
    "forum",
    "foundation",
    "group",
    "gruppe",
    "grupo",
    "hall",
    "help",
    "home",
    "hospital",
    "hotel",
    "institute",
    "institut",
    "jobs",
    "journal",
    "labs",
    "legal",
    "library",
    "magazine",
    "mail",
    "market",
    "media",
    "museum",
    "network",
    "news",
    "office",
    "online",
    "orders",
    "partners",
    "pharmacy",
    "post",
    "press",
    "radio",
    "restaurant",
    "sales",
    "school",
    "schule",
    "security",
    "service",
    "services",
    "shipping",
    "shop",
    "slack",
    "society",
    "software",
    "solutions",
    "staff",
    "store",
    "studio",
    "studios",
    "system",
    "systems",
    "technologies",
    "travel",
    "trust",
    "tv",
    "university",
    "update",
    "updates",
    "verein",
    "verlag",
    "weekly",
];

/// Legal forms that are no part of a person's name.
const LEGAL_FORMS: &[&str] = &[
    "gmbh", "inc", "ltd", "llc", "llp", "plc", "corp", "limited", "ug", "ohg", "kgaa", "gbr", "sarl", "srl", "bvba",
    "pty", "spzoo", "kk", "oyj", "ev",
];

/// Returns whether a name is that of an organisation, a team or a machine and not of a person.
///
/// Words that people bear as well, Bank or Service, count only where no given name stands before them.
///
/// ```
/// use kith_core::normalize::is_role_name;
/// assert!(is_role_name("Acme Support Team"));
/// assert!(is_role_name("Kundenservice"));
/// assert!(!is_role_name("Grace Bank"));
/// ```
#[must_use]
pub fn is_role_name(name: &str) -> bool {
    let folded = fold_text(name);
    let words: Vec<&str> =
        folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(16).collect();
    let Some((first, rest)) = words.split_first() else { return false };
    let joined: String = words.concat();
    if is_machine(&joined) || words.iter().any(|word| SURE.contains(word)) || is_company(name, &words) {
        return true;
    }
    if rest.is_empty() {
        return role::is_role(first);
    }
    let begins_personal = !given_name_groups(first).is_empty() || !given_name_cognates(first).is_empty();
    let is_ambiguous = |word: &&str| AMBIGUOUS.contains(word);
    *first == "the"
        || (!begins_personal && words.iter().any(is_ambiguous))
        || words.iter().filter(|w| is_ambiguous(w)).count() > 1
}

fn is_machine(joined: &str) -> bool {
    [
        "noreply",
        "donotreply",
        "nichtantworten",
        "mailerdaemon",
        "nepasrepondre",
        "noresponder",
        "naoresponda",
        "nonrispondere",
    ]
    .iter()
    .any(|mark| joined.contains(mark))
}

/// A legal form stands at its end, `Acme GmbH`, or one that is a name as well in capitals, `Acme AG`.
fn is_company(name: &str, words: &[&str]) -> bool {
    let Some((last, before)) = words.split_last() else { return false };
    let ends_so = LEGAL_FORMS.contains(last) && !before.is_empty();
    let in_capitals = || {
        let form = name.trim_end().rsplit(' ').next().unwrap_or_default();
        let is_form = matches!(
            form,
            "AG" | "SA"
                | "S.A."
                | "AB"
                | "A/S"
                | "AS"
                | "Oy"
                | "BV"
                | "B.V."
                | "NV"
                | "N.V."
                | "KG"
                | "SE"
                | "SpA"
                | "S.p.A."
                | "e.V."
                | "SAS"
                | "s.r.o."
                | "Co."
        );
        is_form
            && name.chars().any(char::is_lowercase)
            && !before.is_empty()
            && given_name_groups(words.first().copied().unwrap_or_default()).is_empty()
    };
    let within = ["株式会社", "有限公司", "주식회사"].iter().any(|form| name.contains(form));
    ends_so || within || in_capitals()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn knows_teams_organisations_and_machines() {
        for name in [
            "Support Team",
            "Acme Billing",
            "Customer Service",
            "Kundenservice",
            "Acme GmbH",
            "The Acme Newsletter",
            "Rechnungsstelle",
            "no reply",
            "No-Reply",
            "DoNotReply",
            "Acme Support",
            "Info",
            "Service client",
            "Atención al Cliente",
            "Equipe Acme",
            "Acme, Inc.",
            "Nova Bank AG",
            "Sekretariat",
            "Mailer-Daemon",
            "Mail Delivery Subsystem",
            "Buchhaltung Acme",
            "HR Team",
            "Deutsche Bank",
            "LinkedIn Notifications",
            "株式会社サクラ",
            "Acme Careers",
            "Harvard University",
            "GitHub",
            "Newsletter",
        ] {
            assert!(is_role_name(name), "{name}");
        }
    }

    #[test]
    fn takes_no_person_for_a_role() {
        for name in [
            "",
            "Ana Silva",
            "Grace Bank",
            "Steve Jobs",
            "Emma Slack",
            "Tim Service",
            "James Church",
            "Mary Hall",
            "Peter Post",
            "Ana",
            "Robert Office",
            "山田太郎",
            "Анна Иванова",
            "Will Power",
            "Sophie Marceau",
            "Nelson Sales",
            "José Sá",
            "Maria Press",
            "Jo Ma",
            "Ana Silva, MBA",
        ] {
            assert!(!is_role_name(name), "{name}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(name in any::<String>()) {
            let _is = is_role_name(&name);
        }
    }
}
