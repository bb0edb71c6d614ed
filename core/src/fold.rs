//! The fold: from facts to rows and book, in any order, each as often as one likes.
//!
//! An import is folded whole: its rows are written while it is hidden, and it is shown at the end in one step. Where rows
//! lie, and which stretch of the ledger was folded, is the daemon's affair.
//!
//! ```text
//!  begin ─▶ list, list, … ─▶ finish       (one import; 1,000 rows a batch)
//!  say                                    (a fact said)
//!  reindex                                (after an undo: the book from the rows)
//! ```

use jiff::Timestamp;

mod memory;

use crate::book::Book;
use crate::book::facet::Facet;
use crate::book::forgotten::{Screen, Verdict};
use crate::book::imports::{Collection, ImportRow};
use crate::fact::Listed;
pub use crate::fold::memory::InMemory;
use crate::id::RecordId;
use crate::normalize::Region;
use crate::row::{ImportNo, Listing, Row, RowNo, Version};

/// How many rows are written at once.
const BATCH_ROWS: usize = 1_000;

/// Where rows are kept.
pub trait Rows {
    /// Why rows cannot be read or written.
    type Error;

    /// Returns a row.
    ///
    /// # Errors
    /// When the row cannot be read.
    fn row(&self, no: RowNo) -> Result<Option<Row>, Self::Error>;

    /// Writes rows; those that exist are replaced.
    ///
    /// # Errors
    /// When they cannot be written.
    fn put(&mut self, rows: &[(RowNo, Row)]) -> Result<(), Self::Error>;

    /// Calls `each` with every row.
    ///
    /// # Errors
    /// When a row cannot be read.
    fn scan(&self, each: &mut dyn FnMut(RowNo, &Row)) -> Result<(), Self::Error>;
}

/// An import whose fold is under way. One at a time: it gives rows their numbers.
#[derive(Debug)]
pub struct Folding {
    import: ImportNo,
    namespaces: Vec<String>,
    region: Option<Region>,
    /// Keeps those out who are forgotten.
    screen: Option<Screen>,
    next_row: RowNo,
    written: Vec<(RowNo, Row)>,
    /// In pieces, so that memory goes as they are applied.
    facets: Vec<Vec<Facet>>,
}

impl Folding {
    /// Begins the fold of a committed import, hidden from readers.
    pub fn begin(book: &mut Book, import: ImportRow) -> Self {
        let namespaces = import.parts.iter().map(|part| Collection::of(part).namespace()).collect();
        let (region, next_row) = (book.region(), book.next_row());
        let screen = book.fold_screen();
        let import = book.add_hidden(import);
        Self { import, namespaces, region, screen, next_row, written: Vec::new(), facets: Vec::new() }
    }

    /// Returns the import's number in the store.
    #[must_use]
    pub const fn import(&self) -> ImportNo {
        self.import
    }

    /// Returns a listing with what it amounts to, `None` when it is of no part of the import. The costly half of
    /// [`Folding::list`]: it depends on the listing alone, and so may be done for many at a time, on several threads.
    #[must_use]
    pub fn prepare(&self, listed: Listed) -> Option<Prepared> {
        let namespace = self.namespaces.get(usize::from(listed.part))?;
        let id = RecordId::new(namespace, &listed.key);
        let hash = listed.hash.parse::<RecordId>().ok().map(|hash| *hash.bytes());
        let mut body = listed.body.map(|body| Box::<str>::from(body).into_string());
        let source = namespace.split_once('/').map_or(&**namespace, |(source, _)| source);
        let verdict = self.screen.as_ref().map(|screen| screen.judge(source, &id, body.as_deref()));
        let is_forgotten = match verdict {
            Some(Verdict::Goes) => true,
            Some(Verdict::Becomes(left)) => {
                body = Some(left);
                false
            }
            Some(Verdict::Stays) | None => false,
        };
        let version = hash.zip(body).map(|(hash, body)| Version::new(hash, body, self.region));
        let listing =
            Listing { import: self.import, part: listed.part, hash, file: listed.file, position: listed.position };
        Some(Prepared { id, key: listed.key, listing, version, is_forgotten })
    }

    /// Takes in one of the import's listings. An import lists a record once.
    ///
    /// # Errors
    /// When rows cannot be read or written.
    pub fn list<R: Rows>(&mut self, book: &Book, rows: &mut R, prepared: Prepared) -> Result<(), R::Error> {
        let Prepared { id, key, listing, version, is_forgotten } = prepared;
        if is_forgotten {
            return Ok(());
        }
        let (no, mut row) = match book.known(&id) {
            Some(known) => (known.row, rows.row(known.row)?.unwrap_or_else(|| Row::new(id, key))),
            None => (self.take_row_no(), Row::new(id, key)),
        };
        row.merge(listing, version);
        self.written.push((no, row));
        if self.written.len() < BATCH_ROWS { Ok(()) } else { self.write(book, rows) }
    }

    /// Writes what is left, and shows the import.
    ///
    /// Afterwards [`Book::settle`] is due, or [`reindex`] when the book is stale.
    ///
    /// # Errors
    /// When rows cannot be read or written.
    pub fn finish<R: Rows>(mut self, book: &Book, rows: &mut R) -> Result<Folded, R::Error> {
        self.write(book, rows)?;
        Ok(Folded { import: self.import, facets: self.facets })
    }

    fn take_row_no(&mut self) -> RowNo {
        let no = self.next_row;
        self.next_row += 1;
        no
    }

    fn write<R: Rows>(&mut self, book: &Book, rows: &mut R) -> Result<(), R::Error> {
        rows.put(&self.written)?;
        let as_if = Some(self.import);
        self.facets.push(self.written.iter().map(|(no, row)| book.facet(*no, row, as_if)).collect());
        self.written.clear();
        Ok(())
    }
}

/// One of an import's listings, with what it amounts to.
#[derive(Debug)]
pub struct Prepared {
    id: RecordId,
    key: String,
    listing: Listing,
    version: Option<Version>,
    is_forgotten: bool,
}

impl Prepared {
    /// Returns the record's key.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Returns the content's hash as the ledger writes it.
    #[must_use]
    pub fn hash(&self) -> String {
        self.listing.hash.map(|hash| RecordId::from_bytes(hash).to_string()).unwrap_or_default()
    }
}

/// An import whose rows are written, ready to be shown.
#[derive(Debug)]
pub struct Folded {
    import: ImportNo,
    facets: Vec<Vec<Facet>>,
}

impl Folded {
    /// Shows the import: from here on readers see all of it.
    pub fn show(self, book: &mut Book) {
        for facet in self.facets.into_iter().flatten() {
            book.apply(facet);
        }
        book.show(self.import);
    }
}

/// Makes the book from the rows again, if it is stale; derives what depends on the whole, and on what took place by `now`.
///
/// # Errors
/// When a row cannot be read.
pub fn settle<R: Rows>(book: &mut Book, rows: &R, now: Timestamp) -> Result<(), R::Error> {
    if book.is_stale() {
        reindex(book, rows)?;
    }
    book.settle(now);
    Ok(())
}

/// Makes the book's entries from the rows, keeping imports and what was said.
///
/// # Errors
/// When a row cannot be read.
pub fn reindex<R: Rows>(book: &mut Book, rows: &R) -> Result<(), R::Error> {
    book.begin_again();
    rows.scan(&mut |no, row| {
        let facet = book.facet(no, row, None);
        book.apply(facet);
    })
}
