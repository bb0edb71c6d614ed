//! An interaction told in one sentence: who, when and what is read out of it, and said back.

use axum::Json;
use axum::extract::State;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use kith_core::book::people::Person;
use kith_core::fact::{Care, Said};
use kith_core::id::FactId;
use kith_core::told::whom::{Namesake, addresses, likeliest};
use kith_core::told::{self, Run, Told};
use kith_proto::api::{NoteItem, PersonSummary, SentenceRequest, Understood, WishItem, WishKind, short_id};
use kith_proto::interaction::InteractionKind;

use crate::api::people::{CANDIDATES, Named, day_of, meant, noon_or_now};
use crate::api::{ApiError, Context, ReadError};
use crate::clock;
use crate::keeper::Keeper;
use crate::store::StoreError;
use crate::view::{self, Meant};

pub(super) async fn tell(
    State(context): State<Context>,
    Json(request): Json<SentenceRequest>,
) -> Result<Json<Understood>, ApiError> {
    let today = day_of(&context, clock::now());
    let (Found { named, others, .. }, mut told) = read(&context, &request, today).await?;
    let kind = request.kind.or(told.kind).unwrap_or(InteractionKind::Meeting);
    let on = request.on.or(told.on);
    let at = match on {
        Some(day) => noon_or_now(day, &context.config.borrow().zone())?,
        None => clock::now(),
    };
    let record = named.record;
    let mut said = vec![Said::Log { records: vec![record], kind, at, text: told.text.clone(), occurrence: None }];
    said.extend(told.notes.iter().map(|text| Said::Note { record, text: text.clone() }));
    let need = |text: &String| Care::Need { record: Some(record), text: text.clone(), proposed: true }.into();
    said.extend(told.needs.iter().map(need));
    let facts = context.keeper.say(said).await?;
    let person = meant(&context, record.to_string()).await?.person;
    let summaries = context.read(move |keeper, _| {
        let others = others.iter().take(CANDIDATES).map(|other| view::summary(keeper, other));
        Ok((view::summary(keeper, &person)?, others.collect::<Result<Vec<_>, _>>()?))
    });
    let (person, others) = summaries.await?;
    let on = on.unwrap_or(today);
    let (done, text) = (in_words(kind, on, today, &told), told.text.take());
    let mut ids = facts.iter().skip(1);
    let notes = told.notes.into_iter().zip(&mut ids).map(|(text, id)| note(id, text)).collect();
    let needs = told.needs.into_iter().zip(ids).map(|(text, id)| WishItem {
        fact: id.to_string(),
        kind: WishKind::Need,
        person: Some(person.id.clone()),
        name: person.name.clone(),
        text,
        due: None,
        at: Some(clock::now()),
        proposed: true,
    });
    let needs = needs.collect();
    let facts = facts.iter().map(ToString::to_string).collect();
    Ok(Json(Understood { done, facts, person, kind: Some(kind), on: Some(on), text, notes, needs, others }))
}

/// Who a sentence is about, by which words of it, and who else bears the name.
struct Found {
    named: Named,
    run: Run,
    others: Vec<Person>,
}

/// Finds whom a sentence is about: it names a person as a whole, or with a run of its words, or by an address.
async fn read(context: &Context, request: &SentenceRequest, today: Date) -> Result<(Found, Told), ApiError> {
    let sentence = request.text.clone();
    if let Some(person) = &request.person {
        let named = meant(context, person.clone()).await?;
        let found = context.read(move |keeper, _| Ok(said_apart(keeper, &sentence, named)?)).await?;
        let told = told::told(&request.text, &found.run, today);
        return Ok((found, told));
    }
    let whole = sentence.clone();
    if context.read(move |keeper, _| Ok(!matches!(view::meant(keeper, &whole)?, Meant::Nobody))).await? {
        let nothing = Told { kind: None, on: None, text: None, notes: Vec::new(), needs: Vec::new() };
        let named = meant(context, sentence).await?;
        return Ok((Found { named, run: Run::nowhere(), others: Vec::new() }, nothing));
    }
    let found = context.read(move |keeper, config| find(keeper, &config.zone(), &sentence, today)).await?;
    let told = told::told(&request.text, &found.run, today);
    Ok((found, told))
}

