//! Whose archive it is: which profile is the owner's.
//!
//! Invitations tell it outright, as their direction is given. Else it is the one profile that goes under the name of
//! Profile.csv and takes part in the messages, all of which the owner wrote or received. Where that leaves none or several it
//! stays unknown: which way a message went is never guessed.

use std::collections::HashMap;

use kith_plugin::interaction::{Interaction, Participant, Role};

use super::name::folded;
use super::slug;

/// How many names of one profile are kept; people change their names a few times.
const NAMES_LIMIT: usize = 4;

/// What was seen of those who take part.
#[derive(Debug, Default)]
pub(super) struct Whose {
    told_by_invitations: bool,
    messages: u64,
    /// Messages that show a profile on both sides: the owner's is one of them.
    two_sided: u64,
    profiles: HashMap<String, Seen>,
}

/// A profile that takes part in messages.
#[derive(Debug, Default)]
struct Seen {
    address: String,
    /// In lower case, words parted by one space.
    names: Vec<String>,
    two_sided: u64,
    /// The message counted last.
    last: u64,
    /// It wrote to somebody of the same name.
    wrote_to_namesake: bool,
}

/// Which profile is the owner's.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer<'w> {
    /// The invitations tell, or there is no message for which it matters.
    NotAsked,
    /// This one.
    Profile(&'w str),
    /// It cannot be known, and why.
    Unknown(&'static str),
}

impl Whose {
    /// Takes note of an invitation's own side.
    pub(super) fn invitation(&mut self, own: Option<&Participant>) {
        self.told_by_invitations |= own.and_then(|p| p.profile.as_deref()).and_then(slug::slug).is_some();
    }

    /// Takes note of those who take part in a message.
    pub(super) fn message(&mut self, message: &Interaction) {
        self.messages += 1;
        if self.told_by_invitations {
            return;
        }
        let has_profile =
            |from: bool| message.participants.iter().any(|p| (p.role == Role::From) == from && p.profile.is_some());
        let is_two_sided = has_profile(true) && has_profile(false);
        self.two_sided += u64::from(is_two_sided);
        let name_of = |p: &Participant| p.name.as_deref().map(folded).filter(|name| !name.is_empty());
        let received: Vec<String> =
            message.participants.iter().filter(|p| p.role != Role::From).filter_map(name_of).collect();
        for participant in &message.participants {
            let Some(address) = participant.profile.as_deref() else { continue };
            let Some(slug) = slug::slug(address) else { continue };
            let seen = self.profiles.entry(slug).or_default();
            if seen.last == self.messages {
                continue;
            }
            seen.last = self.messages;
            seen.two_sided += u64::from(is_two_sided);
            if seen.address.is_empty() {
                address.clone_into(&mut seen.address);
            }
            let Some(name) = name_of(participant) else { continue };
            seen.wrote_to_namesake |= participant.role == Role::From && received.contains(&name);
            if seen.names.len() < NAMES_LIMIT && !seen.names.contains(&name) {
                seen.names.push(name);
            }
        }
    }

    /// Returns which profile is that of the owner, who has this name.
    pub(super) fn answer(&self, name: Option<&str>) -> Answer<'_> {
        if self.told_by_invitations || self.messages == 0 {
            return Answer::NotAsked;
        }
        let Some(name) = name.map(folded).filter(|name| !name.is_empty()) else {
            return Answer::Unknown("nothing here says which of the people in the messages you are");
        };
        let namesakes: Vec<&Seen> = self.profiles.values().filter(|seen| seen.names.contains(&name)).collect();
        let takes_part = |seen: &&&Seen| match self.two_sided {
            0 => !seen.wrote_to_namesake,
            messages => seen.two_sided * 2 > messages,
        };
        let fitting: Vec<&&Seen> = namesakes.iter().filter(takes_part).collect();
        match (fitting.as_slice(), namesakes.is_empty()) {
            ([owner], _) => Answer::Profile(&owner.address),
            ([], true) => Answer::Unknown("nobody in the messages goes under the name of your profile"),
            _ => Answer::Unknown("who goes under the name of your profile in the messages may be somebody else"),
        }
    }
}

