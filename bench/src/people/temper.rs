//! Tempers what is learned: the made-up records know no households, so nobody in them shares an address, a birthday or a
//! number without being one person, and each has one number. Levels that are never seen there get a weight by hand.
//!
//! Three laws hold in the tempered table: what agrees never counts against, a closer agreement never weighs less than a
//! looser one, and what everybody may have several of (numbers, addresses, homes) says little where it differs.

use kith_core::resolve::compare::NAMES;
use kith_core::resolve::weights::Weights;

/// The least and the most that a level may weigh, in bits, and why.
const BOUNDS: &[(&str, &str, f64, f64)] = &[
    // Two surnames, of which the other record gives one, agree.
    ("name", "part-of-surname", -0.5, 0.98),
    // Unseen: what somebody is called at home is no other name.
    ("name", "other-call-name", -2.0, -2.0),
    // Brothers and sisters as often as one person.
    ("name", "given-alike", -3.0, 0.0),
    // Unseen: the surname alone is a piece of the name.
    ("name", "surname-only", -0.5, -0.5),
    // Unseen: one card of a couple.
    ("reading", "of-two", -2.0, -2.0),
    // A shared mailbox or an alike beginning is no evidence against.
    ("email", "same-local-part", 0.0, 2.0),
    ("email", "shared-by-many", 0.0, 0.5),
    // Two addresses within a company are two namesakes rather than one person, but people have aliases.
    ("email", "same-company", -6.0, 0.0),
    ("email", "differs", -1.5, 0.0),
    // People have several numbers.
    ("phone", "differs", -1.5, 0.0),
    ("profile", "shared-by-few", 0.0, 5.6),
    // Unseen: companies of very many, and names of which one is longer.
    ("company", "same-common", 2.5, 2.5),
    ("company", "begins-alike", 1.0, 1.0),
    // One in 365 pairs shares a day, of one year one in 20,000; twins and chance make it less than learned.
    ("birth", "same", 0.0, 11.0),
    ("birth", "same-day", 8.0, 8.0),
    ("birth", "year-only", 1.0, 1.0),
    // A whole other birthday is seen in FEBRL only, where fields are overwritten at random.
    ("birth", "differs", -6.0, -6.0),
    ("birth", "of-two-generations", -8.0, -8.0),
    // Families live in one house, and people move.
    ("street", "same", 0.0, 8.0),
    ("street", "differs", -1.5, -0.5),
    ("house", "alike", 0.0, 2.0),
    ("house", "differs", -2.0, 0.0),
    ("postcode", "same", 0.0, 2.0),
    ("postcode", "slip", 0.0, 0.0),
    ("postcode", "differs", -3.0, 0.0),
    ("locality", "differs", -2.0, 0.0),
    // Unseen: fathers and sons.
    ("generation", "same", 0.5, 0.5),
    ("generation", "differs", -6.0, -6.0),
    ("generation", "on-one-side", 0.0, 0.0),
    // Unseen: nobody answers mail there.
    ("thread", "one-thread", 3.0, 3.0),
    ("thread", "same-others", 1.5, 1.5),
];

/// Levels of which the first never weighs more than the second.
const NO_MORE_THAN: &[(&str, &str, &str)] = &[
    ("name", "variant", "full"),
    ("name", "initial", "full"),
    ("name", "slip-in-surname", "full"),
    ("name", "variant-and-slip", "full"),
    ("together", "four-without-name", "three-without-name"),
];

/// Levels of which the first never weighs less than the second.
const NO_LESS_THAN: &[(&str, &str, &str)] = &[
    ("together", "name-and-two", "name-and-one"),
    ("together", "name-and-three", "name-and-two"),
    ("together", "name-and-four", "name-and-three"),
];

/// Returns the weights within what life allows.
#[must_use]
pub(super) fn temper(mut weights: Weights) -> Weights {
    for (feature, level, least, most) in BOUNDS {
        change(&mut weights, feature, level, |bits| bits.clamp(*least, *most));
    }
    for (feature, level, other) in NO_MORE_THAN {
        let most = of(&weights, feature, other);
        change(&mut weights, feature, level, |bits| bits.min(most));
    }
    for (feature, level, other) in NO_LESS_THAN {
        let least = of(&weights, feature, other);
        change(&mut weights, feature, level, |bits| bits.max(least));
    }
    weights
}

fn place(feature: &str, level: &str) -> Option<(usize, usize)> {
    let row = NAMES.iter().position(|(name, _)| *name == feature)?;
    let (_, levels) = NAMES.get(row)?;
    Some((row, levels.iter().position(|name| *name == level)?))
}

fn of(weights: &Weights, feature: &str, level: &str) -> f64 {
    let bits = place(feature, level).and_then(|(row, column)| weights.levels.get(row)?.get(column));
    bits.copied().unwrap_or_default()
}

fn change(weights: &mut Weights, feature: &str, level: &str, new: impl Fn(f64) -> f64) {
    let Some((row, column)) = place(feature, level) else { return };
    if let Some(bits) = weights.levels.get_mut(row).and_then(|row| row.get_mut(column)) {
        *bits = new(*bits);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bound_names_a_level() {
        let named = BOUNDS.iter().map(|(feature, level, ..)| (feature, level));
        let pairs = NO_MORE_THAN.iter().chain(NO_LESS_THAN);
        let named = named.chain(pairs.flat_map(|(feature, level, other)| [(feature, level), (feature, other)]));
        for (feature, level) in named {
            assert!(place(feature, level).is_some(), "{feature} {level}");
        }
    }

    #[test]
    fn the_table_that_kith_comes_with_is_tempered() {
        assert_eq!(&temper(Weights::table().clone()), Weights::table());
    }
}
