//! The text of a message as its sender wrote it: of its parts the plain one, else what its HTML says; without what is quoted,
//! forwarded, or signed below it.
//!
//! ```text
//!  body ─parts─▶ text/plain, or text/html ─own_words─▶ "Hi Ana,\nI'll send you the draft by Friday."
//! ```
//!
//! What it says is read in `kith-sentence`; nothing of it is kept here.

use std::io::{self, Read, Seek};
use std::panic::catch_unwind;

use mail_parser::decoders::html::html_to_text;

use crate::content::{Content, Kind, Markup};
use crate::parts::{Part, Parts};
use crate::window::Window;

/// How much of a text is read: what is longer is hardly written by hand.
const TEXT_LIMIT_BYTES: usize = 64 * 1024;

/// Lines that are shorter were ended by hand; longer ones were broken by a mailer, and go on in the next.
const BROKEN_AT_CHARS: usize = 55;

/// How a line begins below which everything is another's.
const SEPARATORS: [&str; 12] = [
    "-----original message",
    "----- original message",
    "-----ursprüngliche nachricht",
    "-----ursprungliche nachricht",
    "---------- forwarded message",
    "-------- forwarded message",
    "-------- weitergeleitete nachricht",
    "-------- original message",
    "-------- ursprüngliche nachricht",
    "begin forwarded message:",
    "anfang der weitergeleiteten nachricht:",
    "________________________________",
];

/// Fields with which Outlook begins what it quotes: `From: …` above `Sent: …`.
const QUOTED_FIELDS: [(&str, &[&str]); 2] =
    [("from:", &["sent:", "date:", "to:", "subject:"]), ("von:", &["gesendet:", "datum:", "an:", "betreff:"])];

/// Marks of what is quoted in HTML: everything behind the first is another's.
const QUOTED_HTML: [&str; 9] = [
    "<blockquote",
    "gmail_quote",
    "gmail_attr",
    "moz-cite-prefix",
    "moz-forward-container",
    "divrplyfwdmsg",
    "appendonsend",
    "yahoo_quoted",
    "border-top:solid #e1e1e1",
];

/// Returns the text of a message whose body begins where the window stands, and ends at the offset `end`.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn text_of<R: Read + Seek>(window: &mut Window<R>, end: u64, content: Content) -> io::Result<String> {
    let mut parts = Parts::of_text(window, end, content);
    let mut html = None;
    while let Some(part) = parts.next()? {
        match part {
            Part::Whole(Kind::Text(Markup::Plain), bytes) => return Ok(lossy(&bytes)),
            Part::Whole(Kind::Text(Markup::Html), bytes) => html = html.or_else(|| Some(of_html(&lossy(&bytes)))),
            Part::Whole(Kind::Card | Kind::Calendar | Kind::Multipart(_) | Kind::Other, _)
            | Part::Refused(_)
            | Part::Beyond(_) => {}
        }
    }
    Ok(html.unwrap_or_default())
}

/// Returns the beginning of a text.
fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes.get(..TEXT_LIMIT_BYTES).unwrap_or(bytes)).into_owned()
}

/// Returns what HTML says before it quotes, a line a paragraph.
fn of_html(html: &str) -> String {
    let small = html.to_ascii_lowercase();
    let end = QUOTED_HTML.iter().filter_map(|mark| small.find(mark)).min().unwrap_or(html.len());
    // Up to where the tag begins that the mark stands in.
    let end = small.get(..end).and_then(|before| before.rfind('<').filter(|at| !is_closed(before, *at))).unwrap_or(end);
    let mut text = html.get(..end).unwrap_or_default().to_owned();
    for tag in ["</div>", "</DIV>", "</li>", "</LI>", "</tr>", "</TR>"] {
        text = text.replace(tag, "<br>");
    }
    // HTML that its parser cannot stand says nothing.
    catch_unwind(|| html_to_text(&text)).unwrap_or_default()
}

fn is_closed(before: &str, at: usize) -> bool {
    before.get(at..).is_some_and(|tag| tag.contains('>'))
}

/// Returns what the sender wrote of a text themselves, a line a paragraph.
pub(crate) fn own_words(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut own = String::with_capacity(text.len().min(4096));
    let mut goes_on = false;
    for (at, line) in lines.iter().enumerate() {
        let bare = line.trim();
        if is_end(&lines, at, bare) {
            break;
        }
        if bare.is_empty() || bare.starts_with('>') || begins_a_quote(&lines, at) {
            goes_on = false;
            own.push('\n');
            continue;
        }
        own.push(if goes_on && !begins_an_item(bare) { ' ' } else { '\n' });
        own.push_str(bare);
        goes_on = line.ends_with(' ') || bare.chars().count() >= BROKEN_AT_CHARS;
    }
    own
}

