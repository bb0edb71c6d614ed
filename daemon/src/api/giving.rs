//! Needs, offers, promises and introductions.

use std::cmp::Reverse;

use axum::Json;
use axum::extract::{Path, Query, State};
use jiff::civil::Date;
use kith_core::book::introductions::Introduction;
use kith_core::book::proposals::Proposal;
use kith_core::fact::{Care, Stage};
use kith_core::id::{FactId, RecordId};
use kith_core::normalize::fold_text;
use kith_core::portrait::first_name;
use kith_proto::api::{
    Done, GivingReport, IntroductionDraft, IntroductionItem, IntroductionRequest, IntroductionSuggestion, WishItem,
    WishKind, WishRequest,
};
use serde::Deserialize;

use crate::api::people::{Named, called, day_of, done};
use crate::api::planning::answered;
use crate::api::{ApiError, Context};
use crate::clock;
use crate::view::accounts::Accounts;
use crate::view::{self, balance, giving, introductions};

const STAGES: [(&str, Stage); 7] = [
    ("suggested", Stage::Suggested),
    ("asked-a", Stage::AskedA),
    ("asked-b", Stage::AskedB),
    ("made", Stage::Made),
    ("outcome", Stage::Outcome),
    ("thanked", Stage::Thanked),
    ("declined", Stage::Declined),
];

pub(super) async fn wishes(State(context): State<Context>) -> Result<Json<Vec<WishItem>>, ApiError> {
    Ok(Json(context.read(move |keeper, config| Ok(giving::wishes(keeper, config, clock::now())?)).await?))
}

pub(super) async fn report(State(context): State<Context>) -> Result<Json<GivingReport>, ApiError> {
    Ok(Json(context.read(move |keeper, _| Ok(balance::report(keeper)?)).await?))
}

pub(super) async fn wish(
    State(context): State<Context>,
    Json(request): Json<WishRequest>,
) -> Result<Json<Done>, ApiError> {
    let text = request.text.trim().to_owned();
    if text.is_empty() {
        return Err(ApiError::bad("keep an empty word", "say what it is: kith need ana \"Rust mentor\""));
    }
    let record = match request.person {
        Some(person) => Some(called(&context, person).await?.record),
        None => None,
    };
    check_due(request.due, day_of(&context, clock::now()))?;
    let you = if record.is_none() { "you " } else { "" };
    let (said, words) = match (request.kind, record) {
        (WishKind::Need, record) => {
            let look = if record.is_none() { "look" } else { "looks" };
            let words = format!("{you}{look} for: {text}");
            (Care::Need { record, text, proposed: false }, words)
        }
        (WishKind::Offer, record) => {
            let words = format!("{you}can help with: {text}");
            (Care::Offer { record, text }, words)
        }
        (WishKind::Promise, Some(record)) => {
            let by = request.due.map(|due| format!(" by {}", due.strftime("%A, %-d %B %Y"))).unwrap_or_default();
            let words = format!("promised{by}: {text}");
            (Care::Promise { record, text, due: request.due, of: None }, words)
        }
        (WishKind::Promise, None) => {
            return Err(ApiError::bad("keep a promise to nobody", "name whom you promised it: kith promise ana …"));
        }
    };
    let (said, words) = match standing(&context, &said) {
        Some(Standing { proposed: false, .. }) => (Vec::new(), format!("{words} (so it stands already)")),
        Some(Standing { fact: of, .. }) => (vec![Care::Confirmed { of }.into()], format!("{words} (confirmed)")),
        None => (vec![said.into()], words),
    };
    let facts = if said.is_empty() { Vec::new() } else { context.keeper.say(said).await? };
    match record {
        Some(record) => done(&context, &record, words, facts).await,
        None => Ok(answered(words, &facts)),
    }
}

/// A need, an offer or a promise that stands.
pub(super) struct Standing {
    /// The fact that said it.
    pub(super) fact: FactId,
    /// It is to be confirmed.
    pub(super) proposed: bool,
}

