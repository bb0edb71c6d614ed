//! Importer of mail: single messages (.eml, .msg), mboxes of every kind, batches of a Maildir. Headers, and the cards and calendars
//! that are attached. A text only of what the user sent, and only where they want promises found in it.
//!
//! ```text
//!  bytes ─window─▶ mbox or one message ─head─▶ header fields ─message─▶ Interaction, or Bulk (bulk), or a draft's tally
//!                                     ├─parts─▶ cards and calendars ─attached─▶ Card, Interaction
//!                                     └─parts─▶ text, where it may be looked into ─promised─▶ promises of the Interaction
//! ```
//!
//! Who the owner is, and so which way a mail went, is decided in kith-core.

mod attached;
mod bulk;
mod content;
mod folder;
mod head;
mod maildir;
mod mbox;
mod message;
mod named;
mod outlook;
mod parts;
mod promised;
mod text;
mod window;

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use kith_plugin::diagnostic::Diagnostic;
use kith_plugin::emit::Place;
use kith_plugin::mail::MailWish;
use kith_plugin::{Importer, Input, Output, Reader, Stop};

use crate::attached::{Attached, Carrier, messages};
use crate::content::Content;
use crate::folder::Folder;
use crate::head::Charsets;
use crate::mbox::{Found, Mbox};
use crate::message::{Around, Outcome, outcome_of};
use crate::text::text_of;
use crate::window::Window;

/// Reads mail.
#[derive(Debug)]
pub struct EmailImporter;

impl Importer for EmailImporter {
    const NAME: &'static str = "email";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const ACCEPTS: &'static [&'static str] = &[".eml", ".mbox", ".mbx", ".msg"];

    fn probe(names: &[&str], head: &[u8]) -> u8 {
        if outlook::is_compound(head) {
            let named = |name: &&str| name.to_ascii_lowercase().ends_with(".msg");
            return if names.iter().any(named) { 95 } else { 0 };
        }
        let head = mbox::skip_blank(head);
        if mbox::is_mbox(head) {
            return 95;
        }
        let ours = |name: &&str| {
            let name = name.to_ascii_lowercase();
            Self::ACCEPTS.iter().any(|ending| name.ends_with(ending)) || maildir::Name::parse(&name).is_some()
        };
        let named = !names.is_empty() && names.iter().all(ours);
        match (count_headers(head), named) {
            (0, _) => 0,
            (_, true) => 90,
            (1, false) => 0,
            (_, false) => 80,
        }
    }

    fn import(input: &Input<'_>, out: &mut Output<'_>) -> Result<(), Stop> {
        out.part(&messages())?;
        let (files, wish) = promised::wish(input)?;
        let mut job = Job { alone: files == 1, wish, ..Job::default() };
        let read = (0..files).zip(0..).try_for_each(|(entry, ordinal)| {
            job.entry = ordinal;
            job.position = 0;
            let size = input.entries().get(entry).map_or(0, |entry| entry.size);
            let file = File { path: input.path_of(entry), open: &|| input.open(entry), size };
            job.read(&file, out)
        });
        // What was attached before a cut counts, too.
        read.and(job.attached.finish(out))?;
        if job.drafts > 0 {
            out.tally("draft", job.drafts)?;
        }
        Ok(())
    }
}

kith_plugin::export_importer!(EmailImporter);

/// Counts the header fields known in mail at the beginning; none when the first line is no header field.
fn count_headers(head: &[u8]) -> usize {
    if head::header_name(head).is_none() {
        return 0;
    }
    let mut known = 0;
    for line in head.split(|byte| *byte == b'\n').take_while(|line| !line.trim_ascii().is_empty()) {
        let folded = line.first().is_some_and(u8::is_ascii_whitespace);
        known += usize::from(!folded && head::header_name(line).is_some_and(head::is_known_header));
    }
    known
}

/// A file of the bundle.
struct File<'a> {
    path: &'a str,
    open: &'a dyn Fn() -> Reader<'a>,
    size: u64,
}

/// One job: a file, or a batch of a Maildir.
#[derive(Debug, Default)]
struct Job {
    alone: bool,
    wish: MailWish,
    entry: u32,
    position: u64,
    drafts: u64,
    charsets: Charsets,
    found: Found,
    attached: Attached,
}

impl Job {
    fn read(&mut self, file: &File<'_>, out: &mut Output<'_>) -> Result<(), Stop> {
        let File { path, size, .. } = *file;
        let mut window = Window::new((file.open)(), size);
        window.fill(4096)?;
        if outlook::is_compound(window.bytes()) {
            return self.outlook(file, out);
        }
        if !mbox::is_mbox(window.bytes()) {
            return self.single(path, window, size, out);
        }
        let name = path.rsplit('/').next().unwrap_or(path);
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let folder = Folder::of_name(stem);
        let mut mbox = Mbox::new(window, size)?;
        let mut found = core::mem::take(&mut self.found);
        while mbox.next(&mut found)? {
            let separator = String::from_utf8_lossy(&found.separator);
            let around = Around { separator: &separator, folder, size: found.size, ..Around::default() };
            let mut text = |content| {
                let mut text = String::new();
                mbox.look_into(&found, |window, end| text_of(window, end, content).map(|read| text = read))?;
                Ok(text)
            };
            if let Some(carrier) = self.message(path, (&found, &around), &mut text, out)? {
                let attached = &mut self.attached;
                mbox.look_into(&found, |window, end| attached.look(carrier, (window, end), out))?;
            }
        }
        self.found = found;
        Ok(())
    }

