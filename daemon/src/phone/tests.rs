//! Tests with a real keeper and a real folder.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

use jiff::civil::date;
use kith_core::fact::{Care, Kind, OccurrenceId, Planned, Reminder, Said, Tells};
use kith_core::forget::{Forget, ForgetKey, Mark};
use kith_core::id::RecordId;

use super::*;
use crate::deliver::house::{DEADLINE, House};

/// A house whose people go to the phone.
struct Carried {
    house: House,
    config: Config,
    folder: PathBuf,
}

impl Carried {
    fn new(people: PhonePeople) -> Self {
        let house = House::new();
        let folder = house.paths.home.join("Phone");
        let phone = Some(PhoneFolder { folder: folder.clone(), people });
        let config = Config { phone, ..house.config.clone() };
        Self { house, config, folder }
    }

    fn write(&self) -> Result<(), PhoneFault> {
        let (_ends, shutdown) = watch::channel(false);
        keep(&self.house.keeper, &self.config, &self.house.paths.state, &shutdown)
    }

    /// Every file with its inode, which changes when it is written anew.
    fn files(&self) -> Vec<(String, u64)> {
        let mut files = Vec::new();
        for folder in ["people", "reminders", ""] {
            for entry in fs::read_dir(self.folder.join(folder)).unwrap().map(Result::unwrap) {
                let meta = entry.metadata().unwrap();
                if meta.is_file() {
                    files.push((format!("{folder}/{}", entry.file_name().to_string_lossy()), meta.ino()));
                }
            }
        }
        files.sort();
        files
    }

    fn names(&self) -> Vec<String> {
        self.files().into_iter().map(|(name, _)| name).collect()
    }

    fn calendar(&self) -> String {
        fs::read_to_string(self.folder.join("reminders.ics")).unwrap().replace("\r\n ", "")
    }

    async fn say(&self, said: Said) {
        self.house.keeper.say(vec![said]).await.unwrap();
    }
}

async fn appears(file: &Path) {
    let mut look = tokio::time::interval(Duration::from_millis(100));
    let looks = async {
        while !file.exists() {
            look.tick().await;
        }
    };
    timeout(DEADLINE, looks).await.unwrap();
}

fn set(record: RecordId, field: &str, value: &str) -> Said {
    Said::Set { record, field: field.to_owned(), value: Some(value.to_owned()) }
}

