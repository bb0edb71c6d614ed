//! Write an importer plugin for kith in safe Rust.
//!
//! A plugin turns the bytes of a file into records and diagnostics. It sees no file system, network, clock or owner; it
//! runs in a sandboxed child of the daemon. What the C interface looks like is [`kith_proto::abi`]; how the daemon runs
//! it is `plugin` in kithd.
//!
//! ```text
//!  bundle of entries ─▶ Input ─▶ Importer::import ─▶ Output ─▶ parts, records, diagnostics, tallies, photos
//! ```
//!
//! ```
//! use std::io::BufRead as _;
//!
//! use kith_plugin::card::{Card, Name};
//! use kith_plugin::emit::{Part, Place};
//! use kith_plugin::record::Record;
//! use kith_plugin::{Importer, Input, Output, Stop};
//!
//! /// Reads one name a line.
//! struct Names;
//!
//! impl Importer for Names {
//!     const NAME: &'static str = "names";
//!     const VERSION: &'static str = env!("CARGO_PKG_VERSION");
//!     const ACCEPTS: &'static [&'static str] = &[".names"];
//!
//!     fn probe(names: &[&str], _head: &[u8]) -> u8 {
//!         if names.iter().all(|name| name.ends_with(".names")) { 90 } else { 0 }
//!     }
//!
//!     fn import(input: &Input<'_>, out: &mut Output<'_>) -> Result<(), Stop> {
//!         out.part(&Part { source: "names".to_owned(), collection: "names".to_owned(), ..Part::default() })?;
//!         for (line, text) in (1..).zip(input.open(0).lines()) {
//!             let card = Card { name: Name { full: Some(text?), ..Name::default() }, ..Card::default() };
//!             out.record(Place { entry: 0, position: line, line }, None, &Record::Card(Box::new(card)))?;
//!         }
//!         Ok(())
//!     }
//! }
//!
//! kith_plugin::export_importer!(Names);
//!
//! let emitted = kith_plugin::testing::run::<Names>(&[("friends.names", b"Ana Silva\nBo Ek\n")]);
//! assert_eq!(emitted.len(), 4); // the part, two records, the end
//! ```

pub mod birth;
#[doc(hidden)]
#[expect(unsafe_code, reason = "the one file of the SDK that speaks C")]
pub mod export;
mod host;
mod input;
mod output;
mod stop;
pub mod testing;

/// Runs the examples of docs/PLUGINS.md.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/PLUGINS.md")]
struct PluginsDoc;

pub use kith_proto::{abi, card, column, date, diagnostic, emit, interaction, mail, record};

pub use crate::input::{Entry, Input, Reader};
pub use crate::output::Output;
pub use crate::stop::Stop;

/// Turns the bytes of a format into records and diagnostics.
pub trait Importer {
    /// The importer's name, lower-case: `csv`.
    const NAME: &'static str;
    /// Its version: `env!("CARGO_PKG_VERSION")`.
    const VERSION: &'static str;
    /// Endings of file names that it reads, lower-case: `.csv`. A hint only; [`Importer::probe`] decides.
    const ACCEPTS: &'static [&'static str];

    /// Returns how sure it is that it can read the bundle, 0 to 100.
    ///
    /// `names` are the entries' names, `head` the first 64 KiB of the first entry.
    fn probe(names: &[&str], head: &[u8]) -> u8;

    /// Reads the bundle and emits what is in it.
    ///
    /// A bad item becomes a diagnostic and the rest is kept.
    ///
    /// # Errors
    /// [`Stop`] when the bundle as a whole cannot be imported, or the host wants no more.
    fn import(input: &Input<'_>, out: &mut Output<'_>) -> Result<(), Stop>;
}

/// Makes the crate's importer loadable: exports the plugin's one symbol and its ELF note. Once a library.
#[macro_export]
macro_rules! export_importer {
    ($importer:ty) => {
        const _: () = {
            #[unsafe(export_name = "kith_importer")]
            pub static IMPORTER: $crate::abi::KithImporter = $crate::export::descriptor::<$importer>();

            #[used]
            #[unsafe(link_section = ".note.kith")]
            static NOTE: $crate::abi::KithNote = $crate::abi::KithNote::new(<$importer as $crate::Importer>::NAME);
        };
    };
}
