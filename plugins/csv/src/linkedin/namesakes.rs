//! Who is meant by a name, in the tables that name people without their profiles.
//!
//! They name connections only, so a name that one connection has, and no other, says which profile is meant. A name of
//! two stays a name.

use std::collections::HashMap;

use super::name::folded;

/// How many names are kept: LinkedIn allows 30,000 connections.
const NAMES_LIMIT: usize = 100_000;

/// The connections' profiles by name.
#[derive(Debug, Default)]
pub(super) struct Namesakes(HashMap<String, Option<String>>);

impl Namesakes {
    /// Takes note of a connection.
    pub(super) fn add(&mut self, name: &str, profile: &str) {
        let name = folded(name);
        if let Some(known) = self.0.get_mut(&name) {
            known.take_if(|known| known != profile);
        } else if self.0.len() < NAMES_LIMIT {
            self.0.insert(name, (!profile.is_empty()).then(|| profile.to_owned()));
        }
    }

    /// Returns the profile of the only connection of this name.
    pub(super) fn profile(&self, name: &str) -> Option<&str> {
        self.0.get(&folded(name))?.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_two_connections_is_nobodys() {
        let mut namesakes = Namesakes::default();
        namesakes.add("Ana Silva", "in/ana-silva");
        namesakes.add("Bo Ek", "in/bo-ek");
        namesakes.add("ANA  Silva", "in/ana-silva");
        assert_eq!(namesakes.profile("ana silva"), Some("in/ana-silva"));
        namesakes.add("Ana Silva", "in/ana-silva-2");
        namesakes.add("Ana Silva", "in/ana-silva-2");
        assert_eq!(namesakes.profile("Ana Silva"), None);
        assert_eq!((namesakes.profile("Bo Ek"), namesakes.profile("Cy Roe")), (Some("in/bo-ek"), None));
    }
}
