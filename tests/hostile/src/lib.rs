//! A plugin that misbehaves in every way a test asks for: the first word of the input says how.
//!
//! `good`, `many` and `large` behave. What the library's constructor does is said by [`CONSTRUCTOR_DOES`], which tests overwrite in a copy of
//! the file, for there is no input yet when it runs.

#![expect(unsafe_code, reason = "hostile on purpose")]
#![expect(clippy::exit, clippy::panic, reason = "hostile on purpose")]

use std::hint::black_box;
use std::io::{self, Read as _};
use std::os::fd::AsFd as _;
use std::sync::atomic::{AtomicI32, Ordering};
use std::{fs, net, process, thread};

use kith_plugin::card::{Card, Name};
use kith_plugin::emit::{Part, Place};
use kith_plugin::record::Record;
use kith_plugin::{Importer, Input, Output, Stop};
use rustix::mm::{MapFlags, ProtFlags, mmap_anonymous};

/// What the constructor does: the word after the colon.
static CONSTRUCTOR_DOES: [u8; 33] = *b"kith-hostile-constructor:nothing.";

/// What the constructor's attempt came to: 0 none, 1 it succeeded, else the error's number.
static CONSTRUCTOR_GOT: AtomicI32 = AtomicI32::new(0);

#[used]
#[unsafe(link_section = ".init_array")]
static CONSTRUCTOR: extern "C" fn() = constructor;

extern "C" fn constructor() {
    // Where the word is overwritten the compiler must not know it.
    let does = *black_box(&CONSTRUCTOR_DOES);
    if does.ends_with(b":openafi.") {
        let got = fs::File::open("/etc/passwd").map_or_else(|error| error.raw_os_error().unwrap_or(-1), |_| 1);
        CONSTRUCTOR_GOT.store(got, Ordering::Relaxed);
    }
    if does.ends_with(b":abort!!.") {
        process::abort();
    }
    if does.ends_with(b":connect.") {
        CONSTRUCTOR_GOT.store(i32::from(net::TcpStream::connect("127.0.0.1:1").is_ok()), Ordering::Relaxed);
    }
}

/// Misbehaves as the input says.
#[derive(Debug)]
struct Hostile;

