//! What the name of a file in a Maildir says: the folder, the time of delivery, the flags.

use jiff::Timestamp;

/// What a name says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Name<'a> {
    /// The folder, without the leading dot of Maildir++; empty for the inbox.
    pub(crate) folder: &'a str,
    /// The flags in capitals: D draft, F flagged, P passed on, R replied, S seen, T trashed.
    pub(crate) flags: &'a str,
    /// When it was delivered, in seconds since 1970.
    pub(crate) delivered: Option<Timestamp>,
}

impl<'a> Name<'a> {
    /// Reads a path such as `.Work.Clients/cur/1491941793.M41P85.host,S=109:2,RS`; `None` when it lies in no `cur` or `new`.
    ///
    /// Foreign file systems have `;` or `!` for the colon.
    pub(crate) fn parse(path: &'a str) -> Option<Self> {
        let mut parts = path.rsplit('/');
        let name = parts.next()?;
        parts.next().filter(|part| matches!(*part, "cur" | "new"))?;
        let folder = parts.next().map_or("", |folder| folder.strip_prefix('.').unwrap_or(folder));
        let flags = [":2,", ";2,", "!2,"].iter().find_map(|mark| name.rsplit_once(mark)).map_or("", |(_, flags)| flags);
        let seconds = name.split(['.', '_']).next().and_then(|seconds| seconds.parse().ok());
        let delivered = seconds.filter(|seconds| *seconds > 0).and_then(|seconds| Timestamp::from_second(seconds).ok());
        Some(Self { folder, flags, delivered })
    }

    pub(crate) fn has(&self, flag: char) -> bool {
        self.flags.contains(flag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, folder: &str, flags: &str) {
        let name = Name::parse(path).unwrap();
        assert_eq!((name.folder, name.flags), (folder, flags), "{path}");
    }

    #[test]
    fn reads_flags_behind_any_separator() {
        check("cur/1491941793.M41850P8566.mx1,S=10956:2,RS", "", "RS");
        check("cur/1491941793.M41850P8566.mx1,S=10956;2,STln", "", "STln");
        check("mail/.My Folder.Nested/cur/1276533073.M2P3.kurkku!2,FP", "My Folder.Nested", "FP");
        check("new/1234567890.M20046P2137.mailserver", "", "");
        check("Mail/Sent/cur/1276533073.M2P3.host:2,S", "Sent", "S");
    }

    #[test]
    fn other_names_are_in_no_maildir() {
        assert_eq!(Name::parse("letters/a.eml"), None);
        assert_eq!(Name::parse("1491941793.M4.mx1:2,S"), None);
    }
}
