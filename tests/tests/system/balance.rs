//! Given and received: what the owner offers and looks for, whom to give first and whom to ask.

use serde_json::Value;

use crate::giving2::home_with;

#[test]
fn what_the_owner_offers_and_looks_for_is_told_of_those_whom_it_fits() {
    let (home, _daemon) = home_with(&["Bea Bach", "Flora Friend", "Carl Cole"]);
    home.run("kith", &["need", "bea", "Rust mentor"]).unwrap();
    home.run("kith", &["offer", "flora", "advice on taxes"]).unwrap();
    home.run("kith", &["offer", "carl", "piano lessons"]).unwrap();
    assert_eq!(home.run("kith", &["giving"]).unwrap(), "You gave: nothing yet; you received: nothing yet.\n");
    home.run("kith", &["offer", "me", "mentoring in Rust"]).unwrap();
    home.run("kith", &["need", "me", "tax adviser"]).unwrap();
    let giving = home.json(&["giving"]).unwrap().remove(0);
    let named = |list: &str| -> Vec<[Value; 2]> {
        let people = giving[list].as_array().unwrap().iter();
        people.map(|person| ["name", "why"].map(|key| person[key].clone())).collect()
    };
    let looks = "Looks for: Rust mentor, and you offer \"mentoring in Rust\".";
    let helps = "Can help with: advice on taxes, and you look for \"tax adviser\".";
    assert_eq!(named("give_first"), [["Bea Bach", looks].map(Value::from)]);
    assert_eq!(named("may_ask"), [["Flora Friend", helps].map(Value::from)]);
    let says = |command: &[&str], words: &str| {
        let told = home.run("kith", command).unwrap();
        assert!(told.contains(words), "{words}: {told}");
    };
    says(&["show", "bea"], "looks for     Rust mentor, and you offer \"mentoring in Rust\"\n");
    says(&["show", "bea"], &format!("give first    {looks}\n"));
    says(&["show", "flora"], &format!("you may ask   {helps}\n"));
    says(&["need"], "Bea Bach: Rust mentor, and you offer \"mentoring in Rust\"\n");
    says(&["offer"], "Carl Cole: piano lessons\n");
    for name in ["bea", "flora"] {
        home.run("kith", &["circle", "set", name, "friends"]).unwrap();
        home.run("kith", &["log", name, "coffee today"]).unwrap();
    }
    let step = |name: &str| {
        let plan = home.json(&["plan", "--days", "90"]).unwrap();
        let item = plan.iter().find(|item| item["name"] == name && item["kind"] == "cadence").unwrap();
        assert!(item["next_step"].is_string(), "{item}");
        item["next_step"].as_str().unwrap().to_owned()
    };
    assert_eq!(step("Bea Bach"), "Bea looks for: Rust mentor; you offer \"mentoring in Rust\".");
    home.run("kith", &["season", "search"]).unwrap();
    assert!(step("Flora Friend").ends_with("You may also say what you are looking for: tax adviser."));
    let needs = home.json(&["need"]).unwrap();
    let mine = needs.iter().find(|need| need["name"] == "you").unwrap();
    home.run("kith", &["close", mine["fact"].as_str().unwrap()]).unwrap();
    assert_eq!(home.json(&["show", "flora"]).unwrap()[0]["may_ask"], Value::Null);
}

#[test]
fn help_and_introductions_that_a_sentence_tells_of_count_as_received_and_given() {
    let (home, _daemon) = home_with(&["Flora Friend", "Tina Two", "Bea Bach"]);
    let log = |sentence: &str| home.run("kith", &["log", sentence]).unwrap();
    let says = |command: &[&str], words: &str| {
        let told = home.run("kith", command).unwrap();
        assert!(told.contains(words), "{words}: {told}");
    };
    let told = log("Flora Friend introduced me to Tina Two");
    assert!(
        told.starts_with("Tina Two and Flora Friend: in touch today: Flora Friend introduced me to Tina"),
        "{told}"
    );
    assert!(told.contains("\n  Flora Friend introduced you to Tina Two\n"), "{told}");
    says(&["show", "tina"], "\n  through       Flora Friend\n");
    says(&["show", "flora"], "You gave: nothing yet; you received: 1 introduction.\n");
    says(&["giving"], "Flora Friend: You received: 1 introduction.\n");
    log("Flora introduced me to Tina");
    says(&["show", "flora"], "you received: 1 introduction.\n");
    let helped = home.json(&["log", "Flora helped me with my taxes yesterday"]).unwrap().remove(0);
    let favour = &helped["favours"][0];
    assert_eq!((&favour["kind"], &favour["text"]), (&"helped-me".into(), &"my taxes".into()), "{helped}");
    assert_eq!((&favour["name"], &favour["other"]), (&"Flora Friend".into(), &Value::Null));
    assert!(log("I helped Bea with her CV").contains("\n  you helped Bea Bach: her CV\n"));
    says(&["show", "bea"], "You gave: help once; you received: nothing yet.\n");
    says(&["words", "flora"], "helped you: my taxes");
    says(&["words", "tina"], "you met through Flora Friend");
    let all = home.json(&["giving"]).unwrap().remove(0);
    assert_eq!((&all["given"]["help"], &all["received"]["help"]), (&1.into(), &1.into()), "{all}");
    assert_eq!(all["received"]["words"], "1 introduction, help once");
    home.run("kith", &["undo", favour["fact"].as_str().unwrap()]).unwrap();
    says(&["show", "flora"], "you received: 1 introduction.\n");
    let unknown = home.run("kith", &["log", "Nora Nobody introduced me to Tina"]).unwrap_err().to_string();
    assert!(unknown.contains("Nora Nobody"), "{unknown}");
    let unknown = home.run("kith", &["log", "Flora introduced me to Nora Nobody"]).unwrap_err().to_string();
    assert!(unknown.contains("Nora Nobody"), "{unknown}");
    home.run("kith", &["add", "F. Friend", "--email", "f@b.example"]).unwrap();
    home.run("kith", &["merge", "flora.friend@example.com", "f@b.example"]).unwrap();
    says(&["show", "tina"], "\n  through       F. Friend\n");
    home.run("kith", &["forget", "flora.friend@example.com", "--yes"]).unwrap();
    assert_eq!(home.json(&["show", "tina"]).unwrap()[0]["through"], Value::Array(Vec::new()));
}
