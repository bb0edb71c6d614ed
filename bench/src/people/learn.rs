//! Learns how much each level weighs, from made-up records with truth; seeds 1 to 20 and FEBRL 1 and 2 only.
//!
//! Every pair that meets under a key is compared; the weights are those of a logistic regression on the levels, which is what
//! Fellegi and Sunter's weights become when levels depend on each other. Levels that say nothing weigh nothing. What the
//! made-up records cannot teach is put right by `temper`.
//!
//! ```text
//!  sets ─resolver─▶ (levels, same or not) ─count─▶ patterns ─Newton─▶ weights.txt
//! ```

#![expect(clippy::indexing_slicing, reason = "rows and columns of a matrix that is made here")]

use std::collections::BTreeMap;
use std::path::Path;

use kith_core::resolve::Resolver;
use kith_core::resolve::compare::{FEATURES, LEVELS, NAMES};
use kith_core::resolve::weights::Weights;

use super::resolve::fill;
use super::temper::temper;
use super::{PeopleError, RecordSet, febrl, generated};

/// The sets to learn from, as `prepare` names them.
const GENERATED: std::ops::RangeInclusive<u32> = 1..=20;
const FEBRL: [&str; 2] = ["febrl1.csv", "febrl2.csv"];
/// So many records of a generated set are a small address book.
const SMALL: [usize; 2] = [300, 1_000];
/// How much more a pair of FEBRL counts: it has few, and postal addresses and birthdays are learned from it alone.
const FEBRL_WEIGHT: f64 = 300.0;

/// How strongly weights are drawn towards 0, in observations.
const RIDGE: f64 = 1.0;
/// How often the weights are bettered.
const ROUNDS: usize = 30;
/// The precision of automatic joins that is aimed at, in pairs.
const PRECISION: f64 = 0.9972;
/// From this probability on the user is asked.
const ASKED: f64 = 0.5;

/// How often a pattern of levels was that of one person, and of two.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    same: f64,
    other: f64,
    may_join: bool,
}

type Patterns = BTreeMap<[u8; FEATURES], Seen>;

/// Sets of one kind, and how much each of their pairs counts.
#[derive(Debug)]
pub struct Lesson {
    /// The sets.
    pub sets: Vec<RecordSet>,
    /// How much each pair counts.
    pub weight: f64,
}

/// Reads the sets that `prepare` wrote to `folder`: generated ones, small, whole and large, and FEBRL's.
///
/// # Errors
/// When a set is missing or cannot be read.
pub fn lessons(folder: &Path) -> Result<Vec<Lesson>, PeopleError> {
    let mut made = Vec::new();
    for seed in GENERATED {
        let set = generated::load(&folder.join(format!("dups-{seed:02}")))?;
        let begun =
            |count: usize| RecordSet { records: set.records.iter().take(count).cloned().collect(), traps: vec![] };
        made.extend(SMALL.map(begun));
        made.push(set);
    }
    let large = generated::load(&folder.join("large"))?;
    let febrl = FEBRL.iter().map(|name| febrl::load(&[&folder.join(name)])).collect::<Result<_, _>>()?;
    Ok(vec![
        Lesson { sets: made, weight: 1.0 },
        Lesson { sets: vec![large], weight: 1.0 },
        Lesson { sets: febrl, weight: FEBRL_WEIGHT },
    ])
}

/// Learns weights from these lessons; the bound from which on records are joined is right in each of them.
#[must_use]
pub fn learn(lessons: &[Lesson]) -> Weights {
    let mut all = Patterns::new();
    let mut of_lessons = Vec::new();
    for lesson in lessons {
        let mut patterns = Patterns::new();
        lesson.sets.iter().for_each(|set| observe(set, &mut patterns));
        for (levels, seen) in &patterns {
            let sum = all.entry(*levels).or_insert(Seen { may_join: seen.may_join, ..Seen::default() });
            sum.same += lesson.weight * seen.same;
            sum.other += lesson.weight * seen.other;
        }
        of_lessons.push(patterns);
    }
    let mut weights = temper(fit(&all, &columns()));
    weights.joined = of_lessons.iter().map(|patterns| bound(&weights, patterns)).fold(0.0, f64::max);
    weights.asked = (ASKED / (1.0 - ASKED)).log2();
    weights
}

fn observe(set: &RecordSet, patterns: &mut Patterns) {
    let mut resolver = Resolver::new(Weights::default());
    fill(&mut resolver, set);
    resolver.settle();
    resolver.pairs(|a, b, comparison| {
        let person = |no: u32| set.records.get(no as usize).map(|record| record.person);
        let seen = patterns.entry(*comparison.levels()).or_default();
        seen.may_join = comparison.may_join();
        if person(a) == person(b) {
            seen.same += 1.0;
        } else {
            seen.other += 1.0;
        }
    });
}

