//! Days that cards note: work anniversaries, wedding days and days with a label, from files to the plan.

use jiff::ToSpan as _;
use jiff::civil::Date;
use kith_tests::{Home, wait_until};
use serde_json::Value;

use crate::scene::LIMIT;

/// Returns the reasons of the reminders of these kinds in the plans of the next days.
fn reasons(home: &Home, kind: &str) -> Vec<String> {
    let plan = home.json(&["plan", "--days", "5"]).unwrap();
    let of_kind = plan.iter().filter(|item| item["kind"] == kind);
    of_kind.map(|item| item["reasons"][0].as_str().unwrap().to_owned()).collect()
}

fn in_two_days(home: &Home) -> Date {
    let status = home.json(&["status"]).unwrap();
    status[0]["now"].as_str().unwrap().get(..10).unwrap().parse::<Date>().unwrap().checked_add(2.days()).unwrap()
}

fn known(home: &Home, name: &str) -> Option<Value> {
    home.json(&["find", name]).ok()?.first().cloned()
}

#[test]
fn the_days_of_a_card_are_told_and_that_of_work_only_of_those_in_a_circle() {
    let home = Home::new().unwrap();
    home.configure("daily = 10\n").unwrap();
    let _daemon = home.start().unwrap();
    let day = in_two_days(&home);
    let (month, of_month) = (day.month(), day.day());
    let cards = format!(
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana Silva\r\nORG:Example Works\r\nEMAIL:ana@example.com\r\n\
         item1.X-ABDATE:2020-{month:02}-{of_month:02}\r\nitem1.X-ABLabel:Hire date\r\nEND:VCARD\r\n\
         BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Bo Ek\r\nEMAIL:bo@example.com\r\nANNIVERSARY:--{month:02}{of_month:02}\r\nEND:VCARD\r\n\
         BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Cleo Costa\r\nEMAIL:cleo@example.com\r\n\
         item1.X-ABDATE:--{month:02}-{of_month:02}\r\nitem1.X-ABLabel:Name day\r\n\
         item2.X-ABDATE:2019-{month:02}-{of_month:02}\r\nitem2.X-ABLabel:_$!<Other>!$_\r\nEND:VCARD\r\n"
    );
    home.drop_file("book.vcf", cards.as_bytes()).unwrap();
    let table =
        format!("Name,E-Mail,Company,Hire Date\nDan Dorn,dan@example.com,Other House,2022-{month:02}-{of_month:02}\n");
    home.drop_file("staff.csv", table.as_bytes()).unwrap();
    wait_until("the people", LIMIT, || known(&home, "cleo").and(known(&home, "dan"))).unwrap();
    let when = reasons(&home, "day");
    assert_eq!(when.len(), 2, "{when:?}");
    assert!(when.iter().any(|reason| reason == "Bo's wedding anniversary is today."), "{when:?}");
    assert!(when.iter().any(|reason| reason == "Cleo's card says: \"Name day\" is today."), "{when:?}");
    assert_eq!(reasons(&home, "anniversary"), [""; 0], "neither is in a circle");
    home.run("kith", &["circle", "set", "ana", "friends"]).unwrap();
    home.run("kith", &["circle", "set", "dan", "friends"]).unwrap();
    let mut work = reasons(&home, "anniversary");
    work.sort();
    let years = |begun: i16| i32::from(day.year() - begun);
    let expected = [
        format!("Ana marks {} years at Example Works today.", years(2020)),
        format!("Dan marks {} years at Other House today.", years(2022)),
    ];
    assert_eq!(work, expected);
    assert!(home.run("kith", &["why", "dan", "started"]).unwrap().contains(&format!("2022-{month:02}-{of_month:02}")));
    home.run("kith", &["set", "ana", "organization", "Third House"]).unwrap();
    assert_eq!(reasons(&home, "anniversary"), [expected[1].clone()], "hers was about another company");
    home.run("kith", &["season", "rest"]).unwrap();
    assert_eq!((reasons(&home, "day"), reasons(&home, "anniversary")), (Vec::new(), Vec::new()));
}
