//! Unites what kith has no word for: each property once, item groups kept together and apart from others of their name.

use std::collections::{BTreeMap, BTreeSet};

use kith_proto::card::VCardProp;

/// Properties of one item group, or one alone.
#[derive(Debug)]
struct Bundle {
    group: Option<String>,
    props: Vec<VCardProp>,
}

/// The properties of several cards.
#[derive(Debug, Default)]
pub(super) struct Bundles(Vec<Bundle>);

impl Bundles {
    /// Adds a card's properties. What PRODID says, it says of the file and not of the person.
    pub(super) fn add(&mut self, props: &[VCardProp]) {
        let mut groups: BTreeMap<String, Vec<VCardProp>> = BTreeMap::new();
        for prop in props.iter().filter(|prop| !prop.name.eq_ignore_ascii_case("PRODID")) {
            // Control characters have no place in a content line.
            let line = |text: &str| text.replace(|c: char| c.is_ascii_control() && c != '\n' && c != '\t', "");
            let bare =
                VCardProp { group: None, name: line(&prop.name), params: line(&prop.params), value: line(&prop.value) };
            match &prop.group {
                Some(group) => groups.entry(group.clone()).or_default().push(bare),
                None => self.add_bundle(Bundle { group: None, props: vec![bare] }),
            }
        }
        for (group, props) in groups {
            self.add_bundle(Bundle { group: Some(group), props });
        }
    }

    /// What a group is called has no meaning, and neither has the order of properties; what is in a group has.
    fn add_bundle(&mut self, mut bundle: Bundle) {
        bundle.props.sort_by(|a, b| words(a).cmp(&words(b)));
        let same = |known: &Bundle| known.group.is_some() == bundle.group.is_some() && known.props == bundle.props;
        if !self.0.iter().any(same) {
            self.0.push(bundle);
        }
    }

    /// Returns all of them, each group under a name of its own.
    pub(super) fn finish(mut self) -> Vec<VCardProp> {
        self.0.sort_by(|a, b| {
            let grouped = a.group.is_some().cmp(&b.group.is_some());
            grouped.then_with(|| a.props.iter().map(words).cmp(b.props.iter().map(words)))
        });
        let mut used = BTreeSet::new();
        let names = self.0.iter().filter_map(|bundle| bundle.group.as_ref());
        let mut taken: BTreeSet<String> = names.map(|name| name.to_ascii_lowercase()).collect();
        let mut next = 1;
        let mut props = Vec::new();
        for Bundle { group, props: members } in self.0 {
            let group = group.map(|group| {
                if used.insert(group.to_ascii_lowercase()) {
                    return group;
                }
                loop {
                    let fresh = format!("item{next}");
                    next += 1;
                    if taken.insert(fresh.clone()) {
                        return fresh;
                    }
                }
            });
            props.extend(members.into_iter().map(|prop| VCardProp { group: group.clone(), ..prop }));
        }
        props
    }
}

fn words(prop: &VCardProp) -> (&str, &str, &str) {
    (&prop.name, &prop.params, &prop.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prop(group: &str, name: &str, value: &str) -> VCardProp {
        let group = Some(group.to_owned()).filter(|group| !group.is_empty());
        VCardProp { group, name: name.to_owned(), params: String::new(), value: value.to_owned() }
    }

    #[test]
    fn keeps_each_group_once_and_apart_from_others_of_its_name() {
        let mut bundles = Bundles::default();
        bundles.add(&[prop("item1", "X-A", "1"), prop("", "X-C", "3"), prop("item1", "X-B", "2")]);
        bundles.add(&[prop("item1", "X-A", "other"), prop("", "PRODID", "x"), prop("", "X-C", "3")]);
        bundles.add(&[prop("item7", "X-A", "1"), prop("item7", "X-B", "2")]);
        assert_eq!(
            bundles.finish(),
            [prop("", "X-C", "3"), prop("item1", "X-A", "1"), prop("item1", "X-B", "2"), prop("item2", "X-A", "other")]
        );
    }
}
