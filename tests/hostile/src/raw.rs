//! Below the SDK: the interface's own functions called as no SDK would, and bytes on the worker's socket.
//!
//! The descriptor is the SDK's, but for `import`, which keeps the host's functions for the deeds here.

use core::ffi::c_void;
use core::ptr;
use std::io;
use std::os::fd::{AsFd as _, BorrowedFd};
use std::sync::atomic::{AtomicPtr, Ordering};

use kith_plugin::Stop;
use kith_plugin::abi::{KITH_FAULT, KithEmit, KithImporter, KithInput, KithNote, KithPlace, KithText};
use kith_plugin::export::descriptor;

use super::Hostile;

static INPUT: AtomicPtr<KithInput> = AtomicPtr::new(ptr::null_mut());
static EMIT: AtomicPtr<KithEmit> = AtomicPtr::new(ptr::null_mut());
static CTX: AtomicPtr<c_void> = AtomicPtr::new(ptr::null_mut());

#[unsafe(export_name = "kith_importer")]
static IMPORTER: KithImporter = KithImporter { import: Some(import), ..descriptor::<Hostile>() };

#[used]
#[unsafe(link_section = ".note.kith")]
static NOTE: KithNote = KithNote::new("hostile");

extern "C" fn import(input: *const KithInput, emit: *const KithEmit, ctx: *mut c_void) -> i32 {
    INPUT.store(input.cast_mut(), Ordering::Relaxed);
    EMIT.store(emit.cast_mut(), Ordering::Relaxed);
    CTX.store(ctx, Ordering::Relaxed);
    match descriptor::<Hostile>().import {
        // SAFETY: as the host called us.
        Some(import) => unsafe { import(input, emit, ctx) },
        None => KITH_FAULT,
    }
}

/// Does what the order names; `None` when it names nothing.
pub(crate) fn obey(order: &str) -> Option<Result<(), Stop>> {
    Some(match order {
        "not-json" => record(b"{\"card\":"),
        "not-utf8" => record(b"{\"card\":{\"notes\":[\"\xff\"]}}"),
        "two-lines" => record(b"{\"card\":\n{}}"),
        "deep-json" => record(&[&b"{\"card\":"[..], &[b'['; 100_000]].concat()),
        "long-record" => record(&[&b"{\"card\":{\"notes\":[\""[..], &vec![b'x'; 2 << 20], b"\"]}}"].concat()),
        "huge-size" => record_of(1 << 40),
        "negative-size" => record_of(usize::MAX),
        "outside" => outside(),
        "lying-end" => write(&end(0, [7; 32])),
        "lying-count" => write(&end(1, [7; 32])),
        "two-ends" => write(&[end(0, begun()), end(0, begun())].concat()),
        "after-end" => write(&[end(0, begun()), frame(20, &[0; 24])].concat()),
        "garbage" => write(&[0xFF; 64]),
        "long-frame" => write(&[0xFF, 0xFF, 0xFF, 0x7F, 20]),
        "every-descriptor" => every_descriptor(|fd| rustix::io::write(fd, &[0xFF; 64]).is_ok()),
        "close" => close(),
        _ => return None,
    })
}

fn record(json: &[u8]) -> Result<(), Stop> {
    record_at(json.as_ptr(), json.len())
}

/// Hands over a record that claims to be as long.
fn record_of(length: usize) -> Result<(), Stop> {
    record_at(b"{\"card\":{}}".as_ptr(), length)
}

fn record_at(json: *const u8, length: usize) -> Result<(), Stop> {
    let place = KithPlace { position: 2, line: 2, entry: 0 };
    // SAFETY: the host's, during its call of import.
    let emit = unsafe { EMIT.load(Ordering::Relaxed).as_ref() };
    let Some(record) = emit.and_then(|emit| emit.record) else { return Err(Stop::refuse("no record")) };
    // SAFETY: there is none for the length; that is the point.
    unsafe { record(CTX.load(Ordering::Relaxed), &raw const place, KithText::none(), json, length) };
    Ok(())
}

/// Reads where its input is not.
fn outside() -> Result<(), Stop> {
    // SAFETY: the host's, during its call of import.
    let input = unsafe { INPUT.load(Ordering::Relaxed).as_ref() };
    let Some(pread) = input.and_then(|input| input.pread) else { return Err(Stop::refuse("no pread")) };
    let mut buffer = [0; 64];
    let mut came_to = Vec::new();
    for (entry, offset) in [(7, 0), (u32::MAX, 0), (0, 1 << 40), (0, u64::MAX)] {
        // SAFETY: the buffer is as long as it is said to be.
        came_to.push(unsafe { pread(CTX.load(Ordering::Relaxed), entry, offset, buffer.as_mut_ptr(), buffer.len()) });
    }
    Err(Stop::refuse(format!("reading outside came to {came_to:?}")))
}

fn frame(kind: u8, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX);
    [&length.to_le_bytes()[..], &[kind], payload].concat()
}

/// Makes an end that says so many records, and this hash of what came before.
fn end(records: u64, hash: [u8; 32]) -> Vec<u8> {
    frame(26, &[&records.to_le_bytes()[..], &hash].concat())
}

/// Returns the hash of what the worker has written of this import: that it has begun. It is the worker's first.
fn begun() -> [u8; 32] {
    *blake3::hash(&frame(BEGAN, &1_u64.to_le_bytes())).as_bytes()
}

const BEGAN: u8 = 19;

fn write(bytes: &[u8]) -> Result<(), Stop> {
    rustix::io::write(io::stdin().as_fd(), bytes).map(drop).map_err(io::Error::from).map_err(Stop::from)
}

/// Tries something with every descriptor that there may be.
fn every_descriptor(deed: impl Fn(BorrowedFd<'_>) -> bool) -> Result<(), Stop> {
    // SAFETY: whether it is open the kernel says.
    let count = (0..256).filter(|fd| *fd != 2 && deed(unsafe { BorrowedFd::borrow_raw(*fd) })).count();
    Err(Stop::refuse(format!("{count} descriptors could be written to")))
}

/// Hangs up.
fn close() -> Result<(), Stop> {
    // SAFETY: there is none; that is the point.
    (0..256).for_each(|fd| unsafe { rustix::io::close(fd) });
    Ok(())
}
