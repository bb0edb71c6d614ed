//! Importer of tables: LinkedIn archives and their parts, Google Contacts, and any other CSV with recognisable columns.
//!
//! What a table is, its content tells, never its name. A bad row is told of and costs only itself.
//!
//! ```text
//!  file ──────▶ origin ─head─▶ sheet (delimiter, header) ─layout─▶ table ─rows─▶ linkedin | contacts ─▶ records
//!  zip ─archive─┘  └─all─▶ charset
//! ```

mod archive;
mod charset;
mod contacts;
mod date;
mod desk;
mod layout;
mod linkedin;
mod origin;
mod probe;
mod sheet;
mod table;

use kith_plugin::column::{MAPS_ENTRY, Maps};
use kith_plugin::diagnostic::Diagnostic;
use kith_plugin::{Importer, Input, Output, Stop};

use crate::archive::Archive;
use crate::charset::Certainty;
use crate::desk::Desk;
use crate::layout::Kind;
use crate::linkedin::Account;
use crate::origin::{File, Origin, Recognised};
use crate::table::{Next, Table};

/// Reads tables.
#[derive(Debug)]
pub struct CsvImporter;

impl Importer for CsvImporter {
    const NAME: &'static str = "csv";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const ACCEPTS: &'static [&'static str] = &[".csv", ".zip", ".tsv", ".txt"];

    fn probe(names: &[&str], head: &[u8]) -> u8 {
        probe::probe(names, head)
    }

    fn import(input: &Input<'_>, out: &mut Output<'_>) -> Result<(), Stop> {
        let (files, maps) = maps(input)?;
        let mut bundle = Bundle { input, maps, account: Account::default() };
        if files == 1 {
            bundle.entry(0, out)?;
        } else {
            bundle.entries(files, out)?;
        }
        bundle.account.close(&mut Desk::new(out, input.path_of(0).to_owned()))
    }
}

kith_plugin::export_importer!(CsvImporter);

/// Returns how many files the bundle has, and what the user says of their columns, which lies behind them.
fn maps(input: &Input<'_>) -> Result<(usize, Maps), Stop> {
    let count = input.entries().len();
    let Some(last) = count.checked_sub(1).filter(|last| input.path_of(*last) == MAPS_ENTRY) else {
        return Ok((count, Maps::default()));
    };
    let maps = serde_json::from_reader(input.open(last));
    Ok((last, maps.map_err(|error| Stop::refuse(format!("the mapping of columns cannot be read: {error}")))?))
}

/// The bundle at work.
struct Bundle<'i> {
    input: &'i Input<'i>,
    maps: Maps,
    account: Account,
}

impl<'i> Bundle<'i> {
    /// Reads the files of a folder. Those of no use beside LinkedIn's tables are counted, as in an archive.
    fn entries(&mut self, files: usize, out: &mut Output<'_>) -> Result<(), Stop> {
        let kinds: Vec<Option<Kind>> = (0..files)
            .map(|entry| {
                let head = origin::head(&mut File { input: self.input, entry }).ok()?;
                Some(origin::recognise(&head, &self.maps)?.kind)
            })
            .collect();
        let known: Vec<Kind> = kinds.iter().flatten().copied().collect();
        self.account.expect(known.iter().copied());
        let is_linkedin = known.iter().any(|kind| kind.is_linkedin());
        let is_used = used(&known);
        let mut order: Vec<(usize, Option<Kind>)> = kinds.into_iter().enumerate().collect();
        order.sort_by_key(|(_, kind)| (kind.is_none(), *kind));
        for (index, kind) in order {
            let path = self.input.path_of(index).to_owned();
            if kind.is_some_and(|kind| !is_used(kind)) {
                out.tally(&unused(&path), 1)?;
                continue;
            }
            if let Err(stop) = self.entry(index, out) {
                if kind.is_none() && is_linkedin {
                    out.tally(&unused(&path), 1)?;
                    continue;
                }
                // Where it was the host who stopped, it stops this too.
                Desk::new(out, path)
                    .say(Diagnostic::refused(stop.to_string(), "file left out, the others are read"))?;
            }
        }
        Ok(())
    }

    fn entry(&mut self, index: usize, out: &mut Output<'_>) -> Result<(), Stop> {
        let mut file = File { input: self.input, entry: index };
        let head = origin::head(&mut file)?;
        if head.is_empty() {
            return Err(Stop::refuse("the file is empty"));
        }
        if origin::is_zip(&head) {
            return self.archive(index, out);
        }
        let mut desk = Desk::new(out, self.input.path_of(index).to_owned());
        match origin::look(&mut file, &head, &self.maps)? {
            Some(found) => match self.table((index, &mut file), &found, &mut desk)? {
                None => Ok(()),
                Some(line) => Err(open_quote(line)),
            },
            None => Err(Stop::refuse(unrecognised(&head, self.maps.given.is_some()))),
        }
    }

