//! Network channels and hooks for other events: real servers on this machine, the real sender, a daemon that is killed.

#[path = "../../../channels/tests/sending/servers.rs"]
mod servers;

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::time::Duration;

use kith_tests::fixtures::person;
use kith_tests::{Home, wait_until};
use serde_json::Value;
use servers::{Http, Smtp};

use crate::scene::{LIMIT, cards_of};

const EVENTS: [&str; 6] = ["reminder-due", "digest", "person-new", "person-changed", "import-done", "import-problem"];

/// A schedule that comes every second, and a circle.
const OFTEN: &str = "
[[circle]]
name = \"friends\"
cadence = \"3 weeks\"
[[schedule]]
name = \"often\"
cron = \"* * * * * *\"
";

fn private(home: &Home, name: &str, text: &str, mode: u32) -> PathBuf {
    let path = home.path(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    path
}

/// Returns the config of a webhook to this server.
fn webhook(home: &Home, name: &str, url: &str, events: &str) -> String {
    let secret = private(home, "secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", 0o600);
    format!(
        "[[channel]]\nname = \"{name}\"\nkind = \"webhook\"\nurl = \"{url}\"\nsecret_file = \"{}\"\nallow_private = true\nevents = [{events}]\n",
        secret.display()
    )
}

/// Puts a hook into the folder of each event, which keeps what it is told, a file an event.
fn keep_all(home: &Home) {
    for event in EVENTS {
        let told = home.path(&format!("told-{event}"));
        let text = format!("#!/bin/sh\ncat >> '{}'\n", told.display());
        private(home, &format!("config/kith/hooks/{event}.d/10-keep"), &text, 0o700);
    }
}

fn told(home: &Home, event: &str) -> Vec<Value> {
    let text = fs::read_to_string(home.path(&format!("told-{event}"))).unwrap_or_default();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

fn wait_for(home: &Home, event: &str, count: usize) -> Vec<Value> {
    let enough = || Some(told(home, event)).filter(|told| told.len() >= count);
    wait_until(event, LIMIT, enough).unwrap_or_else(|error| panic!("{error} {:?}", home.kith(&["hooks", "log"])))
}

/// Returns how often each event but those of reminders was told.
fn told_of_files(home: &Home) -> [usize; 4] {
    ["person-new", "person-changed", "import-done", "import-problem"].map(|event| told(home, event).len())
}

/// Returns in how many reminders an event named somebody.
fn times_named(home: &Home, event: &str, name: &str) -> usize {
    let told = told(home, event);
    let reminders = told.iter().flat_map(|told| told["reminders"].as_array().cloned().unwrap_or_default());
    reminders.filter(|reminder| reminder["person"]["name"] == name).count()
}

/// Makes somebody due.
fn is_due(home: &Home, name: &str) {
    home.run("kith", &["add", name, "--circle", "friends"]).unwrap();
    home.run("kith", &["log", name, "--on", "2020-01-01"]).unwrap();
}

fn channel(home: &Home, name: &str) -> Value {
    home.json(&["channel"]).unwrap().into_iter().find(|channel| channel["name"] == name).unwrap()
}

#[test]
fn a_message_that_failed_is_sent_again_with_its_id_and_one_that_was_given_up_when_the_user_says_so() {
    let home = Home::new().unwrap();
    let server = Http::answering(&[503, 410, 204]);
    home.configure(&format!("{OFTEN}{}", webhook(&home, "home", &server.url("/kith"), "\"reminder-due\""))).unwrap();
    let daemon = home.start().unwrap();
    is_due(&home, "Ana Silva");
    let first = server.next();
    let body: Value = serde_json::from_str(&first.body).unwrap();
    assert_eq!(
        (&body["event"], &body["reminders"][0]["person"]["name"]),
        (&"reminder-due".into(), &"Ana Silva".into())
    );
    let waits = || Some(channel(&home, "home")).filter(|channel| channel["next_try"].is_string());
    let waiting = wait_until("a message that waits", LIMIT, waits).unwrap();
    let keys: Vec<&str> = waiting.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["events", "given_up", "kind", "name", "next_try", "problem", "waiting"]);
    assert_eq!((&waiting["waiting"], &waiting["given_up"]), (&1.into(), &0.into()));
    daemon.kill().unwrap();

    let _daemon = home.start().unwrap();
    assert_eq!(channel(&home, "home")["waiting"], 1);
    home.run("kith", &["channel", "retry", "home"]).unwrap();
    assert_eq!(server.next().header("webhook-id"), first.header("webhook-id"));
    let given_up = || Some(channel(&home, "home")).filter(|channel| channel["given_up"] == 1);
    wait_until("a message that is given up", LIMIT, given_up).unwrap();
    let doctor = home.run("kith", &["doctor"]).unwrap();
    assert!(
        doctor.contains("dead letter: given up after 2 tries: reminder-due to home: the other side answered 410"),
        "{doctor}"
    );
    assert!(doctor.contains("next: kith channel retry home"), "{doctor}");

    assert!(home.run("kith", &["channel", "retry", "home"]).unwrap().contains("1 message is tried again"));
    assert_eq!(server.next().header("webhook-id"), first.header("webhook-id"));
    let empty = || Some(channel(&home, "home")).filter(|channel| channel["waiting"] == 0 && channel["given_up"] == 0);
    wait_until("nothing that waits", LIMIT, empty).unwrap();
}

#[test]
fn a_channel_that_hangs_delays_no_other() {
    let home = Home::new().unwrap();
    let hangs = TcpListener::bind("127.0.0.1:0").unwrap();
    let (phone, mail) = (Http::answering(&[200]), Smtp::answering(&["250 ok"]));
    let hanging = webhook(&home, "hangs", &format!("http://{}/", hangs.local_addr().unwrap()), "\"reminder-due\"");
    let ntfy = format!(
        "[[channel]]\nname = \"phone\"\nkind = \"ntfy\"\nurl = \"{}\"\ntopic = \"kith\"\nallow_private = true\n",
        format_args!("http://127.0.0.1:{}", phone.port())
    );
    let smtp = format!(
        "[[channel]]\nname = \"mail\"\nkind = \"smtp\"\nserver = \"localhost\"\nport = {}\nsecurity = \"none\"\nfrom = \"kith@example.com\"\nto = [\"sam@example.com\"]\n",
        mail.port()
    );
    home.configure(&format!("{OFTEN}{hanging}{ntfy}{smtp}")).unwrap();
    let _daemon = home.start().unwrap();
    is_due(&home, "Ana Silva");
    let pushed = phone.next();
    assert_eq!((pushed.line.as_str(), phone.requests()), ("POST / HTTP/1.1", 1));
    let push: Value = serde_json::from_str(&pushed.body).unwrap();
    assert_eq!((&push["title"], &push["topic"]), (&"Reconnect with Ana Silva".into(), &"kith".into()));
    assert!(mail.next().1.contains("\nSubject: =?utf-8?B?"));
    assert_eq!(channel(&home, "hangs")["waiting"], 1);
    let done = || (channel(&home, "phone")["waiting"] == 0 && channel(&home, "mail")["waiting"] == 0).then_some(());
    wait_until("that the others are done", LIMIT, done).unwrap();
}

#[test]
fn hooks_are_told_of_every_event_once_and_of_many_people_in_one_run() {
    let home = Home::new().unwrap();
    home.configure(&format!("daily = 50\n{OFTEN}")).unwrap();
    keep_all(&home);
    let daemon = home.start().unwrap();
    home.drop_file("people.vcf", &cards_of(0, 3_000)).unwrap();
    home.wait_for_empty_drop(LIMIT).unwrap();
    let import = wait_for(&home, "import-done", 1).remove(0);
    assert_eq!((&import["version"], &import["event"]), (&1.into(), &"import-done".into()));
    assert_eq!(import["import"]["new_people"], 3_000);
    let people = wait_for(&home, "person-new", 1).remove(0);
    assert_eq!((people["people"].as_array().unwrap().len(), &people["left_out"]), (100, &2_900.into()));
    assert_eq!(people["import"]["id"], import["import"]["id"]);

    home.drop_file("broken.vcf", b"nothing of the kind").unwrap();
    let problem = wait_for(&home, "import-problem", 1).remove(0);
    assert!(problem["files"][0]["path"].as_str().unwrap().ends_with("broken.vcf"), "{problem}");
    assert!(problem["files"][0]["reason"].is_string(), "{problem}");

    home.run("kith", &["add", "Zora Zahn"]).unwrap();
    assert_eq!(wait_for(&home, "person-new", 2)[1]["people"][0]["name"], "Zora Zahn");
    home.run("kith", &["set", "Zora Zahn", "organization", "Umbra Studio"]).unwrap();
    let changed = wait_for(&home, "person-changed", 1).remove(0);
    assert_eq!(changed["people"][0]["organizations"][0], "Umbra Studio");

    private(&home, "config/kith/hooks/digest.d/20-fails", "#!/bin/sh\nexit 3\n", 0o700);
    is_due(&home, "Bo Berg");
    for event in ["digest", "reminder-due"] {
        let about_bo = || (times_named(&home, event, "Bo Berg") == 1).then_some(());
        wait_until(event, LIMIT, about_bo).unwrap();
    }
    let failed = || home.json(&["channel"]).unwrap().into_iter().find(|channel| channel["next_try"].is_string());
    let failed = wait_until("a hook that failed", LIMIT, failed).unwrap();
    assert_eq!((&failed["name"], &failed["kind"]), (&"exec/digest/20-fails".into(), &"hook".into()));
    assert_eq!(failed["problem"], "ended with status 3");
    assert!(home.run("kith", &["channel", "retry", "exec/digest/20-fails"]).unwrap().contains("tried again"));
    wait_for(&home, "person-new", 3);
    let before = told_of_files(&home);
    daemon.stop(Duration::from_secs(5)).unwrap();

    let _daemon = home.start().unwrap();
    home.drop_file("more.vcf", &cards_of(3_000, 1)).unwrap();
    home.wait_for_empty_drop(LIMIT).unwrap();
    assert_eq!(wait_for(&home, "person-new", 4)[3]["people"][0]["name"], person(3_000).name());
    wait_for(&home, "import-done", 2);
    assert_eq!(before, [3, 1, 1, 1]);
    assert_eq!(told_of_files(&home), [4, 1, 2, 1]);
    assert_eq!((times_named(&home, "digest", "Bo Berg"), times_named(&home, "reminder-due", "Bo Berg")), (1, 1));
}

#[test]
fn hooks_added_later_are_not_told_of_the_past() {
    let home = Home::new().unwrap();
    let daemon = home.start().unwrap();
    home.drop_file("people.vcf", &cards_of(0, 3)).unwrap();
    home.wait_for_empty_drop(LIMIT).unwrap();
    daemon.stop(Duration::from_secs(5)).unwrap();
    keep_all(&home);
    fs::remove_file(home.path("state/kith/letters.json")).unwrap();
    let _daemon = home.start().unwrap();
    home.drop_file("more.vcf", &cards_of(3, 1)).unwrap();
    assert_eq!(wait_for(&home, "person-new", 1)[0]["people"][0]["name"], person(3).name());
    assert_eq!(wait_for(&home, "import-done", 1).len(), 1);
}

#[test]
fn a_test_message_says_what_came_of_it() {
    let home = Home::new().unwrap();
    let server = Http::answering(&[200, 404]);
    home.configure(&webhook(&home, "home", &server.url("/"), "\"import-done\"")).unwrap();
    let daemon = home.start().unwrap();
    assert!(home.run("kith", &["channel", "test", "home"]).unwrap().contains("was delivered"));
    assert_eq!(serde_json::from_str::<Value>(&server.next().body).unwrap()["event"], "test");
    let failed = home.kith(&["channel", "test", "home"]).unwrap();
    assert_eq!(failed.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&failed.stderr).contains("the other side answered 404"));
    fs::set_permissions(home.path("secret"), fs::Permissions::from_mode(0o644)).unwrap();
    let failed = home.kith(&["channel", "test", "home"]).unwrap();
    assert!(String::from_utf8_lossy(&failed.stderr).contains("may be read by others"));
    assert!(home.run("kith", &["doctor"]).unwrap().contains("may be read by others"));
    assert_eq!(home.kith(&["channel", "test", "nobody"]).unwrap().status.code(), Some(65));
    assert!(!daemon.log().contains("example"), "{}", daemon.log());
}

