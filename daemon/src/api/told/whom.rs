//! Whom a sentence is about: each name of a list, or those who were said apart. Nobody of such a list is left out without a word; who is named in another part of the sentence is not there.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use kith_core::book::people::Person;
use kith_core::told::names::{self, Beside, Run};
use kith_core::told::whom::{Namesake, addresses, likeliest};
use kith_proto::api::{PersonSummary, SentenceRequest, short_id};

use crate::api::people::{CANDIDATES, Named, called};
use crate::api::{ApiError, Context, ReadError};
use crate::keeper::Keeper;
use crate::store::StoreError;
use crate::view::{self, Meant};

/// Those whom a sentence is about.
pub(super) struct Found {
    /// Each with the words that name them; the one first whom the sentence is about.
    pub(super) people: Vec<(Named, Run)>,
    /// Who else bears one of the names.
    pub(super) others: Vec<Person>,
    /// The sentence says who, and nothing else.
    pub(super) only_who: bool,
}

/// One name of a sentence.
enum Name {
    Known(Box<Named>, Run, Vec<Person>),
    Several(Run, Vec<Person>),
    Unknown(Run),
}

/// Finds whom a sentence is about: it names a person as a whole, or with runs of its words, or by an address.
pub(super) async fn find(context: &Context, request: &SentenceRequest, today: Date) -> Result<Found, ApiError> {
    let sentence = request.text.clone();
    let said: Vec<String> = request.person.iter().chain(&request.people).cloned().collect();
    if !said.is_empty() {
        let mut people: Vec<Named> = Vec::new();
        for text in said {
            let named = called(context, text).await?;
            if people.iter().all(|known| known.person.id != named.person.id) {
                people.push(named);
            }
        }
        return context.read(move |keeper, _| Ok(said_apart(keeper, &sentence, people)?)).await;
    }
    let whole = sentence.clone();
    if context
        .read(move |keeper, _| Ok(matches!(view::called(keeper, &whole)?, Meant::One(..) | Meant::Several(_))))
        .await?
    {
        let people = vec![(called(context, sentence).await?, Run::nowhere())];
        return Ok(Found { people, others: Vec::new(), only_who: true });
    }
    context.read(move |keeper, config| named_in(keeper, &config.zone(), &sentence, today)).await
}

/// Those of whom it is known who they are, with the words that name them in the sentence.
fn said_apart(keeper: &Keeper, sentence: &str, people: Vec<Named>) -> Result<Found, StoreError> {
    let mut found: Vec<(Named, Run)> = Vec::new();
    for named in people {
        let mut run = Run::nowhere();
        for words in names::runs(sentence) {
            let is_meant = match view::called_in(keeper, &words.text)? {
                Meant::Nobody | Meant::Elsewhere(_) => false,
                Meant::One(person, _) => person.id == named.person.id,
                Meant::Several(people) => people.iter().any(|person| person.id == named.person.id),
            };
            if is_meant {
                run = words;
                break;
            }
        }
        found.push((named, run));
    }
    // The sentence is about those whom it names before those whom it does not.
    found.sort_by_key(|(_, run)| run.text.is_empty());
    Ok(Found { people: found, others: Vec::new(), only_who: false })
}

fn named_in(keeper: &Keeper, zone: &TimeZone, sentence: &str, today: Date) -> Result<Found, ReadError> {
    let by_address = by_address(keeper, sentence)?;
    let resolve = |runs: &[Run]| resolve(keeper, zone, runs, &by_address, today);
    let Some(first) = resolve(&names::runs(sentence))? else {
        let named = by_address.into_iter().next().ok_or_else(|| nobody(sentence))?;
        return Ok(Found { people: vec![(named, Run::nowhere())], others: Vec::new(), only_who: false });
    };
    let start = first.run().clone();
    let mut all = vec![first];
    all.extend(names::before(sentence, &start).map(Name::Unknown));
    let mut ends = vec![start.clone()];
    for Beside { runs, name } in names::also(sentence, &start) {
        let Some(other) = resolve(&runs)?.or_else(|| name.map(Name::Unknown)) else { continue };
        ends.push(other.run().clone());
        all.push(other);
    }
    for mut last in ends {
        while let Some(Beside { runs, name }) = names::behind(sentence, &last) {
            let Some(next) = resolve(&runs)?.or_else(|| name.map(Name::Unknown)) else { break };
            last = next.run().clone();
            all.push(next);
        }
    }
    each_known(keeper, sentence, all)
}

/// Returns those who are named, where it is clear of each who it is.
fn each_known(keeper: &Keeper, sentence: &str, all: Vec<Name>) -> Result<Found, ReadError> {
    let (mut people, mut others, mut unknown, mut unclear) =
        (Vec::<(Named, Run)>::new(), Vec::new(), Vec::new(), Vec::new());
    for name in all {
        match name {
            Name::Known(named, run, namesakes) => {
                if people.iter().all(|(known, _)| known.person.id != named.person.id) {
                    people.push((*named, run));
                    others.extend(namesakes);
                }
            }
            Name::Several(run, people) => unclear.push((run, people)),
            Name::Unknown(run) => unknown.push(run),
        }
    }
    let known: Vec<PersonSummary> =
        people.iter().map(|(named, _)| view::summary(keeper, &named.person)).collect::<Result<_, _>>()?;
    if let Some(run) = unknown.first() {
        return Err(left_out(sentence, run, &known).into());
    }
    if let Some((run, people)) = unclear.first() {
        return Err(several(keeper, sentence, (run, people), (&known, &unclear))?.into());
    }
    Ok(Found { people, others, only_who: false })
}

