//! A plugin that misbehaves in every way a test asks for: the first word of the input says how.
//!
//! What it does to itself is here, what it asks of the kernel in `calls`, what it does to the worker's interface in `raw`.
//! `good`, `many` and `large` behave. What the library's constructor does is said by [`CONSTRUCTOR_DOES`], which tests overwrite in a copy of
//! the file, for there is no input yet when it runs.

#![expect(unsafe_code, reason = "hostile on purpose")]
#![expect(clippy::exit, clippy::panic, reason = "hostile on purpose")]

mod calls;
mod raw;

use std::hint::black_box;
use std::io::{self, Read as _};
use std::os::fd::AsFd as _;
use std::sync::atomic::{AtomicI32, AtomicU64, Ordering};
use std::{env, fs, net, process, thread};

use kith_plugin::card::{Card, Name};
use kith_plugin::diagnostic::Diagnostic;
use kith_plugin::emit::{Part, Place};
use kith_plugin::record::Record;
use kith_plugin::{Importer, Input, Output, Stop};

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
    if does.ends_with(b":forever.") {
        drop(endless());
    }
    if does.ends_with(b":process.") {
        drop(calls::obey("fork", None));
    }
    if does.ends_with(b":writeit.") {
        let got = fs::write("/tmp/kith-hostile", "").map_or_else(|error| error.raw_os_error().unwrap_or(-1), |()| 1);
        process::exit(got);
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

fn obey(order: &str, input: &Input<'_>, out: &mut Output<'_>) -> Result<(), Stop> {
    let (deed, pid) = order.split_once(':').map_or((order, None), |(deed, pid)| (deed, pid.parse().ok()));
    match deed {
        "good" => one(out, 2),
        "many" => (2..=100_000).try_for_each(|position| one(out, position)),
        "large" => (2..=100).try_for_each(|position| large(out, position)),
        "segfault" => segfault(),
        "abort" => process::abort(),
        "panic" => panic!("on purpose"),
        "loop" => endless(),
        "sleep" => thread_that_sleeps(),
        "read" => read_for_ever(input),
        "allocate" => allocate(),
        "leak" => leak(out),
        "unsteady" => unsteady(out),
        "exit" => process::exit(0),
        "flood" => (1..).try_for_each(|position| one(out, position)),
        "diagnostics" => (1..).try_for_each(|line| out.diagnostic(complaint(line))),
        "photo" => out.photo(&vec![7; 9 * 1024 * 1024]).map(drop),
        "environment" => Err(Stop::refuse(format!("the environment has {} variables", env::vars_os().count()))),
        "open" => fs::read("/etc/passwd").map(drop).map_err(Stop::from),
        "unlink" => fs::remove_file("/tmp/kith-hostile").map_err(Stop::from),
        "connect" => net::TcpStream::connect("127.0.0.1:1").map(drop).map_err(Stop::from),
        "spawn" => process::Command::new("/bin/true").status().map(drop).map_err(Stop::from),
        "thread" => thread::spawn(endless).join().map_err(|_| Stop::refuse("the thread panicked"))?,
        "no-place" => out.record(Place { entry: 7, position: 1, line: 1 }, None, &Record::Card(Box::default())),
        "constructor" => out.tally("constructor", u64::from(CONSTRUCTOR_GOT.load(Ordering::Relaxed).unsigned_abs())),
        "truncated" => Err(Stop::truncated("the card has no end")),
        "chatter" => chatter(),
        other => calls::obey(other, pid)
            .or_else(|| raw::obey(other))
            .unwrap_or_else(|| Err(Stop::refuse(format!("no such order: {other}")))),
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

/// Waits for what never comes, without using the processor.
fn thread_that_sleeps() -> Result<(), Stop> {
    loop {
        thread::park();
    }
}

/// Forgets some memory at each import.
fn leak(out: &mut Output<'_>) -> Result<(), Stop> {
    black_box(Box::leak(vec![1_u8; 4096].into_boxed_slice()));
    one(out, 2)
}

/// Says something else at each import.
fn unsteady(out: &mut Output<'_>) -> Result<(), Stop> {
    static TIMES: AtomicU64 = AtomicU64::new(2);
    one(out, TIMES.fetch_add(1, Ordering::Relaxed))
}

fn complaint(line: u64) -> Diagnostic {
    Diagnostic::kept("on purpose ".repeat(4_000), "nothing").at_line(line)
}

fn chatter() -> Result<(), Stop> {
    (0..3_000).try_for_each(|_| {
        rustix::io::write(io::stderr().as_fd(), &[b'x'; 1000]).map(drop).map_err(io::Error::from).map_err(Stop::from)
    })
}
