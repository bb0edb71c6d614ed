//! Makes a config of the file's text: which keys there are, and what each may be.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use jiff::SignedDuration;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use kith_core::cadence::NotARhythm;
use kith_core::fact::MailPeople;
use kith_core::normalize::Region;
use kith_core::plan::Circle;
use toml::de::{DeTable, DeValue};

use super::hours::weekday;
use super::table::{Mistakes, Table};
use super::{Config, ConfigError, Keep, Layout, Limits, PhoneFolder, PhonePeople, Schedule, WatchedFolder, channel};
use crate::paths::Paths;
use crate::view::planning::LEAD_DAYS_AT_MOST;

impl Config {
    /// Makes a config of the file's text.
    ///
    /// # Errors
    /// When something in it is wrong.
    pub fn parse(text: &str, paths: &Paths) -> Result<Self, ConfigError> {
        let mut mistakes = Mistakes { path: &paths.config, text, found: Vec::new() };
        let table = match DeTable::parse(text) {
            Ok(table) => table,
            Err(error) => {
                let at = error.span().unwrap_or(0..0);
                mistakes.add(&at, "TOML", error.message().to_owned(), "see https://toml.io for how values are written");
                return Err(ConfigError::Wrong(mistakes.found));
            }
        };
        let mut root = Table::root(&table, &mut mistakes);
        let config = read(&mut root, paths);
        root.finish();
        if mistakes.found.is_empty() { Ok(config) } else { Err(ConfigError::Wrong(mistakes.found)) }
    }
}

fn read(root: &mut Table<'_, '_, '_>, paths: &Paths) -> Config {
    let default = Config::defaults(paths);
    let mut config = Config {
        drop: root.value("drop", |value| path(value, paths)).unwrap_or(default.drop),
        keep_imported: root.value("keep_imported", keep).unwrap_or(default.keep_imported),
        rescan: root.value("rescan", duration).unwrap_or(default.rescan),
        me: root.value("me", texts).unwrap_or(default.me),
        region: root.value("region", region).or(default.region),
        daily: root.value("daily", daily).unwrap_or(default.daily),
        days_off: root.value("days_off", days_off).unwrap_or(default.days_off),
        quiet: root.value("quiet", |value| parsed(value, "two times of the day, such as \"21:00-08:00\"")),
        birthday_lead_days: root.value("birthday_lead_days", lead_days).unwrap_or(default.birthday_lead_days),
        deliver: root.value("deliver", yes_or_no),
        tell_imports: root.value("tell_imports", yes_or_no).unwrap_or(default.tell_imports),
        timezone: root.value("timezone", zone),
        mail_people: default.mail_people,
        mail_promises: default.mail_promises,
        hook_time_limit: root
            .table("hooks", |hooks| hooks.value("time_limit", duration))
            .flatten()
            .unwrap_or(default.hook_time_limit),
        limits: root.table("limits", |table| limits(table, default.limits)).unwrap_or(default.limits),
        channels: root.tables("channel", |table| channel::read(table, paths)).unwrap_or_default(),
        schedules: root.tables("schedule", schedule).unwrap_or(default.schedules),
        circles: root.tables("circle", circle).unwrap_or(default.circles),
        watch: Vec::new(),
        phone: None,
        imported: default.imported,
        problem: default.problem,
        maps: default.maps,
    };
    root.table("mail", |mail| {
        config.mail_people = mail.value("people", mail_people).unwrap_or_default();
        config.mail_promises = mail.value("promises", yes_or_no).unwrap_or_default();
    });
    let kept_out = [config.drop.clone(), config.imported.clone(), config.problem.clone()];
    config.watch = root.tables("watch", |table| watched(table, paths, &kept_out)).unwrap_or_default();
    config.phone = root.table("phone", |table| phone(table, paths, &kept_out, &config.watch)).flatten();
    unique(root, "circle", config.circles.iter().map(|circle| &circle.name));
    unique(root, "channel", config.channels.iter().map(|channel| &channel.name));
    unique(root, "schedule", config.schedules.iter().map(|schedule| &schedule.name));
    config
}

