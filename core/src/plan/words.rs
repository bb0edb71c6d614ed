//! The words of a reminder: plain, warm, exact, and without a guess at anybody's gender.

use jiff::{Unit, civil};
use kith_proto::interaction::InteractionKind;

use super::{Birthday, Candidate, Overdue, days_between};

/// "Ana's birthday is today; Ana turns 40."
pub(super) fn birthday(candidate: &Candidate, birthday: Birthday, today: civil::Date) -> String {
    let name = &candidate.first_name;
    match (days_between(birthday.on, today), birthday.turns) {
        (0, Some(turns)) => format!("{name} turns {turns} today."),
        (0, None) => format!("{name}'s birthday is today."),
        (1, Some(turns)) => format!("{name} turned {turns} yesterday."),
        (1, None) => format!("{name}'s birthday was yesterday."),
        (_, Some(turns)) => format!("{name} turned {turns} on {}.", weekday_and_day(birthday.on)),
        (_, None) => format!("{name}'s birthday was on {}.", weekday_and_day(birthday.on)),
    }
}

/// "It has been 5 weeks since your last message; you wanted to talk every 3 weeks."
pub(super) fn overdue(candidate: &Candidate, overdue: Overdue, today: civil::Date) -> String {
    let wanted = format!("you wanted to talk every {}", overdue.cadence);
    let Some(last) = last_contact(candidate) else {
        let since = overdue.since.strftime("%-d %B %Y");
        return format!("kith has seen no message between you since {since}; {wanted}.");
    };
    format!("It has been {} since {last}; {wanted}.", elapsed(overdue.since, today))
}

/// One next step that anybody can take at once.
pub(super) fn step(candidate: &Candidate, birthday: Option<Birthday>, today: civil::Date) -> String {
    match (birthday, &candidate.organization) {
        (Some(birthday), _) if birthday.on == today => "Send a few words for the day.".to_owned(),
        (Some(_), _) => "A late word is welcome too.".to_owned(),
        (None, Some(organization)) => format!("Ask how things are at {organization}, and how you could help."),
        (None, None) => "Ask what they are working on, and how you could help.".to_owned(),
    }
}

fn last_contact(candidate: &Candidate) -> Option<&'static str> {
    candidate.last_interaction?;
    Some(match candidate.last_subject_kind {
        Some(InteractionKind::Mail) => "your last mail",
        Some(InteractionKind::Message) => "your last message",
        Some(InteractionKind::Meeting) => "you last met",
        Some(InteractionKind::Call) => "your last call",
        Some(InteractionKind::Invitation | InteractionKind::InvitationAccepted) => "you got connected",
        Some(InteractionKind::Other | InteractionKind::Endorsement | InteractionKind::Recommendation) | None => {
            "you were last in touch"
        }
    })
}

/// "5 days", "5 weeks", "4 months", "3 years": as one would say it.
fn elapsed(since: civil::Date, today: civil::Date) -> String {
    let days = days_between(since, today);
    let months = since.until((Unit::Month, today)).map_or(0, |span| span.get_months());
    match (days, months) {
        (..14, _) => counted(days, "day"),
        (_, ..3) => counted(days / 7, "week"),
        (_, ..24) => counted(months, "month"),
        (..) => counted(months / 12, "year"),
    }
}

fn counted(count: i32, unit: &str) -> String {
    match count {
        1 => format!("1 {unit}"),
        _ => format!("{count} {unit}s"),
    }
}

fn weekday_and_day(date: civil::Date) -> String {
    date.strftime("%A, %-d %B").to_string()
}
