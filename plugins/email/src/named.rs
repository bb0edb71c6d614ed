//! Which messages a message names: the first of its thread, and the one that it answers (RFC 5322 §3.6.4).
//!
//! ```text
//!  In-Reply-To: Message from Ana <ana@example.com> of "Mon, 04 Nov" <q1@example.com>   ─▶ q1@example.com
//! ```

use mail_parser::parsers::MessageStream;

use crate::head::Head;

/// What a message names.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Named {
    /// The first of References, else the message that it answers.
    pub(crate) thread: Option<String>,
    /// The message that it answers, where that is another.
    pub(crate) answers: Option<String>,
}

/// Returns what a message names.
///
/// The answered message is the last of In-Reply-To, for words and an address may stand before it, else the last of References.
pub(crate) fn named(head: &Head) -> Named {
    let is_id = |id: &&String| !is_of_somebody(head, id);
    let mut references = head.references.iter().filter(is_id);
    let first = references.next();
    let last = references.next_back().or(first);
    let answered = head.in_reply_to.iter().rfind(is_id).or(last);
    let thread = first.or(answered);
    Named { thread: thread.cloned(), answers: answered.filter(|id| Some(*id) != thread).cloned() }
}

/// Whether it is no message's name but the address of one who took part.
fn is_of_somebody(head: &Head, id: &str) -> bool {
    let mailboxes = [&head.from, &head.sender, &head.to, &head.cc, &head.bcc].into_iter().flatten();
    mailboxes.filter_map(|mailbox| mailbox.email.as_deref()).any(|email| email.eq_ignore_ascii_case(id))
}

/// Reads the message ids of a field, without their angle brackets; only what has an `@` is one.
pub(crate) fn ids(stream: &mut MessageStream<'_>) -> Vec<String> {
    let start = stream.offset();
    stream.parse_and_ignore();
    ids_of(&String::from_utf8_lossy(stream.bytes(start..stream.offset())))
}

fn ids_of(text: &str) -> Vec<String> {
    let bracketed = || text.split('<').skip(1).filter_map(|piece| piece.split_once('>'));
    let bare = Some(text).filter(|_| bracketed().next().is_none());
    // As MH writes it, `Message from Ana <ana@example.com> of "Mon, 04 Nov"`: whoever is of a day is no message.
    let ids = bracketed().filter(|(_, behind)| behind.split_whitespace().next() != Some("of")).map(|(id, _)| id);
    let ids = ids.chain(bare).map(|id| id.trim().trim_matches(['<', '>']));
    ids.filter(|id| id.contains('@') && !id.contains(char::is_whitespace)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::head::read;

    #[track_caller]
    fn check(block: &str, thread: Option<&str>, answers: Option<&str>) {
        let named = named(&read(block.as_bytes()));
        assert_eq!((named.thread.as_deref(), named.answers.as_deref()), (thread, answers), "{block}");
    }

    #[test]
    fn the_message_behind_an_address_is_the_one_that_is_answered() {
        let mh =
            "Message from Ana Silva <ana@umbra.example>\n of \"Mon, 04 Nov 2024 10:00:00 GMT.\" <q1@umbra.example>\n";
        check(&format!("From: sam@example.com\nIn-Reply-To: {mh}"), Some("q1@umbra.example"), None);
        check("In-Reply-To: Your message of Monday <q1@umbra.example>\n", Some("q1@umbra.example"), None);
        check("In-Reply-To: <q1@umbra.example>; from Ana on Monday\n", Some("q1@umbra.example"), None);
        check("In-Reply-To: q1@umbra.example\n", Some("q1@umbra.example"), None);
    }

    #[test]
    fn an_address_names_no_message() {
        let of = "Message from Sam <sam@example.com> of \"Mon, 04 Nov 2024 10:00:00 GMT.\"";
        check(&format!("From: ana@umbra.example\nIn-Reply-To: {of}\n"), None, None);
        for field in ["From", "Sender", "To", "Cc", "Bcc"] {
            check(&format!("In-Reply-To: Sam <sam@example.com>, Monday\n{field}: Sam <Sam@Example.com>\n"), None, None);
        }
    }

    #[test]
    fn a_word_names_no_message() {
        check("References: <yes>\nIn-Reply-To: <yes>\n", None, None);
        check("References: <yes> <q1@umbra.example>\n", Some("q1@umbra.example"), None);
        check("In-Reply-To: Your message of Monday\n", None, None);
        check("In-Reply-To: <a message@umbra.example>\n", None, None);
    }

    #[test]
    fn an_answer_names_the_first_message_and_the_one_that_it_answers() {
        check("References: <r1@x> <r2@x>\n\t<r3@x>\nIn-Reply-To: <q1@x>\n", Some("r1@x"), Some("q1@x"));
        check("References: <r1@x> <r2@x> <r3@x>\n", Some("r1@x"), Some("r3@x"));
        check("References: <r1@x>\nIn-Reply-To: <r1@x>\n", Some("r1@x"), None);
        check("Subject: Hello\n", None, None);
    }
}
