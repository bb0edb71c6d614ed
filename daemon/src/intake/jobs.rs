//! Parts many files into jobs for a plugin: few enough for one worker call, alike, and together what belongs together.

use std::collections::BTreeMap;
use std::path::Path;

use super::open::Input;
use crate::config::Layout;
use crate::plugin::FILES_LIMIT;

/// How large the files of a job may be together, in bytes; a larger one is a job alone.
const JOB_BYTES: u64 = 8 << 20;

/// Files that one plugin reads in one go, by their positions in the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Job {
    /// The files.
    pub(super) files: Vec<usize>,
    /// What the files have in common; a plugin that reads one of a kind is tried first on the others.
    pub(super) kind: String,
}

/// Returns the jobs for an input of many files.
pub(super) fn jobs(input: &Input, layout: Layout) -> Vec<Job> {
    let mut kinds: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, (name, _)) in input.files.iter().enumerate() {
        kinds.entry(kind(name, layout)).or_default().push(index);
    }
    kinds.into_iter().flat_map(|(kind, files)| parted(input, &kind, &files)).collect()
}

/// What alike files have in common.
fn kind(name: &Path, layout: Layout) -> String {
    match layout {
        Layout::Maildir => "mail".to_owned(),
        Layout::Vdir => "vcf".to_owned(),
        Layout::Drop | Layout::Plain => name.extension().unwrap_or_default().to_string_lossy().to_lowercase(),
    }
}

fn parted(input: &Input, kind: &str, files: &[usize]) -> Vec<Job> {
    // The CSV files of a folder may be one archive, some of them in folders within.
    let limit_bytes = if kind == "csv" { u64::MAX } else { JOB_BYTES };
    let mut jobs: Vec<Job> = Vec::new();
    let mut bytes = 0_u64;
    for &index in files {
        let size = input.files.get(index).map_or(0, |(_, stat)| stat.size);
        bytes = bytes.saturating_add(size);
        match jobs.last_mut().filter(|job| job.files.len() < FILES_LIMIT && bytes <= limit_bytes) {
            Some(job) => job.files.push(index),
            None => {
                jobs.push(Job { files: vec![index], kind: kind.to_owned() });
                bytes = size;
            }
        }
    }
    jobs
}

#[cfg(test)]
mod tests {
    use super::*;
    use kith_core::settle::Stat;

    fn sizes(files: &[(&str, u64)], layout: Layout) -> Vec<(String, usize)> {
        let files = files.iter().map(|(name, size)| ((*name).into(), Stat { size: *size, ..Stat::default() }));
        let input = Input { base: "/".into(), files: files.collect() };
        jobs(&input, layout).into_iter().map(|job| (job.kind, job.files.len())).collect()
    }

    #[track_caller]
    fn check(files: &[(&str, u64)], layout: Layout, expected: &[(&str, usize)]) {
        let expected: Vec<(String, usize)> = expected.iter().map(|(kind, n)| ((*kind).to_owned(), *n)).collect();
        assert_eq!(sizes(files, layout), expected);
    }

    #[test]
    fn many_files_are_parted() {
        check(&[("a", 1); 300], Layout::Maildir, &[("mail", 128), ("mail", 128), ("mail", 44)]);
    }

    #[test]
    fn a_large_file_is_alone() {
        check(&[("a.vcf", 1), ("b.vcf", 9 << 20), ("c.vcf", 1)], Layout::Plain, &[("vcf", 1), ("vcf", 1), ("vcf", 1)]);
    }

    #[test]
    fn the_csv_files_of_a_folder_stay_together() {
        let files = [("Connections.csv", 9 << 20), ("messages.csv", 9 << 20), ("Jobs/x.csv", 1), ("y.VCF", 1)];
        check(&files, Layout::Plain, &[("csv", 3), ("vcf", 1)]);
    }
}
