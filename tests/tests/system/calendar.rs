//! A calendar in the drop folder: whom one met, until a meeting is called off.

use kith_tests::fixtures::OWNER;
use kith_tests::{Home, wait_until};
use serde_json::Value;

use crate::scene::LIMIT;

fn put(home: &Home, name: &str, method: &str) {
    let text = format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\nUID:coffee@example.com\r\n\
         DTSTART:20260302T090000Z\r\nSUMMARY:Coffee\r\nORGANIZER;CN=Sam Example:mailto:sam@example.com\r\n\
         ATTENDEE;CN=Ana Silva:mailto:ana@example.com\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    );
    home.drop_file(name, text.as_bytes()).unwrap();
}

fn ana(home: &Home) -> Option<Value> {
    home.json(&["find", "ana"]).ok()?.first().cloned()
}

#[test]
fn who_took_part_in_a_meeting_is_somebody_one_met_until_it_is_called_off() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    put(&home, "calendar.ics", "PUBLISH");
    wait_until("Ana", LIMIT, || ana(&home)).unwrap();
    let show = home.run("kith", &["show", "ana"]).unwrap();
    assert!(show.contains("meeting") && show.contains("Coffee") && show.contains("2026-03-02"), "{show}");
    put(&home, "cancelled.ics", "CANCEL");
    wait_until("nobody", LIMIT, || ana(&home).is_none().then_some(())).unwrap();
}

#[test]
fn of_a_meeting_that_moved_and_was_called_off_in_one_mailbox_nothing_is_left() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    let event = |sequence: u32, day: u32| {
        format!(
            "BEGIN:VEVENT\r\nUID:walk@example.com\r\nSEQUENCE:{sequence}\r\nDTSTART:202603{day:02}T090000Z\r\n\
             ORGANIZER:mailto:sam@example.com\r\nATTENDEE;CN=Ana Silva:mailto:ana@example.com\r\n{}END:VEVENT\r\n",
            if sequence == 2 { "STATUS:CANCELLED\r\n" } else { "" }
        )
    };
    let calendar =
        |events: &[String]| format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}END:VCALENDAR\r\n", events.concat());
    home.drop_file("moved.ics", calendar(&[event(0, 2), event(1, 3)]).as_bytes()).unwrap();
    wait_until("Ana", LIMIT, || ana(&home)).unwrap();
    let show = home.run("kith", &["show", "ana"]).unwrap();
    assert!(show.contains("2026-03-03") && !show.contains("2026-03-02"), "{show}");
    home.drop_file("off.ics", calendar(&[event(0, 2), event(1, 3), event(2, 3)]).as_bytes()).unwrap();
    wait_until("nobody", LIMIT, || ana(&home).is_none().then_some(())).unwrap();
}

#[test]
fn a_meeting_that_the_owner_declined_is_none_and_one_that_another_declined_is_no_contact_with_them() {
    let home = Home::new().unwrap();
    home.configure("").unwrap();
    let _daemon = home.start().unwrap();
    let owner = OWNER.email;
    let event = |uid: &str, ana: &str, sam: &str| {
        format!(
            "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTART:20260302T090000Z\r\nORGANIZER;CN={ana}:mailto:{ana}@example.com\r\n\
             ATTENDEE;CN=Bo{uid};PARTSTAT=DECLINED:mailto:bo{uid}@example.com\r\nATTENDEE;CN=Cy{uid}:mailto:cy{uid}@example.com\r\n\
             ATTENDEE;PARTSTAT={sam}:mailto:{owner}\r\nEND:VEVENT\r\n"
        )
    };
    let events = [event("1", "Ana", "ACCEPTED"), event("2", "Eve", "DECLINED")].concat();
    let calendar = format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n");
    home.drop_file("calendar.ics", calendar.as_bytes()).unwrap();
    wait_until("Ana", LIMIT, || ana(&home)).unwrap();
    let mut names: Vec<String> =
        home.json(&["find"]).unwrap().iter().map(|person| person["name"].as_str().unwrap().to_owned()).collect();
    names.sort();
    assert_eq!(names, ["Ana", "Cy1"]);
}