#[tokio::test(flavor = "multi_thread")]
async fn those_in_circles_are_in_the_folder_with_their_days_and_nobody_else() {
    let carried = Carried::new(PhonePeople::Circles);
    let ana = carried.house.friend("Ana Silva", "2026-10-01T12:00:00Z").await;
    let bo = carried.house.friend("Bo", "2026-10-01T12:00:00Z").await;
    carried.say(Said::Circle { record: bo, circle: None }).await;
    carried.say(set(ana, "birthday", "1988-02-29")).await;
    carried.write().unwrap();
    let [birthday, reconnect] = ["birthday", "reconnect"].map(|kind| format!("reminders/{ana}-{kind}.ics"));
    assert_eq!(carried.names(), ["/reminders.ics".to_owned(), card_name(&ana), birthday, reconnect]);
    let card = fs::read_to_string(carried.folder.join(card_name(&ana))).unwrap();
    assert_eq!(Some(card), export::vcard(&carried.house.keeper, &ana).unwrap());
    let calendar = carried.calendar();
    for line in ["DTSTART;VALUE=DATE:20261201", "SUMMARY:Reconnect with Ana Silva", "DTSTART;VALUE=DATE:19880229"] {
        assert!(calendar.contains(line), "{line}: {calendar}");
    }
    let everyone = Carried {
        config: Config {
            phone: Some(PhoneFolder { folder: carried.folder.clone(), people: PhonePeople::Everyone }),
            ..carried.config.clone()
        },
        ..carried
    };
    everyone.write().unwrap();
    assert!(everyone.names().contains(&card_name(&bo)));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_changed_is_written_and_who_is_gone_is_taken_away() {
    let carried = Carried::new(PhonePeople::Circles);
    let ana = carried.house.friend("Ana", "2026-10-01T12:00:00Z").await;
    let bo = carried.house.friend("Bo", "2026-10-01T12:00:00Z").await;
    carried.write().unwrap();
    let before = carried.files();
    carried.write().unwrap();
    assert_eq!(carried.files(), before, "nothing changed, and nothing was written");
    carried.say(set(ana, "title", "Gardener")).await;
    carried.write().unwrap();
    let now = carried.files();
    let rewritten: Vec<_> = now.iter().filter(|file| !before.contains(file)).map(|(name, _)| name.clone()).collect();
    assert_eq!(rewritten, [card_name(&ana)]);
    fs::write(carried.folder.join("people/mine.vcf"), "BEGIN:VCARD").unwrap();
    carried.say(Said::Circle { record: bo, circle: None }).await;
    carried.write().unwrap();
    let names = carried.names();
    assert!(!names.iter().any(|name| name.contains(&bo.to_string()) || *name == card_name(&bo)), "{names:?}");
    assert!(names.contains(&"people/mine.vcf".to_owned()), "what is not kith's stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_revised_when_it_says_something_else_and_not_before() {
    let carried = Carried::new(PhonePeople::Circles);
    let ana = carried.house.friend("Ana", "2026-10-01T12:00:00Z").await;
    carried.write().unwrap();
    let first = carried.calendar();
    assert!(first.contains("SEQUENCE:0\r\n"), "{first}");
    carried.say(set(ana, "title", "Gardener")).await;
    carried.write().unwrap();
    assert_eq!(carried.calendar(), first);
    let due = clock::now();
    let reminder = Reminder {
        record: Some(ana),
        step: Some("Ask, how things are.".to_owned()),
        ..Reminder::new(OccurrenceId(format!("2026-11-23/daily/{ana}")), vec!["It has been 7 weeks.".to_owned()])
    };
    carried
        .say(Said::Planned(Planned { schedule: "daily".to_owned(), due, missed: 0, reminders: vec![reminder] }))
        .await;
    carried.write().unwrap();
    let revised = carried.calendar();
    assert_eq!(revised.matches("BEGIN:VEVENT").count(), 1);
    for line in ["SEQUENCE:1", "DESCRIPTION:It has been 7 weeks.\\nAsk\\, how things are."] {
        assert!(revised.contains(line), "{line}: {revised}");
    }
    carried.say(Care::Mute { record: ana, muted: true }.into()).await;
    carried.write().unwrap();
    assert!(!carried.calendar().contains("VEVENT"), "muted");
    assert_eq!(carried.names().len(), 2, "the card stays: {:?}", carried.names());
    carried.say(Care::Mute { record: ana, muted: false }.into()).await;
    carried.write().unwrap();
    assert!(carried.calendar().contains("SEQUENCE:2"), "{}", carried.calendar());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reminder_of_a_missed_plan_stands_on_the_day_on_which_the_plan_was_made_up_for() {
    let carried = Carried::new(PhonePeople::Circles);
    let ana = carried.house.friend("Ana", "2026-10-01T12:00:00Z").await;
    let due = clock::now().checked_sub(jiff::SignedDuration::from_hours(36)).unwrap();
    let occurrence = OccurrenceId(format!("2026-11-23/daily/{ana}"));
    let reminder =
        Reminder { record: Some(ana), ..Reminder::new(occurrence, vec!["Ana Silva turns 36 today.".to_owned()]) };
    carried
        .say(Said::Planned(Planned { schedule: "daily".to_owned(), due, missed: 1, reminders: vec![reminder] }))
        .await;
    carried.write().unwrap();
    let planned_at = carried.house.reminders()[0].planned_at;
    let start = format!("DTSTART;VALUE=DATE:{}\r\n", planned_at.strftime("%Y%m%d"));
    let calendar = carried.calendar();
    assert!(calendar.contains(&start) && calendar.contains("DESCRIPTION:Ana Silva turns 36 today."), "{calendar}");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_is_open_of_a_person_is_said_the_newest_first_and_once() {
    let carried = Carried::new(PhonePeople::Circles);
    let ana = carried.house.friend("Ana", "2026-10-01T12:00:00Z").await;
    let day = date(2026, 11, 27);
    let promise = Care::Promise { record: ana, text: "the slides".to_owned(), due: Some(day), of: None };
    carried.say(promise.into()).await;
    let plan = |kind: Kind, hours: i64, reason: &str| {
        let due = clock::now().checked_sub(jiff::SignedDuration::from_hours(hours)).unwrap();
        let reminder = Reminder {
            record: Some(ana),
            kind: Some(kind),
            step: Some("Ask how things are.".to_owned()),
            tells: vec![Tells { kind, on: Some(day) }],
            ..Reminder::new(OccurrenceId(format!("{due}/daily/{ana}")), vec![reason.to_owned()])
        };
        Said::Planned(Planned { schedule: "daily".to_owned(), due, missed: 0, reminders: vec![reminder] })
    };
    carried.say(plan(Kind::Promise, 30, "You promised them: \"the slides\".")).await;
    carried.write().unwrap();
    let before = carried.calendar();
    assert!(before.contains("SUMMARY:What you promised Ana\r\n") && before.contains("SEQUENCE:0\r\n"), "{before}");
    carried.say(plan(Kind::Birthday, 6, "Ana turns 36.")).await;
    carried.write().unwrap();
    let calendar = carried.calendar();
    let description = "DESCRIPTION:Ana turns 36.\\nAsk how things are.\\nYou promised them: \"the slides\".\r\n";
    for line in ["SUMMARY:The birthday of Ana\r\n", "SEQUENCE:1\r\n", &format!("UID:{ana}-reconnect\r\n"), description]
    {
        assert!(calendar.contains(line), "{line}: {calendar}");
    }
    assert_eq!(calendar.matches("BEGIN:VEVENT").count(), 1, "{calendar}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_somebody_elses_is_never_replaced() {
    let carried = Carried::new(PhonePeople::Circles);
    let ana = carried.house.friend("Ana", "2026-10-01T12:00:00Z").await;
    fs::create_dir_all(&carried.folder).unwrap();
    fs::write(carried.folder.join("reminders.ics"), "BEGIN:VCALENDAR\r\nPRODID:-//other//EN\r\nEND:VCALENDAR\r\n")
        .unwrap();
    let fault = carried.write().unwrap_err().to_string();
    assert!(fault.ends_with("reminders.ics: there is a file of that name that is not kith's"), "{fault}");
    assert!(carried.calendar().contains("other"));
    let reconnect = format!("reminders/{ana}-reconnect.ics");
    assert_eq!(carried.names(), ["/reminders.ics".to_owned(), card_name(&ana), reconnect], "the others are written");
    fs::remove_file(carried.folder.join("reminders.ics")).unwrap();
    carried.write().unwrap();
    assert!(carried.calendar().contains("Ana"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_gone_is_taken_away_though_other_files_cannot_be_written() {
    let carried = Carried::new(PhonePeople::Circles);
    let ana = carried.house.friend("Ana", "2026-10-01T12:00:00Z").await;
    let bo = carried.house.friend("Bo", "2026-10-01T12:00:00Z").await;
    carried.write().unwrap();
    let blocked = carried.folder.join(card_name(&ana));
    fs::remove_file(&blocked).unwrap();
    fs::create_dir(&blocked).unwrap();
    let cleo = carried.house.friend("Cleo", "2026-10-01T12:00:00Z").await;
    fs::write(carried.folder.join(card_name(&cleo)), "BEGIN:VCARD\r\nEND:VCARD\r\n").unwrap();
    carried.say(Said::Circle { record: bo, circle: None }).await;
    let fault = carried.write().unwrap_err().to_string();
    assert!(fault.ends_with("there is a file of that name that is not kith's"), "{fault}");
    assert!(!carried.folder.join(card_name(&bo)).exists());
    let calendar = carried.calendar();
    assert!(!calendar.contains("Bo") && calendar.contains("Cleo"), "{calendar}");
    let fault = carried.write().unwrap_err().to_string();
    assert!(fault.contains("not kith's"), "it is said again: {fault}");
    fs::remove_file(carried.folder.join(card_name(&cleo))).unwrap();
    let fault = carried.write().unwrap_err().to_string();
    assert_eq!(fault, format!("write {}", blocked.display()));
    fs::remove_dir(&blocked).unwrap();
    carried.write().unwrap();
    assert!([ana, cleo].iter().all(|person| carried.folder.join(card_name(person)).is_file()));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_remembered_of_whom_you_forget_not_even_without_a_folder() {
    let carried = Carried::new(PhonePeople::Circles);
    let [ana, bo] = [
        carried.house.friend("Ana", "2026-10-01T12:00:00Z").await,
        carried.house.friend("Bo", "2026-10-01T12:00:00Z").await,
    ];
    carried.write().unwrap();
    let list = || fs::read_to_string(carried.house.paths.state.join("phone.json")).unwrap();
    let knows = |person: &RecordId| {
        let card = card_name(person);
        [person.to_string(), card].map(|trace| list().contains(&trace))
    };
    assert_eq!((knows(&ana), knows(&bo)), ([true; 2], [true; 2]));
    let forget = |person: RecordId| Said::Forget(Forget::new(ForgetKey::from_random([7; 32]), &[Mark::Record(person)]));
    carried.say(forget(ana)).await;
    carried.write().unwrap();
    assert_eq!((knows(&ana), knows(&bo)), ([false; 2], [true; 2]));
    carried.say(forget(bo)).await;
    let off = Config { phone: None, ..carried.config.clone() };
    let (_ends, shutdown) = watch::channel(false);
    keep(&carried.house.keeper, &off, &carried.house.paths.state, &shutdown).unwrap();
    assert!(!list().contains(&format!("\"{bo}-reconnect\":")), "{}", list());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_list_loses_no_file_and_a_folder_that_is_away_is_not_made_again() {
    let carried = Carried::new(PhonePeople::Circles);
    carried.house.friend("Ana", "2026-10-01T12:00:00Z").await;
    carried.write().unwrap();
    let names = carried.names();
    fs::remove_file(carried.house.paths.state.join("phone.json")).unwrap();
    carried.write().unwrap();
    assert_eq!(carried.names(), names);
    fs::rename(&carried.folder, carried.folder.with_extension("away")).unwrap();
    let fault = carried.write().unwrap_err().to_string();
    assert!(fault.ends_with("the folder is gone"), "{fault}");
    fs::rename(carried.folder.with_extension("away"), &carried.folder).unwrap();
    carried.write().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_moves_leaves_nothing_behind() {
    let carried = Carried::new(PhonePeople::Circles);
    carried.house.friend("Ana", "2026-10-01T12:00:00Z").await;
    carried.write().unwrap();
    fs::write(carried.folder.join("people/mine.vcf"), "BEGIN:VCARD").unwrap();
    let old = carried.folder.clone();
    let folder = old.with_file_name("Elsewhere");
    let phone = Some(PhoneFolder { folder: folder.clone(), people: PhonePeople::Circles });
    let moved = Carried { config: Config { phone, ..carried.config.clone() }, folder, ..carried };
    moved.write().unwrap();
    assert_eq!(moved.names().len(), 3);
    assert_eq!(fs::read_dir(old.join("people")).unwrap().count(), 1);
    assert!(!old.join("reminders.ics").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_task_follows_changes_and_says_what_is_wrong() {
    let carried = Carried::new(PhonePeople::Circles);
    carried.house.friend("Ana", "2026-10-01T12:00:00Z").await;
    let (fault, mut fault_seen) = watch::channel(None);
    let (_jumps, jumps) = watch::channel(0);
    let (ends, shutdown) = watch::channel(false);
    let (config, config_seen) = watch::channel(Arc::new(carried.config.clone()));
    let (keeper, state) = (carried.house.keeper.clone(), carried.house.paths.state.clone());
    let task = tokio::spawn(run(Phone { keeper, config: config_seen, state, jumps, fault }, shutdown));
    appears(&carried.folder.join("reminders.ics")).await;
    let bo = carried.house.friend("Bo", "2026-10-01T12:00:00Z").await;
    appears(&carried.folder.join(card_name(&bo))).await;
    fs::rename(&carried.folder, carried.folder.with_extension("away")).unwrap();
    config.send_replace(Arc::new(carried.config.clone()));
    let words = fault_seen.wait_for(Option::is_some).await.unwrap().clone().unwrap();
    assert!(words.ends_with("the folder is gone"), "{words}");
    fs::rename(carried.folder.with_extension("away"), &carried.folder).unwrap();
    config.send_replace(Arc::new(carried.config.clone()));
    assert!(fault_seen.wait_for(Option::is_none).await.is_ok());
    ends.send(true).unwrap();
    task.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_private_and_appear_whole() {
    let carried = Carried::new(PhonePeople::Circles);
    let ana = carried.house.friend("Ana", "2026-10-01T12:00:00Z").await;
    carried.write().unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&carried.folder.join(card_name(&ana))), 0o600);
    assert_eq!(mode(&carried.folder.join("people")), 0o700);
    assert!(carried.names().iter().all(|name| name.ends_with(".vcf") || name.ends_with(".ics")));
}
