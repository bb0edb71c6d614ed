//! Korean syllables in Latin: each is computed from its letters, after the Revised Romanisation of 2000 and after custom.

use super::script::name;
use super::{PersonName, Reading};

/// Surnames of two syllables.
const LONG_SURNAMES: &[&str] = &["남궁", "황보", "제갈", "선우", "독고", "사공", "서문", "동방"];

/// Surnames as their bearers write them.
const SURNAMES: &[(&str, &str)] = &[
    ("강", "kang"),
    ("고", "ko"),
    ("곽", "kwak"),
    ("구", "koo"),
    ("권", "kwon"),
    ("금", "keum"),
    ("기", "ki"),
    ("길", "gil"),
    ("김", "kim"),
    ("나", "na"),
    ("남", "nam"),
    ("노", "noh"),
    ("도", "do"),
    ("류", "ryu"),
    ("마", "ma"),
    ("맹", "maeng"),
    ("명", "myung"),
    ("문", "moon"),
    ("민", "min"),
    ("박", "park"),
    ("반", "ban"),
    ("방", "bang"),
    ("배", "bae"),
    ("백", "baek"),
    ("변", "byun"),
    ("봉", "bong"),
    ("서", "seo"),
    ("석", "seok"),
    ("설", "seol"),
    ("성", "sung"),
    ("소", "so"),
    ("손", "son"),
    ("송", "song"),
    ("신", "shin"),
    ("심", "shim"),
    ("안", "ahn"),
    ("양", "yang"),
    ("엄", "eom"),
    ("여", "yeo"),
    ("연", "yeon"),
    ("염", "yeom"),
    ("예", "ye"),
    ("오", "oh"),
    ("옥", "ok"),
    ("왕", "wang"),
    ("우", "woo"),
    ("원", "won"),
    ("위", "wi"),
    ("유", "yoo"),
    ("윤", "yoon"),
    ("은", "eun"),
    ("이", "lee"),
    ("인", "in"),
    ("임", "lim"),
    ("장", "jang"),
    ("전", "jeon"),
    ("정", "jung"),
    ("제", "je"),
    ("조", "cho"),
    ("주", "joo"),
    ("지", "ji"),
    ("진", "jin"),
    ("차", "cha"),
    ("채", "chae"),
    ("천", "cheon"),
    ("최", "choi"),
    ("추", "choo"),
    ("탁", "tak"),
    ("태", "tae"),
    ("표", "pyo"),
    ("하", "ha"),
    ("한", "han"),
    ("함", "ham"),
    ("허", "heo"),
    ("현", "hyun"),
    ("홍", "hong"),
    ("황", "hwang"),
];

/// Syllables of given names whose customary form is not the rule's.
const GIVEN: &[(&str, &str)] = &[
    ("강", "kang"),
    ("건", "gun"),
    ("경", "kyung"),
    ("관", "kwan"),
    ("광", "kwang"),
    ("국", "kook"),
    ("규", "kyu"),
    ("균", "kyun"),
    ("근", "geun"),
    ("기", "ki"),
    ("두", "doo"),
    ("명", "myung"),
    ("무", "moo"),
    ("문", "moon"),
    ("병", "byung"),
    ("선", "sun"),
    ("성", "sung"),
    ("숙", "sook"),
    ("순", "soon"),
    ("승", "seung"),
    ("신", "shin"),
    ("여", "yeo"),
    ("연", "yeon"),
    ("영", "young"),
    ("용", "yong"),
    ("우", "woo"),
    ("욱", "wook"),
    ("웅", "woong"),
    ("운", "woon"),
    ("원", "won"),
    ("정", "jung"),
    ("종", "jong"),
    ("주", "joo"),
    ("준", "jun"),
    ("중", "joong"),
    ("철", "chul"),
    ("춘", "choon"),
    ("현", "hyun"),
    ("형", "hyung"),
    ("훈", "hoon"),
    ("희", "hee"),
];

const INITIALS: [&str; 19] =
    ["g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h"];
const VOWELS: [&str; 21] = [
    "a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "eu",
    "ui", "i",
];
const FINALS: [&str; 28] = [
    "", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t", "t", "ng", "t",
    "t", "k", "t", "p", "t",
];

/// The readings of a name: as custom has it, then after the Revised Romanisation.
pub(super) fn read(surname: &str, given: &str) -> Vec<PersonName> {
    let (surname, given) = if surname.is_empty() { parted(given) } else { (surname, given) };
    let custom = customary_surname(surname);
    let customary: String = given.chars().map(|c| customary(c).unwrap_or_else(|| syllable(c))).collect();
    let revised: String = given.chars().map(syllable).collect();
    let mut found = vec![name(Reading::Hangul, &custom, &customary)];
    if revised != customary {
        found.push(name(Reading::Hangul, &custom, &revised));
    }
    let revised_surname: String = surname.chars().map(syllable).collect();
    if revised_surname != custom {
        found.push(name(Reading::Hangul, &revised_surname, &revised));
    }
    found
}

/// Parts a name written in one: the first syllable is the surname.
fn parted(whole: &str) -> (&str, &str) {
    let syllables = whole.chars().count();
    let is_long = syllables > 3 && LONG_SURNAMES.iter().any(|surname| whole.starts_with(surname));
    let length = match syllables {
        0 | 1 => 0,
        _ if is_long => 2,
        _ => 1,
    };
    let end = whole.char_indices().nth(length).map_or(whole.len(), |(at, _)| at);
    whole.split_at_checked(end).unwrap_or((whole, ""))
}

fn customary_surname(surname: &str) -> String {
    match SURNAMES.iter().find(|(written, _)| *written == surname) {
        Some((_, read)) => (*read).to_owned(),
        None => surname.chars().map(syllable).collect(),
    }
}

fn customary(c: char) -> Option<String> {
    let mut buffer = [0; 4];
    let written: &str = c.encode_utf8(&mut buffer);
    GIVEN.iter().find(|(syllable, _)| *syllable == written).map(|(_, read)| (*read).to_owned())
}

/// One syllable after the Revised Romanisation, letter by letter; Unicode §3.12 says how it is composed.
fn syllable(c: char) -> String {
    let index = u32::from(c).checked_sub(0xac00).filter(|i| *i < 11_172).and_then(|i| usize::try_from(i).ok());
    let Some(index) = index else { return String::new() };
    let part = |list: &[&'static str], at: usize| list.get(at).copied().unwrap_or_default();
    let (first, vowel, last) = (index / 588, index % 588 / 28, index % 28);
    [part(&INITIALS, first), part(&VOWELS, vowel), part(&FINALS, last)].concat()
}
