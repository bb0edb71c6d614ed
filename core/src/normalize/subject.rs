//! Base subjects: what a subject line is about, without what programs write around it when they answer or pass on.
//!
//! The rules are those of RFC 5256 §2.1, with the prefixes of other languages, which the RFC leaves out.

use super::fold_text;

/// What programs put before the subject of an answer or of a mail that is passed on, folded; a colon follows, and a number in
/// brackets may stand before that.
const PREFIXES: [&str; 19] = [
    "re", "fw", "fwd", "aw", "wg", "antw", "antwort", "sv", "vs", "vb", "rv", "res", "enc", "tr", "odp", "pd", "回复",
    "答复", "转发",
];

/// Returns a subject line folded and without prefixes, names of lists in brackets, and `(fwd)`; it may be empty.
///
/// ```
/// use kith_core::normalize::base_subject;
/// assert_eq!(base_subject("AW: [oss] Re[2]: Lunch? (fwd)"), "lunch?");
/// assert_eq!(base_subject("Re:"), "");
/// ```
#[must_use]
pub fn base_subject(subject: &str) -> String {
    let folded = fold_text(subject);
    let mut rest = folded.trim();
    while let Some(shorter) = without_one(rest) {
        rest = shorter.trim();
    }
    rest.to_owned()
}

/// What is left without one of the things that stand around it; `None` where nothing does.
fn without_one(text: &str) -> Option<&str> {
    let wrapped = || text.strip_prefix("[fwd:")?.strip_suffix(']');
    let named = || blob(text).filter(|rest| !rest.trim().is_empty());
    text.strip_suffix("(fwd)")
        .or_else(wrapped)
        .or_else(|| PREFIXES.iter().find_map(|it| behind(text, it)))
        .or_else(named)
}

fn behind<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let rest = text.strip_prefix(prefix)?.trim_start();
    let rest = blob(rest).map_or(rest, str::trim_start);
    rest.strip_prefix([':', '：'])
}

/// What follows a word in brackets: `[list] …`.
fn blob(text: &str) -> Option<&str> {
    let (inner, rest) = text.strip_prefix('[')?.split_once(']')?;
    (!inner.contains('[')).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(subject: &str, expected: &str) {
        assert_eq!(base_subject(subject), expected, "{subject}");
    }

    #[test]
    fn what_programs_write_around_a_subject_is_no_part_of_it() {
        for subject in [
            "Lunch on Friday",
            "Re: Lunch on Friday",
            "RE : lunch  on Friday",
            "AW: WG: Lunch on Friday",
            "Fwd: Re: Lunch on Friday",
            "[team] Lunch on Friday",
            "Re: [team] Re: Lunch on Friday",
            "[team] [fun] Lunch on Friday",
            "Re[3]: Lunch on Friday",
            "[Fwd: Lunch on Friday]",
            "Lunch on Friday (fwd)",
            "回复：Lunch on Friday",
        ] {
            check(subject, "lunch on friday");
        }
    }

    #[test]
    fn what_only_looks_like_it_stays() {
        check("Regarding: the draft", "regarding: the draft");
        check("[urgent]", "[urgent]");
        check("Re: [urgent]", "[urgent]");
        check("Reception", "reception");
        check("Re: Re:", "");
        check("", "");
    }
}
