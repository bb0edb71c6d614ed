//! How two names agree: every reading of the one against every reading of the other, in either order.

use crate::resolve::lexicon::{Agreement, Lexicon, NONE, Word};
use crate::resolve::scale::Scale;
use crate::resolve::sketch::{NameSketch, Sketch};

/// How two names agree, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum NameClass {
    /// Given name and surname are the same.
    Full,
    /// A short form or another form of the given name, the same surname.
    Variant,
    /// The same given name, and one of two surnames.
    PartOfSurname,
    /// An initial, the same surname.
    Initial,
    /// The same given name, a surname with a slip.
    SlipInSurname,
    /// The same surname, a given name with a slip.
    SlipInGiven,
    /// A short form or an initial, and a surname with a slip.
    VariantAndSlip,
    /// The same given name, and a surname that is alike.
    SurnameAlike,
    /// Both are alike.
    BothAlike,
    /// The same surname, and a given name that is alike, or of which only a part is the same: Lena and Lea, Hans Peter and
    /// Hans Jürgen. Brother and sister as often as one person.
    GivenAlike,
    /// Only a given name on one side, or with the surname's first letter, and it is the same.
    GivenOnly,
    /// Only a surname on one side, and it is the same.
    SurnameOnly,
    /// The same given name, another surname.
    OtherSurname,
    /// Another given name, and no surname on one side: Wolle, Mama.
    OtherCallName,
    /// The same surname, another given name.
    OtherGiven,
    /// Nothing in common.
    Different,
    /// There is no name on one side.
    Missing,
}

impl NameClass {
    /// What was written says enough; a handle does not tell otherwise.
    fn is_final(self) -> bool {
        matches!(self, Self::Full | Self::GivenAlike | Self::OtherCallName | Self::OtherGiven | Self::Different)
    }
}

/// What comparing two names came to.
#[derive(Debug, Clone, Copy)]
pub(super) struct NameMatch {
    pub(super) class: NameClass,
    /// Given names of the one stand where surnames of the other do.
    pub(super) swapped: bool,
    /// One was read off an address or a profile.
    pub(super) by_handle: bool,
    /// How rare the name is: the binary logarithm of how many such pairs chance makes; the lower the rarer.
    pub(super) chance: i32,
}

/// Returns how the names of two records agree; `records` is how many there are.
///
/// A name that is read off an address or a profile counts where the other name was written, and where what was written on both
/// sides does not say otherwise: people choose handles, and share addresses.
pub(super) fn compare_names(a: &Sketch, b: &Sketch, lexicon: &Lexicon, records: u32) -> NameMatch {
    let written = best(a.written(), || b.written(), lexicon);
    let found = match written {
        Some((found, ..)) if found.class.is_final() => written,
        known => {
            let read = [best(a.written(), || b.handles(), lexicon), best(a.handles(), || b.written(), lexicon)];
            let read = read.into_iter().flatten().filter(|(found, ..)| found.class < NameClass::GivenOnly);
            let read = read.map(|(found, x, y)| (NameMatch { by_handle: true, ..found }, x, y));
            known.into_iter().chain(read).min_by_key(|(found, ..)| (found.class, found.by_handle, found.swapped))
        }
    };
    let missing = NameMatch { class: NameClass::Missing, swapped: false, by_handle: false, chance: 0 };
    let chance =
        |x: &NameSketch, y: &NameSketch| chance(x, a.scale, lexicon, records).max(chance(y, b.scale, lexicon, records));
    found.map_or(missing, |(found, x, y)| NameMatch { chance: chance(&x, &y), ..found })
}

/// Returns the best agreement of any two readings, in either order.
fn best<'a, B: Iterator<Item = &'a NameSketch>>(
    a: impl Iterator<Item = &'a NameSketch>,
    b: impl Fn() -> B,
    lexicon: &Lexicon,
) -> Option<(NameMatch, NameSketch, NameSketch)> {
    let mut best: Option<(NameMatch, NameSketch, NameSketch)> = None;
    for x in a {
        for y in b() {
            for swapped in [false, true] {
                let class = classify(x, &if swapped { y.swapped() } else { *y }, lexicon);
                // "Klaus" and "Herr Müller" give nothing that could differ.
                let says_nothing = swapped && class == NameClass::OtherCallName;
                let class = if says_nothing { NameClass::Missing } else { class };
                if best.is_none_or(|(known, ..)| (class, swapped) < (known.class, known.swapped)) {
                    best = Some((NameMatch { class, swapped, by_handle: false, chance: 0 }, *x, *y));
                }
                if class == NameClass::Full {
                    return best;
                }
            }
        }
    }
    best
}

