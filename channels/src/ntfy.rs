//! A push message over ntfy, published as JSON: nothing of a person stands in a header.

use kith_proto::channel::Message;
use serde_json::json;

use crate::address::Reach;
use crate::post::{Request, post};
use crate::{Undelivered, secret};

/// The longest text that ntfy shows as a message and not as a file; its limit is 4,096 bytes.
const TEXT_BYTES: usize = 3_900;

/// Where a push message goes.
pub(crate) struct Target<'a> {
    /// The server.
    pub(crate) url: &'a str,
    /// The topic.
    pub(crate) topic: &'a str,
    /// The file with an access token.
    pub(crate) secret_file: Option<&'a str>,
    /// Which addresses may be reached.
    pub(crate) reach: Reach,
}

/// Sends the message as plain text.
pub(crate) fn send(target: &Target<'_>, message: &Message) -> Result<(), Undelivered> {
    let token = target.secret_file.map(secret::read).transpose()?;
    let headers: Vec<_> = token.iter().map(|token| ("authorization", format!("Bearer {token}"))).collect();
    let (title, text) = (&message.title, shortened(&message.text));
    let body = json!({ "topic": target.topic, "title": title, "message": text, "markdown": false }).to_string();
    post(&Request { url: target.url, reach: target.reach, headers: &headers, body: &body })
}

fn shortened(text: &str) -> String {
    if text.len() <= TEXT_BYTES {
        return text.to_owned();
    }
    let end = (0..=TEXT_BYTES).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    format!("{}…", text.get(..end).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let short = shortened(&"é".repeat(3_000));
        assert!(short.len() < 4_000 && short.ends_with("é…"));
    }
}
