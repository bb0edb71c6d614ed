//! Calendars as programs export them, and what becomes of their events.

#![expect(clippy::wildcard_enum_match_arm, reason = "helpers of tests fail as tests do")]

use kith_calendar::CalendarImporter;
use kith_plugin::record::Record;
use kith_plugin::testing::{Emitted, probe, run};

const MEETINGS: &[u8] = include_bytes!("fixtures/meetings.ics");

/// Writes a meeting in a line: key, time, subject, who took part.
fn line(emitted: &Emitted) -> Option<String> {
    match emitted {
        Emitted::Record { key, record: Record::Interaction(meeting), .. } => {
            let key = key.clone().unwrap_or_default().replace('\n', "/").replace("@calendar.example", "");
            let at = meeting.at.map(|at| at.to_string()).unwrap_or_default();
            let who = meeting.participants.iter().map(|p| {
                format!("{:?} {} <{}>", p.role, p.name.as_deref().unwrap_or("-"), p.email.as_deref().unwrap_or("-"))
            });
            Some(format!("{key} {at} {:?} {}", meeting.subject, who.collect::<Vec<_>>().join("; ")))
        }
        Emitted::Record { key, record: Record::Bulk(bulk), .. } => {
            let key = key.clone().unwrap_or_default().replace("@calendar.example", "");
            Some(format!("{key} {}", bulk.class.as_str()))
        }
        Emitted::Diagnostic(diagnostic) => Some(diagnostic.to_string()),
        Emitted::Tally { class, count } => Some(format!("{count} × {class}")),
        Emitted::Refused(reason) | Emitted::Truncated(reason) => Some(format!("stopped: {reason}")),
        _ => None,
    }
}

fn lines(files: &[(&str, &[u8])]) -> Vec<String> {
    run::<CalendarImporter>(files).iter().filter_map(line).collect()
}

#[test]
fn an_event_with_others_is_a_meeting_at_its_time_in_its_zone() {
    let expected = [
        "meetings.ics:59: DTSTART: no zone of this name is known: \"Customized Time Zone\" (its time taken as UTC)",
        "meetings.ics:77: DTSTART: missing, or not a time (meeting kept without a time)",
        "coffee 2026-03-02T09:00:00Z Some(\"Coffee, and the harbour project\") From Ana Silva <ana@example.com>; Attendee Sam Example <sam@example.com>; Absent Dan Diaz <dan@example.com>",
        "weekly/2026-01-05T08:00:00Z 2026-01-05T08:00:00Z Some(\"Weekly\") From - <sam@example.com>; Attendee - <bo@example.com>",
        "weekly/2026-01-19T08:00:00Z 2026-01-19T08:00:00Z Some(\"Weekly\") From - <sam@example.com>; Attendee - <bo@example.com>",
        "weekly/2026-01-12T08:00:00Z 2026-01-12T14:00:00Z Some(\"Weekly, later\") From - <sam@example.com>; Attendee - <bo@example.com>",
        "utc 2026-07-01T08:00:00Z None From - <sam@example.com>; Attendee - <cleo@example.com>",
        "day 2026-05-01T00:00:00Z Some(\"Offsite\") From - <sam@example.com>; Attendee - <cleo@example.com>",
        "nowhere 2026-06-01T12:00:00Z None From - <sam@example.com>; Attendee - <cleo@example.com>",
        "gone cancelled",
        "  None From - <sam@example.com>; Attendee - <cleo@example.com>",
        "1 × event without others",
    ];
    assert_eq!(lines(&[("meetings.ics", MEETINGS)]), expected);
}

/// A calendar of these events, each the lines within it.
fn calendar(method: &str, events: &[&str]) -> String {
    let others = "ORGANIZER:mailto:sam@example.com\nATTENDEE:mailto:bo@example.com";
    let event = |event: &&str| format!("BEGIN:VEVENT\n{}\n{others}\nEND:VEVENT\n", event.replace(' ', "\n"));
    let events: String = events.iter().map(event).collect();
    format!("BEGIN:VCALENDAR\n{method}\n{events}END:VCALENDAR\n")
}