#[cfg(test)]
mod tests {
    use kith_plugin::interaction::InteractionKind;

    use super::*;

    /// A name, and the address of a profile.
    type Named = (&'static str, &'static str);

    const ANA: Named = ("Ana Silva", "https://www.linkedin.com/in/ana-silva");
    const OTHER_ANA: Named = ("Ana Silva", "https://www.linkedin.com/in/ana-silva-2");
    const BO: Named = ("Bo Ek", "https://www.linkedin.com/in/bo-ek");
    const CY: Named = ("Cy Roe", "https://www.linkedin.com/in/cy-roe");
    const NO_ADDRESS: Named = ("Ana Silva", "");

    const NOBODY: &str = "nobody in the messages goes under the name of your profile";
    const NOT_SURE: &str = "who goes under the name of your profile in the messages may be somebody else";

    fn participant(role: Role, (name, profile): Named) -> Participant {
        super::super::participant(role, name, profile).unwrap()
    }

    fn whose(messages: &[(Named, Named)]) -> Whose {
        let mut whose = Whose::default();
        for (from, to) in messages {
            let participants = vec![participant(Role::From, *from), participant(Role::To, *to)];
            whose.message(&Interaction {
                kind: InteractionKind::Message,
                at: None,
                participants,
                thread: None,
                answers: None,
                subject: None,
                size: None,
                text: None,
                direction: None,
                answered: false,
                promises: Vec::new(),
                on: None,
                recurs: false,
            });
        }
        whose
    }

    #[test]
    fn the_profile_under_the_owners_name_is_the_owners() {
        let whose = whose(&[(ANA, BO), (CY, ANA)]);
        assert_eq!(whose.answer(Some(" ana  SILVA")), Answer::Profile(ANA.1));
        assert_eq!(whose.answer(Some("Dee Poe")), Answer::Unknown(NOBODY));
        assert!(matches!(whose.answer(None), Answer::Unknown(_)));
    }

    #[test]
    fn of_two_with_the_owners_name_it_is_the_one_who_takes_part_in_the_messages() {
        let whose = whose(&[(ANA, BO), (OTHER_ANA, ANA), (CY, ANA)]);
        assert_eq!(whose.answer(Some("Ana Silva")), Answer::Profile(ANA.1));
    }

    #[test]
    fn is_unknown_where_two_could_be_meant() {
        assert_eq!(whose(&[(OTHER_ANA, ANA)]).answer(Some("Ana Silva")), Answer::Unknown(NOT_SURE));
        assert_eq!(whose(&[(OTHER_ANA, NO_ADDRESS)]).answer(Some("Ana Silva")), Answer::Unknown(NOT_SURE));
        assert_eq!(whose(&[(ANA, BO), (BO, CY), (CY, BO)]).answer(Some("Ana Silva")), Answer::Unknown(NOT_SURE));
    }

    #[test]
    fn a_sender_is_enough_where_recipients_have_no_address() {
        let whose = whose(&[(ANA, ("Bo Ek", "")), (CY, NO_ADDRESS)]);
        assert_eq!(whose.answer(Some("Ana Silva")), Answer::Profile(ANA.1));
    }

    #[test]
    fn is_not_asked_where_invitations_tell_or_there_is_no_message() {
        assert_eq!(Whose::default().answer(None), Answer::NotAsked);
        let mut whose = whose(&[(ANA, BO)]);
        whose.invitation(Some(&participant(Role::From, NO_ADDRESS)));
        assert_eq!(whose.answer(Some("Ana Silva")), Answer::Profile(ANA.1));
        whose.invitation(Some(&participant(Role::From, BO)));
        assert_eq!(whose.answer(Some("Ana Silva")), Answer::NotAsked);
    }
}
