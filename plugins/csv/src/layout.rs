//! The layouts of tables as data: which names a column goes by, and which columns make a layout.
//!
//! LinkedIn's tables have fixed columns, listed here; a new era or table is a new line. Contact lists, which may hold any
//! column in any language, are data in `layouts/`, which `contacts/words` reads.

use crate::contacts;

/// What a table holds. The tables of one export are read in this order: the later ones name people of the earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// LinkedIn's Connections.csv.
    Connections,
    /// LinkedIn's Profile.csv, about the owner.
    Profile,
    /// LinkedIn's `Email Addresses.csv`, the owner's.
    EmailAddresses,
    /// LinkedIn's Invitations.csv.
    Invitations,
    /// LinkedIn's messages.csv and those of the same columns.
    Messages,
    /// LinkedIn's endorsements of the owner's skills.
    EndorsementsReceived,
    /// LinkedIn's endorsements of others' skills by the owner.
    EndorsementsGiven,
    /// LinkedIn's recommendations; given and received ones have the same columns.
    Recommendations,
    /// LinkedIn's Notes.csv: what the owner wrote about connections.
    Notes,
    /// LinkedIn's ImportedContacts.csv: address books that the owner once let LinkedIn read.
    ImportedContacts,
    /// Contacts as a known program exports them: Google, Outlook, Thunderbird.
    AddressBook,
    /// Contacts of any other program.
    Contacts,
}

impl Kind {
    /// Returns whether such a table is part of a LinkedIn archive.
    pub(crate) fn is_linkedin(self) -> bool {
        self.layout().is_some()
    }

    pub(crate) fn layout(self) -> Option<&'static Layout> {
        LAYOUTS.iter().find(|layout| layout.kind == self)
    }
}

/// A table of fixed columns.
#[derive(Debug)]
pub(crate) struct Layout {
    kind: Kind,
    /// Without these it is another table. Folded as [`fold`] does.
    needed: &'static [&'static str],
    /// The names of each column, in the order of the kind's column enum. Folded as [`fold`] does.
    columns: &'static [&'static [&'static str]],
}

/// Columns of [`Kind::Connections`].
#[derive(Debug, Clone, Copy)]
pub(crate) enum Connection {
    Given,
    Surname,
    Url,
    Email,
    Company,
    Position,
    ConnectedOn,
}

/// Columns of [`Kind::Messages`].
#[derive(Debug, Clone, Copy)]
pub(crate) enum Message {
    Conversation,
    Title,
    From,
    SenderUrl,
    To,
    RecipientUrls,
    Date,
    Subject,
    Content,
    Folder,
    IsDraft,
    IsConversationDraft,
}

/// Columns of [`Kind::Invitations`].
#[derive(Debug, Clone, Copy)]
pub(crate) enum Invitation {
    From,
    To,
    SentAt,
    Message,
    Direction,
    InviterUrl,
    InviteeUrl,
}

/// Columns of [`Kind::EndorsementsReceived`] and [`Kind::EndorsementsGiven`]; names and profile are the other's.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Endorsement {
    Date,
    Skill,
    Given,
    Surname,
    Url,
    Status,
}

/// Columns of [`Kind::Recommendations`].
#[derive(Debug, Clone, Copy)]
pub(crate) enum Recommendation {
    Given,
    Surname,
    Company,
    JobTitle,
    Text,
    CreatedOn,
    Status,
}

/// Columns of [`Kind::Notes`].
#[derive(Debug, Clone, Copy)]
pub(crate) enum Note {
    Given,
    Surname,
    Url,
    Text,
    CreatedOn,
    EditedOn,
}

/// Columns of [`Kind::Profile`].
#[derive(Debug, Clone, Copy)]
pub(crate) enum Profile {
    Given,
    Surname,
    MaidenName,
    Address,
    BirthDate,
    TwitterHandles,
    Websites,
}

