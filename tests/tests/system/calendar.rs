//! A calendar in the drop folder: whom one met, until a meeting is called off.

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