    /// Reads the tables of an archive; what is of no use is counted.
    fn archive(&mut self, index: usize, out: &mut Output<'_>) -> Result<(), Stop> {
        let path = self.input.path_of(index).to_owned();
        let mut archive = Archive::open(self.input, index)?;
        let mut members = archive.members(&path, &self.maps, out)?;
        members.sort_by_key(|member| member.kind);
        let known: Vec<Kind> = members.iter().filter_map(|member| member.kind).collect();
        self.account.expect(known.iter().copied());
        let is_used = used(&known);
        if !known.into_iter().any(&is_used) {
            return Err(Stop::refuse("no file in the archive is a list of contacts, connections or messages"));
        }
        for member in members {
            if !member.kind.is_some_and(&is_used) {
                out.tally(&unused(&member.name), 1)?;
                continue;
            }
            let mut origin = archive.member(member.index);
            let mut desk = Desk::new(out, format!("{path}/{}", member.name));
            let head = origin::head(&mut origin);
            let ended = match head.and_then(|head| origin::look(&mut origin, &head, &self.maps)) {
                Ok(Some(found)) => self.table((index, &mut origin), &found, &mut desk),
                Ok(None) => Err(Stop::refuse("what its beginning promised it does not hold")),
                Err(stop) => Err(stop),
            };
            match ended {
                Ok(None) => {}
                Ok(Some(line)) => {
                    let problem = "a quote opens and never closes";
                    desk.say(Diagnostic::refused(problem, "the rest of the file is left out").at_line(line))?;
                }
                Err(stop) => desk.say(Diagnostic::refused(stop.to_string(), "the rest of the file is left out"))?,
            }
        }
        Ok(())
    }

    /// Reads a table. Returns the line of a row in which a quote never closes.
    fn table(
        &mut self,
        (entry, origin): (usize, &mut dyn Origin),
        found: &Recognised,
        desk: &mut Desk<'_, '_>,
    ) -> Result<Option<u64>, Stop> {
        let Recognised { charset, sheet } = found;
        let said = match charset.certainty {
            Certainty::Sure => None,
            Certainty::Guessed => Some(("neither UTF-8 nor marked as anything else".to_owned(), "")),
            Certainty::Damaged(count) => Some((format!("{count} places are not UTF-8"), "; those places show as �")),
        };
        if let Some((problem, more)) = said {
            desk.say(Diagnostic::kept(problem, format!("read as {}{more}", charset.name())))?;
        }
        let entry = u32::try_from(entry).unwrap_or(u32::MAX);
        let mut table = Table::new(origin.open()?, *charset, sheet, entry)?;
        let end = if self.maps.propose {
            contacts::propose(sheet, &mut table, desk)?;
            Next::End
        } else if sheet.kind.is_linkedin() {
            self.account.read(sheet, &mut table, desk)?
        } else {
            contacts::import(sheet, &mut table, desk)?
        };
        Ok((end == Next::Open).then(|| table.place().line))
    }
}

/// Returns which tables are read of those that lie together, in a folder as in an archive. Beside LinkedIn's own a table
/// of no known program is one of LinkedIn's that kith has no use for, even if it holds names.
fn used(kinds: &[Kind]) -> impl Fn(Kind) -> bool + use<> {
    let is_linkedin = kinds.iter().any(|kind| kind.is_linkedin());
    move |kind| !is_linkedin || kind != Kind::Contacts
}

/// What a file is counted as that kith has no use for.
fn unused(name: &str) -> String {
    format!("archive file not used: {name}")
}

fn open_quote(line: u64) -> Stop {
    Stop::truncated(format!("the file ends within a quoted value of the row that begins at line {line}"))
}

/// Says why a file is no table of contacts.
fn unrecognised(head: &[u8], is_mapped: bool) -> String {
    let Some((_, text)) = origin::text_of_head(head) else { return "not a table: it is no text".to_owned() };
    if sheet::is_too_wide(&text) {
        return format!("not a list of contacts: it has more than {} columns", sheet::COLUMNS_LIMIT);
    }
    if is_mapped {
        let begins = sheet::first_names(&text).unwrap_or_default();
        return format!("the mapping is for a table of other columns; this one begins with {begins:?}");
    }
    if let Some(kind) = sheet::other_kind(&text) {
        return format!("not a list of contacts: its columns are those of {kind}");
    }
    match sheet::first_names(&text) {
        Some(names) => {
            format!("not a list of contacts: no columns for names and addresses are recognised in {names:?}")
        }
        None => "not a table: it is empty".to_owned(),
    }
}
