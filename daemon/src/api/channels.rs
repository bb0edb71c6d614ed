//! Network channels: how they are, a test message, and trying again what was given up.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::MetadataExt as _;

use axum::Json;
use axum::extract::{Path, State};
use kith_proto::api::{Channel, ChannelRetry, ChannelTest, DoctorFinding};
use kith_proto::channel::{Answer, Kind};

use crate::api::doctor::{ok, warn};
use crate::api::{ApiError, Context};
use crate::clock;
use crate::config;
use crate::deliver::event::Event;
use crate::deliver::queue::{Contents, Letter};
use crate::deliver::{letter, network};

/// How many of the given up messages `kith doctor` tells one by one.
const DEAD_SHOWN: usize = 5;

pub(super) async fn list(State(context): State<Context>) -> Json<Vec<Channel>> {
    Json(channels(&context))
}

pub(super) async fn test(
    State(context): State<Context>,
    Path(name): Path<String>,
) -> Result<Json<ChannelTest>, ApiError> {
    let known = context.config.borrow().channels.iter().find(|channel| channel.name == name).cloned();
    let channel = known.ok_or_else(|| unknown(&name))?;
    let id = format!("test{}", clock::now().as_millisecond());
    let answer = context.channels.sender.send(&channel.kind, letter::test(id)).await;
    let (outcome, why) = match answer {
        Answer::Delivered => ("delivered", None),
        Answer::Again(why) => ("again", Some(why)),
        Answer::Never(why) => ("never", Some(why)),
    };
    Ok(Json(ChannelTest { channel: name, outcome: outcome.to_owned(), why }))
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
    ApiError::missing(format!("find the channel {name:?}"), "those there are: kith channel; they stand in the config")
}
