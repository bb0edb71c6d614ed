//! Rules that no sum of weights outweighs: what is never joined without the user's word, and what joins by itself.
//!
//! Weights are learned from people who share nothing but names. In life couples share a mailbox, twins a birthday, father and
//! son a name, colleagues a switchboard: where two records contradict each other, whatever else agrees is a question at most.
//!
//! ```text
//!  levels ─▶ contradict?      ─▶ question at most, and none when only a house, a birthday or a company agrees (both: a twin, or another name)
//!            own identifier?  ─▶ joined
//!            names agree, and something besides, and no doubt? ─▶ joined from the upper bound on
//! ```

use crate::resolve::compare::{Comparison, Feature};
use crate::resolve::link::Verdict;
use crate::resolve::names::NameClass;
use crate::resolve::weights::Weights;

impl Comparison {
    /// Returns whether something besides the name speaks for one person.
    pub(super) fn has_context(&self) -> bool {
        self.is(Feature::Email, &[1, 2, 3, 4])
            || self.is(Feature::Phone, &[1, 2, 3])
            || self.is(Feature::Profile, &[1, 2, 3])
            || self.is(Feature::Company, &[1, 2, 3, 4])
            || self.is(Feature::Birth, &[1, 2, 3, 4])
            || self.is(Feature::Thread, &[1, 2])
            || self.lives_at_one()
    }

    /// One house; a town is many people's, so of a name that is not rare it says nothing, and nothing where the houses differ.
    fn lives_at_one(&self) -> bool {
        let in_house = self.is(Feature::Street, &[1, 2]) && self.is(Feature::House, &[1]);
        let is_rare = self.is(Feature::Rarity, &[1, 2, 3]) && !self.is(Feature::House, &[3]);
        in_house || (is_rare && self.lives_near())
    }

    /// Returns what these levels and their weights come to.
    #[must_use]
    pub fn verdict(&self, weights: &Weights) -> Verdict {
        let bits = weights.bits(self);
        let is_asked = !self.names_differ() || self.is_reached() || self.is_twin();
        if self.joins_by_itself() || (bits >= weights.joined && self.may_join()) {
            Verdict::Joined
        } else if bits >= weights.asked && is_asked {
            Verdict::Question
        } else {
            Verdict::Apart
        }
    }

    /// Returns whether these two are joined when their odds are high enough.
    #[must_use]
    pub fn may_join(&self) -> bool {
        let is_named = self.names_agree() || self.has_name(&[NameClass::GivenOnly, NameClass::SurnameOnly]);
        let is_spelt = self.has_name(&[NameClass::Missing]) && self.is(Feature::Spelling, &[1, 2, 3]);
        // Whoever marries keeps the given name, the birthday and often the home.
        let is_married =
            self.has_name(&[NameClass::OtherSurname]) && self.is(Feature::Birth, &[1]) && self.lives_near();
        (is_named || is_spelt || is_married) && self.has_context() && !self.contradicts() && !self.has_doubt()
    }

    /// Returns whether the records say of themselves that they are two people: other names, other birthdays, another
    /// generation of one name, two profiles with one service, one name of two.
    pub(super) fn contradicts(&self) -> bool {
        (self.is(Feature::Birth, &[6]) && !self.is_miswritten())
            || self.is(Feature::Birth, &[7, 8])
            || self.is(Feature::Profile, &[4])
            || self.is(Feature::Generation, &[2])
            || self.is(Feature::Reading, &[3])
            || self.names_differ()
            || self.has_name(&[NameClass::GivenAlike, NameClass::OtherCallName])
    }

    /// Returns whether the records could be two people of whom both are known: a contradiction, or another surname.
    pub(super) fn are_likely_two(&self) -> bool {
        self.contradicts() || self.has_name(&[NameClass::OtherSurname])
    }

    /// Returns whether one record gives so little of the name that it fits several people, and nothing else tells which.
    pub(super) fn is_loose(&self) -> bool {
        let partial = [NameClass::Initial, NameClass::VariantAndSlip, NameClass::GivenOnly, NameClass::SurnameOnly];
        // A mailbox without a name is one's of a couple who share it, or both's.
        let is_bare = self.has_name(&[NameClass::Missing]) && self.is_reached();
        ((is_bare || self.has_name(&partial)) && !self.has_own()) || self.is(Feature::Generation, &[3])
    }

