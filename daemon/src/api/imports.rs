//! Imports with their progress, undo, and the export: streams of one object a line.

use std::convert::Infallible;
use std::io;
use std::path::PathBuf;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use futures_util::stream::poll_fn;
use kith_core::fact::Said;
use kith_core::id::FactId;
use kith_proto::api::{ImportEvent, ImportProgress, ImportReport, ImportRequest, ImportSummary, Undone};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use crate::api::{ApiError, Context, maps};
use crate::clock;
use crate::intake::{Outcome, Phase, Progress, Told, Wish, next_step};
use crate::keeper::{Keeper, Mode, Report, reports};
use crate::store::StoreError;
use crate::view::{export, undone, words};

/// How many lines of a stream wait for a slow reader.
const LINES_WAITING: usize = 64;

/// About how many bytes of the export are sent at once.
const PIECE_BYTES: usize = 64 * 1024;

pub(super) async fn import(
    State(context): State<Context>,
    Json(request): Json<ImportRequest>,
) -> Result<Response, ApiError> {
    let paths: Vec<PathBuf> = request.paths.iter().map(PathBuf::from).collect();
    if paths.is_empty() || paths.iter().any(|path| !path.is_absolute()) {
        return Err(ApiError::bad("import a file without its whole path", "give absolute paths"));
    }
    let mode = if request.dry_run { Mode::Dry } else { Mode::Real };
    let map = request.map.map(|text| maps::read(&text, "")).transpose()?;
    let mode = if request.propose { Mode::Dry } else { mode };
    let mut told = context.intake.import(paths, mode, Wish { propose: request.propose, map });
    let (lines, stream) = mpsc::channel(LINES_WAITING);
    tokio::spawn(async move {
        while let Some(told) = told.recv().await {
            let events = match told {
                Told::Progress(progress) => vec![ImportEvent::Progress(progress_of(&progress))],
                Told::Ended(outcome) => {
                    reports_of(outcome).into_iter().map(|r| ImportEvent::Report(Box::new(r))).collect()
                }
            };
            for event in events {
                if lines.send(line(&event)).await.is_err() {
                    return;
                }
            }
        }
    });
    Ok(ndjson(stream))
}

pub(super) async fn list(State(context): State<Context>) -> Json<Vec<ImportSummary>> {
    let book = context.keeper.book();
    let summary = |(row, undone): (&kith_core::book::imports::ImportRow, bool)| ImportSummary {
        import: row.id.to_string(),
        at: Some(row.at.timestamp()),
        path: row.begin.path.clone(),
        plugin: row.begin.plugin.clone(),
        records: row.count,
        same_as: row.same_as.as_ref().map(ToString::to_string),
        undone,
        report: reports::is_kept(&context.paths.reports, &row.id),
    };
    let mut imports: Vec<ImportSummary> = book.imports().iter().map(summary).collect();
    imports.sort_by_key(|import| core::cmp::Reverse(import.at));
    Json(imports)
}

pub(super) async fn report(
    State(context): State<Context>,
    Path(id): Path<String>,
) -> Result<Json<ImportReport>, ApiError> {
    let missing = || ApiError::missing(format!("find the report of {id:?}"), "imports are listed by: kith undo --list");
    let import: FactId = id.parse().map_err(|_| missing())?;
    let report = reports::read(&context.paths.reports, &import).ok_or_else(missing)?;
    Ok(Json(report_of(report)))
}

