//! Forgetting a person: what would go, and going through with it.

use std::path::PathBuf;

use axum::Json;
use axum::extract::{Path, State};
use kith_core::book::people::Person;
use kith_core::forget::Forget;
use kith_core::id::RecordId;
use kith_proto::api::{FilesChoice, ForgetReport, ForgetRequest, HoldingFile, PersonSummary};

use crate::api::people::called;
use crate::api::{ApiError, Context, ReadError};
use crate::config::Config;
use crate::intake::held::{self, Imported, PutAway};
use crate::keeper::Keeper;
use crate::keeper::forget::survey::{Holding, Survey};
use crate::keeper::forget::{key, own_folders, traces};
use crate::paths::Paths;
use crate::view;

/// Of a name that more others bear, none of them is named.
const RARE_NAMESAKES: usize = 3;

pub(super) async fn forget(
    State(context): State<Context>,
    Path(text): Path<String>,
    Json(request): Json<ForgetRequest>,
) -> Result<Json<ForgetReport>, ApiError> {
    let person = called(&context, text).await?.person;
    if person.me {
        return Err(ApiError::bad("forget you: that is whose kith this is", "kith export, kith setup --undo"));
    }
    let paths = context.paths.clone();
    let looked = context.read(move |keeper, config| look(keeper, config, &paths, &person));
    let (forget, mut report) = looked.await?;
    report.dry_run = request.dry_run;
    if request.dry_run {
        return Ok(Json(report));
    }
    if request.files == FilesChoice::Delete {
        // First, for once the person is forgotten, nobody knows which files these were.
        report = context.read(move |_, _| Ok(without_files(report))).await?;
    }
    let fact = context.keeper.forget(forget).await?;
    report.fact = Some(fact.to_string());
    Ok(Json(report))
}

/// Returns the fact that forgets a person, and what goes with it.
fn look(keeper: &Keeper, config: &Config, paths: &Paths, person: &Person) -> Result<(Forget, ForgetReport), ReadError> {
    let failed = |error: std::io::Error| ApiError::failed(format!("look where the person is: {error}"));
    let store = keeper.store();
    let (forget, screen, own) = {
        let book = keeper.book();
        let marks = book.marks_of(person, &store)?;
        let forget = Forget::new(key(&book).map_err(failed)?, &marks);
        let screen = book.screen_with(&forget);
        (forget, screen, own_folders(paths, keeper.device(), &book).map_err(failed)?)
    };
    drop(store);
    let survey = Survey::read(&paths.ledger, &screen).map_err(failed)?;
    let (files, in_place) = files(config, &survey).map_err(failed)?;
    let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let report = ForgetReport {
        name: view::name(keeper, person)?,
        cards: count(survey.cards.len()),
        interactions: count(survey.interactions.len()),
        shared_interactions: count(survey.shared.len()),
        words: survey.said,
        photos: count(survey.photos.len()),
        reports: traces::count_reports(paths, &survey).map_err(failed)?,
        files,
        in_place,
        devices: survey.lines.keys().filter(|device| !own.contains(device)).map(ToString::to_string).collect(),
        doubles: doubles(keeper, person)?,
        ..ForgetReport::default()
    };
    Ok((forget, report))
}

/// Returns who may be the same person by an open question, or by the same name, where few bear it.
fn doubles(keeper: &Keeper, person: &Person) -> Result<Vec<PersonSummary>, ReadError> {
    let mut doubles: Vec<Person> = {
        let book = keeper.book();
        let records = person.records();
        let other = |(a, b): (RecordId, RecordId)| match (records.contains(&a), records.contains(&b)) {
            (true, false) => Some(b),
            (false, true) => Some(a),
            (true, true) | (false, false) => None,
        };
        let asked = book.questions().into_iter().filter_map(other).filter_map(|record| book.person(&record));
        let namesakes = book.namesakes_of(person);
        let rare = if namesakes.len() <= RARE_NAMESAKES { namesakes } else { Vec::new() };
        asked.chain(rare).collect()
    };
    doubles.sort_by_key(|double| double.id);
    doubles.dedup_by_key(|double| double.id);
    Ok(doubles.iter().map(|double| view::summary(keeper, double)).collect::<Result<_, _>>()?)
}

/// Returns the files that were put away and hold the person, and what was read in place.
fn files(config: &Config, survey: &Survey) -> std::io::Result<(Vec<HoldingFile>, Vec<String>)> {
    let holding = survey.imports.values().filter(|holding| holding.held > 0 || listed_again(survey, holding));
    let imported: Vec<Imported> = holding
        .map(|holding| Imported {
            path: PathBuf::from(&holding.begin.path),
            content: holding.begin.content.clone(),
            files: holding.files.clone(),
            others: brought(survey, holding).others.clone(),
        })
        .collect();
    let found = held::put_away(&config.imported, &config.problem, &imported)?;
    let in_place = imported.iter().filter(|imported| imported.path.exists()).map(|i| i.path.display().to_string());
    let mut in_place: Vec<String> = in_place.collect();
    in_place.sort();
    in_place.dedup();
    let file = |found: PutAway| HoldingFile {
        path: found.path.display().to_string(),
        others: found.others,
        ..HoldingFile::default()
    };
    Ok((found.into_iter().map(file).collect(), in_place))
}

fn listed_again(survey: &Survey, holding: &Holding) -> bool {
    holding.same_as.is_some() && brought(survey, holding).held > 0
}

/// Returns the import that listed what this one brought: an earlier one, where the same file came again.
fn brought<'a>(survey: &'a Survey, holding: &'a Holding) -> &'a Holding {
    holding.same_as.as_ref().and_then(|earlier| survey.imports.get(earlier)).unwrap_or(holding)
}

fn without_files(mut report: ForgetReport) -> ForgetReport {
    for file in &mut report.files {
        match held::delete(std::path::Path::new(&file.path)) {
            Ok(()) => file.deleted = true,
            Err(error) => file.problem = Some(error.to_string()),
        }
    }
    report
}
