//! Keeps a folder for the phone: a card a person, and what will come as a calendar. One way: nothing is read back.
//!
//! Any program that carries a vdir to a server takes it from there (vdirsyncer, pimsync; `docs/PHONE.md`). What lies in the
//! folder follows a change after some seconds, in a task of its own. How files are written and which of them are kith's is
//! `folder`; what will come is decided in `kith_core::plan::coming`.
//!
//! ```text
//!  changed ─▶ quiet for a while ─▶ people/UID.vcf, reminders/UID.ics, reminders.ics ─▶ vdirsyncer ─▶ server ─▶ phone
//! ```

pub mod folder;
mod outlook;

use std::future::pending;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use kith_core::book::people::Person;
use kith_core::id::PersonId;
use kith_core::uid::{CardUid, SCHEME};
use tokio::sync::watch;
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};

use crate::clock;
use crate::config::{Config, PhoneFolder, PhonePeople};
use crate::keeper::Keeper;
use crate::phone::folder::{Folder, FolderError};
use crate::store::StoreError;
use crate::view::export;

/// How long nothing must have changed before the files follow.
const QUIET: Duration = Duration::from_secs(3);

/// After this long they follow though things still change.
const LONGEST: Duration = Duration::from_secs(60);

/// When to try again what failed.
const AGAIN: Duration = Duration::from_secs(60);

/// How often to look without a change: a reminder that nobody answered is no more open after some days.
const LOOK: Duration = Duration::from_secs(12 * 60 * 60);

/// For every second that the files took, so many are waited: many people must not keep the machine busy.
const REST_FACTOR: u32 = 20;

/// What keeping the phone's folder works with.
#[derive(Debug)]
pub struct Phone {
    /// Knows the people.
    pub keeper: Keeper,
    /// Which folder, and who.
    pub config: watch::Receiver<Arc<Config>>,
    /// kith's folder of local state.
    pub state: PathBuf,
    /// Ticks on resume.
    pub jumps: watch::Receiver<u64>,
    /// Told what is wrong, in words.
    pub fault: watch::Sender<Option<String>>,
}

