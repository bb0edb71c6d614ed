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
        let item = plan.iter().find(|item| item["name"] == name).unwrap();
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
