//! A small set made by hand: ten needs, each with the one who can help, among people who nearly fit.

use super::*;
use crate::id::RecordId;

fn id(name: &str) -> PersonId {
    RecordId::new("manual", name)
}

fn seeker(name: &str, need: &str) -> Seeker {
    Seeker { person: id(name), name: name.to_owned(), need: need.to_owned(), places: BTreeMap::new() }
}

fn helper(name: &str, speaks: &[(Field, &str)]) -> Helper {
    let speaks = speaks.iter().map(|(field, text)| (*field, (*text).to_owned())).collect();
    Helper { person: id(name), name: name.to_owned(), speaks, places: BTreeMap::new() }
}

fn helpers() -> Vec<Helper> {
    use Field::{Note, Offer, Organization, Skill, Title};
    vec![
        helper("Bob", &[(Offer, "mentors in Rust"), (Title, "Systems engineer")]),
        helper("Cleo", &[(Title, "Rust developer"), (Organization, "Umbra Studio")]),
        helper("Dan", &[(Offer, "office space to sublet in Lisbon")]),
        helper("Eva", &[(Offer, "introductions to seed investors"), (Title, "Angel investor")]),
        helper("Finn", &[(Title, "Tax adviser"), (Note, "helps freelancers with their first VAT returns")]),
        helper("Gita", &[(Skill, "product photography"), (Title, "Photographer")]),
        helper("Hugo", &[(Offer, "translates contracts from German to English")]),
        helper("Ines", &[(Title, "Head of Recruiting"), (Note, "always looks for nurses")]),
        helper("Jon", &[(Offer, "proofreading of grant applications")]),
        helper("Kim", &[(Offer, "weekend childcare"), (Note, "plays the cello")]),
        helper("Lou", &[(Skill, "Kubernetes"), (Skill, "incident response")]),
        helper("Max", &[(Offer, "flat to rent in Porto"), (Title, "Estate agent")]),
        helper("Nia", &[(Offer, "mentoring for first-time managers")]),
        helper("Otto", &[(Title, "Investment banker")]),
        helper("Pia", &[(Note, "speaks German and English"), (Title, "Contract nurse")]),
    ]
}

#[test]
fn the_right_one_is_among_the_first_three_for_eight_of_ten_needs() {
    let cases = [
        ("Rust mentor", "Bob"),
        ("a small office in Lisbon", "Dan"),
        ("meeting investors for a seed round", "Eva"),
        ("help with VAT as a new freelancer", "Finn"),
        ("photographs of products for a shop", "Gita"),
        ("translation of a German contract", "Hugo"),
        ("work as a nurse", "Ines"),
        ("someone to proofread a grant application", "Jon"),
        ("advice on running Kubernetes", "Lou"),
        ("mentor for a new manager", "Nia"),
    ];
    let mut right = 0;
    for (need, expected) in cases {
        let found = suggest(&[seeker("Ana", need)], &helpers(), |_, _| false);
        let first: Vec<_> = found.iter().take(3).map(|introduction| introduction.b).collect();
        right += usize::from(first.contains(&id(expected)));
    }
    assert!(right >= 8, "{right} of 10");
}

#[test]
fn an_offer_weighs_more_than_a_title_and_says_why() {
    let found = suggest(&[seeker("Ana", "Rust mentor")], &helpers(), |_, _| false);
    let first = found.first().unwrap();
    assert_eq!((first.a, first.b, first.offer.as_str()), (id("Ana"), id("Bob"), "mentors in Rust"));
    let why = ["Ana looks for: Rust mentor.", "Bob offers: mentors in Rust.", "What fits: rust, mentor."];
    assert_eq!(first.why, why);
}

#[test]
fn those_who_know_each_other_are_not_introduced() {
    let know = |a: PersonId, b: PersonId| a == id("Ana") && b == id("Bob");
    let found = suggest(&[seeker("Ana", "Rust mentor"), seeker("Bob", "Rust mentor")], &helpers(), know);
    assert!(found.iter().all(|i| (i.a, i.b) != (id("Ana"), id("Bob")) && i.a != i.b));
    assert!(found.iter().any(|i| i.a == id("Bob")));
}

