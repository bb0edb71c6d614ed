//! Clusters: parts a set of linked records into people. The surest links come first, and none joins what contradicts itself:
//! when A is B and B is C, but A cannot be C, the weaker of the two links gives way. What the user said comes before all.

use crate::resolve::parts::Parts;

/// Two records that a link joins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tie {
    /// The one, by its place among the records.
    pub(super) a: usize,
    /// The other.
    pub(super) b: usize,
}

/// What holds of what the user said of two sets of records, by their places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    /// Two are one person.
    Same(usize, usize),
    /// None of these is one of those.
    Apart(Vec<usize>, Vec<usize>),
}

/// Returns the groups that `count` records make.
///
/// `said` is what holds of what the user said, `ties` come surest first; `contradict` tells whether two records cannot be one person.
pub(super) fn cluster(
    count: usize,
    said: &[Said],
    ties: &[Tie],
    contradict: impl Fn(usize, usize) -> bool,
) -> Vec<Vec<usize>> {
    let mut people = Parts::new(count);
    let mut apart = Vec::new();
    for word in said {
        match word {
            Said::Same(a, b) => drop(people.join(*a, *b)),
            Said::Apart(these, those) => {
                apart.extend(these.iter().flat_map(|x| those.iter().map(move |y| (*x, *y))));
            }
        }
    }
    // What the user joined may contradict itself; only what links join must not.
    let mut strands = Parts::new(count);
    for tie in ties {
        let (a, b) = (strands.of(tie.a), strands.of(tie.b));
        let pairs = || strands.members(a).iter().flat_map(|x| strands.members(b).iter().map(move |y| (*x, *y)));
        if a == b || told_apart(&people, &apart, tie.a, tie.b) || pairs().any(|(x, y)| contradict(x, y)) {
            continue;
        }
        strands.join(tie.a, tie.b);
        people.join(tie.a, tie.b);
    }
    people.into_groups().collect()
}

/// Returns whether the user told the groups of these two apart.
fn told_apart(people: &Parts, apart: &[(usize, usize)], a: usize, b: usize) -> bool {
    let (a, b) = (people.of(a), people.of(b));
    apart.iter().any(|(x, y)| {
        let (x, y) = (people.of(*x), people.of(*y));
        a != b && ((x, y) == (a, b) || (x, y) == (b, a))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn tie(a: usize, b: usize) -> Tie {
        Tie { a, b }
    }

    fn groups(count: usize, said: &[Said], ties: &[Tie], against: &[(usize, usize)]) -> Vec<Vec<usize>> {
        let mut found = cluster(count, said, ties, |x, y| against.contains(&(x, y)) || against.contains(&(y, x)));
        found.iter_mut().for_each(|group| group.sort_unstable());
        found.sort();
        found
    }

    #[test]
    fn the_weaker_of_two_links_gives_way_where_both_ends_contradict() {
        assert_eq!(groups(3, &[], &[tie(0, 1), tie(1, 2)], &[(0, 2)]), [vec![0, 1], vec![2]]);
        assert_eq!(groups(3, &[], &[tie(1, 2), tie(0, 1)], &[(0, 2)]), [vec![0], vec![1, 2]]);
    }

    #[test]
    fn what_was_said_comes_before_every_link() {
        assert_eq!(groups(2, &[Said::Same(0, 1)], &[], &[(0, 1)]), [vec![0, 1]]);
        assert_eq!(groups(2, &[Said::Apart(vec![0], vec![1])], &[tie(0, 1)], &[]), [vec![0], vec![1]]);
    }

    #[test]
    fn who_is_merged_takes_everybody_along_also_who_contradicts() {
        assert_eq!(groups(3, &[Said::Same(0, 2)], &[tie(0, 1)], &[(1, 2)]), [vec![0, 1, 2]]);
    }

    #[test]
    fn two_who_were_told_apart_do_not_meet_through_a_third() {
        let apart = Said::Apart(vec![0], vec![2]);
        assert_eq!(groups(3, &[apart], &[tie(0, 1), tie(1, 2)], &[]), [vec![0, 1], vec![2]]);
    }
}
