//! What is told in one sentence: who, when and what is read out of it, kept, and said back.

mod whom;

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use jiff::civil::Date;
use kith_core::fact::{Care, Said};
use kith_core::id::RecordId;
use kith_core::told::{self, Favour, Saying, Told};
use kith_proto::api::{
    FavourItem, FavourKind, LogRequest, NoteItem, PersonSummary, SentenceRequest, Understood, WishItem, WishKind,
};
use kith_proto::interaction::InteractionKind;

use self::whom::Found;
use crate::api::giving::{Standing, check_due, standing};
use crate::api::people::{CANDIDATES, Named, called, day_of, meant, noon_or_now};
use crate::api::{ApiError, Context};
use crate::clock;
use crate::view;

/// What is kept of a sentence, and how it is said back.
struct Part {
    kept: Kept,
    back: Back,
}

/// What is to be kept.
enum Kept {
    Said(Said),
    /// It stands already.
    Stands(Standing),
}

/// What is said back of a part; of whom by the place.
enum Back {
    Contact,
    Note(String),
    Wish { kind: WishKind, of: usize, wish: Saying },
    Favour { kind: FavourKind, of: usize, other: Option<usize>, with: Option<String> },
}

/// When they were in touch, and how.
#[derive(Clone, Copy)]
pub(super) struct Contact {
    pub(super) kind: InteractionKind,
    on: Date,
    pub(super) at: Timestamp,
}

pub(super) async fn tell(
    State(context): State<Context>,
    Json(request): Json<SentenceRequest>,
) -> Result<Json<Understood>, ApiError> {
    let today = day_of(&context, clock::now());
    check_days(&request.text)?;
    let Found { people, others, only_who } = whom::find(&context, &request, today).await?;
    let (mut people, runs): (Vec<Named>, Vec<_>) = people.into_iter().unzip();
    let told =
        if only_who { Told { in_touch: true, ..Told::default() } } else { told::told(&request.text, &runs, today) };
    let contact = contact(&context, &request, &told, today)?;
    let was_there = people.len();
    let parts = parts(&context, &told, contact, &mut people, today).await?;
    let said: Vec<Said> = parts.iter().filter_map(|part| part.kept.said()).cloned().collect();
    let facts = if said.is_empty() { Vec::new() } else { context.keeper.say(said).await? };
    let records: Vec<RecordId> = people.iter().map(|named| named.record).collect();
    let summaries = summaries(&context, records).await?;
    let others = context.read(move |keeper, _| {
        let others = others.iter().take(CANDIDATES).map(|other| view::summary(keeper, other));
        Ok(others.collect::<Result<Vec<_>, _>>()?)
    });
    let mut understood = Understood {
        done: contact.map_or_else(|| kept(&told), |contact| in_words(contact, today, told.text.as_deref())),
        facts: facts.iter().map(ToString::to_string).collect(),
        person: summaries.first().cloned().unwrap_or_default(),
        people: summaries.iter().take(was_there).cloned().collect(),
        kind: contact.map(|contact| contact.kind),
        on: contact.map(|contact| contact.on),
        text: told.text,
        others: others.await?,
        ..Understood::default()
    };
    let mut new = facts.into_iter();
    for Part { kept, back } in parts {
        let stands = match kept {
            Kept::Stands(stands) => Some(stands),
            Kept::Said(said) => new.next().map(|fact| Standing { fact, proposed: is_proposed(&said) }),
        };
        if let Some(stands) = stands {
            say_back(&mut understood, stands, back, &summaries);
        }
    }
    Ok(Json(understood))
}

impl Kept {
    const fn said(&self) -> Option<&Said> {
        match self {
            Self::Said(said) => Some(said),
            Self::Stands(_) => None,
        }
    }
}

const fn is_proposed(said: &Said) -> bool {
    matches!(said, Said::Care(Care::Need { proposed: true, .. }))
}

/// Refuses a day that no month has.
fn check_days(text: &str) -> Result<(), ApiError> {
    let Some(day) = told::impossible(text) else { return Ok(()) };
    let hint = "name a day that there is, as 28 February or 2027-02-28; nothing was kept";
    Err(ApiError::bad(format!("read {day:?} as a day: no month has it"), hint))
}