/// What came to a server: whose message under which id, and how often.
#[derive(Debug, Default)]
struct Came {
    ids: BTreeMap<String, String>,
    count: usize,
}

impl Came {
    /// Takes in the next request, if one comes; nobody may be told under two ids.
    fn next(&mut self, server: &Http, limit: Duration) {
        let Some(request) = server.next_within(limit) else { return };
        let body: Value = serde_json::from_str(&request.body).unwrap();
        let event = body["event"].as_str().unwrap();
        let people = body["people"].as_array().cloned().unwrap_or_default().into_iter();
        let reminded =
            body["reminders"].as_array().cloned().unwrap_or_default().into_iter().map(|r| r["person"].clone());
        for person in people.chain(reminded) {
            let id = request.header("webhook-id").to_owned();
            let known = self.ids.entry(format!("{event} {}", person["name"])).or_insert_with(|| id.clone());
            assert_eq!(*known, id, "{person}");
        }
        self.count += 1;
    }
}

#[test]
fn kills_while_messages_are_sent_lose_none_and_send_none_under_another_id() {
    const PEOPLE: usize = 20;
    let home = Home::new().unwrap();
    let server = Http::answering(&[200]);
    let webhook = webhook(&home, "home", &server.url("/"), "\"reminder-due\", \"person-new\"");
    home.configure(&format!("daily = 50\n{OFTEN}{webhook}")).unwrap();
    let mut daemon = home.start().unwrap();
    let mut came = Came::default();
    for number in 0..PEOPLE {
        is_due(&home, &format!("Zora Zahn {number}"));
        // Now a message has just come, now one is about to be sent.
        (0..number % 3).for_each(|_| came.next(&server, Duration::from_secs(1)));
        daemon.kill().unwrap();
        daemon = home.start().unwrap();
    }
    for _ in 0..10 * PEOPLE {
        if came.ids.len() == 2 * PEOPLE {
            break;
        }
        came.next(&server, Duration::from_secs(1));
    }
    assert_eq!(came.ids.len(), 2 * PEOPLE, "{came:#?}\n{}", daemon.log());
    assert!(came.count <= 3 * PEOPLE, "{came:#?}");
}