/// Returns the meetings' keys and times.
fn times(method: &str, events: &[&str]) -> Vec<String> {
    let found = lines(&[("a.ics", calendar(method, events).as_bytes())]);
    found.iter().map(|line| line.split(" None").next().unwrap_or(line).to_owned()).collect()
}

#[test]
fn a_series_is_when_it_took_place_without_what_was_left_out() {
    let series = "UID:1 DTSTAMP:20260320T000000Z DTSTART:20260302T090000Z RRULE:FREQ=WEEKLY EXDATE:20260309T090000Z";
    assert_eq!(
        times("", &[series]),
        ["1/2026-03-02T09:00:00Z 2026-03-02T09:00:00Z", "1/2026-03-16T09:00:00Z 2026-03-16T09:00:00Z"]
    );
    // Across the change to summer time it stays at nine.
    let series = "UID:1 DTSTAMP:20260331T000000Z DTSTART;TZID=Europe/Berlin:20260323T090000 RRULE:FREQ=WEEKLY";
    assert_eq!(
        times("", &[series]),
        ["1/2026-03-23T08:00:00Z 2026-03-23T08:00:00Z", "1/2026-03-30T07:00:00Z 2026-03-30T07:00:00Z"]
    );
    // Nothing says until when it took place, or it has yet to begin, or nobody meets so often.
    for series in [
        "UID:1 DTSTART:20260302T090000Z RRULE:FREQ=WEEKLY",
        "UID:1 DTSTAMP:20250101T000000Z DTSTART:20260302T090000Z RRULE:FREQ=WEEKLY",
        "UID:1 DTSTAMP:20270101T000000Z DTSTART:20260302T090000Z RRULE:FREQ=SECONDLY",
    ] {
        assert_eq!(times("", &[series]), ["1/2026-03-02T09:00:00Z 2026-03-02T09:00:00Z"], "{series}");
    }
    let daily = "UID:1 DTSTAMP:20260101T000000Z DTSTART:20000101T090000Z RRULE:FREQ=DAILY";
    let found = times("", &[daily]);
    assert_eq!(
        (found.len(), found.last().map(String::as_str)),
        (200, Some("1/2025-12-31T09:00:00Z 2025-12-31T09:00:00Z"))
    );
}

#[test]
fn what_was_to_come_is_kept_with_its_day_also_without_others() {
    let event = |lines: &str| format!("BEGIN:VEVENT\nUID:1\n{}\nEND:VEVENT\n", lines.replace(' ', "\n"));
    let read = |lines: &str| {
        let text = format!("BEGIN:VCALENDAR\n{}END:VCALENDAR\n", event(lines));
        let emitted = run::<CalendarImporter>(&[("a.ics", text.as_bytes())]);
        emitted.into_iter().find_map(|emitted| match emitted {
            Emitted::Record { record: Record::Interaction(meeting), .. } => Some(*meeting),
            _ => None,
        })
    };
    let fair = "SUMMARY:RustConf DTSTAMP:20261101T000000Z DTSTART;VALUE=DATE:20261201";
    let found = read(fair).unwrap();
    assert_eq!((found.on.map(|on| on.to_string()).as_deref(), found.recurs), (Some("2026-12-01"), false));
    assert!(found.participants.is_empty(), "who called it is nobody whom one met");
    let called = read(&format!("{fair} ORGANIZER:mailto:office@example.org")).unwrap();
    assert!(called.participants.is_empty());
    let timed = read("SUMMARY:Meetup DTSTAMP:20261101T000000Z DTSTART:20261201T180000Z").unwrap();
    assert_eq!((timed.on, timed.at.map(|at| at.to_string()).as_deref()), (None, Some("2026-12-01T18:00:00Z")));
    for nothing in [
        "SUMMARY:Dentist DTSTAMP:20261101T000000Z DTSTART:20261001T080000Z",
        "SUMMARY:Dentist DTSTART:20261201T080000Z",
        "SUMMARY:Swimming DTSTAMP:20261101T000000Z DTSTART:20261201T080000Z RRULE:FREQ=WEEKLY",
        "DTSTAMP:20261101T000000Z DTSTART:20261201T080000Z",
    ] {
        assert_eq!(read(nothing), None, "{nothing}");
    }
    let series = "SUMMARY:Weekly DTSTAMP:20261101T000000Z DTSTART:20261026T080000Z RRULE:FREQ=WEEKLY ATTENDEE:mailto:bo@example.com";
    assert!(read(series).unwrap().recurs);
}

