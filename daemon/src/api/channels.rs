//! Network channels: how they are, a test message, and trying again what was given up.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::MetadataExt as _;

use axum::Json;
use axum::extract::{Path, State};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use kith_core::book::Book;
use kith_core::book::reminders::ReminderState;
use kith_core::fact::Outcome;
use kith_core::plan::OPEN_DAYS;
use kith_proto::api::{Channel, ChannelRetry, ChannelTest, DoctorFinding};
use kith_proto::channel::{Answer, Kind};

use crate::api::doctor::{ok, warn};
use crate::api::{ApiError, Context, desktop};
use crate::clock;
use crate::config;
use crate::deliver::desktop::reach;
use crate::deliver::event::Event;
use crate::deliver::office::Carrier;
use crate::deliver::queue::{Contents, Letter};
use crate::deliver::subscriber::{Subscribers, Way};
use crate::deliver::{hook, letter, network};

/// The name of the desktop among the channels.
const DESKTOP: &str = "desktop";

/// How many of the given up messages `kith doctor` tells one by one.
const DEAD_SHOWN: usize = 5;

pub(super) async fn list(State(context): State<Context>) -> Json<Vec<Channel>> {
    Json(channels(&context))
}

pub(super) async fn test(
    State(context): State<Context>,
    Path(name): Path<String>,
) -> Result<Json<ChannelTest>, ApiError> {
    let message = letter::test(format!("test{}", clock::now().as_millisecond()));
    let answer = if name == DESKTOP {
        match reach::test(&context.bus, &message).await {
            Ok(()) => Answer::Delivered,
            Err(fault) => Answer::Again(desktop::words(&fault).0),
        }
    } else {
        let way = way(&context, &name).ok_or_else(|| unknown(&name))?;
        let limit = context.config.borrow().hook_time_limit;
        Carrier { way, sender: context.channels.sender.clone(), state: context.paths.state.clone(), limit }
            .carry(0, message)
            .await
    };
    let (outcome, why) = match answer {
        Answer::Delivered => ("delivered", None),
        Answer::Again(why) => ("again", Some(why)),
        Answer::Never(why) => ("never", Some(why)),
    };
    Ok(Json(ChannelTest { channel: name, outcome: outcome.to_owned(), why }))
}

/// Returns how a message reaches a channel of the config, or a hook: `exec/10-mail`, `exec/digest/10-mail`.
fn way(context: &Context, name: &str) -> Option<Way> {
    let subscribers = Subscribers::find(&context.config.borrow(), &context.paths.hooks);
    if let Some(subscriber) = subscribers.get(&key(name)) {
        return Some(subscriber.way.clone());
    }
    let hooks = hook::find(&hook::reminder_folder(&context.paths.hooks)).ok()?;
    hooks.usable.into_iter().find(|hook| hook.channel() == name).map(Way::Hook)
}

pub(super) async fn retry(
    State(context): State<Context>,
    Path(name): Path<String>,
) -> Result<Json<ChannelRetry>, ApiError> {
    let channel = channels(&context).into_iter().find(|channel| channel.name == name).ok_or_else(|| unknown(&name))?;
    let messages = context.channels.queue.retry(&key(&channel.name));
    Ok(Json(ChannelRetry { channel: name, messages }))
}

/// Returns what a check-up says about the channels.
pub(super) fn findings(context: &Context) -> Vec<DoctorFinding> {
    let channels = channels(context);
    let mut findings: Vec<DoctorFinding> = Vec::new();
    let program = &context.channels.sender.program;
    if channels.iter().any(|channel| channel.kind != "hook") && !program.is_file() {
        let step = "install kith again: cargo xtask install";
        findings.push(warn("channel", format!("{} is missing: nothing can be sent", program.display()), step));
    }
    for channel in &channels {
        let name = &channel.name;
        findings.push(match &channel.problem {
            None => ok("channel", format!("{name} ({}), told of {}", channel.kind, channel.events.join(", "))),
            Some(problem) if channel.given_up > 0 => {
                let text = format!("{name}: {} could not be delivered: {problem}", counted(channel.given_up));
                warn("channel", text, &format!("kith channel retry {name}"))
            }
            Some(problem) => warn("channel", format!("{name}: {problem}"), &format!("kith channel test {name}")),
        });
    }
    findings.extend(dead(&context.channels.queue.contents()));
    findings.extend(failed(&context.keeper.book(), &context.config.borrow().zone()));
    findings
}

