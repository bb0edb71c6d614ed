//! Tests of the config: what is read, and how each mistake is named.

use std::ffi::OsString;
use std::path::Path;

use super::*;

fn paths() -> Paths {
    let home = |name: &str| (name == "HOME").then(|| OsString::from("/home/sam"));
    Paths::new(home, None).unwrap()
}

fn parse(text: &str) -> Config {
    Config::parse(text, &paths()).unwrap_or_else(|error| panic!("{error}"))
}

#[track_caller]
fn refused(text: &str, expected: &str) {
    let error = Config::parse(text, &paths()).unwrap_err().to_string();
    let mistake = error.strip_prefix("understand the config:\n  /home/sam/.config/kith/config.toml:").unwrap();
    assert_eq!(mistake, expected);
}

#[test]
fn an_empty_file_means_the_defaults() {
    assert_eq!(parse(""), Config::defaults(&paths()));
}

#[test]
fn without_a_file_the_defaults_hold() {
    let config = Config::load(&paths()).unwrap();
    assert_eq!(config.drop, Path::new("/home/sam/Kith/Drop"));
    assert_eq!(config.schedules, [Schedule { name: "daily".to_owned(), cron: "0 9 * * *".parse().unwrap() }]);
    assert_eq!(config.circles.len(), 3);
    assert_eq!(config.daily, 3);
}

#[test]
fn every_key_is_read() {
    let config = parse(
        r#"
        drop = "~/In"
        me = ["sam@example.com", "linkedin.com/in/sam"]
        region = "de"
        rescan = "90 seconds"
        keep_imported = 30
        daily = 5
        deliver = false
        timezone = "Europe/Berlin"
        [[watch]]
        path = "/srv/mail"
        layout = "maildir"
        [[circle]]
        name = "friends"
        cadence = "3 weeks"
        [[schedule]]
        name = "noon"
        cron = "0 12 * * *"
        [mail]
        people = "everyone"
        promises = true
        [hooks]
        time_limit = "1 minute"
        [limits]
        time = "2 minutes"
        memory = "1 GiB"
        output = "64 MiB"
        "#,
    );
    assert_eq!(config.drop, Path::new("/home/sam/In"));
    assert_eq!(config.region, Region::parse("DE"));
    assert_eq!(config.rescan, Duration::from_secs(90));
    assert_eq!(config.keep_imported, Keep::Days(30));
    assert_eq!((config.daily, config.deliver), (5, Some(false)));
    assert_eq!(config.zone().iana_name(), Some("Europe/Berlin"));
    assert_eq!(config.watch, [WatchedFolder { path: "/srv/mail".into(), layout: Layout::Maildir }]);
    assert_eq!(config.circles[0].cadence, "3 weeks".parse().unwrap());
    assert_eq!(config.schedules.len(), 1);
    assert_eq!(config.settings().mail_people, MailPeople::Everyone);
    assert!(config.mail_promises && !Config::defaults(&paths()).mail_promises);
    assert_ne!(config.mail_depth(), "");
    assert_eq!(Config::defaults(&paths()).mail_depth(), "");
    assert_eq!(config.hook_time_limit, Duration::from_secs(60));
    assert_eq!(config.limits.memory_bytes, 1 << 30);
}

#[test]
fn an_unknown_key_is_refused_with_the_nearest_known_one() {
    refused("me = []\nresacn = \"5 minutes\"", "2: resacn: unknown key (did you mean `rescan`?)");
    refused(
        "[[circle]]\nname = \"a\"\ncadence = \"1 week\"\ncadense = \"1 week\"",
        "4: circle.cadense: unknown key (did you mean `cadence`?)",
    );
}

#[test]
fn a_wrong_value_is_named_with_its_remedy() {
    refused(
        "rescan = \"soon\"",
        "1: rescan: not understood: \"soon\" (write a time of a second or more, such as \"5 minutes\")",
    );
    refused("\n\ndaily = 0", "3: daily: not understood: 0 (write a number from 1 to 50)");
    refused("drop = \"In\"", "1: drop: not understood: \"In\" (write a folder that begins with `/` or `~/`)");
    refused(
        "timezone = \"Mars/Base\"",
        "1: timezone: not understood: \"Mars/Base\" (write a time zone such as \"Europe/Berlin\", or leave the line out for the system's)",
    );
    refused("watch = 1", "1: watch: not a list of tables (write `[[watch]]` on a line of its own, and its keys below)");
}

#[test]
fn cadences_and_schedules_are_checked() {
    let circle = |cadence: &str| format!("[[circle]]\nname = \"a\"\ncadence = \"{cadence}\"");
    let error = Config::parse(&circle("now and then"), &paths()).unwrap_err().to_string();
    assert!(
        error.contains(":3: circle.cadence: not understood: \"now and then\" (write a number of days, weeks"),
        "{error}"
    );
    for (cadence, told) in [
        (
            "3 weeks (soon)",
            "(write the shortest and the longest time in brackets, such as \"3 weeks (2 weeks to 2 months)\")",
        ),
        ("3 weeks (4 weeks to 2 months)", "(write in brackets a time that is not longer, and one that is not shorter"),
        ("3 weeks (2 weeks to 200 years)", "(write a number of days, weeks"),
    ] {
        let error = Config::parse(&circle(cadence), &paths()).unwrap_err().to_string();
        assert!(error.contains(&format!(":3: circle.cadence: not understood: \"{cadence}\" {told}")), "{error}");
    }
    let bounded = Config::parse(&circle("3 weeks (2 weeks to 2 months)"), &paths()).unwrap();
    assert_eq!(bounded.circles[0].cadence.min(), "2 weeks".parse().unwrap());
    let error = Config::parse("[[schedule]]\nname = \"a\"\ncron = \"61 9 * * *\"", &paths()).unwrap_err().to_string();
    assert!(error.contains(":3: schedule.cron: not understood: \"61 9 * * *\" (write five fields"), "{error}");
}

