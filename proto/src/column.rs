//! What a column of a table may hold, in words that users, the client, the daemon and importers share, and the user's own
//! mapping of the columns of one kind of table.
//!
//! ```text
//!  kith import --map ─▶ maps/NAME.toml ─validated by kithd─▶ Maps, an entry of the bundle ─▶ importer
//! ```

use serde::{Deserialize, Serialize};

/// The name of the bundle's last entry when it is [`Maps`] as JSON, and no file of the user's.
pub const MAPS_ENTRY: &str = "kith-maps.json";

/// What a column may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meaning {
    /// Its name in a mapping: `email.work`.
    pub name: &'static str,
    /// What it is, for the user: "a mail address at work".
    pub what: &'static str,
}

/// The meaning of a column that is kept beside each card without a word.
pub const BESIDE: &str = "beside";

/// The meaning of a column that is left out.
pub const SKIP: &str = "skip";

/// Everything that a column may hold.
pub const MEANINGS: &[Meaning] = &[
    of("name", "the whole name"),
    of("name.prefix", "a form of address before the name: Dr."),
    of("name.given", "the given name"),
    of("name.middle", "a middle name"),
    of("name.surname", "the family name"),
    of("name.suffix", "what follows the name: PhD"),
    of("nickname", "a nickname"),
    of("company", "the organisation"),
    of("department", "the department"),
    of("title", "the position"),
    of("email", "a mail address"),
    of("email.work", "a mail address at work"),
    of("email.home", "a private mail address"),
    of("phone", "a telephone number"),
    of("phone.work", "a number at work"),
    of("phone.home", "a private number"),
    of("phone.mobile", "a mobile number"),
    of("phone.main", "the main number"),
    of("phone.car", "the number in the car"),
    of("phone.pager", "a pager"),
    of("phone.fax", "a fax"),
    of("phone.work-fax", "a fax at work"),
    of("phone.home-fax", "a private fax"),
    of("link", "a web page"),
    of("linkedin", "a LinkedIn profile"),
    of("twitter", "a handle on X or Twitter"),
    of("messenger", "a messenger's handle"),
    of("messenger.skype", "a handle on Skype"),
    of("messenger.yahoo", "a handle on Yahoo"),
    of("address", "a whole postal address"),
    of("address.street", "street and number"),
    of("address.city", "the city"),
    of("address.region", "the state or province"),
    of("address.postcode", "the postal code"),
    of("address.country", "the country"),
    of("address.work", "a whole postal address at work"),
    of("address.work.street", "street and number at work"),
    of("address.work.city", "the city at work"),
    of("address.work.region", "the state or province at work"),
    of("address.work.postcode", "the postal code at work"),
    of("address.work.country", "the country at work"),
    of("address.home", "a whole private postal address"),
    of("address.home.street", "street and number at home"),
    of("address.home.city", "the city at home"),
    of("address.home.region", "the state or province at home"),
    of("address.home.postcode", "the postal code at home"),
    of("address.home.country", "the country at home"),
    of("address.other", "another whole postal address"),
    of("address.other.street", "street and number elsewhere"),
    of("address.other.city", "the city elsewhere"),
    of("address.other.region", "the state or province elsewhere"),
    of("address.other.postcode", "the postal code elsewhere"),
    of("address.other.country", "the country elsewhere"),
    of("birthday", "the birthday"),
    of("birthday.year", "the year of birth"),
    of("birthday.month", "the month of birth"),
    of("birthday.day", "the day of birth"),
    of("wedding", "the wedding day"),
    of("started", "the day on which they began where they work"),
    of("event", "another day that comes back every year"),
    of("notes", "a note"),
    of("keywords", "labels, groups or categories"),
    of("relation", "someone related"),
    of("relation.spouse", "the spouse"),
    of("relation.child", "a child"),
    of("relation.manager", "the manager"),
    of("relation.assistant", "the assistant"),
    of(BESIDE, "kept beside the card as it is"),
    of(SKIP, "left out"),
];

const fn of(name: &'static str, what: &'static str) -> Meaning {
    Meaning { name, what }
}

/// Returns the meaning of this name.
#[must_use]
pub fn meaning(name: &str) -> Option<&'static Meaning> {
    MEANINGS.iter().find(|meaning| meaning.name == name)
}

/// The user's word on the columns of one kind of table: those whose header is this.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TableMap {
    /// Whether the table's first row names its columns. Without such a row a mapping is used only when it is given.
    pub header: bool,
    /// The columns, in order.
    pub columns: Vec<MappedColumn>,
}

/// A column and what it holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MappedColumn {
    /// Its name in the header.
    pub name: String,
    /// The name of a [`Meaning`].
    #[serde(rename = "as")]
    pub meaning: String,
}

/// What an importer of tables is told beside the files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Maps {
    /// Only say what each column would be taken as; emit no record.
    pub propose: bool,
    /// The mapping that was given for these very files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given: Option<TableMap>,
    /// Mappings of tables seen before, each for the tables of its header.
    pub saved: Vec<TableMap>,
}
