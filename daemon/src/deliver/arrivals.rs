//! What came of the files that were dropped, as one notification: a line a file.
//!
//! It is told once, to whoever looks at the screen now; `kith problems` and the reports keep it. Nothing waits for it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

use super::notification::Notice;
use crate::config::Config;
use crate::intake::Arrival;
use crate::keeper::Report;

/// How long nothing more must come before it is told.
const QUIET: Duration = Duration::from_secs(2);

/// How many files are told one by one.
const LINES: usize = 4;

/// Makes notifications of arrivals, until the daemon ends; each time something arrived, `arrived` ticks.
pub async fn gather(
    mut arrivals: mpsc::Receiver<Arrival>,
    notices: mpsc::Sender<Notice>,
    (config, arrived): (watch::Receiver<Arc<Config>>, watch::Sender<u64>),
    mut shutdown: watch::Receiver<bool>,
) {
    loop {
        let first = tokio::select! {
            first = arrivals.recv() => first,
            _ = shutdown.wait_for(|ends| *ends) => return,
        };
        let Some(first) = first else { return };
        let mut together = vec![first];
        while let Ok(Some(next)) = timeout(QUIET, arrivals.recv()).await {
            together.push(next);
        }
        arrived.send_modify(|ticks| *ticks = ticks.wrapping_add(1));
        if config.borrow().tell_imports
            && let Some(notice) = notice(&together)
        {
            // Without a desktop nobody waits for it.
            drop(notices.try_send(notice));
        }
    }
}

fn notice(arrivals: &[Arrival]) -> Option<Notice> {
    let is_refused = |arrival: &&Arrival| matches!(arrival, Arrival::Refused { .. });
    // What needs a look comes first.
    let (refused, imported): (Vec<&Arrival>, Vec<&Arrival>) = arrivals.iter().partition(is_refused);
    let lines: Vec<String> = refused.iter().chain(&imported).filter_map(|arrival| line(arrival)).collect();
    let summary = match (lines.len(), refused.len()) {
        (0, _) => return None,
        (1, 1) => "This file could not be imported".to_owned(),
        (files, refused) if files == refused => "These files could not be imported".to_owned(),
        (_, 0) => "Imported".to_owned(),
        (files, refused) => format!("{refused} of {files} files could not be imported"),
    };
    let more = lines.len().saturating_sub(LINES);
    let mut body: Vec<String> = lines.into_iter().take(LINES).collect();
    match more {
        0 => {}
        1 => body.push("and 1 more file".to_owned()),
        more => body.push(format!("and {more} more files")),
    }
    let leaves_out = |arrival: &&Arrival| match arrival {
        Arrival::Imported { reports, .. } => reports.iter().any(|report| report.refused > 0),
        Arrival::Refused { .. } => false,
    };
    if !refused.is_empty() {
        body.push("What to do: kith problems".to_owned());
    }
    if imported.iter().any(leaves_out) {
        body.push("What was left out, and why: kith report".to_owned());
    }
    Some(Notice { occurrences: BTreeSet::new(), summary, body, actions: &[] })
}

/// Returns what came of an import in words, "31 new, 9 changed jobs"; nothing when nobody would want to know.
#[must_use]
pub fn in_words(report: &Report) -> String {
    parts(std::slice::from_ref(report)).join(", ")
}

/// Returns the line about a file; `None` when nothing came of it that anybody would want to know.
fn line(arrival: &Arrival) -> Option<String> {
    match arrival {
        Arrival::Refused { name, reason } => Some(format!("{name}: {reason}")),
        Arrival::Imported { name, reports } => {
            let is_linkedin = |key: &String| key.starts_with("linkedin/");
            let name = if reports.iter().any(|report| report.collections.keys().any(is_linkedin)) {
                "LinkedIn"
            } else {
                name.as_str()
            };
            let parts = parts(reports);
            (!parts.is_empty()).then(|| format!("{name}: {}", parts.join(", ")))
        }
    }
}

