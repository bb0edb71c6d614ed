//! Chinese characters read as Chinese, in pinyin without tones; and which of the two readings, Chinese or Japanese, comes first.

use deunicode::AsciiChars as _;

use super::script::name;
use super::{PersonName, Reading, kanji};

/// Surnames of two characters.
const LONG_SURNAMES: &[(&str, &str)] = &[
    ("欧阳", "ouyang"),
    ("歐陽", "ouyang"),
    ("司马", "sima"),
    ("司馬", "sima"),
    ("上官", "shangguan"),
    ("诸葛", "zhuge"),
    ("諸葛", "zhuge"),
    ("司徒", "situ"),
    ("东方", "dongfang"),
    ("皇甫", "huangfu"),
    ("尉迟", "yuchi"),
    ("公孙", "gongsun"),
    ("慕容", "murong"),
    ("令狐", "linghu"),
    ("夏侯", "xiahou"),
    ("端木", "duanmu"),
    ("轩辕", "xuanyuan"),
    ("长孙", "zhangsun"),
    ("宇文", "yuwen"),
    ("南宫", "nangong"),
    ("独孤", "dugu"),
    ("澹台", "tantai"),
    ("公冶", "gongye"),
    ("西门", "ximen"),
];

/// Surnames and characters of names that read otherwise than their commonest sense.
const SURNAMES: &[(char, &str)] = &[
    ('曾', "zeng"),
    ('单', "shan"),
    ('單', "shan"),
    ('解', "xie"),
    ('仇', "qiu"),
    ('任', "ren"),
    ('查', "zha"),
    ('盖', "ge"),
    ('区', "ou"),
    ('區', "ou"),
    ('朴', "piao"),
    ('翟', "zhai"),
    ('沈', "shen"),
    ('瞿', "qu"),
    ('乐', "yue"),
    ('贾', "jia"),
    ('賈', "jia"),
    ('洗', "xian"),
    ('冼', "xian"),
    ('葛', "ge"),
    ('华', "hua"),
    ('覃', "qin"),
    ('宁', "ning"),
    ('缪', "miao"),
    ('尹', "yin"),
    ('石', "shi"),
    ('俞', "yu"),
    ('叶', "ye"),
    ('葉', "ye"),
    ('吕', "lu"),
    ('呂', "lu"),
    ('车', "che"),
    ('尉', "wei"),
    ('晁', "chao"),
    ('折', "she"),
    ('员', "yun"),
    ('秘', "bi"),
    ('种', "chong"),
    ('六', "lu"),
    ('薄', "bo"),
    ('卜', "bu"),
    ('召', "shao"),
    ('万', "wan"),
    ('郝', "hao"),
    ('倪', "ni"),
    ('阮', "ruan"),
    ('谌', "chen"),
    ('褚', "chu"),
    ('柏', "bai"),
    ('祭', "zhai"),
    ('繁', "po"),
    ('黑', "he"),
    ('重', "chong"),
    ('长', "chang"),
    ('哈', "ha"),
    ('逄', "pang"),
];

/// Characters that read otherwise in given names than where they are commonest.
const GIVEN: &[(char, &str)] = &[
    ('娜', "na"),
    ('乐', "le"),
    ('茜', "qian"),
    ('曾', "zeng"),
    ('晟', "sheng"),
    ('莎', "sha"),
    ('琦', "qi"),
    ('珺', "jun"),
    ('卓', "zhuo"),
    ('俊', "jun"),
    ('长', "chang"),
    ('朝', "chao"),
    ('昕', "xin"),
    ('炜', "wei"),
    ('玥', "yue"),
    ('祎', "yi"),
    ('翀', "chong"),
    ('颢', "hao"),
    ('行', "xing"),
    ('重', "zhong"),
    ('参', "shen"),
    ('柏', "bai"),
    ('凯', "kai"),
    ('露', "lu"),
    ('薇', "wei"),
    ('都', "du"),
    ('吕', "lu"),
];

/// The readings of a name in Chinese characters, the likelier language first.
pub(super) fn read(surname: &str, given: &str) -> Vec<PersonName> {
    let japanese = kanji::read(surname, given);
    let length = surname.chars().count() + given.chars().count();
    let (surname, given) = if surname.is_empty() { parted(given) } else { (surname, given) };
    let chinese = name(Reading::Han, &surname_latin(surname), &latin(given));
    let family = surname.chars().count();
    let is_chinese_form = length < 4 || family == 2 && is_long(surname);
    let is_known_japanese = japanese.first().is_some_and(|_| kanji::is_surname_start(surname, given));
    let mut found = japanese;
    if is_known_japanese || !is_chinese_form {
        found.truncate(3);
        found.push(chinese);
    } else {
        found.insert(0, chinese);
    }
    found
}

fn is_long(surname: &str) -> bool {
    LONG_SURNAMES.iter().any(|(written, _)| *written == surname)
}

/// Parts a name written in one: the first character is the surname, or the first two.
fn parted(whole: &str) -> (&str, &str) {
    let characters = whole.chars().count();
    let long = LONG_SURNAMES.iter().find(|(written, _)| characters > 2 && whole.starts_with(written));
    let end = match long {
        Some((written, _)) => written.len(),
        None if characters < 2 => 0,
        None => whole.chars().next().map_or(0, char::len_utf8),
    };
    whole.split_at_checked(end).unwrap_or((whole, ""))
}

fn surname_latin(surname: &str) -> String {
    if let Some((_, read)) = LONG_SURNAMES.iter().find(|(written, _)| *written == surname) {
        return (*read).to_owned();
    }
    let mut characters = surname.chars();
    match (characters.next(), characters.next()) {
        (Some(only), None) => match SURNAMES.iter().find(|(written, _)| *written == only) {
            Some((_, read)) => (*read).to_owned(),
            None => latin(surname),
        },
        _ => latin(surname),
    }
}

/// The pinyin of each character, written together, without tones.
fn latin(word: &str) -> String {
    let mut read = String::with_capacity(word.len() * 2);
    for c in word.chars() {
        match GIVEN.iter().find(|(written, _)| *written == c) {
            Some((_, reading)) => read.push_str(reading),
            None => read.extend(
                c.encode_utf8(&mut [0; 4])
                    .ascii_chars()
                    .flatten()
                    .flat_map(str::chars)
                    .filter(char::is_ascii_alphabetic),
            ),
        }
    }
    read.make_ascii_lowercase();
    read
}
