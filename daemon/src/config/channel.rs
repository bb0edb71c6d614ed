//! Reads a network channel: `[[channel]]` with its name, its kind, and what that kind needs.

use std::collections::BTreeSet;

use kith_proto::channel::{Kind, Security};
use toml::de::DeValue;

use super::Channel;
use super::check::{name, text, texts, whole, yes_or_no};
use super::table::Table;
use crate::deliver::event::Event;
use crate::paths::Paths;

/// Which kind is written, before its keys are read.
#[derive(Debug, Clone, Copy)]
enum Wanted {
    Webhook,
    Ntfy,
    Smtp,
    Sendmail,
}

/// The longest name of an ntfy topic.
const TOPIC_CHARS: usize = 64;

/// Where sendmail is, unless the config says otherwise.
const SENDMAIL: &str = "/usr/sbin/sendmail";

pub(super) fn read(table: &mut Table<'_, '_, '_>, paths: &Paths) -> Option<Channel> {
    let name = table.required("name", "\"phone\"", name);
    let wanted = table.required("kind", "\"ntfy\"", wanted);
    let told = table.value("events", events);
    let wanted = wanted?;
    let kind = match wanted {
        Wanted::Webhook => webhook(table, paths),
        Wanted::Ntfy => ntfy(table, paths),
        Wanted::Smtp => smtp(table, paths),
        Wanted::Sendmail => sendmail(table),
    };
    let events = told.unwrap_or_else(|| BTreeSet::from([usual(wanted)]));
    Some(Channel { name: name?, kind: kind?, events })
}

/// A mail tells what is due together, a push message each by itself.
const fn usual(wanted: Wanted) -> Event {
    match wanted {
        Wanted::Webhook | Wanted::Ntfy => Event::ReminderDue,
        Wanted::Smtp | Wanted::Sendmail => Event::Digest,
    }
}

fn webhook(table: &mut Table<'_, '_, '_>, paths: &Paths) -> Option<Kind> {
    let allow_private = table.value("allow_private", yes_or_no).unwrap_or_default();
    let url = table.required("url", "\"https://example.com/kith\"", |value| url(value, allow_private));
    let secret_file = table.required("secret_file", "\"~/.config/kith/webhook.secret\"", |value| file(value, paths));
    Some(Kind::Webhook { url: url?, secret_file: secret_file?, allow_private })
}

fn ntfy(table: &mut Table<'_, '_, '_>, paths: &Paths) -> Option<Kind> {
    let allow_private = table.value("allow_private", yes_or_no).unwrap_or_default();
    let url = table.required("url", "\"https://ntfy.sh\"", |value| url(value, allow_private));
    let topic = table.required("topic", "\"a-name-nobody-guesses\"", topic);
    let secret_file = table.value("secret_file", |value| file(value, paths));
    Some(Kind::Ntfy { url: url?, topic: topic?, secret_file, allow_private })
}

fn smtp(table: &mut Table<'_, '_, '_>, paths: &Paths) -> Option<Kind> {
    let server = table.required("server", "\"mail.example.com\"", server);
    let port = table.value("port", port);
    let security = table.value("security", security).unwrap_or_default();
    let user = table.value("user", |value| text(value, "the user's name at the server"));
    let secret_file = table.value("secret_file", |value| file(value, paths));
    if user.is_some() != secret_file.is_some() {
        let problem = "only one of user and secret_file".to_owned();
        table.mistake("server", problem, "write both to log in, or none");
        return None;
    }
    let (from, to) = addresses(table);
    Some(Kind::Smtp { server: server?, port, security, user, secret_file, from: from?, to: to? })
}

fn sendmail(table: &mut Table<'_, '_, '_>) -> Option<Kind> {
    let program = table.value("program", program).unwrap_or_else(|| SENDMAIL.to_owned());
    let (from, to) = addresses(table);
    Some(Kind::Sendmail { program, from: from?, to: to? })
}

fn addresses(table: &mut Table<'_, '_, '_>) -> (Option<String>, Option<Vec<String>>) {
    let from = table.required("from", "\"you@example.com\"", |value| address(&text(value, ADDRESS)?));
    let to = table.required("to", "[\"you@example.com\"]", |value| {
        let to = texts(value)?;
        if to.is_empty() { Err(ADDRESS.to_owned()) } else { to.iter().map(|to| address(to)).collect() }
    });
    (from, to)
}

