//! The words of a reminder: plain, warm, exact, and without a guess at anybody's gender.

use jiff::{Unit, civil};
use kith_proto::interaction::InteractionKind;

use super::reason::{Anniversary, Early, Overdue, Reason};
use super::{Candidate, Introducing, Particulars, Promised, Suggested, Unanswered, days_between};
use crate::fact::{Kind, Season, Stage, Tells};
use crate::id::PersonId;
use crate::noted::{Noted, NotedDay};

/// How much of a subject line or a promise is said.
const QUOTED: usize = 80;

/// Somebody whom the plan names, on a day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Talk<'a> {
    pub(super) candidate: &'a Candidate,
    pub(super) who: &'a Particulars,
    pub(super) today: civil::Date,
}

impl Talk<'_> {
    /// Why now, in a sentence.
    pub(super) fn reason(&self, reason: &Reason) -> String {
        match reason {
            Reason::Promise(promised) => self.promise(promised),
            Reason::Birthday(day) => self.birthday(*day),
            Reason::Day(noted, day) => self.noted(*noted, *day),
            Reason::Waiting(unanswered) => self.waiting(*unanswered),
            Reason::Introduction(introducing) => self.introduction(*introducing),
            Reason::Need(fit) => self.offered(&fit.need, &fit.offer) + ".",
            Reason::Suggestion(suggested) => self.suggestion(suggested),
            Reason::News(_) => format!("News: {}.", self.who.news.as_deref().unwrap_or("something is new")),
            Reason::Anniversary(day) => self.at_work(*day),
            Reason::Cadence(run_out) => self.overdue(*run_out),
            Reason::Early(early) => self.early(*early),
            Reason::Rediscover(since) => {
                format!("You used to write to each other; the last time was {} ago.", elapsed(*since, self.today))
            }
        }
    }

    /// "You promised Ana: "send the draft". That was for yesterday."
    fn promise(&self, promised: &Promised) -> String {
        let text = quoted(&promised.text);
        let said = format!("You promised {}: \"{}\".", self.who.first_name, text.trim_end_matches('.'));
        match days_between(self.today, promised.due) {
            2.. => format!("{said} It is due on {}.", weekday_and_day(promised.due)),
            1 => format!("{said} It is due tomorrow."),
            0 => format!("{said} It is due today."),
            _ => format!("{said} It was for {}.", weekday_and_day(promised.due)),
        }
    }

    /// "Ana's birthday is today; Ana turns 40."
    fn birthday(&self, birthday: Anniversary) -> String {
        let name = &self.who.first_name;
        match (days_between(birthday.on, self.today), birthday.years.filter(|years| *years > 0)) {
            (..0, Some(turns)) => format!("{name} turns {turns} on {}.", weekday_and_day(birthday.on)),
            (..0, None) => format!("{name}'s birthday is on {}.", weekday_and_day(birthday.on)),
            (0, Some(turns)) => format!("{name} turns {turns} today."),
            (0, None) => format!("{name}'s birthday is today."),
            (1, Some(turns)) => format!("{name} turned {turns} yesterday."),
            (1, None) => format!("{name}'s birthday was yesterday."),
            (_, Some(turns)) => format!("{name} turned {turns} on {}.", weekday_and_day(birthday.on)),
            (_, None) => format!("{name}'s birthday was on {}.", weekday_and_day(birthday.on)),
        }
    }

    /// "Ana's wedding anniversary is today: 10 years.", "Ana's card says: "Name day" is today."
    fn noted(&self, noted: NotedDay, day: Anniversary) -> String {
        let (name, when) = (&self.who.first_name, self.is_when(day.on));
        let years = day.years.filter(|years| *years > 0);
        match (noted.what, years, day.years) {
            (Noted::Wedding, Some(years), _) => format!("{name}'s wedding anniversary {when}: {}.", in_years(years)),
            (Noted::Wedding, None, Some(_)) => format!("{name}'s wedding {when}."),
            (Noted::Wedding, None, None) => format!("{name}'s wedding anniversary {when}."),
            (Noted::Labelled | Noted::Began, ..) => {
                let label = self.who.labels.get(&noted).map_or("a day", String::as_str);
                let on = years.map(|years| format!(", {} on", in_years(years))).unwrap_or_default();
                format!("{name}'s card says: \"{}\" {when}{on}.", quoted(label))
            }
        }
    }

    /// "Ana marks 3 years at Example Works today."
    fn at_work(&self, day: Anniversary) -> String {
        let name = &self.who.first_name;
        let place = self.who.organization.as_ref().map(|company| format!(" at {company}")).unwrap_or_default();
        let Some(years) = day.years.map(in_years) else {
            return format!("{name}'s work anniversary{place} {}.", self.is_when(day.on));
        };
        let place = if place.is_empty() { " where they work" } else { &place };
        match days_between(day.on, self.today) {
            ..0 => format!("{name} marks {years}{place} on {}.", weekday_and_day(day.on)),
            0 => format!("{name} marks {years}{place} today."),
            1 => format!("{name} marked {years}{place} yesterday."),
            _ => format!("{name} marked {years}{place} on {}.", weekday_and_day(day.on)),
        }
    }

    /// "is today", "was yesterday", "is on Thursday, 26 November".
    fn is_when(&self, on: civil::Date) -> String {
        match days_between(on, self.today) {
            ..0 => format!("is on {}", weekday_and_day(on)),
            0 => "is today".to_owned(),
            1 => "was yesterday".to_owned(),
            _ => format!("was on {}", weekday_and_day(on)),
        }
    }

    /// "Ana wrote to you 5 days ago, about \"Lunch?\", and has no answer yet."
    fn waiting(&self, unanswered: Unanswered) -> String {
        let about = self.who.subject.as_deref().map(str::trim).filter(|subject| !subject.is_empty());
        let about = about.map(|subject| format!(", about \"{}\",", quoted(subject))).unwrap_or_default();
        let ago = elapsed(unanswered.since, self.today);
        format!("{} wrote to you {ago} ago{about} and has no answer that kith has seen.", self.who.first_name)
    }

    fn introduction(&self, introducing: Introducing) -> String {
        let (name, other) = (&self.who.first_name, &self.who.other);
        let ago = elapsed(introducing.since, self.today);
        match introducing.stage {
            Stage::Suggested => format!("You wanted to introduce {name} and {other} to each other, {ago} ago."),
            Stage::AskedA => format!("You asked {name} {ago} ago whether to meet {other}."),
            Stage::AskedB => format!("You asked {other} {ago} ago whether to meet {name}."),
            Stage::Made => format!("You introduced {name} and {other} to each other {ago} ago."),
            Stage::Outcome | Stage::Thanked | Stage::Declined => {
                let noted = self.who.introduction.as_deref().map(|text| format!(": \"{}\"", quoted(text)));
                let noted = noted.unwrap_or_default();
                format!("You introduced {name} and {other}; what came of it you noted {ago} ago{noted}.")
            }
        }
    }

    /// "Ana looks for: Rust mentor; you offer "mentoring in Rust""
    fn offered(&self, need: &str, offer: &str) -> String {
        format!("{} looks for: {}; you offer \"{}\"", self.who.first_name, phrase(need), phrase(offer))
    }

    /// "Ana looks for: Rust mentor. Bob Berg offers: mentors in Rust. As far as kith knows they have not met."
    fn suggestion(&self, Suggested { other, fit, by }: &Suggested) -> String {
        let helps = by.words(self.helper(*other), &phrase(&fit.offer));
        let need = phrase(&fit.need);
        format!("{} looks for: {need}. {helps} As far as kith knows they have not met.", self.who.first_name)
    }

    fn helper(&self, other: PersonId) -> &str {
        self.who.helpers.get(&other).map_or("somebody you know", String::as_str)
    }

    /// "It has been 5 weeks since the last message between you; you wanted to talk every 3 weeks."
    fn overdue(&self, overdue: Overdue) -> String {
        format!("{}; you wanted to talk every {}.", self.without_contact(overdue.since), overdue.rhythm.ideal())
    }

    /// "It has been 2 weeks since your last call; you want to talk every 3 weeks, and there is more room today than then."
    fn early(&self, early: Early) -> String {
        let wanted = format!("you want to talk every {}", early.rhythm.ideal());
        format!("{}; {wanted}, and there is more room today than then.", self.without_contact(early.since))
    }

    fn without_contact(&self, since: civil::Date) -> String {
        match self.last_contact() {
            Some(last) => format!("It has been {} since {last}", elapsed(since, self.today)),
            None => format!("kith has seen no message between you since {}", since.strftime("%-d %B %Y")),
        }
    }

    fn last_contact(&self) -> Option<&'static str> {
        self.candidate.last_interaction?;
        Some(match self.who.last_kind {
            Some(InteractionKind::Mail) => "the last mail between you",
            Some(InteractionKind::Message) => "the last message between you",
            Some(InteractionKind::Meeting) => "you last met",
            Some(InteractionKind::Call) => "your last call",
            Some(InteractionKind::Invitation | InteractionKind::InvitationAccepted) => "you got connected",
            Some(InteractionKind::Other | InteractionKind::Endorsement | InteractionKind::Recommendation) | None => {
                "you were last in touch"
            }
        })
    }

    /// One next step that anybody can take at once; what they look for comes first, for giving comes first.
    pub(super) fn step(&self, reason: Option<&Reason>, season: Season) -> String {
        let fitting = match reason {
            Some(
                reason @ (Reason::Promise(_)
                | Reason::Birthday(_)
                | Reason::Day(..)
                | Reason::Waiting(_)
                | Reason::Need(_)),
            ) => Some(plain_step(reason.tells(), self.today).to_owned()),
            Some(Reason::Anniversary(_)) => Some(format!("{} Congratulations fit in, too.", self.give())),
            Some(Reason::Introduction(introducing)) => Some(self.next_of_introduction(*introducing)),
            Some(Reason::Suggestion(suggested)) => Some(self.ask_first(self.helper(suggested.other))),
            Some(Reason::News(_)) if self.who.news_is_glad => {
                Some("Send congratulations, and ask how it is going.".to_owned())
            }
            Some(Reason::News(_)) if self.who.need.is_none() => {
                Some("Ask how they are, and how you could help.".to_owned())
            }
            Some(Reason::News(_) | Reason::Cadence(_) | Reason::Early(_) | Reason::Rediscover(_)) | None => None,
        };
        let step = fitting.unwrap_or_else(|| self.give());
        match (season, reason) {
            (Season::Search, Some(Reason::Cadence(_) | Reason::Early(_) | Reason::Rediscover(_))) => {
                let sought = self.who.sought.as_deref().map(|sought| format!(": {}", quoted(sought)));
                format!("{step} You may also say what you are looking for{}.", sought.unwrap_or_default())
            }
            (Season::Search | Season::Steady | Season::Rest, _) => step,
        }
    }

    fn give(&self) -> String {
        match (&self.who.need, &self.who.offer, &self.who.organization) {
            (Some(need), Some(offer), _) => self.offered(need, offer) + ".",
            (Some(need), None, _) => {
                format!("They look for: {}. Is there somebody or something that would help?", quoted(need))
            }
            (None, _, Some(organization)) => format!("Ask how things are at {organization}, and how you could help."),
            (None, _, None) => ASK.to_owned(),
        }
    }

    fn ask_first(&self, other: &str) -> String {
        format!("Ask {} first whether meeting {other} would help.", self.who.first_name)
    }

    fn next_of_introduction(&self, introducing: Introducing) -> String {
        let (name, other) = (&self.who.first_name, &self.who.other);
        match introducing.stage {
            Stage::Suggested => self.ask_first(other),
            Stage::AskedA => format!("Ask {other}, too, or ask {name} once more."),
            Stage::AskedB => "Introduce them: kith intro draft writes a beginning.".to_owned(),
            Stage::Made => format!("Ask {name} whether anything came of it."),
            Stage::Outcome | Stage::Thanked | Stage::Declined => {
                format!("Thank {other} for the time, if you did not yet.")
            }
        }
    }
}

