//! What a column of a contact list may hold: the words of `kith_plugin::column` and a few that only layouts use, and which
//! part of a card each is.

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    Full,
    Prefix,
    Given,
    Middle,
    Surname,
    Suffix,
    Company,
    Department,
    Birthday,
    BirthYear,
    BirthMonth,
    BirthDay,
    Wedding,
    Started,
    Notes,
    Many(Many),
    Address(AddressPart),
    Event,
    Custom,
    /// Says what the column of the same number is for.
    Label(Family),
    /// Known, and kept verbatim without a word.
    Beside,
    /// Left out, as the user wishes.
    Skip,
}

/// What a column holds of which a card may have many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Many {
    Nickname,
    Title,
    Keywords,
    Email,
    Phone,
    Link,
    LinkedIn,
    Twitter,
    /// A messenger's handle; its label is the service.
    Messenger,
    Relation,
}

/// A part of a postal address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AddressPart {
    Full,
    Street,
    Locality,
    Region,
    Postcode,
    Country,
}

/// Which columns a label belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    Email,
    Phone,
    Address,
    Link,
    Messenger,
    Relation,
    Event,
    Custom,
}

/// What the name of a column itself says about where its value is used, as a label would.
pub(crate) type Usage = &'static str;

/// What a column of this meaning is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Meaning {
    /// Its name, as in a mapping.
    pub(crate) name: &'static str,
    pub(crate) field: Field,
    pub(crate) usage: Usage,
}

/// A position, or a form of address where another column holds the position.
pub(crate) const TITLE_OR_PREFIX: &str = "title.or-prefix";

const fn of(name: &'static str, field: Field, usage: Usage) -> Meaning {
    Meaning { name, field, usage }
}

const fn many(name: &'static str, many: Many, usage: Usage) -> Meaning {
    of(name, Field::Many(many), usage)
}

const fn address(name: &'static str, part: AddressPart, usage: Usage) -> Meaning {
    of(name, Field::Address(part), usage)
}

const fn label(name: &'static str, family: Family) -> Meaning {
    of(name, Field::Label(family), "")
}