/// Returns when they were in touch, where the sentence tells of it, or the request.
fn contact(
    context: &Context,
    request: &SentenceRequest,
    told: &Told,
    today: Date,
) -> Result<Option<Contact>, ApiError> {
    if !told.in_touch && request.kind.is_none() && request.on.is_none() {
        return Ok(None);
    }
    in_touch(context, (request.kind.or(told.kind), request.on.or(told.on)), today).map(Some)
}

/// Returns when they were in touch, and what is kept of it, where it is said whom it is about: a kind and a day that the
/// text begins with count as in a sentence ("coffee yesterday").
pub(super) fn contact_told(context: &Context, log: LogRequest) -> Result<(Contact, Option<String>), ApiError> {
    let today = day_of(context, clock::now());
    let text = log.text.as_deref().unwrap_or_default();
    let (kind, on) = told::opening(text, today);
    Ok((in_touch(context, (log.kind.or(kind), log.on.or(on)), today)?, log.text))
}

fn in_touch(
    context: &Context,
    (kind, on): (Option<InteractionKind>, Option<Date>),
    today: Date,
) -> Result<Contact, ApiError> {
    let kind = kind.unwrap_or(InteractionKind::Meeting);
    let at = match on {
        Some(day) => noon_or_now(day, &context.config.borrow().zone())?,
        None => clock::now(),
    };
    Ok(Contact { kind, on: on.unwrap_or(today), at })
}

/// Returns all that is to be kept; who is promised something and is not among these yet is added to them.
async fn parts(
    context: &Context,
    told: &Told,
    contact: Option<Contact>,
    people: &mut Vec<Named>,
    today: Date,
) -> Result<Vec<Part>, ApiError> {
    let records: Vec<RecordId> = people.iter().map(|named| named.record).collect();
    let everyone: Vec<usize> = (0..records.len()).collect();
    let mut parts = Vec::new();
    if let Some(Contact { kind, at, .. }) = contact {
        let said = Said::Log { records: records.clone(), kind, at, text: told.text.clone(), occurrence: None };
        parts.push(Part { kept: Kept::Said(said), back: Back::Contact });
    }
    for note in &told.notes {
        let of = if note.of.is_empty() { &everyone } else { &note.of };
        let noted = |record: &RecordId| Part {
            kept: Kept::Said(Said::Note { record: *record, text: note.text.clone() }),
            back: Back::Note(note.text.clone()),
        };
        parts.extend(of.iter().filter_map(|of| records.get(*of)).map(noted));
    }
    for (kind, wishes) in
        [(WishKind::Need, &told.needs), (WishKind::Offer, &told.offers), (WishKind::Promise, &told.promises)]
    {
        for wish in wishes {
            let mut of = Vec::new();
            for run in &wish.whom {
                of.push(place_of(called(context, run.text.clone()).await?, people));
            }
            if wish.whom.is_empty() {
                of.clone_from(if wish.of.is_empty() { &everyone } else { &wish.of });
            }
            if kind == WishKind::Promise {
                check_promise(wish, today)?;
            }
            parts.extend(
                of.into_iter().filter_map(|of| Some(wished(context, kind, wish, (of, people.get(of)?.record)))),
            );
        }
    }
    let record = |of: usize| records.get(of).copied();
    parts.extend(told.favours.iter().flat_map(favours).filter_map(|back| done_for(back, record)));
    Ok(parts)
}

/// Returns what one did for the other, of each person by themselves.
fn favours(favour: &Favour) -> Vec<Back> {
    let help = |kind: FavourKind, of: &[usize], with: &Option<String>| {
        of.iter().map(|of| Back::Favour { kind, of: *of, other: None, with: with.clone() }).collect()
    };
    match favour {
        Favour::HelpedMe { by, with } => help(FavourKind::HelpedMe, by, with),
        Favour::HelpedThem { whom, with } => help(FavourKind::HelpedThem, whom, with),
        Favour::IntroducedMe { by, to } => {
            let pairs = by.iter().flat_map(|by| to.iter().map(|to| (*by, *to)));
            let kind = FavourKind::IntroducedMe;
            pairs.map(|(of, to)| Back::Favour { kind, of, other: Some(to), with: None }).collect()
        }
    }
}

