//! The reasons in words: what each level of a comparison is called to a user.

use crate::resolve::compare::{Comparison, FEATURES, Feature};

/// The features, in the order of [`crate::resolve::compare::NAMES`].
pub(super) const ALL: [Feature; FEATURES] = [
    Feature::Name,
    Feature::Rarity,
    Feature::Reading,
    Feature::Email,
    Feature::Spelling,
    Feature::Phone,
    Feature::Profile,
    Feature::Company,
    Feature::Title,
    Feature::Birth,
    Feature::Street,
    Feature::House,
    Feature::Postcode,
    Feature::Locality,
    Feature::Generation,
    Feature::Thread,
    Feature::Together,
];

/// What each level is called; nothing where it says nothing.
const WORDS: [&[&str]; FEATURES] = [
    &[
        "the same name",
        "one name is a short form of the other",
        "the same given name and one of two surnames",
        "the same surname; one gives only an initial of the given name",
        "the same given name, and surnames one slip apart",
        "the same surname, and given names one slip apart",
        "a short form or initial, and surnames one slip apart",
        "the same given name, and surnames that are alike",
        "names that are alike",
        "the same surname, and given names that are alike or the same in part only",
        "the same given name; one gives no surname, or only its first letter",
        "the same surname; one gives no given name",
        "the same given name, another surname",
        "one gives no surname and another given name",
        "the same surname, another given name",
        "different names",
        "",
    ],
    &[
        "",
        "another of this name is hardly to be expected",
        "another of this name is very unlikely",
        "another of this name is unlikely",
        "another of this name is possible",
        "several of your people may have this name",
        "many of your people may have this name",
    ],
    &[
        "",
        "given name and surname have changed places",
        "the name was read off an address or a profile",
        "one is two people's name",
    ],
    &[
        "",
        "the same mail address",
        "the same mail address, which two or three share",
        "the same mail address, which many share",
        "the same name before the @ of their mail addresses",
        "different mail addresses of one company",
        "different mail addresses",
    ],
    &[
        "",
        "the mail address spells the name",
        "the mail address abbreviates the name",
        "the mail address is a part of the name",
        "the mail address spells another name",
    ],
    &[
        "",
        "the same telephone number",
        "the same telephone number, which two or three share",
        "the same telephone number, which many share",
        "different telephone numbers",
    ],
    &[
        "",
        "the same profile",
        "the same profile, which two or three share",
        "the same profile, which many share",
        "two profiles with one service",
        "",
    ],
    &[
        "",
        "the same company, by name or mail domain, which few of your people belong to",
        "the same company, by name or mail domain",
        "the same company, by name or mail domain, which many of your people belong to",
        "companies whose names begin alike",
        "different companies, by name or mail domain",
    ],
    &["", "the same title", "different titles"],
    &[
        "",
        "the same birthday",
        "the same birthday, once without its year",
        "birthdays one slip apart",
        "birthdays two slips apart",
        "the same year of birth",
        "different birthdays",
        "birthdays as far apart as those of a parent and a child",
        "birthdays one digit apart, as far as those of a parent and a child",
    ],
    &["", "the same street", "streets that are alike", "different streets"],
    &["", "the same house number", "house numbers one slip apart", "different house numbers"],
    &["", "the same postcode", "postcodes one slip apart", "different postcodes"],
    &["", "the same town", "towns that are alike", "different towns"],
    &[
        "",
        "the same generation of one name",
        "another generation of one name, such as father and son",
        "only one says which generation of the name it is",
    ],
    &["", "one answers on a mail thread of the other", "mail threads with the same other people"],
    &[
        "",
        // What agrees is told by itself.
        "",
        "",
        "",
        "",
        "nothing but the name agrees",
        "",
        "",
        "",
        "",
    ],
];

/// Returns what a feature's level is called; empty when it says nothing.
pub(super) fn words(comparison: &Comparison, feature: Feature) -> &'static str {
    let of_feature = WORDS.get(feature as usize);
    of_feature.and_then(|levels| levels.get(usize::from(comparison.level(feature)))).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::resolve::compare::NAMES;

    use super::*;

    #[test]
    fn every_level_has_its_words() {
        for ((feature, levels), words) in NAMES.iter().zip(WORDS) {
            assert_eq!(levels.len(), words.len(), "{feature}");
        }
        for (at, feature) in ALL.into_iter().enumerate() {
            assert_eq!(feature as usize, at);
        }
    }
}
