//! Numbers for rows that are alike, so that each keeps a key of its own: by their order, which is the same in the next export.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// How often each key came, by its hash.
#[derive(Debug, Default)]
pub(super) struct Ordinals(HashMap<u64, u32>);

impl Ordinals {
    /// Numbers a key that came before.
    pub(super) fn number(&mut self, key: &mut String) {
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        let count = self.0.entry(hasher.finish()).or_default();
        *count += 1;
        if *count > 1 {
            #[expect(clippy::let_underscore_must_use, reason = "writing to a String cannot fail")]
            let _ = write!(key, "\n{count}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_of_a_kind_is_numbered() {
        let mut ordinals = Ordinals::default();
        let mut numbered = |key: &str| {
            let mut key = key.to_owned();
            ordinals.number(&mut key);
            key
        };
        assert_eq!([numbered("a"), numbered("b"), numbered("a"), numbered("a")], ["a", "b", "a\n2", "a\n3"]);
    }
}