/// Returns the need, the offer or the promise that stands already and is the same; a confirmed one before one that is only
/// proposed.
pub(super) fn standing(context: &Context, said: &Care) -> Option<Standing> {
    let book = context.keeper.book();
    let giving = book.words().giving();
    let person = |record: &Option<RecordId>| record.map(|record| book.person_id(&record));
    let same = |of: &Option<RecordId>, written: &str, record: &Option<RecordId>, text: &str| {
        person(of) == person(record) && fold_text(written) == fold_text(text)
    };
    let stands = |fact: &FactId, proposed: bool| Standing { fact: fact.clone(), proposed };
    match said {
        Care::Need { record, text, .. } => {
            let needs = giving.needs().filter(|(_, need)| same(&need.record, &need.text, record, text));
            needs.min_by_key(|(_, need)| need.proposed).map(|(id, need)| stands(id, need.proposed))
        }
        Care::Offer { record, text } => {
            let mut offers = giving.offers();
            offers.find(|(_, offer)| same(&offer.record, &offer.text, record, text)).map(|(id, _)| stands(id, false))
        }
        Care::Promise { record, text, due, of: None } => {
            let mut promises = giving.promises().filter(|(_, promise)| promise.due == *due);
            let such = promises.find(|(_, promise)| same(&Some(promise.record), &promise.text, &Some(*record), text));
            such.map(|(id, _)| stands(id, false))
        }
        Care::Promise { of: Some(_), .. }
        | Care::NotPromised { .. }
        | Care::Confirmed { .. }
        | Care::Closed { .. }
        | Care::NotNeeded { .. }
        | Care::Introduction { .. }
        | Care::Helped { .. }
        | Care::MetThrough { .. }
        | Care::Mute { .. }
        | Care::Cadence { .. }
        | Care::Pause { .. }
        | Care::Season { .. }
        | Care::Company { .. }
        | Care::Event { .. } => None,
    }
}

/// Refuses a day by which nothing can be done any more.
pub(super) fn check_due(due: Option<Date>, today: Date) -> Result<(), ApiError> {
    let Some(due) = due.filter(|due| *due < today) else { return Ok(()) };
    let hint = "say a day that comes: friday, \"11 December\"; without a day it is a week";
    Err(ApiError::bad(format!("keep a promise by {}: that day is past", due.strftime("%A, %-d %B %Y")), hint))
}

/// How something is closed.
#[derive(Debug, Deserialize)]
pub(super) struct Closing {
    #[serde(default)]
    dropped: bool,
}

pub(super) async fn close(
    State(context): State<Context>,
    Path(fact): Path<String>,
    Query(Closing { dropped }): Query<Closing>,
) -> Result<Json<Done>, ApiError> {
    if let Some(Proposal { id: of, record, text, .. }) = proposal(&context, &fact).await? {
        let said = Care::NotPromised { record, of }.into();
        let words = format!("{text}: dropped, it will not be proposed again");
        return Ok(answered(words, &context.keeper.say(vec![said]).await?));
    }
    let (of, item) = open_wish(&context, &fact).await?;
    let what = in_words(&item);
    let words = if dropped {
        format!("{what}: dropped, it does not count as kept")
    } else {
        format!("{what}: closed, for it is met, kept, or no longer so")
    };
    Ok(answered(words, &context.keeper.say(vec![Care::Closed { of, dropped }.into()]).await?))
}

pub(super) async fn confirm(State(context): State<Context>, Path(fact): Path<String>) -> Result<Json<Done>, ApiError> {
    if let Some(Proposal { id, record, text, due, .. }) = proposal(&context, &fact).await? {
        let words = format!("promised: {text}");
        let said = Care::Promise { record, text, due, of: Some(id) }.into();
        let facts = context.keeper.say(vec![said]).await?;
        return done(&context, &record, words, facts).await;
    }
    let (of, item) = open_wish(&context, &fact).await?;
    let what = in_words(&item);
    if !item.proposed {
        return Ok(answered(format!("{what}: it stands already, there is nothing to confirm"), &[]));
    }
    Ok(answered(format!("{what}: confirmed"), &context.keeper.say(vec![Care::Confirmed { of }.into()]).await?))
}

pub(super) async fn suggestions(State(context): State<Context>) -> Result<Json<Vec<IntroductionSuggestion>>, ApiError> {
    Ok(Json(context.read(move |keeper, _| Ok(introductions::suggestions(keeper)?)).await?))
}

pub(super) async fn introductions(State(context): State<Context>) -> Result<Json<Vec<IntroductionItem>>, ApiError> {
    let items = context.read(move |keeper, _| {
        let mut all = keeper.book().introductions();
        all.sort_by_key(|known| Reverse(known.at));
        let name = |id| {
            let person = keeper.book().person(&id);
            person.map(|person| view::name(keeper, &person)).transpose().map(Option::unwrap_or_default)
        };
        all.into_iter()
            .map(|Introduction { a, b, stage, at, text, .. }| {
                Ok(IntroductionItem {
                    a: a.to_string(),
                    b: b.to_string(),
                    a_name: name(a)?,
                    b_name: name(b)?,
                    stage: word(stage).to_owned(),
                    at: Some(at),
                    text,
                })
            })
            .collect()
    });
    Ok(Json(items.await?))
}

