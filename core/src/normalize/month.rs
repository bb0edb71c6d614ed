//! The names of months in the languages that exports are written in.

use super::fold_text;

/// Folded names, January first: en, de, fr, es, it, pt, nl, pl, sv, tr, cs, ru.
const MONTHS: [&[&str]; 12] = [
    &[
        "january",
        "januar",
        "janner",
        "janvier",
        "enero",
        "gennaio",
        "janeiro",
        "januari",
        "styczen",
        "stycznia",
        "ocak",
        "leden",
        "ledna",
        "январь",
        "января",
    ],
    &[
        "february",
        "februar",
        "feber",
        "fevrier",
        "febrero",
        "febbraio",
        "fevereiro",
        "februari",
        "luty",
        "lutego",
        "subat",
        "unor",
        "unora",
        "февраль",
        "февраля",
    ],
    &[
        "march",
        "marz",
        "maerz",
        "mars",
        "marzo",
        "marco",
        "maart",
        "mrt",
        "marzec",
        "marca",
        "mart",
        "brezen",
        "brezna",
        "март",
        "марта",
    ],
    &["april", "avril", "abril", "aprile", "kwiecien", "kwietnia", "nisan", "duben", "dubna", "апрель", "апреля"],
    &["may", "mai", "mayo", "maggio", "maio", "mei", "maj", "maja", "mayis", "kveten", "kvetna", "май", "мая"],
    &[
        "june", "juni", "juin", "junio", "giugno", "junho", "czerwiec", "czerwca", "haziran", "cerven", "cervna",
        "июнь", "июня",
    ],
    &[
        "july", "juli", "juillet", "julio", "luglio", "julho", "lipiec", "lipca", "temmuz", "cervenec", "cervence",
        "июль", "июля",
    ],
    &[
        "august",
        "aout",
        "agosto",
        "augustus",
        "augusti",
        "sierpien",
        "sierpnia",
        "agustos",
        "srpen",
        "srpna",
        "август",
        "августа",
    ],
    &[
        "september",
        "sept",
        "septembre",
        "septiembre",
        "setiembre",
        "settembre",
        "setembro",
        "wrzesien",
        "wrzesnia",
        "eylul",
        "zari",
        "сентябрь",
        "сентября",
    ],
    &[
        "october",
        "oktober",
        "octobre",
        "octubre",
        "ottobre",
        "outubro",
        "pazdziernik",
        "pazdziernika",
        "oktobre",
        "ekim",
        "rijen",
        "rijna",
        "октябрь",
        "октября",
    ],
    &[
        "november",
        "novembre",
        "noviembre",
        "novembro",
        "listopad",
        "listopada",
        "listopadu",
        "kasim",
        "ноябрь",
        "ноября",
    ],
    &[
        "december",
        "dezember",
        "decembre",
        "diciembre",
        "dicembre",
        "dezembro",
        "grudzien",
        "grudnia",
        "aralik",
        "prosinec",
        "prosince",
        "декабрь",
        "декабря",
    ],
];

/// Returns the month that `word` names, in full or cut to three letters or more; `None` for none, or for more than one.
pub(super) fn month(word: &str) -> Option<i8> {
    let word = fold_text(word);
    let exact = find(|name| name == word);
    if exact.is_some() || word.chars().count() < 3 {
        return exact;
    }
    find(|name| name.starts_with(&word))
}

fn find(matches: impl Fn(&str) -> bool) -> Option<i8> {
    let mut found =
        (1_i8..).zip(MONTHS).filter(|(_, names)| names.iter().any(|name| matches(name))).map(|(month, _)| month);
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_names_and_their_abbreviations() {
        for (word, expected) in [
            ("Jan", 1),
            ("FÉVRIER", 2),
            ("févr", 2),
            ("März", 3),
            ("Mar", 3),
            ("mai", 5),
            ("Dez", 12),
            ("stycznia", 1),
            ("мая", 5),
            ("juil", 7),
            ("ago", 8),
        ] {
            assert_eq!(month(word), Some(expected), "{word}");
        }
    }

    #[test]
    fn a_word_that_may_be_two_months_is_none() {
        for word in ["ju", "jui", "ma", "cerv", "", "ana"] {
            assert_eq!(month(word), None, "{word}");
        }
    }
}