#[test]
fn the_newer_version_of_a_meeting_counts_in_any_order() {
    let (first, moved) = ("UID:1 SEQUENCE:1 DTSTART:20260302T090000Z", "UID:1 SEQUENCE:2 DTSTART:20260303T090000Z");
    assert_eq!(times("", &[first, moved]), ["1 2026-03-03T09:00:00Z"]);
    assert_eq!(times("", &[moved, first]), ["1 2026-03-03T09:00:00Z"]);
    let series = "UID:1 DTSTAMP:20260310T000000Z DTSTART:20260302T090000Z RRULE:FREQ=WEEKLY";
    let changed = "UID:1 RECURRENCE-ID:20260302T090000Z DTSTART:20260304T090000Z";
    assert_eq!(
        times("", &[changed, series]),
        ["1/2026-03-02T09:00:00Z 2026-03-04T09:00:00Z", "1/2026-03-09T09:00:00Z 2026-03-09T09:00:00Z"]
    );
}

#[test]
fn what_the_calendar_is_meant_for_says_whether_the_meeting_was_agreed_to() {
    let meeting = "UID:1 DTSTART:20260302T090000Z";
    let answered = |method: &str| {
        let items = run::<CalendarImporter>(&[("a.ics", calendar(method, &[meeting]).as_bytes())]);
        items.iter().find_map(|item| match item {
            Emitted::Record { record: Record::Interaction(meeting), .. } => Some(meeting.answered),
            _ => None,
        })
    };
    assert_eq!(
        (answered(""), answered("METHOD:PUBLISH"), answered("METHOD:REQUEST")),
        (Some(true), Some(true), Some(false))
    );
    assert_eq!(times("METHOD:CANCEL", &[meeting]), ["1 cancelled"]);
    assert_eq!(times("METHOD:REPLY", &[meeting]), ["1 × answer to an invitation"]);
}

#[test]
fn of_a_meeting_that_nobody_called_together_the_other_one_is_known() {
    let text = calendar("", &["UID:1 DTSTART:20260302T090000Z"]).replace("ORGANIZER:mailto:sam@example.com\n", "");
    let expected = ["1 2026-03-02T09:00:00Z None Attendee - <bo@example.com>"];
    assert_eq!(lines(&[("a.ics", text.as_bytes())]), expected);
}

#[test]
fn a_calendar_and_a_room_take_no_part() {
    let text = calendar("", &["UID:1 DTSTART:20260302T090000Z"])
        .replace("sam@example.com", "c_1@group.calendar.google.com")
        .replace("ATTENDEE:", "ATTENDEE;CUTYPE=INDIVIDUAL:mailto:ana@example.com\nATTENDEE;CUTYPE=RESOURCE:");
    assert_eq!(lines(&[("a.ics", text.as_bytes())]), ["1 × event without others"]);
}

