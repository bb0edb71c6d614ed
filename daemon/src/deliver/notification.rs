//! How a reminder reads as a desktop notification.
//!
//! Showing it, and hearing what was pressed, is `desktop`.

use std::collections::BTreeSet;

use kith_core::fact::{OccurrenceId, Reminder};
use kith_core::plan::brief::is_brief;
use kith_core::plan::event::is_of_event;
use kith_core::plan::heading::heading;

use super::plain;

/// The longest text that is shown of a name or a reason, in characters.
const SHOWN_CHARS: usize = 300;

/// A reminder, with the name of whom it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The reminder.
    pub reminder: Reminder,
    /// The person's name; `None` for a word to the owner.
    pub name: Option<String>,
}

/// A notification, before it is known what the server can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The reminders that it tells.
    pub occurrences: BTreeSet<OccurrenceId>,
    /// Its headline.
    pub summary: String,
    /// Its text, a paragraph each, without markup.
    pub body: Vec<String>,
    /// What can be pressed.
    pub actions: &'static [Action],
}

/// What can be pressed on a notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Show the person's card.
    Open,
    /// We talked.
    Done,
    /// Not this week.
    Snooze,
}

/// What a notification server can do, as it says itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a capability of the specification, and any may be there")]
pub struct Capabilities {
    /// It shows buttons.
    pub actions: bool,
    /// It shows a text below the headline.
    pub body: bool,
    /// It reads the text as markup.
    pub body_markup: bool,
    /// It keeps notifications until they are seen.
    pub persistence: bool,
}

impl Action {
    /// Returns the action of this key, as the server names it. Pressing the notification itself opens it.
    #[must_use]
    pub fn of_key(key: &str) -> Option<Self> {
        match key {
            "default" | "open" => Some(Self::Open),
            "done" => Some(Self::Done),
            "snooze" => Some(Self::Snooze),
            _ => None,
        }
    }

    const fn key_and_label(self) -> [&'static str; 2] {
        match self {
            Self::Open => ["open", "Open"],
            Self::Done => ["done", "Done"],
            Self::Snooze => ["snooze", "Snooze 1 week"],
        }
    }
}

impl Capabilities {
    /// Reads what `GetCapabilities` answered.
    #[must_use]
    pub fn of(names: &[String]) -> Self {
        let has = |name: &str| names.iter().any(|known| known == name);
        Self {
            actions: has("actions"),
            body: has("body"),
            body_markup: has("body-markup"),
            persistence: has("persistence"),
        }
    }
}

impl Notice {
    /// Returns the notification of one reminder.
    #[must_use]
    pub fn of(word: &Word) -> Self {
        let body = word.reminder.reasons.iter().chain(&word.reminder.step).cloned().collect();
        let occurrences = BTreeSet::from([word.reminder.occurrence.clone()]);
        match &word.name {
            Some(name) => {
                let actions = &[Action::Open, Action::Done, Action::Snooze];
                Self { occurrences, summary: heading(word.reminder.kind, &shown(name)), body, actions }
            }
            None if is_of_event(&word.reminder.occurrence.0) => {
                Self { occurrences, summary: "Whom did you meet?".to_owned(), body, actions: &[] }
            }
            None if is_brief(&word.reminder.occurrence.0) => {
                Self { occurrences, summary: "Whom you will meet".to_owned(), body, actions: &[] }
            }
            None => Self { occurrences, summary: "Whom would you like to hear from?".to_owned(), body, actions: &[] },
        }
    }

    /// Returns whether it tells no reminder, and so may pass unseen.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        self.occurrences.is_empty()
    }

    /// Returns one notification of several reminders that were missed.
    #[must_use]
    pub fn digest(words: &[Word]) -> Self {
        let line = |word: &Word| {
            let said: Vec<&str> = word.reminder.reasons.iter().chain(&word.reminder.step).map(String::as_str).collect();
            let reasons = said.join(" ");
            word.name.as_ref().map_or_else(|| reasons.clone(), |name| format!("{}: {reasons}", shown(name)))
        };
        Self {
            occurrences: words.iter().map(|word| word.reminder.occurrence.clone()).collect(),
            summary: format!("While you were away: {}", listed(words)),
            body: words.iter().map(line).collect(),
            actions: &[Action::Open],
        }
    }

    /// Returns the names of those whom reminders are about: "Ana, Bo and Cleo".
    #[must_use]
    pub fn names(words: &[Word]) -> String {
        listed(words)
    }

    /// Returns the headline for a server of these abilities.
    #[must_use]
    pub fn summary_for(&self, server: Capabilities) -> String {
        if server.body { shown(&self.summary) } else { shown(&format!("{}: {}", self.summary, self.body.join(" "))) }
    }

    /// Returns the text for a server of these abilities; escaped where it is read as markup.
    #[must_use]
    pub fn body_for(&self, server: Capabilities) -> String {
        let paragraphs: Vec<_> = self.body.iter().map(|paragraph| shown(paragraph)).collect();
        match server {
            Capabilities { body: false, .. } => String::new(),
            Capabilities { body_markup: true, .. } => escape(&paragraphs.join("\n")),
            Capabilities { body_markup: false, .. } => paragraphs.join("\n"),
        }
    }

    /// Returns the buttons for a server of these abilities, key and label in turn.
    #[must_use]
    pub fn actions_for(&self, server: Capabilities) -> Vec<&'static str> {
        if !server.actions || self.actions.is_empty() {
            return Vec::new();
        }
        let buttons = self.actions.iter().flat_map(|action| action.key_and_label());
        // Pressing the notification itself is no button, but some servers (xfce4-notifyd) make one of whatever has a label.
        ["default", ""].into_iter().chain(buttons).collect()
    }
}

