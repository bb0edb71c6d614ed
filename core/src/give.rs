//! Giving: who could help whom, from what people look for and what others offer.
//!
//! A need is compared with every offer, and with what else speaks for somebody: their titles, where they work, what they are
//! endorsed for, notes about them. Words are stemmed and weighed by how rare they are (BM25); a field weighs as much as it
//! says. Whoever knows each other already, as far as the data tell, is not introduced again.
//!
//! ```text
//!  "Rust mentor" ─▶ [rust, mentor] ─▶ Bob offers "mentors in Rust" · Cleo is "Rust engineer" ─▶ the best first, with why
//! ```

pub mod balance;
pub mod own;

use std::collections::{BTreeMap, BTreeSet};

use std::sync::LazyLock;

use bm25::{DefaultTokenizer, Document, Language, SearchEngineBuilder, Tokenizer};

use crate::id::PersonId;

/// How many helpers are suggested for one need.
const FOR_EACH: usize = 5;

/// A stem of so many letters is whole.
const SHORT_STEM: usize = 3;

/// What is weaker than this share of the best for the same need is not suggested.
const SHARE_OF_BEST: f64 = 0.3;

/// How much more a suggestion weighs when both live in one place.
const SAME_PLACE: f64 = 1.1;

/// Somebody who looks for something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seeker {
    /// Who.
    pub person: PersonId,
    /// The name.
    pub name: String,
    /// What for.
    pub need: String,
    /// Where they live, as it is written by how it reads folded; empty where it is not known.
    pub places: BTreeMap<String, String>,
}

/// Somebody who could help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Helper {
    /// Who.
    pub person: PersonId,
    /// The name.
    pub name: String,
    /// What speaks for them.
    pub speaks: Vec<(Field, String)>,
    /// Where they live, as of a seeker.
    pub places: BTreeMap<String, String>,
}

/// What kind of thing speaks for somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// What they offer, in the owner's words.
    Offer,
    /// What they are endorsed for, and other keywords.
    Skill,
    /// What they do.
    Title,
    /// A note of the owner's about them.
    Note,
    /// Where they work.
    Organization,
}

impl Field {
    /// How much a match in it weighs.
    const fn weight(self) -> f64 {
        match self {
            Self::Offer => 3.0,
            Self::Skill => 1.3,
            Self::Title => 1.0,
            Self::Note => 0.8,
            Self::Organization => 0.5,
        }
    }

    pub(crate) fn words(self, name: &str, text: &str) -> String {
        match self {
            Self::Offer => format!("{name} offers: {text}."),
            Self::Skill => format!("{name} knows: {text}."),
            Self::Title => format!("{name} works as {text}."),
            Self::Note => format!("You noted about {name}: {text}."),
            Self::Organization => format!("{name} works at {text}."),
        }
    }
}

/// Two people whom it would help to know each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Introduction {
    /// Who is helped.
    pub a: PersonId,
    /// Who can help.
    pub b: PersonId,
    /// What `a` looks for.
    pub need: String,
    /// What speaks most for `b`.
    pub offer: String,
    /// What kind of thing that is.
    pub by: Field,
    /// Why, in words.
    pub why: Vec<String>,
    /// How well it fits, above 0.
    pub score: f64,
}

/// Something that speaks for a helper and fits the need: how well, what it is, and its text.
type Match<'a> = (f64, Field, &'a str);