    /// Reads a file that is one message.
    fn single(
        &mut self,
        path: &str,
        mut window: Window<Reader<'_>>,
        size: u64,
        out: &mut Output<'_>,
    ) -> Result<(), Stop> {
        let blank = window.bytes().len() - mbox::skip_blank(window.bytes()).len();
        window.advance(blank);
        let reason = if window.bytes().is_empty() {
            "an empty file: no mail in it"
        } else if head::header_name(window.bytes()).is_none() {
            "not a mail: it does not begin with a header"
        } else {
            let maildir = maildir::Name::parse(path).unwrap_or_default();
            let around = Around { maildir, folder: Folder::of_name(maildir.folder), size, ..Around::default() };
            let mut found = core::mem::take(&mut self.found);
            found.line = window.mark().line;
            mbox::read_head(&mut window, &mut found)?;
            let body = window.mark();
            let mut text = |content| {
                let text = text_of(&mut window, size, content)?;
                window.go_to(body)?;
                Ok(text)
            };
            let carrier = self.message(path, (&found, &around), &mut text, out)?;
            self.found = found;
            return carrier.map_or(Ok(()), |carrier| self.attached.look(carrier, (&mut window, size), out));
        };
        if self.alone {
            return Err(Stop::refuse(reason));
        }
        say(out, path, Diagnostic::refused(reason, "file left out"))
    }

    /// Reads a message that Outlook saved.
    fn outlook(&mut self, file: &File<'_>, out: &mut Output<'_>) -> Result<(), Stop> {
        let File { path, size, .. } = *file;
        let message = match catch_unwind(AssertUnwindSafe(|| outlook::read((file.open)()))) {
            Ok(Ok(message)) => message,
            Ok(Err(stop)) if self.alone => return Err(stop),
            Ok(Err(stop)) => return say(out, path, Diagnostic::refused(stop.to_string(), "file left out")),
            Err(_) => return say(out, path, Diagnostic::refused("the parser failed on it", "message left out")),
        };
        let folder = if message.is_draft { Folder::Drafts } else { Folder::Other };
        let found = Found { line: 0, head: message.head, ..Found::default() };
        let around = Around { folder, size, ..Around::default() };
        let mut text = |_| outlook::text((file.open)());
        self.message(path, (&found, &around), &mut text, out).map(drop)
    }

    /// Emits one message, and returns it if something may be attached. One that the parser cannot stand costs only itself.
    ///
    /// `text` reads what it says; it is called only where that may be looked into.
    fn message<'a>(
        &mut self,
        path: &'a str,
        (found, around): (&Found, &Around<'_>),
        text: &mut dyn FnMut(Content) -> io::Result<String>,
        out: &mut Output<'_>,
    ) -> Result<Option<Carrier<'a>>, Stop> {
        self.position += 1;
        let place = Place { entry: self.entry, position: self.position, line: found.line };
        let (block, guessed) = self.charsets.decode(&found.head);
        if let Some(encoding) = guessed {
            let diagnostic = Diagnostic::kept("header neither UTF-8 nor encoded", format!("decoded as {encoding}"));
            say(out, path, diagnostic.at_line(found.line))?;
        }
        if found.head_cut {
            let diagnostic = Diagnostic::kept("header longer than 1 MiB", "kept with its beginning");
            say(out, path, diagnostic.at_line(found.line))?;
        }
        let parse = || {
            let mut head = head::read(&block);
            let (content, day) = (core::mem::take(&mut head.content), head.day);
            (content, day, outcome_of(head, around))
        };
        let Ok((content, day, (outcome, diagnostics))) = catch_unwind(parse) else {
            let diagnostic = Diagnostic::refused("the parser failed on it", "message left out");
            say(out, path, diagnostic.at_line(found.line))?;
            return Ok(None);
        };
        for diagnostic in diagnostics {
            say(out, path, diagnostic.at_line(found.line))?;
        }
        match outcome {
            Outcome::Record(key, mut record) => {
                if promised::is_looked_into(&record, &self.wish) {
                    promised::add(&mut record, &text(content.clone())?, day);
                }
                out.record(place, key.as_deref(), &record)?;
                return Ok(Carrier::of(path, place, content, &record));
            }
            Outcome::Draft => self.drafts += 1,
            Outcome::Refused(reason) => {
                say(out, path, Diagnostic::refused(reason, "message left out").at_line(found.line))?;
            }
        }
        Ok(None)
    }
}

fn say(out: &mut Output<'_>, path: &str, diagnostic: Diagnostic) -> Result<(), Stop> {
    out.diagnostic(Diagnostic { path: path.to_owned(), ..diagnostic })
}