fn watched(table: &mut Table<'_, '_, '_>, paths: &Paths, kept_out: &[PathBuf]) -> Option<WatchedFolder> {
    let path = table.required("path", "\"~/Mail\"", |value| path(value, paths));
    let layout = table.required("layout", "\"maildir\"", layout);
    let (path, layout) = (path?, layout?);
    if kept_out.iter().any(|ours| ours.starts_with(&path) || path.starts_with(ours)) {
        let problem = format!("overlaps kith's own folders: {}", path.display());
        table.mistake("path", problem, "choose a folder beside them, or drop the files into the drop folder");
        return None;
    }
    Some(WatchedFolder { path, layout })
}

/// The folder for the phone must lie where nothing is read: kith would import what it wrote.
fn phone(
    table: &mut Table<'_, '_, '_>,
    paths: &Paths,
    kept_out: &[PathBuf],
    watched: &[WatchedFolder],
) -> Option<PhoneFolder> {
    let folder = table.required("folder", "\"~/Kith/Phone\"", |value| path(value, paths));
    let people = table.value("people", phone_people).unwrap_or_default();
    let folder = folder?;
    let mut read = kept_out.iter().chain(watched.iter().map(|watched| &watched.path));
    if let Some(other) = read.find(|other| other.starts_with(&folder) || folder.starts_with(other)) {
        let problem = format!("overlaps a folder that kith reads: {}", other.display());
        table.mistake("folder", problem, "choose a folder beside it, such as \"~/Kith/Phone\"");
        return None;
    }
    Some(PhoneFolder { folder, people })
}

fn circle(table: &mut Table<'_, '_, '_>) -> Option<Circle> {
    let name = table.required("name", "\"friends\"", name);
    let cadence = table.required("cadence", "\"3 weeks\"", |value| {
        let expected = "a text, such as \"3 weeks\" or \"3 weeks (2 weeks to 2 months)\"";
        text(value, expected)?.parse().map_err(|error: NotARhythm| error.wanted().to_owned())
    });
    Some(Circle { name: name?, cadence: cadence? })
}

fn schedule(table: &mut Table<'_, '_, '_>) -> Option<Schedule> {
    let name = table.required("name", "\"morning\"", name);
    let cron = table.required("cron", "\"0 9 * * *\"", |value| parsed(value, "five fields, such as \"0 9 * * 1-5\""));
    Some(Schedule { name: name?, cron: cron? })
}

fn limits(table: &mut Table<'_, '_, '_>, default: Limits) -> Limits {
    Limits {
        time: table.value("time", duration).unwrap_or(default.time),
        memory_bytes: table.value("memory", bytes).unwrap_or(default.memory_bytes),
        output_bytes: table.value("output", bytes).unwrap_or(default.output_bytes),
    }
}

fn unique<'n>(root: &mut Table<'_, '_, '_>, key: &'static str, names: impl Iterator<Item = &'n String>) {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            root.mistake(key, format!("two are named {name:?}"), "give each its own name");
        }
    }
}

pub(super) fn text(value: &DeValue<'_>, expected: &str) -> Result<String, String> {
    value.as_str().filter(|text| !text.trim().is_empty()).map(str::to_owned).ok_or_else(|| expected.to_owned())
}

fn parsed<T: FromStr<Err: Display>>(value: &DeValue<'_>, expected: &str) -> Result<T, String> {
    text(value, expected)?.parse().map_err(|error| format!("{expected}; kith cannot {error}"))
}

pub(super) fn texts(value: &DeValue<'_>) -> Result<Vec<String>, String> {
    let expected = "a list of texts, such as [\"sam@example.com\"]";
    let list = value.as_array().ok_or(expected)?;
    list.iter().map(|item| text(item.get_ref(), expected)).collect()
}

pub(super) fn name(value: &DeValue<'_>) -> Result<String, String> {
    text(value, "a name")
        .and_then(|name| if name.contains('/') { Err("a name without `/`".to_owned()) } else { Ok(name) })
}

fn path(value: &DeValue<'_>, paths: &Paths) -> Result<PathBuf, String> {
    let expected = "a folder that begins with `/` or `~/`";
    let text = text(value, expected)?;
    if text.starts_with('/') || text.starts_with("~/") { Ok(paths.expand(&text)) } else { Err(expected.to_owned()) }
}

