//! The command line.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use kith_proto::api::{FilesChoice, Season};
use kith_proto::interaction::InteractionKind;

/// Stay in touch with the people you care about. Everything stays on this machine.
#[derive(Debug, Parser)]
#[command(
    name = "kith",
    version,
    arg_required_else_help = true,
    after_help = "PERSON is a name or a part of one, a mail address, or an id or its beginning.\n\
        Exit codes: 0 ok, 1 failed, 64 usage, 65 data, 69 kithd is not running, 78 config."
)]
pub(crate) struct Args {
    /// Print JSON, one object a line, errors too.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// How kithd is: what it knows, what it watches, what needs a look.
    Status,
    /// Import files or folders where they are; nothing is moved.
    Import(Import),
    /// What came of an import, with all that was wrong in it.
    Report {
        /// The import's id, as kith undo --list names it; the newest unless given.
        import: Option<String>,
    },
    /// Whom to reconnect with, and why now.
    Today,
    /// What the next plans will name, as things stand.
    Plan {
        /// How many days ahead.
        #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u16).range(1..=366))]
        days: u16,
    },
    /// Mail and messages that wait for your answer.
    Waiting {
        /// This one needs no answer, ever: its id as kith waiting lists it, or its key.
        #[arg(long, value_name = "ID")]
        not_needed: Option<String>,
        /// Also the mail of senders who write often, whom you do not know and never wrote to.
        #[arg(long, conflicts_with = "not_needed")]
        all: bool,
    },
    /// No reminders until a day: kith pause until monday; kith pause off ends it.
    Pause {
        /// `until` and a day: monday, 2026-12-24, tomorrow; or off.
        #[arg(required = true, num_args = 1..=6)]
        words: Vec<String>,
    },
    /// How much networking there is at the moment: search, steady or rest.
    Season {
        /// The one that begins; without it, the one that is.
        #[arg(value_enum)]
        season: Option<SeasonName>,
    },
    /// No reminders of a person any more.
    Mute {
        /// Who.
        person: String,
        /// Have them again.
        #[arg(long)]
        off: bool,
    },
    /// Not this time: the next reminder comes a cadence from today; promises and birthdays are told meanwhile.
    Skip {
        /// Who.
        person: String,
    },
    /// What people look for, and you: kith need ana "Rust mentor"; without anybody, all that is open.
    Need(Wish),
    /// What people can help with, and you: kith offer bob "mentors in Rust".
    Offer(Wish),
    /// What you promised somebody: kith promise ana "send the draft" --by friday.
    Promise {
        /// Whom.
        person: Option<String>,
        /// What.
        text: Vec<String>,
        /// By when: friday, 2026-12-01, tomorrow.
        #[arg(long, value_name = "DAY")]
        by: Option<String>,
    },
    /// A need was met, an offer does not hold any more, a promise was kept; or what is proposed is not wanted.
    Close {
        /// Its id, as kith need, kith offer and kith promise list it.
        id: String,
        /// It was a promise that you did not keep, and will not: it does not count as given.
        #[arg(long)]
        dropped: bool,
    },
    /// A need that kith read out of your words is one, a promise that it read in your mail is one.
    Confirm {
        /// Its id, as kith need and kith promise list it.
        id: String,
    },
    /// What you gave and received, to whom to give first, and whom you may ask.
    Giving,
    /// Introductions: whom it would help to know each other.
    Intro {
        #[command(subcommand)]
        command: Option<IntroCommand>,
    },
    /// Who works or worked at a company, who knows somebody there, and whom you could ask; without a name, those you care about.
    Company(CompanyArgs),
    /// An event: when it is, whom you want to meet there, whom you met; without a name, all of them.
    Event(EventArgs),
    /// Find people by words of a name, address, company or title.
    Find {
        /// Every word must be there; without any, those you were in touch with last.
        words: Vec<String>,
    },
    /// All that is known of a person.
    Show {
        /// Who.
        person: String,
    },
    /// Tell of a coffee, a call, a letter: the next due date moves; in a sentence, of promises, needs and offers, too.
    Log(Log),
    /// Circles: people to hear from equally often.
    Circle {
        #[command(subcommand)]
        command: Option<CircleCommand>,
    },
    /// You were in touch: answers an open reminder.
    Done {
        /// Who.
        person: String,
    },
    /// Not now: no reminder for a week, or until a day.
    Snooze {
        /// Who.
        person: String,
        /// The first day on which a reminder may come again: monday, 11 December, 2026-12-01.
        #[arg(long, value_name = "DAY")]
        until: Option<String>,
    },
    /// Add a person by hand.
    Add(Add),
    /// Give a field a value of your own; without VALUE, return to what the sources say.
    Set {
        /// Who.
        person: String,
        /// name, email, phone, organization, title, birthday, started, profile or cadence.
        field: String,
        /// The value; of the cadence, how often you want to talk: "5 weeks", "5 weeks (3 weeks to 3 months)", or off.
        value: Option<String>,
    },
    /// Keep a note about a person.
    Note {
        /// Who.
        person: String,
        /// What.
        #[arg(required = true)]
        text: Vec<String>,
    },
    /// Say that people are one person.
    Merge {
        /// Who.
        person: String,
        /// Who else that is.
        #[arg(required = true)]
        others: Vec<String>,
    },
    /// Say that some records of a person are somebody else; asks which on a terminal.
    Split(Split),
    /// Answer what kith is not sure of: two people side by side, are they one?
    Review {
        /// Answer one question, for scripts: its id, then y, n or later.
        #[arg(long, num_args = 2, value_names = ["ID", "y|n|later"])]
        answer: Option<Vec<String>>,
    },
    /// Why records are one person, and where what is shown comes from.
    Why {
        /// Who.
        person: String,
        /// One field with all its values: name, email, organization and so on.
        field: Option<String>,
        /// Why a reminder of them comes or does not, and when the next one will.
        #[arg(long, conflicts_with = "field")]
        reminder: bool,
    },
    /// Write everyone to the standard output, one JSON object a line, or as vCards.
    Export {
        /// One JSON object a line, as without any option.
        #[arg(long, conflicts_with = "vcard")]
        jsonl: bool,
        /// vCard 4.0, one card a person with all that their records say, for any address book.
        #[arg(long, conflicts_with = "interactions")]
        vcard: bool,
        /// Interactions, too.
        #[arg(long)]
        interactions: bool,
    },
    /// Take imports or words back; undo the undo to have them again.
    Undo {
        /// The ids that import, note, set and so on gave.
        #[arg(required_unless_present = "list", value_name = "ID")]
        ids: Vec<String>,
        /// List imports and their ids.
        #[arg(long)]
        list: bool,
    },
    /// What you said, the newest first, with the ids by which undo takes it back.
    Words {
        /// Of whom; of everybody unless given.
        person: Option<String>,
        /// Everything that you ever said.
        #[arg(long)]
        all: bool,
    },
    /// Forget a person for good, here and on your other devices; later imports leave them out.
    Forget(Forget),
    /// Network channels: push messages, mail, webhooks.
    Channel {
        #[command(subcommand)]
        command: Option<ChannelCommand>,
    },
    /// Hooks: programs that are run when something happens.
    Hooks {
        #[command(subcommand)]
        command: HooksCommand,
    },
    /// Importer plugins, and those that are not used and why.
    Plugins,
    /// Importer plugins, one at a time.
    Plugin {
        #[command(subcommand)]
        command: PluginCommand,
    },
    /// Files that could not be imported, and why.
    Problems,
    /// Check that everything works, with the next step for what does not.
    Doctor,
    /// Run kithd in the background from now on (a systemd user service).
    Setup {
        /// Only print what would be done.
        #[arg(long, conflicts_with = "undo")]
        print: bool,
        /// Take back what setup did.
        #[arg(long)]
        undo: bool,
    },
    /// Print completions for a shell.
    Completions {
        /// Which shell.
        shell: Shell,
    },
    /// Write the man pages to a folder.
    Man {
        /// Where.
        folder: PathBuf,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Import {
    /// vCards, CSV, LinkedIn archives, mail files, Maildirs.
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Only say what would change.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Propose which column of a table is what: asks on a terminal, otherwise prints a mapping to save and give.
    #[arg(long, conflicts_with = "map_file")]
    pub(crate) map: bool,
    /// Read the columns of a table as this mapping says, now and whenever that header comes again.
    #[arg(long, value_name = "MAP.toml")]
    pub(crate) map_file: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Wish {
    /// Who; `me` is you.
    pub(crate) person: Option<String>,
    /// What.
    pub(crate) text: Vec<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct EventArgs {
    /// Its name.
    pub(crate) name: Option<String>,
    /// When it begins: friday, 2026-12-01, tomorrow.
    #[arg(long, requires = "name", value_name = "DAY")]
    pub(crate) on: Option<String>,
    /// Whom you met there.
    #[arg(long, requires = "name", value_name = "PERSON")]
    pub(crate) met: Vec<String>,
    /// Whom you want to meet there.
    #[arg(long, requires = "name", value_name = "PERSON")]
    pub(crate) want: Vec<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct CompanyArgs {
    /// Its name.
    pub(crate) name: Vec<String>,
    /// You care about it.
    #[arg(long, requires = "name", conflicts_with = "no_care")]
    pub(crate) care: bool,
    /// You no longer do.
    #[arg(long, requires = "name")]
    pub(crate) no_care: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum IntroCommand {
    /// Who could help whom, the best first, and why.
    Suggest,
    /// The introductions and how far each is.
    List,
    /// Say how far one is: suggested, asked-a, asked-b, made, outcome, thanked or declined.
    Set {
        /// Who is helped.
        a: String,
        /// Who can help.
        b: String,
        /// The step.
        stage: String,
        /// What is to be kept about it.
        text: Vec<String>,
    },
    /// Write the beginning of a text that introduces them; kith never sends it.
    Draft {
        /// Who is helped.
        a: String,
        /// Who can help.
        b: String,
    },
}

/// How much networking there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SeasonName {
    /// A search, for a job or for customers: more people a day.
    Search,
    /// As the config says.
    Steady,
    /// A rest: promises, birthdays and answers only, one a day.
    Rest,
}

impl From<SeasonName> for Season {
    fn from(name: SeasonName) -> Self {
        match name {
            SeasonName::Search => Self::Search,
            SeasonName::Steady => Self::Steady,
            SeasonName::Rest => Self::Rest,
        }
    }
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Split {
    /// Who.
    pub(crate) person: String,
    /// The numbers of the records that are somebody else, as 2,3.
    #[arg(long, value_delimiter = ',', value_name = "NUMBERS", value_parser = record_number, conflicts_with_all = ["record", "away_from"])]
    pub(crate) records: Vec<usize>,
    /// Their ids, or the beginnings of them.
    #[arg(long, value_name = "ID", num_args = 1.., conflicts_with = "away_from")]
    pub(crate) record: Vec<String>,
    /// An address, name or id that only the other one has.
    #[arg(long, value_name = "OTHER")]
    pub(crate) away_from: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Log {
    /// Who; or all in one sentence: "coffee with Ana and Bob yesterday; promised Ana to send the slides by Friday".
    #[arg(value_name = "PERSON")]
    pub(crate) person: String,
    /// What was said or done.
    pub(crate) text: Vec<String>,
    /// What it was; a meeting unless given or said.
    #[arg(long, value_enum)]
    pub(crate) kind: Option<Kind>,
    /// The day on which it was: yesterday, friday, 11 November, 2026-11-23; today unless given or said.
    #[arg(long, value_name = "DAY")]
    pub(crate) on: Option<String>,
    /// Who is meant in a sentence: their id, address or name; again for each of several.
    #[arg(long, value_name = "PERSON", conflicts_with = "text")]
    pub(crate) with: Vec<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Add {
    /// The name.
    pub(crate) name: String,
    /// A mail address.
    #[arg(long)]
    pub(crate) email: Option<String>,
    /// A telephone number.
    #[arg(long)]
    pub(crate) phone: Option<String>,
    /// Where they work.
    #[arg(long)]
    pub(crate) organization: Option<String>,
    /// What they do there.
    #[arg(long)]
    pub(crate) title: Option<String>,
    /// As 1985-04-12, or 04-12 without the year.
    #[arg(long)]
    pub(crate) birthday: Option<String>,
    /// The day on which they began where they work, as 2021-03-01.
    #[arg(long)]
    pub(crate) started: Option<String>,
    /// The address of a profile.
    #[arg(long)]
    pub(crate) profile: Option<String>,
    /// A circle to put them in.
    #[arg(long)]
    pub(crate) circle: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Forget {
    /// Who.
    pub(crate) person: String,
    /// Only list what would go.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// What becomes of imported files that hold them; asks on a terminal, keeps them otherwise.
    #[arg(long, value_enum, value_name = "CHOICE")]
    pub(crate) files: Option<Files>,
    /// Do not ask whether you are sure.
    #[arg(long)]
    pub(crate) yes: bool,
}

/// What becomes of imported files that hold somebody who is forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Files {
    /// They stay.
    Keep,
    /// They are deleted, with whatever else is in them.
    Delete,
}

impl From<Files> for FilesChoice {
    fn from(files: Files) -> Self {
        match files {
            Files::Keep => Self::Keep,
            Files::Delete => Self::Delete,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum PluginCommand {
    /// Bring a plugin back that was switched off because it failed too often.
    Enable {
        /// Its name, as `kith plugins` lists it.
        name: String,
    },
    /// Write a plugin that builds and passes `kith plugin check`, to begin with.
    New {
        /// Its name: a to z, 0 to 9 and -.
        name: String,
        /// The language that it is written in.
        #[arg(long, value_enum, default_value_t = Language::Rust)]
        lang: Language,
        /// The folder to write; without it a new one of that name.
        #[arg(long)]
        folder: Option<PathBuf>,
    },
    /// Check that a plugin keeps the rules of docs/PLUGINS.md, in the sandbox; kithd need not run.
    Check(PluginCheck),
}

/// What a plugin is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Language {
    /// Rust, with the SDK beside it.
    Rust,
    /// C11, with the header beside it.
    C,
}

#[derive(Debug, clap::Args)]
pub(crate) struct PluginCheck {
    /// The library.
    #[arg(value_name = "FILE.so")]
    pub(crate) library: PathBuf,
    /// A folder of files of the format; beside NAME lies NAME.expected.jsonl.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) golden: Option<PathBuf>,
    /// Take what comes of the golden files for what is expected.
    #[arg(long, requires = "golden")]
    pub(crate) bless: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CircleCommand {
    /// Circles, and who is in them.
    List,
    /// Put a person in a circle.
    Set {
        /// Who.
        person: String,
        /// The circle's name in the config.
        circle: String,
    },
    /// Take a person out of their circle.
    Out {
        /// Who.
        person: String,
    },
    /// Propose circles for those you really write to; answers are y and n.
    Suggest,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ChannelCommand {
    /// Channels, and how they are.
    List,
    /// Send a test message and say what came of it.
    Test {
        /// The channel's name in the config.
        name: String,
    },
    /// Try again what waits or was given up.
    Retry {
        /// The channel's name in the config, or the hook's, as `kith channel` names it.
        name: String,
    },
}

#[derive(Debug, Clone, Copy, Subcommand)]
pub(crate) enum HooksCommand {
    /// What became of the last runs.
    Log {
        /// How many.
        #[arg(long, default_value_t = 20)]
        last: usize,
    },
}

/// What an interaction was.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Kind {
    /// A meeting, a coffee, a visit.
    Meeting,
    /// A call.
    Call,
    /// A message.
    Message,
    /// A mail or a letter.
    Mail,
    /// Something else.
    Other,
}

impl From<Kind> for InteractionKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Meeting => Self::Meeting,
            Kind::Call => Self::Call,
            Kind::Message => Self::Message,
            Kind::Mail => Self::Mail,
            Kind::Other => Self::Other,
        }
    }
}

/// Returns the number of a record, as `kith split` counts them.
fn record_number(text: &str) -> Result<usize, String> {
    let number = text.trim().parse().ok().filter(|number| *number > 0);
    number
        .ok_or_else(|| "the numbers of records are shown by kith split PERSON, from 1 on; name them as 2,3".to_owned())
}
