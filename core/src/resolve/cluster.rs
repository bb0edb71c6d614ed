//! Clusters: parts a set of linked records into people. The surest links come first, and none joins what contradicts itself:
//! when A is B and B is C, but A cannot be C, the weaker of the two links gives way. What the user said comes before all.

/// Two records that a link joins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tie {
    /// The one, by its place among the records.
    pub(super) a: usize,
    /// The other.
    pub(super) b: usize,
}

/// What the user said of two sets of records, by their places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    /// Two are one person.
    Same(usize, usize),
    /// None of these is one of those.
    Apart(Vec<usize>, Vec<usize>),
}

/// Returns the groups that `count` records make.
///
/// `said` come newest first, `ties` surest first; `contradict` tells whether two records cannot be one person.
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
            Said::Same(a, b) if !told_apart(&people, &apart, *a, *b) => people.join(*a, *b),
            Said::Same(..) => {}
            Said::Apart(these, those) => {
                let pairs = || these.iter().flat_map(|x| those.iter().map(move |y| (*x, *y)));
                // Where some of these are those by what was said later, the whole word is taken back.
                if pairs().all(|(x, y)| people.of(x) != people.of(y)) {
                    apart.extend(pairs());
                }
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
    people.groups.into_iter().filter(|group| !group.is_empty()).collect()
}

/// Returns whether the user told the groups of these two apart.
fn told_apart(people: &Parts, apart: &[(usize, usize)], a: usize, b: usize) -> bool {
    let (a, b) = (people.of(a), people.of(b));
    apart.iter().any(|(x, y)| {
        let (x, y) = (people.of(*x), people.of(*y));
        a != b && ((x, y) == (a, b) || (x, y) == (b, a))
    })
}

/// A set that is parted into groups.
#[derive(Debug)]
struct Parts {
    /// The group of each record.
    of: Vec<usize>,
    groups: Vec<Vec<usize>>,
}

impl Parts {
    fn new(count: usize) -> Self {
        Self { of: (0..count).collect(), groups: (0..count).map(|no| vec![no]).collect() }
    }

    fn of(&self, no: usize) -> usize {
        self.of.get(no).copied().unwrap_or(no)
    }

    fn members(&self, group: usize) -> &[usize] {
        self.groups.get(group).map_or(&[], Vec::as_slice)
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.of(a), self.of(b));
        if a == b {
            return;
        }
        let (kept, gone) = if self.members(a).len() >= self.members(b).len() { (a, b) } else { (b, a) };
        let moved = self.groups.get_mut(gone).map(core::mem::take).unwrap_or_default();
        for no in &moved {
            if let Some(slot) = self.of.get_mut(*no) {
                *slot = kept;
            }
        }
        if let Some(group) = self.groups.get_mut(kept) {
            group.extend(moved);
        }
    }
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
    fn what_was_said_comes_before_every_link_and_the_newest_first() {
        let (same, apart) = (Said::Same(0, 1), Said::Apart(vec![0], vec![1]));
        assert_eq!(groups(2, core::slice::from_ref(&same), &[], &[(0, 1)]), [vec![0, 1]]);
        assert_eq!(groups(2, core::slice::from_ref(&apart), &[tie(0, 1)], &[]), [vec![0], vec![1]]);
        assert_eq!(groups(2, &[same.clone(), apart.clone()], &[], &[]), [vec![0, 1]]);
        assert_eq!(groups(2, &[apart, same], &[], &[]), [vec![0], vec![1]]);
    }

    #[test]
    fn a_merge_takes_back_the_whole_split_before_it() {
        let (same, apart) = (Said::Same(0, 2), Said::Apart(vec![0, 1], vec![2, 3]));
        let ties = [tie(0, 1), tie(2, 3)];
        assert_eq!(groups(4, &[same.clone(), apart.clone()], &ties, &[(1, 3)]), [vec![0, 1, 2, 3]]);
        assert_eq!(groups(4, &[apart, same], &ties, &[]), [vec![0, 1], vec![2, 3]]);
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
