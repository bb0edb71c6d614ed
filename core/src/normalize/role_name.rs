//! Names of organisations, teams and machines, which stand where a person's name might.

use super::fold_text;
use super::nickname::{given_name_cognates, given_name_groups};
use super::role;
use super::table::Words;

/// Words that no person bears.
static SURE: Words = Words::new(include_str!("role_words.txt"));

/// Words that are surnames as well: they count unless something personal stands before.
static AMBIGUOUS: Words = Words::new(include_str!("role_name/ambiguous.txt"));

/// Given names, besides those that have short forms or cognates.
static GIVEN: Words = Words::new(include_str!("role_name/given.txt"));

/// Of the sure words, those that a few people bear after all: Norman Mailer, HR Giger.
const BORNE: &[&str] = &["mailer", "billing", "hr"];

/// Of the ambiguous words, those that are surnames more often than words, at the end of a name of two or three words.
const SURNAMES: &[&str] = &["hall", "church", "post", "slack", "home", "sales"];

/// What stands before such a word where it is no surname: Royal Albert Hall, Washington Post, Acme Sales.
const PUBLIC: &[&str] = &[
    "royal",
    "city",
    "town",
    "village",
    "county",
    "music",
    "concert",
    "national",
    "old",
    "new",
    "first",
    "st",
    "saint",
    "baptist",
    "methodist",
    "lutheran",
    "catholic",
    "evangelical",
    "holy",
    "christ",
    "community",
    "deutsche",
    "swiss",
    "austrian",
    "osterreichische",
    "schweizerische",
    "washington",
    "huffington",
    "jerusalem",
    "morning",
    "care",
    "nursing",
    "acme",
];

/// What words that name a craft or an office end with, in languages that write them in one: Zahnarztpraxis, Pannenhilfe.
const ENDINGS: &[&str] = &[
    "praxis",
    "kanzlei",
    "apotheke",
    "klinik",
    "krankenhaus",
    "baeckerei",
    "backerei",
    "tischlerei",
    "schreinerei",
    "gartnerei",
    "gaertnerei",
    "metzgerei",
    "druckerei",
    "schlosserei",
    "werkstatt",
    "versicherung",
    "gesellschaft",
    "genossenschaft",
    "verwaltung",
    "beratung",
    "verband",
    "stiftung",
    "pannenhilfe",
    "nothilfe",
    "soforthilfe",
    "notdienst",
    "pflegedienst",
    "lieferdienst",
    "zentrale",
    "hotline",
    "gemeinde",
    "buchhandlung",
    "reinigung",
    "werke",
    "ministerium",
    "meldeamt",
    "standesamt",
    "jugendamt",
];

/// What stands before the names of people alone.
const TITLES: &[&str] = &[
    "dr",
    "prof",
    "professor",
    "ms",
    "mr",
    "mrs",
    "miss",
    "herr",
    "frau",
    "hr",
    "fr",
    "mme",
    "mlle",
    "monsieur",
    "madame",
    "sr",
    "sra",
    "srta",
    "sig",
    "dott",
    "sir",
    "dame",
    "lady",
    "rev",
    "pastor",
    "ing",
];

/// Legal forms that are no part of a person's name.
const LEGAL_FORMS: &[&str] = &[
    "gmbh", "inc", "ltd", "llc", "llp", "plc", "corp", "limited", "ug", "ohg", "kgaa", "gbr", "sarl", "srl", "bvba",
    "pty", "spzoo", "kk", "oyj", "ev",
];

/// Returns whether a name is that of an organisation, a team or a machine and not of a person.
///
/// Words that people bear as well, Bank or Service, count only where nothing personal stands before them: a given name, an
/// initial, a title. `Hall, Mary` is read as Mary Hall.
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
    let words = words_in_order(&folded);
    let Some((first, rest)) = words.split_first() else { return false };
    let joined: String = words.concat();
    if is_machine(&joined) || is_company(name, &words) {
        return true;
    }
    let borne = |word: &str| BORNE.contains(&word) && is_borne(word, &words);
    if words.iter().any(|word| is_sure(word) && !borne(word)) || is_sent_by_another(&words) {
        return true;
    }
    match rest {
        [] => role::is_role(first),
        _ => is_named_by_a_word(first, rest),
    }
}

/// Returns whether a name begins as those of people do: with a given name, an initial or a title.
#[must_use]
pub(crate) fn begins_personal(name: &str) -> bool {
    words_in_order(&fold_text(name)).first().is_some_and(|first| is_personal(first))
}

/// The words of a name, the surname last where a comma parts it from a given name: `Hall, Mary`.
fn words_in_order(folded: &str) -> Vec<&str> {
    let Some((before, after)) = folded.split_once(',') else { return words(folded) };
    let (surname, given) = (words(before), words(after));
    if given.first().is_some_and(|first| is_personal(first)) {
        given.into_iter().chain(surname).collect()
    } else {
        words(folded)
    }
}

fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(16).collect()
}

pub(super) fn is_given_name(word: &str) -> bool {
    !given_name_groups(word).is_empty() || !given_name_cognates(word).is_empty() || GIVEN.contains(word)
}

fn is_personal(word: &str) -> bool {
    is_given_name(word) || TITLES.contains(&word) || (word.len() == 1 && word.is_ascii())
}

fn is_sure(word: &str) -> bool {
    SURE.contains(word) || ENDINGS.iter().any(|ending| word.ends_with(ending))
}

/// Whether a sure word is somebody's name: after a given name, or as initials before a single word that is none of a role.
fn is_borne(word: &str, words: &[&str]) -> bool {
    match words {
        ["hr", surname] => word == "hr" && !is_sure(surname) && !AMBIGUOUS.contains(surname),
        [given, surname] => *surname == word && is_given_name(given),
        _ => false,
    }
}

/// `Ana Silva via DocuSign` is a machine that writes for her.
fn is_sent_by_another(words: &[&str]) -> bool {
    matches!(words, [_, .., "via", _] | [_, .., "via", _, _])
}

/// Whether one of the words that people bear as well names what is none.
fn is_named_by_a_word(first: &str, rest: &[&str]) -> bool {
    let all = || core::iter::once(&first).chain(rest);
    let ambiguous = all().filter(|word| AMBIGUOUS.contains(word)).count();
    if first == "the" || ambiguous > 1 {
        return true;
    }
    if ambiguous == 0 || is_personal(first) {
        return false;
    }
    let ends_as_a_surname = rest.len() <= 2 && rest.last().is_some_and(|last| SURNAMES.contains(last));
    !ends_as_a_surname || all().any(|word| PUBLIC.contains(word))
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
            && !words.first().is_some_and(|first| is_personal(first))
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
            "Zahnarztpraxis Dr. Lang",
            "Familie Berger",
            "Berger Family",
            "Ana Silva via DocuSign",
            "ADAC Pannenhilfe",
            "Royal Albert Hall",
            "Huffington Post",
            "Deutsche Post",
            "Acme Sales",
            "Acme HR",
            "HR Support",
            "Church of Acme",
            "Acme AG",
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
            "Hall, Mary",
            "Hall, Kyle",
            "Dr. Mary Hall",
            "Ms Jane Church",
            "M. Hall",
            "J. Post",
            "Kyle Hall",
            "Wei Hall",
            "Uwe Post",
            "Xanthippus Hall",
            "Norman Mailer",
            "Einar Billing",
            "HR Giger",
            "Manoj KG",
            "Anil NV",
            "Priya SA",
            "Olivia Rose",
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