pub(super) async fn undo(State(context): State<Context>, Path(id): Path<String>) -> Result<Json<Undone>, ApiError> {
    let wrong = |_| ApiError::bad(format!("undo {id:?}: not an id"), "ids are listed by: kith undo --list, kith words");
    let target: FactId = id.parse().map_err(wrong)?;
    if is_forget(&context.keeper, &target) {
        let hint = "what is forgotten is kept nowhere; a new address of theirs makes a new person";
        return Err(ApiError::bad(format!("undo {id}: it forgot a person, and that cannot be undone"), hint));
    }
    if let Some(by) = undone_by(&context.keeper, &target) {
        let hint = format!("have it again with: kith undo {by}");
        return Err(ApiError::bad(format!("undo {id}: it does not count already"), hint));
    }
    let again = taken_back_by(&context.keeper, &target);
    let (import, facts) = (target.clone(), if again.is_empty() { vec![target.clone()] } else { again.clone() });
    let before = context.read(move |keeper, config| {
        Ok((undone::named(keeper, &import)?, words::what(keeper, &facts, &config.zone())?))
    });
    let (named, what) = before.await?;
    let facts = context.keeper.say(vec![Said::Undo { of: vec![target] }]).await?;
    let parted = context.read(move |keeper, _| Ok(undone::parted(keeper, &named)?)).await?;
    Ok(Json(Undone {
        again: again.iter().map(ToString::to_string).collect(),
        undone: id,
        what,
        fact: facts.first().map(ToString::to_string).unwrap_or_default(),
        people_gone: parted.gone,
        people_stay: parted.stay,
        listed_by: parted.listed_by,
    }))
}

fn is_forget(keeper: &Keeper, target: &FactId) -> bool {
    keeper.book().words().iter().any(|(id, _, said)| id == target && matches!(said, Said::Forget(_)))
}

/// Returns what this fact had taken back, if it is an undo.
fn taken_back_by(keeper: &Keeper, target: &FactId) -> Vec<FactId> {
    match keeper.book().words().get(target) {
        Some((_, Said::Undo { of })) => of.clone(),
        Some(_) | None => Vec::new(),
    }
}

/// Returns the undo that counts for this fact, if there is one.
fn undone_by(keeper: &Keeper, target: &FactId) -> Option<FactId> {
    let book = keeper.book();
    let words = book.words();
    let counts = |id: &&FactId| !words.undone().contains(*id);
    let undoes = |said: &Said| matches!(said, Said::Undo { of } if of.contains(target));
    let mut undos = words.iter().filter(|(.., said)| undoes(said)).map(|(id, ..)| id).filter(counts);
    undos.next().filter(|_| words.undone().contains(target)).cloned()
}

/// What to export.
#[derive(Debug, Deserialize)]
pub(super) struct What {
    #[serde(default)]
    interactions: bool,
    #[serde(default)]
    format: Format,
}

/// How it is written.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Format {
    /// One object a line.
    #[default]
    Jsonl,
    /// vCard 4.0.
    Vcard,
}

pub(super) async fn export(State(context): State<Context>, Query(what): Query<What>) -> Response {
    let (pieces, mut stream) = mpsc::channel(LINES_WAITING);
    let keeper = context.keeper;
    tokio::task::spawn_blocking(move || {
        let written = match what.format {
            Format::Jsonl => write_export(&keeper, what.interactions, &pieces),
            Format::Vcard => write_vcards(&keeper, &pieces),
        };
        if let Err(error) = written {
            tracing::warn!(%error, "export ended early");
            // The stream breaks off, so that nobody takes a part for the whole. A reader that is gone needs no telling.
            drop(pieces.blocking_send(Err(io::Error::other(error))));
        }
    });
    let body = Body::from_stream(poll_fn(move |cx| stream.poll_recv(cx)));
    let content_type = match what.format {
        Format::Jsonl => "application/x-ndjson",
        Format::Vcard => "text/vcard; charset=utf-8",
    };
    ([(CONTENT_TYPE, content_type)], body).into_response()
}

/// Sends pieces of the export; a failure at the end.
type Pieces = mpsc::Sender<io::Result<Bytes>>;

fn write_vcards(keeper: &Keeper, pieces: &Pieces) -> Result<(), StoreError> {
    let mut piece = Vec::with_capacity(PIECE_BYTES);
    for id in export::people(keeper) {
        piece.extend_from_slice(export::vcard(keeper, &id)?.unwrap_or_default().as_bytes());
        if !send_when_full(&mut piece, pieces) {
            return Ok(());
        }
    }
    // A reader that is gone wants no more.
    drop(pieces.blocking_send(Ok(piece.into())));
    Ok(())
}

