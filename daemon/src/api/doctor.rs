//! What a check-up finds, each with the next step.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use jiff::civil::Date;
use kith_core::book::Book;
use kith_core::fact::Season;
use kith_proto::api::{DoctorFinding, Finding};

use crate::api::look::attention;
use crate::api::state::zone_name;
use crate::api::{ApiError, Context};
use crate::api::{channels, desktop};
use crate::clock;
use crate::config::maps;
use crate::deliver::event::Event;
use crate::deliver::hook::{self, NotRun};
use crate::plugin::PluginInfo;
use crate::remind::rules::elsewhere;
use crate::remind::when::next_plan;
use crate::view;

/// How many of the owner's addresses are shown.
const OWN_SHOWN: usize = 50;

pub(super) async fn doctor(State(context): State<Context>) -> Result<Json<Vec<DoctorFinding>>, ApiError> {
    let mut findings = vec![ok("daemon", format!("kithd {} is running", env!("CARGO_PKG_VERSION")))];
    findings.extend(attention(&context).await.into_iter().map(|look| warn("attention", look.text, look.next_step)));
    for folder in context.intake.folders() {
        let path = folder.path.display();
        findings.push(match folder.fault {
            None => ok("folder", format!("{path} is watched ({})", folder.layout.as_str())),
            Some(fault) => warn("folder", format!("{path}: {}", fault.words), fault.next_step),
        });
    }
    findings.extend(importers(&context.plugins.list().await));
    let (kept, mistakes) = maps::load(&context.config.borrow().maps);
    findings.extend((!kept.is_empty()).then(|| ok("mapping", format!("kept for tables' columns: {}", kept.len()))));
    findings.extend(mistakes.iter().map(|mistake| {
        warn("mapping", format!("not used: {mistake}"), "mend the file, or make it anew: kith import --map FILE")
    }));
    let own = context.read(|keeper, _| Ok(view::owner::addresses(keeper)?)).await?;
    if own.is_empty() {
        findings.push(warn(
            "owner",
            "kith does not know your own addresses".to_owned(),
            "add them to the config: me = [\"you@example.com\"], then: systemctl --user reload kithd (or send kithd a SIGHUP)",
        ));
    }
    findings.extend(own.into_iter().take(OWN_SHOWN).map(|(address, sources)| {
        let sources: Vec<String> = sources.into_iter().collect();
        ok("owner", format!("you are {address} (from {})", sources.join(", ")))
    }));
    if context.keeper.book().region().is_none() {
        findings.push(warn(
            "region",
            "no region is known: telephone numbers without their country are kept as written, and join nobody"
                .to_owned(),
            "name yours in the config: region = \"DE\", then: systemctl --user reload kithd (or send kithd a SIGHUP)",
        ));
    }
    findings.push(compared(&context));
    findings.extend(told(&context));
    findings.extend(desktop::finding(&context).await);
    findings.extend(hooks(&context));
    findings.extend(channels::findings(&context));
    Ok(Json(findings))
}

/// Says which importers are used, and that there is none: then no file can be read.
fn importers(list: &[PluginInfo]) -> Vec<DoctorFinding> {
    if list.is_empty() {
        let step = "cargo xtask install puts them into their place; docs/PLUGINS.md tells where kithd looks for them";
        return vec![warn("plugin", "no importer is there: kith can read no file".to_owned(), step)];
    }
    let finding = |plugin: &PluginInfo| match &plugin.refused {
        None => ok("plugin", format!("{} {}", plugin.name, plugin.version)),
        Some(reason) => warn("plugin", format!("{}: {reason}", plugin.path.display()), "see docs/PLUGINS.md"),
    };
    list.iter().map(finding).collect()
}

/// Says how much is compared to find out who is the same.
fn compared(context: &Context) -> DoctorFinding {
    let effort = context.keeper.book().effort();
    let tenths = (20 * effort.pairs).checked_div(effort.records).unwrap_or_default();
    let (whole, part) = (tenths / 10, tenths % 10);
    let (records, pairs) = (effort.records, effort.pairs);
    let noun = if pairs == 1 { "pair" } else { "pairs" };
    ok("same", format!("{records} records, {pairs} {noun} of them compared: {whole}.{part} others for each"))
}