/// Finds the first of these runs of words that names somebody.
fn resolve(
    keeper: &Keeper,
    zone: &TimeZone,
    runs: &[Run],
    by_address: &[Named],
    today: Date,
) -> Result<Option<Name>, StoreError> {
    for run in runs {
        let people = match view::called_in(keeper, &run.text)? {
            Meant::Nobody | Meant::Elsewhere(_) => continue,
            Meant::One(person, record) => {
                let named = Named { person: *person, record };
                return Ok(Some(Name::Known(Box::new(named), run.clone(), Vec::new())));
            }
            Meant::Several(people) => people,
        };
        let is_among = |named: &&Named| people.iter().any(|person| person.id == named.person.id);
        if let Some(named) = by_address.iter().find(is_among) {
            return Ok(Some(Name::Known(Box::new(named.clone()), run.clone(), Vec::new())));
        }
        let namesakes: Vec<Namesake> = people.iter().map(|person| namesake(keeper, person, zone)).collect();
        let Some(place) = likeliest(&namesakes, today) else {
            return Ok(Some(Name::Several(run.clone(), people)));
        };
        let mut others = people;
        let person = others.remove(place);
        let record = keeper.book().record_meant(&person, &run.text);
        return Ok(Some(Name::Known(Box::new(Named { person, record }), run.clone(), others)));
    }
    Ok(None)
}

/// Those whose addresses stand in a sentence.
fn by_address(keeper: &Keeper, sentence: &str) -> Result<Vec<Named>, StoreError> {
    let mut found = Vec::new();
    for address in addresses(sentence) {
        if let Meant::One(person, record) = view::called(keeper, &address)? {
            found.push(Named { person: *person, record });
        }
    }
    Ok(found)
}

fn namesake(keeper: &Keeper, person: &Person, zone: &TimeZone) -> Namesake {
    let in_circle = keeper.book().words().is_chosen(&person.records());
    Namesake { in_circle, last: person.last_interaction.map(|at| zone.to_datetime(at).date()) }
}

impl Name {
    const fn run(&self) -> &Run {
        match self {
            Self::Known(_, run, _) | Self::Several(run, _) | Self::Unknown(run) => run,
        }
    }
}

fn nobody(sentence: &str) -> ApiError {
    let hint = if sentence.to_lowercase().contains("promised") {
        "say whom: kith log \"promised Ana to send the slides by Friday\"; add who is new: kith add NAME"
    } else {
        "say with whom: kith log \"coffee with Ana yesterday\", or kith log PERSON TEXT; add who is new: kith add NAME"
    };
    ApiError::missing(format!("find a person in {sentence:?}"), hint)
}

/// Says who is known to nobody, and that nothing is kept of the others either.
fn left_out(sentence: &str, unknown: &Run, known: &[PersonSummary]) -> ApiError {
    let found: Vec<&str> = known.iter().map(|person| person.name.as_str()).collect();
    let found = if found.is_empty() { "nobody else".to_owned() } else { found.join(", ") };
    let text = &unknown.text;
    let error = format!("find anybody called {text:?}; found: {found}; nothing was kept");
    let without = if known.is_empty() {
        String::new()
    } else {
        format!("; or without them: kith log {sentence:?} {}", with(known.iter()))
    };
    ApiError::missing(error, format!("add who is new, and say it again: kith add {text:?}{without}"))
}

/// Says who could be meant, and what to type.
fn several(
    keeper: &Keeper,
    sentence: &str,
    (run, people): (&Run, &[Person]),
    (known, unclear): (&[PersonSummary], &[(Run, Vec<Person>)]),
) -> Result<ApiError, StoreError> {
    let named: Vec<PersonSummary> =
        people.iter().take(CANDIDATES).map(|person| view::summary(keeper, person)).collect::<Result<_, _>>()?;
    let firsts: Vec<PersonSummary> = unclear
        .iter()
        .filter_map(|(_, people)| people.first())
        .map(|person| view::summary(keeper, person))
        .collect::<Result<_, _>>()?;
    let with = with(known.iter().chain(&firsts));
    let hint = format!("say which of them, as the first: kith log {sentence:?} {with}");
    Ok(ApiError::ambiguous(&run.text, named, people.len()).with_hint(hint))
}

/// "--with 0f8c1b7a --with 52d94e6f".
fn with<'a>(people: impl Iterator<Item = &'a PersonSummary>) -> String {
    let ids = people.map(|person| format!("--with {}", short_id(&person.id)));
    ids.collect::<Vec<_>>().join(" ")
}