/// All meanings.
const MEANINGS: &[Meaning] = &[
    of("name", Field::Full, ""),
    of("name.prefix", Field::Prefix, ""),
    of("name.given", Field::Given, ""),
    of("name.middle", Field::Middle, ""),
    of("name.surname", Field::Surname, ""),
    of("name.suffix", Field::Suffix, ""),
    many("nickname", Many::Nickname, ""),
    of("company", Field::Company, ""),
    of("department", Field::Department, ""),
    many("title", Many::Title, ""),
    many(TITLE_OR_PREFIX, Many::Title, ""),
    many("email", Many::Email, ""),
    many("email.work", Many::Email, "Work"),
    many("email.home", Many::Email, "Home"),
    many("phone", Many::Phone, ""),
    many("phone.work", Many::Phone, "Work"),
    many("phone.home", Many::Phone, "Home"),
    many("phone.mobile", Many::Phone, "Mobile"),
    many("phone.main", Many::Phone, "Main"),
    many("phone.car", Many::Phone, "Car"),
    many("phone.pager", Many::Phone, "Pager"),
    many("phone.fax", Many::Phone, "Fax"),
    many("phone.work-fax", Many::Phone, "Work Fax"),
    many("phone.home-fax", Many::Phone, "Home Fax"),
    many("link", Many::Link, ""),
    many("linkedin", Many::LinkedIn, ""),
    many("twitter", Many::Twitter, ""),
    many("messenger", Many::Messenger, ""),
    many("messenger.skype", Many::Messenger, "Skype"),
    many("messenger.yahoo", Many::Messenger, "Yahoo"),
    address("address", AddressPart::Full, ""),
    address("address.street", AddressPart::Street, ""),
    address("address.city", AddressPart::Locality, ""),
    address("address.region", AddressPart::Region, ""),
    address("address.postcode", AddressPart::Postcode, ""),
    address("address.country", AddressPart::Country, ""),
    address("address.work", AddressPart::Full, "Work"),
    address("address.work.street", AddressPart::Street, "Work"),
    address("address.work.city", AddressPart::Locality, "Work"),
    address("address.work.region", AddressPart::Region, "Work"),
    address("address.work.postcode", AddressPart::Postcode, "Work"),
    address("address.work.country", AddressPart::Country, "Work"),
    address("address.home", AddressPart::Full, "Home"),
    address("address.home.street", AddressPart::Street, "Home"),
    address("address.home.city", AddressPart::Locality, "Home"),
    address("address.home.region", AddressPart::Region, "Home"),
    address("address.home.postcode", AddressPart::Postcode, "Home"),
    address("address.home.country", AddressPart::Country, "Home"),
    address("address.other", AddressPart::Full, "Other"),
    address("address.other.street", AddressPart::Street, "Other"),
    address("address.other.city", AddressPart::Locality, "Other"),
    address("address.other.region", AddressPart::Region, "Other"),
    address("address.other.postcode", AddressPart::Postcode, "Other"),
    address("address.other.country", AddressPart::Country, "Other"),
    of("birthday", Field::Birthday, ""),
    of("birthday.year", Field::BirthYear, ""),
    of("birthday.month", Field::BirthMonth, ""),
    of("birthday.day", Field::BirthDay, ""),
    of("wedding", Field::Wedding, ""),
    of("started", Field::Started, ""),
    of("event", Field::Event, ""),
    of("notes", Field::Notes, ""),
    many("keywords", Many::Keywords, ""),
    many("relation", Many::Relation, ""),
    many("relation.spouse", Many::Relation, "Spouse"),
    many("relation.child", Many::Relation, "Child"),
    many("relation.manager", Many::Relation, "Manager"),
    many("relation.assistant", Many::Relation, "Assistant"),
    of("custom", Field::Custom, ""),
    label("label.email", Family::Email),
    label("label.phone", Family::Phone),
    label("label.address", Family::Address),
    label("label.link", Family::Link),
    label("label.messenger", Family::Messenger),
    label("label.relation", Family::Relation),
    label("label.event", Family::Event),
    label("label.custom", Family::Custom),
    of("beside", Field::Beside, ""),
    of("skip", Field::Skip, ""),
];

/// Returns the meaning of this name.
pub(crate) fn meaning(name: &str) -> Option<&'static Meaning> {
    MEANINGS.iter().find(|meaning| meaning.name == name)
}

/// Returns which labels say more of a field. Of an address one part takes it, which every address has.
pub(crate) fn family(field: Field) -> Option<Family> {
    let pairs = [
        (Field::Many(Many::Email), Family::Email),
        (Field::Many(Many::Phone), Family::Phone),
        (Field::Address(AddressPart::Full), Family::Address),
        (Field::Address(AddressPart::Street), Family::Address),
        (Field::Address(AddressPart::Locality), Family::Address),
        (Field::Many(Many::Link), Family::Link),
        (Field::Many(Many::Messenger), Family::Messenger),
        (Field::Many(Many::Relation), Family::Relation),
        (Field::Event, Family::Event),
        (Field::Custom, Family::Custom),
    ];
    pairs.into_iter().find(|(known, _)| *known == field).map(|(_, family)| family)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kith_plugin::column;

    #[test]
    fn every_word_of_a_mapping_has_a_meaning_here() {
        for word in column::MEANINGS {
            assert!(meaning(word.name).is_some(), "{}", word.name);
        }
        let ours = MEANINGS.iter().filter(|ours| column::meaning(ours.name).is_none());
        for ours in ours {
            let internal = matches!(ours.field, Field::Label(_) | Field::Custom) || ours.name == TITLE_OR_PREFIX;
            assert!(internal, "{}", ours.name);
        }
    }
}
