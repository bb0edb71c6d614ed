//! Where a person who is forgotten, or would be, stands in the ledger: in the folders of all devices, line by line.
//!
//! Three times through: which imports there are; whose the records are that have a body; and which import lists them, for
//! most listings have no body. It is the ledger that is asked, not the store, which holds nothing of those who are forgotten.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use kith_core::book::forgotten::{Screen, Verdict};
use kith_core::book::imports::Collection;
use kith_core::fact::{Begin, Commit, Listed, What};
use kith_core::forget::Mark;
use kith_core::id::{DeviceId, FactId, ImportId, RecordId};
use kith_core::line::{lists_a_record, parse_whole_line};
use kith_proto::record::Record;

use crate::keeper::forget::photos::photo;
use crate::keeper::forget::texts::Texts;
use crate::ledger::{Lines, Position, devices};

/// Where a person stands in the ledger.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    pub(crate) imports: BTreeMap<ImportId, Holding>,
    /// Their cards.
    pub(crate) cards: BTreeSet<RecordId>,
    /// Interactions with nobody else.
    pub(crate) interactions: BTreeSet<RecordId>,
    /// Interactions with others, too.
    pub(crate) shared: BTreeSet<RecordId>,
    /// How many facts said are about them.
    pub(crate) said: u64,
    /// How many lines each device wrote that are theirs.
    pub(crate) lines: BTreeMap<DeviceId, u64>,
    /// Photos that nobody else has.
    pub(crate) photos: BTreeSet<String>,
    /// What they are called and reached by, as written.
    pub(crate) texts: Texts,
    photos_of_others: BTreeSet<String>,
    /// Records of which some content stays.
    left: BTreeSet<RecordId>,
}

/// What an import holds of a person.
#[derive(Debug)]
pub(crate) struct Holding {
    pub(crate) begin: Begin,
    /// The import that it lists again.
    pub(crate) same_as: Option<ImportId>,
    /// It counts.
    pub(crate) is_committed: bool,
    /// Source and namespace of its parts.
    parts: Vec<(String, String)>,
    /// The files in which the person is.
    pub(crate) files: BTreeSet<String>,
    /// The files in which others are.
    pub(crate) others: BTreeSet<String>,
    /// How many of its records are theirs.
    pub(crate) held: u64,
    /// How many are others'.
    left: u64,
}

impl Survey {
    /// Reads the ledger.
    ///
    /// # Errors
    /// When a folder cannot be read.
    pub(crate) fn read(root: &Path, screen: &Screen) -> io::Result<Self> {
        let mut survey = Self::default();
        let devices = devices(root)?;
        for device in &devices {
            each_line(root, device, &mut |line| survey.take_fact(device, line, screen))?;
        }
        for device in &devices {
            each_line(root, device, &mut |line| survey.take_body(device, line, screen))?;
        }
        survey.spare_what_is_left();
        for device in &devices {
            each_line(root, device, &mut |line| survey.take_listing(device, line, screen))?;
        }
        survey.photos = survey.photos.difference(&survey.photos_of_others).cloned().collect();
        Ok(survey)
    }

    /// Returns by what else the person is found than what the screen knows: other devices may hold no more than the id.
    pub(crate) fn unknown_marks(&self, screen: &Screen) -> Vec<Mark> {
        let records = self.cards.iter().chain(&self.interactions).map(|record| Mark::Record(*record));
        records.filter(|mark| !screen.forgotten().holds(mark)).collect()
    }

    /// Returns source and id of a listed record; `None` while its import is not committed.
    pub(crate) fn record(&self, device: &DeviceId, listed: &Listed) -> Option<(&str, RecordId)> {
        let holding = self.imports.get(&FactId { device: device.clone(), seq: listed.import })?;
        let (source, namespace) = holding.parts.get(usize::from(listed.part))?;
        Some((source, RecordId::new(namespace, &listed.key)))
    }

    /// Returns whether this record goes, whatever of it is at hand.
    pub(crate) fn goes(&self, id: &RecordId, screen: &Screen) -> bool {
        self.cards.contains(id) || self.interactions.contains(id) || screen.forgotten().holds_record(id)
    }

    /// Returns whether nothing is left of what an import brought from a file: then not even the file's name is kept.
    pub(crate) fn is_emptied(&self, import: &ImportId) -> bool {
        let Some(holding) = self.imports.get(import).filter(|holding| holding.begin.content.is_some()) else {
            return false;
        };
        let brought = holding.same_as.as_ref().and_then(|earlier| self.imports.get(earlier)).unwrap_or(holding);
        brought.held > 0 && brought.left == 0
    }

