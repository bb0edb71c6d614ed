//! What needs a look, each with the next step: for `kith status` and `kith doctor`.

use std::collections::{BTreeMap, BTreeSet};

use kith_core::book::people::Person;
use kith_core::id::RecordId;

use crate::api::Context;
use crate::intake::{Problem, next_step};

/// How many imports that were cut off are named one by one.
const CUT_OFF_NAMED: usize = 3;

/// Something that needs a look.
pub(super) struct Look {
    /// What it is.
    pub(super) text: String,
    /// What to try next.
    pub(super) next_step: &'static str,
}

/// Returns what needs a look.
pub(super) async fn attention(context: &Context) -> Vec<Look> {
    let plugins = context.plugins.list().await;
    let intake = context.intake.status();
    let look = |text: String, next_step| Look { text, next_step };
    let mut looks = Vec::new();
    looks.extend(context.config_problem.borrow().iter().map(|problem| {
        let next = "mend the config, then: systemctl --user reload kithd (or send kithd a SIGHUP)";
        look(format!("the config is not used: {problem}"), next)
    }));
    looks.extend(context.keeper.rebuilt().map(|why| {
        let next = "nothing to do; if it comes again, look at the disk";
        look(format!("the store was made again from the ledger: {why}"), next)
    }));
    looks.extend(context.keeper.held().into_iter().map(|(device, why)| {
        let next = "let the file sync finish; if it has, compare the folders of the ledger";
        look(format!("the ledger of device {device} is not read on for now: {why}"), next)
    }));
    looks.extend(context.keeper.unremoved().map(|why| {
        let next = "mend what hinders it, a full disk or rights; it is tried again every few minutes";
        look(format!("somebody who is forgotten is still in files of kith: {why}"), next)
    }));
    let full = || look("the disk is full: imports wait until there is space".to_owned(), "free some space");
    looks.extend(intake.disk_full.then(full));
    looks.extend(intake.fault.map(|fault| look(fault, "it is tried again every few minutes; kithd's log says more")));
    looks.extend(context.phone.borrow().iter().map(|fault| {
        let next = "it is tried again every minute; [phone] in the config says which folder it is";
        look(format!("the folder for the phone is not kept: {fault}"), next)
    }));
    looks.extend(plugins.into_iter().filter(|plugin| plugin.switched_off).map(|plugin| {
        let why = plugin.refused.unwrap_or_default();
        look(format!("plugin {}: {why}", plugin.name), "a newer build of it is tried by itself")
    }));
    looks.extend(without_circle(context));
    looks.extend(match context.intake.problems().len() {
        0 => None,
        1 => Some(look("1 file could not be imported".to_owned(), "kith problems")),
        several => Some(look(format!("{several} files could not be imported"), "kith problems")),
    });
    looks.extend(cut_off(&context.intake.cut_off()));
    looks
}

/// Names the imports that were cut off.
fn cut_off(problems: &[Problem]) -> Vec<Look> {
    if problems.len() > CUT_OFF_NAMED {
        let text = format!("{} imports were cut off when kithd ended", problems.len());
        return vec![Look { text, next_step: "kith problems" }];
    }
    let look = |problem: &Problem| Look {
        text: format!("{}: {}", problem.path.display(), problem.reason),
        next_step: next_step(&problem.reason),
    };
    problems.iter().map(look).collect()
}

/// People are in a circle that the config no longer has: nobody would be reminded of them.
fn without_circle(context: &Context) -> Vec<Look> {
    let config = context.config.borrow();
    let book = context.keeper.book();
    let mut unknown: BTreeMap<&str, BTreeSet<RecordId>> = BTreeMap::new();
    for record in book.words().in_circles() {
        let Some(person) = book.person(&record).filter(Person::may_be_reminded_of) else { continue };
        let circle = book.words().circle(&person.records());
        if let Some(circle) = circle.filter(|name| config.circles.iter().all(|known| known.name != *name)) {
            unknown.entry(circle).or_default().insert(person.id);
        }
    }
    let look = |(circle, people): (&str, BTreeSet<RecordId>)| Look {
        text: match people.len() {
            1 => format!("1 person is in the circle {circle:?}, which the config does not have"),
            people => format!("{people} people are in the circle {circle:?}, which the config does not have"),
        },
        next_step: "name it there ([[circle]]), or move them: kith circle set PERSON CIRCLE",
    };
    unknown.into_iter().map(look).collect()
}
