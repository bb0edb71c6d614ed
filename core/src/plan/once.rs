//! What comes again is told once: of a list in order the first of each, and how many more of it there are.

use std::collections::BTreeMap;

/// Returns the first item of each key, in their order, and how many more there are with that key.
///
/// ```
/// use kith_core::plan::once::first_of_each;
/// let coming = [("Ana", "waiting"), ("Bob", "birthday"), ("Ana", "waiting"), ("Ana", "promise"), ("Ana", "waiting")];
/// let once = first_of_each(coming, |item| *item);
/// assert_eq!(once, [(("Ana", "waiting"), 2), (("Bob", "birthday"), 0), (("Ana", "promise"), 0)]);
/// ```
pub fn first_of_each<T, K: Ord>(items: impl IntoIterator<Item = T>, key: impl Fn(&T) -> K) -> Vec<(T, usize)> {
    let mut places: BTreeMap<K, usize> = BTreeMap::new();
    let mut once: Vec<(T, usize)> = Vec::new();
    for item in items {
        let place = *places.entry(key(&item)).or_insert(once.len());
        match once.get_mut(place) {
            Some((_, more)) => *more += 1,
            None => once.push((item, 0)),
        }
    }
    once
}