#[test]
fn an_address_may_stand_beside_an_account_and_one_of_whom_only_a_name_is_known_took_part() {
    let text = calendar("", &["UID:1 DTSTART:20260302T090000Z"]).replace("ORGANIZER:", "ORGANIZER;CN=Sam:").replace(
        "ATTENDEE:mailto:bo@example.com",
        "ATTENDEE;CN=\"Bo Ek\";CUTYPE=INDIVIDUAL;EMAIL=\"bo@example.com\":/aBc123/principal/\nATTENDEE;CN=Cy Roe:invalid:nomail",
    );
    let expected = [
        "1 2026-03-02T09:00:00Z None From Sam <sam@example.com>; Attendee Bo Ek <bo@example.com>; Attendee Cy Roe <->",
    ];
    assert_eq!(lines(&[("a.ics", text.as_bytes())]), expected);
}

#[test]
fn a_calendar_that_is_not_utf_8_is_decoded_and_that_is_told_once() {
    let event = |uid: &str| {
        let who = "ORGANIZER:mailto:sam@example.com\r\nATTENDEE;CN=J\u{f6}rg M\u{fc}\u{df}ig:mailto:j@example.com";
        format!(
            "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTART:20260301T090000Z\r\nSUMMARY:Fr\u{fc}hst\u{fc}ck\r\n{who}\r\nEND:VEVENT\r\n"
        )
    };
    let text = format!("BEGIN:VCALENDAR\r\n{}{}END:VCALENDAR\r\n", event("1"), event("2"));
    let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
    let who = "2026-03-01T09:00:00Z Some(\"Frühstück\") From - <sam@example.com>; Attendee Jörg Müßig <j@example.com>";
    let told = "a.ics:2: not UTF-8 (decoded as windows-1252)".to_owned();
    assert_eq!(lines(&[("a.ics", &bytes)]), [told, format!("1 {who}"), format!("2 {who}")]);
}

#[test]
fn a_meeting_of_very_many_is_only_counted() {
    let attendees: String = (0..60).map(|n| format!("ATTENDEE:mailto:p{n}@example.com\r\n")).collect();
    let text = format!(
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20260301T080000Z\r\n{attendees}END:VEVENT\r\nEND:VCALENDAR\r\n"
    );
    assert_eq!(lines(&[("all.ics", text.as_bytes())]), ["1 × event of more than 50 people"]);
}

#[test]
fn a_file_of_a_folder_that_is_no_calendar_costs_only_itself() {
    let found = lines(&[("a.ics", MEETINGS), ("b.ics", b"nothing")]);
    assert!(found.iter().any(|line| line.starts_with("b.ics: not a calendar")), "{found:?}");
    assert!(found.iter().any(|line| line.starts_with("coffee")), "{found:?}");
}

#[test]
fn cut_at_any_byte_every_event_before_the_cut_is_kept() {
    let end_of_event = b"END:VEVENT";
    for end in 0..MEETINGS.len() - 2 {
        let cut = &MEETINGS[..end];
        let last = cut.windows(end_of_event.len()).rposition(|window| window == end_of_event);
        let whole = [&MEETINGS[..last.map_or(0, |at| at + end_of_event.len())], b"\r\nEND:VCALENDAR\r\n"].concat();
        let meetings = |bytes: &[u8]| {
            let found = lines(&[("meetings.ics", bytes)]);
            found.into_iter().filter(|line| line.contains("From ") || line.ends_with("cancelled")).collect::<Vec<_>>()
        };
        assert_eq!(meetings(cut), if last.is_some() { meetings(&whole) } else { Vec::new() }, "cut at {end}");
        let found = lines(&[("meetings.ics", cut)]);
        assert!(found.iter().any(|line| line.starts_with("stopped: ")), "cut at {end}: {found:?}");
    }
}

#[test]
fn is_sure_of_calendars_and_of_nothing_else() {
    assert_eq!(probe::<CalendarImporter>(&[("meetings.ics", MEETINGS)]), 95);
    assert_eq!(probe::<CalendarImporter>(&[("meetings", b"\xef\xbb\xbfbegin:vcalendar\n")]), 95);
    assert_eq!(probe::<CalendarImporter>(&[("a.ics", b"BEGIN:VCARD\n")]), 0);
}