fn write_export(keeper: &Keeper, interactions: bool, pieces: &Pieces) -> Result<(), StoreError> {
    let mut piece = Vec::with_capacity(PIECE_BYTES);
    let people = export::people(keeper);
    for id in &people {
        let person = export::person(keeper, id)?;
        if !push(&mut piece, person.as_ref(), pieces) {
            return Ok(());
        }
    }
    for id in people.iter().filter(|_| interactions) {
        for connection in export::connections(keeper, id)? {
            if !push(&mut piece, Some(&connection), pieces) {
                return Ok(());
            }
        }
    }
    let rows = if interactions { export::interactions(keeper) } else { Vec::new() };
    for row in rows {
        let interaction = export::interaction(keeper, row)?;
        if !push(&mut piece, interaction.as_ref(), pieces) {
            return Ok(());
        }
    }
    // A reader that is gone wants no more.
    drop(pieces.blocking_send(Ok(piece.into())));
    Ok(())
}

/// Adds a line; returns whether the reader is still there.
fn push<T: Serialize>(piece: &mut Vec<u8>, value: Option<&T>, pieces: &Pieces) -> bool {
    if let Some(value) = value {
        piece.extend_from_slice(&line(value));
    }
    send_when_full(piece, pieces)
}

/// Sends a piece that is large enough; returns whether the reader is still there.
fn send_when_full(piece: &mut Vec<u8>, pieces: &Pieces) -> bool {
    piece.len() < PIECE_BYTES || pieces.blocking_send(Ok(core::mem::take(piece).into())).is_ok()
}

fn ndjson(mut stream: mpsc::Receiver<Bytes>) -> Response {
    let pieces = poll_fn(move |cx| stream.poll_recv(cx).map(|piece| piece.map(Ok::<_, Infallible>)));
    ([(CONTENT_TYPE, "application/x-ndjson")], Body::from_stream(pieces)).into_response()
}

fn line<T: Serialize>(value: &T) -> Bytes {
    let mut line = serde_json::to_vec(value).unwrap_or_default();
    line.push(b'\n');
    line.into()
}

pub(super) fn progress_of(progress: &Progress) -> ImportProgress {
    let phase = match progress.phase {
        Phase::Reading => "read",
        Phase::Importing => "import",
        Phase::Committing => "commit",
    };
    let pace = progress.pace(clock::awake());
    ImportProgress {
        file: progress.path.display().to_string(),
        bytes: progress.bytes,
        bytes_total: progress.bytes_total,
        records: progress.records,
        phase: phase.to_owned(),
        bytes_per_second: pace.map(|pace| pace.bytes_per_second),
        seconds_left: pace.map(|pace| pace.seconds_left),
    }
}

fn reports_of(outcome: Outcome) -> Vec<ImportReport> {
    let file = outcome.path.display().to_string();
    let mut reports: Vec<ImportReport> = outcome.reports.into_iter().map(report_of).collect();
    for (name, reason) in outcome.refused {
        let file = if name.is_empty() { file.clone() } else { format!("{file}/{name}") };
        let hint = Some(next_step(&reason).to_owned());
        reports.push(ImportReport { file, problem: Some(reason), hint, ..ImportReport::default() });
    }
    reports
}

fn report_of(report: Report) -> ImportReport {
    ImportReport {
        file: report.path,
        plugin: Some(report.plugin),
        import: report.import.map(|id| id.to_string()),
        read: report.read,
        new: report.new,
        changed: report.changed,
        same: report.same,
        retired: report.retired,
        refused: report.refused,
        joined: report.joined,
        asked: report.asked,
        moved: report.moved,
        changes: report.changes,
        changes_left_out: report.changes_left_out,
        diagnostics: report.diagnostics,
        diagnostics_left_out: report.diagnostics_left_out,
        collections: report.collections,
        tallies: report.tallies,
        problem: None,
        hint: None,
    }
}