    /// Counts the kinds of evidence that agree, with the name and without it.
    pub(super) fn together(&self) -> u8 {
        let reach = [Feature::Email, Feature::Phone, Feature::Profile].into_iter().any(|f| self.is(f, &[1, 2, 3]));
        let house = self.is(Feature::Street, &[1, 2]) && self.is(Feature::House, &[1]);
        let town = self.is(Feature::Postcode, &[1, 2]) && self.is(Feature::Locality, &[1, 2]);
        let company = self.is(Feature::Company, &[1, 2, 3]);
        let birth = self.is(Feature::Birth, &[1, 2, 3]);
        let kinds: u8 = [reach, company, birth, house, town].into_iter().map(u8::from).sum();
        // Of two names that differ a thread says that they are two who write to each other.
        let kinds = kinds + u8::from(self.names_agree() && self.is(Feature::Thread, &[1]));
        kinds.min(4) + if self.names_agree() { 5 } else { 0 }
    }

    /// An address, a number or a profile that is one person's own; a number is often a household's or an office's, and does
    /// not tell two of one given name apart.
    fn joins_by_itself(&self) -> bool {
        let is_line = !self.is(Feature::Email, &[1]) && !self.is(Feature::Profile, &[1]);
        let by_line = [NameClass::SurnameAlike, NameClass::OtherSurname];
        let is_unsure = self.has_name(&[NameClass::BothAlike]) || (is_line && self.has_name(&by_line));
        self.has_own() && !self.contradicts() && !is_unsure
    }

    /// Namesakes of one company have other numbers and addresses; brothers and sisters have names that are alike.
    fn has_doubt(&self) -> bool {
        let is_reached_elsewhere = self.is(Feature::Phone, &[4]) || self.is(Feature::Email, &[5]);
        let slips = [NameClass::SlipInGiven, NameClass::VariantAndSlip, NameClass::BothAlike];
        let slips_twice = self.has_name(&slips) && self.is(Feature::Birth, &[3, 4]);
        let is_sure = self.is_reached() || self.lives_together();
        // Of a name that many bear two were born on one day by chance.
        let is_born_so = self.is(Feature::Birth, &[1, 2]) && !self.is(Feature::Rarity, &[5, 6]);
        !is_sure && (slips_twice || (is_reached_elsewhere && !is_born_so))
    }

    /// A twin, or one person under two names: born on one day, and in one house or in one town.
    fn is_twin(&self) -> bool {
        let in_house = self.is(Feature::Street, &[1, 2]) && self.is(Feature::House, &[1, 2]);
        let has_surname = self.has_name(&[NameClass::OtherGiven]);
        let is_born_so = self.is(Feature::Birth, &[1]) || (has_surname && self.is(Feature::Birth, &[3]));
        is_born_so && (in_house || self.lives_near())
    }

    /// The same name in the same house, and a birthday that is wrong on one side: too near for a parent and a child, and nobody
    /// gives two children one name.
    fn is_miswritten(&self) -> bool {
        let in_town = [Feature::Postcode, Feature::Locality].into_iter().all(|feature| !self.is(feature, &[3]));
        self.has_name(&[NameClass::Full]) && self.lives_together() && in_town
    }

    fn lives_together(&self) -> bool {
        self.is(Feature::Street, &[1]) && self.is(Feature::House, &[1])
    }

    fn lives_near(&self) -> bool {
        [Feature::Street, Feature::Postcode, Feature::Locality].into_iter().any(|feature| self.is(feature, &[1]))
    }

    fn names_agree(&self) -> bool {
        self.level(Feature::Name) < NameClass::GivenOnly as u8
    }

    fn names_differ(&self) -> bool {
        self.has_name(&[NameClass::OtherGiven, NameClass::Different])
    }

    fn has_own(&self) -> bool {
        [Feature::Email, Feature::Phone, Feature::Profile].into_iter().any(|feature| self.is(feature, &[1]))
    }

    /// Both go by one address, number or profile, which few share.
    fn is_reached(&self) -> bool {
        [Feature::Email, Feature::Phone, Feature::Profile].into_iter().any(|feature| self.is(feature, &[1, 2]))
    }

    fn has_name(&self, classes: &[NameClass]) -> bool {
        classes.iter().any(|class| *class as u8 == self.level(Feature::Name))
    }

    fn is(&self, feature: Feature, levels: &[u8]) -> bool {
        levels.contains(&self.level(feature))
    }
}
