//! An interaction told in one sentence: who, when and what is read out of it, and said back.

use axum::Json;
use axum::extract::State;
use jiff::civil::Date;
use kith_core::fact::{Care, Said};
use kith_core::id::FactId;
use kith_core::told::{self, Run, Told};
use kith_proto::api::{NoteItem, SentenceRequest, Understood, WishItem, WishKind};
use kith_proto::interaction::InteractionKind;

use crate::api::people::{Named, day_of, meant, noon_or_now};
use crate::api::{ApiError, Context};
use crate::clock;
use crate::view::{self, Meant};

pub(super) async fn tell(
    State(context): State<Context>,
    Json(request): Json<SentenceRequest>,
) -> Result<Json<Understood>, ApiError> {
    let today = day_of(&context, clock::now());
    let (named, mut told) = read(&context, &request.text, today).await?;
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
    let person = context.read(move |keeper, _| Ok(view::summary(keeper, &person)?)).await?;
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
    Ok(Json(Understood { done, facts, person, kind: Some(kind), on: Some(on), text, notes, needs }))
}

/// Finds whom a sentence is about: it names a person as a whole, or with a run of its words.
async fn read(context: &Context, sentence: &str, today: Date) -> Result<(Named, Told), ApiError> {
    let runs = told::runs(sentence);
    let whole = sentence.to_owned();
    let found = context.read(move |keeper, _| {
        if !matches!(view::meant(keeper, &whole)?, Meant::Nobody) {
            return Ok(Found::Whole);
        }
        for run in runs {
            if !matches!(view::meant(keeper, &run.text)?, Meant::Nobody) {
                return Ok(Found::Run(run));
            }
        }
        Ok(Found::Nobody)
    });
    match found.await? {
        Found::Run(run) => Ok((meant(context, run.text.clone()).await?, told::told(sentence, &run, today))),
        Found::Whole => {
            let nothing = Told { kind: None, on: None, text: None, notes: Vec::new(), needs: Vec::new() };
            Ok((meant(context, sentence.to_owned()).await?, nothing))
        }
        Found::Nobody => Err(ApiError::missing(
            format!("find a person in {sentence:?}"),
            "say with whom: kith log \"coffee with Ana yesterday\", or kith log PERSON TEXT; add who is new: kith add NAME",
        )),
    }
}

/// What of a sentence names somebody, or several.
enum Found {
    Whole,
    Run(Run),
    Nobody,
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
