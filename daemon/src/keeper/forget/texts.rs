//! What a person is called and reached by, as their records write it: to find them in files that are no facts.

use std::collections::BTreeSet;

use kith_core::book::forgotten::Screen;
use kith_core::normalize::{display_name, fold_text};
use kith_proto::card::Card;
use kith_proto::interaction::Interaction;

/// Texts shorter than this stand in too much that is another's.
const SHORTEST: usize = 4;

/// What a person is called and reached by.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    /// In folded form.
    all: BTreeSet<String>,
}

impl Texts {
    pub(super) fn take_card(&mut self, card: &Card) {
        self.add(&display_name(card));
        card.emails.iter().for_each(|email| self.add(&email.address));
        card.phones.iter().for_each(|phone| self.add(&phone.number));
        for service in &card.online_services {
            service.uri.iter().chain(&service.user).for_each(|text| self.add(text));
        }
    }

    pub(super) fn take_interaction(&mut self, interaction: &Interaction, source: &str, screen: &Screen) {
        let theirs = interaction.participants.iter().filter(|p| screen.forgotten().holds_participant(source, p));
        for participant in theirs {
            let texts = [&participant.name, &participant.email, &participant.profile];
            texts.into_iter().flatten().for_each(|text| self.add(text));
        }
    }

    /// Returns whether one of them stands in this text.
    pub(crate) fn stand_in(&self, text: &str) -> bool {
        let folded = fold_text(text);
        self.all.iter().any(|known| folded.contains(known.as_str()))
    }

    fn add(&mut self, text: &str) {
        let folded = fold_text(text);
        if folded.chars().count() >= SHORTEST {
            self.all.insert(folded);
        }
    }
}
