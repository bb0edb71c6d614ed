//! What an importer emits while it reads: parts, records with their place, diagnostics, tallies.
//!
//! ```text
//!  Part(linkedin, connections, complete)  Record  Record  Diagnostic  Part(linkedin, messages)  Record …
//! ```

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A stretch of records that belong to one collection of one source.
///
/// Records that follow belong to it until the next part begins. The same part may be named again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct Part {
    /// The source, the namespace of keys: `linkedin`, `google`, `vcard`, `mail`.
    pub source: String,
    /// Which of the source's collections: `connections`, `messages`, `cards`.
    pub collection: String,
    /// Whose account at the source it is, where the data tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Whether it holds the whole collection, so that what is missing is gone, or adds to it.
    pub completeness: Completeness,
    /// The newest date within the content, else that of the archive's entry. Without one the import's time counts.
    ///
    /// May come late: a part named again with a later snapshot raises it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<Timestamp>,
}

/// Whether a part holds the whole of a collection.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Completeness {
    /// It adds to what is known.
    #[default]
    Additive,
    /// It lists everything that there is: what it does not list is gone.
    Complete,
}

/// Where in the input an item stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Which entry of the bundle, from 0.
    pub entry: u32,
    /// Which item of the file, from 1.
    pub position: u64,
    /// Its first line, from 1; 0 where the format has no lines.
    pub line: u64,
}
