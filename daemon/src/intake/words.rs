//! What the user reads beside a file that could not be imported.

use std::path::Path;

/// How the line with the reason begins.
const REASON: &str = "What is wrong: ";

/// Returns the text of `NAME.reason.txt`.
pub(super) fn reason_text(path: &Path, reason: &str) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let folder = path.parent().unwrap_or(Path::new("/")).display();
    format!(
        "kith could not import {name}.\n\n\
         {REASON}{reason}.\n\
         Where it was dropped: {folder}\n\n\
         Nothing of it was imported, and the file is unchanged.\n\
         {}\n",
        next_step(reason)
    )
}

/// Returns the reason that a line of such a text tells, if it is the one that does.
pub(super) fn reason_of(line: &str) -> Option<&str> {
    line.strip_prefix(REASON).map(|reason| reason.strip_suffix('.').unwrap_or(reason))
}

/// Returns what could be tried next.
fn next_step(reason: &str) -> &'static str {
    if reason.contains("no importer knows") {
        "Next step: `kith plugins` lists the kinds of files that kith reads. If this is one of them, it may be damaged; export it again."
    } else if reason.contains("empty") || reason.contains("ends in the middle") || reason.contains("truncated") {
        "Next step: download or export it again; this copy was not complete, even after ten minutes."
    } else if reason.contains("link") || reason.contains("regular file") {
        "Next step: drop a copy of the file itself."
    } else if reason.contains("may not read") {
        "Next step: make the file readable for you (chmod u+r), then drop it again."
    } else if reason.contains("plugin") {
        "Next step: drop it again; if the same happens, the file or the plugin is broken. `kith plugins` names the plugin's version."
    } else {
        "Next step: repair the file or export it again, then drop it again."
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
        Next step: `kith plugins` lists the kinds of files that kith reads. If this is one of them, it may be damaged; export it again.
        ");
        assert_eq!(text.lines().find_map(reason_of), Some("no importer knows this kind of file"));
    }
}
