//! Which folder a message lies in, as far as it matters: drafts are no interaction, spam is no person's, and who wrote what was
//! sent may be the owner.
//!
//! Names are compared whole: a folder "Spam recipes" is the user's own.

/// What a folder is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Folder {
    /// Messages not yet sent.
    Drafts,
    /// What a filter put aside.
    Spam,
    /// What the owner sent.
    Sent,
    /// Any other.
    #[default]
    Other,
}

/// Names of the drafts folder, as mail programs and Gmail's labels write them.
const DRAFTS: [&str; 22] = [
    "drafts",
    "draft",
    "entwürfe",
    "entwurf",
    "brouillons",
    "borradores",
    "borrador",
    "bozze",
    "rascunhos",
    "concepten",
    "wersje robocze",
    "kopie robocze",
    "черновики",
    "чернетки",
    "utkast",
    "kladder",
    "luonnokset",
    "koncepty",
    "taslaklar",
    "下書き",
    "草稿",
    "임시보관함",
];

/// Names of the spam folder.
const SPAM: [&str; 24] = [
    "spam",
    "junk",
    "junk e-mail",
    "junk email",
    "junk mail",
    "junk-e-mail",
    "ongewenste e-mail",
    "nevyžádaná pošta",
    "스팸",
    "스팸편지함",
    "垃圾郵件",
    "bulk mail",
    "spamverdacht",
    "unerwünscht",
    "indésirables",
    "courrier indésirable",
    "correo no deseado",
    "posta indesiderata",
    "спам",
    "skräppost",
    "søppelpost",
    "roskaposti",
    "迷惑メール",
    "垃圾邮件",
];

/// Names of the folder of sent mail.
const SENT: [&str; 50] = [
    "sent",
    "sent mail",
    "sent items",
    "sent messages",
    "outbox sent",
    "gesendet",
    "gesendete elemente",
    "gesendete objekte",
    "gesendete nachrichten",
    "envoyés",
    "messages envoyés",
    "éléments envoyés",
    "courrier envoyé",
    "objets envoyés",
    "enviados",
    "elementos enviados",
    "mensajes enviados",
    "correo enviado",
    "itens enviados",
    "e-mails enviados",
    "mensagens enviadas",
    "enviadas",
    "inviati",
    "inviata",
    "posta inviata",
    "messaggi inviati",
    "verzonden",
    "verzonden items",
    "verzonden berichten",
    "wysłane",
    "elementy wysłane",
    "отправленные",
    "надіслані",
    "skickat",
    "skickade",
    "skickade objekt",
    "sendt",
    "sendte",
    "sendte elementer",
    "lähetetyt",
    "odeslané",
    "odeslaná pošta",
    "gönderilmiş",
    "gönderilmiş postalar",
    "送信済み",
    "送信済みメール",
    "送信済みアイテム",
    "已发送",
    "已发送邮件",
    "보낸편지함",
];

impl Folder {
    /// Returns what a folder of this name is for; of a nested one the last part counts.
    pub(crate) fn of_name(name: &str) -> Self {
        let last = name.rsplit(['.', '/']).next().unwrap_or(name);
        Self::of_label(last)
    }

    /// Returns what Gmail's labels say: parted by commas, quoted where one holds a comma.
    pub(crate) fn of_labels(labels: &str) -> Self {
        let mut quoted = false;
        let parts = labels.split(|c| {
            quoted ^= c == '"';
            c == ',' && !quoted
        });
        let folders: Vec<Self> = parts.map(|label| Self::of_label(label.trim().trim_matches('"'))).collect();
        // What is spam or a draft was not sent by the owner, whatever else it is called.
        let of = |folder: &Self| folders.contains(folder);
        [Self::Drafts, Self::Spam, Self::Sent].into_iter().find(of).unwrap_or_default()
    }

    fn of_label(label: &str) -> Self {
        let label = label.trim().to_lowercase();
        if DRAFTS.contains(&label.as_str()) {
            Self::Drafts
        } else if SPAM.contains(&label.as_str()) {
            Self::Spam
        } else if SENT.contains(&label.as_str()) {
            Self::Sent
        } else {
            Self::Other
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_folders_and_labels_in_several_languages() {
        assert_eq!(Folder::of_name("INBOX.Spam"), Folder::Spam);
        assert_eq!(Folder::of_name("Junk E-mail"), Folder::Spam);
        assert_eq!(Folder::of_name("Entwürfe"), Folder::Drafts);
        assert_eq!(Folder::of_name("Spam recipes"), Folder::Other);
        assert_eq!(Folder::of_labels("Posteingang,\"Spam, maybe\",Wichtig"), Folder::Other);
        assert_eq!(Folder::of_labels("Messages archivés,Brouillons"), Folder::Drafts);
        assert_eq!(Folder::of_labels("Gesendet,Wichtig"), Folder::Sent);
        assert_eq!(Folder::of_labels("Gesendet,Spam"), Folder::Spam);
        assert_eq!(Folder::of_name(".Sent Items"), Folder::Sent);
        assert_eq!(Folder::of_name("Sent to Bo"), Folder::Other);
    }
}