fn classify(a: &NameSketch, b: &NameSketch, lexicon: &Lexicon) -> NameClass {
    use Agreement::{Close, Differs, Initial, Missing, Same, Similar, Variant};
    let (given, in_part) = given_agreement(&a.given, &b.given, lexicon);
    let (surname, whole) = surname_agreement(&a.surname, &b.surname, lexicon);
    match (given, surname) {
        (Same | Variant | Initial | Close | Similar, Same | Close) if in_part => NameClass::GivenAlike,
        (Same, Same) if whole => NameClass::Full,
        (Same | Variant, Same) if !whole => NameClass::PartOfSurname,
        (Variant, Same) => NameClass::Variant,
        (Initial, Same) => NameClass::Initial,
        (Close, Same) => NameClass::SlipInGiven,
        (Same, Close) => NameClass::SlipInSurname,
        (Variant | Initial, Close) => NameClass::VariantAndSlip,
        (Same | Variant, Similar) => NameClass::SurnameAlike,
        (Close, Close | Similar) | (Similar, Similar) => NameClass::BothAlike,
        (Similar, Same | Close) => NameClass::GivenAlike,
        (Same | Variant | Close, Missing | Initial) => NameClass::GivenOnly,
        (Same | Variant, Differs | Variant) => NameClass::OtherSurname,
        (Missing, Same | Close) => NameClass::SurnameOnly,
        (Differs, Missing) => NameClass::OtherCallName,
        (Differs, Same | Close) => NameClass::OtherGiven,
        // "K." and "Klaus", or "Ana" and "Silva": nothing says that these are two.
        (Missing | Initial | Similar, Missing) => NameClass::Missing,
        _ => NameClass::Different,
    }
}

/// The best agreement of any two given names, and whether others on both sides differ: Hans Peter and Hans Jürgen, Sergei
/// Ivanovich and Sergei Petrovich.
fn given_agreement(a: &[Word], b: &[Word], lexicon: &Lexicon) -> (Agreement, bool) {
    let some = |words: &[Word]| words.iter().copied().filter(|word| *word != NONE).collect::<Vec<_>>();
    let (a, b) = (some(a), some(b));
    let pairs = a.iter().enumerate().flat_map(|(i, x)| b.iter().enumerate().map(move |(j, y)| (i, j, *x, *y)));
    let agreeing = pairs.map(|(i, j, x, y)| (lexicon.compare_given(x, y), i, j)).min();
    let Some((agreement, i, j)) = agreeing else { return (Agreement::Missing, false) };
    let others = |words: &[Word], at: usize| {
        words.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, word)| *word).collect::<Vec<_>>()
    };
    let (rest_a, rest_b) = (others(&a, i), others(&b, j));
    let is_other = |x: &Word| rest_b.iter().all(|y| lexicon.compare_given(*x, *y) == Agreement::Differs);
    (agreement, !rest_a.is_empty() && !rest_b.is_empty() && rest_a.iter().all(is_other))
}

/// The best agreement of any two surnames, and whether all of them agree.
fn surname_agreement(a: &[Word], b: &[Word], lexicon: &Lexicon) -> (Agreement, bool) {
    let count = |words: &[Word]| words.iter().filter(|w| **w != NONE).count();
    let pairs = a.iter().flat_map(|x| b.iter().map(move |y| (*x, *y))).filter(|(x, y)| *x != NONE && *y != NONE);
    let mut best = Agreement::Missing;
    let mut same = 0;
    for (x, y) in pairs {
        let spelt = lexicon.compare(x, y);
        let is_initial = spelt == Agreement::Differs && lexicon.is_initial_of(x, y);
        let agreement = if is_initial { Agreement::Initial } else { spelt };
        same += usize::from(agreement == Agreement::Same);
        best = best.min(agreement);
    }
    let best = if best == Agreement::Missing && count(a) > 0 && count(b) > 0 { Agreement::Differs } else { best };
    (best, same >= count(a) && same >= count(b))
}

/// The binary logarithm of how many records of this name chance brings together.
fn chance(name: &NameSketch, scale: Scale, lexicon: &Lexicon, records: u32) -> i32 {
    let given = name.given.iter().filter(|w| **w != NONE).map(|w| lexicon.given_count(lexicon.sound(*w)));
    let surname = name.surname.iter().filter(|w| **w != NONE).map(|w| lexicon.surname_count(lexicon.sound(*w)));
    let rarest = [given.min(), surname.min()].map(|count| scale.order(count.unwrap_or(records)));
    rarest.iter().sum::<i32>() - scale.order(records)
}