fn done_for(back: Back, record: impl Fn(usize) -> Option<RecordId>) -> Option<Part> {
    let Back::Favour { kind, of, other, with } = &back else { return None };
    let (text, person) = (with.clone(), record(*of)?);
    let said = match kind {
        FavourKind::HelpedMe => Care::Helped { record: person, text, received: true },
        FavourKind::HelpedThem => Care::Helped { record: person, text, received: false },
        FavourKind::IntroducedMe => Care::MetThrough { record: record((*other)?)?, through: person },
    };
    Some(Part { kept: Kept::Said(said.into()), back })
}

/// The place of somebody among these, to whom they are added if they are not there.
fn place_of(named: Named, people: &mut Vec<Named>) -> usize {
    let known = people.iter().position(|known| known.person.id == named.person.id);
    known.unwrap_or_else(|| {
        people.push(named);
        people.len() - 1
    })
}

fn check_promise(promise: &Saying, today: Date) -> Result<(), ApiError> {
    if promise.text.is_empty() {
        return Err(ApiError::bad(
            "keep a promise that does not say what was promised",
            "say what, and by when if you like: kith log \"promised Ana to send the slides by Friday\"",
        ));
    }
    check_due(promise.due, today)
}

fn wished(context: &Context, kind: WishKind, wish: &Saying, (of, record): (usize, RecordId)) -> Part {
    let text = wish.text.clone();
    let said = match kind {
        WishKind::Need => Care::Need { record: Some(record), text, proposed: true },
        WishKind::Offer => Care::Offer { record: Some(record), text },
        WishKind::Promise => Care::Promise { record, text, due: wish.due, of: None },
    };
    let kept = standing(context, &said).map_or_else(|| Kept::Said(said.into()), Kept::Stands);
    Part { kept, back: Back::Wish { kind, of, wish: wish.clone() } }
}

/// Returns these people as they are now.
async fn summaries(context: &Context, records: Vec<RecordId>) -> Result<Vec<PersonSummary>, ApiError> {
    let mut people = Vec::new();
    for record in records {
        people.push(meant(context, record.to_string()).await?.person);
    }
    context.read(move |keeper, _| people.iter().map(|person| Ok(view::summary(keeper, person)?)).collect()).await
}

fn say_back(understood: &mut Understood, Standing { fact, proposed }: Standing, back: Back, people: &[PersonSummary]) {
    let (kind, of, wish) = match back {
        Back::Contact => return,
        Back::Note(text) => {
            understood.notes.push(NoteItem { fact: fact.to_string(), at: clock::now(), text });
            return;
        }
        Back::Favour { kind, of, other, with: text } => {
            let (other, other_name) = other.and_then(|other| people.get(other)).map(named).unzip();
            let (person, name) = people.get(of).map(named).unwrap_or_default();
            let fact = fact.to_string();
            understood.favours.push(FavourItem { fact, kind, person, name, text, other, other_name });
            return;
        }
        Back::Wish { kind, of, wish } => (kind, of, wish),
    };
    let person = people.get(of).cloned().unwrap_or_default();
    let item = WishItem {
        fact: fact.to_string(),
        kind,
        person: Some(person.id),
        name: person.name,
        text: wish.text,
        due: wish.due,
        at: Some(clock::now()),
        proposed,
        own: None,
    };
    match kind {
        WishKind::Need => understood.needs.push(item),
        WishKind::Offer => understood.offers.push(item),
        WishKind::Promise => understood.promises.push(item),
    }
}

fn named(person: &PersonSummary) -> (String, String) {
    (person.id.clone(), person.name.clone())
}

/// What is kept where nothing tells of a meeting: "a promise and a need".
fn kept(told: &Told) -> String {
    let kept = [(&told.promises, "a promise"), (&told.offers, "an offer"), (&told.needs, "a need")];
    let kept: Vec<&str> = kept.iter().filter(|(wishes, _)| !wishes.is_empty()).map(|(_, words)| *words).collect();
    kept.join(" and ")
}

/// "a meeting on Sunday, 22 November 2026: coffee with Ana".
pub(super) fn in_words(Contact { kind, on, .. }: Contact, today: Date, text: Option<&str>) -> String {
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
    let text = text.map(|text| format!(": {text}")).unwrap_or_default();
    format!("{what} {day}{text}")
}
