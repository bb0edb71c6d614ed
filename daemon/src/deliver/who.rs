//! Whom a reminder is about, as hooks and the card opened from a notification tell it.

use jiff::Timestamp;
use kith_proto::api;
use kith_proto::interaction::InteractionKind;
use serde::Serialize;

/// A person, with what helps to get in touch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Who {
    /// The person's id.
    pub id: String,
    /// The name in full.
    pub name: String,
    /// The circle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub circle: Option<String>,
    /// What they do.
    pub titles: Vec<String>,
    /// Where they work.
    pub organizations: Vec<String>,
    /// Mail addresses.
    pub emails: Vec<String>,
    /// Phone numbers.
    pub phones: Vec<String>,
    /// Addresses of profiles.
    pub profiles: Vec<String>,
    /// The birthday, as vCard writes it: `1985-04-12`, `--04-12`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birthday: Option<String>,
    /// When they last were in touch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_interaction: Option<Timestamp>,
    /// The owner's notes, the newest first; for the card only.
    #[serde(skip)]
    pub notes: Vec<(Timestamp, String)>,
    /// The last interactions, the newest first, each in words; for the card only.
    #[serde(skip)]
    pub talks: Vec<(Timestamp, String)>,
}

impl From<&api::Person> for Who {
    fn from(person: &api::Person) -> Self {
        let born = person.anniversaries.iter().find(|day| day.kind == "birth");
        let talk = |talk: &api::InteractionSummary| Some((talk.at?, in_words(talk)));
        Self {
            id: person.id.clone(),
            name: person.name.clone(),
            circle: person.circle.clone(),
            titles: person.titles.clone(),
            organizations: person.organizations.clone(),
            emails: person.emails.clone(),
            phones: person.phones.clone(),
            profiles: person.profiles.clone(),
            birthday: born.map(|day| day.date.clone()),
            last_interaction: person.last_interaction,
            notes: person.notes.iter().rev().map(|note| (note.at, note.text.clone())).collect(),
            talks: person.interactions.iter().filter_map(talk).collect(),
        }
    }
}

/// "You wrote: Seeds for the spring".
fn in_words(talk: &api::InteractionSummary) -> String {
    let wrote = talk.author.as_deref().map_or_else(|| "They wrote".to_owned(), |author| format!("{author} wrote"));
    let what = match (talk.kind, talk.from_me) {
        (InteractionKind::Mail | InteractionKind::Message, Some(true)) => "You wrote",
        (InteractionKind::Mail | InteractionKind::Message, Some(false)) => &wrote,
        (InteractionKind::Mail, None) => "Mail",
        (InteractionKind::Message, None) => "Message",
        (InteractionKind::Invitation, _) => "Invitation",
        (InteractionKind::InvitationAccepted, _) => "Connected",
        (InteractionKind::Meeting, _) => "You met",
        (InteractionKind::Call, _) => "Call",
        (InteractionKind::Endorsement, Some(true)) => "You endorsed them",
        (InteractionKind::Endorsement, Some(false)) => "They endorsed you",
        (InteractionKind::Endorsement, None) => "Endorsement",
        (InteractionKind::Recommendation, Some(true)) => "You recommended them",
        (InteractionKind::Recommendation, Some(false)) => "They recommended you",
        (InteractionKind::Recommendation, None) => "Recommendation",
        (InteractionKind::Other, _) => "You were in touch",
    };
    talk.subject.as_ref().map_or_else(|| what.to_owned(), |subject| format!("{what}: {subject}"))
}
