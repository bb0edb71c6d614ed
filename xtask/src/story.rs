//! What the demo drops: a small fictional world that ends today.

use std::fs;
use std::path::Path;

use jiff::civil::Date;
use kith_tests::fixtures::{cards, linkedin, mail};
use kith_tests::{HarnessError, Home};

use crate::shell::XtaskError;

/// How often to hear from friends.
pub(crate) const CONFIG: &str = "
[[circle]]
name = \"friends\"
cadence = \"3 weeks\"
";

/// The same, and a plan every few seconds, so that nobody waits until tomorrow, of one person each. It holds once the story is
/// told: else those are named whose mail happens to be read first.
pub(crate) const CONFIG_OF_THE_DAY: &str = "daily = 1

[[circle]]
name = \"friends\"
cadence = \"3 weeks\"

[[schedule]]
name = \"demo\"
cron = \"*/10 * * * * *\"
";

/// What was promised to the friend by today, which comes before all else that is to be thought of.
pub(crate) const PROMISE: &str = "send the photos of the new bakery";

/// How much the LinkedIn archive holds.
const SIZE: linkedin::Size = linkedin::Size { connections: 1_500, closed: 12, messages: 3_000, invitations: 80 };

/// Something to drop, in words and by name.
pub(crate) struct Dropped {
    /// What it is.
    pub(crate) what: &'static str,
    /// Its name in the drop folder.
    pub(crate) name: &'static str,
}

/// What is dropped, in order.
pub(crate) const DROPPED: [Dropped; 3] = [
    Dropped { what: "a LinkedIn archive", name: "Basic_LinkedInDataExport.zip" },
    Dropped { what: "an address book of vCards", name: "Contacts.vcf" },
    Dropped { what: "a Maildir", name: "Mail" },
];

/// Makes one of the things to drop, and puts it into the drop folder in one go.
pub(crate) fn drop_one(home: &Home, one: &Dropped, today: Date) -> Result<(), XtaskError> {
    match one.name {
        "Mail" => {
            let (aside, target) = (home.path("Mail.being-made"), home.drop_folder()?.join(one.name));
            mail::maildir(&aside, 400, 60, today).map_err(file(&aside))?;
            fs::rename(&aside, &target).map_err(file(&target))
        }
        "Contacts.vcf" => {
            let mut bytes = Vec::new();
            cards::cards(&mut bytes, 0, 120).map_err(file(Path::new(one.name)))?;
            home.drop_file(one.name, &bytes).map(drop).map_err(XtaskError::from)
        }
        _ => {
            let archive = linkedin::archive(SIZE, today).map_err(HarnessError::Archive)?;
            home.drop_file(one.name, &archive).map(drop).map_err(XtaskError::from)
        }
    }
}

fn file(path: &Path) -> impl FnOnce(std::io::Error) -> XtaskError {
    let path = path.to_path_buf();
    move |source| XtaskError::File { path, source }
}
