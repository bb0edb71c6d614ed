//! Cyrillic letters as passports and profiles of today write them in Latin; other romanisations meet it in `sound`.

/// The Latin form of a lower-case word, Russian, Ukrainian, Belarusian, Bulgarian, Serbian or Macedonian.
pub(super) fn latin(lower: &str) -> String {
    let mut out = String::with_capacity(lower.len());
    let mut before = ' ';
    let mut letters = lower.chars().filter(|c| c.is_alphabetic()).peekable();
    let is_ukrainian = lower.contains(['і', 'ї', 'є', 'ґ']);
    while let Some(c) = letters.next() {
        let is_last = letters.peek().is_none();
        out.push_str(match c {
            // "Дмитрий" and "Белый" end in one y.
            'и' | 'ы' if letters.peek() == Some(&'й') => "",
            'г' if is_ukrainian => "h",
            'и' if is_ukrainian => "y",
            'ё' if matches!(before, 'ш' | 'щ' | 'ч' | 'ж') => "e",
            'ь' if matches!(letters.peek(), Some('ё' | 'е' | 'о')) => "",
            'ь' | 'ъ' if !is_last && matches!(letters.peek(), Some('я' | 'ю' | 'и')) => "",
            _ => letter(c),
        });
        before = c;
    }
    out
}

const fn letter(c: char) -> &'static str {
    match c {
        'а' => "a",
        'б' => "b",
        'в' => "v",
        'г' | 'ґ' | 'ѓ' => "g",
        'д' => "d",
        'е' | 'э' | 'ѐ' => "e",
        'ё' => "yo",
        'є' => "ye",
        'ж' => "zh",
        'з' | 'ѕ' => "z",
        'и' | 'і' | 'ѝ' => "i",
        'й' | 'ы' => "y",
        'ї' => "yi",
        'к' | 'ќ' => "k",
        'л' => "l",
        'м' => "m",
        'н' => "n",
        'о' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' | 'ү' => "u",
        'ў' => "w",
        'ф' => "f",
        'х' | 'һ' => "kh",
        'ц' => "ts",
        'ч' | 'ћ' => "ch",
        'џ' => "dzh",
        'ш' => "sh",
        'щ' => "shch",
        'ю' => "yu",
        'я' => "ya",
        'ј' => "j",
        'љ' => "lj",
        'њ' => "nj",
        'ђ' => "dj",
        'ө' => "o",
        'ә' => "a",
        'қ' => "k",
        'ғ' => "g",
        'ң' => "n",
        'ұ' => "u",
        _ => "",
    }
}
