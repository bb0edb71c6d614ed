//! Tells messages that no person wrote to the owner from those that one did.

use kith_plugin::record::BulkClass;

use crate::folder::Folder;
use crate::head::{Head, Marks};

/// Local parts behind which there is no person, without `-`, `_` and `.`.
const MACHINES: [&str; 13] = [
    "alert",
    "alerts",
    "autoconfirm",
    "automailer",
    "automated",
    "autoresponder",
    "bounce",
    "bounces",
    "notification",
    "notifications",
    "notify",
    "postmaster",
    "updates",
];

/// Returns why no person wrote it to the owner, or `None` when one may have.
pub(crate) fn class_of(head: &Head, folder: Folder) -> Option<BulkClass> {
    let Marks { return_path, precedence, auto_submitted, spam_flag, spam_status, list, unsubscribe, .. } = &head.marks;
    let is = |mark: &Option<String>, word: &str| mark.as_ref().is_some_and(|mark| starts_with(mark, word));
    if folder == Folder::Spam || is(spam_flag, "yes") || is(spam_status, "yes") {
        return Some(BulkClass::Spam);
    }
    if *list {
        return Some(BulkClass::List);
    }
    if *unsubscribe || ["bulk", "junk", "list"].iter().any(|word| is(precedence, word)) {
        return Some(BulkClass::Bulk);
    }
    // RFC 3834 §5.
    let automatic = auto_submitted.is_some() && !is(auto_submitted, "no");
    let bounced = return_path.as_ref().is_some_and(|path| path.split_whitespace().collect::<String>() == "<>");
    let machine = head.from.iter().any(|from| from.email.as_deref().is_some_and(is_machine));
    (automatic || bounced || machine).then_some(BulkClass::Automatic)
}

/// Whether an address is one behind which there is no person.
fn is_machine(email: &str) -> bool {
    let local = email.rsplit_once('@').map_or(email, |(local, _)| local);
    let local = local.split('+').next().unwrap_or(local);
    let bare: String = local.chars().filter(|c| !"-_.".contains(*c)).collect::<String>().to_ascii_lowercase();
    ["noreply", "donotreply", "mailerdaemon"].iter().any(|word| bare.contains(word))
        || MACHINES.contains(&bare.as_str())
}

fn starts_with(text: &str, word: &str) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::head::read;

    #[track_caller]
    fn check(block: &str, expected: Option<BulkClass>) {
        assert_eq!(class_of(&read(block.as_bytes()), Folder::Other), expected, "{block}");
    }

    #[test]
    fn tells_lists_bulk_machines_and_spam() {
        check("From: ana@example.com\n", None);
        check("From: ana@example.com\nAuto-Submitted: no\nReturn-Path: <ana@example.com>\n", None);
        check("From: ana@example.com\nList-Id: <sailing.example.com>\nList-Unsubscribe: <x>\n", Some(BulkClass::List));
        check("From: ana@example.com\nList-Unsubscribe: <https://example.com>\n", Some(BulkClass::Bulk));
        check("From: ana@example.com\nprecedence: Bulk\n", Some(BulkClass::Bulk));
        check("From: ana@example.com\nAuto-Submitted: auto-replied (vacation)\n", Some(BulkClass::Automatic));
        check("From: ana@example.com\nReturn-Path: <>\n", Some(BulkClass::Automatic));
        check("From: Shop <No_Reply+77@example.com>\n", Some(BulkClass::Automatic));
        check("From: messages-noreply@example.com\n", Some(BulkClass::Automatic));
        check("From: notifications@example.com\n", Some(BulkClass::Automatic));
        check("From: ana@example.com\nX-Spam-Flag: YES\nList-Id: <x>\n", Some(BulkClass::Spam));
        check("From: Norah Reply <norah.reply@example.com>\n", None);
    }
}