fn counted(messages: usize) -> String {
    if messages == 1 { "1 message".to_owned() } else { format!("{messages} messages") }
}

/// Lists the newest of the messages that were given up.
fn dead(contents: &Contents) -> Vec<DoctorFinding> {
    let newest = contents.dead.iter().rev().take(DEAD_SHOWN);
    let finding = |letter: &Letter| {
        let (name, event) = (shown(&letter.channel), letter.event.as_str());
        let why = letter.why.as_deref().unwrap_or("nobody knows why");
        let text = format!("given up after {} tries: {event} to {name}: {why}", letter.attempts);
        warn("dead letter", text, &format!("kith channel retry {name}"))
    };
    newest.map(finding).collect()
}

/// Lists the newest reminders that a hook or the desktop was told of for the last time without success: they are in the ledger,
/// not in the queue.
fn failed(book: &Book, zone: &TimeZone) -> Vec<DoctorFinding> {
    let since = clock::now().checked_sub((24 * i64::from(OPEN_DAYS)).hours()).unwrap_or(Timestamp::MIN);
    let states = book.words().reminders().values().filter(|state| state.planned_at >= since);
    let mut newest: BTreeMap<&str, (usize, &ReminderState, &str)> = BTreeMap::new();
    for state in states {
        for (channel, outcome) in state.outcomes.iter().filter(|(channel, _)| !channel.starts_with(network::CHANNEL)) {
            let Outcome::Failed(why) = outcome else { continue };
            let known = newest.entry(channel).or_insert((0, state, why));
            let (_, last, _) = *known;
            let (last, why) = if state.planned_at > last.planned_at { (state, why.as_str()) } else { (last, known.2) };
            *known = (known.0 + 1, last, why);
        }
    }
    let finding = |(channel, (count, state, why)): (&str, (usize, &ReminderState, &str))| {
        let on = zone.to_datetime(state.planned_at).strftime("%F %H:%M");
        let reminders = if count == 1 { "1 reminder".to_owned() } else { format!("{count} reminders") };
        let text =
            format!("given up: {reminders} to {channel}, the last of {on}: {why}; kith today shows what is open");
        warn("dead letter", text, &format!("kith hooks log tells more; kith channel test {channel}"))
    };
    newest.into_iter().map(finding).collect()
}

/// Returns the channels of the config, and those for which something waits or was given up.
fn channels(context: &Context) -> Vec<Channel> {
    let (config, contents) = (context.config.borrow(), context.channels.queue.contents());
    let mut channels: Vec<Channel> = config.channels.iter().map(|channel| configured(channel, &contents)).collect();
    let known: BTreeSet<String> = channels.iter().map(|channel| key(&channel.name)).collect();
    let named = contents.letters.iter().chain(&contents.dead).map(|letter| letter.channel.as_str());
    let others: BTreeSet<&str> = named.filter(|channel| !known.contains(*channel)).collect();
    channels.extend(others.into_iter().map(|channel| {
        let kind = if channel.starts_with(network::CHANNEL) { "unknown" } else { "hook" };
        with_letters(Channel { name: shown(channel), kind: kind.to_owned(), ..Channel::default() }, &contents)
    }));
    channels
}