/// Returns the column of each feature's level; levels that say nothing have none.
fn columns() -> BTreeMap<(usize, u8), usize> {
    let mut columns = BTreeMap::new();
    for (feature, (name, levels)) in NAMES.iter().enumerate() {
        for (level, level_name) in (0u8..).zip(*levels) {
            let says_nothing = *level_name == "none" || *level_name == "missing" || (*name == "reading" && level == 0);
            if !says_nothing {
                let next = columns.len() + 1;
                columns.insert((feature, level), next);
            }
        }
    }
    columns
}

/// Newton's method for a ridge logistic regression; column 0 is the intercept.
fn fit(patterns: &Patterns, columns: &BTreeMap<(usize, u8), usize>) -> Weights {
    let size = columns.len() + 1;
    let mut at = vec![0.0; size];
    let rows: Vec<(Vec<usize>, Seen)> = patterns.iter().map(|(levels, seen)| (row(levels, columns), *seen)).collect();
    for _ in 0..ROUNDS {
        let mut gradient: Vec<f64> = at.iter().map(|weight| -RIDGE * weight).collect();
        let mut curvature = vec![vec![0.0; size]; size];
        for (i, line) in curvature.iter_mut().enumerate() {
            line[i] = RIDGE;
        }
        for (row, seen) in &rows {
            let odds: f64 = row.iter().map(|column| at[*column]).sum();
            let likely = 1.0 / (1.0 + (-odds).exp());
            let total = seen.same + seen.other;
            for x in row {
                gradient[*x] += seen.same - total * likely;
                for y in row {
                    curvature[*x][*y] += total * likely * (1.0 - likely);
                }
            }
        }
        for (weight, step) in at.iter_mut().zip(solve(curvature, gradient)) {
            *weight += step.clamp(-2.0, 2.0);
        }
    }
    let bits = |column: usize| at[column] / core::f64::consts::LN_2;
    let mut weights = Weights { odds: bits(0), ..Weights::default() };
    for ((feature, level), column) in columns {
        weights.levels[*feature][usize::from(*level)] = bits(*column);
    }
    weights
}

fn row(levels: &[u8; FEATURES], columns: &BTreeMap<(usize, u8), usize>) -> Vec<usize> {
    let of = levels.iter().enumerate().filter_map(|(feature, level)| columns.get(&(feature, *level)).copied());
    core::iter::once(0).chain(of).collect()
}

/// Solves a symmetric system by Gaussian elimination with pivots.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let size = right.len();
    for i in 0..size {
        let pivot = (i..size).max_by(|x, y| matrix[*x][i].abs().total_cmp(&matrix[*y][i].abs())).unwrap_or(i);
        matrix.swap(i, pivot);
        right.swap(i, pivot);
        for j in i + 1..size {
            let factor = matrix[j][i] / matrix[i][i];
            let from: Vec<f64> = matrix[i].clone();
            for (cell, above) in matrix[j].iter_mut().zip(&from).skip(i) {
                *cell -= factor * above;
            }
            right[j] -= factor * right[i];
        }
    }
    for i in (0..size).rev() {
        let known: f64 = (i + 1..size).map(|k| matrix[i][k] * right[k]).sum();
        right[i] = (right[i] - known) / matrix[i][i];
    }
    right
}

/// Returns the lowest odds from which on enough joins are right.
fn bound(weights: &Weights, patterns: &Patterns) -> f64 {
    let joinable = patterns.iter().filter(|(_, seen)| seen.may_join);
    let mut judged: Vec<(f64, Seen)> =
        joinable.map(|(levels, seen)| (weights.odds + sum(weights, levels), *seen)).collect();
    judged.sort_by(|x, y| y.0.total_cmp(&x.0));
    let (mut same, mut other, mut lowest) = (0.0, 0.0, f64::INFINITY);
    for (bits, seen) in judged {
        same += seen.same;
        other += seen.other;
        if same / (same + other) >= PRECISION {
            lowest = bits;
        }
    }
    lowest
}

fn sum(weights: &Weights, levels: &[u8; FEATURES]) -> f64 {
    weights.levels.iter().zip(levels).map(|(row, level)| row[usize::from(*level)]).sum()
}

/// Returns the table as `weights.txt` holds it.
#[must_use]
pub fn table(weights: &Weights) -> String {
    let head = "# How much each level weighs, in bits. Made by `cargo xtask bench people --learn`, tempered by hand (bench/src/people/temper.rs); compare.rs says what levels are.\n";
    let bounds = [("odds", weights.odds), ("joined", weights.joined), ("asked", weights.asked)];
    let bounds = bounds.map(|(name, bits)| format!("{name} {bits:.2}\n"));
    let of_feature = |((feature, levels), row): (&(&str, &[&str]), &[f64; LEVELS])| -> String {
        let told = levels.iter().zip(row).filter(|(_, bits)| **bits != 0.0);
        told.map(|(level, bits)| format!("{feature} {level} {bits:.2}\n")).collect()
    };
    let levels: String = NAMES.iter().zip(&weights.levels).map(of_feature).collect();
    head.to_owned() + &bounds.concat() + &levels
}