#[test]
fn a_shared_place_is_said_and_counts() {
    let lisbon = || BTreeMap::from([("lisbon".to_owned(), "Lisbon".to_owned())]);
    let seeker = Seeker { places: lisbon(), ..seeker("Ana", "flat to rent") };
    let near = Helper { places: lisbon(), ..helper("Near", &[(Field::Offer, "flat to rent")]) };
    let found = suggest(&[seeker], &[helper("Far", &[(Field::Offer, "flat to rent")]), near], |_, _| false);
    assert_eq!(found.iter().map(|i| i.b).collect::<Vec<_>>(), [id("Near"), id("Far")]);
    assert!(found[0].why.contains(&"Both are in Lisbon.".to_owned()));
}

#[test]
fn a_need_that_nobody_meets_leads_to_nothing() {
    assert_eq!(suggest(&[seeker("Ana", "a harpsichord")], &helpers(), |_, _| false), []);
    assert_eq!(suggest(&[seeker("Ana", "the of and")], &helpers(), |_, _| false), []);
    assert_eq!(suggest(&[seeker("Ana", "Rust mentor")], &[], |_, _| false), []);
}

/// Returns the lines of a draft that say what it is about.
fn about(sides: &[Side; 2]) -> Vec<String> {
    draft(sides, Acquainted::NotKnown)
        .2
        .lines()
        .skip(5)
        .take_while(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

fn side(name: &str, needs: &[&str], offers: &[&str]) -> Side {
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    Side {
        first_name: name.to_owned(),
        name: format!("{name} Umbra"),
        headline: None,
        email: None,
        needs: texts(needs),
        offers: texts(offers),
    }
}

#[test]
fn a_draft_says_who_looks_for_what_and_who_can_help_with_what() {
    let ana = side("Ana", &["a flat in Porto", "Rust mentor"], &[]);
    let bob = side("Bob", &[], &["proofreading", "mentors in Rust."]);
    let both = ["Ana is looking for: Rust mentor.", "Bob can help with: mentors in Rust."];
    assert_eq!(about(&[ana.clone(), bob.clone()]), both);
    assert_eq!(about(&[bob.clone(), ana.clone()]), both, "whoever is named first");
    let cleo = side("Cleo", &[], &[]);
    assert_eq!(
        about(&[ana.clone(), cleo.clone()]),
        ["Ana is looking for: a flat in Porto. I thought of you at once, Cleo."]
    );
    assert_eq!(about(&[cleo.clone(), bob]), ["Bob can help with: proofreading. That may be of use to you, Cleo."]);
    assert_eq!(about(&[cleo.clone(), cleo]), ["I think that the two of you would enjoy a talk, Cleo and Cleo."]);
    let carpenter = side("Carl", &[], &["carpentry"]);
    assert_eq!(
        about(&[ana, carpenter]),
        [
            "Ana is looking for: a flat in Porto. I thought of you at once, Carl.",
            "Carl can help with: carpentry. That may be of use to you, Ana."
        ]
    );
}

#[test]
fn a_draft_says_nothing_of_two_who_met_that_is_not_so() {
    let (ana, bob) = (side("Ana", &["Rust mentor"], &[]), side("Bob", &[], &["mentors in Rust"]));
    let (.., text) = draft(&[ana.clone(), bob.clone()], Acquainted::Yes);
    assert!(text.contains("you have come across each other before") && !text.contains("meets"), "{text}");
    assert!(text.contains("Ana is looking for: Rust mentor.\nBob can help with: mentors in Rust.\n"), "{text}");
    let (.., text) = draft(&[ana, bob], Acquainted::NotKnown);
    assert!(
        text.contains("as far as I know you have not met yet") && text.contains("Ana Umbra meets Bob Umbra."),
        "{text}"
    );
}