/// The words of a sentence that name somebody of whom it is known who they are.
fn said_apart(keeper: &Keeper, sentence: &str, named: Named) -> Result<Found, StoreError> {
    let mut run = Run::nowhere();
    for words in told::runs(sentence) {
        let is_meant = match view::meant(keeper, &words.text)? {
            Meant::Nobody => false,
            Meant::One(person, _) => person.id == named.person.id,
            Meant::Several(people) => people.iter().any(|person| person.id == named.person.id),
        };
        if is_meant {
            run = words;
            break;
        }
    }
    Ok(Found { named, run, others: Vec::new() })
}

fn find(keeper: &Keeper, zone: &TimeZone, sentence: &str, today: Date) -> Result<Found, ReadError> {
    let by_address = by_address(keeper, sentence)?;
    for run in told::runs(sentence) {
        let people = match view::meant(keeper, &run.text)? {
            Meant::Nobody => continue,
            Meant::One(person, record) => {
                return Ok(Found { named: Named { person: *person, record }, run, others: Vec::new() });
            }
            Meant::Several(people) => people,
        };
        let is_among = |named: &&Named| people.iter().any(|person| person.id == named.person.id);
        if let Some(named) = by_address.as_ref().filter(is_among) {
            return Ok(Found { named: named.clone(), run, others: Vec::new() });
        }
        let namesakes: Vec<Namesake> = people.iter().map(|person| namesake(keeper, person, zone)).collect();
        let Some(place) = likeliest(&namesakes, today) else {
            return Err(several(keeper, sentence, &run, &people)?.into());
        };
        let mut others = people;
        let person = others.remove(place);
        let record = keeper.book().record_meant(&person, &run.text);
        return Ok(Found { named: Named { person, record }, run, others });
    }
    let missing = || {
        let hint = "say with whom: kith log \"coffee with Ana yesterday\", or kith log PERSON TEXT; add who is new: kith add NAME";
        ApiError::missing(format!("find a person in {sentence:?}"), hint)
    };
    let named = by_address.ok_or_else(missing)?;
    Ok(Found { named, run: Run::nowhere(), others: Vec::new() })
}

/// The first one whose address stands in a sentence.
fn by_address(keeper: &Keeper, sentence: &str) -> Result<Option<Named>, StoreError> {
    for address in addresses(sentence) {
        if let Meant::One(person, record) = view::meant(keeper, &address)? {
            return Ok(Some(Named { person: *person, record }));
        }
    }
    Ok(None)
}

fn namesake(keeper: &Keeper, person: &Person, zone: &TimeZone) -> Namesake {
    let in_circle = keeper.book().words().circle(&person.records()).is_some();
    Namesake { in_circle, last: person.last_interaction.map(|at| zone.to_datetime(at).date()) }
}

/// Says who could be meant, and what to type.
fn several(keeper: &Keeper, sentence: &str, run: &Run, people: &[Person]) -> Result<ApiError, StoreError> {
    let named: Vec<PersonSummary> =
        people.iter().take(CANDIDATES).map(|person| view::summary(keeper, person)).collect::<Result<_, _>>()?;
    let id = named.first().map(|first| short_id(&first.id).to_owned()).unwrap_or_default();
    let hint = format!("say which of them, as the first: kith log {sentence:?} --with {id}");
    Ok(ApiError::ambiguous(&run.text, named, people.len()).with_hint(hint))
}

fn note(id: &FactId, text: String) -> NoteItem {
    NoteItem { fact: id.to_string(), at: clock::now(), text }
}

/// "a meeting on Sunday, 22 November 2026: coffee with Ana".
fn in_words(kind: InteractionKind, on: Date, today: Date, told: &Told) -> String {
    let what = match kind {
        InteractionKind::Meeting => "a meeting",
        InteractionKind::Call => "a call",
        InteractionKind::Mail => "a mail",
        InteractionKind::Message => "a message",
        InteractionKind::Invitation
        | InteractionKind::InvitationAccepted
        | InteractionKind::Endorsement
        | InteractionKind::Recommendation
        | InteractionKind::Other => "in touch",
    };
    let day = if on == today { "today".to_owned() } else { format!("on {}", on.strftime("%A, %-d %B %Y")) };
    let text = told.text.as_deref().map(|text| format!(": {text}")).unwrap_or_default();
    format!("{what} {day}{text}")
}