/// Replaces the characters that mean something in markup; fit for HTML text and attributes too.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// The text as a notification can bear it.
fn shown(text: &str) -> String {
    plain::line(text, SHOWN_CHARS)
}

fn listed(words: &[Word]) -> String {
    let names: Vec<_> = words.iter().filter_map(|word| word.name.as_deref()).map(shown).collect();
    match names.as_slice() {
        [] => "a word from kith".to_owned(),
        [one] => one.clone(),
        [others @ .., last] => format!("{} and {last}", others.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use kith_core::id::RecordId;

    use super::*;

    fn word(name: &str) -> Word {
        let reasons =
            vec!["It has been 5 weeks since the last mail between you; you wanted to talk every 3 weeks.".to_owned()];
        let record = RecordId::new("manual", name);
        let step = Some("Ask how things are at Q&A <Labs>, and how you could help.".to_owned());
        let occurrence = OccurrenceId(format!("2026-11-23/daily/{record}"));
        Word {
            reminder: Reminder { record: Some(record), step, ..Reminder::new(occurrence, reasons) },
            name: Some(name.to_owned()),
        }
    }

    fn server(names: &[&str]) -> Capabilities {
        Capabilities::of(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn text_is_escaped_where_the_server_reads_markup_and_only_there() {
        let notice = Notice::of(&word("Ana <b>Silva</b>"));
        assert_eq!(notice.summary_for(server(&["body", "body-markup"])), "Reconnect with Ana <b>Silva</b>");
        let markup = notice.body_for(server(&["body", "body-markup"]));
        assert!(markup.ends_with("\nAsk how things are at Q&amp;A &lt;Labs&gt;, and how you could help."), "{markup}");
        let plain = notice.body_for(server(&["body"]));
        assert!(plain.ends_with("\nAsk how things are at Q&A <Labs>, and how you could help."), "{plain}");
    }

    #[test]
    fn a_server_without_a_body_shows_all_in_the_headline() {
        let notice = Notice::of(&word("Ana"));
        assert_eq!(notice.body_for(server(&[])), "");
        assert!(notice.summary_for(server(&[])).starts_with("Reconnect with Ana: It has been 5 weeks"));
    }

    #[test]
    fn buttons_are_offered_where_there_are_buttons() {
        let notice = Notice::of(&word("Ana"));
        assert_eq!(notice.actions_for(server(&["body"])), [""; 0]);
        let keys: Vec<_> = notice.actions_for(server(&["actions"])).into_iter().step_by(2).collect();
        assert_eq!(keys, ["default", "open", "done", "snooze"]);
        let labels: Vec<_> = notice.actions_for(server(&["actions"])).into_iter().skip(1).step_by(2).collect();
        assert_eq!(labels, ["", "Open", "Done", "Snooze 1 week"]);
        assert!(keys.into_iter().all(|key| Action::of_key(key).is_some()));
    }

    #[test]
    fn a_digest_lists_the_names() {
        let digest = Notice::digest(&[word("Ana"), word("Bo"), word("Cleo")]);
        assert_eq!(digest.summary, "While you were away: Ana, Bo and Cleo");
        assert!(digest.body[1].starts_with("Bo: It has been 5 weeks"));
        assert_eq!((digest.occurrences.len(), digest.actions), (3, [Action::Open].as_slice()));
    }

    #[test]
    fn a_name_cannot_break_out_of_its_line_or_fill_the_screen() {
        let summary = Notice::of(&word(&format!("A\nb\u{7}{}", "x".repeat(9_000)))).summary;
        assert!(summary.starts_with("Reconnect with A b x") && summary.chars().count() < 350);
    }

    #[test]
    fn two_hundred_hostile_names_are_told_as_plain_words() {
        const PARTS: [&str; 20] = [
            "<b>x</b>",
            "<a href='x'>",
            "&amp;",
            "\r\nBcc: a@example.com",
            "\nnext",
            "\rlone",
            "$(touch here)",
            "`touch here`",
            "; rm x",
            "\u{202e}exe.gnp",
            "\u{2066}x\u{2069}",
            "\u{0}",
            "\u{1b}[31m",
            "\u{2028}",
            "\u{85}",
            "\"'\\",
            "%0d%0a",
            "**x**",
            "\u{7f}",
            "\u{feff}",
        ];
        let long = "y".repeat(20_000);
        for frame in 0..10 {
            for part in PARTS {
                let name = format!("Ana {part} {frame}{}", if frame == 9 { long.as_str() } else { "" });
                let mut word = word(&name);
                word.reminder.reasons = vec![format!("It has been a while, {name}.")];
                let notice = Notice::of(&word);
                let [markup, plain] = [true, false].map(|body_markup| {
                    let server = Capabilities { actions: true, body: true, body_markup, persistence: true };
                    (notice.summary_for(server), notice.body_for(server))
                });
                assert!(!markup.1.contains(['<', '"', '\'']), "{markup:?}");
                for text in [&markup.0, &plain.0, &plain.1] {
                    assert!(text.chars().count() < 900 && text.lines().count() <= 2, "{text}");
                    assert!(!text.contains(
                        |c: char| (c.is_control() && c != '\n') || "\u{202e}\u{2066}\u{2028}\u{feff}".contains(c)
                    ));
                }
            }
        }
    }
}