impl Importer for Hostile {
    const NAME: &'static str = "hostile";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const ACCEPTS: &'static [&'static str] = &[".hostile"];

    fn probe(_names: &[&str], head: &[u8]) -> u8 {
        match head {
            b"probe-crash" => process::abort(),
            b"probe-panic" => panic!("on purpose"),
            b"not-mine" => 0,
            _ => 80,
        }
    }

    fn import(input: &Input<'_>, out: &mut Output<'_>) -> Result<(), Stop> {
        let mut order = String::new();
        input.open(0).take(64).read_to_string(&mut order)?;
        out.part(&Part { source: "hostile".to_owned(), collection: "cards".to_owned(), ..Part::default() })?;
        one(out, 1)?;
        obey(order.trim(), input, out)
    }
}

kith_plugin::export_importer!(Hostile);

fn obey(order: &str, input: &Input<'_>, out: &mut Output<'_>) -> Result<(), Stop> {
    match order {
        "good" => one(out, 2),
        "many" => (2..=100_000).try_for_each(|position| one(out, position)),
        "large" => (2..=100).try_for_each(|position| large(out, position)),
        "segfault" => segfault(),
        "abort" => process::abort(),
        "panic" => panic!("on purpose"),
        "loop" => endless(),
        "read" => read_for_ever(input),
        "allocate" => allocate(),
        "exit" => process::exit(0),
        "flood" => (1..).try_for_each(|position| one(out, position)),
        "lying-end" => lie(0),
        "lying-hash" => lie(1),
        "garbage" => raw(&[0xff; 64]),
        "open" => fs::read("/etc/passwd").map(drop).map_err(Stop::from),
        "connect" => net::TcpStream::connect("127.0.0.1:1").map(drop).map_err(Stop::from),
        "spawn" => process::Command::new("/bin/true").status().map(drop).map_err(Stop::from),
        "thread" => thread::spawn(endless).join().map_err(|_| Stop::refuse("the thread panicked"))?,
        "limit" => limit(),
        "no-place" => out.record(Place { entry: 7, position: 1, line: 1 }, None, &Record::Card(Box::default())),
        "constructor" => out.tally("constructor", u64::from(CONSTRUCTOR_GOT.load(Ordering::Relaxed).unsigned_abs())),
        "truncated" => Err(Stop::truncated("the card has no end")),
        "chatter" => (0..3_000).try_for_each(|_| {
            rustix::io::write(io::stderr().as_fd(), &[b'x'; 1000])
                .map(drop)
                .map_err(io::Error::from)
                .map_err(Stop::from)
        }),
        other => Err(Stop::refuse(format!("no such order: {other}"))),
    }
}

fn one(out: &mut Output<'_>, position: u64) -> Result<(), Stop> {
    let card = Card { name: Name { full: Some("Ana Silva".to_owned()), ..Name::default() }, ..Card::default() };
    out.record(Place { entry: 0, position, line: position }, Some("ana"), &Record::Card(Box::new(card)))
}

/// A card of nearly a mebibyte.
fn large(out: &mut Output<'_>, position: u64) -> Result<(), Stop> {
    let notes = vec!["x".repeat(900 * 1024)];
    let card = Card { notes, ..Card::default() };
    let place = Place { entry: 0, position, line: position };
    out.record(place, Some(&position.to_string()), &Record::Card(Box::new(card)))
}

fn segfault() -> Result<(), Stop> {
    // SAFETY: there is none; that is the point.
    let value = unsafe { core::ptr::read_volatile(black_box(8 as *const u8)) };
    Err(Stop::refuse(format!("read {value}")))
}

fn endless() -> Result<(), Stop> {
    let mut number = 1_u64;
    loop {
        number = black_box(number.wrapping_mul(3));
    }
}

/// Looks alive, and never ends.
fn read_for_ever(input: &Input<'_>) -> Result<(), Stop> {
    loop {
        io::copy(&mut input.open(0), &mut io::sink())?;
    }
}

fn allocate() -> Result<(), Stop> {
    let mut all: Vec<Vec<u8>> = Vec::new();
    loop {
        all.push(vec![1; 1024 * 1024]);
        black_box(&all);
    }
}

/// Sends an end of its own making while its records still wait to be written.
fn lie(records: u8) -> Result<(), Stop> {
    let mut frame = vec![40, 0, 0, 0, 26, records, 0, 0, 0, 0, 0, 0, 0];
    frame.resize(45, 7);
    raw(&frame)
}

/// Sets a limit, which lies where the lower half of its address is zero: who compares only that half takes it for none.
fn limit() -> Result<(), Stop> {
    let new = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    let at = core::ptr::without_provenance_mut::<libc::rlimit>(0x1_0000_0000);
    let (protection, flags) = (ProtFlags::READ | ProtFlags::WRITE, MapFlags::PRIVATE | MapFlags::FIXED);
    // SAFETY: nothing of ours is mapped there.
    unsafe { mmap_anonymous(at.cast(), 4096, protection, flags) }.map_err(io::Error::from)?;
    // SAFETY: the page was just mapped, to be written.
    unsafe { at.write(new) };
    // SAFETY: the new limit is readable, and no old one is asked for.
    let set = unsafe { libc::prlimit(0, libc::RLIMIT_NOFILE, at, core::ptr::null_mut()) };
    Err(Stop::refuse(format!("setting a limit came to {set}")))
}

fn raw(bytes: &[u8]) -> Result<(), Stop> {
    rustix::io::write(io::stdin().as_fd(), bytes).map(drop).map_err(io::Error::from).map_err(Stop::from)
}
