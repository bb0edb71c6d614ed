//! The desktop: who shows notifications, and what waits because nobody does.

use kith_proto::api::DoctorFinding;

use crate::api::Context;
use crate::api::doctor::{ok, warn};
use crate::api::look::Look;
use crate::clock;
use crate::deliver::desktop::reach::{Unreached, server};
use crate::deliver::post;
use crate::remind::rules::delivers;

const NO_BUS: &str = "kithd runs outside of a session: kith setup makes it a service of yours, which has one";
const NO_SERVER: &str = "start what shows notifications: it comes with a desktop; without one, install dunst or mako";

/// Returns what a check-up says of the desktop, where reminders are shown on this machine at all.
pub(super) async fn finding(context: &Context) -> Option<DoctorFinding> {
    if !delivers(&context.keeper, &context.config.borrow(), clock::now()) {
        return None;
    }
    let fault = match server(&context.bus).await {
        Ok(name) => return Some(ok("desktop", format!("notifications are shown by {name}"))),
        Err(fault) => fault,
    };
    let waiting = match post::waiting_for_desktop(&context.keeper) {
        0 => String::new(),
        1 => "; 1 reminder waits for it".to_owned(),
        several => format!("; {several} reminders wait for it"),
    };
    let (text, next_step) = words(&fault);
    Some(warn("desktop", format!("{text}{waiting}"), next_step))
}

/// Returns what `kith status` says: that reminders wait for a desktop, and nobody told the owner of them in any other way.
pub(super) async fn look(context: &Context) -> Option<Look> {
    let untold = post::untold(&context.keeper);
    if untold == 0 || !delivers(&context.keeper, &context.config.borrow(), clock::now()) {
        return None;
    }
    let fault = server(&context.bus).await.err()?;
    let (why, next_step) = words(&fault);
    let text = match untold {
        1 => format!("1 reminder could not be shown yet: {why}"),
        several => format!("{several} reminders could not be shown yet: {why}"),
    };
    Some(Look { text, next_step })
}

pub(super) fn words(fault: &Unreached) -> (String, &'static str) {
    match fault {
        Unreached::Bus(why) => (format!("no session bus is there to show notifications ({why})"), NO_BUS),
        Unreached::Server(why) => (format!("nothing on the session bus shows notifications ({why})"), NO_SERVER),
    }
}
