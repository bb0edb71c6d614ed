//! A name as it is shown: without emoji, and without the degrees that profiles hang on it. What the source wrote stays with it.

use super::{is_credential, is_one_of};

/// Words behind a name that tell father from son, and are no degrees.
const GENERATIONS: &[&str] = &["jr", "sr", "jun", "sen", "ii", "iii", "iv"];

/// Returns a name without emoji and trailing degrees; as it is where nothing else would be left.
///
/// ```
/// use kith_core::normalize::shown_name;
/// assert_eq!(shown_name("Ana Silva, PhD, MBA 🚀"), "Ana Silva");
/// assert_eq!(shown_name("Robert Chen, Jr."), "Robert Chen, Jr.");
/// assert_eq!(shown_name("🚀"), "🚀");
/// ```
#[must_use]
pub fn shown_name(name: &str) -> String {
    let bare = without_emoji(name);
    let kept = without_degrees(&bare);
    if kept.chars().any(char::is_alphanumeric) { kept.to_owned() } else { name.to_owned() }
}

fn without_emoji(name: &str) -> String {
    if name.is_ascii() || !name.chars().any(is_emoji) {
        return name.to_owned();
    }
    // The joiner between two emoji means nothing without them.
    let kept: String = name.chars().map(|c| if is_emoji(c) || c == '\u{200d}' { ' ' } else { c }).collect();
    let words: Vec<&str> = kept.split(' ').filter(|word| !word.is_empty()).collect();
    words.join(" ").replace(" ,", ",")
}

/// Takes degrees off the end: all behind a comma, and without one those that are written as no name is, `PhD`, `MBA`.
fn without_degrees(name: &str) -> &str {
    let mut name = name.trim_end_matches([',', ' ']);
    while let Some((before, after)) = name.rsplit_once(',') {
        let is_degree = |word: &str| is_credential(word) && !is_one_of(word, GENERATIONS);
        if before.trim().is_empty() || !after.split_whitespace().all(is_degree) {
            break;
        }
        name = before.trim_end_matches([',', ' ']);
    }
    while let Some((before, last)) = name.rsplit_once(' ') {
        if !before.contains(' ') || !is_written_as_a_degree(last) || !before.chars().any(char::is_lowercase) {
            break;
        }
        name = before.trim_end_matches([',', ' ']);
    }
    name
}

fn is_written_as_a_degree(word: &str) -> bool {
    let capitals = word.chars().filter(|c| c.is_uppercase()).count();
    is_one_of(word, super::CREDENTIALS) && !is_one_of(word, GENERATIONS) && capitals > 1
}

/// Whether a character is a picture: emoji, arrows, dingbats, flags, and what varies them.
const fn is_emoji(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}' | '\u{25a0}'..='\u{27bf}' | '\u{2900}'..='\u{297f}')
        || matches!(c, '\u{2b00}'..='\u{2bff}' | '\u{fe0f}' | '\u{20e3}' | '\u{1f000}'..='\u{1faff}')
        || matches!(c, '\u{e0020}'..='\u{e007f}' | '®' | '™' | '©')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn takes_pictures_and_degrees_off_and_leaves_names() {
        for (name, expected) in [
            ("Ana Silva", "Ana Silva"),
            ("🌟 Ana Silva 🌟", "Ana Silva"),
            ("Ana Silva 👩‍💻", "Ana Silva"),
            ("Ana Silva, PhD", "Ana Silva"),
            ("Ana Silva PhD, MBA", "Ana Silva"),
            ("Ana Silva MBA", "Ana Silva"),
            ("Dr. Ana Silva", "Dr. Ana Silva"),
            ("Silva, Ana", "Silva, Ana"),
            ("Jo Ma", "Jo Ma"),
            ("Jo MA", "Jo MA"),
            ("YO YO MA", "YO YO MA"),
            ("Robert Chen Jr.", "Robert Chen Jr."),
            ("Robert Chen III", "Robert Chen III"),
            ("Robert Chen, Sr.", "Robert Chen, Sr."),
            ("PhD", "PhD"),
            ("山田太郎", "山田太郎"),
            ("", ""),
        ] {
            assert_eq!(shown_name(name), expected, "{name}");
        }
    }

    proptest! {
        #[test]
        fn never_takes_all(name in "\\PC{0,30}") {
            prop_assert_eq!(shown_name(&name).is_empty(), name.is_empty());
        }
    }
}