fn configured(channel: &config::Channel, contents: &Contents) -> Channel {
    let events = channel.events.iter().map(|event: &Event| event.as_str().to_owned()).collect();
    let kind = channel.kind.as_str().to_owned();
    let shown = Channel { name: channel.name.clone(), kind, events, ..Channel::default() };
    let shown = with_letters(shown, contents);
    Channel { problem: unfit_secret(&channel.kind).or(shown.problem), ..shown }
}

fn with_letters(channel: Channel, contents: &Contents) -> Channel {
    let key = key(&channel.name);
    let of = |letters: &[Letter]| letters.iter().filter(|letter| letter.channel == key).cloned().collect::<Vec<_>>();
    let (waiting, dead) = (of(&contents.letters), of(&contents.dead));
    let newest = dead.last().or(waiting.last());
    Channel {
        waiting: waiting.len(),
        next_try: waiting.iter().filter_map(|letter| letter.not_before).min(),
        given_up: dead.len(),
        problem: newest.and_then(|letter| letter.why.clone()),
        ..channel
    }
}

/// Says why a channel's secret would not be used; the sender looks again, at the file that it opened.
fn unfit_secret(kind: &Kind) -> Option<String> {
    let path = kind.secret_file()?;
    match fs::metadata(path) {
        Err(error) => Some(format!("the secret file {path} cannot be read: {error}")),
        Ok(found) if found.mode() & 0o077 != 0 => {
            Some(format!("the secret file {path} may be read by others; chmod 600 makes it yours alone"))
        }
        Ok(_) => None,
    }
}

/// The name of a channel in facts and in the queue.
fn key(name: &str) -> String {
    if name.contains('/') { name.to_owned() } else { format!("{}{name}", network::CHANNEL) }
}

/// The name by which the user knows a channel.
fn shown(channel: &str) -> String {
    channel.strip_prefix(network::CHANNEL).unwrap_or(channel).to_owned()
}

fn unknown(name: &str) -> ApiError {
    ApiError::missing(
        format!("find the channel {name:?}"),
        "those there are: kith channel; they stand in the config; hooks go by exec/NAME and exec/EVENT/NAME",
    )
}

#[cfg(test)]
mod tests {
    use kith_core::fact::{OccurrenceId, Planned, Reminder, Said};

    use super::*;
    use crate::deliver::house::House;

    #[tokio::test(flavor = "multi_thread")]
    async fn reminders_that_a_hook_or_the_desktop_gave_up_are_listed_by_channel() {
        let house = House::new();
        let record = house.friend("Ana", "2020-01-01T12:00:00Z").await;
        let id = |number: u32| OccurrenceId(format!("{number}/daily/Ana"));
        let of = |number| Reminder {
            record: Some(record),
            ..Reminder::new(id(number), vec!["It has been a while.".to_owned()])
        };
        let reminders = vec![of(1), of(2)];
        let plan = Planned { schedule: "daily".to_owned(), due: clock::now(), missed: 0, reminders };
        let ended = |number, channel: &str, outcome| Said::Outcome {
            occurrence: id(number),
            channel: channel.to_owned(),
            outcome,
        };
        let why = || Outcome::Failed("exited with status 3".to_owned());
        house.keeper.say(vec![Said::Planned(plan)]).await.unwrap();
        assert!(failed(&house.keeper.book(), &TimeZone::UTC).is_empty());
        let said = [
            ended(1, "exec/10-bad", why()),
            ended(2, "exec/10-bad", why()),
            ended(1, "desktop", Outcome::Delivered),
            ended(2, "net/phone", why()),
        ];
        house.keeper.say(said.to_vec()).await.unwrap();
        let findings = failed(&house.keeper.book(), &TimeZone::UTC);
        assert_eq!(findings.len(), 1, "the queue lists those of the network: {findings:?}");
        assert!(findings[0].text.starts_with("given up: 2 reminders to exec/10-bad, the last of 20"), "{findings:?}");
        assert!(findings[0].text.contains(": exited with status 3; kith today"), "{findings:?}");
    }
}