/// Suggests introductions, the best first: for each need the helpers who fit, none who know the seeker already.
#[must_use]
pub fn suggest(seekers: &[Seeker], helpers: &[Helper], know: impl Fn(PersonId, PersonId) -> bool) -> Vec<Introduction> {
    let documents: Vec<(usize, Field, &str)> =
        (0..).zip(helpers).flat_map(|(i, h)| h.speaks.iter().map(move |(f, text)| (i, *f, text.as_str()))).collect();
    if documents.is_empty() {
        return Vec::new();
    }
    let numbered = (0u32..).zip(&documents).map(|(no, (.., text))| Document::new(no, *text));
    let engine = SearchEngineBuilder::<u32, u32, Stems>::with_tokenizer_and_documents(Stems, numbered).build();
    let mut found = Vec::new();
    for seeker in seekers {
        let mut of_helper: BTreeMap<usize, (f64, Vec<Match<'_>>)> = BTreeMap::new();
        for result in engine.search(&seeker.need, None) {
            let Some((helper, field, text)) = documents.get(result.document.id as usize) else { continue };
            let score = f64::from(result.score) * field.weight();
            let (sum, matched) = of_helper.entry(*helper).or_default();
            *sum += score;
            matched.push((score, *field, text));
        }
        let fitting = of_helper.into_iter().filter_map(|(no, (score, matched))| {
            let helper = helpers.get(no)?;
            let place = seeker.places.iter().find(|(place, _)| helper.places.contains_key(*place));
            let score = if place.is_some() { score * SAME_PLACE } else { score };
            let fits = helper.person != seeker.person && score > 0.0 && !know(seeker.person, helper.person);
            fits.then_some(Fitting { helper, score, place: place.map(|(_, written)| written), matched })
        });
        found.extend(best(fitting.collect()).into_iter().filter_map(|fitting| introduction(seeker, fitting)));
    }
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| (a.a, a.b, &a.need).cmp(&(b.a, b.b, &b.need))));
    found
}

/// Who fits a need: how well, the place in which both are, and what fits.
struct Fitting<'a> {
    helper: &'a Helper,
    score: f64,
    place: Option<&'a String>,
    matched: Vec<Match<'a>>,
}

/// The best for one need, without those who hardly fit.
fn best(mut fitting: Vec<Fitting<'_>>) -> Vec<Fitting<'_>> {
    fitting.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.helper.person.cmp(&b.helper.person)));
    let least = fitting.first().map_or(0.0, |best| best.score * SHARE_OF_BEST);
    fitting.retain(|fitting| fitting.score >= least);
    fitting.truncate(FOR_EACH);
    fitting
}

fn introduction(seeker: &Seeker, fitting: Fitting<'_>) -> Option<Introduction> {
    let Fitting { helper, score, place, mut matched } = fitting;
    matched.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(b.2)));
    let (_, by, offer) = matched.first()?;
    let mut why = vec![format!("{} looks for: {}.", seeker.name, seeker.need)];
    why.extend(matched.iter().take(2).map(|(_, field, text)| field.words(&helper.name, text)));
    let shared = shared_words(&seeker.need, matched.iter().map(|(.., text)| *text));
    if !shared.is_empty() {
        why.push(format!("What fits: {}.", shared.join(", ")));
    }
    why.extend(place.map(|place| format!("Both are in {place}.")));
    Some(Introduction {
        a: seeker.person,
        b: helper.person,
        need: seeker.need.clone(),
        offer: (*offer).to_owned(),
        by: *by,
        why,
        score: (score * 1_000.0).round() / 1_000.0,
    })
}

/// A text, in the words by which it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words(BTreeSet<String>);

impl Words {
    /// Takes the words of a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self(stems(text).into_iter().collect())
    }

    /// Whether these words of a need are met so surely that it may be told without being asked for: by a text that has every
    /// word of the need, or by an offer that has no other word than the need has.
    #[must_use]
    pub fn are_met_by(&self, field: Field, Self(has): &Self) -> bool {
        let every_word = !self.0.is_empty() && self.0.is_subset(has);
        match field {
            Field::Offer => every_word || (!has.is_empty() && has.is_subset(&self.0)),
            Field::Skill | Field::Title => every_word,
            Field::Note | Field::Organization => false,
        }
    }

    /// Returns how they begin in every form, for looking through many texts: "compani" is of "company", too.
    #[must_use]
    pub fn beginnings(&self) -> Vec<String> {
        let beginning = |stem: &String| {
            let length = stem.chars().count();
            stem.chars().take(if length > SHORT_STEM { length - 1 } else { length }).collect()
        };
        self.0.iter().map(beginning).collect()
    }
}

/// The words of the need whose stems are in the texts, as the need writes them.
fn shared_words<'a>(need: &str, texts: impl Iterator<Item = &'a str>) -> Vec<String> {
    let known: BTreeSet<String> = texts.flat_map(stems).collect();
    let words = need.split(|c: char| !c.is_alphanumeric() && c != '+' && c != '#').filter(|word| !word.is_empty());
    let fits = |word: &&str| stems(word).iter().any(|stem| known.contains(stem));
    words.filter(fits).map(str::to_lowercase).collect()
}

