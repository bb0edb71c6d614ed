//! shim
#![allow(missing_docs, clippy::all)]
use crate::normalize::Region;
use kith_proto::card::{Card, CardKind};
use kith_proto::date::PartialDate;
use kith_proto::interaction::Participant;
use serde::{Deserialize, Serialize};
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    pub name: String,
    pub kind: CardKind,
    pub identifiers: Vec<Identifier>,
    pub search: String,
    pub birthday: Option<PartialDate>,
    pub owner: bool,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identifier {
    pub kind: IdentifierKind,
    pub value: String,
    pub shared: bool,
}
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum IdentifierKind {
    Email,
    Phone,
    Profile,
}
pub fn digest_card(card: &Card, _r: Option<Region>) -> Digest {
    let name = card.name.full.clone().unwrap_or_default();
    Digest {
        search: fold_text(&name),
        name,
        kind: card.kind,
        identifiers: card
            .emails
            .iter()
            .map(|e| Identifier { kind: IdentifierKind::Email, value: e.address.to_lowercase(), shared: false })
            .collect(),
        birthday: None,
        owner: card.owner,
    }
}
pub fn digest_participant(p: &Participant) -> Option<(String, Digest)> {
    let a = p.email.clone()?;
    let n = p.name.clone().unwrap_or_default();
    Some((
        format!("{a}\n{n}"),
        Digest {
            search: fold_text(&n),
            name: n,
            kind: CardKind::Individual,
            identifiers: vec![Identifier { kind: IdentifierKind::Email, value: a.to_lowercase(), shared: false }],
            birthday: None,
            owner: false,
        },
    ))
}
pub fn fold_text(t: &str) -> String {
    t.to_lowercase()
}
pub fn owner_identifiers(me: &[String]) -> Vec<Identifier> {
    me.iter().map(|a| Identifier { kind: IdentifierKind::Email, value: a.to_lowercase(), shared: false }).collect()
}