#[test]
fn a_missing_key_is_named_with_an_example() {
    refused("[[watch]]\npath = \"/srv/mail\"", "1: watch.layout: missing (add a line such as `layout = \"maildir\"`)");
}

#[test]
fn a_folder_within_kiths_own_is_refused() {
    refused(
        "[[watch]]\npath = \"~/Kith\"\nlayout = \"plain\"",
        "2: watch.path: overlaps kith's own folders: /home/sam/Kith (choose a folder beside them, or drop the files into the drop folder)",
    );
}

#[test]
fn every_mistake_is_told_at_once_in_the_order_of_the_lines() {
    let ConfigError::Wrong(mistakes) = Config::parse("daily = 0\nregion = \"QQ\"", &paths()).unwrap_err() else {
        panic!()
    };
    assert_eq!(mistakes.iter().map(|m| m.key.as_str()).collect::<Vec<_>>(), ["daily", "region"]);
}

#[test]
fn what_is_no_toml_is_told_with_its_line() {
    let error = Config::parse("me = [\n\"a\"\nb", &paths()).unwrap_err().to_string();
    assert!(error.contains("config.toml:3: TOML: "), "{error}");
}

#[test]
fn network_channels_are_read_with_what_their_kind_needs() {
    let config = parse(
        r#"
        [[channel]]
        name = "phone"
        kind = "ntfy"
        url = "https://ntfy.sh"
        topic = "kith-sam"
        events = ["reminder-due", "import-problem"]
        [[channel]]
        name = "mail"
        kind = "sendmail"
        from = "sam@example.com"
        to = ["sam@example.com"]
        [[channel]]
        name = "home"
        kind = "webhook"
        url = "http://192.0.2.1/kith"
        secret_file = "~/secret"
        allow_private = true
        "#,
    );
    let [phone, mail, home] = config.channels.as_slice() else { panic!() };
    assert_eq!(phone.events, BTreeSet::from([Event::ReminderDue, Event::ImportProblem]));
    assert_eq!((mail.name.as_str(), &mail.events), ("mail", &BTreeSet::from([Event::Digest])));
    assert_eq!(home.kind.secret_file(), Some("/home/sam/secret"));
}

#[test]
fn a_channel_that_is_wrong_is_named_with_its_remedy() {
    let webhook = "[[channel]]\nname = \"a\"\nkind = \"webhook\"\nsecret_file = \"/s\"\n";
    refused(
        &format!("{webhook}url = \"http://example.com\""),
        "5: channel.url: not understood: \"http://example.com\" (write an address that begins with https://, or with http:// where allow_private = true)",
    );
    refused(
        &format!("{webhook}url = \"https://example.com\"\ntopic = \"x\""),
        "6: channel.topic: unknown key (known are allow_private, events, kind, name, secret_file, url)",
    );
    let mail = "[[channel]]\nname = \"a\"\nkind = \"sendmail\"\nfrom = \"a@example.com\"\n";
    for to in ["-oQ/tmp@example.com", "a@example.com\\nBcc: b@example.com", "a", "a@example.com, b@example.com"] {
        let error = Config::parse(&format!("{mail}to = [\"{to}\"]"), &paths()).unwrap_err().to_string();
        assert!(error.contains(":5: channel.to: not understood"), "{error}");
    }
}

#[test]
fn the_folder_for_the_phone_is_off_unless_named_and_lies_where_nothing_is_read() {
    assert_eq!(parse("").phone, None);
    let phone = parse("[phone]\nfolder = \"~/Kith/Phone\"\npeople = \"everyone\"\n").phone.unwrap();
    assert_eq!(phone.folder, Path::new("/home/sam/Kith/Phone"));
    assert_eq!(phone.people, PhonePeople::Everyone);
    let overlaps = |line, other| {
        format!(
            "{line}: phone.folder: overlaps a folder that kith reads: {other} (choose a folder beside it, such as \"~/Kith/Phone\")"
        )
    };
    refused("[phone]\nfolder = \"~/Kith\"\n", &overlaps(2, "/home/sam/Kith/Drop"));
    let watched = "[[watch]]\npath = \"~/cards\"\nlayout = \"vdir\"\n[phone]\nfolder = \"~/cards/phone\"\n";
    refused(watched, &overlaps(5, "/home/sam/cards"));
    refused(
        "[phone]\nfolder = \"~/Phone\"\npeople = \"all\"\n",
        "3: phone.people: not understood: \"all\" (write \"circles\" or \"everyone\")",
    );
}
