//! What the user reads beside a file that could not be imported.

use std::path::Path;

use crate::keeper::Report;

/// How what is kept of a file that ends in the middle is told.
const KEPT: &str = "of what stands before the cut are kept";

/// How the line with the reason begins.
const REASON: &str = "What is wrong: ";

/// Why nothing of a file counts whose import was begun and never committed.
pub(super) const CUT_OFF: &str = "its import was cut off when kithd ended; nothing of it counts";

/// The same, where it lies in a folder that is watched.
pub(super) const CUT_OFF_WATCHED: &str =
    "its import was cut off when kithd ended; nothing of it counts until it is taken again";

/// Returns the text of `NAME.reason.txt`.
pub(super) fn reason_text(path: &Path, reason: &str) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let folder = path.parent().unwrap_or(Path::new("/")).display();
    let kept = if reason.contains(KEPT) { "The file is" } else { "Nothing of it was imported, and the file is" };
    format!(
        "kith could not import {name}.\n\n\
         {REASON}{reason}.\n\
         Where it was dropped: {folder}\n\n\
         {kept} unchanged.\n\
         Next step: {}.\n",
        next_step(reason)
    )
}

/// Says what is wrong with a file that ends in the middle, and what of it is kept.
pub(super) fn cut_short(report: &Report) -> String {
    let kept: u64 = report.collections.values().sum();
    let reason = report.cut_short.as_deref().unwrap_or("the file ends in the middle");
    match kept {
        0 => format!("{reason}; {KEPT} nothing"),
        1 => format!("{reason}; {KEPT} 1 item"),
        kept => format!("{reason}; {KEPT} {kept} items"),
    }
}

/// Returns the reason that a line of such a text tells, if it is the one that does.
pub(super) fn reason_of(line: &str) -> Option<&str> {
    line.strip_prefix(REASON).map(|reason| reason.strip_suffix('.').unwrap_or(reason))
}

/// Returns what could be tried next.
#[must_use]
pub fn next_step(reason: &str) -> &'static str {
    if reason == CUT_OFF_WATCHED {
        "nothing to do: it lies in a folder that is watched, and is taken again by itself"
    } else if reason == CUT_OFF {
        "import it again: kith import FILE"
    } else if reason.contains("no such file") {
        "look for a slip in its name"
    } else if reason.contains("not a list of contacts") {
        "if it is one, `kith import --map FILE` lets you say what its columns are"
    } else if reason.contains("no file in the archive is") {
        "if vCards, mail or calendars are in it, unpack it and give kith the folder; otherwise export it again"
    } else if reason.contains("the mapping is for") {
        "give it with a mapping for its own columns, which `kith import --map FILE` proposes, or without one"
    } else if reason.contains("no importer knows") {
        "`kith plugins` lists the kinds of files that kith reads; if this is one of them, it may be damaged: export it again"
    } else if ["empty", "ends in the middle", "ends within", "ends before", "truncated"]
        .iter()
        .any(|w| reason.contains(w))
    {
        "download or export it again; this copy is not complete"
    } else if reason.contains("link") || reason.contains("regular file") {
        "give kith a copy of the file itself"
    } else if reason.contains("may not read") {
        "make the file readable for you (chmod u+r), then give it to kith again"
    } else if reason.contains("disk is full") {
        "free some space, then give it to kith again"
    } else if reason.contains("it changed") {
        "give it to kith again when nothing writes to it"
    } else if reason.contains("no vCard in it") || reason.contains("not a mail") {
        "it is not what its name says; export it again from the program that holds your contacts or mail"
    } else if reason.contains("plugin") {
        "give it to kith again; if the same happens, the file or the plugin is broken: `kith plugins` names the plugin's version"
    } else {
        "repair the file or export it again, then give it to kith again"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_where_and_what_next() {
        let text = reason_text(Path::new("/home/sam/Kith/Drop/a.bin"), "no importer knows this kind of file");
        insta::assert_snapshot!(text, @"
        kith could not import a.bin.

        What is wrong: no importer knows this kind of file.
        Where it was dropped: /home/sam/Kith/Drop

        Nothing of it was imported, and the file is unchanged.
        Next step: `kith plugins` lists the kinds of files that kith reads; if this is one of them, it may be damaged: export it again.
        ");
        assert_eq!(text.lines().find_map(reason_of), Some("no importer knows this kind of file"));
    }

    #[test]
    fn the_next_step_fits_the_reason() {
        let archive = "no file in the archive is a list of contacts, connections or messages";
        assert!(next_step(archive).contains("unpack it"));
        let mapping = "the mapping is for a table of other columns; this one begins with \"Wer;Wo\"";
        assert!(next_step(mapping).contains("kith import --map FILE"));
        assert!(next_step("the file is empty").contains("this copy is not complete"));
    }
}
