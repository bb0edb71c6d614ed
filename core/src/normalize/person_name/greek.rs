//! Greek letters in Latin, as passports write them (ELOT 743).

/// The Latin form of a folded word, whose accents are gone.
pub(super) fn latin(folded: &str) -> String {
    let letters: Vec<char> = folded.chars().collect();
    let mut out = String::with_capacity(letters.len() + 2);
    let mut rest = letters.as_slice();
    let mut is_first = true;
    while let [first, tail @ ..] = rest {
        let (text, taken) = match (first, tail) {
            ('ο', ['υ', ..]) => ("ou", 2),
            ('μ', ['π', ..]) => (if is_first { "b" } else { "mp" }, 2),
            ('ν', ['τ', ..]) => (if is_first { "d" } else { "nt" }, 2),
            ('γ', ['κ', ..]) => (if is_first { "g" } else { "gk" }, 2),
            ('γ', ['γ', ..]) => ("ng", 2),
            ('γ', ['χ', ..]) => ("nch", 2),
            ('γ', ['ξ', ..]) => ("nx", 2),
            ('α' | 'ε' | 'η', ['υ', next, ..]) if is_voiced(*next) => (before_voiced(*first), 2),
            ('α', ['υ', ..]) => ("af", 2),
            ('ε', ['υ', ..]) => ("ef", 2),
            (c, _) => (letter(*c), 1),
        };
        out.push_str(text);
        rest = rest.get(taken..).unwrap_or_default();
        is_first = false;
    }
    out
}

const fn is_voiced(c: char) -> bool {
    matches!(c, 'α' | 'ε' | 'η' | 'ι' | 'ο' | 'υ' | 'ω' | 'β' | 'γ' | 'δ' | 'ζ' | 'λ' | 'μ' | 'ν' | 'ρ')
}

const fn before_voiced(c: char) -> &'static str {
    match c {
        'α' => "av",
        'ε' => "ev",
        _ => "iv",
    }
}

const fn letter(c: char) -> &'static str {
    match c {
        'α' => "a",
        'β' => "v",
        'γ' => "g",
        'δ' => "d",
        'ε' => "e",
        'ζ' => "z",
        'η' | 'ι' => "i",
        'θ' => "th",
        'κ' => "k",
        'λ' => "l",
        'μ' => "m",
        'ν' => "n",
        'ξ' => "x",
        'ο' | 'ω' => "o",
        'π' => "p",
        'ρ' => "r",
        'σ' | 'ς' => "s",
        'τ' => "t",
        'υ' => "y",
        'φ' => "f",
        'χ' => "ch",
        'ψ' => "ps",
        _ => "",
    }
}