fn parts(reports: &[Report]) -> Vec<String> {
    let of = |wanted: fn(&str) -> bool| {
        let collections = reports.iter().flat_map(|report| &report.collections);
        collections.filter(|(key, _)| wanted(key)).map(|(_, count)| count).sum::<u64>()
    };
    let sum = |count: fn(&Report) -> u64| reports.iter().map(count).sum::<u64>();
    let is_people = |key: &str| ["/connections", "/contacts", "/cards"].iter().any(|ending| key.ends_with(ending));
    let is_messages = |key: &str| key.ends_with("/messages");
    let (people, messages) = (of(is_people), of(is_messages));
    let new = sum(|report| report.new);
    let counted = [
        (people, "1 person", "people"),
        (messages, "1 message", "messages"),
        (if people > 0 { sum(|report| report.new_cards) } else { new }, "1 new", "new"),
        (sum(|report| report.moved), "1 changed jobs", "changed jobs"),
        (sum(|report| report.refused), "1 left out", "left out"),
    ];
    let told = counted.into_iter().filter(|(count, ..)| *count > 0);
    let mut told: Vec<String> = told
        .map(|(count, one, many)| if count == 1 { one.to_owned() } else { format!("{} {many}", grouped(count)) })
        .collect();
    if !told.is_empty() && new == 0 && sum(|report| report.changed + report.retired) == 0 {
        told.push("nothing new".to_owned());
    }
    told
}

/// `1234567` as `1,234,567`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in (1..=digits.len()).rev().zip(digits.chars()) {
        grouped.push(digit);
        if place > 1 && place % 3 == 1 {
            grouped.push(',');
        }
    }
    grouped
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn imported(name: &str, collections: &[(&str, u64)], report: Report) -> Arrival {
        let collections: BTreeMap<_, _> = collections.iter().map(|(key, count)| ((*key).to_owned(), *count)).collect();
        Arrival::Imported { name: name.to_owned(), reports: vec![Report { collections, ..report }] }
    }

    #[track_caller]
    fn check(arrival: &Arrival, expected: Option<&str>) {
        assert_eq!(line(arrival).as_deref(), expected);
    }

    #[test]
    fn an_archive_is_one_line() {
        let report = Report { new: 40, new_cards: 31, changed: 12, moved: 9, refused: 2, ..Report::default() };
        let collections = [("linkedin/connections", 812), ("linkedin/profile", 1)];
        check(
            &imported("Basic_Export.zip", &collections, report),
            Some("LinkedIn: 812 people, 31 new, 9 changed jobs, 2 left out"),
        );
        let mail = Report { new: 1_234_567, ..Report::default() };
        check(
            &imported("all.mbox", &[("mail/messages", 2_000_000)], mail),
            Some("all.mbox: 2,000,000 messages, 1,234,567 new"),
        );
        let again = imported("ana.vcf", &[("vcard/cards", 1)], Report { same: 1, ..Report::default() });
        check(&again, Some("ana.vcf: 1 person, nothing new"));
        check(&imported("nothing.csv", &[], Report::default()), None);
    }

    #[test]
    fn many_files_share_a_notification() {
        let card =
            |name: &str| imported(name, &[("vcard/cards", 1)], Report { new: 1, new_cards: 1, ..Report::default() });
        let refused = |name: &str| Arrival::Refused { name: name.to_owned(), reason: "the file is empty".to_owned() };
        let told = notice(&[card("a.vcf"), refused("b.vcf")]).unwrap();
        assert_eq!(told.summary, "1 of 2 files could not be imported");
        assert_eq!(told.body, ["b.vcf: the file is empty", "a.vcf: 1 person, 1 new", "What to do: kith problems"]);
        let told_partly =
            || imported("c.csv", &[("csv/contacts", 2)], Report { new: 1, refused: 1, ..Report::default() });
        let told = notice(&[card("a.vcf"), told_partly()]).unwrap();
        assert_eq!((told.summary.as_str(), told.body.len()), ("Imported", 3));
        assert_eq!(told.body[2], "What was left out, and why: kith report");
        let told = notice(&[told_partly(), refused("b.vcf")]).unwrap();
        assert_eq!(told.body[2..], ["What to do: kith problems", "What was left out, and why: kith report"]);
        let told = notice(&[refused("b.vcf")]).unwrap();
        assert_eq!(told.summary, "This file could not be imported");
        let told = notice(&["a", "b", "c", "d", "e", "f"].map(card)).unwrap();
        assert_eq!(told.body.last().unwrap(), "and 2 more files");
        assert_eq!(notice(&[]), None);
    }
}
