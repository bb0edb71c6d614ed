//! Makes a person's words fit to be shown: plain, on their line, and in their direction.
//!
//! Control characters break lines and headers, and run terminals; those that turn the direction of writing make a text read as
//! something else ("Trojan Source"). What is markup is escaped where it is read as such, which only the channel knows.

/// Returns the text on one line, without control characters, and cut after so many characters.
#[must_use]
pub fn line(text: &str, limit_chars: usize) -> String {
    let mut line: String = text.chars().map(|c| if is_unfit(c) { ' ' } else { c }).take(limit_chars).collect();
    if text.chars().nth(limit_chars).is_some() {
        line.push('…');
    }
    line
}

/// Whether a character does something instead of being read.
fn is_unfit(c: char) -> bool {
    c.is_control()
        || turns_direction(c)
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// The marks, embeddings, overrides and isolates of the bidirectional algorithm (UAX #9).
const fn turns_direction(c: char) -> bool {
    matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_breaks_lines_or_turns_the_direction_becomes_a_space() {
        assert_eq!(line("A\r\nb\u{7}\u{202e}c\u{2028}d\u{9b}e", 99), "A  b  c d e");
        assert_eq!(line("علی Ünal 王 👩‍👧", 99), "علی Ünal 王 👩‍👧");
    }

    #[test]
    fn a_long_text_is_cut() {
        assert_eq!(line("abcdef", 3), "abc…");
        assert_eq!(line("abc", 3), "abc");
    }
}