/// Why the owner would, or would not, be told.
fn told(context: &Context) -> Vec<DoctorFinding> {
    let (config, now) = (Arc::clone(&context.config.borrow()), clock::now());
    let mut findings = Vec::new();
    let next = next_plan(&context.keeper.book(), &config, now);
    findings.push(match next {
        Some(at) => {
            let at = at.to_zoned(config.zone());
            ok("reminders", format!("the next plan is made at {} ({})", at.strftime("%F %H:%M %Z"), zone_name(context)))
        }
        None => warn("reminders", "no schedule will ever come".to_owned(), "mend [[schedule]] in the config"),
    });
    findings.extend(elsewhere(&context.keeper, &config, now).map(|why| {
        warn(
            "reminders",
            format!("you are not reminded here: {why}"),
            "to be reminded here: deliver = true in the config",
        )
    }));
    findings.extend(held_up(&context.keeper.book(), config.zone().to_datetime(now).date()));
    if context.keeper.book().words().chosen().next().is_none() {
        // What is told besides is what the plan knows of people in no circle (core/src/plan/reason.rs).
        let text = "nobody is in a circle or has a cadence, so that nobody comes by one; promises, messages that wait, birthdays and \
                    other days that cards note, introductions, what you could give, events, and news and work anniversaries of \
                    those you really write to are told, and now and then one not heard of for long"
            .to_owned();
        findings.push(warn("circles", text, "kith circle suggest"));
    }
    findings
}

/// Which hooks are run, of each event, and which are not.
fn hooks(context: &Context) -> Vec<DoctorFinding> {
    let mut findings = Vec::new();
    for event in Event::ALL {
        match hook::find(&hook::folder(&context.paths.hooks, event)) {
            Ok(hooks) => {
                findings.extend(hooks.usable.iter().map(|hook| ok("hook", hook_name(event, &hook.name))));
                let reason = |hook: &NotRun| format!("{}: {}", hook.path.display(), hook.reason);
                findings.extend(hooks.not_run.iter().map(|hook| warn("hook", reason(hook), "see docs/HOOKS.md")));
            }
            Err(error) => {
                let text = format!("the folder of hooks cannot be read: {error}");
                findings.push(warn("hook", text, "see docs/HOOKS.md"));
            }
        }
    }
    findings
}

/// Says what of the owner's own words holds reminders up.
fn held_up(book: &Book, today: Date) -> Vec<DoctorFinding> {
    let giving = book.words().giving();
    let mut findings = Vec::new();
    if let Some(until) = giving.paused_until().filter(|until| today < *until) {
        let text = format!("all reminders are paused until {}", until.strftime("%A, %-d %B %Y"));
        findings.push(warn("reminders", text, "kith pause off ends it"));
    }
    if giving.season() == Season::Rest {
        let text = "it is a rest: only promises, birthdays and answers are told, one a day".to_owned();
        findings.push(warn("reminders", text, "kith season steady ends it"));
    }
    findings
}

fn hook_name(event: Event, name: &str) -> String {
    if event == Event::ReminderDue { name.to_owned() } else { format!("{}/{name}", event.as_str()) }
}

pub(super) fn ok(topic: &str, text: String) -> DoctorFinding {
    DoctorFinding { topic: topic.to_owned(), finding: Finding::Ok, text, next_step: None }
}

pub(super) fn warn(topic: &str, text: String, next_step: &str) -> DoctorFinding {
    DoctorFinding { topic: topic.to_owned(), finding: Finding::Warn, text, next_step: Some(next_step.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn that_no_importer_is_there_is_said_with_what_puts_them_there() {
        let findings = importers(&[]);
        let [DoctorFinding { finding: Finding::Warn, next_step: Some(step), .. }] = findings.as_slice() else {
            panic!("{findings:?}")
        };
        assert!(step.contains("cargo xtask install"), "{step}");
    }
}