/// A panic ended writing.
#[derive(Debug, thiserror::Error)]
#[error("write the phone's folder")]
pub struct PhoneError(#[source] tokio::task::JoinError);

/// The folder cannot be written now; it is tried again.
#[derive(Debug, thiserror::Error)]
pub enum PhoneFault {
    /// The folder is away, full, or holds what is not kith's.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The people cannot be read.
    #[error("read the people for the phone's folder")]
    Store(#[from] StoreError),
}

/// What came of a pass over all files.
enum Pass {
    /// The files are as they should be; so long it took.
    Done(Duration),
    /// Something is in the way.
    Failed(PhoneFault),
}

/// Keeps the folder until told to shut down.
///
/// # Errors
/// When writing panicked.
pub async fn run(mut phone: Phone, mut shutdown: watch::Receiver<bool>) -> Result<(), PhoneError> {
    let mut changed = phone.keeper.changed();
    loop {
        let config = Arc::clone(&phone.config.borrow_and_update());
        changed.mark_unchanged();
        let pass = pass(&phone, &config, &shutdown).await?;
        phone.say(pass.as_ref());
        let (rest, look) = match &pass {
            Some(Pass::Done(took)) => (QUIET.max(*took * REST_FACTOR), LOOK),
            Some(Pass::Failed(_)) | None => (QUIET, AGAIN),
        };
        tokio::select! {
            _ = shutdown.wait_for(|ends| *ends) => return Ok(()),
            () = ticked(&mut phone.config) => {}
            () = settled(&mut changed, rest) => {}
            () = sleep(look), if pass.is_some() => {}
            () = ticked(&mut phone.jumps), if pass.is_some() => {}
        }
    }
}

impl Phone {
    /// Says once what is wrong, and takes it back when it is not any more.
    fn say(&self, pass: Option<&Pass>) {
        let words = match pass {
            Some(Pass::Failed(fault)) => Some(crate::run::chain(fault)),
            Some(Pass::Done(_)) | None => None,
        };
        self.fault.send_if_modified(|known| {
            let differs = *known != words;
            if differs && words.is_some() {
                tracing::warn!("the phone's folder cannot be kept; trying again every minute. `kith status` says why");
            }
            *known = words;
            differs
        });
    }
}

/// `None` when all is well and there is no folder to keep.
async fn pass(
    phone: &Phone,
    config: &Arc<Config>,
    shutdown: &watch::Receiver<bool>,
) -> Result<Option<Pass>, PhoneError> {
    let (keeper, config) = (phone.keeper.clone(), Arc::clone(config));
    let (state, shutdown) = (phone.state.clone(), shutdown.clone());
    let began = clock::awake();
    let has_folder = config.phone.is_some();
    let written = spawn_blocking(move || keep(&keeper, &config, &state, &shutdown)).await.map_err(PhoneError)?;
    Ok(match written {
        Ok(()) => has_folder.then(|| Pass::Done(clock::awake().saturating_sub(began))),
        Err(fault) => Some(Pass::Failed(fault)),
    })
}

/// Remembers nothing of those who are forgotten, and makes the files what they should be where there is a folder.
fn keep(keeper: &Keeper, config: &Config, state: &Path, shutdown: &watch::Receiver<bool>) -> Result<(), PhoneFault> {
    let forgotten = keeper.book().forgotten().clone();
    folder::forget(state, &forgotten)?;
    config.phone.as_ref().map_or(Ok(()), |wish| write(keeper, config, wish, state, shutdown))
}

/// Makes the files what they should be; ends early when the daemon does.
fn write(
    keeper: &Keeper,
    config: &Config,
    wish: &PhoneFolder,
    state: &Path,
    shutdown: &watch::Receiver<bool>,
) -> Result<(), PhoneFault> {
    let now = clock::now();
    let people = people(keeper, wish.people);
    let events = outlook::events(keeper, config, &people, now)?;
    let mut folder = Folder::open(&wish.folder, state)?;
    let calendar = folder.revise(events, now);
    let cards = people.iter().map(|person| (card_name(&person.id), person.id));
    let cards: Vec<(String, PersonId)> = cards.collect();
    folder.claim(cards.iter().map(|(name, _)| name.clone()).chain(calendar.names()))?;
    for (name, person) in &cards {
        if *shutdown.borrow() {
            return Ok(());
        }
        if let Some(card) = export::vcard(keeper, person)? {
            folder.put(name, card.as_bytes());
        }
    }
    for (name, text) in calendar.files() {
        folder.put(&name, text.as_bytes());
    }
    Ok(folder.close()?)
}

/// Returns whose cards and days go to the phone, by id.
fn people(keeper: &Keeper, wanted: PhonePeople) -> Vec<Person> {
    let book = keeper.book();
    let mut people: Vec<Person> = match wanted {
        PhonePeople::Circles => book.words().chosen().filter_map(|record| book.person(&record)).collect(),
        PhonePeople::Everyone => book.people().collect(),
    };
    people.retain(|person| {
        let is_chosen = || book.words().is_chosen(&person.records());
        person.may_be_reminded_of() && (wanted == PhonePeople::Everyone || is_chosen())
    });
    people.sort_by_key(|person| person.id);
    people.dedup_by_key(|person| person.id);
    people
}

fn card_name(person: &PersonId) -> String {
    let uid = CardUid::of(person).to_string();
    format!("people/{}.vcf", uid.trim_start_matches(SCHEME))
}

/// Waits for a change, and until nothing has changed for a while, or a long time has gone by.
async fn settled(changed: &mut watch::Receiver<u64>, rest: Duration) {
    ticked(changed).await;
    let quiet = async { while timeout(rest, ticked(changed)).await.is_ok() {} };
    // Whether it is quiet or the time is up, it is time.
    drop(timeout(LONGEST.max(rest), quiet).await);
}

/// Waits for a change; for ever when there can be none any more.
async fn ticked<T>(receiver: &mut watch::Receiver<T>) {
    if receiver.changed().await.is_err() {
        pending::<()>().await;
    }
}

#[cfg(test)]
mod tests;
