//! A zip archive of tables, read member by member without unpacking, within limits.
//!
//! What an archive may not do is said of each member: leave its folder, link elsewhere, hold another archive, grow without
//! measure. The other members are read all the same. What a member holds is decided as for any file, by `origin`.

use std::collections::BTreeMap;
use std::io::{self, Read};

use kith_plugin::column::Maps;
use kith_plugin::diagnostic::Diagnostic;
use kith_plugin::{Input, Output, Reader, Stop};
use zip::ZipArchive;
use zip::result::ZipError;

use crate::desk::Desk;
use crate::layout::Kind;
use crate::origin::{self, Origin};

/// How many members an archive may have.
const MEMBERS_LIMIT: usize = 20_000;

/// How large a member may be when it is unpacked.
const MEMBER_LIMIT_BYTES: u64 = 2 << 30;

/// How much larger than packed a member may be; text shrinks to a tenth, a hostile member to a thousandth.
const RATIO_LIMIT: u64 = 200;

/// Up to this size the ratio does not matter: a few repeated rows shrink well.
const RATIO_FREE_BYTES: u64 = 4 << 20;

/// How much may be unpacked in all.
const TOTAL_LIMIT_BYTES: u64 = 8 << 30;

/// An opened archive.
pub(crate) struct Archive<'i> {
    zip: ZipArchive<Reader<'i>>,
    total: Total,
}

/// How much is unpacked in all. A member is read several times, and counts once.
#[derive(Debug)]
struct Total {
    limit_bytes: u64,
    bytes: u64,
    /// How much of each member was unpacked at most.
    of_members: BTreeMap<usize, u64>,
}

/// A member that can be read.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) index: usize,
    pub(crate) name: String,
    pub(crate) kind: Option<Kind>,
}

impl<'i> Archive<'i> {
    /// Opens the archive in an entry.
    pub(crate) fn open(input: &Input<'i>, entry: usize) -> Result<Self, Stop> {
        Self::open_within(TOTAL_LIMIT_BYTES, input, entry)
    }

    fn open_within(limit_bytes: u64, input: &Input<'i>, entry: usize) -> Result<Self, Stop> {
        let mut zip = ZipArchive::new(input.open(entry)).map_err(broken)?;
        if zip.len() > MEMBERS_LIMIT {
            return Err(Stop::refuse(format!("the archive has {} files, at most {MEMBERS_LIMIT} are read", zip.len())));
        }
        if zip.has_overlapping_files().map_err(broken)? {
            return Err(Stop::refuse("files within the archive overlap, as no honest program writes them"));
        }
        Ok(Self { zip, total: Total { limit_bytes, bytes: 0, of_members: BTreeMap::new() } })
    }

    /// Looks at every member; what cannot be read is said.
    pub(crate) fn members(&mut self, path: &str, maps: &Maps, out: &mut Output<'_>) -> Result<Vec<Member>, Stop> {
        let mut members = Vec::new();
        for index in 0..self.zip.len() {
            let name = self.zip.name_for_index(index);
            let name = name.map_or_else(|| Ok(String::new()), |name| name.map(Into::into)).unwrap_or_default();
            match self.look(index) {
                Ok(Some(head)) => {
                    let kind = origin::recognise(&head, maps).map(|sheet| sheet.kind);
                    members.push(Member { index, name, kind });
                }
                Ok(None) => {}
                Err(problem) => {
                    let mut desk = Desk::new(out, format!("{path}/{name}"));
                    desk.say(Diagnostic::refused(problem, "file left out, the others are read"))?;
                }
            }
        }
        Ok(members)
    }

    /// Returns the first bytes of a member; `None` for a folder.
    fn look(&mut self, index: usize) -> Result<Option<Vec<u8>>, String> {
        let file = self.zip.by_index_raw(index).map_err(|error| format!("it cannot be read: {error}"))?;
        if file.name().is_ok_and(|name| leads_out(&name)) {
            return Err("its name leads out of the archive".to_owned());
        }
        if file.is_symlink() {
            return Err("a link to another file".to_owned());
        }
        if file.encrypted() {
            return Err("it needs a password".to_owned());
        }
        if file.is_dir() {
            return Ok(None);
        }
        drop(file);
        let head = origin::head(&mut self.member(index)).map_err(|stop| stop.to_string())?;
        if origin::is_zip(&head) {
            return Err("an archive within the archive".to_owned());
        }
        Ok(Some(head))
    }

    /// Returns a member to read.
    pub(crate) fn member(&mut self, index: usize) -> MemberOrigin<'_, 'i> {
        MemberOrigin { archive: self, index }
    }
}

/// A member as bytes.
pub(crate) struct MemberOrigin<'a, 'i> {
    archive: &'a mut Archive<'i>,
    index: usize,
}