pub(super) async fn introduce(
    State(context): State<Context>,
    Json(request): Json<IntroductionRequest>,
) -> Result<Json<Done>, ApiError> {
    let stage = STAGES.iter().find(|(word, _)| *word == request.stage).map(|(_, stage)| *stage);
    let stage = stage.ok_or_else(|| {
        let known: Vec<&str> = STAGES.iter().map(|(word, _)| *word).collect();
        ApiError::bad(
            format!("take an introduction to {:?}", request.stage),
            format!("the steps are {}", known.join(", ")),
        )
    })?;
    let (a, b) = (called(&context, request.a).await?, called(&context, request.b).await?);
    if a.person.id == b.person.id {
        return Err(ApiError::bad("introduce somebody to themselves", "name two people"));
    }
    let said = Care::Introduction { a: a.record, b: b.record, stage, text: request.text }.into();
    let other = context.read(move |keeper, _| Ok(view::name(keeper, &b.person)?)).await?;
    let facts = context.keeper.say(vec![said]).await?;
    done(&context, &a.record, format!("introduction to {other}: {}", word(stage)), facts).await
}

/// Who is to be introduced.
#[derive(Debug, Deserialize)]
pub(super) struct Pair {
    a: String,
    b: String,
}

pub(super) async fn draft(
    State(context): State<Context>,
    Query(pair): Query<Pair>,
) -> Result<Json<IntroductionDraft>, ApiError> {
    let (a, b) = (called(&context, pair.a).await?, called(&context, pair.b).await?);
    if a.person.id == b.person.id {
        return Err(ApiError::bad("introduce somebody to themselves", "name two people"));
    }
    let draft = context.read(move |keeper, _| {
        let acquainted = introductions::acquainted(&keeper.book(), a.person.id, b.person.id);
        let sides = [side(keeper, &a)?, side(keeper, &b)?];
        let (subject, to, text) = kith_core::give::draft(&sides, acquainted);
        let unreached = sides.into_iter().filter(|side| side.email.is_none()).map(|side| side.name).collect();
        Ok(IntroductionDraft { subject, to, unreached, text })
    });
    draft.await.map(Json)
}

fn side(keeper: &crate::keeper::Keeper, named: &Named) -> Result<kith_core::give::Side, super::ReadError> {
    let accounts = Accounts::of(keeper, &named.person)?;
    let shown = view::shown(keeper, &named.person)?;
    let book = keeper.book();
    let (giving, records) = (book.words().giving(), named.person.records());
    Ok(kith_core::give::Side {
        first_name: first_name(&accounts.all, &shown.name),
        name: shown.name,
        headline: shown.headline,
        email: shown.emails.into_iter().next(),
        needs: giving.needs_of(&records),
        offers: giving.offers_of(&records),
    })
}

/// Returns the promise read out of a mail that is proposed under this id.
async fn proposal(context: &Context, id: &str) -> Result<Option<Proposal>, ApiError> {
    let wanted = id.to_owned();
    let found = context.read(move |keeper, config| {
        let all = giving::proposals(keeper, config, clock::now());
        Ok(all.into_iter().find(|proposal| giving::proposal_name(proposal) == wanted))
    });
    found.await
}

/// What it is, and whose: "Ana Silva looks for: a flat".
fn in_words(item: &WishItem) -> String {
    let WishItem { name, text, person, .. } = item;
    match (item.kind, person) {
        (WishKind::Need, Some(_)) => format!("{name} looks for: {text}"),
        (WishKind::Need, None) => format!("you look for: {text}"),
        (WishKind::Offer, _) => format!("{name} can help with: {text}"),
        (WishKind::Promise, _) => format!("you promised {name}: {text}"),
    }
}

/// Returns an open need, offer or promise.
async fn open_wish(context: &Context, fact: &str) -> Result<(FactId, WishItem), ApiError> {
    let wanted = fact.to_owned();
    let found = context.read(move |keeper, config| Ok(giving::wishes(keeper, config, clock::now())?)).await?;
    let found = found.into_iter().find(|item| item.fact == wanted);
    let missing = || {
        ApiError::missing(
            format!("find an open need, offer or promise with the id {fact:?}"),
            "list them: kith need, kith offer, kith promise",
        )
    };
    found.and_then(|item| Some((item.fact.parse().ok()?, item))).ok_or_else(missing)
}

fn word(stage: Stage) -> &'static str {
    STAGES.iter().find(|(_, known)| *known == stage).map_or("", |(word, _)| word)
}
