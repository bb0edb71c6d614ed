//! Removes those who are forgotten from what this device keeps: its own folders of the ledger, photos, reports.
//!
//! A forget fact comes first, and only then is anything removed; what a kill interrupts is taken up at the next start, for the
//! store says which facts were carried out, and is made anew at the end. What a line becomes is `lines`; how a segment is
//! rewritten, `ledger::rewrite`; who is found, `kith_core::book::forgotten`.
//!
//! ```text
//!  forget fact ─▶ survey of the ledger ─▶ a fact for what else was found ─▶ photos, reports ─▶ segments ─▶ store anew
//! ```

pub(super) mod left_out;
mod lines;
pub(super) mod photos;
pub(super) mod places;
pub(crate) mod survey;
mod texts;
pub(crate) mod traces;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use kith_core::book::Book;
use kith_core::book::forgotten::Screen;
use kith_core::fact::{Fact, Said, What};
use kith_core::forget::{Forget, ForgetKey};
use kith_core::id::{DeviceId, FactId};

use crate::keeper::forget::survey::Survey;
use crate::ledger::{Writer, devices, rewrite};
use crate::paths::Paths;
use crate::{clock, machine};

/// What was removed.
#[derive(Debug, Default)]
pub(super) struct Removal {
    /// The fact that says by what else the forgotten are found.
    pub(super) found: Option<Fact>,
    /// How many lines of the ledger were replaced.
    pub(super) lines: u64,
}

/// Returns the facts that forget somebody.
pub(super) fn facts(book: &Book) -> BTreeSet<FactId> {
    let forgets = book.words().iter().filter(|(.., said)| matches!(said, Said::Forget(_)));
    forgets.map(|(id, ..)| id.clone()).collect()
}

/// Returns a key for the hashes of a forget fact: that of earlier ones, so that a record is hashed once; else a new one.
///
/// # Errors
/// When no randomness is to be had.
pub(crate) fn key(book: &Book) -> io::Result<ForgetKey> {
    if let Some(key) = book.forgotten().key() {
        return Ok(key);
    }
    let mut bytes = [0; 32];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(ForgetKey::from_random(bytes))
}

/// Removes those who are forgotten from everything but the store.
///
/// # Errors
/// When something cannot be read or written; doing it again finishes it.
pub(super) fn remove(paths: &Paths, writer: &mut Writer, book: &Book) -> io::Result<Removal> {
    let Some(screen) = book.screen() else { return Ok(Removal::default()) };
    writer.sync()?;
    let survey = Survey::read(&paths.ledger, &screen)?;
    let found = say_found(writer, &survey, &screen)?;
    traces::remove(paths, &survey, &screen)?;
    let rewritten = own_folders(paths, writer.device(), book)?
        .iter()
        .try_fold(0, |lines, device| Ok(lines + rewrite_folder(&paths.ledger, device, &survey, &screen)?));
    writer.reopen()?;
    rewritten.map(|lines| Removal { found, lines })
}

/// Says by what else the forgotten are found here: of some records other devices may hold no more than the id.
fn say_found(writer: &mut Writer, survey: &Survey, screen: &Screen) -> io::Result<Option<Fact>> {
    let marks = survey.unknown_marks(screen);
    let Some(key) = screen.forgotten().key().filter(|_| !marks.is_empty()) else { return Ok(None) };
    let what = What::Said(Said::Forget(Forget::new(key, &marks)));
    let (id, at) = writer.append(clock::now(), &what)?;
    writer.sync()?;
    Ok(Some(Fact { id, at, what }))
}

fn rewrite_folder(root: &Path, device: &DeviceId, survey: &Survey, screen: &Screen) -> io::Result<u64> {
    let replaced =
        rewrite::rewrite(&root.join(device.as_str()), &|line| lines::replacement(line, device, survey, screen))?;
    tracing::info!(%device, lines = replaced.lines, segments = replaced.segments, "ledger is rewritten without those who are forgotten");
    Ok(replaced.lines)
}

/// Returns the devices whose folders are this machine's: this device, and those that it was before its state was lost.
pub(crate) fn own_folders(paths: &Paths, own: &DeviceId, book: &Book) -> io::Result<Vec<DeviceId>> {
    let seat = machine::seat(&paths.state);
    let was = |device: &DeviceId| {
        seat.is_some() && book.words().settings_of(device).is_some_and(|settings| settings.machine == seat)
    };
    Ok(devices(&paths.ledger)?.into_iter().filter(|device| device == own || was(device)).collect())
}