/// One side of an introduction, as its text names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// How the text calls them.
    pub first_name: String,
    /// The name in full.
    pub name: String,
    /// What they do, where.
    pub headline: Option<String>,
    /// Their address.
    pub email: Option<String>,
    /// What they look for, as far as the owner said.
    pub needs: Vec<String>,
    /// What they can help with, as far as the owner said.
    pub offers: Vec<String>,
}

/// Whether two people know each other, as far as the data tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acquainted {
    /// They took part in the same thread or meeting, or were introduced.
    Yes,
    /// Nothing says so.
    NotKnown,
}

/// Returns a beginning of a text that introduces two people: subject line, addresses, text. It is the owner's to change.
///
/// It says what one of them looks for and what the other can help with: of several that which fits best, else what was said
/// first. Who can help may be named first, too. An offer that answers no need is only told of, and what nobody knows is not said.
#[must_use]
pub fn draft([a, b]: &[Side; 2], acquainted: Acquainted) -> (String, Vec<String>, String) {
    let known_as = |side: &Side| match &side.headline {
        Some(headline) => format!("{} ({headline})", side.name),
        None => side.name.clone(),
    };
    let (first, second) = (known_as(a), known_as(b));
    let begin = match acquainted {
        Acquainted::Yes => {
            format!(
                "you have come across each other before; I write to both of you for a reason.\n\n{first} and {second}:"
            )
        }
        Acquainted::NotKnown => {
            format!(
                "as far as I know you have not met yet, and I would like to change that.\n\n{first} meets {second}."
            )
        }
    };
    let text = format!(
        "Dear {}, dear {},\n\n{begin}\n{}\n\nI leave the rest to you.\n",
        a.first_name,
        b.first_name,
        about(a, b)
    );
    let to = [a, b].iter().filter_map(|side| side.email.clone()).collect();
    (format!("{} and {}", a.first_name, b.first_name), to, text)
}

/// What the one looks for and the other can help with, in a line each.
fn about(a: &Side, b: &Side) -> String {
    let says_nothing = |seeker: &Side, helper: &Side| seeker.needs.is_empty() && helper.offers.is_empty();
    let (seeker, helper) = if says_nothing(a, b) { (b, a) } else { (a, b) };
    let (name, other) = (&seeker.first_name, &helper.first_name);
    let looks = |need: &str| format!("{name} is looking for: {}.", need.trim_end_matches('.'));
    let helps = |offer: &str| format!("{other} can help with: {}.", offer.trim_end_matches('.'));
    if let Some((need, offer)) = fitting(seeker, helper) {
        return format!("{}\n{}", looks(&need), helps(&offer));
    }
    let need = seeker.needs.first().map(|need| format!("{} I thought of you at once, {other}.", looks(need)));
    let offer = helper.offers.first().map(|offer| format!("{} That may be of use to you, {name}.", helps(offer)));
    let told: Vec<String> = need.into_iter().chain(offer).collect();
    if told.is_empty() {
        return format!("I think that the two of you would enjoy a talk, {} and {}.", a.first_name, b.first_name);
    }
    told.join("\n")
}

/// The need and the offer that fit each other best.
fn fitting(seeker: &Side, helper: &Side) -> Option<(String, String)> {
    let found = own::matches(&seeker.needs, &helper.offers).into_iter().next()?;
    Some((found.need, found.offer))
}

/// Made once, for it holds a thousand words that every text has.
static TOKENIZER: LazyLock<DefaultTokenizer> = LazyLock::new(|| DefaultTokenizer::new(Language::English));

/// How texts become words that can be compared.
struct Stems;

impl Tokenizer for Stems {
    fn tokenize(&self, text: &str) -> Vec<String> {
        stems(text)
    }
}

/// Returns the words of a text by which needs and offers are compared: their stems, without what every text has.
#[must_use]
pub fn stems(text: &str) -> Vec<String> {
    TOKENIZER.tokenize(text)
}

#[cfg(test)]
mod tests;
