//! How well records were joined: pairs that are rightly together, and what `score.py` says of generated sets.

use std::collections::BTreeMap;

use serde::Serialize;

/// Who a record is of, or with which it was joined, by the record's id.
pub(super) type Groups = BTreeMap<String, String>;

/// How well records were joined.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(super) struct Score {
    /// Of the pairs that were joined, how many are of one person.
    pub(super) precision: f64,
    /// Of the pairs that are of one person, how many were joined.
    pub(super) recall: f64,
    /// The harmonic mean of both.
    pub(super) f1: f64,
    /// F1 as a share of what a resolver that knows all that can be known reaches.
    pub(super) share_of_ideal: Option<f64>,
    /// Pairs that only look alike, by kind: how many were joined, and how many there are.
    pub(super) traps: BTreeMap<String, (u64, u64)>,
}

/// Compares who was joined with who is the same; a record that was left out stands alone.
pub(super) fn pairwise(joined: &Groups, truth: &Groups) -> Score {
    let alone = String::new();
    let mut people: BTreeMap<&str, u64> = BTreeMap::new();
    let mut clusters: BTreeMap<&str, u64> = BTreeMap::new();
    let mut both: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for (id, person) in truth {
        *people.entry(person).or_default() += 1;
        let cluster = joined.get(id).unwrap_or(&alone);
        if !cluster.is_empty() {
            *clusters.entry(cluster).or_default() += 1;
            *both.entry((person, cluster)).or_default() += 1;
        }
    }
    let right = pairs(both.into_values());
    let (precision, recall) = (share(right, pairs(clusters.into_values())), share(right, pairs(people.into_values())));
    let f1 = if right == 0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) };
    Score { precision, recall, f1, ..Score::default() }
}

/// Joins what a person who knows the truth would join when asked these questions, each about two clusters.
pub(super) fn answered(joined: &Groups, questions: &[(String, String)], truth: &Groups) -> Groups {
    let persons = persons(joined, truth);
    let mut heads: BTreeMap<&str, &str> = BTreeMap::new();
    for (a, b) in questions {
        let (a, b) = (head(&heads, a), head(&heads, b));
        if a != b && persons.get(a).is_some_and(|person| persons.get(b) == Some(person)) {
            heads.insert(b, a);
        }
    }
    joined.iter().map(|(id, cluster)| (id.clone(), head(&heads, cluster).to_owned())).collect()
}

/// Reads what `score.py` printed.
pub(super) fn parse(text: &str) -> Option<Score> {
    let pairs = text.lines().find_map(|line| line.strip_prefix("pairwise "))?;
    let share = text.lines().find_map(|line| line.rsplit_once("as a share of the ideal: "))?.1;
    let traps = text.lines().find_map(|line| line.strip_prefix("trap pairs merged: "))?;
    Some(Score {
        precision: figure(pairs, "P=")?,
        recall: figure(pairs, "R=")?,
        f1: figure(pairs, "F1=")?,
        share_of_ideal: share.trim().parse().ok(),
        traps: traps.split(", ").filter_map(trap).collect(),
    })
}

/// Returns of whom most records of each cluster are.
fn persons<'a>(joined: &'a Groups, truth: &'a Groups) -> BTreeMap<&'a str, &'a str> {
    let mut members: BTreeMap<&str, BTreeMap<&str, u64>> = BTreeMap::new();
    for (id, cluster) in joined {
        if let Some(person) = truth.get(id) {
            *members.entry(cluster).or_default().entry(person).or_default() += 1;
        }
    }
    let most = |people: BTreeMap<&'a str, u64>| people.into_iter().max_by_key(|(_, count)| *count);
    members.into_iter().filter_map(|(cluster, people)| Some((cluster, most(people)?.0))).collect()
}

fn head<'a>(heads: &BTreeMap<&'a str, &'a str>, cluster: &'a str) -> &'a str {
    let mut at = cluster;
    while let Some(next) = heads.get(at) {
        at = next;
    }
    at
}

fn pairs(sizes: impl Iterator<Item = u64>) -> u64 {
    sizes.map(|size| size * size.saturating_sub(1) / 2).sum()
}

#[expect(clippy::cast_precision_loss, reason = "counts of pairs are far below 2^52")]
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// Returns the number behind the first `name`.
fn figure(text: &str, name: &str) -> Option<f64> {
    text.split_whitespace().find_map(|word| word.strip_prefix(name)).and_then(|number| number.parse().ok())
}

/// `same-name 3/120`.
fn trap(text: &str) -> Option<(String, (u64, u64))> {
    let (kind, counts) = text.trim().split_once(' ')?;
    let (merged, all) = counts.split_once('/')?;
    Some((kind.to_owned(), (merged.parse().ok()?, all.parse().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(pairs: &[(&str, &str)]) -> Groups {
        pairs.iter().map(|(id, group)| ((*id).to_owned(), (*group).to_owned())).collect()
    }

    fn truth() -> Groups {
        groups(&[("1", "ana"), ("2", "ana"), ("3", "ana"), ("4", "bo")])
    }

    #[test]
    fn counts_pairs_that_are_rightly_together() {
        let score = pairwise(&groups(&[("1", "x"), ("2", "x"), ("3", "y"), ("4", "y")]), &truth());
        assert!((score.precision - 0.5).abs() < 1e-9 && (score.recall - 1.0 / 3.0).abs() < 1e-9, "{score:?}");
    }

    #[test]
    fn records_that_are_left_out_stand_alone() {
        let score = pairwise(&Groups::new(), &truth());
        assert_eq!((score.precision, score.recall, score.f1), (1.0, 0.0, 0.0));
    }

    #[test]
    fn a_question_is_answered_as_the_truth_has_it() {
        let joined = groups(&[("1", "x"), ("2", "y"), ("3", "z"), ("4", "v")]);
        let questions = [("x", "y"), ("y", "z"), ("z", "v")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        let score = pairwise(&answered(&joined, &questions, &truth()), &truth());
        assert_eq!((score.precision, score.recall), (1.0, 1.0));
    }

    #[test]
    fn reads_what_score_py_prints() {
        let printed = "pairwise P=0.8833 R=0.1154 F1=0.2042   b3 P=0.9911 R=0.4840 F1=0.6504\n\
            reachable pairs found: 0.1263; ideal resolver: R=0.9144 F1=0.9553; F1 as a share of the ideal: 0.2138\n\
            trap pairs merged: same-name 0/1129, shared-mailbox 69/500\n";
        let traps = [("same-name".to_owned(), (0, 1129)), ("shared-mailbox".to_owned(), (69, 500))].into();
        let expected = Score { precision: 0.8833, recall: 0.1154, f1: 0.2042, share_of_ideal: Some(0.2138), traps };
        assert_eq!(parse(printed), Some(expected));
    }
}