/// Columns of [`Kind::EmailAddresses`].
#[derive(Debug, Clone, Copy)]
pub(crate) enum EmailAddress {
    Address,
    Primary,
}

const LAYOUTS: &[Layout] = &[
    Layout {
        kind: Kind::Connections,
        needed: &["firstname", "connectedon"],
        columns: &[
            &["firstname"],
            &["lastname"],
            &["url", "profileurl"],
            &["emailaddress"],
            &["company"],
            &["position"],
            &["connectedon"],
        ],
    },
    Layout {
        kind: Kind::Messages,
        needed: &["conversationid", "from", "date", "content"],
        columns: &[
            &["conversationid"],
            &["conversationtitle"],
            &["from"],
            &["senderprofileurl"],
            &["to"],
            &["recipientprofileurls"],
            &["date"],
            &["subject"],
            &["content"],
            &["folder"],
            &["ismessagedraft"],
            &["isconversationdraft"],
        ],
    },
    Layout {
        kind: Kind::Invitations,
        needed: &["from", "to", "sentat", "direction"],
        columns: &[
            &["from"],
            &["to"],
            &["sentat"],
            &["message"],
            &["direction"],
            &["inviterprofileurl"],
            &["inviteeprofileurl"],
        ],
    },
    Layout {
        kind: Kind::Profile,
        needed: &["firstname", "lastname", "headline", "industry"],
        columns: &[
            &["firstname"],
            &["lastname"],
            &["maidenname"],
            &["address"],
            &["birthdate"],
            &["twitterhandles"],
            &["websites"],
        ],
    },
    Layout {
        kind: Kind::EmailAddresses,
        needed: &["emailaddress", "confirmed", "primary"],
        columns: &[&["emailaddress"], &["primary"]],
    },
    Layout {
        kind: Kind::EndorsementsReceived,
        needed: &["endorsementdate", "skillname", "endorserfirstname"],
        columns: &[
            &["endorsementdate"],
            &["skillname"],
            &["endorserfirstname"],
            &["endorserlastname"],
            &["endorserpublicurl"],
            &["endorsementstatus"],
        ],
    },
    Layout {
        kind: Kind::EndorsementsGiven,
        needed: &["endorsementdate", "skillname", "endorseefirstname"],
        columns: &[
            &["endorsementdate"],
            &["skillname"],
            &["endorseefirstname"],
            &["endorseelastname"],
            &["endorseepublicurl"],
            &["endorsementstatus"],
        ],
    },
    Layout {
        kind: Kind::Recommendations,
        needed: &["firstname", "lastname", "text", "creationdate"],
        columns: &[
            &["firstname"],
            &["lastname"],
            &["company"],
            &["jobtitle"],
            &["text"],
            &["creationdate"],
            &["status"],
        ],
    },
    Layout {
        kind: Kind::Notes,
        needed: &["connectionfirstname", "connectionlastname", "note"],
        columns: &[
            &["connectionfirstname"],
            &["connectionlastname"],
            &["connectionprofileurl"],
            &["note"],
            &["createdon"],
            &["editedon"],
        ],
    },
    // Its columns are read as those of any contact list.
    Layout { kind: Kind::ImportedContacts, needed: &["source", "firstname", "lastname", "bookmarkedat"], columns: &[] },
];

/// Returns the layout that a header fits, and how well: a LinkedIn table always fits better than a contact list.
pub(crate) fn recognise(header: &[String]) -> Option<(Kind, usize)> {
    let folded: Vec<String> = header.iter().map(|name| fold(name)).collect();
    let has = |name: &&str| folded.iter().any(|known| known == name);
    let fixed = LAYOUTS.iter().find(|layout| layout.needed.iter().all(has));
    if let Some(layout) = fixed {
        let known = layout.columns.iter().filter(|names| names.iter().any(has)).count();
        return Some((layout.kind, 1_000 + known));
    }
    contacts::recognise(header)
}