impl Origin for MemberOrigin<'_, '_> {
    fn open(&mut self) -> Result<Box<dyn Read + '_>, Stop> {
        let Archive { zip, total } = &mut *self.archive;
        let file = zip.by_index(self.index).map_err(broken)?;
        let packed = file.compressed_size();
        let limit_bytes = packed.saturating_mul(RATIO_LIMIT).clamp(RATIO_FREE_BYTES, MEMBER_LIMIT_BYTES);
        Ok(Box::new(Measured { inner: file, index: self.index, read_bytes: 0, limit_bytes, total }))
    }
}

impl Total {
    /// Counts a member as far as it is unpacked. Returns whether there is room for that.
    fn has_room(&mut self, index: usize, unpacked_bytes: u64) -> bool {
        let known_bytes = self.of_members.entry(index).or_default();
        let more_bytes = unpacked_bytes.saturating_sub(*known_bytes);
        if self.bytes + more_bytes > self.limit_bytes {
            return false;
        }
        *known_bytes += more_bytes;
        self.bytes += more_bytes;
        true
    }
}

/// Unpacks no more than the limits allow, whatever the archive says of itself.
struct Measured<'m, R> {
    inner: R,
    index: usize,
    read_bytes: u64,
    limit_bytes: u64,
    total: &'m mut Total,
}

impl<R: Read> Read for Measured<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(out)?;
        self.read_bytes += read as u64;
        if self.read_bytes > self.limit_bytes {
            return Err(io::Error::other(format!(
                "unpacked it is larger than {} MiB, which is out of measure for its size in the archive",
                self.limit_bytes >> 20
            )));
        }
        if !self.total.has_room(self.index, self.read_bytes) {
            let mebibytes = self.total.limit_bytes >> 20;
            return Err(io::Error::other(format!("the archive unpacks to more than {mebibytes} MiB")));
        }
        Ok(read)
    }
}

/// Absolute, with a drive, or up and out; a backslash parts folders on Windows only, where it would do the same.
fn leads_out(name: &str) -> bool {
    name.starts_with('/')
        || name.contains(['\\', '\0'])
        || name.get(1..2) == Some(":")
        || name.split('/').any(|part| part == "..")
}

/// An archive whose directory, which stands at its end, is missing ends too early.
fn broken(error: ZipError) -> Stop {
    let is_cut = matches!(&error, ZipError::InvalidArchive(reason) if reason.contains("EOCD"));
    if is_cut {
        return Stop::truncated("the archive ends before its table of contents");
    }
    match error {
        ZipError::Io(error) => Stop::from(error),
        error @ (ZipError::InvalidArchive(_)
        | ZipError::UnsupportedArchive(_)
        | ZipError::FileNotFound
        | ZipError::InvalidPassword
        | ZipError::CompressionMethodNotSupported(_)
        | ZipError::DecompressedSizeLimitExceeded { .. }
        | ZipError::DecompressedSizeUnknown
        | _) => Stop::refuse(format!("the archive cannot be read: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use kith_plugin::Importer;
    use kith_plugin::testing::{Emitted, run};
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    const MEMBER_BYTES: usize = 1 << 20;

    /// Unpacks each member twice within a limit in bytes, after the look at all of them.
    struct Twice<const LIMIT_BYTES: u64>;

    impl<const LIMIT_BYTES: u64> Importer for Twice<LIMIT_BYTES> {
        const NAME: &'static str = "twice";
        const VERSION: &'static str = "0";
        const ACCEPTS: &'static [&'static str] = &[];

        fn probe(_names: &[&str], _head: &[u8]) -> u8 {
            0
        }

        fn import(input: &Input<'_>, out: &mut Output<'_>) -> Result<(), Stop> {
            let mut archive = Archive::open_within(LIMIT_BYTES, input, 0)?;
            for member in archive.members("export.zip", &Maps::default(), out)? {
                for _ in 0..2 {
                    let mut bytes = Vec::new();
                    archive.member(member.index).open()?.read_to_end(&mut bytes)?;
                    out.tally(&member.name, bytes.len() as u64)?;
                }
            }
            Ok(())
        }
    }

    fn three_members() -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for name in ["a", "b", "c"] {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(&vec![b'x'; MEMBER_BYTES]).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn a_member_that_is_read_again_counts_once() {
        let emitted = run::<Twice<{ 3 << 20 }>>(&[("export.zip", &three_members())]);
        let whole = |name: &str| Emitted::Tally { class: name.to_owned(), count: MEMBER_BYTES as u64 };
        assert_eq!(emitted, [whole("a"), whole("a"), whole("b"), whole("b"), whole("c"), whole("c"), Emitted::End]);
    }

    #[test]
    fn no_more_is_unpacked_in_all_than_the_limit_allows() {
        let emitted = run::<Twice<{ (3 << 20) - 1 }>>(&[("export.zip", &three_members())]);
        let reason = "the file cannot be read: the archive unpacks to more than 2 MiB";
        assert_eq!((emitted.len(), emitted.last()), (5, Some(&Emitted::Refused(reason.to_owned()))));
    }
}