    fn take_fact(&mut self, device: &DeviceId, line: &[u8], screen: &Screen) {
        if lists_a_record(line) {
            return;
        }
        let Ok(fact) = parse_whole_line(line, device) else { return };
        match fact.what {
            What::Begin(begin) => drop(self.imports.insert(fact.id, Holding::new(begin))),
            What::Commit(commit) => {
                if let Some(holding) = self.imports.get_mut(&FactId { seq: commit.import, ..fact.id }) {
                    holding.commit(commit);
                }
            }
            What::Said(said) if screen.forgotten().judge_said(&said) != Verdict::Stays => {
                self.said += 1;
                self.count_line(device);
            }
            What::Said(_) | What::Record(_) | What::Removed(_) => {}
        }
    }

    fn take_body(&mut self, device: &DeviceId, line: &[u8], screen: &Screen) {
        let Some(listed) = listed(device, line).filter(|listed| listed.body.is_some()) else { return };
        let Some((source, id)) = self.record(device, &listed) else { return };
        let source = source.to_owned();
        let Some(body) = listed.body else { return };
        let is_gone = match screen.judge(&source, &id, Some(body.get())) {
            Verdict::Stays => {
                self.left.insert(id);
                self.photos_of_others.extend(photo(body.get()));
                return;
            }
            Verdict::Becomes(_) => false,
            Verdict::Goes => true,
        };
        match serde_json::from_str(body.get()) {
            Ok(Record::Card(card)) => {
                self.cards.insert(id);
                self.photos.extend(card.photo.iter().map(|photo| photo.0.clone()));
                self.texts.take_card(&card);
            }
            Ok(Record::Interaction(interaction)) => {
                if is_gone {
                    self.interactions.insert(id);
                } else {
                    self.left.insert(id);
                    self.shared.insert(id);
                }
                self.texts.take_interaction(&interaction, &source, screen);
            }
            Ok(Record::Bulk(_)) | Err(_) => drop(self.interactions.insert(id)),
        }
    }

    /// A card that once had an address of theirs, and is another's by now, goes no further than that.
    fn spare_what_is_left(&mut self) {
        for id in &self.left {
            if self.interactions.remove(id) || self.cards.remove(id) {
                self.shared.insert(*id);
            }
        }
    }

    fn take_listing(&mut self, device: &DeviceId, line: &[u8], screen: &Screen) {
        let Some(listed) = listed(device, line) else { return };
        let Some((_, id)) = self.record(device, &listed) else { return };
        let goes = self.goes(&id, screen);
        let is_theirs = goes || self.shared.contains(&id);
        if let Some(holding) = self.imports.get_mut(&FactId { device: device.clone(), seq: listed.import }) {
            holding.left += u64::from(!goes);
            holding.held += u64::from(is_theirs);
            if !goes {
                holding.others.insert(listed.file.clone());
            }
            if is_theirs {
                holding.files.insert(listed.file);
            }
        }
        if is_theirs {
            self.count_line(device);
        }
    }

    fn count_line(&mut self, device: &DeviceId) {
        *self.lines.entry(device.clone()).or_default() += 1;
    }
}

impl Holding {
    fn new(begin: Begin) -> Self {
        Self {
            begin,
            same_as: None,
            is_committed: false,
            parts: Vec::new(),
            files: BTreeSet::new(),
            others: BTreeSet::new(),
            held: 0,
            left: 0,
        }
    }

    fn commit(&mut self, commit: Commit) {
        self.is_committed = true;
        self.same_as = commit.same_as;
        let parts = commit.parts.iter();
        self.parts = parts.map(|part| (part.source.clone(), Collection::of(part).namespace())).collect();
    }
}

fn each_line(root: &Path, device: &DeviceId, each: &mut dyn FnMut(&[u8])) -> io::Result<()> {
    let mut lines = Lines::from(&root.join(device.as_str()), Position::default());
    while let Some((_, line)) = lines.next_line()? {
        each(line);
    }
    Ok(())
}

fn listed(device: &DeviceId, line: &[u8]) -> Option<Listed> {
    if !lists_a_record(line) {
        return None;
    }
    match parse_whole_line(line, device).ok()?.what {
        What::Record(listed) => Some(listed),
        What::Begin(_) | What::Commit(_) | What::Said(_) | What::Removed(_) => None,
    }
}
