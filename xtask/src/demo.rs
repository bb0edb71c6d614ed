//! `cargo xtask demo`: the main job from outside, with a real daemon, in throw-away folders.

use std::env;
use std::io::{self, IsTerminal as _, Write as _};
use std::time::Duration;

use kith_tests::{Home, binaries, wait_until};
use rustix::process::Signal;
use serde_json::Value;

use crate::shell::{Shell, XtaskError};
use crate::story::{self, CONFIG, CONFIG_OF_THE_DAY, DROPPED, PROMISE};

const LIMIT: Duration = Duration::from_secs(120);

/// How long a notification stays on a real desktop before the demo ends.
const LOOK: Duration = Duration::from_secs(20);

/// Drops the exports, shows the people, and waits for one reminder.
pub(crate) fn run(shell: &Shell) -> Result<(), XtaskError> {
    shell.build("")?;
    binaries::take_built()?;
    let mut home = Home::new()?;
    home.configure(CONFIG)?;
    let desktop = env::var_os("DBUS_SESSION_BUS_ADDRESS").filter(|_| env::var_os("CI").is_none());
    if let Some(bus) = &desktop {
        home.set("DBUS_SESSION_BUS_ADDRESS", bus);
    }
    let daemon = home.start()?;
    println!("\nkithd runs in {} (pid {}); everyone below is made up.", home.path("").display(), daemon.pid());

    let today = today();
    for one in &DROPPED {
        println!("\n── {} is dropped into {}", one.what, home.drop_folder()?.join(one.name).display());
        story::drop_one(&home, one, today)?;
        watch(&home)?;
    }
    println!("\n── kith circle suggest --json");
    let friend = friend(&home)?;
    println!("\n── kith circle set \"{friend}\" friends");
    print!("{}", home.run("kith", &["circle", "set", &friend, "friends"])?);
    println!("\n── kith promise \"{friend}\" \"{PROMISE}\" --by today");
    print!("{}", home.run("kith", &["promise", &friend, PROMISE, "--by", "today"])?);
    println!("\n── kith find");
    print_first(&home.run("kith", &["find"])?, 12);
    println!("\n── kith show \"{friend}\"");
    print_first(&home.run("kith", &["show", &friend])?, 20);

    println!("\n── the next plan");
    home.configure(CONFIG_OF_THE_DAY)?;
    daemon.signal(Signal::HUP)?;
    remind(&home, &friend, desktop.is_some())?;
    daemon.stop(Duration::from_secs(5))?;
    let folder = home.path("");
    drop(home);
    println!("\nkithd has ended, and nothing is left behind: {} is removed.", folder.display());
    Ok(())
}

/// Shows what is known while it grows, until the drop folder is empty.
fn watch(home: &Home) -> Result<(), XtaskError> {
    let terminal = io::stdout().is_terminal();
    let mut shown = String::new();
    wait_until("the end of the import", LIMIT, || {
        let status = home.json(&["status"]).ok()?;
        let number = |name: &str| status.first().and_then(|status| status[name].as_u64()).unwrap_or_default();
        let line = format!(
            "   {} people, {} records, {} interactions, {} waiting",
            number("people"),
            number("records"),
            number("interactions"),
            number("waiting")
        );
        if line != shown {
            let (start, end) = if terminal { ("\r", "   ") } else { ("", "\n") };
            print!("{start}{line}{end}");
            io::stdout().flush().ok()?;
            shown = line;
        }
        home.wait_for_empty_drop(Duration::ZERO).ok()
    })?;
    let status = home.run("kith", &["status"])?;
    println!("{}   {}", if terminal { "\n" } else { "" }, status.lines().next().unwrap_or_default());
    Ok(())
}

/// Returns the name of someone the owner really writes to.
fn friend(home: &Home) -> Result<String, XtaskError> {
    let proposed = home.json(&["circle", "suggest"])?;
    for one in proposed.iter().take(3) {
        println!("   {}: {}", text(one, "name"), text(one, "reason"));
    }
    Ok(proposed.first().map(|one| text(one, "name")).unwrap_or_default())
}

/// Waits for the reminder, and shows it where the user looks. It is of the friend, to whom something is promised by today:
/// that comes before birthdays, messages that wait, and a cadence.
fn remind(home: &Home, friend: &str, desktop: bool) -> Result<(), XtaskError> {
    let open = || {
        let reminders = home.json(&["today"]).ok()?;
        Some(reminders.iter().map(|reminder| text(reminder, "name")).collect::<Vec<_>>())
    };
    let named = wait_until("a reminder", LIMIT, || open().filter(|names| !names.is_empty()))?;
    println!("── kith today");
    print!("{}", home.run("kith", &["today"])?);
    if named.first().is_none_or(|first| first != friend) {
        return Err(XtaskError::Story { expected: friend.to_owned(), named });
    }
    if !desktop {
        println!("(There is no desktop here to notify, so this is the reminder.)");
        return Ok(());
    }
    println!("The same is on your desktop. Press Done there, or wait {} seconds.", LOOK.as_secs());
    let answered = || open().and_then(|open| named.iter().find(|name| !open.contains(name)));
    if let Ok(name) = wait_until("an answer", LOOK, answered) {
        println!("You pressed Done: {name} is not due any more.");
    }
    Ok(())
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

fn print_first(text: &str, lines: usize) {
    for line in text.lines().take(lines) {
        println!("   {line}");
    }
}

#[expect(clippy::disallowed_methods, reason = "the demo's story ends today; nothing is concluded from it")]
fn today() -> jiff::civil::Date {
    jiff::Zoned::now().date()
}
