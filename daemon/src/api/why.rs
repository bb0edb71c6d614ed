//! Why records are one person, where what is shown of them comes from, and why a reminder comes or not.

use axum::Json;
use axum::extract::{Path, Query, State};
use kith_core::provenance::Field;
use kith_proto::api::{ReminderWhy, Why};
use serde::Deserialize;

use crate::api::people::meant;
use crate::api::planning::item;
use crate::api::{ApiError, Context};
use crate::remind::explain;
use crate::{clock, view};

/// Which field is asked about.
#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    field: Option<String>,
}

pub(super) async fn why(
    State(context): State<Context>,
    Path(text): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Why>, ApiError> {
    let field = wanted.field.as_deref().map(parse).transpose()?;
    let named = meant(&context, text).await?;
    let why = context.read(move |keeper, _| Ok(view::why::why(keeper, &named.person, field)?));
    Ok(Json(why.await?))
}

pub(super) async fn reminder(
    State(context): State<Context>,
    Path(text): Path<String>,
) -> Result<Json<ReminderWhy>, ApiError> {
    let person = meant(&context, text).await?.person;
    let why = context.read(move |keeper, config| {
        let explained = explain::of(keeper, config, &person, clock::now())?;
        let next = explained.next.map(|coming| item(keeper, &coming)).transpose()?;
        Ok(ReminderWhy { person: view::summary(keeper, &person)?, why: explained.why, next })
    });
    Ok(Json(why.await?))
}

fn parse(text: &str) -> Result<Field, ApiError> {
    let known: Vec<&str> = Field::ALL.into_iter().map(Field::as_str).collect();
    let missing = || {
        let error = format!("tell of the field {text:?}: there is none of that name");
        ApiError::bad(error, format!("the fields are {}", known.join(", ")))
    };
    Field::parse(text).ok_or_else(missing)
}
