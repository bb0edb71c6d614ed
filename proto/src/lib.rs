//! The shared words of kith: what importers emit, what plugins and worker say to each other, what the API speaks.
//!
//! Types and their serde shapes only. No I/O, no async, no clock: what should happen is `kith-core`, what does happen is
//! `kithd`. The words are those of JSContact (RFC 9553); docs/GLOSSARY.md lists them.
//!
//! ```text
//!  plugin ──Record, Diagnostic──▶ worker ──frames──▶ kithd ──api──▶ kith
//! ```
//!
//! Every shape here is written to a disk or a socket somewhere. Fields are added, never reused; a reader skips fields and
//! variants that it does not know.

pub mod abi;
pub mod api;
pub mod card;
pub mod channel;
pub mod column;
pub mod date;
pub mod diagnostic;
pub mod emit;
pub mod frame;
pub mod interaction;
pub mod mail;
pub mod record;

/// The version of the record shapes in this crate, written with every import.
pub const RECORD_VERSION: u32 = 1;
