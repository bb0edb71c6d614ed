//! From the C ABI to the safe trait: the functions behind [`export_importer!`](crate::export_importer).
//!
//! Every pointer comes from the host, which promises what [`kith_proto::abi`] says. A panic ends here and becomes
//! [`KITH_FAULT`] with its message; it never crosses into the host.

use core::any::Any;
use core::ffi::c_void;
use core::marker::PhantomData;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use kith_proto::abi::{
    KITH_ABI_VERSION, KITH_FAULT, KITH_HASH_LENGTH, KITH_OK, KITH_REFUSED, KITH_STOPPED, KITH_TRUNCATED, KithEmit,
    KithImporter, KithInput, KithPlace, KithText,
};
use kith_proto::card::PhotoHash;
use kith_proto::emit::Place;

use crate::host::Host;
use crate::stop::Cause;
use crate::{Entry, Importer, Input, Output, Stop};

/// How many endings a plugin can name.
const ACCEPTS_LIMIT: usize = 32;

/// Returns the descriptor of an importer.
#[must_use]
pub const fn descriptor<T: Importer>() -> KithImporter {
    assert!(T::NAME.len() <= 32, "an importer's name has at most 32 bytes");
    assert!(T::ACCEPTS.len() <= ACCEPTS_LIMIT, "an importer names at most 32 endings");
    KithImporter {
        abi_version: KITH_ABI_VERSION,
        size: size_as_u32::<KithImporter>(),
        name: KithText::new(T::NAME),
        version: KithText::new(T::VERSION),
        accepts: Exported::<T>::ACCEPTS.as_ptr(),
        accept_count: T::ACCEPTS.len(),
        probe: Some(probe::<T>),
        import: Some(import::<T>),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a structure of a few words")]
const fn size_as_u32<T>() -> u32 {
    size_of::<T>() as u32
}

/// Holds an importer's constants in C's shape.
struct Exported<T>(PhantomData<T>);

impl<T: Importer> Exported<T> {
    const ACCEPTS: &'static [KithText; ACCEPTS_LIMIT] = &{
        let mut texts = [KithText::none(); ACCEPTS_LIMIT];
        let mut rest = T::ACCEPTS;
        let mut at = 0;
        while let [first, others @ ..] = rest {
            #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler; `descriptor` asserts the length")]
            {
                texts[at] = KithText::new(first);
            }
            rest = others;
            at += 1;
        }
        texts
    };
}

unsafe extern "C" fn probe<T: Importer>(names: *const KithText, count: usize, head: *const u8, length: usize) -> i32 {
    let probed = catch_unwind(|| {
        // SAFETY: the host passes `count` names that live during the call.
        let names = unsafe { slice(names, count) };
        // SAFETY: each is a text of the host that lives during the call.
        let names: Vec<&str> = names.iter().map(|name| unsafe { text(*name) }).collect();
        // SAFETY: the host passes `length` bytes that live during the call.
        T::probe(&names, unsafe { slice(head, length) })
    });
    probed.map_or(-KITH_FAULT, |confidence| i32::from(confidence.min(100)))
}

unsafe extern "C" fn import<T: Importer>(input: *const KithInput, emit: *const KithEmit, ctx: *mut c_void) -> i32 {
    // SAFETY: the host passes a valid input that lives during the call.
    let input = unsafe { *input };
    // SAFETY: the host passes a valid table that lives during the call.
    let emit = unsafe { *emit };
    let host = Worker { input, emit, ctx };
    let result = catch_unwind(AssertUnwindSafe(|| {
        T::import(&Input::new(&host, host.entries()), &mut Output::new(&host)).map_err(|stop| stop.cause)
    }));
    match result {
        Ok(Ok(())) => KITH_OK,
        Ok(Err(Cause::Host)) => KITH_STOPPED,
        Ok(Err(Cause::Refused(reason))) => host.end(KITH_REFUSED, &reason),
        Ok(Err(Cause::Truncated(reason))) => host.end(KITH_TRUNCATED, &reason),
        Err(panic) => host.end(KITH_FAULT, &message_of(panic.as_ref())),
    }
}

fn message_of(panic: &(dyn Any + Send)) -> String {
    let message = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("panicked: {}", message.unwrap_or("without a message"))
}

/// The host's callbacks.
struct Worker {
    input: KithInput,
    emit: KithEmit,
    ctx: *mut c_void,
}

impl Worker {
    fn entries(&self) -> Vec<Entry> {
        // SAFETY: the host passes that many entries, which live during the import.
        let entries = unsafe { slice(self.input.entries, self.input.entry_count as usize) };
        entries
            .iter()
            .map(|entry| {
                // SAFETY: a text of the host that lives during the import.
                let name = unsafe { text(entry.name) };
                Entry { name: name.to_owned(), size: entry.size }
            })
            .collect()
    }

    /// Tells the host why, and returns the answer of `import`.
    fn end(&self, answer: i32, reason: &str) -> i32 {
        let Some(say) = self.emit.reason else { return answer };
        // SAFETY: a function of the host, called with its own `ctx` and a text that lives during the call.
        let said = unsafe { say(self.ctx, KithText::new(reason)) };
        if said == KITH_OK { answer } else { KITH_STOPPED }
    }
}

/// Returns `Ok` when the host wants more.
fn go_on(answer: i32) -> Result<(), Stop> {
    if answer == KITH_OK { Ok(()) } else { Err(Stop::host()) }
}

impl Host for Worker {
    fn pread(&self, entry: usize, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let entry = u32::try_from(entry).map_err(|_| io::ErrorKind::NotFound)?;
        let pread = self.input.pread.ok_or(io::ErrorKind::Unsupported)?;
        // SAFETY: a function of the host, called with its own `ctx` and a buffer that it may fill.
        let read = unsafe { pread(self.ctx, entry, offset, buffer.as_mut_ptr(), buffer.len()) };
        usize::try_from(read).map_err(|_| io::Error::other("the host could not read it"))
    }

    fn part(&self, json: &[u8]) -> Result<(), Stop> {
        let part = self.emit.part.ok_or_else(Stop::host)?;
        // SAFETY: a function of the host, called with its own `ctx` and bytes that live during the call.
        go_on(unsafe { part(self.ctx, json.as_ptr(), json.len()) })
    }

    fn record(&self, place: Place, key: Option<&str>, json: &[u8]) -> Result<(), Stop> {
        let record = self.emit.record.ok_or_else(Stop::host)?;
        let place = KithPlace { position: place.position, line: place.line, entry: place.entry };
        let key = key.map_or(KithText::none(), KithText::new);
        // SAFETY: a function of the host, called with its own `ctx` and arguments that live during the call.
        go_on(unsafe { record(self.ctx, &raw const place, key, json.as_ptr(), json.len()) })
    }

    fn diagnostic(&self, json: &[u8]) -> Result<(), Stop> {
        let diagnostic = self.emit.diagnostic.ok_or_else(Stop::host)?;
        // SAFETY: a function of the host, called with its own `ctx` and bytes that live during the call.
        go_on(unsafe { diagnostic(self.ctx, json.as_ptr(), json.len()) })
    }

    fn tally(&self, class: &str, count: u64) -> Result<(), Stop> {
        let tally = self.emit.tally.ok_or_else(Stop::host)?;
        // SAFETY: a function of the host, called with its own `ctx` and a text that lives during the call.
        go_on(unsafe { tally(self.ctx, KithText::new(class), count) })
    }

    fn photo(&self, bytes: &[u8]) -> Result<PhotoHash, Stop> {
        let photo = self.emit.photo.ok_or_else(Stop::host)?;
        let mut hash = [0; KITH_HASH_LENGTH];
        // SAFETY: a function of the host, called with its own `ctx`, bytes that live during the call and room for a hash.
        go_on(unsafe { photo(self.ctx, bytes.as_ptr(), bytes.len(), hash.as_mut_ptr()) })?;
        Ok(PhotoHash(String::from_utf8_lossy(&hash).into_owned()))
    }
}

/// Borrows `count` items from C; a null pointer holds none.
///
/// # Safety
/// `first` is null or begins `count` items that are not written to during `'a`.
unsafe fn slice<'a, T>(first: *const T, count: usize) -> &'a [T] {
    if first.is_null() {
        return &[];
    }
    // SAFETY: as the caller promises.
    unsafe { core::slice::from_raw_parts(first, count) }
}

/// Borrows a text from C; empty when it is null or not UTF-8.
///
/// # Safety
/// As for [`slice`].
unsafe fn text<'a>(text: KithText) -> &'a str {
    // SAFETY: as the caller promises.
    let bytes = unsafe { slice(text.bytes, text.length) };
    core::str::from_utf8(bytes).unwrap_or_default()
}
