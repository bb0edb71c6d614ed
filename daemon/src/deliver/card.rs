//! The card that *Open* shows: a person, as a private HTML page in the runtime folder.
//!
//! Until there is a page of kith's own this is what a press on a notification opens. The page needs nothing else: no script,
//! no font, no address that would be asked.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::notification::escape;
use super::who::Who;
use crate::paths;

/// What is shown of one person.
#[derive(Debug)]
pub struct Card {
    /// Whom.
    pub who: Who,
    /// Why now, each a sentence.
    pub reasons: Vec<String>,
    /// The next step.
    pub step: Option<String>,
}

const STYLE: &str = "\
:root{color-scheme:light dark;--line:#8883}\
body{font:1.05rem/1.55 system-ui,sans-serif;max-width:38rem;margin:3rem auto;padding:0 1.25rem}\
article{border:1px solid var(--line);border-radius:1rem;padding:1.75rem 2rem;margin-bottom:1.5rem}\
h1{margin:0;font-size:1.7rem}h2{font-size:.85rem;letter-spacing:.04em;margin:1.6rem 0 .3rem;opacity:.65}\
p,ul{margin:.2rem 0}ul{list-style:none;padding:0}.headline{opacity:.75}\
.why{margin-top:1.2rem;padding:.9rem 1.1rem;border-radius:.7rem;background:#7aa6}\
time{opacity:.65;margin-right:.6rem;font-variant-numeric:tabular-nums}a{color:inherit}";

/// Writes the cards as one page and returns where it is. Nobody else can read it.
///
/// # Errors
/// When it cannot be written.
pub fn write(runtime: &Path, name: &str, cards: &[Card], zone: &TimeZone) -> io::Result<PathBuf> {
    let folder = runtime.join("cards");
    paths::make_folder(&folder)?;
    let path = folder.join(format!("{name}.html"));
    paths::replace(&path, page(cards, zone).as_bytes())?;
    Ok(path)
}

fn page(cards: &[Card], zone: &TimeZone) -> String {
    let title = cards.first().map_or("kith", |card| card.who.name.as_str());
    let articles: String = cards.iter().map(|card| article(card, zone)).collect();
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{}</title><style>{STYLE}</style></head>\
         <body>{articles}</body></html>\n",
        escape(title)
    )
}

fn article(card: &Card, zone: &TimeZone) -> String {
    let who = &card.who;
    let mut html = format!("<article><h1>{}</h1>", escape(&who.name));
    let headline: Vec<_> = who.titles.iter().take(1).chain(who.organizations.iter().take(1)).cloned().collect();
    paragraph(&mut html, "headline", &headline.join(" · "));
    let why: Vec<_> = card.reasons.iter().chain(&card.step).map(|sentence| escape(sentence)).collect();
    if !why.is_empty() {
        html.push_str(&format!("<div class=\"why\">{}</div>", why.join("<br>")));
    }
    let mail = who.emails.iter().map(|email| link("mailto:", email));
    let phone = who.phones.iter().map(|phone| link("tel:", phone));
    let profile = who.profiles.iter().map(|profile| if is_web(profile) { link("", profile) } else { escape(profile) });
    section(&mut html, "How to reach", mail.chain(phone).chain(profile));
    section(&mut html, "Last talks", who.talks.iter().map(|(at, what)| dated(*at, what, zone)));
    section(&mut html, "Notes", who.notes.iter().map(|(at, note)| dated(*at, note, zone)));
    section(&mut html, "Birthday", who.birthday.iter().map(|birthday| escape(birthday)));
    section(&mut html, "Circle", who.circle.iter().map(|circle| escape(circle)));
    html.push_str("</article>");
    html
}

fn paragraph(html: &mut String, class: &str, text: &str) {
    if !text.is_empty() {
        html.push_str(&format!("<p class=\"{class}\">{}</p>", escape(text)));
    }
}

/// Adds a section of lines that are HTML already; none without lines.
fn section(html: &mut String, heading: &str, lines: impl Iterator<Item = String>) {
    let items: String = lines.map(|line| format!("<li>{line}</li>")).collect();
    if !items.is_empty() {
        html.push_str(&format!("<h2>{heading}</h2><ul>{items}</ul>"));
    }
}

fn dated(at: Timestamp, text: &str, zone: &TimeZone) -> String {
    let day = at.to_zoned(zone.clone()).strftime("%-d %B %Y").to_string();
    format!("<time>{day}</time>{}", escape(text).replace('\n', "<br>"))
}

/// A link to what a person is reached by. What has no place in an address is written as its bytes' numbers.
fn link(scheme: &str, target: &str) -> String {
    let mut address = String::from(scheme);
    for byte in target.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'@' | b'.' | b'-' | b'_' | b'+' | b'~' | b'%' => {
                address.push(byte.into());
            }
            b':' | b'/' | b'?' | b'=' | b'&' | b'#' if scheme.is_empty() => address.push(byte.into()),
            // Writing to a string cannot fail.
            other => write!(address, "%{other:02X}").unwrap_or_default(),
        }
    }
    format!("<a href=\"{}\" rel=\"noreferrer\">{}</a>", escape(&address), escape(target))
}

fn is_web(address: &str) -> bool {
    address.starts_with("https://") || address.starts_with("http://")
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use kith_core::id::RecordId;

    use super::*;

    fn card(name: &str) -> Card {
        let evil = "<script>alert('1')</script>\"><img src=x>";
        let at = "2026-11-02T23:30:00Z".parse().unwrap();
        let who = Who {
            id: RecordId::new("manual", name).to_string(),
            name: name.to_owned(),
            circle: Some("friends".to_owned()),
            titles: vec!["Gardener".to_owned()],
            organizations: vec!["Greenhouse & Sons".to_owned()],
            emails: vec!["ana@example.com".to_owned(), evil.to_owned()],
            phones: vec!["+49 30 1234567".to_owned()],
            profiles: vec!["https://linkedin.example/in/ana".to_owned(), "javascript:alert(1)".to_owned()],
            birthday: None,
            last_interaction: None,
            notes: vec![(at, evil.to_owned())],
            talks: vec![(at, "mail".to_owned())],
        };
        Card { who, reasons: vec![evil.to_owned()], step: Some("Ask how things are.".to_owned()) }
    }

    #[test]
    fn nothing_of_a_person_becomes_markup() {
        let html = page(&[card("Ana </title><b>")], &TimeZone::UTC);
        assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("<b>"), "{html}");
        assert!(!html.contains("href=\"javascript:"), "{html}");
        assert!(html.contains("<h1>Ana &lt;/title&gt;&lt;b&gt;</h1>"), "{html}");
        assert!(html.contains("href=\"mailto:ana@example.com\"") && html.contains("href=\"tel:+49%2030%201234567\""));
        assert!(html.contains("Gardener · Greenhouse &amp; Sons") && html.contains("<time>2 November 2026</time>mail"));
    }

    #[test]
    fn the_page_is_private() {
        let runtime = tempfile::tempdir().unwrap();
        let path = write(runtime.path(), "1f2e", &[card("Ana")], &TimeZone::UTC).unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    }
}
