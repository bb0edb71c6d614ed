//! Text formats that more than one importer reads: a vCard is a file, and a part of a mail; so is a calendar.
//!
//! ```text
//!  bytes ─vcard─▶ cards, diagnostics          bytes ─calendar─▶ meetings, counts, diagnostics
//! ```
//!
//! What is found is handed to a function of the importer's, one by one. Only that of which a newer version may follow is held
//! back, as `newest` says.

pub mod calendar;
pub mod newest;
pub mod vcard;