/// Whether nothing below is the sender's own: a signature (RFC 3676 §4.3), what is forwarded, what Outlook quotes.
fn is_end(lines: &[&str], at: usize, bare: &str) -> bool {
    if bare == "--" {
        return true;
    }
    let small = bare.to_lowercase();
    let is_field = |(first, others): &(&str, &[&str])| {
        small.trim_start_matches('*').starts_with(first)
            && lines.iter().skip(at + 1).take(3).any(|line| {
                let line = line.trim().trim_start_matches('*').to_lowercase();
                others.iter().any(|other| line.starts_with(other))
            })
    };
    SEPARATORS.iter().any(|separator| small.starts_with(separator)) || QUOTED_FIELDS.iter().any(is_field)
}

/// Whether a line introduces what is quoted, alone or with the next: `On 3 May, Ana wrote:`, `Am 3. Mai schrieb Ana:`.
fn begins_a_quote(lines: &[&str], at: usize) -> bool {
    let begins = |line: &str| {
        let line = line.trim_start().to_lowercase();
        ["on ", "am ", "le ", "il ", "el "].iter().any(|word| line.starts_with(word))
    };
    let ends = |line: &str| {
        let line = line.trim_end().to_lowercase();
        line.ends_with("wrote:") || line.ends_with(':') && line.contains("schrieb")
    };
    let line = lines.get(at).copied().unwrap_or_default();
    let before = at.checked_sub(1).and_then(|before| lines.get(before)).copied().unwrap_or_default();
    let next = lines.get(at + 1).copied().unwrap_or_default();
    ends(line) && (begins(line) || begins(before)) || begins(line) && ends(next)
}

/// Whether a line begins an item of a list.
fn begins_an_item(line: &str) -> bool {
    ["- ", "* ", "• ", "– "].iter().any(|mark| line.starts_with(mark))
        || line.split_once(['.', ')']).is_some_and(|(number, _)| number.len() < 3 && number.parse::<u8>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let own = own_words(text);
        let lines: Vec<&str> = own.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(lines, expected, "{text}");
    }

    #[test]
    fn what_is_quoted_is_left_out() {
        check("Sure.\n> I'll send it.\n>> No.\nThanks", &["Sure.", "Thanks"]);
        check("Sure.\n\nOn 3 May 2026 at 10:00, Ana Silva wrote:\n> Hi\n", &["Sure."]);
        check("Sure.\n\nOn 3 May 2026 at 10:00, Ana Silva\n<ana@example.com> wrote:\n> Hi\n", &["Sure."]);
        check("Klar.\n\nAm 3. Mai 2026 um 10:00 schrieb Ana Silva:\n> Hallo\n", &["Klar."]);
        check("On Friday I wrote:\nnothing", &["nothing"]);
    }

    #[test]
    fn what_stands_below_a_signature_or_is_forwarded_is_left_out() {
        check("Bye\n-- \nSam\nI'll send ads.", &["Bye"]);
        check("FYI\n---------- Forwarded message ---------\nFrom: Bob\nI'll send it.", &["FYI"]);
        check("FYI\nBegin forwarded message:\n\nI'll send it.", &["FYI"]);
        check("Yes\n-----Original Message-----\nI'll send it.", &["Yes"]);
        check("Yes\n\nFrom: Bob Berg\nSent: Monday\nTo: Sam\n\nI'll send it.", &["Yes"]);
        check("Ja\n\nVon: Bob Berg\nGesendet: Montag\n\nIch schicke es.", &["Ja"]);
        check("From: here on all is well.\nReally.", &["From: here on all is well.", "Really."]);
    }

    #[test]
    fn a_line_that_a_mailer_broke_goes_on() {
        check(
            "Hi Ana,\nthank you very much for the long letter and for the two books; I'll send\nyou the draft by Friday.\nBest\nSam",
            &[
                "Hi Ana,",
                "thank you very much for the long letter and for the two books; I'll send you the draft by Friday.",
                "Best",
                "Sam",
            ],
        );
        check("flowed \ntext\nend", &["flowed text", "end"]);
    }

    #[test]
    fn html_says_what_stands_before_the_quote() {
        let html = "<html><head><style>p {}</style></head><body><div>Hi Ana,</div><div>I&#39;ll send it <b>tomorrow</b>.</div>\
                    <div class=\"gmail_quote\"><div>I'll send nothing.</div></div></body></html>";
        let text = of_html(html);
        assert!(text.contains("I'll send it tomorrow") && !text.contains("nothing"), "{text}");
        assert_eq!(of_html("<p>One</p><p>Two</p>").trim(), "One\nTwo");
        assert_eq!(of_html(""), "");
    }
}
