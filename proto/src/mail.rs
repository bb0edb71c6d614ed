//! What the importer of mail is told beside the files: whose text it may look into.
//!
//! ```text
//!  [mail] promises = true ─▶ kithd ─▶ MailWish, the last entry of the bundle ─▶ importer ─▶ sentences that promise something
//! ```

use serde::{Deserialize, Serialize};

/// The name of the bundle's last entry when it is a [`MailWish`] as JSON, and no file of the user's.
pub const MAIL_ENTRY: &str = "kith-mail.json";

/// What the importer of mail is told beside the files. Without it no text is read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MailWish {
    /// Addresses, in small letters: in what was sent from one of them, promises are looked for.
    pub promises_of: Vec<String>,
}
