//! Short forms of given names, and given names that are one name in several languages.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use super::table::lines;

static SHORT_FORMS: LazyLock<Groups> =
    LazyLock::new(|| Groups::new(include_str!("nicknames.txt"), include_str!("names_of_their_own.txt")));
static COGNATES: LazyLock<Groups> = LazyLock::new(|| Groups::whole(include_str!("cognates.txt")));

/// Names, and the groups that each belongs to.
#[derive(Debug, Default)]
struct Groups {
    names: HashMap<&'static str, Range<usize>>,
    groups: Vec<u16>,
}

impl Groups {
    /// Reads lines such as `robert: bob rob`, of which the first is the head.
    ///
    /// Bob and Rob are of Robert's group. But a short form that is a name of its own, the head of another line or one of
    /// `own`, shares a group with the head alone: Katharina is Kate or Nina, and Kate is not Nina.
    fn new(text: &'static str, own: &'static str) -> Self {
        let heads: HashSet<&str> = lines(text)
            .filter_map(|line| line.split(':').next())
            .chain(lines(own).flat_map(|line| line.split(' ')))
            .collect();
        let mut pairs: Vec<(&'static str, u16)> = Vec::new();
        let mut next = 0..u16::MAX;
        for line in lines(text) {
            let mut names = line.split([':', ' ']).filter(|name| !name.is_empty());
            let Some(head) = names.next() else { continue };
            let (named, short): (Vec<&str>, Vec<&str>) = names.partition(|name| heads.contains(name));
            let groups = core::iter::once(short).chain(named.into_iter().map(|name| vec![name]));
            for (group, of) in groups.zip(&mut next) {
                pairs.extend(core::iter::once(head).chain(group).map(|name| (name, of)));
            }
        }
        Self::of_pairs(pairs)
    }

    /// Reads lines of which all names are of one group.
    fn whole(text: &'static str) -> Self {
        let of_line = |(line, group): (&'static str, u16)| {
            line.split([':', ' ']).filter(|name| !name.is_empty()).map(move |name| (name, group))
        };
        Self::of_pairs(lines(text).zip(0..).flat_map(of_line).collect())
    }

    fn of_pairs(mut pairs: Vec<(&'static str, u16)>) -> Self {
        pairs.sort_unstable();
        pairs.dedup();
        let mut found = Self::default();
        for (name, group) in pairs {
            let start = found.groups.len();
            let range = found.names.entry(name).or_insert(start..start);
            range.end = start + 1;
            found.groups.push(group);
        }
        found
    }

    fn of(&self, name: &str) -> &[u16] {
        self.names.get(name).and_then(|range| self.groups.get(range.clone())).unwrap_or_default()
    }
}

/// Returns the groups of given names and their short forms that a folded given name belongs to, sorted.
///
/// Two names that share a group may be one name: Robert and Bob, Bob and Rob; not Nina and Kate, though both may be Katharina.
///
/// ```
/// use kith_core::normalize::given_name_groups;
/// assert!(given_name_groups("bob").iter().any(|group| given_name_groups("robert").contains(group)));
/// assert!(given_name_groups("xyz").is_empty());
/// ```
#[must_use]
pub fn given_name_groups(folded: &str) -> &'static [u16] {
    SHORT_FORMS.of(folded)
}

/// Returns the groups of given names that are one name in several languages: John, Johann, Juan.
///
/// Weaker than [`given_name_groups`]: few people are called by another language's form, though some write it abroad.
#[must_use]
pub(super) fn given_name_cognates(folded: &str) -> &'static [u16] {
    COGNATES.of(folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(one: &str, other: &str, expected: bool) {
        let shares = given_name_groups(one).iter().any(|group| given_name_groups(other).contains(group));
        assert_eq!(shares, expected, "{one}, {other}");
    }

    #[test]
    fn short_forms_share_a_group_with_the_name() {
        check("robert", "bob", true);
        check("katharina", "kathi", true);
        check("francisco", "paco", true);
        check("malgorzata", "gosia", true);
        check("alexander", "sasha", true);
        check("evgeny", "zhenya", true);
        check("john", "mary", false);
        check("bob", "bill", false);
        check("bob", "rob", true);
    }

    #[test]
    fn short_forms_that_are_names_of_their_own_are_not_each_other() {
        for names in
            ["nina tina katja kate", "rita megan greta", "sandra sasha alexa", "nora ella", "lisa elsa ilse bettina"]
        {
            let names: Vec<&str> = names.split(' ').collect();
            for (i, one) in names.iter().enumerate() {
                names.iter().skip(i + 1).for_each(|other| check(one, other, false));
            }
        }
        check("katharina", "nina", true);
        check("elisabeth", "bettina", true);
        check("alexandra", "sandra", true);
    }

    #[test]
    fn names_that_are_not_each_others_short_forms_share_nothing() {
        for pair in [
            "markus max",
            "nicholas klaus",
            "chaim vittorio",
            "antti ana",
            "milan milos",
            "boguslaw bogdan",
            "mariusz mario",
            "jiri juraj",
            "raquel kelly",
            "teresa tracy",
            "laurence lars",
            "hubert hugh",
            "christiane jane",
            "juliane jane",
            "rosaria sara",
            "elke ella",
            "marcel marco",
            "winifred freda",
            "veronica vera",
            "ksenia oksana",
            "pauline paula",
        ] {
            let (one, other) = pair.split_once(' ').unwrap();
            check(one, other, false);
        }
    }

    #[test]
    fn the_table_is_large_and_folded() {
        let pairs: usize = lines(include_str!("nicknames.txt")).map(|line| line.split(' ').count() - 1).sum();
        assert!(pairs >= 1500, "{pairs}");
        for name in lines(include_str!("nicknames.txt")).chain(lines(include_str!("cognates.txt"))) {
            let is_folded = name.bytes().all(|b| b.is_ascii_lowercase() || b == b' ' || b == b':');
            assert!(is_folded && name.contains(": "), "{name}");
        }
    }
}
