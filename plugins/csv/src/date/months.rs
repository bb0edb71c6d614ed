//! Names of months in the large languages, whole and short.

/// Names by month, folded: lower-case, without a dot. A name that is two months somewhere stands at neither.
const NAMES: [&str; 12] = [
    "january jan januar jänner jän janvier janv enero ene janeiro gennaio gen januari stycznia styczeń sty января \
         январь янв ocak oca ledna leden tammikuuta tammi ianuarie ian január",
    "february feb februar février févr fév fevrier fevr febrero fevereiro fev febbraio februari lutego luty lut \
         февраля февраль фев февр şubat şub února únor helmikuuta helmi februarie február febr",
    "march mar märz mrz mär mars marzo março maart mrt marca marzec марта март мар mart března březen maaliskuuta \
         maalis martie március márc marts",
    "april apr avril avr abril abr aprile kwietnia kwiecień kwi апреля апрель апр nisan nis dubna duben \
         huhtikuuta huhti aprilie április ápr",
    "may mai mayo maio maggio mag mei maj maja мая май mayıs května květen toukokuuta touko május máj",
    "june jun juni juin junio junho giugno giu czerwca czerwiec cze июня июнь июн haziran haz června červen \
         kesäkuuta kesä iunie iun június jún",
    "july jul juli juillet juil julio julho luglio lug lipca lipiec lip июля июль июл temmuz tem července \
         červenec heinäkuuta heinä iulie iul július júl",
    "august aug août aout agosto ago augustus augusti sierpnia sierpień sie августа август авг ağustos ağu srpna \
         srpen elokuuta elo augusztus",
    "september sep sept septembre septiembre setembro set settembre września wrzesień wrz сентября сентябрь сен \
         сент eylül eyl září syyskuuta syys septembrie szeptember szept",
    "october oct oktober okt octobre octubre outubro out ottobre ott października październik paź октября октябрь \
         окт ekim eki října říjen lokakuuta loka octombrie október",
    "november nov novembre noviembre novembro listopada listopad lis ноября ноябрь ноя нояб kasım kas marraskuuta \
         marras noiembrie noi",
    "december dec dezember dez décembre déc decembre diciembre dic dezembro dicembre grudnia grudzień gru декабря \
         декабрь дек aralık ara prosince prosinec joulukuuta joulu decembrie desember des",
];

/// Words and marks that stand in dates and say nothing: `7 de junio`, `1er août`, `June 7th`, `2026年`, `2026 г.`
const FILLERS: &str = "de del of er st nd rd th den le a г г. 年 月 日 년 월 일";

/// Returns the number of a month by its name.
pub(super) fn month(name: &str) -> Option<i8> {
    // Nearly every row has an English short name: no detour for it.
    const SHORT: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let short = SHORT.iter().position(|short| short.eq_ignore_ascii_case(name));
    let found = short.or_else(|| {
        let name: String = name.chars().flat_map(char::to_lowercase).collect();
        NAMES.iter().position(|names| names.split_whitespace().any(|known| known == name))
    });
    found.and_then(|index| i8::try_from(index + 1).ok())
}

/// Returns whether a word says nothing in a date.
pub(super) fn is_filler(word: &str) -> bool {
    let word = word.to_lowercase();
    FILLERS.split_whitespace().any(|known| known == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_stands_for_two_months() {
        for (index, names) in NAMES.iter().enumerate() {
            for name in names.split_whitespace() {
                assert_eq!(month(name), i8::try_from(index + 1).ok(), "{name}");
            }
        }
    }
}
