//! What a reminder is about, in a few words: the headline of a notification, the summary of an event.

use crate::fact::Kind;

/// Returns the heading of a reminder that is about this, first of all; of one that does not say, and of a person who is due,
/// with `None`.
///
/// ```
/// use kith_core::fact::Kind;
/// use kith_core::plan::heading::heading;
/// assert_eq!(heading(Some(Kind::Promise), "Ana"), "What you promised Ana");
/// assert_eq!(heading(None, "Ana"), "Reconnect with Ana");
/// ```
#[must_use]
pub fn heading(kind: Option<Kind>, name: &str) -> String {
    match kind {
        Some(Kind::Promise) => format!("What you promised {name}"),
        Some(Kind::Birthday) => format!("The birthday of {name}"),
        Some(Kind::Day) => format!("A day to think of {name}"),
        Some(Kind::Waiting) => format!("{name} waits for your answer"),
        Some(Kind::Introduction) => format!("An introduction of {name}"),
        Some(Kind::Need) => format!("What you could do for {name}"),
        Some(Kind::Suggestion) => format!("Somebody for {name} to meet"),
        Some(Kind::News) => format!("News of {name}"),
        Some(Kind::Anniversary) => format!("A work anniversary of {name}"),
        Some(Kind::Cadence | Kind::Rediscover | Kind::Other) | None => format!("Reconnect with {name}"),
    }
}