/// The next step where no more is known than what a reminder is about.
pub(super) fn plain_step(tells: Tells, today: civil::Date) -> &'static str {
    let is_ahead = tells.on.is_some_and(|on| on > today);
    match tells.kind {
        Kind::Promise => "Do it now, or say when it will be.",
        Kind::Birthday if is_ahead => "Think of a few words, or of something small that pleases.",
        Kind::Birthday if tells.on == Some(today) => "Send a few words for the day.",
        Kind::Birthday => "A late word is welcome too.",
        Kind::Day if is_ahead => "Think of a few words, if it is a day for them.",
        Kind::Day => "Think of them; a few words may be welcome.",
        Kind::Waiting => "Answer, and be it in two lines.",
        Kind::Need => "Say what you could do, and ask what would help most.",
        Kind::Suggestion => "Ask them first whether it would help to meet.",
        Kind::Introduction | Kind::News | Kind::Anniversary | Kind::Cadence | Kind::Rediscover | Kind::Other => ASK,
    }
}

/// What one can always ask.
const ASK: &str = "Ask what they are working on, and how you could help.";

pub(super) fn quoted(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    match line.char_indices().nth(QUOTED) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or_default().trim_end()),
        None => line.trim().to_owned(),
    }
}

/// A text as a part of a sentence.
pub(super) fn phrase(text: &str) -> String {
    quoted(text.trim().trim_end_matches('.'))
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

fn in_years(years: i16) -> String {
    counted(i32::from(years), "year")
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
