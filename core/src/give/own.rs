//! What of the owner's fits what others look for and offer: by the same words as introductions are found.

use std::collections::BTreeMap;

use crate::give::{Field, Helper, Introduction, Seeker, suggest};
use crate::id::PersonId;

/// What somebody looks for or can help with, and what of the owner's fits it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fitted {
    /// What they look for, or offer.
    pub text: String,
    /// What the owner offers of that, or looks for.
    pub own: Option<String>,
}

/// Returns each of these needs with the offer of the owner's that meets it best, or each of these offers with the need of the
/// owner's that it meets best; in their order.
#[must_use]
pub fn fitted(texts: Vec<String>, own: &[String]) -> Vec<Fitted> {
    let fitting: BTreeMap<String, String> =
        matches(&texts, own).into_iter().map(|found| (found.need, found.offer)).collect();
    texts.into_iter().map(|text| Fitted { own: fitting.get(&text).cloned(), text }).collect()
}

/// Returns the offer that meets each of these needs best, where one does; what fits best comes first.
pub(super) fn matches(needs: &[String], offers: &[String]) -> Vec<Introduction> {
    if needs.is_empty() || offers.is_empty() {
        return Vec::new();
    }
    let [one, other] = ["seeker", "helper"].map(|side| PersonId::new("own", side));
    let seeker =
        |need: &String| Seeker { person: one, name: String::new(), need: need.clone(), places: BTreeMap::new() };
    let seekers: Vec<Seeker> = needs.iter().map(seeker).collect();
    let speaks = offers.iter().map(|offer| (Field::Offer, offer.clone())).collect();
    let helper = Helper { person: other, name: String::new(), speaks, places: BTreeMap::new() };
    suggest(&seekers, &[helper], |_, _| false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(texts: &[&str], own: &[&str], expected: &[Option<&str>]) {
        let texts = texts.iter().map(|text| (*text).to_owned()).collect();
        let own: Vec<String> = own.iter().map(|text| (*text).to_owned()).collect();
        let found = fitted(texts, &own);
        assert_eq!(found.iter().map(|fitted| fitted.own.as_deref()).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_of_the_owners_fits_is_told_of_each_in_its_order() {
        let own = ["proofreading", "mentoring in Rust"];
        check(&["a flat", "Rust mentor", "Rust mentor"], &own, &[None, Some(own[1]), Some(own[1])]);
        check(&["tax returns and advice", "piano lessons"], &["a tax adviser"], &[Some("a tax adviser"), None]);
        check(&["Rust mentor"], &[], &[None]);
        check(&[], &own, &[]);
    }
}
