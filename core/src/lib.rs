//! What should happen: pure decisions, without clock, files, network or threads.
//!
//! `now`, zones and randomness are arguments. The dependency list of this crate is the proof: effects live in `kithd`.
//!
//! ```text
//!  facts ─▶ fold ─▶ book (people) ─▶ plan(people, rules, now) ─▶ outbox
//!             │ normalize, resolve
//! ```

#![forbid(unsafe_code)]

pub mod book;
pub mod cadence;
pub mod change;
pub mod company;
pub mod digest;
pub mod fact;
pub mod faults;
pub mod fold;
pub mod forget;
pub mod give;
pub mod hlc;
pub mod ical;
pub mod id;
pub mod identity;
pub mod key;
pub mod line;
pub mod normalize;
pub mod noted;
pub mod own;
pub mod plan;
pub mod portrait;
pub mod provenance;
pub mod questions;
pub mod resolve;
pub mod row;
pub mod schedule;
pub mod settle;
pub mod told;
pub mod uid;
pub mod unite;
pub mod vcard;