/// Where the columns of a layout stand in a table.
#[derive(Debug)]
pub(crate) struct Columns {
    places: Vec<Option<usize>>,
    unknown: Vec<usize>,
}

impl Columns {
    /// Finds the columns of a layout in a header.
    pub(crate) fn new(layout: Option<&Layout>, header: &[String]) -> Self {
        let folded: Vec<String> = header.iter().map(|name| fold(name)).collect();
        let names = layout.map_or(&[][..], |layout| layout.columns);
        let find = |names: &&[&str]| folded.iter().position(|name| names.contains(&name.as_str()));
        let places: Vec<_> = names.iter().map(find).collect();
        let unknown = (0..header.len()).filter(|index| !places.contains(&Some(*index))).collect();
        Self { places, unknown }
    }

    /// Returns where a column stands; `column` is the number of a variant of the kind's enum.
    pub(crate) fn get(&self, column: usize) -> Option<usize> {
        self.places.get(column).copied().flatten()
    }

    /// Returns the columns that the layout does not name.
    pub(crate) fn unknown(&self) -> &[usize] {
        &self.unknown
    }
}

/// Returns a header's letters and digits in lower case: `CONVERSATION ID`, `conversation_id` and `Conversation Id` are one.
pub(crate) fn fold(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(names: &str) -> Vec<String> {
        names.split(',').map(ToOwned::to_owned).collect()
    }

    #[track_caller]
    fn check(names: &str, expected: Option<Kind>) {
        assert_eq!(recognise(&header(names)).map(|(kind, _)| kind), expected, "{names}");
    }

    #[test]
    fn recognises_linkedins_tables_of_every_era_by_their_headers() {
        check("First Name,Last Name,Email Address,Company,Position,Connected On", Some(Kind::Connections));
        check("first_name,last_name,url,email_address,company,position,connected_on", Some(Kind::Connections));
        let messages = "CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,DATE,SUBJECT,CONTENT,FOLDER";
        check(messages, Some(Kind::Messages));
        check(&format!("{messages},ATTACHMENTS,IS MESSAGE DRAFT,IS CONVERSATION DRAFT"), Some(Kind::Messages));
        check("From,To,Sent At,Message,Direction", Some(Kind::Invitations));
        check("From,To,Sent At,Message,Direction,inviterProfileUrl,inviteeProfileUrl", Some(Kind::Invitations));
        let received = "Endorsement Date,Skill Name,Endorser First Name,Endorser Last Name,Endorsement Status";
        check(received, Some(Kind::EndorsementsReceived));
        check(&received.replace("Endorser", "Endorsee"), Some(Kind::EndorsementsGiven));
        check("First Name,Last Name,Company,Job Title,Text,Creation Date,Status", Some(Kind::Recommendations));
        check(
            "Connection First Name,Connection Last Name,Connection Profile URL,Note,Created On,Edited On",
            Some(Kind::Notes),
        );
        check(
            "Source,FirstName,LastName,Companies,Title,Emails,PhoneNumbers,CreatedAt,Addresses,Sites,\
             InstantMessageHandles,FullName,Birthday,Location,BookmarkedAt,Profiles",
            Some(Kind::ImportedContacts),
        );
        check("Email Address,Confirmed,Primary,Updated On", Some(Kind::EmailAddresses));
        check(
            "First Name,Last Name,Maiden Name,Address,Birth Date,Headline,Summary,Industry,Zip Code,Geo Location",
            Some(Kind::Profile),
        );
    }

    #[test]
    fn finds_columns_wherever_they_stand() {
        let header = header("Connected On,Mood,Last Name,First Name");
        let columns = Columns::new(Kind::Connections.layout(), &header);
        assert_eq!(columns.get(Connection::ConnectedOn as usize), Some(0));
        assert_eq!(columns.get(Connection::Given as usize), Some(3));
        assert_eq!(columns.get(Connection::Url as usize), None);
        assert_eq!(columns.unknown(), [1]);
    }
}
