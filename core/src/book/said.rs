//! What the user's own values for fields mean for finding and joining.

use kith_proto::card::{Card, Email, OnlineService, Phone};
use kith_proto::date::PartialDate;

use crate::book::words::Words;
use crate::digest::{digest_card, fold_text};
use crate::identity::IdentifierHash;
use crate::normalize::Region;

/// What the user's own values for a record's fields add to it.
#[derive(Debug, Default)]
pub(crate) struct SaidAbout {
    pub(crate) search: String,
    pub(crate) identifiers: Vec<IdentifierHash>,
    pub(crate) birthday: Option<PartialDate>,
}

impl SaidAbout {
    pub(crate) fn is_empty(&self) -> bool {
        self.search.is_empty()
    }
}

/// Returns what these fields' values add.
pub(crate) fn about<'a>(sets: impl Iterator<Item = (&'a str, &'a str)>, words: &Words) -> SaidAbout {
    let mut card = Card::default();
    let mut said = SaidAbout::default();
    let mut texts = Vec::new();
    for (field, value) in sets {
        texts.push(fold_text(value));
        match field {
            "email" => card.emails.push(Email { address: value.to_owned(), ..Email::default() }),
            "phone" => card.phones.push(Phone { number: value.to_owned(), ..Phone::default() }),
            "profile" => {
                card.online_services.push(OnlineService { uri: Some(value.to_owned()), ..OnlineService::default() });
            }
            "birthday" => said.birthday = crate::normalize::date::parse(value).ok(),
            _ => {}
        }
    }
    if texts.is_empty() {
        return said;
    }
    let region = words.settings().region.as_deref().and_then(Region::parse);
    let digest = digest_card(&card, region);
    said.identifiers = digest.identifiers.iter().filter(|i| !i.shared).map(IdentifierHash::of).collect();
    said.search = texts.join(" ");
    said
}