fn layout(value: &DeValue<'_>) -> Result<Layout, String> {
    let all = [Layout::Drop, Layout::Plain, Layout::Maildir, Layout::Vdir];
    let found = all.into_iter().find(|layout| value.as_str() == Some(layout.as_str()));
    found.ok_or_else(|| "\"drop\", \"plain\", \"maildir\" or \"vdir\"".to_owned())
}

fn duration(value: &DeValue<'_>) -> Result<Duration, String> {
    let read = value.as_str().and_then(|text| text.parse::<SignedDuration>().ok());
    read.and_then(|duration| Duration::try_from(duration).ok())
        .filter(|duration| *duration >= Duration::from_secs(1))
        .ok_or_else(|| "a time of a second or more, such as \"5 minutes\"".to_owned())
}

fn bytes(value: &DeValue<'_>) -> Result<u64, String> {
    let units = [("KiB", 10), ("MiB", 20), ("GiB", 30)];
    let read = value.as_str().and_then(|text| {
        let (unit, shift) = units.into_iter().find(|(unit, _)| text.ends_with(unit))?;
        let number: u64 = text.strip_suffix(unit)?.trim().parse().ok()?;
        number.checked_mul(1 << shift)
    });
    read.filter(|bytes| *bytes > 0).ok_or_else(|| "a size such as \"512 MiB\"".to_owned())
}

pub(super) fn whole(value: &DeValue<'_>) -> Option<u32> {
    value.as_integer().and_then(|number| u32::from_str_radix(number.as_str(), number.radix()).ok())
}

fn keep(value: &DeValue<'_>) -> Result<Keep, String> {
    if value.as_str() == Some("forever") {
        return Ok(Keep::Forever);
    }
    let days = whole(value).filter(|days| *days > 0).map(Keep::Days);
    days.ok_or_else(|| "\"forever\", or a number of days without quotes: 30".to_owned())
}

fn daily(value: &DeValue<'_>) -> Result<usize, String> {
    let number =
        whole(value).filter(|number| (1..=50).contains(number)).and_then(|number| usize::try_from(number).ok());
    number.ok_or_else(|| "a number from 1 to 50".to_owned())
}

fn days_off(value: &DeValue<'_>) -> Result<Vec<Weekday>, String> {
    let expected = "a list of days, such as [\"Saturday\", \"Sunday\"], and not all seven";
    let days = texts(value).map_err(|_| expected)?;
    let days: Option<Vec<Weekday>> = days.iter().map(|day| weekday(day)).collect();
    days.filter(|days| days.len() < 7).ok_or_else(|| expected.to_owned())
}

fn lead_days(value: &DeValue<'_>) -> Result<i32, String> {
    let days = whole(value).and_then(|days| i32::try_from(days).ok()).filter(|days| *days <= LEAD_DAYS_AT_MOST);
    days.ok_or_else(|| format!("a number of days from 0 to {LEAD_DAYS_AT_MOST}"))
}

pub(super) fn yes_or_no(value: &DeValue<'_>) -> Result<bool, String> {
    value.as_bool().ok_or_else(|| "true or false".to_owned())
}

fn region(value: &DeValue<'_>) -> Result<Region, String> {
    value.as_str().and_then(Region::parse).ok_or_else(|| "a country in two letters, such as \"DE\"".to_owned())
}

fn zone(value: &DeValue<'_>) -> Result<TimeZone, String> {
    let found = value.as_str().and_then(|name| TimeZone::get(name).ok());
    found.ok_or_else(|| "a time zone such as \"Europe/Berlin\", or leave the line out for the system's".to_owned())
}

fn mail_people(value: &DeValue<'_>) -> Result<MailPeople, String> {
    match value.as_str() {
        Some("answered") => Ok(MailPeople::Answered),
        Some("everyone") => Ok(MailPeople::Everyone),
        Some(_) | None => Err("\"answered\" or \"everyone\"".to_owned()),
    }
}

fn phone_people(value: &DeValue<'_>) -> Result<PhonePeople, String> {
    match value.as_str() {
        Some("circles") => Ok(PhonePeople::Circles),
        Some("everyone") => Ok(PhonePeople::Everyone),
        Some(_) | None => Err("\"circles\" or \"everyone\"".to_owned()),
    }
}