const ADDRESS: &str = "a mail address, such as \"you@example.com\"";

/// What an address is exactly, the sender finds out; here it is only kept from being something else.
fn address(text: &str) -> Result<String, String> {
    let odd = |c: char| c.is_whitespace() || c.is_control() || "<>,;\"\\()".contains(c);
    let fits = text.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
    if fits && !text.starts_with('-') && !text.contains(odd) { Ok(text.to_owned()) } else { Err(ADDRESS.to_owned()) }
}

fn wanted(value: &DeValue<'_>) -> Result<Wanted, String> {
    match value.as_str() {
        Some("webhook") => Ok(Wanted::Webhook),
        Some("ntfy") => Ok(Wanted::Ntfy),
        Some("smtp") => Ok(Wanted::Smtp),
        Some("sendmail") => Ok(Wanted::Sendmail),
        Some(_) | None => Err("\"webhook\", \"ntfy\", \"smtp\" or \"sendmail\"".to_owned()),
    }
}

fn events(value: &DeValue<'_>) -> Result<BTreeSet<Event>, String> {
    let names = Event::ALL.map(|event| format!("\"{}\"", event.as_str())).join(", ");
    let expected = format!("a list of some of {names}");
    let list = value.as_array().filter(|list| !list.is_empty()).ok_or_else(|| expected.clone())?;
    let event = |item: &str| item.parse().map_err(|_| expected.clone());
    list.iter().map(|item| event(item.get_ref().as_str().unwrap_or_default())).collect()
}

fn url(value: &DeValue<'_>, allow_private: bool) -> Result<String, String> {
    let expected = "an address that begins with https://, or with http:// where allow_private = true";
    let url = text(value, expected)?;
    let fits = url.starts_with("https://") || (allow_private && url.starts_with("http://"));
    if fits && url.is_ascii() && !url.contains(|c: char| c.is_whitespace() || c.is_control()) {
        Ok(url)
    } else {
        Err(expected.to_owned())
    }
}

fn topic(value: &DeValue<'_>) -> Result<String, String> {
    let expected = "a topic of letters, digits, - and _, at most 64";
    let topic = text(value, expected)?;
    let fits = topic.len() <= TOPIC_CHARS && topic.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    if fits { Ok(topic) } else { Err(expected.to_owned()) }
}

fn server(value: &DeValue<'_>) -> Result<String, String> {
    let expected = "the name of a mail server, such as \"mail.example.com\"";
    let server = text(value, expected)?;
    let fits = server.chars().all(|c| c.is_ascii_alphanumeric() || "-.:[]".contains(c));
    if fits { Ok(server) } else { Err(expected.to_owned()) }
}

fn port(value: &DeValue<'_>) -> Result<u16, String> {
    let port = whole(value).and_then(|port| u16::try_from(port).ok()).filter(|port| *port > 0);
    port.ok_or_else(|| "a number from 1 to 65535".to_owned())
}

fn security(value: &DeValue<'_>) -> Result<Security, String> {
    match value.as_str() {
        Some("tls") => Ok(Security::Tls),
        Some("starttls") => Ok(Security::Starttls),
        Some("none") => Ok(Security::None),
        Some(_) | None => Err("\"tls\", \"starttls\", or for a server of your own network \"none\"".to_owned()),
    }
}

fn program(value: &DeValue<'_>) -> Result<String, String> {
    let expected = "the path of a program, from `/` on";
    text(value, expected).and_then(|path| if path.starts_with('/') { Ok(path) } else { Err(expected.to_owned()) })
}

fn file(value: &DeValue<'_>, paths: &Paths) -> Result<String, String> {
    let expected = "a file that begins with `/` or `~/`";
    let text = text(value, expected)?;
    if text.starts_with('/') || text.starts_with("~/") {
        paths.expand(&text).into_os_string().into_string().map_err(|_| expected.to_owned())
    } else {
        Err(expected.to_owned())
    }
}
