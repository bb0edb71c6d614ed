//! Where what is shown comes from, what became of it over time, and that organisations are found.

use std::fs;

use kith_tests::Home;
use serde_json::{Value, json};

fn import(home: &Home, name: &str, text: &str) {
    let file = home.path(name);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, text).unwrap();
    let target = if name.contains('/') { file.parent().unwrap() } else { &file };
    home.json(&["import", &target.to_string_lossy()]).unwrap();
}

fn card(fields: &str) -> String {
    format!("BEGIN:VCARD\nVERSION:3.0\n{fields}\nEND:VCARD\n")
}

fn news(home: &Home, person: &str) -> Vec<String> {
    let shown = home.json(&["show", person]).unwrap().remove(0);
    shown["changes"].as_array().unwrap().iter().map(|change| change["text"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn each_value_is_told_with_its_file_and_the_rule_by_which_it_is_shown() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    import(&home, "one.vcf", &card("UID:1\nFN:Ana Silva\nTITLE:Engineer\nEMAIL:ana@a.example"));
    import(&home, "two.vcf", &card("UID:2\nFN:Ana M. Silva\nTITLE:CTO\nEMAIL:ana@a.example\nEMAIL:ana@b.example"));
    home.run("kith", &["set", "ana@a.example", "title", "Head of everything"]).unwrap();

    let why = home.json(&["why", "ana@a.example", "title"]).unwrap().remove(0);
    let title = &why["fields"][0];
    let values: Vec<(&Value, &Value)> =
        title["values"].as_array().unwrap().iter().map(|value| (&value["value"], &value["source"])).collect();
    let expected = [("Head of everything", "you"), ("CTO", "vcard"), ("Engineer", "vcard")];
    assert_eq!(
        values,
        expected.each_ref().map(|(value, source)| (json!(value), json!(source))).each_ref().map(|(v, s)| (v, s))
    );
    assert_eq!(title["rule"], "all are shown; of the first: you said so");
    assert!(title["values"][1]["file"].as_str().unwrap().ends_with("two.vcf"), "{title}");

    let name = home.run("kith", &["why", "ana@b.example", "name"]).unwrap();
    assert!(name.starts_with("Ana M. Silva, name: the newest of your files says so"), "{name}");
    assert!(name.contains("kept") && name.contains("one.vcf:1"), "{name}");
    let all = home.run("kith", &["why", "ana@b.example"]).unwrap();
    assert!(all.starts_with("Ana M. Silva: one person, of 2 records"), "{all}");
    assert!(all.contains("1 and 2: ") && all.contains("kith why \"Ana M. Silva\" email"), "{all}");
    let wrong = home.kith(&["why", "ana@a.example", "shoe"]).unwrap();
    assert_eq!(wrong.status.code(), Some(65));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("hint: the fields are name, "));
}

#[test]
fn what_changed_over_time_is_told_within_a_record_and_from_one_that_ended_to_the_next() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    import(
        &home,
        "old.vcf",
        &card("UID:1\nFN:Bo Ek\nTEL:+49 30 901820\nEMAIL:bo@a.example\nADR:;;Gartenweg 1;Berlin;;10115;"),
    );
    import(
        &home,
        "new.vcf",
        &card("UID:1\nFN:Bo Ek\nTEL:+49 30 901820\nEMAIL:bo@b.example\nADR:;;Hafen 2;Oslo;;0150;"),
    );
    let told = news(&home, "Bo Ek");
    assert!(told.contains(&"Bo has the mail address bo@b.example instead of bo@a.example".to_owned()), "{told:?}");
    let moved = "Bo has the address Hafen 2, 0150 Oslo instead of Gartenweg 1, 10115 Berlin".to_owned();
    assert!(told.contains(&moved), "{told:?}");

    let connections = |slug: &str, job: &str, day: &str| {
        format!(
            "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n\
             Ana,Silva,https://www.linkedin.com/in/{slug},,{job},01 Feb 2024\n\
             Cy,Roe,https://www.linkedin.com/in/cy-roe,,Quay,Pilot,{day}\n"
        )
    };
    import(&home, "first/Connections.csv", &connections("ana-silva", "Reef Ltd,Engineer", "02 May 2026"));
    import(&home, "second/Connections.csv", &connections("ana-s-1985", "Acme,CTO", "02 Nov 2026"));
    let ids: Vec<String> =
        home.json(&["find", "ana silva"]).unwrap().iter().map(|p| p["id"].as_str().unwrap().to_owned()).collect();
    if let [a, b] = ids.as_slice() {
        home.run("kith", &["merge", a, b]).unwrap();
    }
    assert_eq!(news(&home, &ids[0]), ["Ana moved to Acme as CTO"]);
    assert!(home.run("kith", &["why", &ids[0]]).unwrap().contains("Ana moved to Acme as CTO (linkedin)"));
}

#[test]
fn organisations_are_found_after_people_as_what_they_are_and_nobody_is_asked_to_reconnect_with_them() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    import(
        &home,
        "acme.vcf",
        &card("UID:acme\nFN:Acme\nORG:Acme\nKIND:org\nX-ABShowAs:COMPANY\nEMAIL:info@acme.example"),
    );
    import(&home, "ana.vcf", &card("UID:1\nFN:Ana Silva\nORG:Acme\nEMAIL:ana@a.example"));
    let found = home.json(&["find", "acme"]).unwrap();
    let kinds: Vec<(&Value, &Value)> = found.iter().map(|found| (&found["name"], &found["kind"])).collect();
    assert_eq!(kinds, [(&json!("Ana Silva"), &json!("individual")), (&json!("Acme"), &json!("org"))]);
    assert!(home.run("kith", &["find", "acme"]).unwrap().contains("(organisation)"));
    assert_eq!(home.json(&["show", "acme"]).unwrap()[0]["name"], "Acme", "the one whose whole name it is");
    assert_eq!(home.json(&["show", "acm"]).unwrap()[0]["name"], "Ana Silva", "the one person among them");
    assert_eq!(home.json(&["status"]).unwrap()[0]["people"], 1);
    let refused = home.kith(&["circle", "set", "acme", "friends"]).unwrap();
    assert_eq!(refused.status.code(), Some(65));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("it is no person (organisation)"));
}
