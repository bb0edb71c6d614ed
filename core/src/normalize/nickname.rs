//! Short forms of given names, and given names that are one name in several languages.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use super::table::lines;

static SHORT_FORMS: LazyLock<Groups> = LazyLock::new(|| Groups::new(include_str!("nicknames.txt")));
static COGNATES: LazyLock<Groups> = LazyLock::new(|| Groups::new(include_str!("cognates.txt")));

/// Names, and the groups that each belongs to.
#[derive(Debug, Default)]
struct Groups {
    names: HashMap<&'static str, Range<usize>>,
    groups: Vec<u16>,
}

impl Groups {
    /// Reads lines such as `robert: bob rob`; each is a group.
    fn new(text: &'static str) -> Self {
        let mut pairs: Vec<(&'static str, u16)> = Vec::new();
        for (line, group) in lines(text).zip(0..) {
            let names = line.split([':', ' ']).filter(|name| !name.is_empty());
            pairs.extend(names.map(|name| (name, group)));
        }
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
/// Two names that share a group may be one name: Robert and Bob, Bob and Rob.
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
